#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agents/behaviour.hpp"
#include "agents/names.hpp"
#include "core/calendar.hpp"
#include "core/config.hpp"
#include "core/keys.hpp"
#include "market/mechanism.hpp"
#include "policies/policy.hpp"
#include "simulation/base_data.hpp"
#include "simulation/base_state.hpp"
#include "simulation/contract_keys.hpp"
#include "simulation/deal_keys.hpp"
#include "simulation/outlook_keys.hpp"

namespace ytterby {

/// What a scenario may change about one good; empty keeps the data's value.
struct GoodOverride {
    std::optional<double> demand_elasticity;
    std::optional<double> first_choke_multiple;
    std::optional<double> choke_multiple;
    std::optional<double> trade_elasticity;
};

/// What a scenario may change about one process.
struct ProcessOverride {
    std::optional<double> supply_elasticity;
    std::optional<double> minimum_run_rate;
    std::optional<double> utilisation_share;
};

/// [run]: when, how long, which noise.
struct RunKeys {
    Date start{2024, 1, 1};
    std::int64_t ticks = 24;
    TickLength tick = TickLength::month;
    std::uint32_t seed = 1;
    std::uint32_t replicate = 0;
    unsigned threads = 1;
    bool check_laws = false;
};

/// [records]: what a run leaves behind.
struct RecordKeys {
    bool csv = false;
    std::vector<std::string> tables;  // empty = all
    std::int64_t every_ticks = 1;
};

/// A scenario file and all it includes, read and checked: everything a run depends on.
struct Scenario {
    std::string title;
    std::string purpose;
    int base_year = 2024;
    RunKeys run;
    std::uint64_t firms = 1000;
    std::shared_ptr<Mechanism> mechanism;  // as [market] chose and set it; its work space is all that changes
    Behaviour behaviour;
    ContractKeys contracts;
    DealKeys deals;
    OutlookKeys outlook;
    std::vector<ShockKeys> shocks;
    std::vector<Outlook::Shock> resolved_shocks;
    RecordKeys records;
    std::string data_folder;
    std::map<std::string, GoodOverride> goods;
    std::map<std::string, ProcessOverride> processes;
    Policies policies;

    BaseData data;
    std::shared_ptr<const BaseState> balanced;  // the data as balanced before; empty where that is still to be done
    Names names;
    Calendar calendar;
    KeyRecord record;                // every key with its effective value and origin
    std::vector<std::string> files;  // configuration files read
};

/// Reads a scenario with `--set` overrides; every problem of the configuration and its data that
/// concerns meaning is found in one pass and thrown as one InputError.
Scenario load_scenario(const std::string& path, const std::vector<std::string>& overrides);

/// Scenarios of one file that differ in a few keys: the file, its tables and their balance are read once and shared.
class ScenarioFamily {
public:
    /// Reads the file with overrides that hold for all; unreadable files throw InputError.
    ScenarioFamily(std::string path, std::vector<std::string> overrides);

    /// One scenario, as `load_scenario` gives it, with further overrides; `where` of its problems counts these from 1.
    Scenario member(const std::vector<std::string>& overrides) const;
    /// The same without its tables: what it means to say so, checked; for many it costs little.
    Scenario outline(const std::vector<std::string>& overrides, Problems& problems) const;

    const std::string& path() const { return path_; }
    const ConfigDocument& document() const { return document_; }

private:
    struct Groundwork;
    std::shared_ptr<const Groundwork> groundwork(const std::string& folder, int base_year, bool to_run,
                                                 Problems& problems) const;
    Scenario read(const std::vector<std::string>& overrides, bool with_data, Problems& problems) const;

    std::string path_;
    Problems common_problems_;
    ConfigDocument document_;
    mutable std::map<std::pair<std::string, int>, std::shared_ptr<Groundwork>> shelf_;
};

/// Every key a scenario may have, without any document (for `ytterby describe`).
KeyRecord describe_scenario();

}  // namespace ytterby

#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agents/world/behaviour.hpp"
#include "agents/world/names.hpp"
#include "core/calendar.hpp"
#include "core/config/config.hpp"
#include "core/config/keys.hpp"
#include "market/mechanism.hpp"
#include "policies/policy.hpp"
#include "simulation/scenario/base_data.hpp"
#include "simulation/scenario/contract_keys.hpp"
#include "simulation/scenario/deal_keys.hpp"
#include "simulation/scenario/outlook_keys.hpp"

namespace ytterby {

struct BaseState;

/// A scenario's values for one good; empty keeps the data's value.
struct GoodOverride {
    std::optional<double> demand_elasticity;
    std::optional<double> first_choke_multiple;
    std::optional<double> choke_multiple;
    std::optional<double> trade_elasticity;
    std::optional<double> medium_run_elasticity;
    std::optional<double> overhang_months;
};

/// A scenario's values for one process; empty keeps the data's value.
struct ProcessOverride {
    std::optional<double> supply_elasticity;
    std::optional<double> minimum_run_rate;
    std::optional<double> utilisation_share;
};

/// [run]: start, length, seed and threads.
struct RunKeys {
    Date start{2024, 1, 1};
    std::int64_t ticks = 24;
    TickLength tick = TickLength::month;
    std::uint32_t seed = 1;
    std::uint32_t replicate = 0;
    unsigned threads = 1;
    bool check_laws = false;
};

/// [records]: what a run records.
struct RecordKeys {
    bool csv = false;
    std::vector<std::string> tables;  // empty = all
    std::int64_t every_ticks = 1;
};

/// A scenario file with the files it includes, read and checked: everything that a run depends on.
struct Scenario {
    std::string title;
    std::string purpose;
    int base_year = 2024;
    RunKeys run;
    std::uint64_t firms = 1000;
    std::shared_ptr<Mechanism> mechanism;  // as [market] chooses and sets it; only its work space changes
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
    std::shared_ptr<const BaseState> balanced;  // the balanced data where they are shared, else null
    Names names;
    Calendar calendar;
    KeyRecord record;                // every key with its effective value and origin
    std::vector<std::string> files;  // configuration files read
};

/// Reads a scenario with `--set` overrides. All problems of the configuration and its data, syntax errors aside, are
/// found in one pass and thrown as one InputError.
Scenario load_scenario(const std::string& path, const std::vector<std::string>& overrides);

/// The tables of one base year and the names they define.
struct ScenarioTables {
    BaseData data;
    Names names;
};

/// Returns the tables of a data folder and base year; their errors become problems.
using TablesSource =
    std::function<std::shared_ptr<const ScenarioTables>(const std::string& folder, int base_year, Problems& problems)>;

/// Reads a scenario from a loaded document and checks it against the tables, which it does not keep. `path` is the main
/// file, for messages.
Scenario read_scenario(const ConfigDocument& document, const std::string& path, const TablesSource& tables_of,
                       Problems& problems);

/// The folder of the tables that come with the program; empty where there is none above it.
std::string shipped_data_folder();

/// Every key of a scenario, without a document (for `ytterby describe`).
KeyRecord describe_scenario();

}  // namespace ytterby

#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "agents/world/indicators.hpp"
#include "core/state/state_fields.hpp"
#include "records/recorder/capacity_book.hpp"
#include "records/recorder/plant_events.hpp"
#include "records/store/run_store.hpp"
#include "simulation/observer.hpp"

namespace ytterby {

class StateVisitor;

/// Which tables are written, and how often.
struct RecorderOptions {
    std::vector<std::string> tables;  // empty = all
    std::int64_t every_ticks = 1;
    std::int64_t last_tick = -1;  // always recorded
};

/// What the recorder carries from tick to tick; a checkpoint keeps it.
struct RecorderMemory {
    std::map<std::string, RecordedVerb> verbs;  // in force a tick ago, with the sizes written last
    std::map<std::string, std::vector<double>, std::less<>> treasury;  // balances when last recorded
    PlantEventMemory plants;
    std::vector<CapacityYear> capacity;  // per cell

    void visit_state(StateVisitor& visit);
    static constexpr auto state_fields() {
        using M = RecorderMemory;
        return std::tuple(field("verbs", &M::verbs), field("treasury", &M::treasury), field("plants", &M::plants),
                          field("capacity", &M::capacity));
    }
};

template <>
struct StateFields<RecordedVerb> {
    static constexpr auto list = std::tuple(field("policy", &RecordedVerb::policy), field("verb", &RecordedVerb::verb),
                                            field("subject", &RecordedVerb::subject),
                                            field("size", &RecordedVerb::size), field("unit", &RecordedVerb::unit));
};

template <>
struct StateFields<PlantEventMemory> {
    static constexpr auto list =
        std::tuple(field("insolvent", &PlantEventMemory::insolvent), field("stands", &PlantEventMemory::stands));
};

/// Turns finished ticks into rows. Reads the run, never changes it; memory does not grow with ticks.
class Recorder final : public Observer {
public:
    /// Continues with the memory of another recorder.
    Recorder(RunStore& store, const RecorderOptions& options, RecorderMemory memory = {});
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;
    RecorderMemory& memory() { return memory_; }
    void on_tick(const TickReport& report) override;

private:
    bool wants(TableId table) const { return wanted_[static_cast<std::size_t>(table)]; }
    void learn_names(const Economy& economy);
    void write_prices(const TickReport& report);
    void write_flows(const TickReport& report);
    void add_home_flows(const TickReport& report, std::size_t good, bool contracts);
    void add_lane_flows(const TickReport& report, std::size_t good, bool contracts);
    void write_production(const TickReport& report);
    void write_stocks(const TickReport& report);
    void write_indicators(const TickReport& report);
    void write_verbs(const TickReport& report);
    bool repeats_verbs(const std::vector<RecordedVerb>& verbs, bool every_change) const;
    void write_treasury(const TickReport& report);
    void write_rents(const TickReport& report);
    void write_subsidies(const TickReport& report);
    void write_events(const TickReport& report);
    void write_deals(const TickReport& report);

    RunStore& store_;
    RecorderOptions options_;
    bool wanted_[table_count] = {};
    RecorderMemory memory_;
    CapacityNames names_;
    std::vector<NameCode> countries_, goods_, processes_, holders_;
    NameCode nothing_;              // the empty name
    std::vector<CountryId> world_;  // all countries
    std::vector<std::pair<NameCode, const Indicator*>> world_indicators_;
    std::array<const Indicator*, node_indicator_names.size()> node_indicators_{};
    NameCode price_dispersion_;
    struct Holding {
        double stock = 0.0;
        double target = 0.0;
    };
    std::vector<const RecordedVerb*> repeated_;  // per verb of the last tick: its entry in the memory
    std::vector<FlowRow> flows_;                 // of a good; a member only to reuse its memory
    std::vector<Holding> holdings_;              // per node and holder, t
};

}  // namespace ytterby

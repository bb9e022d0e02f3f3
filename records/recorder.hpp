#pragma once

#include <map>
#include <string>
#include <vector>

#include "records/capacity_book.hpp"
#include "records/store.hpp"
#include "simulation/observer.hpp"

namespace ytterby {

/// Which tables are written, and how often.
struct RecorderOptions {
    std::vector<std::string> tables;    // empty = all
    std::int64_t every_ticks = 1;
    std::int64_t last_tick = -1;        // always recorded
};

/// Turns finished ticks into rows. Reads the run, never changes it; memory does not grow with ticks.
class Recorder final : public Observer {
public:
    Recorder(RunStore& store, const RecorderOptions& options);
    void on_tick(const TickReport& report) override;

private:
    bool wants(TableId table) const { return wanted_[static_cast<std::size_t>(table)]; }
    void learn_names(const Economy& economy);
    void write_prices(const TickReport& report);
    void write_flows(const TickReport& report);
    void write_production(const TickReport& report);
    void write_stocks(const TickReport& report);
    void write_indicators(const TickReport& report);
    void write_verbs(const TickReport& report);
    void write_treasury(const TickReport& report);
    void write_rents(const TickReport& report);
    void write_events(const TickReport& report);
    void write_deals(const TickReport& report);
    void write_event(const TickReport& report, std::size_t cell, const char* kind, const std::string& text);

    RunStore& store_;
    RecorderOptions options_;
    bool wanted_[table_count] = {};
    CapacityBook capacity_;
    CapacityBook::Names names_;
    std::vector<NameCode> countries_, goods_, processes_, holders_;
    NameCode nothing_;                                                            // the empty name
    struct IndicatorCodes {
        NameCode world_price, hhi_mine, hhi_refined, net_import_reliance, stock_months, consumption_t, unmet_need_t, shortage_value_usd, perceived_risk,
            price_dispersion;
    };
    IndicatorCodes indicator_;
    struct Holding {
        double stock = 0.0;
        double target = 0.0;
    };
    std::vector<Holding> holdings_;                                               // per node and holder, t
    std::map<std::string, SaidVerb> last_verbs_;                                  // what was in force a tick ago
    std::map<std::string, std::vector<double>, std::less<>> last_treasury_;
    std::vector<bool> insolvent_;                                                 // cells whose firms owe on the whole
    std::vector<bool> stands_;                                                    // cells that have plants
};

}  // namespace ytterby

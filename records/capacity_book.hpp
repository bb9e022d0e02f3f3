#pragma once

#include <vector>

#include "records/store.hpp"
#include "simulation/observer.hpp"

namespace ytterby {

/// What became of plants over a year: capacity, what is under construction, what was started, added and
/// retired, emissions. Adds up tick by tick and writes a row per process and country when a calendar year
/// or the run ends.
class CapacityBook {
public:
    /// Codes of the names in the store, by id.
    struct Names {
        std::vector<NameCode> countries, goods, processes;
    };
    void on_tick(const TickReport& report, bool last, const Names& names, RunStore& store);

private:
    struct Year {
        double started_t = 0.0, added_t = 0.0, retired_t = 0.0, closed_t = 0.0, throughput_t = 0.0;
    };
    std::vector<Year> years_;           // per cell
};

}  // namespace ytterby

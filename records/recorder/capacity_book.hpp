#pragma once

#include <tuple>
#include <vector>

#include "core/state/state_fields.hpp"
#include "records/store/run_store.hpp"
#include "simulation/observer.hpp"

namespace ytterby {

/// Changes in the plants of a cell since the start of the year, summed over ticks, t per tick.
struct CapacityYear {
    double started_t = 0.0, added_t = 0.0, retired_t = 0.0, closed_t = 0.0, throughput_t = 0.0;

    static constexpr auto state_fields() {
        using Y = CapacityYear;
        return std::tuple(field("started_t", &Y::started_t), field("added_t", &Y::added_t),
                          field("retired_t", &Y::retired_t), field("closed_t", &Y::closed_t),
                          field("throughput_t", &Y::throughput_t));
    }
};

/// Codes of the names in the store, by id.
struct CapacityNames {
    std::vector<NameCode> countries, goods, processes;
};

/// The yearly account of plants: capacity in use and under construction, starts, additions, retirements, emissions.
/// Adds up tick by tick, in a row of `years` per cell, and writes a row per process and country when a calendar year or
/// the run ends.
void book_capacity(const TickReport& report, bool last, const CapacityNames& names, std::vector<CapacityYear>& years,
                   RunStore& store);

}  // namespace ytterby

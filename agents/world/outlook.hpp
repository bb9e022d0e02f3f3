#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/ids.hpp"

namespace ytterby {

/// The world outside, known from the first tick on: how needs, planned capacity and hosts
/// move, as indices that are 1 at the start of the run, at yearly knots, interpolated in logarithms.
/// Empty paths do not move. Where the paths come from: docs/outlook.md.
struct Outlook {
    /// Rows of indices (their logarithms) at years 0, 1, 2, ... of the run. A tick looks at all rows near one year, so
    /// those are side by side.
    struct Paths {
        std::size_t rows = 0;
        std::size_t knots = 0;
        std::vector<double> logarithm;  // [knot][row]

        Paths() = default;
        /// Paths that stand still at 1.
        Paths(std::size_t row_count, std::size_t knot_count)
            : rows(row_count), knots(knot_count), logarithm(row_count * knot_count, 0.0) {}
        bool empty() const { return knots == 0; }
        double& log_at_knot(std::size_t row, std::size_t knot) { return logarithm[knot * rows + row]; }
        /// Index of a row so many years into the run; the last year's growth continues beyond the last knot.
        double at(std::size_t row, double years) const;
        /// Its logarithm; 0 where there are no paths.
        double log_at(std::size_t row, double years) const;
        /// Its growth per year there.
        double growth(std::size_t row, double years) const;
    };
    Paths need;                          // per node
    Paths plan;                          // per cell: planned capacity
    Paths cost;                          // per good: long-run price that the plan makes
    Paths host;                          // per cell: output of the host of a by-product
    double cost_decline_per_year = 0.0;  // technical change in mining and refining
    bool depletes = false;               // grades fall with what was mined

    /// A disturbance from outside that a scenario dates: a share of output lost or a step of need.
    struct Shock {
        enum class Kind : std::uint8_t { supply_loss, demand_step };
        std::string name;
        Kind kind = Kind::supply_loss;
        std::vector<GoodId> goods;
        std::vector<CountryId> countries;  // empty: all
        double share = 0.0;                // of output lost; need changes by this share
        std::int64_t start_tick = 0;
        std::int64_t end_tick = 0;  // first tick no longer in force

        bool in_force(std::int64_t tick) const { return tick >= start_tick && tick < end_tick; }
        bool covers(GoodId good, CountryId country) const;
    };
    std::vector<Shock> shocks;
};

}  // namespace ytterby

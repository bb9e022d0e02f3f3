#pragma once

#include <cstddef>
#include <cstdint>

namespace ytterby {

/// What flows over a lane at given prices, and how fast that rises with its margin.
struct LaneFlow {
    double flow = 0.0;
    double slope = 0.0;  // t per USD/t of margin
};

/// The exponent of the preference is limited so that flows stay finite; far beyond any real wedge.
inline constexpr double most_exponent = 200.0;
/// The least exponent that `exp_each` takes.
inline constexpr double least_exponent = -700.0;

/// The flow at which the origin preference equals what is left of the margin, between zero and the cap; `scaled` is
/// the sum of usual and opening flow times e to the lane's exponent.
inline LaneFlow limited_flow(double scaled, double opening, double cap, double per_slope) {
    const double flow = scaled - opening;
    const bool open = flow > 0.0;
    const bool full = flow >= cap;
    return {open ? (full ? cap : flow) : 0.0, open && !full ? scaled * per_slope : 0.0};
}

/// Columns of what a tonne over each of many lanes costs.
struct LaneCosts {
    std::size_t lanes = 0;
    const double* pass_through = nullptr;  // of the origin's price into the delivered price
    const double* fixed_cost = nullptr;    // USD/t
    const double* rent = nullptr;          // USD/t
    const double* per_slope = nullptr;     // 1 / preference slope
};

/// Where lanes begin and end, a column each, and the prices there, one per node.
struct LaneEnds {
    const std::uint32_t* from = nullptr;
    const std::uint32_t* to = nullptr;
    const double* supply_price = nullptr;
    const double* use_price = nullptr;
};

/// A node's trial price, and a column of the prices at the other ends of its lanes: use prices if the lanes leave the
/// node, origins' prices times pass-through if they enter it.
struct LanesOfNode {
    bool leaving = false;
    double price = 0.0;
    const double* other_end = nullptr;
};

/// Columns of what relates a lane's flow to its exponent.
struct LaneScales {
    std::size_t lanes = 0;
    const double* scale = nullptr;  // usual + opening flow, t
    const double* opening = nullptr;
    const double* cap = nullptr;
    const double* per_slope = nullptr;  // 1 / preference slope
};

/// Exponents of many lanes at the prices of their ends, limited to what `exp_each` takes; one entry per lane.
void exponents_of(const LaneCosts& costs, const LaneEnds& ends, double* exponent);

/// The same for lanes on one side of a node.
void exponents_at(const LaneCosts& costs, const LanesOfNode& node, double* exponent);

/// Flows of many lanes and their slopes, given e to their exponents; one entry per lane.
void flows_of(const LaneScales& scales, const double* power, double* flow, double* slope);

}  // namespace ytterby

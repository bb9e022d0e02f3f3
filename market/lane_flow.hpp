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

/// The flow at which the origin preference eats up what is left of the margin, between zero and the cap; `scaled` is
/// the usual and the opening flow times e to the lane's exponent.
inline LaneFlow limited_flow(double scaled, double opening, double cap, double per_slope) {
    const double flow = scaled - opening;
    const bool open = flow > 0.0;
    const bool full = flow >= cap;
    return {open ? (full ? cap : flow) : 0.0, open && !full ? scaled * per_slope : 0.0};
}

/// Exponents of many lanes at the prices of their ends, limited to what `exp_each` takes; all arrays are one entry a
/// lane but the prices, which are one a node.
void exponents_of(std::size_t lanes, const std::uint32_t* from, const std::uint32_t* to, const double* supply_price,
                  const double* use_price, const double* pass_through, const double* fixed_cost, const double* rent,
                  const double* per_slope, double* exponent);

/// The same for the lanes of one node, whose prices at the other ends stand side by side; the node's own is `price`.
/// For lanes that leave it, `other_end` are use prices, for those that enter it the origins' prices times their
/// pass-through.
void exponents_at(std::size_t lanes, bool leaving, double price, const double* other_end, const double* pass_through,
                  const double* fixed_cost, const double* rent, const double* per_slope, double* exponent);

/// Flows of many lanes and their slopes, given e to their exponents.
void flows_of(std::size_t lanes, const double* power, const double* scale, const double* opening, const double* cap,
              const double* per_slope, double* flow, double* slope);

}  // namespace ytterby

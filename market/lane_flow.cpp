#include "market/lane_flow.hpp"

#include <algorithm>

#include "core/maths.hpp"
#include "core/vector_clones.hpp"

namespace ytterby {

// The columns are copied into local pointers: the compiler then need not load them again after each store.

YTTERBY_VECTOR_CLONES
void exponents_of(const LaneCosts& costs, const LaneEnds& ends, double* __restrict exponent) {
    const auto [lanes, pass_through, fixed_cost, rent, per_slope] = costs;
    const auto [from, to, supply_price, use_price] = ends;
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        const double margin =
            use_price[to[lane]] - supply_price[from[lane]] * pass_through[lane] - fixed_cost[lane] - rent[lane];
        const double x = margin * per_slope[lane];
        const double below = x < most_exponent ? x : most_exponent;
        exponent[lane] = below > least_exponent ? below : least_exponent;
    }
}

YTTERBY_VECTOR_CLONES
void exponents_at(const LaneCosts& costs, const LanesOfNode& node, double* __restrict exponent) {
    const auto [lanes, pass_through, fixed_cost, rent, per_slope] = costs;
    const auto [leaving, price, other_end] = node;
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        const double own = leaving ? price * pass_through[lane] : price;
        const double margin = (leaving ? other_end[lane] - own : own - other_end[lane]) - fixed_cost[lane] - rent[lane];
        const double x = margin * per_slope[lane];
        const double below = x < most_exponent ? x : most_exponent;
        exponent[lane] = below > least_exponent ? below : least_exponent;
    }
}

YTTERBY_VECTOR_CLONES
void flows_of(const LaneScales& scales, const double* power, double* __restrict flow, double* __restrict slope) {
    const auto [lanes, scale, opening, cap, per_slope] = scales;
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        const LaneFlow now = limited_flow(scale[lane] * power[lane], opening[lane], cap[lane], per_slope[lane]);
        flow[lane] = now.flow;
        slope[lane] = now.slope;
    }
}

}  // namespace ytterby

#include "market/lane_flow.hpp"

#include <algorithm>

#include "core/maths.hpp"
#include "core/vector_clones.hpp"

namespace ytterby {

YTTERBY_VECTOR_CLONES
void exponents_of(std::size_t lanes, const std::uint32_t* from, const std::uint32_t* to, const double* supply_price,
                  const double* use_price, const double* pass_through, const double* fixed_cost, const double* rent,
                  const double* per_slope, double* __restrict exponent) {
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        const double margin =
            use_price[to[lane]] - supply_price[from[lane]] * pass_through[lane] - fixed_cost[lane] - rent[lane];
        const double x = margin * per_slope[lane];
        const double below = x < most_exponent ? x : most_exponent;
        exponent[lane] = below > least_exponent ? below : least_exponent;
    }
}

YTTERBY_VECTOR_CLONES
void exponents_at(std::size_t lanes, bool leaving, double price, const double* other_end, const double* pass_through,
                  const double* fixed_cost, const double* rent, const double* per_slope, double* __restrict exponent) {
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        const double own = leaving ? price * pass_through[lane] : price;
        const double margin = (leaving ? other_end[lane] - own : own - other_end[lane]) - fixed_cost[lane] - rent[lane];
        const double x = margin * per_slope[lane];
        const double below = x < most_exponent ? x : most_exponent;
        exponent[lane] = below > least_exponent ? below : least_exponent;
    }
}

YTTERBY_VECTOR_CLONES
void flows_of(std::size_t lanes, const double* power, const double* scale, const double* opening, const double* cap,
              const double* per_slope, double* __restrict flow, double* __restrict slope) {
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        const LaneFlow now = limited_flow(scale[lane] * power[lane], opening[lane], cap[lane], per_slope[lane]);
        flow[lane] = now.flow;
        slope[lane] = now.slope;
    }
}

}  // namespace ytterby

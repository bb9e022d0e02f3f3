#include "simulation/calibration/planned_costs.hpp"

#include <algorithm>
#include <cmath>

#include "agents/phases/investment/project_supply.hpp"
#include "core/maths.hpp"

namespace ytterby {
namespace {

/// Growth of capacity a year that discovery and progress make possible at the cost of the base date (assumed,
/// 0.01-0.05: world use of metals has grown by 2 to 4 % a year since 1950 without a trend of real prices).
constexpr double cost_curve_shift = 0.03;
/// The dearest a project may become, over the base date (technical: users give up long before).
constexpr double most_multiple = 20.0;
/// Bisections of a multiple, in logarithms (technical).
constexpr int halvings = 30;

}  // namespace

PlannedCosts::PlannedCosts(const Economy& economy, std::size_t knots)
    : economy_(economy),
      knots_(knots),
      curves_(economy.processes.size()),
      use_left_(economy.goods.size(), ByYear(knots, 1.0)),
      price_(economy.goods.size(), ByYear(knots, 1.0)),
      standing_(economy.processes.size(), ByYear(knots, 1.0)) {
    for (const Cell& cell : economy.cells) {
        const Process& process = economy.processes[cell.process.index()];
        Curve& curve = curves_[cell.process.index()];
        const Expansion& expansion = cell.expansion;
        if (!expansion.grows || (cell.kind != FirmKind::miner && cell.kind != FirmKind::refiner)) {
            continue;
        }
        curve.base_t += expansion.base_capacity_t;
        curve.elasticity = expansion.long_run_elasticity;
        curve.own_share = expansion.own_price_share;
        curve.climbs = !process.recycles;
        if (expansion.potential_t > expansion.base_capacity_t) {
            curve.rooms.push_back({expansion.potential_t - expansion.base_capacity_t,
                                   expansion.capital_cost_usd_per_t / base_value_left(economy, cell)});
        }
    }
}

double PlannedCosts::beside_plan(const Curve& curve, double multiple) const {
    double tonnes = 0.0;
    for (const Room& room : curve.rooms) {
        const double value = (multiple - 1.0) / std::max(1e-9, room.capital_over_value);
        tonnes += room.tonnes * std::clamp(value / economy_.behaviour.hurdle, 0.0, 1.0);
    }
    return curve.base_t > 0.0 ? tonnes / curve.base_t : 0.0;
}

/// Multiple of the value left at which projects come to an index, where up to `free` they cost what they did.
double PlannedCosts::multiple_of(const Curve& curve, double index, double free) const {
    if (!curve.climbs || index <= free) {
        return 1.0;
    }
    double low = 0.0;
    double high = log(most_multiple);
    for (int step = 0; step < halvings; ++step) {
        const double middle = 0.5 * (low + high);
        const double multiple = exp(middle);
        const double own = (1.0 - curve.own_share) * index + curve.own_share * free * pow(multiple, curve.elasticity);
        (own + beside_plan(curve, multiple) < index ? low : high) = middle;
    }
    return exp(high);
}

void PlannedCosts::follow(const std::vector<ByYear>& throughput) {
    for (std::size_t knot = 0; knot < knots_; ++knot) {
        // Exploration and progress shift the curves as far as somebody looks for what is needed.
        const double shifted = exp(cost_curve_shift * static_cast<double>(knot));
        ByYear multiples(curves_.size(), 1.0);
        for (std::size_t process = 0; process < curves_.size(); ++process) {
            const double index = throughput[process][knot];
            multiples[process] = multiple_of(curves_[process], index, std::min(index, shifted));
            standing_[process][knot] = std::max(0.02, index - beside_plan(curves_[process], multiples[process]));
        }
        set_prices(knot, multiples);
    }
}

/// Prices of goods from the value left of the processes that make them and the prices of their inputs.
void PlannedCosts::set_prices(std::size_t knot, const ByYear& multiples) {
    std::vector<double> price(economy_.goods.size(), 0.0);
    std::vector<double> weight(economy_.goods.size(), 0.0);
    for (const bool refining : {false, true}) {
        for (const Cell& cell : economy_.cells) {
            const Curve& curve = curves_[cell.process.index()];
            if (!curve.climbs || cell.base_throughput_t <= 0.0 || (cell.inputs > 0) != refining) {
                continue;
            }
            const double input_share =
                std::min(0.95, cell.reference_input_usd_per_t / std::max(1e-9, cell.reference_revenue_usd_per_t));
            const double input_price = refining ? price_[cell.positions.front().good.index()][knot] : 1.0;
            const double made = input_share * input_price + (1.0 - input_share) * multiples[cell.process.index()];
            for (std::size_t number = cell.inputs; number < cell.positions.size(); ++number) {
                const Position& output = cell.positions[number];
                price[output.good.index()] += output.base_flow_t * made;
                weight[output.good.index()] += output.base_flow_t;
            }
        }
        for (std::size_t good = 0; good < price.size(); ++good) {
            if (weight[good] > 0.0) {
                price_[good][knot] = price[good] / weight[good];
            }
        }
    }
    for (std::size_t index = 0; index < economy_.goods.size(); ++index) {
        const Good& good = economy_.goods[index];
        const double beyond = std::max(0.0, good.long_run_elasticity - good.medium_run_elasticity);
        const double left = pow(price_[index][knot], -good.medium_run_elasticity) *
                            std::max(good.least_intensity, pow(price_[index][knot], -beyond));
        use_left_[index][knot] = std::sqrt(use_left_[index][knot] * left);
    }
}

}  // namespace ytterby

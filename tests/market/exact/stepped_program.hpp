#pragma once

#include <coin/Clp_C_Interface.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "market/exact/solver.hpp"

namespace ytterby {

/// Surplus of a market of stepped orders and lanes of fixed cost, from an answer and by linear programming. Ad valorem
/// duties enter as the charge per tonne to which they amount at the answer's prices: an equilibrium with duties has the
/// largest surplus for those charges (that is all that equilibrium requires).
struct SteppedSurplus {
    double scale = 0.0;   // value of all that is bought and sold plus costs, at the answer's prices
    double answer = 0.0;  // value of what is bought less the costs of producing and moving it
    double best = 0.0;    // the largest possible, by an independent solver
    double priced = 0.0;  // objective of prices and rents as duals: an upper bound on `best` if they are feasible
    bool solved = false;
};

/// The value that the program takes as no bound.
inline constexpr double unlimited = std::numeric_limits<double>::max();

/// An order of a curve: a jump.
struct Step {
    double price = 0.0;
    double quantity = 0.0;
};

inline std::vector<Step> steps_of(const OrderCurve& curve) {
    std::vector<Step> steps;
    for (std::size_t knot = 1; knot < curve.price.size(); ++knot) {
        const double jump = std::abs(curve.quantity[knot] - curve.quantity[knot - 1]);
        if (jump > 0.0 && curve.price[knot] == curve.price[knot - 1]) {
            steps.push_back({curve.price[knot], jump});
        }
    }
    return steps;
}

inline SteppedSurplus compare_surplus(const std::vector<ExactMarket>& markets, const std::vector<SharedCap>& caps,
                                      const SpatialClearing& clearing) {
    SteppedSurplus result;
    // Columns by hand: rows are supply and use balances of each node of each market, then shared caps.
    std::vector<double> objective, most, row_bound;
    std::vector<CoinBigIndex> start = {0};
    std::vector<int> index;
    std::vector<double> value;
    std::vector<std::vector<int>> shared;
    std::vector<std::size_t> first_row;
    std::size_t rows = 0;
    double price_scale = 1e-300;
    double volume_scale = 1e-300;
    for (std::size_t good = 0; good < markets.size(); ++good) {
        first_row.push_back(rows);
        rows += 2 * markets[good].supply.size();
        for (std::size_t node = 0; node < markets[good].supply.size(); ++node) {
            price_scale = std::max(price_scale, std::abs(clearing.markets[good].use_price[node]));
            volume_scale = std::max({volume_scale, markets[good].supply[node].most(), markets[good].use[node].most()});
        }
    }
    const std::size_t balances = rows;
    rows += caps.size();
    const auto close_column = [&](double worth, double limit) {
        objective.push_back(worth / price_scale);
        most.push_back(std::isfinite(limit) ? limit / volume_scale : unlimited);
        start.push_back(static_cast<CoinBigIndex>(index.size()));
    };
    const auto entry = [&](std::size_t row, double coefficient) {
        index.push_back(static_cast<int>(row));
        value.push_back(coefficient);
    };
    for (std::size_t good = 0; good < markets.size(); ++good) {
        const ExactMarket& market = markets[good];
        const SpatialMarketClearing& answer = clearing.markets[good];
        const std::size_t row = first_row[good];
        std::vector<std::vector<std::size_t>> lane_caps(market.lanes.size());
        for (std::size_t cap = 0; cap < caps.size(); ++cap) {
            for (const SharedCap::Member& member : caps[cap].members) {
                if (member.market == good) {
                    lane_caps[member.lane].push_back(cap);
                }
            }
        }
        for (std::size_t node = 0; node < market.supply.size(); ++node) {
            for (const bool supply : {true, false}) {
                // The best orders are filled first.
                std::vector<Step> steps = steps_of(supply ? market.supply[node] : market.use[node]);
                if (!supply) {
                    std::reverse(steps.begin(), steps.end());
                }
                double left = supply ? answer.supplied[node] : answer.used[node];
                const double price = supply ? answer.supply_price[node] : answer.use_price[node];
                const double sign = supply ? -1.0 : 1.0;
                for (const Step& step : steps) {
                    const double filled = std::min(left, step.quantity);
                    left -= filled;
                    result.answer += sign * filled * step.price;
                    result.scale += filled * std::abs(step.price);
                    result.priced += std::max(0.0, sign * (step.price - price)) * step.quantity;
                    entry(row + 2 * node + (supply ? 0 : 1), 1.0);
                    close_column(sign * step.price, step.quantity);
                }
            }
            if (!market.supply[node].empty() && !market.use[node].empty()) {
                entry(row + 2 * node, -1.0);
                entry(row + 2 * node + 1, -1.0);
                close_column(0.0, unlimited);
            }
        }
        for (std::size_t number = 0; number < market.lanes.size(); ++number) {
            const SpatialLane& lane = market.lanes[number];
            const double cost =
                lane.delivered(answer.supply_price[lane.from]) - answer.supply_price[lane.from] + lane.preference;
            result.answer -= cost * answer.flow[number];
            result.scale += std::abs(cost) * answer.flow[number];
            result.priced += std::isfinite(lane.cap) ? answer.lane_rent[number] * lane.cap : 0.0;
            entry(row + 2 * lane.from, -1.0);
            entry(row + 2 * lane.to + 1, -1.0);
            for (const std::size_t cap : lane_caps[number]) {
                entry(balances + cap, 1.0);
            }
            close_column(-cost, lane.cap);
        }
    }
    std::vector<double> row_least(rows, 0.0);
    std::vector<double> row_most(rows, 0.0);
    for (std::size_t cap = 0; cap < caps.size(); ++cap) {
        row_least[balances + cap] = -unlimited;
        row_most[balances + cap] = caps[cap].cap / volume_scale;
        result.priced += clearing.shared_rent[cap] * caps[cap].cap;
    }
    const std::vector<double> least(objective.size(), 0.0);
    Clp_Simplex* program = Clp_newModel();
    Clp_setLogLevel(program, 0);
    Clp_loadProblem(program, static_cast<int>(objective.size()), static_cast<int>(rows), start.data(), index.data(),
                    value.data(), least.data(), most.data(), objective.data(), row_least.data(), row_most.data());
    Clp_setOptimizationDirection(program, -1.0);
    Clp_setPrimalTolerance(program, 1e-10);
    Clp_setDualTolerance(program, 1e-10);
    Clp_primal(program, 0);
    result.solved = Clp_status(program) == 0;
    result.best = Clp_objectiveValue(program) * price_scale * volume_scale;
    Clp_deleteModel(program);
    return result;
}

}  // namespace ytterby

#include "agents/phases/investment/long_run_market.hpp"

#include <algorithm>
#include <cmath>
#include <exception>
#include <limits>
#include <utility>

#include "core/maths.hpp"
#include "market/coupled_goods.hpp"
#include "market/spatial/kernels.hpp"

namespace ytterby {
namespace {

/// How slowly buyers may get used to what they import, for the rule that finds where it ends (technical).
constexpr double most_slowing = 0.97;
/// The farthest that rule may go in a step, as a factor (technical: it may go astray where lanes open).
constexpr double farthest_step = 1.5;
/// Rounds of that rule at most, and the part by which imports may still move at the end (technical).
constexpr int habit_rounds = 8;
constexpr double least_move = 0.01;

/// The market as the clearing reads it, but for the preferences of its lanes.
SpatialMarket without_habits(const LongRunMarket& question) {
    const std::vector<TradeLane>& lanes = question.economy.network.goods[question.good.index()].lanes;
    SpatialMarket market;
    market.supply = question.curves.supply;
    market.use = question.curves.use;
    market.lanes.resize(lanes.size());
    return market;
}

/// Sets a market's lanes for given usual flows, which origin preferences refer to.
void set_lanes(const LongRunMarket& question, const std::vector<double>& usual, SpatialMarket& market) {
    const std::vector<TradeLane>& lanes = question.economy.network.goods[question.good.index()].lanes;
    for (std::size_t number = 0; number < lanes.size(); ++number) {
        const TradeLane& lane = lanes[number];
        LaneRule rule = question.rules.rule(question.good, lane.origin, lane.destination);
        // Caps of today are not those that last.
        rule.bans = 0;
        rule.plain.cap_t = rule.control.cap_t = std::numeric_limits<double>::infinity();
        market.lanes[number] = lane_terms(lane, rule, usual[number]);
        market.lanes[number].cap =
            question.caps.empty() ? std::numeric_limits<double>::infinity() : question.caps[number];
    }
}

/// Imports by country, with the flow with which lanes open.
std::vector<double> imports_of(const Economy& economy, GoodId good, const std::vector<double>& flow_t) {
    std::vector<double> imports(economy.countries.size(), 0.0);
    const std::vector<TradeLane>& lanes = economy.network.goods[good.index()].lanes;
    for (std::size_t number = 0; number < lanes.size(); ++number) {
        imports[lanes[number].destination.index()] += flow_t[number] + lanes[number].opening_flow_t;
    }
    return imports;
}

/// Usual flows once buyers have got used to flows, and to importing so much in all, as in `habitual_flows`.
std::vector<double> accustomed(const Economy& economy, GoodId good, const std::vector<double>& flow_t,
                               const std::vector<double>& all) {
    const std::vector<TradeLane>& lanes = economy.network.goods[good.index()].lanes;
    const std::vector<double> imports = imports_of(economy, good, flow_t);
    std::vector<double> before(economy.countries.size(), 0.0);
    for (const TradeLane& lane : lanes) {
        before[lane.destination.index()] += lane.base_flow_t + lane.opening_flow_t;
    }
    std::vector<double> usual;
    std::vector<double> ratio;
    for (std::size_t number = 0; number < lanes.size(); ++number) {
        const TradeLane& lane = lanes[number];
        const std::size_t country = lane.destination.index();
        const double base = lane.base_flow_t + lane.opening_flow_t;
        const double share = base > 0.0 ? base / before[country] : 0.0;
        usual.push_back(share * all[country]);
        ratio.push_back(share > 0.0 && imports[country] > 0.0
                            ? (flow_t[number] + lane.opening_flow_t) / imports[country] / share
                            : 1.0);
    }
    pow_each(ratio, std::vector<double>(ratio.size(), economy.behaviour.habit_memory));
    for (std::size_t number = 0; number < lanes.size(); ++number) {
        usual[number] = std::max(0.0, usual[number] * ratio[number] - lanes[number].opening_flow_t);
    }
    return usual;
}

/// Where imports that were used to `first` and then became `second` and `third`, each time as buyers had got used to
/// the last, come to in the end (Aitken's rule in logarithms, within a factor).
std::vector<double> in_the_end(const std::vector<double>& first, const std::vector<double>& second,
                               const std::vector<double>& third) {
    std::vector<double> end;
    for (std::size_t country = 0; country < first.size(); ++country) {
        if (first[country] <= 0.0 || second[country] <= 0.0 || third[country] <= 0.0) {
            end.push_back(third[country]);
            continue;
        }
        const double before = log(second[country] / first[country]);
        const double after = log(third[country] / second[country]);
        const double slows = before != 0.0 ? std::clamp(after / before, 0.0, most_slowing) : 0.0;
        end.push_back(third[country] *
                      std::clamp(exp(after * slows / (1.0 - slows)), 1.0 / farthest_step, farthest_step));
    }
    return end;
}

/// Whether no country's imports still move by more than a small part.
bool moves_no_more(const std::vector<double>& before, const std::vector<double>& after) {
    for (std::size_t country = 0; country < before.size(); ++country) {
        if (std::fabs(after[country] - before[country]) > least_move * std::max(before[country], after[country])) {
            return false;
        }
    }
    return true;
}

}  // namespace

std::vector<double> long_run_prices(const LongRunMarket& question, std::vector<double>& imports) {
    const GoodLanes& book = question.economy.network.goods[question.good.index()];
    SpatialMarket market = without_habits(question);
    SpatialClearing cleared;
    cleared.markets.resize(1);
    cleared.markets[0].supply_price = cleared.markets[0].use_price = question.start;
    SpatialSolver solver;
    const auto clear = [&](const std::vector<double>& flows, const std::vector<double>& all) {
        set_lanes(question, accustomed(question.economy, question.good, flows, all), market);
        clear_curves({&market, 1}, {}, Kernel::automatic, solver, false, cleared);
    };
    const auto imported = [&](const std::vector<double>& flows) {
        return imports_of(question.economy, question.good, flows);
    };
    const auto from = question.world.lanes.usual_flow.begin() + static_cast<std::ptrdiff_t>(book.first_lane);
    const std::vector<double> now(from, from + static_cast<std::ptrdiff_t>(book.lanes.size()));
    const bool known = std::any_of(imports.begin(), imports.end(), [](double country) { return country > 0.0; });
    std::vector<double> first = known ? imports : imported(now);
    try {
        clear(now, first);
        for (int round = 0; round < habit_rounds; ++round) {
            const std::vector<double> second = imported(cleared.markets[0].flow);
            clear(cleared.markets[0].flow, second);
            const std::vector<double> third = imported(cleared.markets[0].flow);
            imports = third;
            if (moves_no_more(second, third)) {
                break;
            }
            imports = first = in_the_end(first, second, third);
            clear(cleared.markets[0].flow, first);
        }
    } catch (const std::exception&) {
        return {};
    }
    return cleared.markets[0].use_price;
}

}  // namespace ytterby

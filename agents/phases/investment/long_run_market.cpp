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

/// The market at given usual flows of its lanes, which origin preferences refer to.
SpatialMarketClearing clear_flows(const Economy& economy, GoodId good, const LongRunCurves& curves,
                                  const LaneRules& rules, const LaneCaps& caps, const std::vector<double>& usual) {
    const GoodLanes& book = economy.network.goods[good.index()];
    SpatialMarket market;
    market.supply = curves.supply;
    market.use = curves.use;
    SpatialClearing cleared;
    cleared.markets.resize(1);
    for (std::size_t country = 0; country < economy.countries.size(); ++country) {
        const double base = economy.base_price[economy.network.node(good, id_at<CountryId>(country)).index()];
        cleared.markets[0].supply_price.push_back(base);
        cleared.markets[0].use_price.push_back(base);
    }
    for (std::size_t number = 0; number < book.lanes.size(); ++number) {
        const TradeLane& lane = book.lanes[number];
        LaneRule rule = rules.rule(good, lane.origin, lane.destination);
        // Caps of today are not those that last.
        rule.bans = 0;
        rule.plain.cap_t = rule.control.cap_t = std::numeric_limits<double>::infinity();
        SpatialLane terms = lane_terms(lane, rule, usual[number]);
        terms.cap = caps.empty() ? std::numeric_limits<double>::infinity() : caps[number];
        market.lanes.push_back(terms);
    }
    SpatialSolver solver;
    try {
        clear_curves({&market, 1}, {}, Kernel::automatic, solver, false, cleared);
    } catch (const std::exception&) {
        return {};
    }
    return cleared.markets[0];
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

double adapted_use(const PathDemand& demand, double multiple) {
    const double seen = log(1.0 + demand.cost_share * (multiple - 1.0));
    const double first = log(demand.first_choke);
    const double last = log(demand.last_choke);
    const double served = std::clamp((last - seen) / (last - first), 0.0, 1.0);
    return demand.need_t * exp(-demand.medium_elasticity * seen) * served;
}

LaneCaps base_caps(const Economy& economy, GoodId good) {
    LaneCaps caps;
    if (!economy.base_rules.has_rules(good)) {
        return caps;
    }
    const std::vector<TradeLane>& lanes = economy.network.goods[good.index()].lanes;
    for (std::size_t number = 0; number < lanes.size(); ++number) {
        const double cap = economy.base_rules.rule(good, lanes[number].origin, lanes[number].destination).cap_t();
        if (cap < std::numeric_limits<double>::infinity()) {
            caps.resize(lanes.size(), std::numeric_limits<double>::infinity());
            // A lane uses its cap of the base date, but for what does not matter then.
            caps[number] = std::max(cap, lanes[number].base_flow_t);
        }
    }
    return caps;
}

LaneCaps with_base_caps(const Economy& economy, const World& world, const Regime& regime, GoodId good,
                        const LaneCaps& caps) {
    const LaneCaps base = base_caps(economy, good);
    if (base.empty()) {
        return caps;
    }
    const std::vector<TradeLane>& lanes = economy.network.goods[good.index()].lanes;
    LaneCaps together = caps.empty() ? LaneCaps(lanes.size(), std::numeric_limits<double>::infinity()) : caps;
    for (const ExpectedMeasure& measure : regime.announcements().expected()) {
        if (measure.expectation.steps.front().from_tick > world.tick) {
            continue;
        }
        for (const ExpectedLane& lane : measure.lanes) {
            const auto found =
                std::lower_bound(lanes.begin(), lanes.end(), lane, [](const TradeLane& a, const ExpectedLane& b) {
                    return std::pair{a.origin, a.destination} < std::pair{b.origin, b.destination};
                });
            if (lane.good == good && found != lanes.end() && found->origin == lane.origin &&
                found->destination == lane.destination) {
                const auto number = static_cast<std::size_t>(found - lanes.begin());
                together[number] = std::min(together[number], base[number]);
            }
        }
    }
    return together;
}

std::vector<double> long_run_prices(const Economy& economy, const World& world, GoodId good,
                                    const LongRunCurves& curves, const LaneRules& rules, const LaneCaps& caps) {
    const GoodLanes& book = economy.network.goods[good.index()];
    const auto flow = world.lanes.usual_flow.begin() + static_cast<std::ptrdiff_t>(book.first_lane);
    const std::vector<double> now(flow, flow + static_cast<std::ptrdiff_t>(book.lanes.size()));
    std::vector<double> first = imports_of(economy, good, now);
    const auto clear = [&](const std::vector<double>& flows, const std::vector<double>& all) {
        return clear_flows(economy, good, curves, rules, caps, accustomed(economy, good, flows, all));
    };
    SpatialMarketClearing cleared = clear(now, first);
    for (int round = 0; round < habit_rounds && !cleared.use_price.empty(); ++round) {
        const std::vector<double> second = imports_of(economy, good, cleared.flow);
        cleared = clear(cleared.flow, second);
        if (cleared.use_price.empty()) {
            break;
        }
        const std::vector<double> third = imports_of(economy, good, cleared.flow);
        if (moves_no_more(second, third)) {
            break;
        }
        first = in_the_end(first, second, third);
        cleared = clear(cleared.flow, first);
    }
    return cleared.use_price;
}

}  // namespace ytterby

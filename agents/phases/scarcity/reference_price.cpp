#include "agents/phases/scarcity/reference_price.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "agents/phases/scarcity/chain.hpp"
#include "core/maths.hpp"
#include "market/coupled_goods.hpp"
#include "market/spatial/kernels.hpp"

namespace ytterby {
double medium_run_use(const PathDemand& demand, double multiple) {
    const double seen = log(1.0 + demand.cost_share * (multiple - 1.0));
    const double first = log(demand.first_choke);
    const double last = log(demand.last_choke);
    const double served = std::clamp((last - seen) / (last - first), 0.0, 1.0);
    return demand.need_t * exp(-demand.medium_elasticity * seen) * served;
}

ReferenceCurves reference_curves(const Economy& economy, GoodId good, const std::vector<NodeFlow>& flows) {
    const double months = economy.months_per_tick();
    ReferenceCurves curves{std::vector<Curve>(flows.size()), std::vector<Curve>(flows.size())};
    for (std::size_t country = 0; country < flows.size(); ++country) {
        const NodeFlow& flow = flows[country];
        const double base = economy.base_price[economy.network.node(good, id_at<CountryId>(country)).index()];
        for (std::size_t point = 0; point < FlowCurve::points; ++point) {
            const double multiple = FlowCurve::multiple(point);
            if (flow.supply.quantity_t.back() > 0.0) {
                curves.supply[country].price.push_back(base * multiple);
                curves.supply[country].quantity.push_back(flow.supply.quantity_t[point] * months);
            }
            if (flow.demand.need_t > 0.0) {
                curves.use[country].price.push_back(base * multiple);
                curves.use[country].quantity.push_back(medium_run_use(flow.demand, multiple) * months);
            }
        }
    }
    return curves;
}

namespace {

/// The market at given usual flows of its lanes, which origin preferences refer to.
SpatialMarketClearing clear_flows(const Economy& economy, GoodId good, const ReferenceCurves& curves,
                                  const LaneRules& rules, const LastingCaps& caps, const std::vector<double>& usual) {
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

/// Usual flows once buyers have got used to what they import, as in `habitual_flows`.
std::vector<double> accustomed(const Economy& economy, GoodId good, const std::vector<double>& flow_t) {
    const GoodLanes& book = economy.network.goods[good.index()];
    std::vector<double> imports(economy.countries.size(), 0.0);
    std::vector<double> before(economy.countries.size(), 0.0);
    for (std::size_t number = 0; number < book.lanes.size(); ++number) {
        const TradeLane& lane = book.lanes[number];
        imports[lane.destination.index()] += flow_t[number] + lane.opening_flow_t;
        before[lane.destination.index()] += lane.base_flow_t + lane.opening_flow_t;
    }
    std::vector<double> usual;
    std::vector<double> ratio;
    for (std::size_t number = 0; number < book.lanes.size(); ++number) {
        const TradeLane& lane = book.lanes[number];
        const std::size_t country = lane.destination.index();
        const double base = lane.base_flow_t + lane.opening_flow_t;
        const double share = base > 0.0 ? base / before[country] : 0.0;
        usual.push_back(share * imports[country]);
        ratio.push_back(share > 0.0 ? (flow_t[number] + lane.opening_flow_t) / imports[country] / share : 1.0);
    }
    pow_each(ratio, std::vector<double>(ratio.size(), economy.behaviour.habit_memory));
    for (std::size_t number = 0; number < book.lanes.size(); ++number) {
        usual[number] = std::max(0.0, usual[number] * ratio[number] - book.lanes[number].opening_flow_t);
    }
    return usual;
}

}  // namespace

ReferenceMarket reference_market(const Economy& economy, GoodId good, const ReferenceCurves& curves,
                                 const LaneRules& rules, const LastingCaps& caps, int habits) {
    std::vector<double> usual;
    for (const TradeLane& lane : economy.network.goods[good.index()].lanes) {
        usual.push_back(lane.base_flow_t);
    }
    SpatialMarketClearing cleared = clear_flows(economy, good, curves, rules, caps, usual);
    for (int round = 0; round < habits && !cleared.use_price.empty(); ++round) {
        cleared = clear_flows(economy, good, curves, rules, caps, accustomed(economy, good, cleared.flow));
    }
    return {cleared.use_price, cleared.used};
}

namespace {

/// Whether duties, tariffs, frictions or preferences on some lane of a good differ from those of the base date.
bool duties_differ(const Economy& economy, const LaneRules& rules, GoodId good) {
    const auto terms = [](const LaneRule& rule) {
        return std::array{rule.export_duty(),        rule.tariff(),         rule.specific_tariff_usd_per_t(),
                          rule.friction_usd_per_t(), rule.freight_factor(), rule.prefer_usd_per_t()};
    };
    const auto& lanes = economy.network.goods[good.index()].lanes;
    return std::any_of(lanes.begin(), lanes.end(), [&](const TradeLane& lane) {
        return terms(rules.rule(good, lane.origin, lane.destination)) !=
               terms(economy.base_rules.rule(good, lane.origin, lane.destination));
    });
}

/// Caps that are expected to last, by lane; empty without any. `awaited_too`: with those that are announced.
LastingCaps lasting_caps(const Economy& economy, const World& world, const Regime& regime, GoodId good,
                         bool awaited_too) {
    LastingCaps caps;
    const GoodLanes& book = economy.network.goods[good.index()];
    for (const ExpectedMeasure& measure : regime.announcements().expected()) {
        const bool awaited = measure.expectation.steps.front().from_tick > world.tick;
        if (measure.expectation.end_tick || (awaited && !awaited_too)) {
            continue;
        }
        const double share =
            measure.expectation.open_share(std::max(world.tick, measure.expectation.steps.back().from_tick));
        if (share >= 1.0) {
            continue;
        }
        for (const ExpectedLane& lane : measure.lanes) {
            if (lane.good != good || regime.lanes().rule(good, lane.origin, lane.destination).lifts(measure.kind)) {
                continue;
            }
            caps.resize(book.lanes.size(), std::numeric_limits<double>::infinity());
            const auto found = std::lower_bound(
                book.lanes.begin(), book.lanes.end(), lane, [](const TradeLane& a, const ExpectedLane& b) {
                    return std::pair{a.origin, a.destination} < std::pair{b.origin, b.destination};
                });
            if (found != book.lanes.end() && found->origin == lane.origin && found->destination == lane.destination) {
                double& cap = caps[static_cast<std::size_t>(found - book.lanes.begin())];
                cap = std::min(cap, share * lane.usual_t);
            }
        }
    }
    return caps;
}

}  // namespace

LastingCaps base_caps(const Economy& economy, GoodId good) {
    LastingCaps caps;
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

LastingCaps with_base_caps(const Economy& economy, const World& world, const Regime& regime, GoodId good,
                           const LastingCaps& caps) {
    const LastingCaps base = base_caps(economy, good);
    if (base.empty()) {
        return caps;
    }
    const std::vector<TradeLane>& lanes = economy.network.goods[good.index()].lanes;
    LastingCaps together = caps.empty() ? LastingCaps(lanes.size(), std::numeric_limits<double>::infinity()) : caps;
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
    return together == base ? LastingCaps{} : together;
}

namespace {

/// The three kinds of rules that reference prices are found for.
constexpr std::size_t rule_kinds = 3;

/// Finds the reference prices of the goods that any rule moves, down the chains.
class References {
public:
    References(const Economy& economy, const World& world, const Regime& regime)
        : economy_(economy), world_(world), regime_(regime) {}

    void renew(GoodId good, ReferencePrices& next) {
        const bool duties = duties_differ(economy_, regime_.lanes(), good);
        const std::array<LastingCaps, rule_kinds> caps{LastingCaps{}, all_caps(good, false), all_caps(good, true)};
        const std::array<Column<double>*, rule_kinds> columns{&next.multiple, &next.standing, &next.lasting};
        std::vector<NodeFlow> flows;
        ReferenceMarket before;
        for (std::size_t kind = 0; kind < rule_kinds; ++kind) {
            const std::vector<double> inputs = input_shares(good, kind);
            if (!duties && caps[kind].empty() && inputs.empty()) {
                fill(good, *columns[kind]);
                continue;
            }
            if (flows.empty()) {
                flows = node_flows(economy_, world_, good, CountedCapacity::with_building);
                before = reference_market(economy_, good, reference_curves(economy_, good, flows), economy_.base_rules,
                                          base_caps(economy_, good));
            }
            const ReferenceMarket after =
                reference_market(economy_, good, reference_curves(economy_, good, with_inputs(flows, inputs)),
                                 regime_.lanes(), caps[kind].empty() ? base_caps(economy_, good) : caps[kind]);
            write(good, before, after, *columns[kind]);
            keep_use(good, kind, before, after);
        }
    }

private:
    LastingCaps all_caps(GoodId good, bool awaited_too) const {
        return with_base_caps(economy_, world_, regime_, good,
                              lasting_caps(economy_, world_, regime_, good, awaited_too));
    }
    std::size_t node_of(GoodId good, std::size_t country) const {
        return economy_.network.node(good, id_at<CountryId>(country)).index();
    }

    void fill(GoodId good, Column<double>& column) const {
        for (std::size_t country = 0; !column.empty() && country < economy_.countries.size(); ++country) {
            column[node_of(good, country)] = 1.0;
        }
    }

    void write(GoodId good, const ReferenceMarket& before, const ReferenceMarket& after, Column<double>& column) const {
        column.resize(economy_.network.node_count(), 1.0);
        for (std::size_t country = 0; country < economy_.countries.size(); ++country) {
            column[node_of(good, country)] = before.use_price.empty() || after.use_price.empty()
                                                 ? 1.0
                                                 : after.use_price[country] / before.use_price[country];
        }
    }

    void keep_use(GoodId good, std::size_t kind, const ReferenceMarket& before, const ReferenceMarket& after) {
        if (before.used_t.empty() || after.used_t.empty()) {
            return;
        }
        used_[kind].resize(economy_.network.node_count(), 1.0);
        for (std::size_t country = 0; country < economy_.countries.size(); ++country) {
            const double usual = before.used_t[country];
            used_[kind][node_of(good, country)] = usual > 0.0 ? std::min(1.0, after.used_t[country] / usual) : 1.0;
        }
    }

    /// Share of each country's output of a good for which inputs are there; empty where all are.
    std::vector<double> input_shares(GoodId good, std::size_t kind) const {
        if (used_[kind].empty()) {
            return {};
        }
        std::vector<double> lacking(economy_.countries.size(), 0.0);
        bool any = false;
        for (const ChainLink& link : links_into(economy_, world_, good)) {
            const double share = 1.0 - used_[kind][node_of(link.input, link.country.index())];
            lacking[link.country.index()] += link.output_t * share;
            any = any || share > 1e-9;
        }
        if (!any) {
            return {};
        }
        for (std::size_t country = 0; country < lacking.size(); ++country) {
            const double made = world_.nodes.production[node_of(good, country)] / economy_.months_per_tick();
            lacking[country] = 1.0 - std::min(1.0, lacking[country] / std::max(1e-12, made));
        }
        return lacking;
    }

    static std::vector<NodeFlow> with_inputs(std::vector<NodeFlow> flows, const std::vector<double>& shares) {
        for (std::size_t country = 0; country < shares.size(); ++country) {
            for (double& quantity : flows[country].supply.quantity_t) {
                quantity *= shares[country];
            }
        }
        return flows;
    }

    const Economy& economy_;
    const World& world_;
    const Regime& regime_;
    std::array<std::vector<double>, rule_kinds> used_;  // by node: use over that under the rules of the base date
};

}  // namespace

ReferencePrices next_references(const Economy& economy, const World& world, const Regime& regime) {
    ReferencePrices next = world.references;
    References references(economy, world, regime);
    for (const GoodId good : chain_order(economy)) {
        references.renew(good, next);
    }
    return next;
}

}  // namespace ytterby

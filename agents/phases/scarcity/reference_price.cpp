#include "agents/phases/scarcity/reference_price.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "core/digest.hpp"
#include "core/maths.hpp"
#include "market/coupled_goods.hpp"
#include "market/spatial/kernels.hpp"

namespace ytterby {
namespace {

/// Need once users have adapted.
double medium_run_use(const PathDemand& demand, double multiple) {
    const double seen = log(1.0 + demand.cost_share * (multiple - 1.0));
    const double first = log(demand.first_choke);
    const double last = log(demand.last_choke);
    const double served = std::clamp((last - seen) / (last - first), 0.0, 1.0);
    return demand.need_t * exp(-demand.medium_elasticity * seen) * served;
}

void set_curves(const NodeFlow& flow, double base_price, double months_per_tick, Curve& supply, Curve& use) {
    if (flow.supply.quantity_t.back() > 0.0) {
        for (std::size_t point = 0; point < FlowCurve::points; ++point) {
            supply.price.push_back(base_price * FlowCurve::multiple(point));
            supply.quantity.push_back(flow.supply.quantity_t[point] * months_per_tick);
        }
    }
    if (flow.demand.need_t > 0.0 || !flow.added_use_t.empty()) {
        for (std::size_t point = 0; point < FlowCurve::points; ++point) {
            const double usual = medium_run_use(flow.demand, FlowCurve::multiple(point));
            const double added = flow.added_use_t.empty() ? 0.0 : flow.added_use_t[point];
            use.price.push_back(base_price * FlowCurve::multiple(point));
            use.quantity.push_back(std::max(0.0, usual + added) * months_per_tick);
        }
    }
}

}  // namespace

std::vector<double> reference_prices(const Economy& economy, const World& world, GoodId good,
                                     const std::vector<NodeFlow>& flows, const LaneRules& rules,
                                     const LastingCaps& caps) {
    const std::size_t countries = economy.countries.size();
    const GoodLanes& book = economy.network.goods[good.index()];
    SpatialMarket market;
    market.supply.resize(countries);
    market.use.resize(countries);
    SpatialClearing cleared;
    cleared.markets.resize(1);
    for (std::size_t country = 0; country < countries; ++country) {
        const std::size_t node = economy.network.node(good, id_at<CountryId>(country)).index();
        set_curves(flows[country], economy.base_price[node], economy.months_per_tick(), market.supply[country],
                   market.use[country]);
        cleared.markets[0].supply_price.push_back(economy.base_price[node]);
        cleared.markets[0].use_price.push_back(economy.base_price[node]);
    }
    for (std::size_t number = 0; number < book.lanes.size(); ++number) {
        const TradeLane& lane = book.lanes[number];
        LaneRule rule = rules.rule(good, lane.origin, lane.destination);
        // Caps of today are not those that last.
        rule.bans = 0;
        rule.plain.cap_t = rule.control.cap_t = std::numeric_limits<double>::infinity();
        SpatialLane terms = lane_terms(lane, rule, lane.base_flow_t);
        terms.cap = caps[number];
        market.lanes.push_back(terms);
    }
    SpatialSolver solver;
    try {
        clear_curves({&market, 1}, {}, Kernel::automatic, solver, false, cleared);
    } catch (const std::exception&) {
        return {};
    }
    return cleared.markets[0].use_price;
}

std::uint64_t fingerprint_of_duties(const Economy& economy, const LaneRules& rules, GoodId good) {
    Digest digest;
    bool differs = false;
    for (const TradeLane& lane : economy.network.goods[good.index()].lanes) {
        const LaneRule& now = rules.rule(good, lane.origin, lane.destination);
        const LaneRule& base = economy.base_rules.rule(good, lane.origin, lane.destination);
        const std::array<double, 6> terms{
            now.export_duty(),        now.tariff(),         now.specific_tariff_usd_per_t(),
            now.friction_usd_per_t(), now.freight_factor(), now.prefer_usd_per_t()};
        const std::array<double, 6> before{
            base.export_duty(),        base.tariff(),         base.specific_tariff_usd_per_t(),
            base.friction_usd_per_t(), base.freight_factor(), base.prefer_usd_per_t()};
        if (terms != before) {
            differs = true;
            digest.add(lane.origin.value);
            digest.add(lane.destination.value);
            for (const double term : terms) {
                digest.add(term);
            }
        }
    }
    return differs ? digest.fingerprint().low | 1U : 0U;
}

namespace {

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

std::uint64_t fingerprint_of_caps(std::uint64_t duties, const LastingCaps& caps) {
    if (caps.empty()) {
        return duties;
    }
    Digest digest;
    digest.add(duties);
    for (const double cap : caps) {
        digest.add(cap);
    }
    return digest.fingerprint().low | 1U;
}

}  // namespace

namespace {

/// Finds the reference prices of a good that have changed.
class GoodReferences {
public:
    GoodReferences(const Economy& economy, const World& world, const Regime& regime, GoodId good)
        : economy_(economy), world_(world), regime_(regime), good_(good) {}

    void renew(bool all, ReferencePrices& next) {
        const std::uint64_t duties = fingerprint_of_duties(economy_, regime_.lanes(), good_);
        const LastingCaps standing = lasting_caps(economy_, world_, regime_, good_, false);
        const LastingCaps lasting = lasting_caps(economy_, world_, regime_, good_, true);
        const std::uint64_t with_standing = fingerprint_of_caps(duties, standing);
        const std::uint64_t with_lasting = fingerprint_of_caps(duties, lasting);
        if (next.multiple.empty()) {
            if ((duties | with_standing | with_lasting) == 0U) {
                return;
            }
            make_room(next);
        }
        renew(all, duties, {}, next.multiple_of, next.multiple);
        renew(all, with_standing, standing, next.standing_of, next.standing);
        renew(all, with_lasting, lasting, next.lasting_of, next.lasting);
    }

private:
    void make_room(ReferencePrices& next) const {
        for (Column<double>* column : {&next.multiple, &next.standing, &next.lasting}) {
            column->assign(economy_.network.node_count(), 1.0);
        }
        for (Column<std::uint64_t>* column : {&next.multiple_of, &next.standing_of, &next.lasting_of}) {
            column->assign(economy_.goods.size(), 0U);
        }
    }

    void renew(bool all, std::uint64_t fingerprint, const LastingCaps& caps, Column<std::uint64_t>& known,
               Column<double>& column) {
        if (fingerprint == known[good_.index()] && !(all && fingerprint != 0U)) {
            return;
        }
        known[good_.index()] = fingerprint;
        const std::vector<double> none =
            fingerprint == 0U ? std::vector<double>{} : prices(economy_.base_rules, no_caps());
        const std::vector<double> found =
            none.empty() ? none : prices(regime_.lanes(), caps.empty() ? no_caps() : caps);
        for (std::size_t country = 0; country < economy_.countries.size(); ++country) {
            column[economy_.network.node(good_, id_at<CountryId>(country)).index()] =
                found.empty() ? 1.0 : found[country] / none[country];
        }
    }

    LastingCaps no_caps() const {
        return LastingCaps(economy_.network.goods[good_.index()].lanes.size(), std::numeric_limits<double>::infinity());
    }
    std::vector<double> prices(const LaneRules& rules, const LastingCaps& caps) {
        if (flows_.empty()) {
            flows_ = node_flows(economy_, world_, good_, CountedCapacity::with_building);
        }
        return reference_prices(economy_, world_, good_, flows_, rules, caps);
    }

    const Economy& economy_;
    const World& world_;
    const Regime& regime_;
    GoodId good_;
    std::vector<NodeFlow> flows_;
};

}  // namespace

ReferencePrices next_references(const Economy& economy, const World& world, const Regime& regime) {
    ReferencePrices next = world.references;
    const bool new_year = true;
    for (std::size_t good = 0; good < economy.goods.size(); ++good) {
        GoodReferences(economy, world, regime, id_at<GoodId>(good)).renew(new_year, next);
    }
    return next;
}

}  // namespace ytterby

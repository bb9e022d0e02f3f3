#include "market/clearing/detail/case_question.hpp"

#include <algorithm>
#include <cmath>

#include "core/maths.hpp"

namespace ytterby {
namespace {

/// First knots of a curve that bends: this many, evenly in logarithms, as far from the reference price as quantities
/// and prices stay within `span_` of the scale and the reference.
constexpr int first_knots = 48;
/// A level curve is given at least this, t.
constexpr double smallest_level = 1e-6;

}  // namespace

CaseQuestion::CaseQuestion(const MarketCase& asked) : source(asked), knots_(asked.curves.size()) {
    state_lanes();
    find_bounds();
}

void CaseQuestion::state_lanes() {
    std::size_t nodes = source.nodes.size();
    quota_cap.assign(source.lanes.size(), none);
    for (const CaseSharedCap& shared : source.caps) {
        caps.push_back({{}, shared.cap});
    }
    for (std::size_t number = 0; number < source.lanes.size(); ++number) {
        const CaseLane& lane = source.lanes[number];
        lane_in.push_back(market.lanes.size());
        lane_over.push_back(none);
        if (!lane.rate_quota) {
            market.lanes.push_back(lane.stated(lane.terms.tariff, lane.specific_tariff));
            continue;
        }
        const RateQuota& quota = *lane.rate_quota;
        lane_over.back() = market.lanes.size() + 1;
        market.lanes.push_back(lane.stated(quota.tariff_in, quota.specific_in));
        market.lanes.push_back(lane.stated(quota.tariff_over, quota.specific_over));
        market.lanes[lane_in[number]].cap = std::min(lane.terms.cap, quota.quota);
        if (std::isfinite(lane.terms.cap)) {
            quota_cap[number] = caps.size();
            caps.push_back(
                {{{0, static_cast<std::uint32_t>(lane_in[number])}, {0, static_cast<std::uint32_t>(lane_over[number])}},
                 lane.terms.cap});
        }
    }
    for (std::size_t number = 0; number < source.caps.size(); ++number) {
        for (const std::uint32_t lane : source.caps[number].lanes) {
            if (source.caps[number].cap <= 0.0) {  // a limit of nothing shuts its lanes, exactly
                market.lanes[lane_in[lane]].cap = 0.0;
                market.lanes[lane_over[lane] != none ? lane_over[lane] : lane_in[lane]].cap = 0.0;
            }
            caps[number].members.push_back({0, static_cast<std::uint32_t>(lane_in[lane])});
            if (lane_over[lane] != none) {
                caps[number].members.push_back({0, static_cast<std::uint32_t>(lane_over[lane])});
            }
        }
    }
    floor_lane.assign(nodes, none);
    ceiling_lane.assign(nodes, none);
    for (std::size_t node = 0; node < source.nodes.size(); ++node) {
        SpatialLane lane;
        if (source.nodes[node].price_floor) {
            lane.from = static_cast<std::uint32_t>(node);
            lane.to = static_cast<std::uint32_t>(nodes++);
            floor_lane[node] = market.lanes.size();
            market.lanes.push_back(lane);
        }
        if (source.nodes[node].price_ceiling) {
            lane.from = static_cast<std::uint32_t>(nodes++);
            lane.to = static_cast<std::uint32_t>(node);
            ceiling_lane[node] = market.lanes.size();
            market.lanes.push_back(lane);
        }
    }
    market.supply.resize(nodes);
    market.use.resize(nodes);
    market.through_shipment = source.through_shipment;
}

void CaseQuestion::find_bounds() {
    double price = 0.0;
    const auto see = [&](double value) { price = std::max(price, std::abs(value)); };
    for (const CaseOrder& order : source.orders) {
        see(order.limit);
    }
    for (const CaseCurve& curve : source.curves) {
        see(curve.kind == CurveKind::linear                ? curve.intercept
            : curve.kind == CurveKind::constant_elasticity ? curve.reference
                                                           : 0.0);
    }
    for (const CaseNode& node : source.nodes) {
        see(node.price_floor.value_or(0.0));
        see(node.price_ceiling.value_or(0.0));
    }
    double cost = 0.0;
    double all_costs = 0.0;
    double pass_through = 1.0;
    for (const SpatialLane& lane : market.lanes) {
        const double one = std::abs(lane.delivered(0.0)) + std::abs(lane.preference) + 10.0 * lane.preference_slope;
        cost = std::max(cost, one);
        all_costs += one;
        pass_through = std::max(pass_through, lane.pass_through());
    }
    if (source.through_shipment) {
        cost = std::min(all_costs, cost * static_cast<double>(source.nodes.size()));
    }
    highest = 4.0 * pass_through * (price + cost);
    highest = highest > 0.0 ? highest : 1.0;
    lowest = -highest;
}

/// What a level curve may come to trade: about all that the other side wants or offers at a price half its own off,
/// lanes' costs included, and `level_factor_` times that where it proves too little.
double CaseQuestion::level_quantity(const CaseCurve& level) const {
    double cost = 0.0;
    for (const SpatialLane& lane : market.lanes) {
        cost = std::max(cost, std::abs(lane.delivered(0.0)) + std::abs(lane.preference));
    }
    const double slack = 0.5 * std::abs(level.intercept) + cost;
    const double price = level.supply ? level.intercept - slack : level.intercept + slack;
    double sum = smallest_level;
    for (const CaseOrder& order : source.orders) {
        // A little of the own side's, too, so that no side is out of all proportion to the others.
        sum += (order.ask != level.supply ? 1.0 : 0.01) * order.quantity;
    }
    for (const CaseCurve& curve : source.curves) {
        if (curve.supply != level.supply && curve.kind == CurveKind::fixed) {
            sum += curve.quantity;
        } else if (curve.supply != level.supply && !curve.is_step()) {
            // A demand of constant elasticity has no bound where prices come near nothing.
            sum += curve.quantity_at(curve.kind == CurveKind::linear
                                         ? price
                                         : std::max({price, 0.5 * level.intercept, 0.2 * curve.reference}));
        }
    }
    return level_factor_ * sum;
}

void CaseQuestion::add_curve(const CaseCurve& curve, std::size_t number, std::vector<LimitOrder>& orders,
                             bool& endless) {
    if (curve.kind == CurveKind::fixed) {
        const double price = any_price(curve.supply);
        orders.push_back({curve.quantity, price, price});
        endless = price != 0.0;
        return;
    }
    if (curve.kind == CurveKind::linear) {
        if (curve.slope == 0.0) {
            const std::vector<double>& most = curve.supply ? most_sold_ : most_bought_;
            orders.push_back(
                {most.empty() ? level_quantity(curve) : most[curve.node], curve.intercept, curve.intercept});
        } else {
            const double end = curve.supply ? highest : lowest;
            orders.push_back({curve.quantity_at(end), curve.intercept, end});
        }
        return;
    }
    std::vector<double>& knots = knots_[number];
    if (knots.empty()) {
        const double span = std::min(span_, pow(span_, 1.0 / std::abs(curve.elasticity)));
        const double low = curve.reference / span;
        const double high = std::min(highest, curve.reference * span);
        for (int knot = 0; knot <= first_knots; ++knot) {
            knots.push_back(low * pow(high / low, static_cast<double>(knot) / first_knots));
        }
        knots.push_back(curve.reference);
        if (!curve.supply) {
            knots.push_back(highest);
        }
        std::sort(knots.begin(), knots.end());
    }
    endless = endless || !curve.supply;
    const std::size_t ends = curve.supply ? 0 : knots.size() - 1;
    orders.push_back({curve.quantity_at(knots[ends]), knots[ends], knots[ends]});
    for (std::size_t knot = 0; knot + 1 < knots.size(); ++knot) {
        const double change = curve.quantity_at(knots[knot + 1]) - curve.quantity_at(knots[knot]);
        curve.supply ? orders.push_back({change, knots[knot], knots[knot + 1]})
                     : orders.push_back({-change, knots[knot + 1], knots[knot]});
    }
}

void CaseQuestion::state_curves() {
    const std::size_t nodes = source.nodes.size();
    std::vector<std::vector<LimitOrder>> asks(nodes);
    std::vector<std::vector<LimitOrder>> bids(nodes);
    std::vector<bool> endless_supply(nodes, false);
    std::vector<bool> endless_use(nodes, false);
    for (const CaseOrder& order : source.orders) {
        (order.ask ? asks : bids)[order.node].push_back({order.quantity, order.limit, order.limit});
    }
    for (std::size_t number = 0; number < source.curves.size(); ++number) {
        const CaseCurve& curve = source.curves[number];
        bool endless = false;
        add_curve(curve, number, (curve.supply ? asks : bids)[curve.node], endless);
        if (endless) {
            (curve.supply ? endless_supply : endless_use)[curve.node] = true;
        }
    }
    // What may pass through a node counts against its floor and ceiling, too.
    double passing = 0.0;
    for (std::size_t node = 0; node < nodes && source.through_shipment; ++node) {
        for (const LimitOrder& order : asks[node]) {
            passing += order.quantity;
        }
    }
    for (std::size_t node = 0; node < nodes; ++node) {
        market.supply[node] = make_supply_curve(asks[node]);
        market.use[node] = make_use_curve(bids[node]);
        market.supply[node].endless = endless_supply[node];
        market.use[node].endless = endless_use[node];
        if (source.through_shipment) {
            for (OrderCurve* curve : {&market.supply[node], &market.use[node]}) {
                if (curve->empty()) {
                    *curve = {{0.0}, {0.0}};  // nothing is offered or wanted, but goods may pass
                }
            }
        }
        if (floor_lane[node] != none) {
            const double floor = *source.nodes[node].price_floor;
            // Nothing, where nothing is offered at the floor.
            const double most = 1.1 * quantities_at(market.supply[node], floor).most + passing;
            market.use[market.lanes[floor_lane[node]].to] =
                make_use_curve(std::vector<LimitOrder>{{most, floor, floor}});
        }
        if (ceiling_lane[node] != none) {
            const double ceiling = *source.nodes[node].price_ceiling;
            const double most = 1.1 * quantities_at(market.use[node], ceiling).most + passing;
            market.supply[market.lanes[ceiling_lane[node]].from] =
                make_supply_curve(std::vector<LimitOrder>{{most, ceiling, ceiling}});
        }
    }
}

}  // namespace ytterby

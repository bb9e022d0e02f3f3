#include "market/clearing/detail/case_certificate.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "market/certificate.hpp"
#include "market/clearing/detail/node_side.hpp"

namespace ytterby {
namespace {

/// Prices within this share of each other count as equal.
constexpr double equal_prices = 1e-12;
/// A quantity below this share of the largest that a side names counts as nothing.
constexpr double nothing = 1e-20;
/// What 15 digits of what is left over may hide.
constexpr double left_over_rounding = 1e-5;

double largest(std::initializer_list<double> values) {
    double most = 1e-300;
    for (const double value : values) {
        most = std::isfinite(value) ? std::max(most, std::abs(value)) : most;
    }
    return most;
}

class CaseExamination {
public:
    CaseExamination(const MarketCase& source, const CaseAnswer& answer)
        : case_(source), answer_(answer), in_(source.nodes.size(), 0.0), out_(in_), filled_(2 * in_.size(), 0.0) {}

    std::vector<CaseCondition> examine() {
        for (std::size_t lane = 0; lane < case_.lanes.size(); ++lane) {
            out_[case_.lanes[lane].terms.from] += answer_.flows[lane].quantity;
            in_[case_.lanes[lane].terms.to] += answer_.flows[lane].quantity;
            check_lane(lane);
        }
        for (std::size_t order = 0; order < case_.orders.size(); ++order) {
            check_order(order);
        }
        const std::vector<NodeSide> sides = node_sides_of(case_);
        for (std::size_t node = 0; node < case_.nodes.size(); ++node) {
            check_balance(node);
            check_home(node);
            check_side(node, true, sides[2 * node]);
            check_side(node, false, sides[2 * node + 1]);
        }
        for (std::size_t cap = 0; cap < case_.caps.size(); ++cap) {
            check_shared_cap(cap);
        }
        return {{"balance", balance_}, {"orders", orders_},       {"arbitrage", arbitrage_},
                {"caps", caps_},       {"idle_rent", idle_rent_}, {"curves", curves_}};
    }

private:
    double price_of(std::size_t node, bool supply) const {
        return supply ? answer_.nodes[node].supply_price : answer_.nodes[node].use_price;
    }

    /// The share of what is offered or wanted at a node's price that trades; fixed quantities are left over last where
    /// no floor or ceiling holds.
    double share_traded(std::size_t node, bool supply) const {
        const CaseNodeAnswer& at = answer_.nodes[node];
        const bool rule =
            supply ? case_.nodes[node].price_floor.has_value() : case_.nodes[node].price_ceiling.has_value();
        if (!rule || !std::isfinite(price_of(node, supply))) {
            return 1.0;
        }
        const double whole = supply ? at.supplied : at.used;
        return whole > 0.0 ? (supply ? at.sold : at.bought) / whole : 1.0;
    }

    void check_order(std::size_t number) {
        const CaseOrder& order = case_.orders[number];
        const double filled = answer_.orders[number].filled;
        const double price = price_of(order.node, order.ask);
        const CaseNodeAnswer& at = answer_.nodes[order.node];
        filled_[2 * order.node + (order.ask ? 0U : 1U)] += filled;
        if (!(order.quantity > 0.0)) {
            raise(orders_, std::abs(filled));
            return;
        }
        raise(orders_, std::max(-filled, filled - order.quantity) / order.quantity);
        double gain = order.ask ? price - order.limit : order.limit - price;
        if (!std::isfinite(price)) {
            // Without a price fixed demand goes short: sellers sell all, others buy nothing. Or nothing is traded.
            const bool short_of = at.shortage > 0.0 || at.sold > 0.0;
            gain = order.ask ? (short_of ? 1.0 : 0.0) : (at.shortage > 0.0 ? -1.0 : 0.0);
        } else if (std::abs(gain) <= equal_prices * largest({price, order.limit})) {
            gain = 0.0;
        }
        const double whole = order.quantity * share_traded(order.node, order.ask);
        if (gain > 0.0) {
            raise(orders_, std::abs(filled - whole) / order.quantity);
        } else if (gain < 0.0) {
            raise(orders_, filled / order.quantity);
        } else {
            raise(orders_, (filled - whole) / order.quantity);
        }
    }

    void check_balance(std::size_t node) {
        const CaseNodeAnswer& at = answer_.nodes[node];
        const double sales = case_.through_shipment ? at.sold + in_[node] : at.sold;
        const double leaves = case_.through_shipment ? at.bought + out_[node] : at.domestic + out_[node];
        raise(balance_, std::abs(sales - leaves) / largest({sales, leaves}));
        if (!case_.through_shipment) {
            const double arrives = at.domestic + in_[node];
            raise(balance_, std::abs(at.bought - arrives) / largest({at.bought, arrives}));
        }
        raise(balance_, std::abs(at.supplied - at.excess_supply - at.sold) / largest({at.supplied}));
        raise(balance_, std::abs(at.used - at.shortage - at.bought) / largest({at.used}));
        raise(balance_, -std::min({at.sold, at.bought, at.domestic, at.excess_supply, at.shortage}) /
                            largest({at.sold, at.bought}));
    }

    /// What orders do not trade is what the curves of the side come to at its price.
    void check_side(std::size_t node, bool supply, const NodeSide& side) {
        const CaseNodeAnswer& at = answer_.nodes[node];
        const double price = price_of(node, supply);
        const double moved = supply ? at.sold : at.bought;
        const double left = supply ? at.excess_supply : at.shortage;
        const double filled = filled_[2 * node + (supply ? 0U : 1U)];
        const double scale = largest({moved, filled, nothing * side.size(), left_over_rounding * left});
        const bool ruled = share_traded(node, supply) < 1.0;
        if (!std::isfinite(price)) {
            check_unpriced(supply, side, moved, filled);
            return;
        }
        const double width = 1e-9 * std::abs(price);
        const QuantityRange range = side.curves_between(price - width, price + width);
        const double share = share_traded(node, supply);
        const double of_curves = moved - filled;
        const double unfilled = ruled ? 0.0 : std::min(left, side.fixed());
        const double most = share > 0.0 ? share * range.most : 0.0;  // a level curve's most is without bound
        raise(curves_, (of_curves - most + (supply ? 0.0 : unfilled)) / scale);
        raise(curves_, (share * range.least - unfilled - of_curves) / scale);
        const CaseNode& rules = case_.nodes[node];
        const std::optional<double>& bound = supply ? rules.price_floor : rules.price_ceiling;
        if (bound && (moved > 0.0 || left > 0.0)) {
            const double beyond = supply ? *bound - price : price - *bound;
            raise(orders_, beyond / largest({*bound, price}));
            raise(orders_, std::min(left / largest({supply ? at.supplied : at.used}),
                                    std::abs(beyond) / largest({*bound, price})));
        } else if (left > 0.0) {
            // Only a fixed supply is left over without a rule, at a price of zero.
            raise(orders_, supply ? std::max(0.0, price) / largest({price}) : left / largest({at.used}));
            raise(orders_, (left - side.fixed()) / largest({side.fixed()}));
        }
    }

    /// Without a price only fixed quantities trade, or a fixed demand goes short somewhere: then curves sell without
    /// end or buy nothing.
    void check_unpriced(bool supply, const NodeSide& side, double moved, double filled) {
        const double scale = largest({moved, filled, nothing * side.size()});
        const bool short_somewhere = std::any_of(answer_.nodes.begin(), answer_.nodes.end(),
                                                 [](const CaseNodeAnswer& at) { return at.shortage > 0.0; }) ||
                                     std::any_of(case_.curves.begin(), case_.curves.end(), [&](const CaseCurve& curve) {
                                         // Curves of constant elasticity may lead beyond all prices.
                                         const CaseNodeAnswer& at = answer_.nodes[curve.node];
                                         return curve.kind == CurveKind::constant_elasticity &&
                                                !std::isfinite(curve.supply ? at.supply_price : at.use_price);
                                     });
        raise(curves_, (filled - moved) / scale);
        raise(curves_, side.is_fixed() || short_somewhere ? 0.0 : 1.0);
        const double of_curves = moved - filled - side.fixed();
        const double beyond = side.beyond_prices();
        raise(curves_, (supply ? std::min(1e300, beyond * (1.0 - 1e-9)) - of_curves : of_curves - beyond) / scale);
    }

    void check_home(std::size_t node) {
        const CaseNodeAnswer& at = answer_.nodes[node];
        if (std::isfinite(at.use_price) && std::isfinite(at.supply_price)) {
            const double gap = at.use_price - at.supply_price;
            const CaseNode& rules = case_.nodes[node];
            const bool tied = case_.through_shipment
                                  ? (!rules.price_floor || at.sold > 0.0) && (!rules.price_ceiling || at.bought > 0.0)
                                  : at.domestic > 0.0;
            raise(arbitrage_, (tied ? std::abs(gap) : gap) / largest({at.use_price, at.supply_price}));
        }
    }

    void check_lane(std::size_t number) {
        const CaseLane& lane = case_.lanes[number];
        const CaseFlowAnswer& flow = answer_.flows[number];
        const double over = flow.quantity - flow.in_quota;
        raise(caps_, -flow.quantity);
        raise(caps_, (flow.quantity - lane.terms.cap) / largest({lane.terms.cap}));
        if (lane.rate_quota) {
            raise(caps_, (flow.in_quota - lane.rate_quota->quota) / largest({lane.rate_quota->quota}));
            raise(caps_, -over / largest({flow.quantity}));
            check_tier(number, true, flow.in_quota, lane.rate_quota->quota);
            check_tier(number, false, over, lane.terms.cap);
        } else {
            check_tier(number, true, flow.quantity, lane.terms.cap);
        }
    }

    bool is_shut(std::size_t number) const {
        return std::any_of(case_.caps.begin(), case_.caps.end(), [&](const CaseSharedCap& cap) {
            return cap.cap <= 0.0 && std::find(cap.lanes.begin(), cap.lanes.end(), number) != cap.lanes.end();
        });
    }

    /// The price of goods that pass through a node: that of its sellers or its buyers where no rule parts theirs from
    /// it.
    double price_of_transit(std::size_t node) const {
        const CaseNode& rules = case_.nodes[node];
        const CaseNodeAnswer& at = answer_.nodes[node];
        if (!rules.price_floor || at.sold > 0.0) {
            return at.supply_price;
        }
        if (!rules.price_ceiling || at.bought > 0.0) {
            return at.use_price;
        }
        for (std::size_t lane = 0; lane < case_.lanes.size(); ++lane) {
            if (case_.lanes[lane].terms.from == node) {
                return answer_.flows[lane].price;
            }
        }
        return std::numeric_limits<double>::quiet_NaN();
    }

    /// A lane, or one tier of its rate quota.
    void check_tier(std::size_t number, bool within, double quantity, double most) {
        const CaseLane& lane = case_.lanes[number];
        const CaseFlowAnswer& flow = answer_.flows[number];
        const std::uint32_t from = lane.terms.from;
        const std::uint32_t to = lane.terms.to;
        const bool whole = flow.quantity >= lane.terms.cap * (1.0 - equal_prices);  // the lane's own cap
        const bool full = quantity >= most * (1.0 - equal_prices) || whole;
        if (lane.terms.cap <= 0.0 || most <= 0.0 || is_shut(number) || from == to) {
            raise(caps_, quantity);
            return;
        }
        if (!(answer_.nodes[from].supplied > 0.0 || offers(from)) || !(answer_.nodes[to].used > 0.0 || wants(to))) {
            return;  // nobody sells or buys here
        }
        const double start = case_.through_shipment ? price_of_transit(from) : answer_.nodes[from].supply_price;
        const double end = case_.through_shipment ? price_of_transit(to) : answer_.nodes[to].use_price;
        if (!std::isfinite(end) || !std::isfinite(start)) {
            const bool wanted = answer_.nodes[to].shortage > 0.0 && !std::isfinite(end) && std::isfinite(start);
            const bool shared = flow.shared_rent != 0.0;  // or not a number
            raise(arbitrage_, wanted && !full && !shared ? 1.0 : 0.0);
            return;
        }
        if (!std::isfinite(flow.shared_rent)) {  // more than any price
            raise(arbitrage_, quantity > 0.0 ? 1.0 : 0.0);
            return;
        }
        check_arbitrage(number, within, {quantity, most, start, end, full});
    }

    struct TierFlow {
        double quantity, most, start, end;  // the last two are prices
        bool full;
    };

    void check_arbitrage(std::size_t number, bool within, const TierFlow& one) {
        const CaseLane& lane = case_.lanes[number];
        const CaseFlowAnswer& flow = answer_.flows[number];
        const RateQuota quota = lane.rate_quota.value_or(RateQuota{});
        const SpatialLane tier = !lane.rate_quota ? lane.with_tariffs(lane.terms.tariff, lane.specific_tariff)
                                 : within         ? lane.with_tariffs(quota.tariff_in, quota.specific_in)
                                                  : lane.with_tariffs(quota.tariff_over, quota.specific_over);
        const double wedge = tier.preference_slope > 0.0 ? tier.wedge(flow.quantity) : tier.preference;
        const double landed = tier.delivered(one.start);
        const double gain = one.end - landed - wedge - flow.shared_rent;
        const double scale = largest({one.end, landed, wedge, flow.shared_rent, tier.delivered(0.0),
                                      one.start * tier.pass_through(), tier.preference_slope});
        const double rent = within ? flow.rent : one.full ? std::max(0.0, gain) : 0.0;
        const double left = gain - rent;
        raise(arbitrage_, (one.quantity > 0.0 ? std::abs(left) : left) / scale);
        raise(arbitrage_, std::abs(flow.price - one.start) / scale);
        raise(arbitrage_, -rent / scale);
        const double room = (one.most - one.quantity) / largest({one.most, one.quantity});
        raise(idle_rent_, one.full ? 0.0 : std::min(room, rent / scale));
    }

    bool offers(std::size_t node) const { return case_.through_shipment || has(node, true); }
    bool wants(std::size_t node) const { return case_.through_shipment || has(node, false); }
    bool has(std::size_t node, bool supply) const {
        return std::any_of(case_.orders.begin(), case_.orders.end(),
                           [&](const CaseOrder& order) {
                               return order.node == node && order.ask == supply && order.quantity > 0.0;
                           }) ||
               std::any_of(case_.curves.begin(), case_.curves.end(), [&](const CaseCurve& curve) {
                   const double size = curve.kind == CurveKind::linear  ? 1.0
                                       : curve.kind == CurveKind::fixed ? curve.quantity
                                                                        : curve.scale;
                   return curve.node == node && curve.supply == supply && size > 0.0;
               });
    }

    void check_shared_cap(std::size_t number) {
        const CaseSharedCap& cap = case_.caps[number];
        double used = 0.0;
        double price = 1e-300;
        for (const std::uint32_t lane : cap.lanes) {
            used += answer_.flows[lane].quantity;
            price = largest({price, answer_.flows[lane].landed_price});
        }
        const double rent = answer_.cap_rents[number];
        raise(caps_, (used - cap.cap) / largest({cap.cap}));
        if (!std::isfinite(rent)) {  // where a demand behind the cap is not met at any price
            const bool wanted = std::any_of(cap.lanes.begin(), cap.lanes.end(), [&](std::uint32_t lane) {
                const CaseNodeAnswer& to = answer_.nodes[case_.lanes[lane].terms.to];
                return to.shortage > 0.0 || !std::isfinite(to.use_price);
            });
            raise(arbitrage_, wanted ? 0.0 : 1.0);
            raise(idle_rent_, (cap.cap - used) / largest({cap.cap}));
            return;
        }
        raise(arbitrage_, -rent / price);
        raise(idle_rent_, std::min(std::max(0.0, cap.cap - used) / largest({cap.cap}), rent / price));
    }

    const MarketCase& case_;
    const CaseAnswer& answer_;
    std::vector<double> in_, out_;  // per node, t over lanes
    std::vector<double> filled_;    // per side, t of orders
    double balance_ = 0.0, orders_ = 0.0, arbitrage_ = 0.0, caps_ = 0.0, idle_rent_ = 0.0, curves_ = 0.0;
};

}  // namespace

std::vector<CaseCondition> certify_case(const MarketCase& source, const CaseAnswer& answer) {
    return CaseExamination(source, answer).examine();
}

}  // namespace ytterby

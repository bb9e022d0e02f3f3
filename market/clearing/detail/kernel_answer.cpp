#include "market/clearing/detail/kernel_answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <string>

#include "core/maths.hpp"
#include "market/clearing/detail/kernel_question.hpp"

namespace ytterby {
namespace {

/// Quantities below this share of the market's volume are rounding.
constexpr double least_left_over = 1e-9;

/// The unit in which the largest of some numbers is between 0.1 and 1, as a power of ten.
class Unit {
public:
    void include(double value) { largest_ = std::isfinite(value) ? std::max(largest_, std::abs(value)) : largest_; }
    void settle() { power_ = largest_ > 0.0 ? static_cast<int>(std::floor(std::log10(largest_))) + 1 : 0; }

    /// To 15 digits, so that numbers with fewer stay what they are.
    double in(double value) const { return shifted(value, -power_); }
    double out(double value) const { return shifted(value, power_); }

private:
    static double shifted(double value, int power) {
        if (!std::isfinite(value) || value == 0.0 || power == 0) {
            return value;
        }
        std::string text = fmt::format("{:.14e}", value);
        const std::size_t mark = text.find('e');
        const int exponent = std::atoi(text.c_str() + mark + 1) + power;
        return std::strtod((text.substr(0, mark) + fmt::format("e{}", exponent)).c_str(), nullptr);
    }

    double largest_ = 0.0;
    int power_ = 0;
};

class Units {
public:
    explicit Units(const MarketCase& source) {
        for (const CaseOrder& order : source.orders) {
            price.include(order.limit);
            quantity.include(order.quantity);
        }
        for (const CaseCurve& curve : source.curves) {
            price.include(curve.kind == CurveKind::linear                ? curve.intercept
                          : curve.kind == CurveKind::constant_elasticity ? curve.reference
                                                                         : 0.0);
            quantity.include(curve.kind == CurveKind::constant_elasticity ? curve.scale : curve.quantity);
            if (curve.kind == CurveKind::linear && curve.slope != 0.0) {
                quantity.include(curve.intercept / curve.slope);
            }
        }
        for (const CaseNode& node : source.nodes) {
            price.include(node.price_floor.value_or(0.0));
            price.include(node.price_ceiling.value_or(0.0));
        }
        price.settle();
        quantity.settle();
    }

    MarketCase apply(const MarketCase& source) const {
        MarketCase made = source;
        for (CaseOrder& order : made.orders) {
            order.limit = price.in(order.limit);
            order.quantity = quantity.in(order.quantity);
        }
        for (CaseCurve& curve : made.curves) {
            curve.intercept = price.in(curve.intercept);
            curve.slope = price.in(quantity.out(curve.slope));
            curve.scale = quantity.in(curve.scale);
            curve.reference = price.in(curve.reference);
            curve.quantity = quantity.in(curve.quantity);
        }
        for (CaseNode& node : made.nodes) {
            for (std::optional<double>* level : {&node.price_floor, &node.price_ceiling}) {
                *level = level->has_value() ? std::optional<double>(price.in(**level)) : std::nullopt;
            }
        }
        for (CaseLane& lane : made.lanes) {
            apply(lane);
        }
        for (CaseSharedCap& cap : made.caps) {
            cap.cap = quantity.in(cap.cap);
        }
        return made;
    }

    Unit price, quantity;

private:
    void apply(CaseLane& lane) const {
        for (double* cost : {&lane.terms.freight, &lane.terms.friction, &lane.terms.preference,
                             &lane.terms.preference_slope, &lane.specific_export_duty, &lane.specific_tariff}) {
            *cost = price.in(*cost);
        }
        for (double* tonnes : {&lane.terms.cap, &lane.terms.usual_flow, &lane.terms.opening_flow}) {
            *tonnes = quantity.in(*tonnes);
        }
        if (lane.rate_quota) {
            lane.rate_quota->quota = quantity.in(lane.rate_quota->quota);
            lane.rate_quota->specific_in = price.in(lane.rate_quota->specific_in);
            lane.rate_quota->specific_over = price.in(lane.rate_quota->specific_over);
        }
    }
};

/// Reads the kernel's answer in the units of the case.
class KernelReader {
public:
    KernelReader(const KernelQuestion& kernel, const Units& units, ClearedCase& out)
        : kernel_(kernel), market_(kernel.cleared.markets.front()), units_(units), out_(out) {
        for (const double used : market_.used) {
            volume_ += used;
        }
        for (std::size_t node = 0; volume_ <= 0.0 && node < kernel.source.nodes.size(); ++node) {
            volume_ = std::max(kernel.market.supply[node].most(), kernel.market.use[node].most());
        }
    }

    void read() {
        for (std::size_t node = 0; node < kernel_.source.nodes.size(); ++node) {
            read_side(node, true);
            read_side(node, false);
            out_.home[node] = units_.quantity.out(market_.domestic_flow[node]);
            const bool no_orders = !kernel_.source.through_shipment && kernel_.market.supply[node].empty() &&
                                   kernel_.market.use[node].empty();
            if (no_orders) {
                out_.sides[2 * node].price = out_.sides[2 * node + 1].price = undefined;
            }
        }
        for (std::size_t lane = 0; lane < out_.flow.size(); ++lane) {
            out_.flow[lane] = units_.quantity.out(market_.flow[lane]);
            out_.rent[lane] = units_.price.out(market_.lane_rent[lane]);
        }
        for (std::size_t cap = 0; cap < out_.cap_rent.size(); ++cap) {
            out_.cap_rent[cap] = units_.price.out(kernel_.cleared.shared_rent[cap]);
        }
        for (std::size_t order = 0; order < out_.filled.size(); ++order) {
            read_order(order);
        }
        out_.steps = kernel_.cleared.newton_steps;
    }

private:
    void read_side(std::size_t node, bool supply) {
        ClearedCase::Side& side = out_.sides[2 * node + (supply ? 0U : 1U)];
        const double price = supply ? market_.supply_price[node] : market_.use_price[node];
        const double trades = supply ? market_.supplied[node] : market_.used[node];
        const std::size_t rule = supply ? kernel_.floor_lane[node] : kernel_.ceiling_lane[node];
        const double left = rule != KernelQuestion::none ? market_.flow[rule] : 0.0;
        double fixed = 0.0;  // that trades at any price
        for (const CaseCurve& curve : kernel_.source.curves) {
            const bool here = curve.node == node && curve.supply == supply && curve.kind == CurveKind::fixed;
            fixed += here ? curve.quantity : 0.0;
        }
        side.price = kernel_.is_undefined(price, node) ? undefined : units_.price.out(price);
        side.trades = units_.quantity.out(trades);
        side.left_over = units_.quantity.out(left);
        side.fixed_left = fixed - trades > least_left_over * volume_ ? units_.quantity.out(fixed - trades) : 0.0;
        side.moved = units_.quantity.out(trades - left);
    }

    void read_order(std::size_t number) {
        const CaseOrder& order = kernel_.source.orders[number];
        const ClearedCase::Side& side = out_.sides[2 * order.node + (order.ask ? 0U : 1U)];
        const LimitOrder step{order.quantity, order.limit, order.limit};
        const OrderCurve& curve = (order.ask ? kernel_.market.supply : kernel_.market.use)[order.node];
        const double price = (order.ask ? market_.supply_price : market_.use_price)[order.node];
        const double share = marginal_share(curve, price, (order.ask ? market_.supplied : market_.used)[order.node]);
        const double trades = order.ask ? sold_of(step, price, share) : bought_of(step, price, share);
        const double left = side.trades > 0.0 ? std::clamp(side.moved / side.trades, 0.0, 1.0) : 1.0;
        out_.filled[number] = order.quantity > 0.0 ? units_.quantity.out(trades) * left : 0.0;
    }

    const KernelQuestion& kernel_;
    const SpatialMarketClearing& market_;
    const Units& units_;
    ClearedCase& out_;
    double volume_ = 0.0;
};

}  // namespace

ClearedCase clear_by_kernel(const CaseQuestion& question) {
    const Units units(question.source);
    const MarketCase scaled = units.apply(question.source);
    KernelQuestion kernel(scaled);
    kernel.solve();
    ClearedCase out;
    out.sides.resize(2 * scaled.nodes.size());
    out.home.assign(scaled.nodes.size(), 0.0);
    out.flow.assign(question.lanes.size(), 0.0);
    out.rent.assign(question.lanes.size(), 0.0);
    out.cap_rent.assign(question.caps.size(), 0.0);
    out.filled.assign(scaled.orders.size(), 0.0);
    out.largest_price = units.price.out(1.0);
    KernelReader(kernel, units, out).read();
    for (std::size_t node = 0; node < scaled.nodes.size(); ++node) {
        out.leaving_price.push_back(out.sides[2 * node].price);
    }
    return out;
}

}  // namespace ytterby

#include "market/clearing/case_solver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "core/maths.hpp"
#include "market/clearing/detail/case_question.hpp"

namespace ytterby {
namespace {

constexpr std::size_t none = CaseQuestion::none;
constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
/// Quantities below this share of the market's volume are rounding.
constexpr double dust = 1e-9;
/// Every answer meets its conditions to this.
constexpr double promised = 1e-9;

/// The orders and curves of one side of a node: sums of their quantities and of the areas under them.
class NodeSide {
public:
    explicit NodeSide(bool supply) : supply_(supply) {}
    void add(const CaseOrder& order) {
        if (order.quantity > 0.0) {
            steps_.push_back({order.quantity, order.limit, order.limit});
        }
    }
    void add(const CaseCurve& curve, const CaseQuestion& question) {
        if (!curve.is_step()) {
            bends_.push_back(&curve);
            return;
        }
        const bool fixed = curve.kind == CurveKind::fixed;
        const double price = fixed ? question.any_price(supply_) : curve.intercept;
        // A level curve trades the rest that the others leave.
        steps_.push_back({fixed ? curve.quantity : std::numeric_limits<double>::infinity(), price, price});
        any_price_ = fixed ? price : any_price_;
    }
    /// Puts the best orders first; call it after the last `add`.
    void sort() {
        std::sort(steps_.begin(), steps_.end(), [&](const LimitOrder& left, const LimitOrder& right) {
            return supply_ ? left.limit < right.limit : left.limit > right.limit;
        });
    }

    /// Cost of the best tonnes of a supply or value of those of a use, USD.
    double area(double price, double tonnes) const {
        double sum = 0.0;
        double left = tonnes;
        for (const CaseCurve* curve : bends_) {
            const double part = std::min(left, curve->quantity_at(price));
            sum += curve->area(part);
            left -= part;
        }
        for (const LimitOrder& step : steps_) {
            const double part = std::clamp(left, 0.0, step.quantity);
            if (part > 0.0) {
                sum += step.limit != any_price_ ? part * step.limit
                       : supply_                ? 0.0
                                                : std::numeric_limits<double>::infinity();
            }
            left -= part;
        }
        return sum;
    }

    /// The least and the most that this side comes to at prices from `low` to `high`, t.
    QuantityRange quantities(double low, double high) const {
        QuantityRange range;
        for (const CaseCurve* curve : bends_) {
            range.least += curve->quantity_at(supply_ ? low : high);
            range.most += curve->quantity_at(supply_ ? high : low);
        }
        for (const LimitOrder& step : steps_) {
            range.least += (supply_ ? step.limit < low : step.limit > high) ? step.quantity : 0.0;
            range.most += (supply_ ? step.limit <= high : step.limit >= low) ? step.quantity : 0.0;
        }
        return range;
    }

    /// The price at which this side comes to a quantity.
    double price_for(double tonnes, double low, double high) const {
        for (int turn = 0; turn < 200; ++turn) {
            const double middle = 0.5 * (low + high);
            double sum = 0.0;
            for (const CaseCurve* curve : bends_) {
                sum += curve->quantity_at(middle);
            }
            for (const LimitOrder& step : steps_) {
                sum += supply_ == (step.limit < middle) ? step.quantity : 0.0;
            }
            (supply_ == (sum < tonnes) ? low : high) = middle;
        }
        return 0.5 * (low + high);
    }

private:
    std::vector<LimitOrder> steps_;
    std::vector<const CaseCurve*> bends_;
    bool supply_ = true;
    double any_price_ = undefined;  // the price of fixed quantities
};

/// The two sides of every node: supplies at even indices, uses at odd ones.
std::vector<NodeSide> sides_of(const CaseQuestion& question) {
    std::vector<NodeSide> sides;
    for (std::size_t node = 0; node < question.source.nodes.size(); ++node) {
        sides.emplace_back(true);
        sides.emplace_back(false);
    }
    for (const CaseOrder& order : question.source.orders) {
        sides[2 * order.node + (order.ask ? 0U : 1U)].add(order);
    }
    for (const CaseCurve& curve : question.source.curves) {
        sides[2 * curve.node + (curve.supply ? 0U : 1U)].add(curve, question);
    }
    for (NodeSide& side : sides) {
        side.sort();
    }
    return sides;
}

double share_left(double whole, double missing) {
    return whole > 0.0 ? std::clamp((whole - missing) / whole, 0.0, 1.0) : 1.0;
}

void answer_nodes(const CaseQuestion& question, double volume, CaseAnswer& answer) {
    const SpatialMarketClearing& cleared = question.cleared.markets.front();
    std::vector<double> outward(question.market.supply.size(), 0.0);
    std::vector<double> inward(outward);
    for (std::size_t number = 0; number < question.market.lanes.size(); ++number) {
        outward[question.market.lanes[number].from] += cleared.flow[number];
        inward[question.market.lanes[number].to] += cleared.flow[number];
    }
    for (std::size_t node = 0; node < question.source.nodes.size(); ++node) {
        CaseNodeAnswer made;
        made.supply_price = cleared.supply_price[node];
        made.use_price = cleared.use_price[node];
        made.supplied = cleared.supplied[node];
        made.used = cleared.used[node];
        made.excess_supply = question.floor_lane[node] != none ? cleared.flow[question.floor_lane[node]] : 0.0;
        made.shortage = question.ceiling_lane[node] != none ? cleared.flow[question.ceiling_lane[node]] : 0.0;
        made.sold = made.supplied - made.excess_supply;
        made.bought = made.used - made.shortage;
        const double home = cleared.domestic_flow[node];
        made.domestic = std::max(0.0, home);
        made.transit = std::max(0.0, -home);
        // Fixed quantities that found no counterpart at any price.
        const OrderCurve& supply = question.market.supply[node];
        const OrderCurve& use = question.market.use[node];
        double any_supply = 0.0;
        double any_use = 0.0;
        for (const CaseCurve& curve : question.source.curves) {
            (curve.supply ? any_supply : any_use) +=
                curve.node == node && curve.kind == CurveKind::fixed ? curve.quantity : 0.0;
        }
        if (any_supply - made.supplied > dust * volume) {
            made.excess_supply += any_supply - made.supplied;
            made.supplied = any_supply;
        }
        if (any_use - made.used > dust * volume) {
            made.shortage += any_use - made.used;
            made.used = any_use;
        }
        const auto clip = [&](double& price) {
            if (question.is_undefined(price, node)) {
                price = undefined;
            }
        };
        clip(made.supply_price);
        clip(made.use_price);
        const bool no_orders = !question.source.through_shipment && supply.empty() && use.empty();
        made.price = no_orders                                  ? undefined
                     : made.sold > dust * volume || use.empty() ? made.supply_price
                                                                : made.use_price;
        if (no_orders) {
            made.supply_price = made.use_price = undefined;
        }
        answer.nodes.push_back(made);
    }
}

void answer_flows(const CaseQuestion& question, CaseAnswer& answer) {
    const SpatialMarketClearing& cleared = question.cleared.markets.front();
    for (std::size_t number = 0; number < question.source.lanes.size(); ++number) {
        CaseFlowAnswer made;
        const CaseLane& lane = question.source.lanes[number];
        for (const CaseSharedCap& shared : question.source.caps) {
            if (std::find(shared.lanes.begin(), shared.lanes.end(), number) != shared.lanes.end()) {
                made.shared_rent +=
                    question.cleared.shared_rent[static_cast<std::size_t>(&shared - question.source.caps.data())];
            }
        }
        const double cap_rent =
            question.quota_cap[number] != none ? question.cleared.shared_rent[question.quota_cap[number]] : 0.0;
        made.price = cleared.supply_price[lane.terms.from];
        made.landed_price = 0.0;
        for (const std::size_t index : {question.lane_in[number], question.lane_over[number]}) {
            if (index == none) {
                continue;
            }
            const SpatialLane& tier = question.market.lanes[index];
            const double flow = cleared.flow[index];
            const double specific_tariff = tier.friction - lane.terms.friction;
            const double border = made.price * (1.0 + tier.export_duty) + tier.freight;
            made.quantity += flow;
            made.in_quota += lane.rate_quota && index == question.lane_in[number] ? flow : 0.0;
            made.rent_usd += flow * (cleared.lane_rent[index] + cap_rent + made.shared_rent);
            if (index == question.lane_in[number]) {
                made.rent = cleared.lane_rent[index] + cap_rent;
            }
            made.export_duty_usd += flow * (made.price * tier.export_duty + lane.specific_export_duty);
            made.freight_usd += flow * lane.terms.freight;
            made.tariff_usd += flow * (border * tier.tariff + specific_tariff);
            made.friction_usd += flow * lane.terms.friction;
        }
        // The most expensive tier in use sets the landed price; without a flow, the first tier.
        const std::size_t last = question.lane_over[number] != none && cleared.flow[question.lane_over[number]] > 0.0
                                     ? question.lane_over[number]
                                     : question.lane_in[number];
        made.landed_price =
            question.market.lanes[last].delivered(made.price) + cleared.lane_rent[last] + cap_rent + made.shared_rent;
        made.preference_cost =
            lane.terms.preference_slope > 0.0 ? lane.terms.wedge(made.quantity) : lane.terms.preference;
        made.preference_usd = lane.terms.preference * made.quantity;
        if (lane.terms.preference_slope > 0.0) {
            const double opening = lane.terms.opening_flow;
            const double usual = lane.terms.usual_flow + opening;
            const double total = made.quantity + opening;
            made.preference_usd += lane.terms.preference_slope *
                                   (total * log(total / usual) - opening * log(opening / usual) - made.quantity);
        }
        answer.flows.push_back(made);
    }
    answer.cap_rents.assign(
        question.cleared.shared_rent.begin(),
        question.cleared.shared_rent.begin() + static_cast<std::ptrdiff_t>(question.source.caps.size()));
}

void answer_orders(const CaseQuestion& question, CaseAnswer& answer) {
    const SpatialMarketClearing& cleared = question.cleared.markets.front();
    for (const CaseOrder& order : question.source.orders) {
        const CaseNodeAnswer& node = answer.nodes[order.node];
        const LimitOrder step{order.quantity, order.limit, order.limit};
        double filled = 0.0;
        if (order.ask) {
            const double share = marginal_share(question.market.supply[order.node], cleared.supply_price[order.node],
                                                cleared.supplied[order.node]);
            filled =
                sold_of(step, cleared.supply_price[order.node], share) * share_left(node.supplied, node.excess_supply);
        } else {
            const double share = marginal_share(question.market.use[order.node], cleared.use_price[order.node],
                                                cleared.used[order.node]);
            filled = bought_of(step, cleared.use_price[order.node], share) * share_left(node.used, node.shortage);
        }
        answer.orders.push_back({order.quantity > 0.0 ? filled : 0.0});
    }
}

void answer_surplus(const CaseQuestion& question, const std::vector<NodeSide>& sides, CaseAnswer& answer) {
    const SpatialMarketClearing& cleared = question.cleared.markets.front();
    CaseSurplus& surplus = answer.surplus;
    for (std::size_t node = 0; node < answer.nodes.size(); ++node) {
        const CaseNodeAnswer& at = answer.nodes[node];
        const double supply_price = cleared.supply_price[node];
        const double use_price = cleared.use_price[node];
        const NodeSide& supply = sides[2 * node];
        const NodeSide& use = sides[2 * node + 1];
        if (at.sold > 0.0) {
            const double share = share_left(at.supplied, at.excess_supply);
            const double cost = share * supply.area(supply_price, at.supplied);
            surplus.sellers += at.sold * supply_price - cost;
            if (at.excess_supply > 0.0) {
                surplus.rationing_loss +=
                    cost - supply.area(supply.price_for(at.sold, question.lowest, supply_price), at.sold);
            }
        }
        if (at.bought > 0.0) {
            const double share = share_left(at.used, at.shortage);
            const double value = share * use.area(use_price, at.used);
            surplus.buyers += value - at.bought * use_price;
            if (at.shortage > 0.0) {
                surplus.rationing_loss +=
                    use.area(use.price_for(at.bought, use_price, question.highest), at.bought) - value;
            }
        }
    }
    for (const CaseFlowAnswer& flow : answer.flows) {
        surplus.rents += flow.rent_usd;
        surplus.export_duties += flow.export_duty_usd;
        surplus.tariffs += flow.tariff_usd;
        surplus.freight += flow.freight_usd;
        surplus.friction += flow.friction_usd;
        // Buyers pay the use price less the preference cost of the last tonne, and bear the preference cost of each
        // tonne.
        surplus.buyers += flow.preference_cost * flow.quantity - flow.preference_usd;
    }
    surplus.total = surplus.buyers + surplus.sellers + surplus.rents + surplus.export_duties + surplus.tariffs;
}

/// The largest difference between quantities and what the orders and curves of the case come to at the prices, plus or
/// minus a billionth of the price, as a share of the volume: checks the kernel's market against the case.
double curve_error(const CaseQuestion& question, const std::vector<NodeSide>& sides, double volume) {
    const SpatialMarketClearing& cleared = question.cleared.markets.front();
    double worst = 0.0;
    for (std::size_t node = 0; node < question.source.nodes.size(); ++node) {
        for (const bool supply : {true, false}) {
            const double price = (supply ? cleared.supply_price : cleared.use_price)[node];
            const double quantity = (supply ? cleared.supplied : cleared.used)[node];
            if (!question.is_undefined(price, node)) {
                const QuantityRange range = sides[2 * node + (supply ? 0U : 1U)].quantities(
                    price - 1e-9 * std::abs(price), price + 1e-9 * std::abs(price));
                worst = std::max({worst, (range.least - quantity) / volume, (quantity - range.most) / volume});
            }
        }
    }
    return worst;
}

}  // namespace

double CaseAnswer::worst() const {
    double worst = 0.0;
    for (const CaseCondition& condition : certificate) {
        worst = std::max(worst, condition.violation);
    }
    return worst;
}

CaseAnswer clear_case(const MarketCase& asked) {
    CaseQuestion question(asked);
    question.solve();
    CaseAnswer answer;
    double volume = 0.0;
    for (const double used : question.cleared.markets.front().used) {
        volume += used;
    }
    for (std::size_t node = 0; volume <= 0.0 && node < asked.nodes.size(); ++node) {
        volume = std::max(question.market.supply[node].most(), question.market.use[node].most());
    }
    volume = std::max(volume, std::numeric_limits<double>::min());
    answer_nodes(question, volume, answer);
    answer_flows(question, answer);
    answer_orders(question, answer);
    const std::vector<NodeSide> sides = sides_of(question);
    answer_surplus(question, sides, answer);
    const ExactCertificate certificate = certify_exact({&question.market, 1}, question.caps, question.cleared);
    answer.certificate = {{"balance", certificate.balance},     {"orders", certificate.orders},
                          {"arbitrage", certificate.arbitrage}, {"caps", certificate.cap},
                          {"idle_rent", certificate.idle_rent}, {"curves", curve_error(question, sides, volume)}};
    answer.steps = question.cleared.newton_steps;
    if (!(answer.worst() <= promised)) {
        std::string missed;
        for (const CaseCondition& condition : answer.certificate) {
            missed += fmt::format(" {} {:.1e}", condition.name, condition.violation);
        }
        throw std::runtime_error(
            fmt::format("no answer was found that meets every condition to {:.0e}:{}", promised, missed));
    }
    return answer;
}

}  // namespace ytterby

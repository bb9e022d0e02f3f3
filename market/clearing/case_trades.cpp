#include "market/clearing/case_trades.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "market/clearing/detail/case_question.hpp"

namespace ytterby {
namespace {

constexpr std::size_t none = CaseQuestion::none;

SingleOrderMarket stated_market(const CaseQuestion& question) {
    SingleOrderMarket market;
    market.nodes = question.source.nodes.size();
    market.lanes = question.market.lanes;
    market.caps = question.caps;
    for (std::uint32_t number = 0; number < question.source.orders.size(); ++number) {
        const CaseOrder& order = question.source.orders[number];
        market.orders.push_back({order.node, number, order.ask, order.quantity, order.limit});
    }
    return market;
}

double share_beyond(double value, double limit, double scale) {
    return scale > 0.0 ? std::max(0.0, value - limit) / scale : 0.0;
}

}  // namespace

CaseAnswer clear_case_by_trades(const MarketCase& asked) {
    const CaseQuestion question(asked);
    const SingleOrderMarket market = stated_market(question);
    std::vector<SingleTrade> trades;
    if (!asked.made->clear_alone(market, Random(asked.seed), trades)) {
        throw std::logic_error("the mechanism " + asked.mechanism + " does not trade order by order");
    }
    CaseAnswer answer;
    answer.nodes.resize(asked.nodes.size());
    answer.flows.resize(asked.lanes.size());
    answer.orders.resize(asked.orders.size());
    answer.cap_rents.assign(asked.caps.size(), 0.0);
    std::vector<std::size_t> lane_of(market.lanes.size());
    for (std::size_t lane = 0; lane < asked.lanes.size(); ++lane) {
        lane_of[question.lane_in[lane]] = lane;
        if (question.lane_over[lane] != none) {
            lane_of[question.lane_over[lane]] = lane;
        }
    }
    std::vector<double> received(asked.nodes.size(), 0.0), paid(received), flow(market.lanes.size(), 0.0),
        landed_usd(asked.lanes.size(), 0.0);
    double limits = 0.0;
    CaseSurplus& surplus = answer.surplus;
    for (const SingleTrade& trade : trades) {
        const SingleOrder& ask = market.orders[trade.ask];
        const SingleOrder& bid = market.orders[trade.bid];
        CaseNodeAnswer& from = answer.nodes[ask.node];
        CaseNodeAnswer& to = answer.nodes[bid.node];
        double landed = trade.price;
        double preference = 0.0;
        from.sold += trade.quantity;
        to.bought += trade.quantity;
        if (trade.lane == SingleTrade::at_home) {
            to.domestic += trade.quantity;
        } else {
            const SpatialLane& tier = market.lanes[trade.lane];
            const CaseLane& lane = asked.lanes[lane_of[trade.lane]];
            CaseFlowAnswer& made = answer.flows[lane_of[trade.lane]];
            const double border = trade.price * (1.0 + tier.export_duty) + tier.freight;
            landed = tier.delivered(trade.price);
            preference = trade.preference;
            flow[trade.lane] += trade.quantity;
            made.quantity += trade.quantity;
            made.in_quota +=
                lane.rate_quota && trade.lane == question.lane_in[lane_of[trade.lane]] ? trade.quantity : 0.0;
            made.price += trade.quantity * trade.price;
            landed_usd[lane_of[trade.lane]] += trade.quantity * landed;
            made.preference_usd += trade.quantity * preference;
            made.export_duty_usd += trade.quantity * (trade.price * tier.export_duty + lane.specific_export_duty);
            made.freight_usd += trade.quantity * lane.terms.freight;
            made.tariff_usd += trade.quantity * (border * tier.tariff + tier.friction - lane.terms.friction);
            made.friction_usd += trade.quantity * lane.terms.friction;
        }
        received[ask.node] += trade.quantity * trade.price;
        paid[bid.node] += trade.quantity * (landed + preference);
        answer.orders[trade.ask].filled += trade.quantity;
        answer.orders[trade.bid].filled += trade.quantity;
        limits = std::max({limits, share_beyond(ask.limit, trade.price, std::abs(ask.limit)),
                           share_beyond(landed + preference, bid.limit, std::abs(bid.limit))});
        surplus.sellers += trade.quantity * (trade.price - ask.limit);
        surplus.buyers += trade.quantity * (bid.limit - landed - preference);
    }
    for (std::size_t node = 0; node < answer.nodes.size(); ++node) {
        CaseNodeAnswer& at = answer.nodes[node];
        at.supplied = at.sold;
        at.used = at.bought;
        at.supply_price = at.sold > 0.0 ? received[node] / at.sold : std::numeric_limits<double>::quiet_NaN();
        at.use_price = at.bought > 0.0 ? paid[node] / at.bought : std::numeric_limits<double>::quiet_NaN();
        at.price = at.sold > 0.0 ? at.supply_price : at.use_price;
    }
    for (std::size_t lane = 0; lane < answer.flows.size(); ++lane) {
        CaseFlowAnswer& made = answer.flows[lane];
        const bool moved = made.quantity > 0.0;
        made.price = moved ? made.price / made.quantity : answer.nodes[asked.lanes[lane].terms.from].supply_price;
        made.landed_price =
            moved ? landed_usd[lane] / made.quantity : market.lanes[question.lane_in[lane]].delivered(made.price);
        made.preference_cost = moved ? made.preference_usd / made.quantity : 0.0;
        surplus.export_duties += made.export_duty_usd;
        surplus.tariffs += made.tariff_usd;
        surplus.freight += made.freight_usd;
        surplus.friction += made.friction_usd;
    }
    surplus.total = surplus.buyers + surplus.sellers + surplus.export_duties + surplus.tariffs;
    double caps = 0.0;
    double filled = 0.0;
    for (std::size_t lane = 0; lane < market.lanes.size(); ++lane) {
        caps = std::max(caps, share_beyond(flow[lane], market.lanes[lane].cap, market.lanes[lane].cap));
    }
    for (const SharedCap& cap : market.caps) {
        double used = 0.0;
        for (const SharedCap::Member& member : cap.members) {
            used += flow[member.lane];
        }
        caps = std::max(caps, share_beyond(used, cap.cap, cap.cap));
    }
    for (std::size_t order = 0; order < answer.orders.size(); ++order) {
        filled = std::max(filled, share_beyond(answer.orders[order].filled, asked.orders[order].quantity,
                                               asked.orders[order].quantity));
    }
    answer.certificate = {{"limits", limits}, {"orders", filled}, {"caps", caps}};
    answer.trades = trades.size();
    const CaseAnswer competitive = clear_case(asked);
    answer.efficiency = competitive.surplus.total != 0.0 ? surplus.total / competitive.surplus.total : 1.0;
    return answer;
}

}  // namespace ytterby

#include "market/clearing/case_trades.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "core/maths.hpp"
#include "market/clearing/detail/case_question.hpp"

namespace ytterby {
namespace {

SingleOrderMarket single_order_market(const CaseQuestion& question) {
    SingleOrderMarket market;
    market.nodes = question.source.nodes.size();
    market.lanes = question.lanes;
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

/// Sums the trades of a case into its answer.
class TradeSums {
public:
    TradeSums(const CaseQuestion& question, const SingleOrderMarket& market)
        : question_(question),
          case_(question.source),
          market_(market),
          lane_of_(market.lanes.size()),
          received_(case_.nodes.size(), 0.0),
          paid_(case_.nodes.size(), 0.0),
          flow_(market.lanes.size(), 0.0),
          landed_usd_(case_.lanes.size(), 0.0) {
        answer_.nodes.resize(case_.nodes.size());
        answer_.flows.resize(case_.lanes.size());
        answer_.orders.resize(case_.orders.size());
        answer_.cap_rents.assign(case_.caps.size(), 0.0);
        for (std::size_t lane = 0; lane < case_.lanes.size(); ++lane) {
            lane_of_[question.lane_in[lane]] = lane;
            if (question.lane_over[lane] != CaseQuestion::none) {
                lane_of_[question.lane_over[lane]] = lane;
            }
        }
    }

    void add(const SingleTrade& trade) {
        const SingleOrder& ask = market_.orders[trade.ask];
        const SingleOrder& bid = market_.orders[trade.bid];
        double landed = trade.price;
        double preference = 0.0;
        answer_.nodes[ask.node].sold += trade.quantity;
        answer_.nodes[bid.node].bought += trade.quantity;
        if (trade.lane == SingleTrade::at_home) {
            answer_.nodes[bid.node].domestic += trade.quantity;
        } else {
            landed = market_.lanes[trade.lane].delivered(trade.price);
            preference = trade.preference;
            add_to_lane(trade, landed);
        }
        received_[ask.node] += trade.quantity * trade.price;
        paid_[bid.node] += trade.quantity * (landed + preference);
        answer_.orders[trade.ask].filled += trade.quantity;
        answer_.orders[trade.bid].filled += trade.quantity;
        worst_limit_ = std::max({worst_limit_, share_beyond(ask.limit, trade.price, std::abs(ask.limit)),
                                 share_beyond(landed + preference, bid.limit, std::abs(bid.limit))});
        answer_.surplus.sellers += trade.quantity * (trade.price - ask.limit);
        answer_.surplus.buyers += trade.quantity * (bid.limit - landed - preference);
    }

    CaseAnswer finish() {
        finish_nodes();
        finish_flows();
        answer_.certificate = {{"limits", worst_limit_}, {"orders", worst_order()}, {"caps", worst_cap()}};
        return std::move(answer_);
    }

private:
    void add_to_lane(const SingleTrade& trade, double landed) {
        const std::size_t number = lane_of_[trade.lane];
        const SpatialLane& tier = market_.lanes[trade.lane];
        const CaseLane& lane = case_.lanes[number];
        CaseFlowAnswer& made = answer_.flows[number];
        const double border = trade.price * (1.0 + tier.export_duty) + tier.freight;
        flow_[trade.lane] += trade.quantity;
        made.quantity += trade.quantity;
        made.in_quota += lane.rate_quota && trade.lane == question_.lane_in[number] ? trade.quantity : 0.0;
        made.price += trade.quantity * trade.price;
        landed_usd_[number] += trade.quantity * landed;
        made.preference_usd += trade.quantity * trade.preference;
        made.export_duty_usd += trade.quantity * (trade.price * tier.export_duty + lane.specific_export_duty);
        made.freight_usd += trade.quantity * lane.terms.freight;
        made.tariff_usd += trade.quantity * (border * tier.tariff + tier.friction - lane.terms.friction);
        made.friction_usd += trade.quantity * lane.terms.friction;
    }

    void finish_nodes() {
        for (std::size_t node = 0; node < answer_.nodes.size(); ++node) {
            CaseNodeAnswer& at = answer_.nodes[node];
            at.supplied = at.sold;
            at.used = at.bought;
            at.supply_price = at.sold > 0.0 ? received_[node] / at.sold : undefined;
            at.use_price = at.bought > 0.0 ? paid_[node] / at.bought : undefined;
            at.price = at.sold > 0.0 ? at.supply_price : at.use_price;
        }
    }

    void finish_flows() {
        CaseSurplus& surplus = answer_.surplus;
        for (std::size_t lane = 0; lane < answer_.flows.size(); ++lane) {
            CaseFlowAnswer& made = answer_.flows[lane];
            const bool moved = made.quantity > 0.0;
            made.price = moved ? made.price / made.quantity : answer_.nodes[case_.lanes[lane].terms.from].supply_price;
            made.landed_price = moved ? landed_usd_[lane] / made.quantity
                                      : market_.lanes[question_.lane_in[lane]].delivered(made.price);
            made.preference_cost = moved ? made.preference_usd / made.quantity : 0.0;
            surplus.export_duties += made.export_duty_usd;
            surplus.tariffs += made.tariff_usd;
            surplus.freight += made.freight_usd;
            surplus.friction += made.friction_usd;
        }
        surplus.total = surplus.buyers + surplus.sellers + surplus.export_duties + surplus.tariffs;
    }

    double worst_cap() const {
        double worst = 0.0;
        for (std::size_t lane = 0; lane < market_.lanes.size(); ++lane) {
            worst = std::max(worst, share_beyond(flow_[lane], market_.lanes[lane].cap, market_.lanes[lane].cap));
        }
        for (const SharedCap& cap : market_.caps) {
            double used = 0.0;
            for (const SharedCap::Member& member : cap.members) {
                used += flow_[member.lane];
            }
            worst = std::max(worst, share_beyond(used, cap.cap, cap.cap));
        }
        return worst;
    }

    double worst_order() const {
        double worst = 0.0;
        for (std::size_t order = 0; order < answer_.orders.size(); ++order) {
            const double quantity = case_.orders[order].quantity;
            worst = std::max(worst, share_beyond(answer_.orders[order].filled, quantity, quantity));
        }
        return worst;
    }

    const CaseQuestion& question_;
    const MarketCase& case_;
    const SingleOrderMarket& market_;
    CaseAnswer answer_;
    std::vector<std::size_t> lane_of_;     // per lane of the market: its lane of the case
    std::vector<double> received_, paid_;  // per node, USD; paid with the preference
    std::vector<double> flow_;             // per lane of the market, t
    std::vector<double> landed_usd_;       // per lane of the case
    double worst_limit_ = 0.0;             // largest violation of an order's limit, a share of it
};

}  // namespace

CaseAnswer clear_case_by_trades(const MarketCase& asked) {
    const CaseQuestion question(asked);
    const SingleOrderMarket market = single_order_market(question);
    std::vector<SingleTrade> trades;
    if (!asked.made->clear_alone(market, Random(asked.seed), trades)) {
        throw std::logic_error("the mechanism " + asked.mechanism + " does not trade order by order");
    }
    TradeSums sums(question, market);
    for (const SingleTrade& trade : trades) {
        sums.add(trade);
    }
    CaseAnswer answer = sums.finish();
    answer.trades = trades.size();
    const CaseAnswer competitive = clear_case(asked);
    answer.efficiency = competitive.surplus.total != 0.0 ? answer.surplus.total / competitive.surplus.total : 1.0;
    return answer;
}

}  // namespace ytterby

#include "market/single_trades/listing.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/check.hpp"

namespace ytterby {
namespace {

/// Rounding of a price or a quantity against its limit, relative.
constexpr double rounding = 1e-9;

/// The rising part of one schedule's asks and bids, as single orders.
class Steps {
public:
    Steps(const PricePoints& points, std::uint32_t node, std::uint32_t pieces, std::vector<SingleOrder>& orders)
        : points_(points), node_(node), pieces_(pieces), orders_(orders) {}

    void cut(const Schedule& schedule, std::uint32_t row) {
        double offered = 0.0;
        for (std::size_t point = 0; point < schedule_points; ++point) {
            const double here = -static_cast<double>(schedule.net_quantity[point]);
            if (here > offered) {
                add(row, true, here - offered, point > 0 ? points_.price[point - 1] : points_.price[0],
                    points_.price[point]);
                offered = here;
            }
        }
        double wanted = 0.0;
        for (std::size_t above = schedule_points; above > 0; --above) {
            const std::size_t point = above - 1;
            const double here = static_cast<double>(schedule.net_quantity[point]);
            if (here > wanted) {
                add(row, false, here - wanted, above < schedule_points ? points_.price[above] : points_.price[point],
                    points_.price[point]);
                wanted = here;
            }
        }
    }

private:
    /// A quantity that comes to the market as the price goes from one point to the next.
    void add(std::uint32_t row, bool ask, double quantity, double from, double to) {
        const std::uint32_t parts = from < to || to < from ? pieces_ : 1;
        for (std::uint32_t part = 1; part <= parts; ++part) {
            const double limit =
                part == parts ? to : from + (to - from) * static_cast<double>(part) / static_cast<double>(parts);
            orders_.push_back({node_, row, ask, quantity / static_cast<double>(parts), limit});
        }
    }

    const PricePoints& points_;
    std::uint32_t node_;
    std::uint32_t pieces_;
    std::vector<SingleOrder>& orders_;
};

/// What happened at a node of the stated market.
struct NodeTotals {
    double sold = 0.0, bought = 0.0, domestic = 0.0;  // t
    double received = 0.0, rents = 0.0;               // USD; rents: that sellers keep
    double paid = 0.0, preferred = 0.0;               // USD; preferred: paid and the preference beside it
    bool asks = false, bids = false;                  // whether the side has orders
};

/// What the trades of a group must respect, checked as they are booked.
class TradeCheck {
public:
    explicit TradeCheck(const SingleOrderMarket& market) : market_(market), filled_(market.orders.size(), 0.0) {}

    void check(const SingleTrade& trade, double landed) {
        const SingleOrder& ask = market_.orders[trade.ask];
        const SingleOrder& bid = market_.orders[trade.bid];
        ensure(ask.ask && !bid.ask, "a trade is between an ask and a bid");
        ensure(trade.quantity > 0.0, "a trade has a positive quantity");
        if (trade.lane == SingleTrade::at_home) {
            ensure(ask.node == bid.node, "a trade at home stays at its node");
        } else {
            const SpatialLane& lane = market_.lanes[trade.lane];
            ensure(ask.node == lane.from && bid.node == lane.to, "a trade goes over its own lane");
        }
        ensure(trade.price >= ask.limit * (1.0 - rounding), "no seller gets less than its limit");
        ensure(landed + trade.preference <= bid.limit + rounding * std::max(bid.limit, landed),
               "no buyer pays more than its limit");
        for (const std::uint32_t order : {trade.ask, trade.bid}) {
            filled_[order] += trade.quantity;
            ensure(filled_[order] <= market_.orders[order].quantity * (1.0 + rounding),
                   "no order is filled beyond its quantity");
        }
    }

private:
    const SingleOrderMarket& market_;
    std::vector<double> filled_;
};

/// Whose limit a lane's rent belongs to: its own cap's if it has one, else the first shared limit's over it.
struct RentRights {
    static constexpr std::size_t own = static_cast<std::size_t>(-1);
    std::size_t limit = own;  // in LaneRules::shared_limits
    bool treasury = false;
};

std::vector<RentRights> rent_rights(const MarketInput& input, const CoupledGoods& group,
                                    const SingleOrderMarket& market) {
    const std::size_t countries = input.network.countries;
    std::vector<RentRights> rights;
    for (const SpatialLane& lane : market.lanes) {
        const LaneRule& rule =
            input.rules.rule(group.goods[lane.from / countries], id_at<CountryId>(lane.from % countries),
                             id_at<CountryId>(lane.to % countries));
        rights.push_back({RentRights::own, rule.rent_holder() == RentHolder::treasury});
    }
    for (std::size_t cap = market.caps.size(); cap-- > 0;) {  // the first is written last
        const std::size_t limit = group.limits[cap];
        for (const SharedCap::Member& member : market.caps[cap].members) {
            if (!std::isfinite(market.lanes[member.lane].cap)) {
                rights[member.lane] = {limit, input.rules.shared_limits()[limit].rent_holder == RentHolder::treasury};
            }
        }
    }
    return rights;
}

double kept_within(const PricePoints& points, double price) {
    return std::clamp(price, points.price[0], points.price[schedule_points - 1]);
}

}  // namespace

SingleOrderMarket state_orders(const MarketInput& input, const CoupledGoods& group, std::uint32_t pieces) {
    ensure(pieces > 0, "an interval has at least one piece");
    const std::size_t countries = input.network.countries;
    SingleOrderMarket market;
    market.nodes = group.goods.size() * countries;
    std::vector<std::uint32_t> first_lane;
    for (std::size_t number = 0; number < group.goods.size(); ++number) {
        const GoodId good = group.goods[number];
        for (const OrderBlock& block : input.orders.blocks) {
            const std::size_t country = block.node.index() - good.index() * countries;
            if (country >= countries) {
                continue;  // another good: the difference wraps around
            }
            Steps steps(input.orders.points[block.node.index()],
                        static_cast<std::uint32_t>(number * countries + country), pieces, market.orders);
            for (std::uint32_t row = block.first_row; row < block.first_row + block.rows; ++row) {
                steps.cut(input.orders.rows[row], row);
            }
        }
        const GoodLanes& book = input.network.goods[good.index()];
        first_lane.push_back(static_cast<std::uint32_t>(market.lanes.size()));
        for (std::size_t lane = 0; lane < book.lanes.size(); ++lane) {
            SpatialLane stated = lane_terms(input, good, lane);
            stated.from += static_cast<std::uint32_t>(number * countries);
            stated.to += static_cast<std::uint32_t>(number * countries);
            market.lanes.push_back(stated);
        }
    }
    market.caps = shared_caps_of(input, group);
    for (SharedCap& cap : market.caps) {
        for (SharedCap::Member& member : cap.members) {
            member = {0, first_lane[member.market] + member.lane};
            if (cap.cap <= 0.0) {
                market.lanes[member.lane].cap = 0.0;
            }
        }
    }
    return market;
}

void begin_trades(const MarketInput& input, Trades& trades) {
    trades.lanes.assign(input.network.lane_count, LaneTrade{});
    trades.nodes.resize(input.network.node_count());
    trades.rows.resize(input.orders.rows.size());
    trades.shared_rents.assign(input.rules.shared_limits().size(), 0.0);
    trades.shared_used_t = trades.shared_rents;
    trades.quality = {};
}

void book_trades(const MarketInput& input, const CoupledGoods& group, const SingleOrderMarket& market,
                 std::span<const SingleTrade> booked, Trades& trades) {
    const std::size_t countries = input.network.countries;
    std::vector<std::size_t> lane_row;  // of each lane of the stated market
    for (const GoodId good : group.goods) {
        const GoodLanes& book = input.network.goods[good.index()];
        for (std::size_t lane = 0; lane < book.lanes.size(); ++lane) {
            lane_row.push_back(book.first_lane + lane);
        }
    }
    std::vector<NodeTotals> totals(market.nodes);
    for (const SingleOrder& order : market.orders) {
        (order.ask ? totals[order.node].asks : totals[order.node].bids) = true;
    }
    const std::vector<RentRights> holders = rent_rights(input, group, market);
    TradeCheck check(market);
    double all_paid = 0.0, all_received = 0.0, all_between = 0.0;
    for (const SingleTrade& trade : booked) {
        const SingleOrder& ask = market.orders[trade.ask];
        const SingleOrder& bid = market.orders[trade.bid];
        const double received = trade.quantity * trade.price;
        const double scarcity = trade.quantity * trade.rent;
        double rent = scarcity;
        double between = 0.0;  // what the buyer pays and the seller does not get
        if (trade.lane != SingleTrade::at_home) {
            const SpatialLane& lane = market.lanes[trade.lane];
            LaneTrade& over = trades.lanes[lane_row[trade.lane]];
            const double duty = received * lane.export_duty;
            const double freight = trade.quantity * lane.freight;
            const double tariff = (received + duty + freight) * lane.tariff + trade.quantity * lane.specific_tariff;
            const double friction = trade.quantity * (lane.friction - lane.reserve_rent - lane.specific_tariff);
            rent += trade.quantity * lane.reserve_rent;
            over.tonnes += trade.quantity;
            over.fob_usd += received;
            over.export_duty_usd += duty;
            over.freight_usd += freight;
            over.tariff_usd += tariff;
            over.friction_usd += friction;
            over.rent_usd += rent;
            over.rent_to_treasury_usd += holders[trade.lane].treasury ? rent : 0.0;
            between = duty + freight + tariff + friction;
            if (holders[trade.lane].limit != RentRights::own) {
                trades.shared_rents[holders[trade.lane].limit] += scarcity;
            }
        }
        const double kept = trade.lane != SingleTrade::at_home && holders[trade.lane].treasury ? 0.0 : rent;
        const double paid = received + between + rent;
        check.check(trade, paid / trade.quantity);
        trades.rows.sold_t[ask.trader] += trade.quantity;
        trades.rows.received_usd[ask.trader] += received + kept;
        trades.rows.bought_t[bid.trader] += trade.quantity;
        trades.rows.paid_usd[bid.trader] += paid;
        NodeTotals& seller = totals[ask.node];
        seller.sold += trade.quantity;
        seller.received += received;
        seller.rents += kept;
        seller.domestic += trade.lane == SingleTrade::at_home ? trade.quantity : 0.0;
        NodeTotals& buyer = totals[bid.node];
        buyer.bought += trade.quantity;
        buyer.paid += paid;
        buyer.preferred += paid + trade.quantity * trade.preference;
        all_received += received;
        all_between += between + rent;
        all_paid += paid;
    }
    for (std::size_t number = 0; number < market.nodes; ++number) {
        const std::size_t node =
            input.network.node(group.goods[number / countries], id_at<CountryId>(number % countries)).index();
        const NodeTotals& total = totals[number];
        const PricePoints& points = input.orders.points[node];
        NodeTrades& nodes = trades.nodes;
        double supply = total.sold > 0.0 ? total.received / total.sold : input.last_supply_price[node];
        double use =
            total.bought > 0.0 ? kept_within(points, total.preferred / total.bought) : input.last_use_price[node];
        if (total.sold > 0.0 && !total.bids) {
            use = supply;
        } else if (total.bought > 0.0 && !total.asks) {
            supply = use;
        }
        nodes.supply_price[node] = supply;
        nodes.use_price[node] = use;
        nodes.sold_t[node] = total.sold;
        nodes.bought_t[node] = total.bought;
        nodes.domestic_t[node] = total.domestic;
        nodes.receipt_usd_per_t[node] = total.sold > 0.0 ? supply + total.rents / total.sold : supply;
        nodes.landed_usd_per_t[node] = total.bought > 0.0 ? total.paid / total.bought : use;
    }
    MarketQuality& quality = trades.quality;
    for (std::size_t number = 0; number < market.lanes.size(); ++number) {
        const SpatialLane& lane = market.lanes[number];
        LaneTrade& trade = trades.lanes[lane_row[number]];
        const std::size_t good = group.goods[lane.from / countries].index();
        const std::size_t from = good * countries + lane.from % countries;
        const std::size_t to = good * countries + lane.to % countries;
        trade.cap_t = lane.cap;
        trade.rent_usd_per_t = trade.tonnes > 0.0 ? trade.rent_usd / trade.tonnes : 0.0;
        trade.premium_usd_per_t =
            trades.nodes.use_price[to] - lane.delivered(trades.nodes.supply_price[from]) - lane.preference;
        if (trade.tonnes > lane.cap) {
            quality.worst_cap = std::max(quality.worst_cap, lane.cap > 0.0 ? trade.tonnes / lane.cap - 1.0 : 1.0);
        }
    }
    for (std::size_t cap = 0; cap < market.caps.size(); ++cap) {
        double& used = trades.shared_used_t[group.limits[cap]];
        double charged = 0.0;  // t that paid this limit's rent
        for (const SharedCap::Member& member : market.caps[cap].members) {
            const double tonnes = trades.lanes[lane_row[member.lane]].tonnes;
            used += tonnes;
            charged += holders[member.lane].limit == group.limits[cap] ? tonnes : 0.0;
        }
        double& rent = trades.shared_rents[group.limits[cap]];
        rent = charged > 0.0 ? rent / charged : 0.0;
        if (used > market.caps[cap].cap) {
            quality.worst_cap =
                std::max(quality.worst_cap, market.caps[cap].cap > 0.0 ? used / market.caps[cap].cap - 1.0 : 1.0);
        }
    }
    if (all_paid > 0.0) {
        quality.worst_balance =
            std::max(quality.worst_balance, std::fabs(all_paid - all_received - all_between) / all_paid);
    }
    quality.iterations += static_cast<int>(booked.size());
    ++quality.markets;
}

}  // namespace ytterby

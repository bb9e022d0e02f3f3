#include "market/single_trades/listing.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/check.hpp"

namespace ytterby {
namespace {

/// Rounding of a price or a quantity against its limit, relative.
constexpr double limit_rounding = 1e-9;

/// Cuts schedules of one node into single orders.
class ScheduleCutter {
public:
    ScheduleCutter(const PricePoints& points, std::uint32_t node, std::uint32_t pieces,
                   std::vector<SingleOrder>& orders)
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
    /// Adds the quantity by which a schedule rises as the price goes from one point to the next.
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

/// What was traded at a node of the market.
struct NodeTotals {
    double sold = 0.0, bought = 0.0, domestic = 0.0;  // t
    double received = 0.0, rents = 0.0;               // USD; only rents that sellers keep
    double paid = 0.0, counted = 0.0;                 // USD; counted: paid plus the preference
    bool asks = false, bids = false;                  // whether the side has orders
};

/// Checks each trade of a group as it is booked.
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
        ensure(trade.price >= ask.limit * (1.0 - limit_rounding), "no seller gets less than its limit");
        ensure(landed + trade.preference <= bid.limit + limit_rounding * std::max(bid.limit, landed),
               "no buyer pays more than its limit");
        for (const std::uint32_t order : {trade.ask, trade.bid}) {
            filled_[order] += trade.quantity;
            ensure(filled_[order] <= market_.orders[order].quantity * (1.0 + limit_rounding),
                   "no order is filled beyond its quantity");
        }
    }

private:
    const SingleOrderMarket& market_;
    std::vector<double> filled_;
};

/// Which limit a lane's rent belongs to: its own cap if it has one, else the first shared limit over it.
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
    for (std::size_t cap = market.caps.size(); cap-- > 0;) {  // the first is written last and prevails
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

SingleOrderMarket list_orders(const MarketInput& input, const CoupledGoods& group, std::uint32_t pieces) {
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
            ScheduleCutter cutter(input.orders.points[block.node.index()],
                                  static_cast<std::uint32_t>(number * countries + country), pieces, market.orders);
            for (std::uint32_t row = block.first_row; row < block.first_row + block.rows; ++row) {
                cutter.cut(input.orders.rows[row], row);
            }
        }
        const GoodLanes& book = input.network.goods[good.index()];
        first_lane.push_back(static_cast<std::uint32_t>(market.lanes.size()));
        for (std::size_t lane = 0; lane < book.lanes.size(); ++lane) {
            SpatialLane terms = lane_terms(input, good, lane);
            terms.from += static_cast<std::uint32_t>(number * countries);
            terms.to += static_cast<std::uint32_t>(number * countries);
            market.lanes.push_back(terms);
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

void reset_trades(const MarketInput& input, Trades& trades) {
    trades.lanes.assign(input.network.lane_count, LaneTrade{});
    trades.nodes.resize(input.network.node_count());
    trades.rows.resize(input.orders.rows.size());
    trades.shared_rents.assign(input.rules.shared_limits().size(), 0.0);
    trades.shared_used_t = trades.shared_rents;
    trades.quality = {};
}

namespace {

/// Books the trades of one group, part by part.
class GroupBooking {
public:
    GroupBooking(const MarketInput& input, const CoupledGoods& group, const SingleOrderMarket& market, Trades& trades)
        : input_(input),
          group_(group),
          market_(market),
          trades_(trades),
          totals_(market.nodes),
          rights_(rent_rights(input, group, market)),
          check_(market) {
        for (const GoodId good : group.goods) {
            const GoodLanes& book = input.network.goods[good.index()];
            for (std::size_t lane = 0; lane < book.lanes.size(); ++lane) {
                lane_row_.push_back(book.first_lane + lane);
            }
        }
        for (const SingleOrder& order : market.orders) {
            (order.ask ? totals_[order.node].asks : totals_[order.node].bids) = true;
        }
    }

    void book_trade(const SingleTrade& trade) {
        const SingleOrder& ask = market_.orders[trade.ask];
        const SingleOrder& bid = market_.orders[trade.bid];
        const bool at_home = trade.lane == SingleTrade::at_home;
        const double received = trade.quantity * trade.price;
        const double scarcity = trade.quantity * trade.rent;
        double rent = scarcity;
        double between = 0.0;
        if (!at_home) {
            rent += trade.quantity * market_.lanes[trade.lane].reserve_rent;
            between = book_lane(trade, received, rent);
            if (rights_[trade.lane].limit != RentRights::own) {
                trades_.shared_rents[rights_[trade.lane].limit] += scarcity;
            }
        }
        const double kept = !at_home && rights_[trade.lane].treasury ? 0.0 : rent;
        const double paid = received + between + rent;
        check_.check(trade, paid / trade.quantity);
        trades_.rows.sold_t[ask.trader] += trade.quantity;
        trades_.rows.received_usd[ask.trader] += received + kept;
        trades_.rows.bought_t[bid.trader] += trade.quantity;
        trades_.rows.paid_usd[bid.trader] += paid;
        NodeTotals& seller = totals_[ask.node];
        seller.sold += trade.quantity;
        seller.received += received;
        seller.rents += kept;
        seller.domestic += at_home ? trade.quantity : 0.0;
        NodeTotals& buyer = totals_[bid.node];
        buyer.bought += trade.quantity;
        buyer.paid += paid;
        buyer.counted += paid + trade.quantity * trade.preference;
        all_received_ += received;
        all_between_ += between + rent;
        all_paid_ += paid;
    }

    void book_nodes() {
        for (std::size_t number = 0; number < market_.nodes; ++number) {
            const std::size_t node = node_of(number);
            const NodeTotals& total = totals_[number];
            NodeTrades& nodes = trades_.nodes;
            double supply = total.sold > 0.0 ? total.received / total.sold : input_.last_supply_price[node];
            double use = total.bought > 0.0 ? kept_within(input_.orders.points[node], total.counted / total.bought)
                                            : input_.last_use_price[node];
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
    }

    /// Books what depends on the prices of nodes; call it after book_nodes.
    void book_lane_prices() {
        for (std::size_t number = 0; number < market_.lanes.size(); ++number) {
            const SpatialLane& lane = market_.lanes[number];
            LaneTrade& trade = trades_.lanes[lane_row_[number]];
            trade.cap_t = lane.cap;
            trade.rent_usd_per_t = trade.tonnes > 0.0 ? trade.rent_usd / trade.tonnes : 0.0;
            trade.premium_usd_per_t = trades_.nodes.use_price[node_of(lane.to)] -
                                      lane.delivered(trades_.nodes.supply_price[node_of(lane.from)]) - lane.preference;
            note_excess(trade.tonnes, lane.cap);
        }
    }

    void book_shared_limits() {
        for (std::size_t cap = 0; cap < market_.caps.size(); ++cap) {
            const std::size_t limit = group_.limits[cap];
            double& used = trades_.shared_used_t[limit];
            double charged = 0.0;  // t that paid this limit's rent
            for (const SharedCap::Member& member : market_.caps[cap].members) {
                const double tonnes = trades_.lanes[lane_row_[member.lane]].tonnes;
                used += tonnes;
                charged += rights_[member.lane].limit == limit ? tonnes : 0.0;
            }
            double& rent = trades_.shared_rents[limit];
            rent = charged > 0.0 ? rent / charged : 0.0;
            note_excess(used, market_.caps[cap].cap);
        }
    }

    void book_quality(std::size_t trades) {
        MarketQuality& quality = trades_.quality;
        if (all_paid_ > 0.0) {
            quality.worst_balance =
                std::max(quality.worst_balance, std::fabs(all_paid_ - all_received_ - all_between_) / all_paid_);
        }
        quality.iterations += static_cast<int>(trades);
        ++quality.markets;
    }

private:
    std::size_t node_of(std::size_t number) const {
        const std::size_t countries = input_.network.countries;
        return input_.network.node(group_.goods[number / countries], id_at<CountryId>(number % countries)).index();
    }

    /// Adds a trade to its lane. Returns what the buyer pays beside price and rents, USD.
    double book_lane(const SingleTrade& trade, double received, double rent) {
        const SpatialLane& lane = market_.lanes[trade.lane];
        LaneTrade& over = trades_.lanes[lane_row_[trade.lane]];
        const double duty = received * lane.export_duty;
        const double freight = trade.quantity * lane.freight;
        const double tariff = (received + duty + freight) * lane.tariff + trade.quantity * lane.specific_tariff;
        const double friction = trade.quantity * (lane.friction - lane.reserve_rent - lane.specific_tariff);
        over.tonnes += trade.quantity;
        over.fob_usd += received;
        over.export_duty_usd += duty;
        over.freight_usd += freight;
        over.tariff_usd += tariff;
        over.friction_usd += friction;
        over.rent_usd += rent;
        over.rent_to_treasury_usd += rights_[trade.lane].treasury ? rent : 0.0;
        return duty + freight + tariff + friction;
    }

    void note_excess(double tonnes, double cap) {
        if (tonnes > cap) {
            double& worst = trades_.quality.worst_cap;
            worst = std::max(worst, cap > 0.0 ? tonnes / cap - 1.0 : 1.0);
        }
    }

    const MarketInput& input_;
    const CoupledGoods& group_;
    const SingleOrderMarket& market_;
    Trades& trades_;
    std::vector<NodeTotals> totals_;
    std::vector<RentRights> rights_;     // per lane
    std::vector<std::size_t> lane_row_;  // per lane of the market: its row in Trades::lanes
    TradeCheck check_;
    double all_paid_ = 0.0, all_received_ = 0.0, all_between_ = 0.0;  // USD
};

}  // namespace

void book_trades(const MarketInput& input, const CoupledGoods& group, const SingleOrderMarket& market,
                 std::span<const SingleTrade> booked, Trades& trades) {
    GroupBooking booking(input, group, market, trades);
    for (const SingleTrade& trade : booked) {
        booking.book_trade(trade);
    }
    booking.book_nodes();
    booking.book_lane_prices();
    booking.book_shared_limits();
    booking.book_quality(booked.size());
}

}  // namespace ytterby

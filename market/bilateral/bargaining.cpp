#include "market/bilateral/bargaining.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <tuple>

#include "core/maths.hpp"
#include "market/bilateral/detail/seller_search.hpp"
#include "market/bilateral/partners.hpp"
#include "market/purposes.hpp"
#include "market/single_trades/trader_ladders.hpp"

namespace ytterby {
namespace {

/// The answer of one seller that was asked.
struct SellerAnswer {
    std::uint32_t seller = 0;
    std::uint32_t lane = SingleTrade::at_home;
    double value = 0.0;  // the least that it would accept now, USD/t at its node
    double wedge = 0.0;  // the buyer's preference against the route, USD/t
    double full = 0.0;   // landed price of that value plus the wedge
};

/// One tick of search and bargaining in one market.
class Bargaining {
public:
    Bargaining(const BilateralTick& session, const MarketMemory& memory, std::vector<SingleTrade>& trades)
        : market_(session.market),
          rules_(session.rules),
          known_(session.known),
          random_(session.random),
          tick_(session.tick),
          memory_(memory),
          trades_(trades),
          sellers_(make_ladders(market_, true, known_.supply)),
          buyers_(make_ladders(market_, false, known_.use)),
          search_(market_, sellers_, buyers_),
          flow_(market_.lanes.size(), 0.0),
          room_(market_.lanes.size()),
          cap_used_(market_.caps.size(), 0.0),
          lane_caps_(market_.lanes.size()) {
        for (std::uint32_t cap = 0; cap < market_.caps.size(); ++cap) {
            for (const SharedCap::Member& member : market_.caps[cap].members) {
                lane_caps_[member.lane].push_back(cap);
            }
        }
    }

    BilateralEffort run() {
        std::vector<std::pair<double, std::uint32_t>> arrivals;  // time within the round, buyer
        for (round_ = 0; round_ < rules_.rounds; ++round_) {
            for (std::size_t lane = 0; lane < room_.size(); ++lane) {
                room_[lane] = room_of(static_cast<std::uint32_t>(lane));
            }
            search_.open_round(sellers_, room_);
            arrivals.clear();
            for (std::uint32_t buyer = 0; buyer < buyers_.ladders.size(); ++buyer) {
                if (!buyers_.ladders[buyer].done()) {
                    arrivals.emplace_back(
                        random_.uniform(buyers_.ladders[buyer].trader, purposes::buyer_arrival, tick_, round_), buyer);
                }
            }
            std::sort(arrivals.begin(), arrivals.end());
            for (const auto& [moment, buyer] : arrivals) {
                elapsed_ = (round_ + moment) / rules_.rounds;
                visit(buyers_.ladders[buyer]);
            }
        }
        return effort_;
    }

private:
    static double known_at(std::span<const double> prices, std::uint32_t node) {
        return node < prices.size() && prices[node] > 0.0 ? prices[node] : 0.0;
    }

    double room_of(std::uint32_t lane) const {
        double room = market_.lanes[lane].cap - flow_[lane];
        for (const std::uint32_t cap : lane_caps_[lane]) {
            room = std::min(room, market_.caps[cap].cap - cap_used_[cap]);
        }
        return std::max(0.0, room);
    }

    /// How far from the last price a trader that has not traded goes in this round, a share.
    double concession() const {
        return rules_.first_concession * std::ldexp(1.0, static_cast<int>(std::min(round_, 60U)));
    }

    double delivered(std::uint32_t lane, double price) const {
        return lane == SingleTrade::at_home ? price : market_.lanes[lane].delivered(price);
    }

    /// The price at the origin that gives a landed price.
    double netback(std::uint32_t lane, double landed) const {
        if (lane == SingleTrade::at_home) {
            return landed;
        }
        const SpatialLane& by = market_.lanes[lane];
        return ((landed - by.friction) / (1.0 + by.tariff) - by.freight) / (1.0 + by.export_duty);
    }

    /// What the lane will have carried by the end of the tick, t: what it has carried so far plus, for the rest of the
    /// tick, its usual flow as far as there is room.
    double expected_flow(std::uint32_t lane) const {
        return flow_[lane] + (1.0 - elapsed_) * std::min(market_.lanes[lane].usual_flow, room_of(lane));
    }

    bool has_slope(std::uint32_t lane) const {
        return market_.lanes[lane].preference_slope > 0.0 && market_.lanes[lane].opening_flow > 0.0;
    }

    /// The origin preference at the expected flow, USD/t.
    double wedge_of(std::uint32_t lane) const {
        if (lane == SingleTrade::at_home) {
            return 0.0;
        }
        const SpatialLane& by = market_.lanes[lane];
        return has_slope(lane) ? by.preference + by.preference_slope * log((expected_flow(lane) + by.opening_flow) /
                                                                           (by.usual_flow + by.opening_flow))
                               : by.preference;
    }

    /// How much more the lane can carry before its wedge rises by `more`, t.
    double flow_until(std::uint32_t lane, double wedge, double more) const {
        if (lane == SingleTrade::at_home || !has_slope(lane)) {
            return infinite;
        }
        const SpatialLane& by = market_.lanes[lane];
        const double flow = (by.usual_flow + by.opening_flow) *
                                exp(std::min(700.0, (wedge + more - by.preference) / by.preference_slope)) -
                            by.opening_flow;
        return std::max(0.0, flow - expected_flow(lane));
    }

    /// The least that a seller accepts: its marginal limit or, if that is higher, what it expects to get from the next
    /// buyer, which is the last price as its sales have moved it. Half of the inquiry counts as sold: on average that
    /// much is sold while it serves this buyer.
    double value_of(const Ladder& seller) const {
        const double limit = seller.limit;
        const double last = known_at(known_.supply, seller.node);
        if (last <= 0.0) {
            return limit;
        }
        const double sold = seller.at_known > 0.0 ? (seller.traded + 0.5 * inquiry_) / seller.at_known : 1.0;
        return std::max(limit, last * paced(sold));
    }

    /// What a seller expects over a lane that a cap rations, USD/t at the origin: the last price at the destination,
    /// moved by the use of the cap as a seller's price is moved by its sales; zero over other lanes.
    double rationed_value(std::uint32_t lane) const {
        if (lane == SingleTrade::at_home || (market_.lanes[lane].cap == infinite && lane_caps_[lane].empty())) {
            return 0.0;
        }
        const double last = known_at(known_.use, market_.lanes[lane].to);
        double used = flow_[lane] / market_.lanes[lane].cap;
        for (const std::uint32_t cap : lane_caps_[lane]) {
            used = std::max(used, cap_used_[cap] / market_.caps[cap].cap);
        }
        return last > 0.0 ? netback(lane, last) * paced(used) : 0.0;
    }

    /// The factor by which an expectation has moved from the last price when a share of the planned tonnes is sold: up
    /// when sales run ahead of the tick, down when they lag, with a concession when less than half of what was due in
    /// the earlier rounds is sold.
    double paced(double sold) const {
        const double due = static_cast<double>(round_) / rules_.rounds;
        const double lag = round_ > 0 ? clamp_share(1.0 - 2.0 * sold / due) : 0.0;
        return (1.0 + rules_.pace_markup * clamp_to(sold - elapsed_, -1.0, 1.0)) / (1.0 + concession() * lag);
    }

    void ask(const Ladder& buyer, SellerSearch::Met met, bool partner) {
        if (met.seller == SellerSearch::none || sellers_.ladders[met.seller].trader == buyer.trader ||
            std::any_of(sample_.begin(), sample_.end(),
                        [&](const SellerAnswer& quote) { return quote.seller == met.seller; })) {
            return;
        }
        ++effort_.quotes;
        effort_.quotes_of_partners += partner ? 1U : 0U;
        sample_.push_back({met.seller, met.lane, 0.0, 0.0, infinite});
        requote(sample_.back());
    }

    /// What the seller asks now; infinite when it has nothing left or the route has no room.
    void requote(SellerAnswer& quote) const {
        const Ladder& seller = sellers_.ladders[quote.seller];
        quote.full = infinite;
        if (!seller.done() && (quote.lane == SingleTrade::at_home || room_of(quote.lane) > 0.0)) {
            quote.wedge = wedge_of(quote.lane);
            quote.value = std::max(value_of(seller), rationed_value(quote.lane));
            quote.full = delivered(quote.lane, quote.value) + quote.wedge;
        }
    }

    /// A buyer asks its sample of sellers and buys from the best of them.
    void visit(Ladder& buyer) {
        sample_.clear();
        const double last_paid = known_at(known_.use, buyer.node);
        const double limit = buyer.limit;
        inquiry_ = buyers_.wanted_above(buyer, last_paid > 0.0 ? std::min(limit, last_paid) : limit) /
                   (rules_.rounds - round_);
        // At least one place is left for a stranger.
        for (const Partner& partner : partners_of(memory_, buyer.trader)) {
            if (partner.row != Partner::none && sample_.size() + 1 < rules_.sample_size) {
                ask(buyer, search_.find(buyer.node, partner.row, sellers_), true);
            }
        }
        for (std::uint32_t draw = 0; sample_.size() < rules_.sample_size && draw < rules_.sample_size; ++draw) {
            ask(buyer,
                search_.meet(buyer.node, random_.uniform(buyer.trader, purposes::seller_search, tick_,
                                                         round_ * rules_.sample_size + draw)),
                false);
        }
        std::sort(sample_.begin(), sample_.end(), [](const SellerAnswer& left, const SellerAnswer& right) {
            return std::tie(left.full, left.seller) < std::tie(right.full, right.seller);
        });
        double budget = -1.0;
        for (std::size_t place = 0; place < sample_.size() && !buyer.done(); ++place) {
            if (place > 0) {
                requote(sample_[place]);  // the lane may have filled
            }
            const double next_best = place + 1 < sample_.size() ? sample_[place + 1].full : infinite;
            if (sample_[place].full < infinite && !bargain(buyer, sample_[place], next_best, budget)) {
                break;
            }
        }
    }

    /// Agrees on a price and trades; false when the buyer has what it wants in this round. `budget` in t, negative
    /// before the first deal.
    bool bargain(Ladder& buyer, const SellerAnswer& quote, double next_best, double& budget) {
        Ladder& seller = sellers_.ladders[quote.seller];
        const double limit = buyer.limit;
        const double last_paid = known_at(known_.use, buyer.node);
        const double conceded = last_paid > 0.0 ? last_paid * (1.0 + concession()) : infinite;
        const double most = std::min({limit, conceded, limit - quote.wedge});
        if (delivered(quote.lane, quote.value) > most) {
            return true;
        }
        // The list price limits what the seller asks; the buyer can go elsewhere or buy nothing.
        const double last_got = known_at(known_.supply, seller.node);
        const double list = last_got > 0.0 ? std::max(last_got * (1.0 + rules_.list_margin), quote.value) : infinite;
        const double elsewhere = next_best < infinite ? netback(quote.lane, next_best - quote.wedge) : infinite;
        const double ceiling = std::min({list, elsewhere, netback(quote.lane, most)});
        double price = quote.value + rules_.seller_share * std::max(0.0, ceiling - quote.value);
        if (delivered(quote.lane, price) > most) {
            price = quote.value;  // rounding of the netback
        }
        const double landed = delivered(quote.lane, price);
        const double least_limit = std::max(landed, landed + quote.wedge);
        if (budget < 0.0) {
            budget = buyers_.wanted_above(buyer, least_limit) / (rules_.rounds - round_);
            parcel_ = budget / rules_.sample_size;
        }
        // At most until the wedge makes the next best as good, but at least one seller's share of the budget.
        const double until = flow_until(quote.lane, quote.wedge, std::min(limit, next_best) - landed - quote.wedge);
        double deal = std::min(budget, std::max(until, parcel_));
        if (quote.lane != SingleTrade::at_home) {
            deal = std::min(deal, room_of(quote.lane));
        }
        const double done = exchange(buyer, seller, quote.lane, price, least_limit, deal);
        effort_.deals += done > 0.0 ? 1U : 0U;
        budget -= done;
        return budget > 1e-12 * parcel_;
    }

    /// Fills the steps of both ladders against each other up to `deal` tonnes; returns the tonnes traded.
    double exchange(Ladder& buyer, Ladder& seller, std::uint32_t lane, double price, double least_limit, double deal) {
        double done = 0.0;
        while (done < deal && !buyer.done() && !seller.done()) {
            const LadderStep& bid = buyers_.marginal(buyer);
            const LadderStep& ask = sellers_.marginal(seller);
            const double quantity = std::min({deal - done, bid.left, ask.left});
            if (bid.limit < least_limit || ask.limit > price || quantity <= 0.0) {
                break;
            }
            // The preference has chosen the seller; the prices that traders will know are prices paid.
            trades_.push_back({.ask = ask.order, .bid = bid.order, .lane = lane, .quantity = quantity, .price = price});
            sellers_.take(seller, quantity);
            buyers_.take(buyer, quantity);
            done += quantity;
        }
        if (lane != SingleTrade::at_home) {
            flow_[lane] += done;
            for (const std::uint32_t cap : lane_caps_[lane]) {
                cap_used_[cap] += done;
            }
        }
        return done;
    }

    const SingleOrderMarket& market_;
    const BilateralRules& rules_;
    const KnownPrices& known_;
    const Random& random_;
    std::int64_t tick_;
    const MarketMemory& memory_;
    std::vector<SingleTrade>& trades_;
    LadderSide sellers_, buyers_;
    SellerSearch search_;
    std::vector<double> flow_, room_, cap_used_;
    std::vector<std::vector<std::uint32_t>> lane_caps_;
    std::vector<SellerAnswer> sample_;
    std::uint32_t round_ = 0;
    double elapsed_ = 0.0;  // share of the tick
    double inquiry_ = 0.0;  // t that the buyer asks for
    double parcel_ = 0.0;   // t, the least that it buys in one deal
    BilateralEffort effort_;
};

void require(bool holds, const char* message) {
    if (!holds) {
        throw std::invalid_argument(message);
    }
}

void check(const SingleOrderMarket& market, const BilateralRules& rules) {
    for (const SingleOrder& order : market.orders) {
        require(order.node < market.nodes, "an order names a node that does not exist");
        require(std::isfinite(order.quantity) && order.quantity >= 0.0 && std::isfinite(order.limit),
                "an order's quantity or limit is not finite, or its quantity is negative");
    }
    for (const SpatialLane& lane : market.lanes) {
        require(lane.from < market.nodes && lane.to < market.nodes, "a lane names a node that does not exist");
        require(lane.cap >= 0.0 && lane.usual_flow >= 0.0 && lane.opening_flow >= 0.0,
                "a lane's cap or flow is negative");
    }
    for (const SharedCap& cap : market.caps) {
        for (const SharedCap::Member& member : cap.members) {
            require(member.lane < market.lanes.size(), "a shared cap names a lane that does not exist");
        }
    }
    require(rules.sample_size > 0 && rules.rounds > 0, "buyers must ask at least one seller in at least one round");
}

/// What each seller delivered to each buyer, sorted by buyer.
std::vector<Delivery> deliveries_of(const SingleOrderMarket& market, const std::vector<SingleTrade>& trades,
                                    std::size_t first) {
    std::vector<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>> pairs;
    pairs.reserve(trades.size() - first);
    for (std::size_t trade = first; trade < trades.size(); ++trade) {
        pairs.emplace_back(market.orders[trades[trade].bid].trader, market.orders[trades[trade].ask].trader,
                           static_cast<std::uint32_t>(trade));
    }
    std::sort(pairs.begin(), pairs.end());
    std::vector<Delivery> deliveries;
    for (const auto& [buyer, seller, trade] : pairs) {
        if (deliveries.empty() || deliveries.back().buyer != buyer || deliveries.back().seller != seller) {
            deliveries.push_back({buyer, seller, 0.0});
        }
        deliveries.back().tonnes += trades[trade].quantity;
    }
    return deliveries;
}

}  // namespace

BilateralEffort clear_bilateral(const BilateralTick& session, MarketMemory& memory, std::vector<SingleTrade>& trades) {
    const SingleOrderMarket& market = session.market;
    const std::uint32_t slots = session.rules.slots;
    check(market, session.rules);
    std::size_t traders = 0;
    for (const SingleOrder& order : market.orders) {
        traders = std::max<std::size_t>(traders, std::size_t{order.trader} + 1);
    }
    if (memory.slots != slots) {
        memory = {.slots = slots, .partners = {}};
    }
    if (memory.partners.size() < traders * memory.slots) {
        memory.partners.resize(traders * memory.slots);
    }
    const std::size_t first = trades.size();
    const BilateralEffort effort = Bargaining(session, memory, trades).run();
    note_deliveries(deliveries_of(market, trades, first), session.kept, memory);
    return effort;
}

}  // namespace ytterby

#include "market/order_book/detail/traders.hpp"

#include "market/purposes.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace ytterby {
namespace {

/// The number of quotes of one trader and side in a round with addresses of their own; further ones arrive with earlier
/// ones.
constexpr std::uint32_t quotes_per_round = 1024;

}  // namespace

BookTraders::BookTraders(const SingleOrderMarket& market, const OrderBookRules& rules, const LastPrices& last)
    : market_(market),
      rules_(rules),
      sorted_(market.orders.size()),
      filled_(market.orders.size(), 0.0),
      due_(market.orders.size(), 0.0) {
    std::iota(sorted_.begin(), sorted_.end(), 0U);
    std::sort(sorted_.begin(), sorted_.end(), [&](std::uint32_t one, std::uint32_t two) {
        const SingleOrder& a = market.orders[one];
        const SingleOrder& b = market.orders[two];
        const double rank_a = a.ask ? a.limit : -a.limit;
        const double rank_b = b.ask ? b.limit : -b.limit;
        return std::tuple(a.trader, a.node, a.ask, rank_a, a.quantity, one) <
               std::tuple(b.trader, b.node, b.ask, rank_b, b.quantity, two);
    });
    limits_ = rules.quotes == Quotes::limits;
    for (std::uint32_t at = 0; at < sorted_.size(); ++at) {
        const SingleOrder& order = market.orders[sorted_[at]];
        if (traders_.empty() || traders_.back().number != order.trader || traders_.back().node != order.node ||
            traders_.back().ask != order.ask) {
            const std::span<const double> prices = order.ask ? last.supply : last.use;
            const double known = order.node < prices.size() ? prices[order.node] : 0.0;
            limits_ = limits_ || !(known > 0.0);
            traders_.push_back({order.trader, order.node, order.ask, at, at, known});
        }
        traders_.back().end = at + 1;
    }
}

double BookTraders::due(std::uint32_t order, double share) const {
    const double whole = market_.orders[order].quantity;
    const double left = share * whole - filled_[order];
    return left > dust * whole ? left : 0.0;
}

void BookTraders::add_quote(const Trader& trader, std::uint32_t number, double price, std::uint32_t first,
                            std::uint32_t end) {
    double quantity = 0.0;
    for (std::uint32_t at = first; at < end; ++at) {
        quantity += due_[sorted_[at]];
    }
    if (quantity > 0.0) {
        quotes_.push_back({number, trader.node, trader.ask, price, quantity, 0.0, first, end});
    }
}

std::span<Quote> BookTraders::quote(std::uint32_t round, const Random& random, std::int64_t tick) {
    const double share = static_cast<double>(round + 1) / static_cast<double>(rules_.rounds);
    quotes_.clear();
    for (std::uint32_t number = 0; number < traders_.size(); ++number) {
        Trader& trader = traders_[number];
        trader.due_at_view = trader.dealt_at_view = 0.0;
        const std::size_t first_quote = quotes_.size();
        const auto limit = [&](std::uint32_t at) { return market_.orders[sorted_[at]].limit; };
        std::uint32_t at = trader.first;
        for (std::uint32_t here = trader.first; here < trader.end; ++here) {
            due_[sorted_[here]] = due(sorted_[here], share);
        }
        if (!limits_) {
            while (at < trader.end && (trader.ask ? limit(at) <= trader.view : limit(at) >= trader.view)) {
                trader.due_at_view += due_[sorted_[at]];
                ++at;
            }
            add_quote(trader, number, trader.view, trader.first, at);
        }
        // Orders that the view does not satisfy are quoted at their limits, as far as a round can move the market.
        const double reach =
            trader.ask ? trader.view * (1.0 + rules_.concession) : trader.view * (1.0 - rules_.concession);
        for (; at < trader.end && (limits_ || (trader.ask ? limit(at) <= reach : limit(at) >= reach)); ++at) {
            add_quote(trader, number, limit(at), at, at + 1);
        }
        for (std::size_t quote = first_quote; quote < quotes_.size(); ++quote) {
            const auto step = static_cast<std::uint32_t>(quote - first_quote) % quotes_per_round;
            quotes_[quote].arrival = random.uniform(trader.number, purposes::order_arrival, tick,
                                                    2 * (quotes_per_round * round + step) + (trader.ask ? 1U : 0U));
        }
    }
    std::sort(quotes_.begin(), quotes_.end(), [](const Quote& one, const Quote& two) {
        return std::tuple(one.arrival, one.trader, one.next) < std::tuple(two.arrival, two.trader, two.next);
    });
    return quotes_;
}

void BookTraders::deal(Quote& ask, Quote& bid, const SingleTrade& made, std::vector<SingleTrade>& trades) {
    double quantity = made.quantity;
    traders_[ask.trader].dealt_at_view += ask.price == traders_[ask.trader].view ? quantity : 0.0;
    traders_[bid.trader].dealt_at_view += bid.price == traders_[bid.trader].view ? quantity : 0.0;
    const auto skip_filled = [&](Quote& quote) {
        while (quote.next < quote.end && due_[sorted_[quote.next]] <= 0.0) {
            ++quote.next;
        }
        return quote.next < quote.end;
    };
    while (quantity > 0.0 && skip_filled(ask) && skip_filled(bid)) {
        const std::uint32_t sold = sorted_[ask.next];
        const std::uint32_t bought = sorted_[bid.next];
        const double tonnes = std::min({quantity, due_[sold], due_[bought]});
        trades.push_back({sold, bought, made.lane, tonnes, made.price, made.preference, made.rent});
        for (const std::uint32_t order : {sold, bought}) {
            due_[order] -= tonnes;
            filled_[order] += tonnes;
        }
        quantity -= tonnes;
    }
}

void BookTraders::learn(std::span<const NodeView> seen) {
    if (limits_) {
        return;
    }
    for (Trader& trader : traders_) {
        const NodeView& node = seen[trader.node];
        const double mean = trader.ask ? node.mean_sold : node.mean_bought;
        const double better = trader.ask ? node.best_bid : node.best_ask;
        const bool finds_better = better > 0.0 && (trader.ask ? better > trader.view : better < trader.view);
        if (trader.due_at_view <= 0.0) {
            const double shown = mean > 0.0 ? mean : finds_better ? better : trader.view;
            trader.view += rules_.follow * (shown - trader.view);
            continue;
        }
        const double left = std::clamp(1.0 - trader.dealt_at_view / trader.due_at_view, 0.0, 1.0);
        if (left > dust) {
            trader.view *= 1.0 + (trader.ask ? -rules_.concession : rules_.concession) * left;
        } else if (finds_better) {
            trader.view += rules_.follow * (better - trader.view);
        }
    }
}

}  // namespace ytterby

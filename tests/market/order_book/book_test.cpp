#include "market/order_book/book.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <vector>

#include "tests/market/drawn_markets.hpp"

namespace ytterby {
namespace {

/// The simplest book: a list of orders in the order of arrival, searched completely.
class NaiveBook {
public:
    struct Order {
        std::uint64_t number = 0;  // its owner, unique in the test
        bool ask = false;
        double price = 0.0;
        double quantity = 0.0;
    };
    struct Trade {
        std::uint32_t owner = 0;
        double price = 0.0;
        double quantity = 0.0;
    };

    std::vector<Trade> submit(bool ask, double limit, double quantity, std::uint32_t owner, bool rests) {
        std::vector<Trade> trades;
        while (quantity > 0.0) {
            const auto better = [ask](const Order& one, const Order& two) {
                return ask ? one.price > two.price : one.price < two.price;
            };
            auto best = orders_.end();
            for (auto here = orders_.begin(); here != orders_.end(); ++here) {
                if (here->ask != ask && (ask ? here->price >= limit : here->price <= limit) &&
                    (best == orders_.end() || better(*here, *best))) {
                    best = here;
                }
            }
            if (best == orders_.end()) {
                break;
            }
            const double taken = std::min(quantity, best->quantity);
            trades.push_back({static_cast<std::uint32_t>(best->number), best->price, taken});
            quantity -= taken;
            best->quantity -= taken;
            if (best->quantity <= 0.0) {
                orders_.erase(best);
            }
        }
        if (quantity > 0.0 && rests) {
            orders_.push_back({owner, ask, limit, quantity});
        }
        return trades;
    }
    bool cancel(std::uint32_t owner) {
        return std::erase_if(orders_, [&](const Order& order) { return order.number == owner; }) > 0;
    }
    const Order* find(std::uint32_t owner) const {
        const auto found =
            std::find_if(orders_.begin(), orders_.end(), [&](const Order& order) { return order.number == owner; });
        return found == orders_.end() ? nullptr : &*found;
    }
    std::vector<Trade> replace(std::uint32_t owner, double limit, double quantity) {
        for (Order& order : orders_) {
            if (order.number == owner && order.price == limit && quantity <= order.quantity) {
                order.quantity = quantity;
                return {};
            }
        }
        const bool ask = find(owner)->ask;
        cancel(owner);
        return submit(ask, limit, quantity, owner, true);
    }
    const Order* best(bool ask) const {
        const Order* found = nullptr;
        for (const Order& order : orders_) {
            if (order.ask == ask &&
                (found == nullptr || (ask ? order.price < found->price : order.price > found->price))) {
                found = &order;
            }
        }
        return found;
    }
    std::size_t orders() const { return orders_.size(); }

private:
    std::vector<Order> orders_;
};

void expect_same(const std::vector<BookFill>& fills, const std::vector<NaiveBook::Trade>& trades) {
    ASSERT_EQ(fills.size(), trades.size());
    for (std::size_t number = 0; number < fills.size(); ++number) {
        EXPECT_EQ(fills[number].owner, trades[number].owner);
        EXPECT_EQ(fills[number].price, trades[number].price);
        EXPECT_EQ(fills[number].quantity, trades[number].quantity);
    }
}

/// A random stream of all operations on a book, with few prices (long queues) or many (many levels).
void compare_streams(std::uint32_t seed, std::uint32_t prices, int steps) {
    Draws draws(seed);
    OrderBook book;
    NaiveBook naive;
    std::vector<BookOrderId> ids;
    std::vector<BookFill> fills;
    const auto price = [&](bool ask) { return 100.0 + draws.below(prices) + (ask ? 0.15 : -0.15) * prices; };
    for (int step = 0; step < steps; ++step) {
        const auto owner = static_cast<std::uint32_t>(ids.size());
        const bool ask = draws.chance(0.5);
        const double quantity = 1.0 + draws.below(9);
        const double what = draws.share();
        fills.clear();
        if (what < 0.5 || owner == 0) {
            const double limit = price(ask);
            ids.push_back(book.submit(ask, limit, quantity, owner, fills));
            expect_same(fills, naive.submit(ask, limit, quantity, owner, true));
            ASSERT_EQ(ids.back().exists(), naive.find(owner) != nullptr);
        } else if (what < 0.6) {
            const double rest = book.submit_at_market(ask, quantity, fills);
            const auto trades = naive.submit(ask, ask ? -1e300 : 1e300, quantity, owner, false);
            expect_same(fills, trades);
            double taken = 0.0;
            for (const auto& trade : trades) {
                taken += trade.quantity;
            }
            EXPECT_EQ(rest, quantity - taken);
        } else {
            const std::uint32_t chosen = draws.below(owner);
            const NaiveBook::Order* known = naive.find(chosen);
            ASSERT_EQ(book.stands(ids[chosen]), known != nullptr);
            if (what < 0.75 || known == nullptr) {
                EXPECT_EQ(book.cancel(ids[chosen]), naive.cancel(chosen));
            } else {
                const double limit = draws.chance(0.4) ? known->price : price(known->ask);
                ids[chosen] = book.replace(ids[chosen], limit, quantity, fills);
                expect_same(fills, naive.replace(chosen, limit, quantity));
                ASSERT_EQ(ids[chosen].exists(), naive.find(chosen) != nullptr);
            }
        }
        ASSERT_EQ(book.orders(), naive.orders());
        for (const bool side : {true, false}) {
            const NaiveBook::Order* best = naive.best(side);
            ASSERT_EQ(book.empty(side), best == nullptr);
            if (best != nullptr) {
                EXPECT_EQ(book.best(side).price, best->price);
                EXPECT_EQ(book.best(side).quantity, best->quantity);
                EXPECT_EQ(book.best(side).owner, best->number);
            }
        }
    }
}

TEST(OrderBook, AgreesWithANaiveBookOnDrawnStreams) {
    for (std::uint32_t seed = 1; seed <= 20; ++seed) {
        compare_streams(seed, 5, 1500);
        compare_streams(100 + seed, 200, 1500);
    }
}

TEST(OrderBook, OldestOrderAtTheBestPriceTradesFirstAtItsOwnPrice) {
    OrderBook book;
    std::vector<BookFill> fills;
    book.submit(true, 11.0, 1.0, 1, fills);
    book.submit(true, 10.0, 1.0, 2, fills);
    book.submit(true, 10.0, 1.0, 3, fills);
    EXPECT_FALSE(book.submit(false, 12.0, 2.5, 4, fills).exists());
    ASSERT_EQ(fills.size(), 3U);
    EXPECT_EQ(fills[0].owner, 2U);
    EXPECT_EQ(fills[0].price, 10.0);
    EXPECT_EQ(fills[1].owner, 3U);
    EXPECT_EQ(fills[2].owner, 1U);
    EXPECT_EQ(fills[2].price, 11.0);
    EXPECT_EQ(fills[2].quantity, 0.5);
    EXPECT_EQ(book.best(true).quantity, 0.5);
}

TEST(OrderBook, ReplaceKeepsItsPlaceOnlyWhenTheQuantityFalls) {
    OrderBook book;
    std::vector<BookFill> fills;
    const BookOrderId first = book.submit(false, 10.0, 5.0, 1, fills);
    const BookOrderId second = book.submit(false, 10.0, 5.0, 2, fills);
    EXPECT_EQ(book.replace(first, 10.0, 4.0, fills), first);
    EXPECT_EQ(book.best(false).owner, 1U);
    const BookOrderId larger = book.replace(first, 10.0, 6.0, fills);
    EXPECT_EQ(book.best(false).owner, 2U);
    EXPECT_FALSE(book.stands(first));
    EXPECT_TRUE(book.stands(larger));
    EXPECT_TRUE(book.cancel(second));
    EXPECT_FALSE(book.cancel(second));
    EXPECT_EQ(book.best(false).owner, 1U);
}

TEST(OrderBook, IdsStayInvalidAfterClear) {
    OrderBook book;
    std::vector<BookFill> fills;
    const BookOrderId old = book.submit(true, 10.0, 1.0, 1, fills);
    book.clear();
    const BookOrderId young = book.submit(true, 10.0, 1.0, 2, fills);
    EXPECT_EQ(young.slot, old.slot) << "slots are reused";
    EXPECT_FALSE(book.stands(old));
    EXPECT_FALSE(book.cancel(old));
    EXPECT_TRUE(book.stands(young));
    EXPECT_EQ(book.orders(), 1U);
}

TEST(OrderBook, RefusesWhatIsNoOrder) {
    OrderBook book;
    std::vector<BookFill> fills;
    EXPECT_THROW(book.submit(true, 10.0, 0.0, 1, fills), std::logic_error);
    EXPECT_THROW(book.submit(true, std::numeric_limits<double>::quiet_NaN(), 1.0, 1, fills), std::logic_error);
    EXPECT_THROW(book.submit(true, 10.0, std::numeric_limits<double>::infinity(), 1, fills), std::logic_error);
    EXPECT_THROW(book.best(true), std::logic_error);
}

}  // namespace
}  // namespace ytterby

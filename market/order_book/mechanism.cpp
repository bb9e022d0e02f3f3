#include <vector>

#include "core/config/keys.hpp"
#include "core/config/registry.hpp"
#include "market/mechanism.hpp"
#include "market/order_book/auction.hpp"
#include "market/single_trades/listing.hpp"

namespace ytterby {
namespace {

/// A continuous double auction with price-time priority, good by good (market/order_book/auction.hpp). Traders begin
/// the tick with last tick's prices; nothing else is remembered.
class OrderBookMechanism final : public Mechanism {
public:
    void read(KeyReader& keys) {
        keys.choice("hub", rules_.hub, {{"country", Hub::country}, {"world", Hub::world}},
                    {.fallback = "world",
                     .doc = "world: all traders see every standing order, by landed cost; country: each country has a "
                            "book, and sellers choose one"});
        keys.choice("quotes", rules_.quotes, {{"learned", Quotes::learned}, {"limits", Quotes::limits}},
                    {.fallback = "learned",
                     .doc = "learned: traders quote what they think the market pays, within their limits; limits: they "
                            "quote their limits"});
        keys.integer("rounds", rules_.rounds,
                     {.fallback = 20,
                      .low = 1,
                      .high = 1000,
                      .doc = "trading days of a tick: each brings a part of each order, and unfilled parts again",
                      .source = "trading days of a month"});
        keys.number("concession", rules_.concession,
                    {.fallback = 0.1,
                     .low = 0.0,
                     .high = 0.9,
                     .doc = "share by which a trader moves its quote after a round in which it traded nothing",
                     .source = "assumed, 0.02-0.3"});
        keys.number("follow", rules_.follow,
                    {.fallback = 0.5,
                     .low = 0.0,
                     .high = 1.0,
                     .doc = "share of the way to a better visible price that a filled trader goes after a round",
                     .source = "assumed, 0.1-0.9"});
        keys.integer("pieces", pieces_,
                     {.fallback = 1,
                      .low = 1,
                      .high = 50,
                      .doc = "orders into which a schedule is cut between two of its price points",
                      .source = "assumed, 1-10"});
    }

    void clear(const MarketInput& input, Trades& trades) override {
        reset_trades(input, trades);
        for (const CoupledGoods& group : couple_goods(input.rules.shared_limits(), input.network.goods.size())) {
            const SingleOrderMarket market = list_orders(input, group, pieces_);
            supply_price_.clear();
            use_price_.clear();
            for (const GoodId good : group.goods) {
                for (std::size_t country = 0; country < input.network.countries; ++country) {
                    const std::size_t node = input.network.node(good, id_at<CountryId>(country)).index();
                    supply_price_.push_back(input.last_supply_price[node]);
                    use_price_.push_back(input.last_use_price[node]);
                }
            }
            shared_rents_.clear();
            for (const std::size_t limit : group.limits) {
                shared_rents_.push_back(limit < input.last_shared_rents.size() ? input.last_shared_rents[limit] : 0.0);
            }
            made_.clear();
            clear_order_book(market, rules_, input.random, input.tick, made_,
                             {supply_price_, use_price_, shared_rents_});
            book_trades(input, group, market, made_, trades);
        }
    }

    /// Each order arrives once, whole, at its limit.
    bool clear_alone(const SingleOrderMarket& market, const Random& random, std::vector<SingleTrade>& trades) override {
        OrderBookRules rules = rules_;
        rules.rounds = 1;
        rules.quotes = Quotes::limits;
        clear_order_book(market, rules, random, 0, trades);
        return true;
    }

private:
    OrderBookRules rules_;
    std::uint32_t pieces_ = 1;
    std::vector<double> supply_price_, use_price_, shared_rents_;  // work space
    std::vector<SingleTrade> made_;
};

const Registered<Mechanism, OrderBookMechanism> registered_order_book{
    "order_book", "continuous double auction with price-time priority"};

}  // namespace
}  // namespace ytterby

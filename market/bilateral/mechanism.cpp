#include <algorithm>
#include <limits>
#include <vector>

#include "core/config/keys.hpp"
#include "core/config/registry.hpp"
#include "market/bilateral/bargaining.hpp"
#include "market/bilateral/partners.hpp"
#include "market/mechanism.hpp"
#include "market/single_trades/listing.hpp"
#include "market/single_trades/price_dispersion.hpp"

namespace ytterby {
namespace {

/// Search and bargaining with relationships: each pair agrees on its own price. A row's partners are rows.
class BilateralTrade final : public Mechanism {
public:
    void read(KeyReader& keys) {
        read_search(keys);
        read_bargaining(keys);
        read_partners(keys);
    }

    void clear(const MarketInput& input, Trades& trades) override {
        reset_trades(input, trades);
        const double kept = kept_strength(rules_.half_life_months, input.months_per_tick);
        trades.memory = input.memory;
        if (trades.memory.slots != rules_.slots) {
            trades.memory = {.slots = rules_.slots, .partners = {}};
        }
        trades.memory.partners.resize(input.orders.rows.size() * rules_.slots);
        fade_partners(trades.memory, kept);
        for (const CoupledGoods& group : couple_goods(input.rules.shared_limits(), input.network.goods.size())) {
            const SingleOrderMarket market = list_orders(input, group, pieces);
            std::vector<double> supply_price, use_price;
            for (const GoodId good : group.goods) {
                for (std::size_t country = 0; country < input.network.countries; ++country) {
                    const NodeId node = input.network.node(good, id_at<CountryId>(country));
                    supply_price.push_back(input.last_supply_price[node.index()]);
                    use_price.push_back(input.last_use_price[node.index()]);
                }
            }
            booked_.clear();
            clear_bilateral({market, rules_, {supply_price, use_price}, input.random, input.tick, kept}, trades.memory,
                            booked_);
            book_trades(input, group, market, booked_, trades);
            set_open_prices(input, group, market, trades);
        }
        measure_price_dispersion(input.orders, trades.rows, trades.nodes);
    }

    bool clear_alone(const SingleOrderMarket& market, const Random& random, std::vector<SingleTrade>& trades) override {
        MarketMemory strangers{.slots = rules_.slots, .partners = {}};
        clear_bilateral({.market = market, .rules = rules_, .random = random}, strangers, trades);
        return true;
    }

private:
    void read_search(KeyReader& keys) {
        keys.integer("sample_size", rules_.sample_size,
                     {.fallback = rules_.sample_size,
                      .low = 1,
                      .high = 1000,
                      .unit = "sellers",
                      .doc = "how many sellers a buyer asks in a round, partners first; at least one is a stranger",
                      .source = "assumed, 2-20"});
        keys.integer("rounds", rules_.rounds,
                     {.fallback = rules_.rounds,
                      .low = 1,
                      .high = 60,
                      .unit = "rounds",
                      .doc = "how often in a tick a buyer looks for what it still wants",
                      .source = "assumed, 4-12: about twice a week"});
    }

    void read_bargaining(KeyReader& keys) {
        keys.number("seller_share", rules_.seller_share,
                    {.fallback = rules_.seller_share,
                     .low = 0.0,
                     .high = 1.0,
                     .unit = "share",
                     .doc = "Nash weight: the seller's share of the difference between its quote and the most that the "
                            "buyer would pay, given its alternatives",
                     .source = "Nash 1950: half between equals; assumed, 0.3-0.7"});
        keys.number("pace_markup", rules_.pace_markup,
                    {.fallback = rules_.pace_markup,
                     .low = 0.0,
                     .high = 2.0,
                     .unit = "share",
                     .doc = "how much more a seller asks that has sold everything at once, and how much less one that "
                            "has sold nothing when everything was due",
                     .source = "assumed, 0.1-0.5"});
        keys.number(
            "list_margin", rules_.list_margin,
            {.fallback = rules_.list_margin,
             .low = 0.0,
             .high = 2.0,
             .unit = "share",
             .doc = "list price over the last price: the most that a seller asks of a buyer without another offer",
             .source = "assumed, 0.01-0.1"});
        keys.number("first_concession", rules_.first_concession,
                    {.fallback = rules_.first_concession,
                     .low = 0.0,
                     .high = 1.0,
                     .unit = "share",
                     .doc = "how far from the last price a buyer, or a seller that lags behind, goes in the first "
                            "round; it doubles every round",
                     .source = "assumed, 0.005-0.05"});
    }

    void read_partners(KeyReader& keys) {
        keys.integer("slots", rules_.slots,
                     {.fallback = rules_.slots,
                      .low = 0,
                      .high = 64,
                      .unit = "partners",
                      .doc = "how many partners a buyer remembers",
                      .source = "assumed, 2-8"});
        keys.number("half_life_months", rules_.half_life_months,
                    {.fallback = rules_.half_life_months,
                     .low = 0.1,
                     .high = 120.0,
                     .unit = "months",
                     .doc = "time in which a partner's strength halves without deliveries",
                     .source = "assumed, 3-24"});
    }

    /// Pieces of a schedule between two price points (assumed, 1-8): steps below 1 % near the last price.
    static constexpr std::uint32_t pieces = 4;

    /// A node's supply price is what its sellers got over routes that no cap rations: the value of a tonne that needs
    /// no licence. What they got on average stays in the receipt.
    void set_open_prices(const MarketInput& input, const CoupledGoods& group, const SingleOrderMarket& market,
                         Trades& trades) const {
        std::vector<bool> rationed(market.lanes.size());
        for (std::size_t lane = 0; lane < market.lanes.size(); ++lane) {
            rationed[lane] = market.lanes[lane].cap < std::numeric_limits<double>::infinity();
        }
        for (const SharedCap& cap : market.caps) {
            for (const SharedCap::Member& member : cap.members) {
                rationed[member.lane] = true;
            }
        }
        std::vector<double> tonnes(market.nodes, 0.0), received(market.nodes, 0.0);
        std::vector<bool> some_rationed(market.nodes, false);
        for (const SingleTrade& trade : booked_) {
            const std::uint32_t node = market.orders[trade.ask].node;
            if (trade.lane != SingleTrade::at_home && rationed[trade.lane]) {
                some_rationed[node] = true;
            } else {
                tonnes[node] += trade.quantity;
                received[node] += trade.quantity * trade.price;
            }
        }
        const std::size_t countries = input.network.countries;
        const auto node_of = [&](std::size_t node) {
            return input.network.node(group.goods[node / countries], id_at<CountryId>(node % countries)).index();
        };
        for (std::size_t node = 0; node < market.nodes; ++node) {
            if (some_rationed[node] && tonnes[node] > 0.0) {
                trades.nodes.supply_price[node_of(node)] = received[node] / tonnes[node];
            }
        }
        for (std::size_t number = 0; number < market.lanes.size(); ++number) {
            const SpatialLane& lane = market.lanes[number];
            const std::size_t row = input.network.goods[group.goods[lane.from / countries].index()].first_lane +
                                    number - first_lane(input, group, lane.from / countries);
            trades.lanes[row].premium_usd_per_t = trades.nodes.use_price[node_of(lane.to)] -
                                                  lane.delivered(trades.nodes.supply_price[node_of(lane.from)]) -
                                                  lane.preference;
        }
    }

    /// Where the lanes of a good begin in the market of its group.
    static std::size_t first_lane(const MarketInput& input, const CoupledGoods& group, std::size_t number) {
        std::size_t first = 0;
        for (std::size_t before = 0; before < number; ++before) {
            first += input.network.goods[group.goods[before].index()].lanes.size();
        }
        return first;
    }

    BilateralRules rules_;
    std::vector<SingleTrade> booked_;
};

const Registered<Mechanism, BilateralTrade> registered_bilateral{
    "bilateral",
    "search and bargaining: buyers ask a few sellers, agree on prices one by one and remember who delivered"};

}  // namespace
}  // namespace ytterby

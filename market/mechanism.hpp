#pragma once

#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "core/random.hpp"
#include "market/market_memory.hpp"
#include "market/network.hpp"
#include "market/orders.hpp"
#include "market/single_order_market.hpp"
#include "market/trades.hpp"
#include "rules/lane_rules.hpp"

namespace ytterby {

class KeyReader;
class Workers;

/// No prices were found for goods that are cleared together.
struct MarketFailure : std::runtime_error {
    MarketFailure(std::vector<GoodId> without_prices, const std::string& why)
        : std::runtime_error(why), goods(std::move(without_prices)) {}
    std::vector<GoodId> goods;
};

/// What holds on lanes beside their rules. Empty spans are all zeros.
struct LaneUse {
    std::span<const double> delivered_t;         // per lane: t under contract, which count against its cap
    std::span<const double> shared_delivered_t;  // per shared limit, likewise
    std::span<const double> owner_prefers;       // per lane, USD/t: what owners give up to get their offtake
};

/// Everything that a market sees of a tick: anonymous orders, lanes and rules, and last tick's answer to start from.
/// It does not know who the traders are.
struct MarketInput {
    const TradeNetwork& network;
    const Orders& orders;
    const LaneRules& rules;
    LaneUse use;                                // of caps and preferences, before the market
    std::span<const double> usual_flow;         // per lane, t per tick
    std::span<const double> last_supply_price;  // per node, USD/t; a search may start from these
    std::span<const double> last_use_price;
    std::span<const double> previous_supply_price;  // one tick earlier
    std::span<const double> previous_use_price;
    std::span<const double> last_shared_rents;  // USD/t, may be shorter than the shared limits
    const MarketMemory& memory;
    Random random;  // address draws by row and tick
    std::int64_t tick = 0;
    double months_per_tick = 1.0;
    Workers* workers = nullptr;  // threads that may be used; null: one thread
    bool certify = true;         // whether the answer is checked against its conditions; does not change it
};

/// How orders become trades: a pure function of its input. Objects may keep work space, but nothing that changes an
/// answer.
class Mechanism {
public:
    virtual ~Mechanism() = default;
    virtual void clear(const MarketInput& input, Trades& trades) = 0;
    /// Clears one market of single orders outside any simulation and appends its trades; false if the mechanism does
    /// not trade order by order.
    virtual bool clear_alone(const SingleOrderMarket& market, const Random& random, std::vector<SingleTrade>& trades) {
        static_cast<void>(market), static_cast<void>(random), static_cast<void>(trades);
        return false;
    }
};

/// The mechanisms that `market.mechanism` may name.
std::vector<std::string> mechanism_kinds();

/// Reads which mechanism a [market] table chooses and the tables of all mechanisms below it ([market.bilateral]); each
/// is checked, chosen or not. Null if the choice is invalid.
std::shared_ptr<Mechanism> read_mechanism(KeyReader& market_keys, std::string& chosen);

/// Makes a mechanism of a kind that exists, with all keys at their defaults.
std::unique_ptr<Mechanism> make_mechanism(const std::string& kind);
/// The same with the keys of its own table.
std::unique_ptr<Mechanism> make_mechanism(const std::string& kind, KeyReader& keys);

}  // namespace ytterby

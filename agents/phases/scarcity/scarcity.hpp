#pragma once

#include <array>
#include <vector>

#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"
#include "rules/regime.hpp"

namespace ytterby {

/// Discount rates between which firms' own lie.
inline constexpr std::size_t path_discounts = 3;

/// What holders at a node see of scarcity to come.
struct NodeScarcity {
    double share = 0.0;  // s: weight of the path, 0 to 1; exactly 0 without measures, announcements and shocks
    double mark = 0.0;   // 1 until stocks and adaptation are normal again
    std::array<double, path_discounts> log_price{};  // of the path now, USD/t, by discount
    double log_stock_multiple = 0.0;  // planned stock at the end of the month over what is held as a rule
};

/// Scarcity in a tick. Both lists are by node, and empty where nothing is foreseen or no price is moved by duties.
struct Scarcity {
    std::vector<NodeScarcity> nodes;
    ReferencePrices references;

    bool foreseen() const { return !nodes.empty(); }
    double share(std::size_t node) const { return nodes.empty() ? 0.0 : nodes[node].share; }
};

/// Looks ahead: for every good that a measure, an announcement or a dated shock concerns, or has left with abnormal
/// stocks, the path of prices that spreads stocks over the months to come (docs/model.md, section 7.16).
Scarcity foresee(const Economy& economy, const World& world, const Regime& regime);

/// Keeps what the next tick starts from.
void keep_scarcity(const Scarcity& scarcity, World& world);

}  // namespace ytterby

#include "agents/world/holdings.hpp"

#include <algorithm>

namespace ytterby {
namespace {

/// Rounding of shares that add up to nothing.
constexpr double no_share = 1e-12;

}  // namespace

std::vector<Holding> holdings_of_base(const Economy& economy) {
    std::vector<Holding> holdings;
    for (std::size_t cell = 0; cell < economy.cells.size(); ++cell) {
        for (const Cell::Owner& owner : economy.cells[cell].owners) {
            holdings.push_back({static_cast<std::uint32_t>(cell), owner.country, owner.share, 0.0});
        }
    }
    return holdings;
}

std::vector<std::size_t> first_holdings(const Economy& economy, const World& world) {
    std::vector<std::size_t> first(economy.cells.size() + 1, 0);
    for (const Holding& holding : world.holdings) {
        ++first[holding.cell + 1];
    }
    for (std::size_t cell = 0; cell < economy.cells.size(); ++cell) {
        first[cell + 1] += first[cell];
    }
    return first;
}

double home_share(const World& world, std::size_t cell) {
    double abroad = 0.0;
    for (const Holding& holding : world.holdings) {
        abroad += holding.cell == cell ? holding.share : 0.0;
    }
    return std::max(0.0, 1.0 - abroad);
}

void change_holding(World& world, std::size_t cell, CountryId owner, double share, double offtake_share) {
    std::vector<Holding>& holdings = world.holdings;
    auto found = std::find_if(holdings.begin(), holdings.end(),
                              [&](const Holding& holding) { return holding.cell == cell && holding.owner == owner; });
    if (found == holdings.end()) {
        const auto after =
            std::find_if(holdings.begin(), holdings.end(), [&](const Holding& holding) { return holding.cell > cell; });
        found = holdings.insert(after, {static_cast<std::uint32_t>(cell), owner, 0.0, 0.0});
    }
    found->share = std::clamp(found->share + share, 0.0, 1.0);
    found->offtake_share = std::clamp(found->offtake_share + offtake_share, 0.0, 1.0);
    if (found->share < no_share && found->offtake_share < no_share) {
        holdings.erase(found);
    }
}

}  // namespace ytterby

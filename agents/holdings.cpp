#include "agents/holdings.hpp"

#include <algorithm>

#include "core/maths.hpp"

namespace ytterby {
namespace {

/// Rounding of shares that add up to nothing.
constexpr double no_share = 1e-12;

/// The lane of a good between two countries, or nothing.
const TradeLane* find_lane(const GoodLanes& book, CountryId origin, CountryId destination, std::size_t& place) {
    for (std::size_t number = 0; number < book.lanes.size(); ++number) {
        if (book.lanes[number].origin == origin && book.lanes[number].destination == destination) {
            place = book.first_lane + number;
            return &book.lanes[number];
        }
    }
    return nullptr;
}

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

void draw_offtake(const Economy& economy, const World& world, Regime& regime) {
    for (const Holding& holding : world.holdings) {
        if (holding.offtake_share <= 0.0) {
            continue;
        }
        const Cell& cell = economy.cells[holding.cell];
        for (std::size_t number = cell.inputs; number < cell.positions.size(); ++number) {
            const Position& output = cell.positions[number];
            std::size_t place = 0;
            const TradeLane* lane =
                find_lane(economy.network.goods[output.good.index()], cell.country, holding.owner, place);
            if (lane == nullptr || lane->preference_slope_usd_per_t <= 0.0) {
                continue;
            }
            const double made = world.cells[holding.cell].throughput_t * output.per_throughput;
            const double grown = output.base_flow_t > 0.0 ? made / output.base_flow_t : 1.0;
            const double wanted =
                holding.offtake_share * made + (1.0 - holding.offtake_share) * grown * lane->base_flow_t;
            const double usual = world.lanes.usual_flow[place];
            if (wanted <= usual) {
                continue;
            }
            const double most = economy.deals.most_prefer_share *
                                world.nodes.use_price[economy.network.node(output.good, holding.owner).index()];
            const double wedge = lane->preference_slope_usd_per_t *
                                 log((wanted + lane->opening_flow_t) / (usual + lane->opening_flow_t));
            regime.prefer_as_owner(output.good, cell.country, holding.owner, std::min(most, wedge));
        }
    }
}

}  // namespace ytterby

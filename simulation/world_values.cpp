#include <cmath>
#include <string>

#include "core/config/diagnostics.hpp"
#include "simulation/run.hpp"

namespace ytterby {
namespace {

/// What the numbers of a column may be.
struct Bounds {
    double low = 0.0;
    double high = 0.0;
};

/// Far beyond what a run comes to; sums and products of such numbers are still numbers.
constexpr Bounds price{1e-12, 1e15};
constexpr Bounds tonnes{0.0, 1e15};
constexpr Bounds stock{-1e-6, 1e15};  // laws allow so much of rounding
constexpr Bounds share{0.0, 1.0 + 1e-6};
constexpr Bounds index{0.0, 1e9};
constexpr Bounds logarithm{-100.0, 100.0};
constexpr Bounds money{-1e21, 1e21};
constexpr Bounds remembered{-1e18, 1e18};  // by policies: tonnes, dollars, ticks; they fit into whole numbers

/// Refuses a column with a number out of its bounds.
template <class Column>
void require(const char* name, const Column& column, Bounds bounds) {
    for (const auto value : column) {
        if (!(static_cast<double>(value) >= bounds.low && static_cast<double>(value) <= bounds.high)) {
            throw InputError(Problem{.key = "checkpoint",
                                     .what = std::string("world.") + name + " holds " + std::to_string(value),
                                     .why = "no run comes to that",
                                     .suggestion = "go on from an older one, or start the run anew with --overwrite"});
        }
    }
}

}  // namespace

void check_values(const World& world) {
    const NodeColumns& nodes = world.nodes;
    require("nodes.supply_price", nodes.supply_price, price);
    require("nodes.use_price", nodes.use_price, price);
    require("nodes.previous_supply_price", nodes.previous_supply_price, price);
    require("nodes.previous_use_price", nodes.previous_use_price, price);
    require("nodes.landed_price", nodes.landed_price, price);
    require("nodes.supply_anchor", nodes.supply_anchor, price);
    require("nodes.use_anchor", nodes.use_anchor, price);
    require("nodes.year_price", nodes.year_price, price);
    require("nodes.slow_use_price", nodes.slow_use_price, price);
    require("nodes.slow_supply_price", nodes.slow_supply_price, price);
    require("nodes.risk", nodes.risk, logarithm);
    require("nodes.front_load_months", nodes.front_load_months, index);
    require("nodes.demand_shock", nodes.demand_shock, logarithm);
    require("nodes.rush", nodes.rush, share);
    require("nodes.licence_value", nodes.licence_value, money);
    require("nodes.need_index", nodes.need_index, index);
    require("nodes.stepped", nodes.stepped, index);
    require("nodes.stock_index", nodes.stock_index, index);
    require("nodes.intensity", nodes.intensity, index);
    require("nodes.turnover_index", nodes.turnover_index, index);
    for (const auto& [name, column] : {std::pair{"nodes.usual_bought", &nodes.usual_bought},
                                       {"nodes.new_in_use", &nodes.new_in_use},
                                       {"nodes.old_in_use", &nodes.old_in_use},
                                       {"nodes.production", &nodes.production},
                                       {"nodes.consumption", &nodes.consumption},
                                       {"nodes.need", &nodes.need},
                                       {"nodes.bought", &nodes.bought},
                                       {"nodes.sold", &nodes.sold},
                                       {"nodes.imports", &nodes.imports},
                                       {"nodes.exports", &nodes.exports}}) {
        require(name, *column, tonnes);
    }
    require("nodes.stock", nodes.stock, stock);
    require("lanes.usual_flow", world.lanes.usual_flow, tonnes);
    require("lanes.flow", world.lanes.flow, tonnes);
    require("lanes.rent", world.lanes.rent, money);
    require("lanes.premium", world.lanes.premium, money);
    require("firms.run_rate", world.firms.run_rate, share);
    require("firms.cash", world.firms.cash, money);
    require("firms.capacity_t", world.firms.capacity_t, tonnes);
    require("positions.stock", world.positions.stock, stock);
    require("positions.trend_expectation", world.positions.trend_expectation, money);
    require("positions.expectation", world.positions.expectation, money);
    require("origin_share", world.origin_share, share);
    require("world_demand_shock", world.world_demand_shock, logarithm);
    require("shared_rents", world.shared_rents, money);
    require("outside", world.outside, money);
    for (const auto& [policy, held] : world.stockpiles) {
        require("stockpiles", held, stock);
    }
    for (const auto& [policy, series] : world.memory) {
        for (const auto& [name, numbers] : series) {
            require("memory", numbers, remembered);
        }
    }
}

}  // namespace ytterby

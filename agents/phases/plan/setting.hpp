#pragma once

#include <array>
#include <vector>

#include "agents/phases/deliver.hpp"
#include "agents/phases/scarcity/scarcity.hpp"
#include "agents/phases/support/plant_support.hpp"
#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"
#include "market/orders.hpp"

namespace ytterby {

/// The price points' multiples raised to minus an exponent, so that a schedule needs no power per point.
struct PointPowers {
    float value[schedule_points];
};

/// Powers that the positions of a node share; made once per tick, many at a time.
struct PointTables {
    PointPowers stock;               // exponent: stock elasticity of producers and users
    PointPowers merchant;            // exponent: stock elasticity of merchants
    std::vector<PointPowers> use;    // per good, exponent: demand elasticity
    std::vector<double> choke_span;  // per good: log of the last over the first choke price
    // Per node.
    std::vector<double> use_scale;      // (reference / base price)^-demand elasticity
    std::vector<double> last_stock;     // (last price point / reference)^-g of producers and users
    std::vector<double> last_merchant;  // the same of merchants

    PointTables(const Economy& economy, const Orders& orders);
};

/// What a cell's firms share when they plan one position.
struct PositionSetting {
    float price = 0.0F;  // last price on the position's side of the node, USD/t
    float price_change = 0.0F;
    float anchor = 0.0F;
    float reference = 0.0F;  // price at which the price points are 1
    float base_price = 0.0F;
    float licence_factor = 1.0F;  // outside value over inside price, behind a licence
    float risk = 0.0F;
    float reserve_ticks = 0.0F;  // front-loaded stock already held, ticks of need
    float extra_ticks = 0.0F;    // to be added this tick
    float cover_ticks = 0.0F;    // target stock in ticks of flow
    float need_per_throughput = 0.0F;
    float demand_index = 1.0F;      // need of users over that of the base date
    float stock_index = 1.0F;       // what target stocks of users and merchants have grown by
    float support = 0.0F;           // USD/t on top of the price of an output
    float reference_change = 1.0F;  // of the reference price since the last tick: views move with it
    float path_share = 0.0F;        // s: weight of the path of prices; 0 where nothing is foreseen
    std::array<float, path_discounts> log_path_price{};  // USD/t, by discount
    float stock_multiple = 1.0F;                         // of usual targets, planned by the path
    PositionDelivery contract{};                         // delivered or taken before the spot market
    PointPowers stock_powers{};                          // (price point / reference)^-g
    float use_share[schedule_points] = {};               // use at the price points over use at the base price
    float floor_price[schedule_points] = {};             // price point below, for the no-sale-below-cost rule
};

/// What all positions of a tick are planned with.
struct SettingContext {
    const Economy& economy;
    const World& world;
    const Orders& orders;
    const PointTables& tables;
    const std::vector<double>& next_front_load;  // per node, months of need
    const std::vector<double>& destock;          // per node, share of the price
    const Scarcity& scarcity;
};

/// A position of a cell, and what states add to its prices.
struct PositionCase {
    std::size_t cell = 0;
    const Position& position;
    const CellSupport* support = nullptr;  // null: none
    double credit_usd_per_t = 0.0;         // for buyers, on all they buy
    PositionDelivery contract{};
};

PositionSetting make_setting(const SettingContext& context, const PositionCase& about);

}  // namespace ytterby

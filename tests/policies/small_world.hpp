#pragma once

#include "agents/world/economy.hpp"
#include "agents/world/names.hpp"
#include "agents/world/world.hpp"

namespace ytterby {

/// Four countries, a group of two, and three goods of two metals: enough for any key of a policy. A test writes the
/// values that it needs into `world`.
struct SmallWorld {
    Names names{.countries = {"USA", "CHN", "JPN", "FRA"},
                .goods = {"gallium.refined", "dysprosium.ore", "dysprosium.refined"},
                .processes = {},
                .groups = {{"PAC", {id_at<CountryId>(0), id_at<CountryId>(2)}}}};
    Economy economy;
    World world;

    SmallWorld() {
        for (const std::string& code : names.countries) {
            economy.countries.push_back({.code = code, .name = code});
        }
        for (const std::string& name : names.goods) {
            const std::size_t dot = name.find('.');
            economy.goods.push_back({.name = name, .metal = name.substr(0, dot), .stage = name.substr(dot + 1)});
        }
        economy.network.countries = names.countries.size();
        economy.network.goods.resize(names.goods.size());
        for (Column<double>* column :
             {&world.nodes.use_price, &world.nodes.production, &world.nodes.consumption, &world.nodes.need,
              &world.nodes.stock, &world.nodes.imports, &world.nodes.exports, &world.nodes.risk}) {
            column->assign(economy.network.node_count(), 0.0);
        }
        economy.base_price.assign(economy.network.node_count(), 10.0);
    }

    /// An entry of a column of nodes.
    double& at(Column<double>& column, const char* country, const char* good) {
        return column[economy.network.node(economy.good(good), economy.country(country)).index()];
    }
    CountryId country(const char* code) const { return economy.country(code); }
    GoodId good(const char* name) const { return economy.good(name); }
};

}  // namespace ytterby

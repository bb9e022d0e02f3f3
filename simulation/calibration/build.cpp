#include "simulation/calibration/build.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/maths.hpp"
#include "simulation/calibration/outlook_paths.hpp"

namespace ytterby {
namespace {

/// x0 of docs/model.md, section 7.6, as a share of the flow predicted by gravity: with it the preference wedge is
/// finite at zero flow, so that new lanes can open (assumed, 0.001-0.05).
constexpr double opening_share = 0.01;
/// End uses drop out between these multiples of the base price (assumed, 2-5 and 10-40: cerium rose 30-fold in 2011 and
/// still sold).
constexpr double default_first_choke_multiple = 3.0;
constexpr double default_choke_multiple = 30.0;
constexpr double default_trade_elasticity = 4.0;
constexpr double default_demand_elasticity = 0.1;
/// Elasticity of use a year on where the data have none (assumed, 0.2-0.4).
constexpr double default_medium_elasticity = 0.3;
/// Lanes without a flow at the base date exist where gravity predicts at least this share of the destination's use
/// (assumed, 0-0.01; keeps the list of lanes short).
constexpr double least_gravity_share = 0.001;
/// Entrepot trade (by merchants of a country that uses the good but may not make it) starts from countries with at
/// least this share of world use, and of at least this size relative to the destination (assumed, 0.005-0.05 and
/// 0.05-0.5).
constexpr double entrepot_share = 0.01;
constexpr double entrepot_size = 0.1;
/// Gravity of entrepot trade relative to that of production (assumed, 0.01-0.2).
constexpr double entrepot_gravity = 0.05;

void describe_goods(const Scenario& scenario, Economy& economy) {
    for (std::size_t index = 0; index < scenario.data.goods.size(); ++index) {
        const BaseData::GoodRow& row = scenario.data.goods[index];
        Good good{.name = row.name, .metal = row.metal, .stage = row.stage};
        good.demand_elasticity =
            scenario.data.find(scenario.data.elasticities, row.name, "demand_short_run", default_demand_elasticity);
        good.medium_run_elasticity = std::max(
            good.demand_elasticity,
            scenario.data.find(scenario.data.elasticities, row.name, "demand_medium_run", default_medium_elasticity));
        good.first_choke_multiple = default_first_choke_multiple;
        good.choke_multiple = default_choke_multiple;
        good.trade_elasticity = default_trade_elasticity;
        good.long_run_elasticity = std::max(
            good.demand_elasticity,
            scenario.data.find(scenario.data.elasticities, row.name, "demand_long_run", good.demand_elasticity));
        if (const auto found = scenario.data.outlook.least_intensity.find(row.name);
            found != scenario.data.outlook.least_intensity.end()) {
            good.least_intensity = found->second;
        }
        for (const auto& [process, recycling] : scenario.data.outlook.recycling) {
            if (recycling.good == row.name) {
                good.lifetime_years = recycling.lifetime_years;
            }
        }
        economy.goods.push_back(std::move(good));
    }
    for (const auto& [name, change] : scenario.goods) {
        const std::vector<GoodId> ids = scenario.names.find_goods(name).value();
        for (const GoodId id : ids) {
            Good& good = economy.goods[id.index()];
            good.demand_elasticity = change.demand_elasticity.value_or(good.demand_elasticity);
            good.first_choke_multiple = change.first_choke_multiple.value_or(good.first_choke_multiple);
            good.choke_multiple =
                std::max(1.01 * good.first_choke_multiple, change.choke_multiple.value_or(good.choke_multiple));
            good.trade_elasticity = change.trade_elasticity.value_or(good.trade_elasticity);
            good.medium_run_elasticity =
                std::max(good.demand_elasticity, change.medium_run_elasticity.value_or(good.medium_run_elasticity));
        }
    }
}

void lay_lanes(const BaseState& base, Economy& economy) {
    const std::size_t countries = economy.countries.size();
    economy.network.countries = countries;
    economy.network.goods.resize(base.goods.size());
    economy.base_price.assign(economy.network.node_count(), 0.0);
    economy.choke_price = economy.base_price;
    for (std::size_t good = 0; good < base.goods.size(); ++good) {
        const GoodBase& source = base.goods[good];
        const double world_use = std::accumulate(source.use.begin(), source.use.end(), 0.0);
        for (std::size_t i = 0; i < countries; ++i) {
            const std::size_t node = economy.network.node(id_at<GoodId>(good), id_at<CountryId>(i)).index();
            economy.base_price[node] = source.price[i];
            economy.choke_price[node] = source.price[i] * economy.goods[good].choke_multiple;
            for (std::size_t j = 0; j < countries; ++j) {
                const double use = source.use[j] > 0.0 ? source.use[j] : source.potential_use[j];
                const bool opens = source.gravity[i][j] > least_gravity_share * use;
                // Merchants can sell at every node, so lanes also start where nothing is produced.
                const bool merchant_route =
                    source.use[i] > entrepot_share * world_use && source.use[i] > entrepot_size * source.use[j];
                const bool flows = source.flow[i][j] > 0.0;
                if (i == j || use <= 0.0 || !(flows || opens || merchant_route)) {
                    continue;
                }
                double gravity = source.gravity[i][j];
                if (source.production[i] <= 0.0 && source.potential_output[i] <= 0.0) {
                    // Entrepot trade: gravity of the merchants' turnover.
                    gravity = source.use[i] * source.use[j] / std::max(1e-9, source.use[i] + source.use[j]) *
                              entrepot_gravity;
                }
                economy.network.goods[good].lanes.push_back(
                    {.origin = id_at<CountryId>(i),
                     .destination = id_at<CountryId>(j),
                     .freight_usd_per_t = source.freight[i][j],
                     .preference_slope_usd_per_t = source.price[j] / economy.goods[good].trade_elasticity,
                     .opening_flow_t =
                         std::max(1e-9, opening_share * std::max(gravity, source.flow[i][j]) / economy.ticks_per_year),
                     .base_flow_t = source.flow[i][j] / economy.ticks_per_year});
            }
        }
    }
    economy.network.number_lanes();
}

}  // namespace

Simulation build_simulation(const Scenario& scenario) {
    Problems problems;
    Simulation simulation;
    simulation.base = scenario.balanced != nullptr
                          ? scenario.balanced
                          : std::make_shared<const BaseState>(balance_base_state(scenario.data, problems));
    problems.throw_if_any();
    Economy& economy = simulation.economy;
    economy.ticks_per_year = scenario.calendar.ticks_per_year();
    economy.behaviour = scenario.behaviour;
    economy.deals = scenario.deals.rules;
    economy.affinity = affinities(scenario.data);
    for (const BaseData::CountryRow& row : scenario.data.countries) {
        economy.countries.push_back({row.code, row.name, row.latitude, row.longitude});
    }
    describe_goods(scenario, economy);
    lay_lanes(*simulation.base, economy);
    populate(scenario, *simulation.base, Random(scenario.run.seed, scenario.run.replicate), economy);
    give_expansions(scenario, *simulation.base, economy);
    lay_out_outlook(scenario, *simulation.base, economy);
    simulation.world = initial_world(scenario, economy, *simulation.base);
    sign_contracts(scenario, *simulation.base, Random(scenario.run.seed, scenario.run.replicate), economy,
                   simulation.world);
    invert_preferences(scenario, economy, simulation.world);
    return simulation;
}

}  // namespace ytterby

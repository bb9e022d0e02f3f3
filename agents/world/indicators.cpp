#include "agents/world/indicators.hpp"

#include <algorithm>

namespace ytterby {
namespace {

double world_production(const Economy& economy, const World& world, GoodId good) {
    double total = 0.0;
    for (std::size_t country = 0; country < economy.countries.size(); ++country) {
        total += world.nodes.production[economy.network.node(good, id_at<CountryId>(country)).index()];
    }
    return total;
}

}  // namespace

double import_reliance(const Economy& economy, const World& world, CountryId country, GoodId good) {
    const std::size_t node = economy.network.node(good, country).index();
    const double consumption = world.nodes.consumption[node];
    return consumption > 0.0 ? std::clamp(1.0 - world.nodes.production[node] / consumption, 0.0, 1.0) : 0.0;
}

double use_price(const Economy& economy, const World& world, CountryId country, GoodId good) {
    return world.nodes.use_price[economy.network.node(good, country).index()];
}

double stock_months(const Economy& economy, const World& world, CountryId country, GoodId good) {
    const std::size_t node = economy.network.node(good, country).index();
    const double flow = std::max(world.nodes.need[node], world.nodes.production[node]);
    return flow > 0.0 ? world.nodes.stock[node] / flow * economy.months_per_tick() : 0.0;
}

double production_share(const Economy& economy, const World& world, CountryId country, GoodId good) {
    const double total = world_production(economy, world, good);
    const double own = world.nodes.production[economy.network.node(good, country).index()];
    return total > 0.0 ? own / total : 0.0;
}

double production_concentration(const Economy& economy, const World& world, GoodId good) {
    const double total = world_production(economy, world, good);
    double index = 0.0;
    for (std::size_t country = 0; country < economy.countries.size(); ++country) {
        const double own = world.nodes.production[economy.network.node(good, id_at<CountryId>(country)).index()];
        const double share = total > 0.0 ? own / total : 0.0;
        index += share * share;
    }
    return index;
}

double world_price(const Economy& economy, const World& world, GoodId good) {
    double value = 0.0;
    double weight = 0.0;
    for (std::size_t country = 0; country < economy.countries.size(); ++country) {
        const std::size_t node = economy.network.node(good, id_at<CountryId>(country)).index();
        value += world.nodes.consumption[node] * world.nodes.use_price[node];
        weight += world.nodes.consumption[node];
    }
    return weight > 0.0 ? value / weight : 0.0;
}

double unmet_share(const Economy& economy, const World& world, CountryId country, GoodId good) {
    const std::size_t node = economy.network.node(good, country).index();
    const double need = world.nodes.need[node];
    return need > 0.0 ? std::max(0.0, 1.0 - world.nodes.consumption[node] / need) : 0.0;
}

const std::vector<NamedIndicator>& named_indicators() {
    static const std::vector<NamedIndicator> indicators = {
        {"import_reliance", "share", "share of consumption not covered by own production", import_reliance},
        {"price", "USD/t", "price that the marginal buyer pays", use_price},
        {"production_share", "share", "share of world production", production_share},
        {"stock_months", "months", "stock in months of the flow", stock_months},
        {"unmet_share", "share", "use at base prices that was not met", unmet_share},
    };
    return indicators;
}

}  // namespace ytterby

#include "agents/world/indicators.hpp"

#include <algorithm>
#include <array>

#include "agents/world/definitions.hpp"
#include "core/maths.hpp"

namespace ytterby {
namespace {

using V = const GoodView&;
using enum AcrossGoods;

}  // namespace

const std::vector<Indicator>& indicators() {
    static const std::vector<Indicator> list = {
        {"import_reliance", "share",
         "net import reliance: share of use that own output does not cover (USGS definition; 0 for a net exporter)",
         mean, true, [](V view) { return net_import_reliance(view.output, view.use); }},
        {"price", "USD/t", "what marginal buyers pay, weighted by use", mean, false,
         [](V view) { return view.price(); }},
        {"price_index", "1 = base date", "use at prices of the tick over the same use at base prices", mean, false,
         [](V view) { return ratio_or(view.paid_usd, view.use_base_usd, undefined); }},
        {"shortage_usd", "USD a tick", "use at base prices that was not met, valued at base prices", sum, false,
         [](V view) { return view.unmet_usd; }},
        {"unmet_t", "t a tick", "use at base prices that was not met", sum, false, [](V view) { return view.unmet; }},
        {"unmet_share", "share", "the same as a share, both valued at base prices", together, false,
         [](V view) { return ratio_or(view.unmet_usd, view.need_usd, undefined); }},
        {"output_t", "t a tick", "production", sum, false, [](V view) { return view.output; }},
        {"use_t", "t a tick", "consumption", sum, false, [](V view) { return view.use; }},
        {"imports_t", "t a tick", "imports, those between the countries named included", sum, false,
         [](V view) { return view.imports; }},
        {"exports_t", "t a tick", "exports, those between the countries named included", sum, false,
         [](V view) { return view.exports; }},
        {"output_share", "share", "share of world production", together, true,
         [](V view) { return ratio_or(view.output, view.world_output, undefined); }},
        {"output_hhi", "0 to 1", "Herfindahl-Hirschman index of world production by country", mean, false,
         [](V view) { return herfindahl_hirschman(view.output_by_country()); }},
        {"import_hhi", "0 to 1", "Herfindahl-Hirschman index of imports by origin", mean, true,
         [](V view) { return herfindahl_hirschman(view.imports_by_origin()); }},
        {"stock_t", "t", "stock of all holders but states", sum, false, [](V view) { return view.stock; }},
        {"stock_months", "months", "the same in months of use at base prices", together, false,
         [](V view) { return months_of_stock(view.stock, view.need, view.months_per_tick()); }},
        {"stock_days", "days", "the same in days", together, false,
         [](V view) { return days_of_stock(view.stock, view.need, view.months_per_tick()); }},
        {"capacity_t", "t a year", "capacity of all plants, of their first output", sum, false,
         [](V view) { return view.capacity_a_year(); }},
        {"emissions_t_co2", "t CO2 a tick", "footprint of the throughput of plants whose first output it is", sum,
         false, [](V view) { return view.emissions_t_co2(); }},
        {"perceived_risk", "1", "supply risk that buyers perceive, weighted by need; 0 as at the base date", mean,
         false, [](V view) { return ratio_or(view.felt_risk, view.need, undefined); }},
    };
    return list;
}

const Indicator* find_indicator(std::string_view name) {
    const auto found =
        std::find_if(indicators().begin(), indicators().end(), [&](const Indicator& one) { return name == one.name; });
    return found == indicators().end() ? nullptr : &*found;
}

double import_reliance(const Economy& economy, const World& world, CountryId country, GoodId good) {
    const std::size_t node = economy.network.node(good, country).index();
    const double use = world.nodes.consumption[node];
    return use > 0.0 ? net_import_reliance(world.nodes.production[node], use) : 0.0;
}

}  // namespace ytterby

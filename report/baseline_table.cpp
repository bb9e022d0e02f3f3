#include "report/baseline_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "agents/indicators.hpp"

namespace ytterby {
namespace {

std::string money(double usd_per_t) {
    return usd_per_t >= 20000.0 ? fmt::format("{:.4g} USD/kg", usd_per_t / 1000.0) : fmt::format("{:.5g} USD/t", usd_per_t);
}

struct CountryOutput {
    std::size_t country;
    double data;
    double model;
};

/// Producers of a good in the order of the data, t per year.
std::vector<CountryOutput> producers(const Simulation& simulation, std::size_t good) {
    std::vector<CountryOutput> list;
    const Economy& economy = simulation.economy;
    for (std::size_t country = 0; country < economy.countries.size(); ++country) {
        const std::size_t node = economy.network.node(id_at<GoodId>(good), id_at<CountryId>(country)).index();
        const double data = simulation.base.goods[good].production[country];
        const double model = simulation.world.nodes.production[node] * economy.ticks_per_year;
        if (data > 0.0 || model > 0.0) {
            list.push_back({country, data, model});
        }
    }
    std::stable_sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.data > b.data; });
    return list;
}

std::string goods_table(const Simulation& simulation) {
    const Economy& economy = simulation.economy;
    std::string text = fmt::format("{:<26} {:>14} {:>14} {:>7}   {}\n", "good", "price, data", "price, model", "change", "output, model against data (largest producers)");
    for (std::size_t good = 0; good < economy.goods.size(); ++good) {
        double data = 0.0;
        double weight = 0.0;
        for (std::size_t country = 0; country < economy.countries.size(); ++country) {
            const double use = simulation.base.goods[good].use[country];
            data += use * simulation.base.goods[good].price[country];
            weight += use;
        }
        data /= weight;
        double model = 0.0;
        for (std::size_t country = 0; country < economy.countries.size(); ++country) {
            const std::size_t node = economy.network.node(id_at<GoodId>(good), id_at<CountryId>(country)).index();
            model += simulation.base.goods[good].use[country] * simulation.world.nodes.use_price[node];
        }
        model /= weight;
        text += fmt::format("{:<26} {:>14} {:>14} {:>+6.1f}%  ", economy.goods[good].name, money(data), money(model), 100.0 * (model / data - 1.0));
        const auto list = producers(simulation, good);
        for (std::size_t rank = 0; rank < std::min<std::size_t>(3, list.size()); ++rank) {
            const double change = list[rank].data > 0.0 ? 100.0 * (list[rank].model / list[rank].data - 1.0) : 0.0;
            text += fmt::format(" {} {:.4g} t ({:+.1f}%)", economy.countries[list[rank].country].code, list[rank].model, change);
        }
        text += '\n';
    }
    return text;
}

std::string reliance_table(const Scenario& scenario, const Simulation& simulation) {
    const Economy& economy = simulation.economy;
    const CountryId usa = economy.country("USA");
    if (!usa.exists() || scenario.data.us_reliance.empty()) {
        return "";
    }
    std::string text = fmt::format("{:<26} {:>14} {:>14}\n", "US net import reliance", "USGS", "model");
    for (const BaseData::Reliance& row : scenario.data.us_reliance) {
        double production = 0.0;
        double net_imports = 0.0;
        bool known = false;
        for (const std::string& name : row.goods) {
            const GoodId good = economy.good(name);
            if (!good.exists()) {
                continue;
            }
            const std::size_t node = economy.network.node(good, usa).index();
            production += simulation.world.nodes.production[node];
            net_imports += simulation.world.nodes.imports[node] - simulation.world.nodes.exports[node];
            known = true;
        }
        if (known && production + net_imports > 0.0) {
            const bool is_bound = row.bound.empty() || row.bound == ">" || row.bound == "<";
            const std::string published = is_bound ? fmt::format("{}{:.0f} %", row.bound, row.percent) : row.bound;
            const double share = net_imports / (production + net_imports);
            text += fmt::format("{:<26} {:>14} {:>14}\n", row.metal, published, share > 0.0 ? fmt::format("{:.0f} %", 100.0 * share) : "net exporter");
        }
    }
    return text;
}

std::string sources_table(const Scenario& scenario, const Simulation& simulation) {
    const Economy& economy = simulation.economy;
    const CountryId usa = economy.country("USA");
    if (!usa.exists()) {
        return "";
    }
    std::string text = fmt::format("{:<26} {}\n", "US import sources", "model share (USGS share), %");
    for (std::size_t good = 0; good < economy.goods.size(); ++good) {
        const GoodLanes& book = economy.network.goods[good];
        std::vector<std::pair<double, std::size_t>> sources;
        double total = 0.0;
        for (std::size_t number = 0; number < book.lanes.size(); ++number) {
            if (book.lanes[number].destination == usa) {
                const double flow = simulation.world.lanes.flow[book.first_lane + number];
                sources.emplace_back(flow, book.lanes[number].origin.index());
                total += flow;
            }
        }
        if (total <= 0.0) {
            continue;
        }
        std::stable_sort(sources.begin(), sources.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
        text += fmt::format("{:<26}", economy.goods[good].name);
        for (std::size_t rank = 0; rank < std::min<std::size_t>(5, sources.size()); ++rank) {
            const std::string& code = economy.countries[sources[rank].second].code;
            const double data = scenario.data.find(scenario.data.us_import_sources, economy.goods[good].name, code, -1.0);
            if (100.0 * sources[rank].first / total >= 1.0) {
                text += fmt::format(" {} {:.0f}{}", code, 100.0 * sources[rank].first / total, data >= 0.0 ? fmt::format(" ({:.0f})", data) : std::string());
            }
        }
        text += '\n';
    }
    return text;
}

}  // namespace

std::string baseline_table(const Scenario& scenario, const Simulation& simulation) {
    return fmt::format("\nWorld of {} after {} ticks ({}), beside the data of the base year\n\n{}\n{}\n{}", scenario.base_year, simulation.world.tick,
                       format_month(scenario.calendar.date_of(simulation.world.tick - 1)), goods_table(simulation), reliance_table(scenario, simulation),
                       sources_table(scenario, simulation));
}

}  // namespace ytterby

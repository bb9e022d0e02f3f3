#include "report/patterns/patterns.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "agents/world/definitions.hpp"
#include "core/maths.hpp"
#include "statistics/summary.hpp"

namespace ytterby {
namespace {

std::size_t node_of(const Economy& economy, std::size_t good, std::size_t country) {
    return economy.network.node(id_at<GoodId>(good), id_at<CountryId>(country)).index();
}

PricePair price_of(const Simulation& simulation, std::size_t good) {
    const GoodBase& base = simulation.base->goods[good];
    CompensatedSum data, model, weight;
    for (std::size_t country = 0; country < base.use.size(); ++country) {
        data.add(base.use[country] * base.price[country]);
        model.add(base.use[country] * simulation.world.nodes.use_price[node_of(simulation.economy, good, country)]);
        weight.add(base.use[country]);
    }
    return {simulation.economy.goods[good].name, ratio_or(model.total(), weight.total(), undefined),
            ratio_or(data.total(), weight.total(), undefined)};
}

SupplyPattern supply_of(const BaseData& data, const Economy& economy, const LastYear& year, std::size_t good) {
    SupplyPattern pattern{.good = economy.goods[good].name,
                          .stage = economy.goods[good].stage,
                          .model_first = {},
                          .data_first = {},
                          .suppliers = {}};
    const std::vector<double> published = output_in_data(data, pattern.good);
    std::vector<double> made(economy.countries.size());
    for (std::size_t country = 0; country < made.size(); ++country) {
        made[country] = year.production[node_of(economy, good, country)];
    }
    pattern.model_output_t = sum_of(made);
    pattern.data_output_t = sum_of(published);
    pattern.model_concentration = herfindahl_hirschman(made);
    pattern.data_concentration = herfindahl_hirschman(published);
    for (std::size_t country = 0; country < made.size(); ++country) {
        if (made[country] > 0.0 || published[country] > 0.0) {
            pattern.suppliers.push_back(
                {economy.countries[country].code, 100.0 * ratio_or(made[country], pattern.model_output_t, undefined),
                 100.0 * ratio_or(published[country], pattern.data_output_t, undefined), made[country] > 0.0});
        }
    }
    const auto first_by = [&](double SharePair::*share, std::string& name, double& percent) {
        const auto first =
            std::max_element(pattern.suppliers.begin(), pattern.suppliers.end(),
                             [&](const SharePair& a, const SharePair& b) { return a.*share < b.*share; });
        if (first != pattern.suppliers.end()) {
            name = first->name;
            percent = (*first).*share;
        }
    };
    first_by(&SharePair::model, pattern.model_first, pattern.model_first_percent);
    first_by(&SharePair::data, pattern.data_first, pattern.data_first_percent);
    std::stable_sort(pattern.suppliers.begin(), pattern.suppliers.end(),
                     [](const SharePair& a, const SharePair& b) { return a.data > b.data; });
    return pattern;
}

std::vector<ReliancePair> find_reliance(const BaseData& data, const Economy& economy, const LastYear& year) {
    std::vector<ReliancePair> list;
    const CountryId usa = economy.country("USA");
    for (const BaseData::Reliance& row : data.us_reliance) {
        double production = 0.0;
        double use = 0.0;
        for (const std::string& name : row.goods) {
            if (const GoodId good = economy.good(name); good.exists() && usa.exists()) {
                const std::size_t node = economy.network.node(good, usa).index();
                production += year.production[node];
                use += year.consumption[node];
            }
        }
        if (!(use > 0.0)) {
            continue;
        }
        ReliancePair pair{.metal = row.metal,
                          .model = 100.0 * net_import_reliance(production, use),
                          .data = row.percent,
                          .bound = row.bound};
        if (row.bound == ">") {
            pair.agrees = pair.model > row.percent;
        } else if (row.bound == "<") {
            pair.agrees = pair.model < row.percent;
        } else {
            pair.agrees = row.bound.empty() ? std::abs(pair.model - row.percent) <= reliance_tolerance
                                            : pair.model <= row.percent;
        }
        list.push_back(std::move(pair));
    }
    return list;
}

void find_sources(const BaseData& data, const Economy& economy, const LastYear& year, Patterns& patterns) {
    const CountryId usa = economy.country("USA");
    std::vector<double> all_model, all_data;
    CompensatedSum missed;
    for (std::size_t good = 0; good < economy.goods.size() && usa.exists(); ++good) {
        ImportSources sources{.good = economy.goods[good].name, .origins = {}};
        const GoodLanes& book = economy.network.goods[good];
        std::vector<double> shipped(economy.countries.size(), 0.0);
        for (std::size_t number = 0; number < book.lanes.size(); ++number) {
            if (book.lanes[number].destination == usa && book.lanes[number].origin != usa) {
                shipped[book.lanes[number].origin.index()] += year.flow[book.first_lane + number];
            }
        }
        const double total = sum_of(shipped);
        bool known = false;
        std::vector<double> model_shares, data_shares;
        for (std::size_t country = 0; country < economy.countries.size(); ++country) {
            const std::string& code = economy.countries[country].code;
            const double published = data.find(data.us_import_sources, sources.good, code, undefined);
            const double share = 100.0 * ratio_or(shipped[country], total, 0.0);
            const bool makes = year.production[node_of(economy, good, country)] > 0.0;
            known = known || !std::isnan(published);
            if (share > 0.0 || published > 0.0) {
                sources.origins.push_back({code, share, published, makes});
            }
            if (!std::isnan(published)) {
                model_shares.push_back(share);
                data_shares.push_back(published);
                missed.add(std::abs(share - published));
                sources.percent_of_makers += makes ? published : 0.0;
            }
        }
        if (!known || !(total > 0.0)) {
            continue;
        }
        std::stable_sort(sources.origins.begin(), sources.origins.end(),
                         [](const SharePair& a, const SharePair& b) { return a.model > b.model; });
        sources.rank_agreement = rank_agreement(model_shares, data_shares);
        const double named = sum_of(data_shares);
        sources.percent_of_makers = 100.0 * ratio_or(sources.percent_of_makers, named, undefined);
        all_model.insert(all_model.end(), model_shares.begin(), model_shares.end());
        all_data.insert(all_data.end(), data_shares.begin(), data_shares.end());
        patterns.sources.push_back(std::move(sources));
    }
    patterns.sources_rank_agreement = rank_agreement(all_model, all_data);
    patterns.sources_pairs = all_data.size();
    patterns.sources_mean_miss = ratio_or(missed.total(), static_cast<double>(all_data.size()), undefined);
}

void find_yttrium(const BaseData& data, const Economy& economy, const PatternWatch& watch, Patterns& patterns) {
    const GoodId yttrium = economy.good("yttrium.refined");
    if (!yttrium.exists()) {
        return;
    }
    for (const BaseData::UsYttriumYear& published : data.us_yttrium) {
        const auto found = watch.balances().find(published.year);
        if (found == watch.balances().end()) {
            continue;
        }
        const YearBalance& balance = found->second[yttrium.index()];
        if (balance.ticks < static_cast<std::int64_t>(economy.ticks_per_year)) {
            continue;  // the run covers only a part of that year
        }
        patterns.yttrium.push_back(
            {.year = published.year,
             .imports_t = balance.imports_t,
             .exports_t = balance.exports_t,
             .consumption_t = balance.consumption_t,
             .price_usd_per_kg = ratio_or(balance.paid_usd, balance.bought_t, undefined) / 1000.0,
             .reliance_percent = 100.0 * net_import_reliance(balance.production_t, balance.consumption_t),
             .data = published});
    }
}

}  // namespace

std::vector<double> output_in_data(const BaseData& data, const std::string& good) {
    std::map<std::string, double> made;
    for (const BaseData::ProcessRow& process : data.processes) {
        if (const auto taken = data.separation.find(process.name); taken != data.separation.end()) {
            const auto basket = data.baskets.find(process.name);
            if (basket == data.baskets.end() || !basket->second.contains(good)) {
                continue;
            }
            for (const auto& [key, tonnes] : taken->second) {
                made[key.second] += tonnes * basket->second.at(good);
            }
        } else if (const auto output = data.production.find(process.name); output != data.production.end()) {
            for (const auto& [key, tonnes] : output->second) {
                made[key.second] += key.first == good ? tonnes : 0.0;
            }
        }
    }
    std::vector<double> list;
    list.reserve(data.countries.size());
    for (const BaseData::CountryRow& country : data.countries) {
        list.push_back(made.contains(country.code) ? made.at(country.code) : 0.0);
    }
    return list;
}

Patterns find_patterns(const Scenario& scenario, const Simulation& simulation, const PatternWatch& watch) {
    Patterns patterns;
    const Economy& economy = simulation.economy;
    const LastYear year = watch.last_year();
    patterns.ticks = year.ticks;
    if (year.ticks == 0) {
        return patterns;
    }
    for (std::size_t good = 0; good < economy.goods.size(); ++good) {
        patterns.prices.push_back(price_of(simulation, good));
        patterns.supply.push_back(supply_of(scenario.data, economy, year, good));
    }
    patterns.reliance = find_reliance(scenario.data, economy, year);
    find_sources(scenario.data, economy, year, patterns);
    patterns.distance = distance_elasticities(scenario, economy, year);
    find_yttrium(scenario.data, economy, watch, patterns);
    return patterns;
}

}  // namespace ytterby

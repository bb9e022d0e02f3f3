#include "simulation/calibration/base_state.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/maths.hpp"
#include "simulation/calibration/balance.hpp"

namespace ytterby {
namespace {

using Key = BaseData::Key;
using Matrix = std::vector<std::vector<double>>;

/// Internal distance of a country, km: the mean distance to its own buyers (assumed, 200-1500; sets home bias).
constexpr double home_distance_km = 250.0;
/// Distance elasticity of the seeds of the balancing: -1 (gravity literature, -0.9 to -1.1).
constexpr double gravity_distance_elasticity = -1.0;
/// Share of its home supply that an importer with observed import sources buys first (assumed, 0.5-0.95); the fit
/// decides the rest.
constexpr double home_share = 0.8;
/// Flows below this share of both their origin's output and their destination's use are dropped (assumed, 0-0.01).
constexpr double dust_share = 0.002;

std::size_t good_index(const BaseData& data, const std::string& name) {
    for (std::size_t good = 0; good < data.goods.size(); ++good) {
        if (data.goods[good].name == name) {
            return good;
        }
    }
    return data.goods.size();
}

std::size_t country_index(const BaseData& data, const std::string& code) {
    for (std::size_t country = 0; country < data.countries.size(); ++country) {
        if (data.countries[country].code == code) {
            return country;
        }
    }
    return data.countries.size();
}

double sum(const std::vector<double>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

/// Adds the cells of a process from a table (good, country) -> throughput.
void add_cells(const BaseData& data, const std::string& process, const std::map<Key, double>& table, BaseState& state) {
    for (std::size_t country = 0; country < data.countries.size(); ++country) {
        double throughput = 0.0;
        for (const auto& [key, tonnes] : table) {
            if (key.second == data.countries[country].code) {
                throughput += tonnes;
            }
        }
        if (throughput > 0.0) {
            state.cells.push_back({process, country, throughput});
        }
    }
}

void list_processes(const BaseData& data, BaseState& state) {
    for (const auto& row : data.processes) {
        ProcessBase process{.name = row.name,
                            .kind = row.kind,
                            .inputs = {},
                            .outputs = {},
                            .host = row.host,
                            .supply_elasticity = row.supply_elasticity,
                            .minimum_run_rate = row.minimum_run_rate};
        const auto made = data.production.find(row.name);
        const auto separated = data.separation.find(row.name);
        if (separated != data.separation.end()) {
            process.inputs.emplace_back(good_index(data, row.input_good), 1.0);
            for (const auto& [good, share] : data.baskets.at(row.name)) {
                process.outputs.emplace_back(good_index(data, good), share);
            }
            add_cells(data, row.name, separated->second, state);
        } else if (made != data.production.end()) {
            const std::string& good = made->second.begin()->first.first;
            process.outputs.emplace_back(good_index(data, good), 1.0);
            if (!row.input_good.empty()) {
                process.inputs.emplace_back(good_index(data, row.input_good),
                                            1.0 / data.find(data.yields, row.input_good, good, 0.9));
            }
            add_cells(data, row.name, made->second, state);
        } else {
            continue;
        }
        std::sort(process.outputs.begin(), process.outputs.end());
        state.processes.push_back(std::move(process));
    }
}

/// Adds cells without plants where the tables give a potential (latent.csv).
void add_latent_cells(const BaseData& data, BaseState& state) {
    for (const auto& [key, potential] : data.outlook.latent) {
        const std::size_t country = country_index(data, key.second);
        const bool known = std::any_of(state.processes.begin(), state.processes.end(),
                                       [&](const ProcessBase& p) { return p.name == key.first; });
        const bool runs = std::any_of(state.cells.begin(), state.cells.end(), [&](const CellBase& c) {
            return c.process == key.first && c.country == country;
        });
        if (known && !runs && potential > 0.0) {
            state.cells.push_back({key.first, country, 0.0, potential});
        }
    }
}

/// Sums production and use of every good over the cells and the use table.
void add_up_quantities(const BaseData& data, BaseState& state) {
    const std::size_t countries = data.countries.size();
    for (GoodBase& good : state.goods) {
        good.production.assign(countries, 0.0);
        good.use.assign(countries, 0.0);
        good.potential_output.assign(countries, 0.0);
        good.potential_use.assign(countries, 0.0);
    }
    for (const CellBase& cell : state.cells) {
        const auto process = std::find_if(state.processes.begin(), state.processes.end(),
                                          [&](const ProcessBase& p) { return p.name == cell.process; });
        for (const auto& [good, per_throughput] : process->outputs) {
            state.goods[good].production[cell.country] += cell.throughput_t * per_throughput;
            state.goods[good].potential_output[cell.country] += cell.potential_t * per_throughput;
        }
        for (const auto& [good, per_throughput] : process->inputs) {
            state.goods[good].use[cell.country] += cell.throughput_t * per_throughput;
            state.goods[good].potential_use[cell.country] += cell.potential_t * per_throughput;
        }
    }
    for (const auto& [key, tonnes] : data.use) {
        state.goods[good_index(data, key.first)].use[country_index(data, key.second)] += tonnes;
    }
}

/// Scales world use to world output. For ores the plants' intake is scaled by the implied recovery (their yields), so
/// that mines keep their data. For refined goods final use is scaled; the tables agree within rounding.
void close_world_balances(const BaseData& data, BaseState& state, Problems& problems) {
    for (std::size_t index = 0; index < state.goods.size(); ++index) {
        GoodBase& good = state.goods[index];
        const double made = sum(good.production);
        const double used = sum(good.use);
        if (!(made > 0.0) || !(used > 0.0)) {
            problems.add({.key = data.goods[index].name,
                          .what = made > 0.0 ? "no country uses this good" : "no country produces this good",
                          .why = "the base state must balance",
                          .suggestion = "check production.csv, separation.csv and use.csv for the base year",
                          .where = {data.file("production.csv")}});
            continue;
        }
        const double scale = made / used;
        for (double& use : good.use) {
            use *= scale;
        }
        for (ProcessBase& process : state.processes) {
            for (auto& [input, per_throughput] : process.inputs) {
                per_throughput *= input == index ? scale : 1.0;
            }
        }
    }
}

/// The quote of a good: of the outside market where prices are two-tier, else of the world.
double quote_of(const BaseData& data, const std::string& good) {
    return data.find(data.prices, good, "outside", data.find(data.prices, good, "world", 0.0));
}

/// Seed of a flow over a distance.
double pull_of(double km) { return pow(km / 10000.0, gravity_distance_elasticity); }

double distance(const BaseData& data, std::size_t a, std::size_t b) {
    return a == b ? home_distance_km
                  : std::max(home_distance_km,
                             data.find(data.distances, data.countries[a].code, data.countries[b].code, 10000.0));
}

/// Distances between all countries, km; computed once for all goods.
Matrix distances_of(const BaseData& data) {
    const std::size_t countries = data.countries.size();
    Matrix km(countries, std::vector<double>(countries));
    for (std::size_t a = 0; a < countries; ++a) {
        for (std::size_t b = 0; b < countries; ++b) {
            km[a][b] = distance(data, a, b);
        }
    }
    return km;
}

/// Freight between all countries and the flows that gravity predicts.
void place_freight_and_gravity(const BaseData& data, const Matrix& distances, const std::string& name, GoodBase& good) {
    const std::size_t countries = data.countries.size();
    const auto freight = data.freight.find(name);
    const double base = freight == data.freight.end() ? 100.0 : freight->second.first;
    const double elasticity = freight == data.freight.end() ? 0.25 : freight->second.second;
    const double world = sum(good.production);
    good.freight.assign(countries, std::vector<double>(countries, 0.0));
    good.gravity = good.freight;
    for (std::size_t i = 0; i < countries; ++i) {
        for (std::size_t j = 0; j < countries; ++j) {
            good.freight[i][j] = i == j ? 0.0 : base * pow(distances[i][j] / 10000.0, elasticity);
            // Plants that may be built count as if they existed.
            const double output = good.production[i] > 0.0 ? good.production[i] : good.potential_output[i];
            const double use = good.use[j] > 0.0 ? good.use[j] : good.potential_use[j];
            good.gravity[i][j] = i == j ? 0.0 : output * use / world * pull_of(distances[i][j]) / 3.0;
        }
    }
}

/// What is known of a good's trade: domestic sales from exports.csv, import shares from import_anchors.csv, and seeds
/// that fall with distance.
BalanceInput balance_input(const BaseData& data, const Matrix& distances, const std::string& name,
                           const GoodBase& good) {
    const std::size_t countries = data.countries.size();
    BalanceInput input{good.production, good.use, std::vector<double>(countries, -1.0),
                       Matrix(countries, std::vector<double>(countries, -1.0)),
                       Matrix(countries, std::vector<double>(countries, 0.0))};
    for (std::size_t i = 0; i < countries; ++i) {
        const double home = std::min(good.production[i], good.use[i]);
        const double exports = data.find(data.exports, name, data.countries[i].code, -1.0);
        if (exports >= 0.0 && home > 0.0) {
            input.domestic[i] = std::clamp(good.production[i] - exports, 0.02 * home, home);
        }
        for (std::size_t j = 0; j < countries; ++j) {
            input.pull[i][j] = pull_of(distances[i][j]);
        }
    }
    if (const auto anchors = data.import_anchors.find(name); anchors != data.import_anchors.end()) {
        for (const auto& [key, share] : anchors->second) {
            const std::size_t to = country_index(data, key.first);
            const std::size_t from = country_index(data, key.second);
            if (to < countries && from < countries && good.production[from] > 0.0) {
                const double home = input.domestic[to] >= 0.0
                                        ? input.domestic[to]
                                        : home_share * std::min(good.production[to], good.use[to]);
                input.fixed[from][to] = share * (good.use[to] - home);
            }
        }
    }
    return input;
}

/// Replaces production and use by the sums of the fitted flows, so that they balance to the last bit.
void adopt_flow_sums(const BaseData& data, const std::string& name, GoodBase& good, Problems& problems) {
    const std::size_t countries = data.countries.size();
    const double world = sum(good.production);
    Matrix& flow = good.flow;
    std::vector<double> sold(countries, 0.0);
    std::vector<double> bought(countries, 0.0);
    for (std::size_t i = 0; i < countries; ++i) {
        for (std::size_t j = 0; j < countries; ++j) {
            sold[i] += flow[i][j];
            bought[i] += flow[j][i];
        }
        if (std::abs(sold[i] - good.production[i]) > 1e-6 * world || std::abs(bought[i] - good.use[i]) > 1e-6 * world) {
            problems.add({.key = name,
                          .what = "trade of " + data.countries[i].code + " does not balance with its output and use",
                          .why = "exports.csv and import_anchors.csv ask for flows that the quantities do not allow",
                          .suggestion = "check the observed exports and import shares of this good",
                          .where = {data.file("exports.csv")}});
        }
    }
    good.production = std::move(sold);
    good.use = std::move(bought);
}

void place_trade(const BaseData& data, const Matrix& distances, const std::string& name, GoodBase& good,
                 Problems& problems) {
    const std::size_t countries = data.countries.size();
    place_freight_and_gravity(data, distances, name, good);
    good.flow = balance_flows(balance_input(data, distances, name, good), dust_share);
    for (std::size_t i = 0; i < countries; ++i) {
        for (std::size_t j = 0; j < countries; ++j) {
            good.flow[i][j] = good.production[i] > 0.0 && good.use[j] > 0.0 ? good.flow[i][j] : 0.0;
        }
    }
    adopt_flow_sums(data, name, good, problems);
}

/// Node prices: differences fitted to freight between trading partners by least squares over flows, then shifted so
/// that their mean is the quote: over production for a world quote. A country with its own inside quote has that price,
/// and the mean of the others over their use is the outside quote.
void place_prices(const BaseData& data, std::size_t index, GoodBase& good) {
    const std::size_t countries = data.countries.size();
    const std::string& name = data.goods[index].name;
    const double outside = data.find(data.prices, name, "outside", -1.0);
    const double quote = quote_of(data, name);
    good.inside.assign(countries, false);
    good.price.assign(countries, quote);
    for (std::size_t i = 0; i < countries; ++i) {
        const double inside = data.find(data.prices, name, data.countries[i].code, -1.0);
        if (inside > 0.0) {
            good.inside[i] = true;
            good.price[i] = inside;
        }
    }
    // Most countries trade a good with few partners.
    struct Partner {
        std::size_t country;
        double sold, bought, freight_out, freight_in;
    };
    std::vector<std::vector<Partner>> partners(countries);
    for (std::size_t i = 0; i < countries; ++i) {
        for (std::size_t j = 0; j < countries; ++j) {
            if (j != i && !good.inside[i] && !good.inside[j] && (good.flow[i][j] > 0.0 || good.flow[j][i] > 0.0)) {
                partners[i].push_back({j, good.flow[i][j], good.flow[j][i], good.freight[i][j], good.freight[j][i]});
            }
        }
    }
    std::vector<double> before;
    for (int round = 0; round < 400 && before != good.price; ++round) {
        before = good.price;
        for (std::size_t i = 0; i < countries; ++i) {
            double pull = 0.0;
            double weight = 0.0;
            for (const Partner& partner : partners[i]) {
                const double price = good.price[partner.country];
                pull += partner.sold * (price - partner.freight_out) + partner.bought * (price + partner.freight_in);
                weight += partner.sold + partner.bought;
            }
            if (weight > 0.0) {
                good.price[i] = pull / weight;
            }
        }
        double value = 0.0;
        double weight = 0.0;
        for (std::size_t i = 0; i < countries; ++i) {
            if (!good.inside[i]) {
                const double w = outside > 0.0 ? good.use[i] : good.production[i];
                value += w * good.price[i];
                weight += w;
            }
        }
        const double shift = weight > 0.0 ? quote - value / weight : 0.0;
        for (std::size_t i = 0; i < countries; ++i) {
            good.price[i] = good.inside[i] ? good.price[i] : std::max(0.2 * quote, good.price[i] + shift);
        }
    }
}

}  // namespace

BaseState balance_base_state(const BaseData& data, Problems& problems) {
    BaseState state;
    state.goods.resize(data.goods.size());
    list_processes(data, state);
    add_latent_cells(data, state);
    add_up_quantities(data, state);
    close_world_balances(data, state, problems);
    if (!problems.empty()) {
        return state;
    }
    const Matrix distances = distances_of(data);
    for (std::size_t good = 0; good < state.goods.size(); ++good) {
        if (quote_of(data, data.goods[good].name) <= 0.0) {
            problems.add({.key = data.goods[good].name,
                          .what = "no price for the base year",
                          .why = "node prices are derived from a quote",
                          .suggestion = "add a row with market world",
                          .where = {data.file("prices.csv")}});
            continue;
        }
        place_trade(data, distances, data.goods[good].name, state.goods[good], problems);
        place_prices(data, good, state.goods[good]);
    }
    return state;
}

}  // namespace ytterby

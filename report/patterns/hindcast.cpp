#include "report/patterns/hindcast.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <map>
#include <numeric>

namespace ytterby {
namespace {

/// The last year of the baseline tables.
constexpr int last_data_year = 2024;

/// World output and quote of every good in one year of the tables.
struct DataYear {
    std::vector<double> output, price;
};

DataYear data_of(const Scenario& scenario, int year) {
    Problems problems;
    const BaseData data = read_base_data(scenario.data_folder, year, problems);
    problems.throw_if_any();
    const BaseState state = balance_base_state(data, problems);
    problems.throw_if_any();
    DataYear found;
    for (std::size_t good = 0; good < data.goods.size(); ++good) {
        const std::string& name = data.goods[good].name;
        found.output.push_back(
            std::accumulate(state.goods[good].production.begin(), state.goods[good].production.end(), 0.0));
        found.price.push_back(
            data.find(data.prices, name, "outside",
                      data.find(data.prices, name, "world", std::numeric_limits<double>::quiet_NaN())));
    }
    return found;
}

/// Sums of absolute errors over the pairs, per cent of the data: of the model, and of the guess that nothing changes.
struct Errors {
    double model = 0.0, nothing_changes = 0.0;
    int pairs = 0;
    void add(const HindcastPair& pair) {
        if (std::isnan(pair.data) || std::isnan(pair.model)) {
            return;
        }
        model += 100.0 * std::abs(pair.model / pair.data - 1.0);
        nothing_changes += 100.0 * std::abs(1.0 / pair.data - 1.0);
        ++pairs;
    }
};

std::string block(const std::vector<HindcastGood>& goods, const char* title,
                  std::vector<HindcastPair> HindcastGood::*series) {
    std::string text = fmt::format("\n{:<26}", title);
    for (const HindcastPair& pair : goods.front().*series) {
        text += fmt::format("{:<16}", pair.year);
    }
    text += "\n";
    Errors errors;
    for (const HindcastGood& good : goods) {
        text += fmt::format("{:<26}", good.good);
        for (const HindcastPair& pair : good.*series) {
            text +=
                fmt::format("{:<16}", std::isnan(pair.data) ? fmt::format("{:.2f} (-)", pair.model)
                                                            : fmt::format("{:.2f} ({:.2f})", pair.model, pair.data));
            errors.add(pair);
        }
        text += "\n";
    }
    if (errors.pairs > 0) {
        text += fmt::format("  mean absolute error {:.0f} %; of \"nothing changes\" {:.0f} %\n",
                            errors.model / errors.pairs, errors.nothing_changes / errors.pairs);
    }
    return text;
}

}  // namespace

std::vector<HindcastGood> look_back(const Scenario& scenario, const Simulation& simulation,
                                    const std::vector<AnnualRow>& rows) {
    std::map<int, std::map<std::size_t, AnnualRow>> years;
    for (const AnnualRow& row : rows) {
        if (row.year > scenario.base_year && row.year <= last_data_year) {
            years[row.year][row.good] = row;
        }
    }
    std::vector<HindcastGood> goods;
    if (years.empty()) {
        return goods;
    }
    const DataYear base = data_of(scenario, scenario.base_year);
    const std::vector<Good>& names = simulation.economy.goods;
    std::vector<double> base_price(names.size(), 0.0);
    for (std::size_t good = 0; good < names.size(); ++good) {
        // The model's own base price, by use as the yearly rows are.
        double value = 0.0;
        double weight = 0.0;
        for (std::size_t country = 0; country < simulation.economy.countries.size(); ++country) {
            const std::size_t node =
                simulation.economy.network.node(id_at<GoodId>(good), id_at<CountryId>(country)).index();
            value += simulation.base->goods[good].use[country] * simulation.economy.base_price[node];
            weight += simulation.base->goods[good].use[country];
        }
        base_price[good] = weight > 0.0 ? value / weight : std::numeric_limits<double>::quiet_NaN();
        goods.push_back({names[good].name, {}, {}});
    }
    for (const auto& [year, found] : years) {
        const DataYear data = data_of(scenario, year);
        for (const auto& [good, row] : found) {
            goods[good].price.push_back(
                {year, row.price_usd_per_t / base_price[good], data.price[good] / base.price[good]});
            goods[good].output.push_back(
                {year, row.output_t / base.output[good], data.output[good] / base.output[good]});
        }
    }
    return goods;
}

std::string hindcast_table(const std::vector<HindcastGood>& goods, int base_year) {
    if (goods.empty()) {
        return "";
    }
    return fmt::format("\nThe run beside the data: model (data), {} = 1\n", base_year) +
           block(goods, "world price", &HindcastGood::price) + block(goods, "world output", &HindcastGood::output) +
           "  data: configs/data; demand until 2024: the IEA's growth of 2024-30 extrapolated back, in the United "
           "States\n"
           "  industrial production; no policy, boom or pandemic is an input\n";
}

}  // namespace ytterby

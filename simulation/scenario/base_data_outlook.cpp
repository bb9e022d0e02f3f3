#include <cmath>
#include <iterator>
#include <optional>

#include "core/maths.hpp"
#include "simulation/scenario/data_folder.hpp"

namespace ytterby {

double at_year(const YearPath& path, double year, bool extrapolate) {
    if (path.empty()) {
        return 1.0;
    }
    if (path.size() == 1) {
        return path.begin()->second;
    }
    auto after = path.begin();
    while (std::next(after) != path.end() && static_cast<double>(after->first) <= year) {
        ++after;
    }
    if (after == path.begin()) {
        ++after;
    }
    const auto before = std::prev(after);
    const double part = (year - before->first) / static_cast<double>(after->first - before->first);
    const double held = extrapolate ? part : std::fmin(1.0, std::fmax(0.0, part));
    return exp(log(before->second) + held * (log(after->second) - log(before->second)));
}

namespace {

constexpr CellBounds some_year() { return {.low = 1900, .high = 2200, .unit = "year"}; }
CellBounds index_bounds() { return {.low = 1e-6, .high = 1e4, .unit = "2024 = 1"}; }
CellBounds years() { return {.low = 0.0, .high = 200.0, .unit = "years"}; }

int year_of(const Table& table, std::size_t row, const TableColumn& column) {
    return static_cast<int>(table.integer(row, column, some_year()));
}

void read_needs(DataFolder& folder, const KnownNames& known, OutlookData& data) {
    if (const auto table = folder.open_if_there("end_uses.csv")) {
        const auto good = table->column("good");
        const auto use = table->column("end_use");
        const auto part = table->column("share");
        for (std::size_t row = 0; row < table->rows(); ++row) {
            data.end_uses[known.good(*table, row, good)][std::string(table->required_text(row, use))] =
                table->number(row, part, share_of_one());
        }
    }
    if (const auto table = folder.open_if_there("demand_index.csv")) {
        const auto good = table->column("good");
        const auto use = table->column("end_use");
        const auto scenario = table->column("scenario");
        const auto year = table->column("year");
        const auto index = table->column("index");
        for (std::size_t row = 0; row < table->rows(); ++row) {
            const std::string name = known.good(*table, row, good);
            const std::string end_use(table->required_text(row, use));
            if (const auto uses = data.end_uses.find(name);
                !data.end_uses.empty() && (uses == data.end_uses.end() || !uses->second.contains(end_use))) {
                table->problem(row, use, "unknown end use '" + end_use + "' of " + name,
                               "end_uses.csv does not list it", "add its share there, or drop the row");
            }
            data.demand_index[std::string(table->required_text(row, scenario))][{name, end_use}]
                             [year_of(*table, row, year)] = table->number(row, index, index_bounds());
        }
    }
    if (const auto table = folder.open_if_there("substitution.csv")) {
        const auto good = table->column("good");
        const auto least = table->column("least_intensity_share");
        for (std::size_t row = 0; row < table->rows(); ++row) {
            data.least_intensity[known.good(*table, row, good)] =
                table->number(row, least, {.low = 0.01, .high = 1.0, .unit = "share"});
        }
    }
}

void read_us_economy(DataFolder& folder, const KnownNames& known, int base_year, BaseData& base) {
    OutlookData& data = base.outlook;
    if (const auto table = folder.open_if_there("us_economy.csv")) {
        const auto indicator = table->column("indicator");
        const auto year = table->column("year");
        const auto value = table->column("value");
        for (std::size_t row = 0; row < table->rows(); ++row) {
            data.us_economy[std::string(table->required_text(row, indicator))][year_of(*table, row, year)] =
                table->number(row, value, {.low = 1e-9, .high = 1e9});
        }
    }
    // Without the indicators every name would be reported as unknown.
    if (const auto table = data.us_economy.empty() ? std::nullopt : folder.open_if_there("us_drivers.csv")) {
        const auto good = table->column("good");
        const auto use = table->column("end_use");
        const auto indicator = table->column("indicator");
        for (std::size_t row = 0; row < table->rows(); ++row) {
            const std::string name(table->required_text(row, indicator));
            if (!data.us_economy.contains(name)) {
                table->problem(row, indicator, "unknown indicator '" + name + "'", "us_economy.csv does not list it",
                               "write one of its indicators");
            }
            data.us_drivers[{known.good(*table, row, good), std::string(table->required_text(row, use))}] = name;
        }
    }
    if (const auto table = folder.open_if_there("us_run_rates.csv")) {
        const auto process = table->column("process");
        const auto year = table->column("year");
        const auto share = table->column("utilisation_share");
        for (std::size_t row = 0; row < table->rows(); ++row) {
            const std::string name = known.process(*table, row, process);
            const double value = table->number(row, share, {.low = 0.05, .high = 1.0, .unit = "share"});
            if (of_year(*table, row, year, base_year)) {
                base.utilisation.try_emplace({name, "USA"}, value);  // a figure for the plant itself takes precedence
            }
        }
    }
}

void read_investment_costs(DataFolder& folder, const KnownNames& known, OutlookData& data) {
    if (const auto table = folder.open_if_there("investment.csv")) {
        const auto process = table->column("process");
        const auto capex = table->column("capex_usd_per_t_per_year");
        const auto permit = table->column("explore_permit_years");
        const auto build = table->column("build_years");
        const auto brownfield = table->column("brownfield_years");
        const auto brownfield_share = table->column("brownfield_share");
        const auto restart = table->column("restart_months");
        const auto lifetime = table->column("lifetime_years");
        const auto elasticity = table->column("long_run_supply_elasticity");
        const auto own = table->column("own_price_share");
        for (std::size_t row = 0; row < table->rows(); ++row) {
            data.investment[known.process(*table, row, process)] = {
                .capex_usd_per_t_per_year =
                    table->number(row, capex, {.low = 1e-6, .high = 1e12, .unit = "USD per t/year"}),
                .explore_permit_years = table->number(row, permit, years()),
                .build_years = table->number(row, build, years()),
                .brownfield_years = table->number(row, brownfield, years()),
                .brownfield_share = table->number(row, brownfield_share, share_of_one()),
                .restart_months = table->number(row, restart, {.low = 0.0, .high = 250.0, .unit = "months"}),
                .lifetime_years = table->number(row, lifetime, {.low = 1.0, .high = 200.0, .unit = "years"}),
                .long_run_supply_elasticity = table->number(row, elasticity, {.low = 0.01, .high = 100.0}),
                .own_price_share = table->number(row, own, share_of_one())};
        }
    }
}

void read_capacity_plan(DataFolder& folder, const KnownNames& known, OutlookData& data) {
    if (const auto table = folder.open_if_there("capacity_plan.csv")) {
        const auto process = table->column("process");
        const auto country = table->column("country");
        const auto year = table->column("year");
        const auto index = table->column("index");
        for (std::size_t row = 0; row < table->rows(); ++row) {
            data.capacity_plan[{known.process(*table, row, process), known.country(*table, row, country)}]
                              [year_of(*table, row, year)] = table->number(row, index, index_bounds());
        }
    }
}

void read_reserves(DataFolder& folder, const KnownNames& known, OutlookData& data) {
    if (const auto table = folder.open_if_there("reserves.csv")) {
        const auto good = table->column("good");
        const auto country = table->column("country");
        const auto tonnes = table->column("tonnes");
        for (std::size_t row = 0; row < table->rows(); ++row) {
            data.reserves[{known.good(*table, row, good), known.country(*table, row, country)}] =
                table->number(row, tonnes, {.low = 0.0, .high = 1e13, .unit = "t"});
        }
    }
}

void read_latent(DataFolder& folder, const KnownNames& known, OutlookData& data) {
    if (const auto table = folder.open_if_there("latent.csv")) {
        const auto process = table->column("process");
        const auto country = table->column("country");
        const auto tonnes = table->column("potential_t_per_year");
        for (std::size_t row = 0; row < table->rows(); ++row) {
            data.latent[{known.process(*table, row, process), known.country(*table, row, country)}] =
                table->number(row, tonnes, tonnes_per_year());
        }
    }
}

void read_host_index(DataFolder& folder, OutlookData& data) {
    if (const auto table = folder.open_if_there("host_index.csv")) {
        const auto host = table->column("host");
        const auto year = table->column("year");
        const auto index = table->column("index");
        for (std::size_t row = 0; row < table->rows(); ++row) {
            data.host_index[std::string(table->required_text(row, host))][year_of(*table, row, year)] =
                table->number(row, index, index_bounds());
        }
    }
}

void read_investment(DataFolder& folder, const KnownNames& known, OutlookData& data) {
    read_investment_costs(folder, known, data);
    read_capacity_plan(folder, known, data);
    read_reserves(folder, known, data);
    read_latent(folder, known, data);
    read_host_index(folder, data);
}

void read_products(DataFolder& folder, const KnownNames& known, OutlookData& data) {
    if (const auto table = folder.open_if_there("recycling.csv")) {
        const auto good = table->column("good");
        const auto process = table->column("process");
        const auto lifetime = table->column("lifetime_years");
        const auto growth = table->column("past_growth");
        const auto collection = table->column("collection_share");
        for (std::size_t row = 0; row < table->rows(); ++row) {
            // A good may have no recyclers yet; its lifetime still counts.
            const std::string name(table->text(row, process));
            data.recycling[name.empty() ? std::string(table->text(row, good)) : name] = {
                .good = known.good(*table, row, good),
                .lifetime_years = table->number(row, lifetime, {.low = 0.1, .high = 200.0, .unit = "years"}),
                .past_growth = table->number(row, growth, {.low = -0.2, .high = 0.5, .unit = "per year"}),
                .collection_share = table->number(row, collection, share_of_one())};
        }
    }
    if (const auto table = folder.open_if_there("footprint.csv")) {
        const auto process = table->column("process");
        const auto tonnes = table->column("t_co2_per_t");
        for (std::size_t row = 0; row < table->rows(); ++row) {
            data.footprint[known.process(*table, row, process)] =
                table->number(row, tonnes, {.low = 0.0, .high = 1e6, .unit = "t CO2 per t"});
        }
    }
}

}  // namespace

void read_outlook(DataFolder& folder, const KnownNames& known, int base_year, BaseData& data) {
    read_needs(folder, known, data.outlook);
    read_us_economy(folder, known, base_year, data);
    read_investment(folder, known, data.outlook);
    read_products(folder, known, data.outlook);
}

}  // namespace ytterby

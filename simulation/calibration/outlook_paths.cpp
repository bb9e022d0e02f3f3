#include "simulation/calibration/outlook_paths.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/maths.hpp"
#include "simulation/calibration/planned_costs.hpp"

namespace ytterby {
namespace {

/// Least number of years that the paths continue beyond the run (investment.csv: mines are planned up to 16 years
/// ahead).
constexpr int least_years_ahead = 32;
/// The last year of the US mineral economy table and the base year of the demand indices.
constexpr int index_year = 2024;

/// Statistics count stock building as use. So the need of final users at the base date is apparent use less the stock
/// building that comes with growth: growth over the first years x months of stocks in the metal's whole chain (stocks
/// of ores count where the good is refined from them). Assumed, 1-5 years.
constexpr int growth_years = 3;

/// Rounds in which the plan and its own cost settle (technical: prices move by less than 0.001 in the last).
constexpr int cost_rounds = 12;

/// Years that the paths continue beyond the run. No plan reaches their end, so a longer run begins exactly as a shorter
/// one.
int years_ahead(const Scenario& scenario) {
    double longest = 0.0;
    for (const auto& [process, plants] : scenario.data.outlook.investment) {
        longest = std::max({longest, plants.build_years, plants.brownfield_years});
    }
    return std::max(least_years_ahead, static_cast<int>(std::ceil(longest)) + 2);
}

double stock_building_share(const Scenario& scenario, const Economy& economy, std::size_t good,
                            const std::vector<double>& need) {
    const double growth = log(need[growth_years]) / growth_years;
    const auto months = [&](const std::string& name, std::initializer_list<const char*> roles) {
        double sum = 0.0;
        for (const char* role : roles) {
            sum += scenario.data.find(scenario.data.cover_months, name, role, 1.0);
        }
        return sum;
    };
    double cover = months(economy.goods[good].name, {"producer", "manufacturer"});
    const bool refined_from_ore =
        std::any_of(economy.processes.begin(), economy.processes.end(), [&](const Process& process) {
            return !process.inputs.empty() &&
                   std::any_of(process.outputs.begin(), process.outputs.end(),
                               [&](const ProcessPort& port) { return port.good.index() == good; });
        });
    if (refined_from_ore) {
        for (const Process& process : economy.processes) {
            const bool makes_it = std::any_of(process.outputs.begin(), process.outputs.end(),
                                              [&](const ProcessPort& port) { return port.good.index() == good; });
            if (makes_it && !process.inputs.empty()) {
                cover += months(economy.goods[process.inputs.front().good.index()].name, {"producer", "refiner_input"});
                break;
            }
        }
    }
    return std::clamp(growth * cover / 12.0, -0.1, 0.2);
}

/// Index of a good's need in a country by year of the run, start = 1: end uses weighted with their shares. In the
/// United States until 2024 each end use follows the industry that drives it. All other countries share one path.
class Needs {
public:
    Needs(const Scenario& scenario, double start, int knots)
        : data_(scenario.data.outlook), scenario_(scenario.outlook.demand), start_(start) {
        for (const BaseData::GoodRow& good : scenario.data.goods) {
            elsewhere_.push_back(path_of(good.name, false, knots));
            driven_.push_back(start < index_year ? path_of(good.name, true, knots) : elsewhere_.back());
        }
    }

    static bool is_driven(const std::string& country) { return country == "USA"; }
    /// By year from the start; `driven` for a country whose industries drive its end uses.
    const std::vector<double>& of(std::size_t good, bool driven) const {
        return driven ? driven_[good] : elsewhere_[good];
    }

private:
    std::vector<double> path_of(const std::string& good, bool driven, int knots) const {
        std::vector<double> path(static_cast<std::size_t>(knots), 1.0);
        const auto uses = data_.end_uses.find(good);
        if (uses == data_.end_uses.end()) {
            return path;
        }
        double then = 0.0;
        for (const auto& [use, share] : uses->second) {
            then += share * index(good, use, driven, start_);
        }
        for (int knot = 0; knot < knots && then > 0.0; ++knot) {
            double now = 0.0;
            for (const auto& [use, share] : uses->second) {
                now += share * index(good, use, driven, start_ + knot);
            }
            path[static_cast<std::size_t>(knot)] = now / then;
        }
        return path;
    }

    double index(const std::string& good, const std::string& use, bool driven, double year) const {
        const auto table = data_.demand_index.find(scenario_);
        if (table == data_.demand_index.end()) {
            return 1.0;
        }
        const auto path = table->second.find({good, use});
        if (path == table->second.end()) {
            return 1.0;
        }
        if (driven && year < index_year) {
            if (const auto driver = data_.us_drivers.find({good, use}); driver != data_.us_drivers.end()) {
                const YearPath& industry = data_.us_economy.at(driver->second);
                return at_year(industry, year, false) / at_year(industry, index_year, false);
            }
        }
        return at_year(path->second, year, true);
    }

    const OutlookData& data_;
    const std::string& scenario_;
    double start_;
    std::vector<std::vector<double>> elsewhere_, driven_;  // by good
};

/// The world's need of a good by year of the run, start = 1, weighted with use at the base date.
std::vector<double> world_need(const Needs& needs, const BaseData& data, const GoodBase& base, std::size_t good,
                               int knots) {
    std::vector<double> index(static_cast<std::size_t>(knots), 0.0);
    const double total = std::accumulate(base.use.begin(), base.use.end(), 0.0);
    for (std::size_t country = 0; country < base.use.size(); ++country) {
        const std::vector<double>& need = needs.of(good, Needs::is_driven(data.countries[country].code));
        for (std::size_t knot = 0; knot < index.size() && base.use[country] > 0.0; ++knot) {
            index[knot] += base.use[country] / total * need[knot];
        }
    }
    return index;
}

/// End-of-life metal from the products of a good by year, start = 1: needs that have passed through two stages of life.
std::vector<double> end_of_life(const std::vector<double>& need, double lifetime_years, double past_growth) {
    constexpr int steps = 12;
    const double passing = 1.0 - exp(-2.0 / lifetime_years / steps);
    const double grown = exp(past_growth / steps) - 1.0 + passing;
    double young = 1.0 / grown;
    double old = passing * young / grown;
    const double first = old;
    std::vector<double> index;
    for (std::size_t knot = 0; knot < need.size(); ++knot) {
        index.push_back(old / first);
        for (int step = 0; step < steps; ++step) {
            const double ageing = passing * young;
            old += ageing - passing * old;
            young += need[knot] - ageing;
        }
    }
    return index;
}

/// Logarithms of an index, as paths store it.
std::vector<double> logarithms_of(std::vector<double> index) {
    for (double& value : index) {
        value = log(std::max(1e-6, value));
    }
    return index;
}

void set_row(Outlook::Paths& paths, std::size_t row, const std::vector<double>& logarithms) {
    for (std::size_t knot = 0; knot < logarithms.size(); ++knot) {
        paths.log_at_knot(row, knot) = logarithms[knot];
    }
}

Outlook::Paths flat_paths(std::size_t rows, int knots) { return {rows, static_cast<std::size_t>(knots)}; }

/// Planned output of every process, derived from the needs of its outputs. Recycled metal follows products at the end
/// of their life, primary refining makes the rest, and mines follow the plants that refine their ore.
class ProcessPlans {
public:
    /// `use_left`: by good and year, part of needs that is left at the prices of the plan.
    ProcessPlans(const Scenario& scenario, const BaseState& base, const Economy& economy, const Needs& needs,
                 const std::vector<std::vector<double>>& use_left)
        : economy_(economy), knots_(use_left.front().size()) {
        const int knots = static_cast<int>(knots_);
        const OutlookData& data = scenario.data.outlook;
        primary_.assign(base.goods.size(), std::vector<double>(knots_, 1.0));
        std::vector<std::vector<double>> needed;
        for (std::size_t good = 0; good < base.goods.size(); ++good) {
            needed.push_back(world_need(needs, scenario.data, base.goods[good], good, knots));
            for (std::size_t knot = 0; knot < knots_; ++knot) {
                needed.back()[knot] *= use_left[good][knot];
            }
        }
        for (std::size_t process = 0; process < base.processes.size(); ++process) {
            if (const auto found = data.recycling.find(base.processes[process].name);
                found != data.recycling.end() && economy.processes[process].recycles) {
                const std::size_t good = base.processes[process].outputs.front().first;
                recycled_[process] =
                    end_of_life(needed[good], economy.goods[good].lifetime_years, found->second.past_growth);
            }
        }
        for (std::size_t good = 0; good < base.goods.size(); ++good) {
            if (economy.goods[good].stage == "ore") {
                continue;
            }
            const double made =
                std::accumulate(base.goods[good].production.begin(), base.goods[good].production.end(), 0.0);
            for (std::size_t knot = 0; knot < knots_; ++knot) {
                double secondary = 0.0;
                double secondary_at_base = 0.0;
                for (const auto& [process, index] : recycled_) {
                    if (base.processes[process].outputs.front().first == good) {
                        const double tonnes = output_of(base, process);
                        secondary_at_base += tonnes;
                        secondary += tonnes * index[knot];
                    }
                }
                const double rest = made - secondary_at_base;
                primary_[good][knot] =
                    rest > 0.0 ? std::max(0.02, (made * needed[good][knot] - secondary) / rest) : needed[good][knot];
            }
        }
        for (std::size_t good = 0; good < base.goods.size(); ++good) {
            if (economy.goods[good].stage == "ore") {
                primary_[good] = intake_of(base, good);
            }
        }
    }

    std::vector<double> of_process(std::size_t process) const {
        if (const auto found = recycled_.find(process); found != recycled_.end()) {
            return found->second;
        }
        return of_basket(process);
    }

private:
    static double output_of(const BaseState& base, std::size_t process) {
        double tonnes = 0.0;
        for (const CellBase& cell : base.cells) {
            tonnes += cell.process == base.processes[process].name
                          ? cell.throughput_t * base.processes[process].outputs.front().second
                          : 0.0;
        }
        return tonnes;
    }
    /// Several outputs are weighted with their value at the base date.
    std::vector<double> of_basket(std::size_t process) const {
        std::vector<double> index(knots_, 0.0);
        double total = 0.0;
        for (const ProcessPort& port : economy_.processes[process].outputs) {
            const double value = port.per_throughput *
                                 economy_.base_price[economy_.network.node(port.good, id_at<CountryId>(0)).index()];
            total += value;
            for (std::size_t knot = 0; knot < knots_; ++knot) {
                index[knot] += value * primary_[port.good.index()][knot];
            }
        }
        for (double& value : index) {
            value /= total;
        }
        return index;
    }
    /// An ore follows the plants that use it, weighted with tonnes at the base date.
    std::vector<double> intake_of(const BaseState& base, std::size_t ore) const {
        std::vector<double> index(knots_, 0.0);
        double total = 0.0;
        for (std::size_t process = 0; process < base.processes.size(); ++process) {
            for (const auto& [input, per_throughput] : base.processes[process].inputs) {
                if (input != ore) {
                    continue;
                }
                double tonnes = 0.0;
                for (const CellBase& cell : base.cells) {
                    tonnes += cell.process == base.processes[process].name ? cell.throughput_t * per_throughput : 0.0;
                }
                const std::vector<double> plants = of_basket(process);
                total += tonnes;
                for (std::size_t knot = 0; knot < knots_; ++knot) {
                    index[knot] += tonnes * plants[knot];
                }
            }
        }
        for (double& value : index) {
            value = total > 0.0 ? value / total : 1.0;
        }
        return index;
    }

    const Economy& economy_;
    std::size_t knots_;
    std::vector<std::vector<double>> primary_;             // by good
    std::map<std::size_t, std::vector<double>> recycled_;  // by process
};

/// Shares of countries in a process's plan follow capacity_plan.csv and add up to one.
void plan_cells(const Scenario& scenario, const Economy& economy, const std::vector<std::vector<double>>& plans,
                double start, Outlook& outlook) {
    const std::size_t knots = outlook.plan.knots;
    const auto shares_of = [&](const Cell& cell) {
        std::vector<double> shares(knots, 1.0);
        const auto path = scenario.data.outlook.capacity_plan.find(
            {economy.processes[cell.process.index()].name, economy.countries[cell.country.index()].code});
        for (std::size_t knot = 0; knot < knots && path != scenario.data.outlook.capacity_plan.end(); ++knot) {
            shares[knot] = at_year(path->second,
                                   std::max(start + static_cast<double>(knot), static_cast<double>(index_year)), false);
        }
        return shares;
    };
    for (std::size_t process = 0; process + 2 < economy.processes.size(); ++process) {
        const std::vector<double>& whole = plans[process];
        std::vector<double> weighted(knots, 0.0);
        std::vector<std::pair<std::size_t, std::vector<double>>> cells;
        double total = 0.0;
        for (std::size_t index = 0; index < economy.cells.size(); ++index) {
            const Cell& cell = economy.cells[index];
            if (cell.process.index() == process) {
                const std::vector<double>& shares = cells.emplace_back(index, shares_of(cell)).second;
                total += cell.base_throughput_t;
                for (std::size_t knot = 0; knot < knots; ++knot) {
                    weighted[knot] += cell.base_throughput_t * shares[knot] / shares[0];
                }
            }
        }
        for (const auto& [index, shares] : cells) {
            std::vector<double> path(knots, 0.0);
            for (std::size_t knot = 0; knot < knots && total > 0.0; ++knot) {
                path[knot] = whole[knot] * shares[knot] / shares[0] * total / weighted[knot];
            }
            if (total > 0.0) {
                set_row(outlook.plan, index, logarithms_of(path));
            }
        }
    }
}

/// The plan and the cost of it, found together.
void plan_with_costs(const Scenario& scenario, const BaseState& base, Economy& economy, const Needs& needs,
                     double start) {
    Outlook& outlook = economy.outlook;
    const std::size_t knots = outlook.plan.knots;
    PlannedCosts costs(economy, knots);
    for (int round = 0; round < cost_rounds; ++round) {
        const ProcessPlans plans(scenario, base, economy, needs, costs.use_left());
        std::vector<std::vector<double>> throughput(economy.processes.size(), std::vector<double>(knots, 1.0));
        for (std::size_t process = 0; process + 2 < economy.processes.size(); ++process) {
            throughput[process] = plans.of_process(process);
        }
        costs.follow(throughput);
    }
    plan_cells(scenario, economy, costs.standing(), start, outlook);
    for (std::size_t good = 0; good < economy.goods.size(); ++good) {
        set_row(outlook.cost, good, logarithms_of(costs.price()[good]));
    }
}

}  // namespace

void lay_out_outlook(const Scenario& scenario, const BaseState& base, Economy& economy) {
    Outlook& outlook = economy.outlook;
    outlook.shocks = scenario.resolved_shocks;
    if (scenario.outlook.demand == "constant") {
        return;
    }
    outlook.depletes = true;
    outlook.cost_decline_per_year = economy.behaviour.cost_decline_per_year;
    const Date first = scenario.run.start;
    const double start = first.year + (first.month - 1) / 12.0;
    const int knots = static_cast<int>(std::ceil(static_cast<double>(scenario.run.ticks) / economy.ticks_per_year)) +
                      years_ahead(scenario);
    const Needs needs(scenario, start, knots);
    outlook.need = flat_paths(economy.network.node_count(), knots);
    for (std::size_t good = 0; good < economy.goods.size(); ++good) {
        if (economy.goods[good].stage == "ore") {
            continue;
        }
        const double final_share =
            1.0 - stock_building_share(scenario, economy, good,
                                       world_need(needs, scenario.data, base.goods[good], good, knots));
        const auto row_of = [&](bool driven) {
            std::vector<double> index = needs.of(good, driven);
            for (double& value : index) {
                value *= final_share;
            }
            return logarithms_of(index);
        };
        const std::vector<double> elsewhere = row_of(false);
        const std::vector<double> driven = row_of(true);
        for (std::size_t country = 0; country < economy.countries.size(); ++country) {
            if (base.goods[good].use[country] > 0.0) {
                set_row(outlook.need, economy.network.node(id_at<GoodId>(good), id_at<CountryId>(country)).index(),
                        Needs::is_driven(economy.countries[country].code) ? driven : elsewhere);
            }
        }
    }
    outlook.plan = flat_paths(economy.cells.size(), knots);
    outlook.cost = flat_paths(economy.goods.size(), knots);
    plan_with_costs(scenario, base, economy, needs, start);
    outlook.host = flat_paths(economy.cells.size(), knots);
    std::map<std::string, std::vector<double>> hosts;
    for (const auto& [host, path] : scenario.data.outlook.host_index) {
        std::vector<double>& index = hosts[host];
        for (int knot = 0; knot < knots; ++knot) {
            index.push_back(at_year(path, start + knot, true) / at_year(path, start, true));
        }
        index = logarithms_of(index);
    }
    for (std::size_t index = 0; index < economy.cells.size(); ++index) {
        if (const auto path = hosts.find(economy.processes[economy.cells[index].process.index()].host);
            path != hosts.end()) {
            set_row(outlook.host, index, path->second);
        }
    }
}

}  // namespace ytterby

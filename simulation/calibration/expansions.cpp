#include <algorithm>
#include <cmath>

#include "core/maths.hpp"
#include "simulation/calibration/outlook_paths.hpp"

namespace ytterby {
namespace {

/// Hurdle rate of investors per year: a base rate, and a premium that falls with the country's governance (0 is the
/// worst). Assumed, 0.06-0.12 and 0.04-0.12: country risk premia reach about 0.1.
constexpr double base_hurdle_rate = 0.08;
constexpr double governance_premium = 0.08;
/// By-product recovery may grow to this multiple of its base capacity where its host allows (assumed, 1.5-4).
constexpr double recovery_multiple = 2.0;
/// Share of a country's own ore that a new refinery there could count on (assumed, 0.5-1).
constexpr double own_ore_share = 1.0;

/// Annual payment per dollar invested over a lifetime.
double capital_recovery(double rate, double years) { return rate / (1.0 - pow(1.0 + rate, -years)); }

/// What could be built beyond the plan, t of throughput per tick: the largest of the tables' potential, the country's
/// own ore output and the potential of a by-product's host.
double potential(const Scenario& scenario, const BaseState& base, const CellBase& source, const Economy& economy,
                 const Cell& cell) {
    double most = source.potential_t / economy.ticks_per_year;
    for (std::size_t input = 0; input < cell.inputs; ++input) {
        const Position& position = cell.positions[input];
        const double own = base.goods[position.good.index()].production[cell.country.index()] / economy.ticks_per_year;
        most = std::max(most, own_ore_share * own / position.per_throughput);
    }
    const std::string& process = economy.processes[cell.process.index()].name;
    const double host =
        scenario.data.find(scenario.data.host_potential, process, economy.countries[cell.country.index()].code, 0.0) /
        economy.ticks_per_year;
    if (host > 0.0 && cell.inputs == 0 && cell.expansion.own_price_share > 0.5) {
        most = std::max(most, std::min(host, recovery_multiple * cell.expansion.base_capacity_t));
    }
    return most;
}

}  // namespace

void give_expansions(const Scenario& scenario, const BaseState& base, Economy& economy) {
    const OutlookData& data = scenario.data.outlook;
    for (std::size_t country = 0; country < economy.countries.size(); ++country) {
        economy.countries[country].hurdle_rate =
            base_hurdle_rate + governance_premium * (1.0 - scenario.data.countries[country].governance);
    }
    for (std::size_t index = 0; index < base.cells.size(); ++index) {
        // The cells of the base state come first among the economy's, in the same order.
        Cell& cell = economy.cells[index];
        Expansion& expansion = cell.expansion;
        for (std::size_t firm = cell.first_firm; firm < cell.first_firm + cell.firms; ++firm) {
            expansion.base_capacity_t += economy.traits.capacity_t[firm];
        }
        const Process& process = economy.processes[cell.process.index()];
        const std::string& country = economy.countries[cell.country.index()].code;
        if (const auto found = data.recycling.find(process.name); found != data.recycling.end()) {
            expansion.scrap_share = found->second.collection_share;
        }
        const auto found = data.investment.find(process.name);
        if (found == data.investment.end() || !scenario.outlook.investment) {
            continue;
        }
        const OutlookData::Investment& row = found->second;
        expansion.grows = true;
        expansion.retirement_per_year = 1.0 / row.lifetime_years;
        expansion.brownfield_share = row.brownfield_share;
        expansion.brownfield_years = row.brownfield_years;
        expansion.build_years = row.build_years;
        expansion.permit_years = row.explore_permit_years;
        expansion.long_run_elasticity = row.long_run_supply_elasticity;
        expansion.own_price_share = row.own_price_share;
        expansion.capex_usd_per_t = row.capex_usd_per_t_per_year;
        expansion.capital_cost_usd_per_t =
            row.capex_usd_per_t_per_year *
            capital_recovery(economy.countries[cell.country.index()].hurdle_rate, row.lifetime_years);
        expansion.potential_t = potential(scenario, base, base.cells[index], economy, cell);
        if (cell.inputs == 0 && !process.recycles) {
            const auto reserves =
                data.reserves.find({economy.goods[cell.positions.front().good.index()].name, country});
            if (reserves != data.reserves.end() && reserves->second > 0.0) {
                expansion.reserves_t = reserves->second;
            }
        }
    }
}

}  // namespace ytterby

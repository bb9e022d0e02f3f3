#include "agents/phases/support/plant_support.hpp"

#include <cmath>
#include <cstdint>
#include <iterator>

#include "core/maths.hpp"

namespace ytterby {
namespace {

/// A plant is judged over its first years of output (assumed, 5-20).
constexpr double judged_months = 120.0;
/// Part of the capital that an investor pays itself, whatever the grants (assumed, 0.05-0.5: calls of the US Department
/// of Energy ask for at least half, Japan pays up to half).
constexpr double least_own_share = 0.1;
/// The lowest interest rate of loans, a year (assumed, 0.005-0.02).
constexpr double least_rate = 0.01;

/// Sums in integer units, so that no order matters.
struct OutputUnits {
    std::int64_t usd = 0;
    std::int64_t share = 0;
    void add(PlantVerb verb, double size) {
        if (verb == PlantVerb::support) {
            usd += units_of(verb, size);
        } else if (verb == PlantVerb::support_share) {
            share += units_of(verb, size);
        }
    }
    void write(OutputSupport& output) const {
        output.usd_per_t = size_of(PlantVerb::support, usd);
        output.price_share = size_of(PlantVerb::support_share, share);
    }
};

CellSupport support_of(const Cell& cell, const VerbsAbout& verbs) {
    CellSupport support;
    std::array<OutputUnits, CellTotals::most_positions> now{};
    std::array<OutputUnits, CellTotals::most_positions> lasting{};
    std::int64_t capex = 0;
    std::int64_t hurdle = 0;
    std::int64_t lead = 0;
    std::int64_t collect = 0;
    for (const RecordedSupport* verb : verbs) {
        const RecordedSupport& promise = *verb;
        support.any = true;
        const double size = promise.size();
        const double believed = promise.terms.believed_share;
        switch (promise.verb) {
            case PlantVerb::support:
            case PlantVerb::support_share:
                for (std::size_t number = cell.inputs; number < cell.positions.size(); ++number) {
                    if (promise.plants.covers(cell.positions[number].good)) {
                        now[number].add(promise.verb, believed * size);
                        lasting[number].add(promise.verb,
                                            believed * judged_part(cell, promise.terms.lasting_months) * size);
                    }
                }
                break;
            case PlantVerb::price_floor:
                break;
            case PlantVerb::capex_share:
                capex += units_of(promise.verb, believed * size);
                break;
            case PlantVerb::hurdle:
                hurdle += units_of(promise.verb, believed * size);
                break;
            case PlantVerb::lead_time:
                lead += promise.units;
                break;
            case PlantVerb::collect:
                collect += units_of(promise.verb, believed * size);
                break;
        }
    }
    if (!support.any) {
        return support;
    }
    for (std::size_t number = cell.inputs; number < cell.positions.size(); ++number) {
        now[number].write(support.now[number]);
        lasting[number].write(support.lasting[number]);
        if (const RecordedSupport* floor = highest_floor(verbs, cell.positions[number].good)) {
            support.now[number].floor_usd_per_t = support.lasting[number].floor_usd_per_t = floor->size();
            support.now[number].floor_share = floor->terms.believed_share;
            support.lasting[number].floor_share =
                floor->terms.believed_share * judged_part(cell, floor->terms.lasting_months);
        }
    }
    support.capex_share = std::clamp(size_of(PlantVerb::capex_share, capex), 0.0, 1.0);
    support.hurdle_per_year = size_of(PlantVerb::hurdle, hurdle);
    support.lead_time = std::clamp(size_of(PlantVerb::lead_time, lead), 0.1, 10.0);
    support.collect_share = size_of(PlantVerb::collect, collect);
    return support;
}

}  // namespace

double judged_part(const Cell& cell, double months) {
    return std::clamp((months - 12.0 * cell.expansion.build_years) / judged_months, 0.0, 1.0);
}

bool is_about(const PlantSelector& plants, const Cell& cell) {
    if ((cell.kind != FirmKind::miner && cell.kind != FirmKind::refiner) ||
        !plants.covers(cell.country, cell.process)) {
        return false;
    }
    return plants.goods.empty() || std::any_of(cell.positions.begin() + cell.inputs, cell.positions.end(),
                                               [&](const Position& output) { return plants.covers(output.good); });
}

const RecordedSupport* highest_floor(const VerbsAbout& verbs, GoodId output) {
    const RecordedSupport* highest = nullptr;
    for (const RecordedSupport* promise : verbs) {
        // The list is in the order of policies.
        if (promise->verb == PlantVerb::price_floor && promise->plants.covers(output) &&
            (highest == nullptr || promise->units > highest->units)) {
            highest = promise;
        }
    }
    return highest;
}

PlantSupport support_of_plants(const Economy& economy, const PlantRules& rules) {
    PlantSupport support;
    const std::vector<RecordedSupport>& recorded = rules.recorded();
    if (recorded.empty()) {
        return support;
    }
    // Most verbs are about one country: only its plants are looked at.
    std::vector<std::vector<std::uint32_t>> plants_in(economy.countries.size());
    for (std::size_t index = 0; index < economy.cells.size(); ++index) {
        const Cell& cell = economy.cells[index];
        if (cell.kind == FirmKind::miner || cell.kind == FirmKind::refiner) {
            plants_in[cell.country.index()].push_back(static_cast<std::uint32_t>(index));
        }
    }
    support.verbs_of.resize(economy.cells.size());
    support.cells_of.resize(recorded.size());
    for (std::size_t number = 0; number < recorded.size(); ++number) {
        std::vector<std::uint32_t>& cells = support.cells_of[number];
        for (std::size_t country = 0; country < plants_in.size(); ++country) {
            const std::vector<CountryId>& named = recorded[number].plants.countries;
            if (named.empty() || std::find(named.begin(), named.end(), id_at<CountryId>(country)) != named.end()) {
                std::copy_if(
                    plants_in[country].begin(), plants_in[country].end(), std::back_inserter(cells),
                    [&](std::uint32_t cell) { return is_about(recorded[number].plants, economy.cells[cell]); });
            }
        }
        std::sort(cells.begin(), cells.end());
        for (const std::uint32_t cell : cells) {
            support.verbs_of[cell].push_back(&recorded[number]);
        }
    }
    support.cells.reserve(economy.cells.size());
    for (std::size_t index = 0; index < economy.cells.size(); ++index) {
        support.cells.push_back(support_of(economy.cells[index], support.verbs_of[index]));
    }
    return support;
}

double collected_multiple(const Economy& economy, const World& world, const Cell& cell, double added_share) {
    if (added_share <= 0.0 || cell.expansion.scrap_share <= 0.0) {
        return 1.0;
    }
    const std::size_t node = cell.positions[cell.inputs].node.index();
    const double price =
        pow(world.nodes.slow_supply_price[node] / economy.base_price[node], economy.behaviour.collection_elasticity);
    const double most = std::max(1.0, most_collected_share / std::max(1e-3, cell.expansion.scrap_share));
    const double without = std::min(price, most);
    return std::max(1.0, std::min(without + added_share / cell.expansion.scrap_share, most) / without);
}

double own_capital_cost(const Economy& economy, const Cell& cell, const CellSupport& support) {
    const Expansion& expansion = cell.expansion;
    double cost = expansion.capital_cost_usd_per_t;
    if (support.hurdle_per_year != 0.0) {
        const double rate =
            std::max(least_rate, economy.countries[cell.country.index()].hurdle_rate + support.hurdle_per_year);
        cost = expansion.capex_usd_per_t * rate / (1.0 - pow(1.0 + rate, -1.0 / expansion.retirement_per_year));
    }
    return cost * std::max(least_own_share, 1.0 - support.capex_share);
}

}  // namespace ytterby

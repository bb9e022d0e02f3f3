#include "agents/phases/support/plant_support.hpp"

#include <cmath>
#include <cstdint>
#include <iterator>

#include "agents/phases/investment/project_life.hpp"
#include "core/maths.hpp"

namespace ytterby {
namespace {

/// Sums of one output.
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

/// What the verbs about a cell add up to, in integer units, so that no order matters.
struct VerbSums {
    std::array<OutputUnits, CellTotals::most_positions> now{};
    std::array<OutputUnits, CellTotals::most_positions> lasting{};
    std::int64_t capex = 0, hurdle = 0, lead = 0, scrap = 0, lasting_scrap = 0;

    /// `covered`: the part of a new plant's life that the promise covers.
    void add(const Cell& cell, const RecordedSupport& promise, double covered) {
        const double believed = promise.terms.believed_share * promise.size();
        switch (promise.verb) {
            case PlantVerb::support:
            case PlantVerb::support_share:
                for (std::size_t number = cell.inputs; number < cell.positions.size(); ++number) {
                    if (promise.plants.covers(cell.positions[number].good)) {
                        now[number].add(promise.verb, believed);
                        lasting[number].add(promise.verb, covered * believed);
                    }
                }
                break;
            case PlantVerb::price_floor:
                break;
            case PlantVerb::capex_share:
                capex += units_of(promise.verb, believed);
                break;
            case PlantVerb::hurdle:
                hurdle += units_of(promise.verb, believed);
                break;
            case PlantVerb::lead_time:
                lead += promise.units;
                break;
            case PlantVerb::scrap_support:
                scrap += units_of(promise.verb, believed);
                lasting_scrap += units_of(promise.verb, covered * believed);
                break;
        }
    }
};

CellSupport support_of(const Economy& economy, const Cell& cell, const VerbsAbout& verbs) {
    CellSupport support;
    if (verbs.empty()) {
        return support;
    }
    support.any = true;
    const ProjectLife life(economy, cell);
    const auto covered = [&](const RecordedSupport& promise) {
        return life.part_before(promise.terms.lasting_months / 12.0);
    };
    VerbSums sums;
    for (const RecordedSupport* verb : verbs) {
        sums.add(cell, *verb, covered(*verb));
    }
    for (std::size_t number = cell.inputs; number < cell.positions.size(); ++number) {
        sums.now[number].write(support.now[number]);
        sums.lasting[number].write(support.lasting[number]);
        if (const RecordedSupport* floor = highest_floor(verbs, cell.positions[number].good)) {
            support.now[number].floor_usd_per_t = support.lasting[number].floor_usd_per_t = floor->size();
            support.now[number].floor_share = floor->terms.believed_share;
            support.lasting[number].floor_share = floor->terms.believed_share * covered(*floor);
        }
    }
    support.capex_share = std::clamp(size_of(PlantVerb::capex_share, sums.capex), 0.0, 1.0);
    support.hurdle_per_year = size_of(PlantVerb::hurdle, sums.hurdle);
    support.lead_time = std::clamp(size_of(PlantVerb::lead_time, sums.lead), 0.1, 10.0);
    if (economy.processes[cell.process.index()].recycles) {
        const double per_throughput = cell.positions[cell.inputs].per_throughput;
        support.scrap_usd_per_t = per_throughput * size_of(PlantVerb::scrap_support, sums.scrap);
        support.lasting_scrap_usd_per_t = per_throughput * size_of(PlantVerb::scrap_support, sums.lasting_scrap);
    }
    return support;
}

}  // namespace

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

double CellSupport::given(const Economy& economy, const Cell& cell) const {
    return capex_share + ProjectLife(economy, cell).interest_saved(hurdle_per_year);
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
        support.cells.push_back(support_of(economy, economy.cells[index], support.verbs_of[index]));
    }
    return support;
}

}  // namespace ytterby

#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"
#include "rules/plant_rules.hpp"

namespace ytterby {

/// What the rules add to a tonne of one output: an amount, a share of its price, and what its price falls short of a
/// floor.
struct OutputSupport {
    double usd_per_t = 0.0;
    double price_share = 0.0;
    double floor_usd_per_t = 0.0;
    double floor_share = 0.0;  // part of the shortfall that is counted on

    double at(double price) const {
        return usd_per_t + price_share * price + floor_share * std::max(0.0, floor_usd_per_t - price);
    }
};

/// What the plants of a cell count on in a tick, all policies together. Positions in the order of Cell::positions.
struct CellSupport {
    std::array<OutputSupport, CellTotals::most_positions> now{};
    std::array<OutputSupport, CellTotals::most_positions>
        lasting{};  // as investors see it: the part of a plant's life that it covers, in present values
    double capex_share = 0.0;
    double hurdle_per_year = 0.0;
    double lead_time = 1.0;                // factor
    double scrap_usd_per_t = 0.0;          // per t of throughput, to collectors
    double lasting_scrap_usd_per_t = 0.0;  // as investors see it
    bool any = false;

    /// USD per t of throughput at given prices of the outputs.
    template <class PriceOf>
    double per_throughput(const Cell& cell, PriceOf&& price_of) const {
        return sum(now, cell, price_of);
    }
    template <class PriceOf>
    double lasting_per_throughput(const Cell& cell, PriceOf&& price_of) const {
        return sum(lasting, cell, price_of);
    }

    /// What it adds to the margin that investors expect over the life of a plant, USD per t of throughput.
    template <class PriceOf>
    double lasting_margin(const Cell& cell, PriceOf&& price_of) const {
        return lasting_scrap_usd_per_t + lasting_per_throughput(cell, price_of);
    }
    /// What it gives towards the capital of a project, over all of it.
    double given(const Economy& economy, const Cell& cell) const;

private:
    template <class PriceOf>
    static double sum(const std::array<OutputSupport, CellTotals::most_positions>& outputs, const Cell& cell,
                      PriceOf&& price_of) {
        double total = 0.0;
        for (std::size_t number = cell.inputs; number < cell.positions.size(); ++number) {
            total += cell.positions[number].per_throughput * outputs[number].at(price_of(number));
        }
        return total;
    }
};

/// Verbs about one cell, in the order of PlantRules::recorded.
using VerbsAbout = std::vector<const RecordedSupport*>;

/// Per cell; empty where no policy supports plants.
struct PlantSupport {
    std::vector<CellSupport> cells;
    std::vector<VerbsAbout> verbs_of;  // by cell: the verbs about it
    std::vector<std::vector<std::uint32_t>>
        cells_of;  // by verb, in the order of PlantRules::recorded: the cells it is about, ascending

    bool empty() const { return cells.empty(); }
    /// What a cell counts on, or null.
    const CellSupport* of(std::size_t cell) const { return cells.empty() || !cells[cell].any ? nullptr : &cells[cell]; }
};

/// Combines the verbs about plants, cell by cell.
PlantSupport support_of_plants(const Economy& economy, const PlantRules& rules);

/// Whether a verb is about a cell of plants.
bool is_about(const PlantSelector& plants, const Cell& cell);

/// The highest floor for an output of a cell, of equal ones the first by policy; null without any.
const RecordedSupport* highest_floor(const VerbsAbout& verbs, GoodId output);

}  // namespace ytterby

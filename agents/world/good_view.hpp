#pragma once

#include <span>
#include <vector>

#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"

namespace ytterby {

/// One good in some countries, taken as one, at the end of a tick: what an indicator looks at. Tonnes and USD are of
/// the tick.
class GoodView {
public:
    GoodView(const Economy& economy, const World& world, GoodId good, std::span<const CountryId> countries);

    // Sums over the countries.
    double output = 0.0, use = 0.0, need = 0.0, unmet = 0.0, stock = 0.0, imports = 0.0, exports = 0.0;
    double world_output = 0.0;
    double paid_usd = 0.0;      // use at prices of the tick
    double use_base_usd = 0.0;  // use at base prices
    double need_usd = 0.0;      // need at base prices
    double unmet_usd = 0.0;     // unmet need at base prices
    double felt_risk = 0.0;     // need times perceived risk

    /// Counts each tonne with a price, so that sums of several goods can be added: tonnes become USD, USD stay.
    void count_at(double usd_per_t);
    /// Adds the sums of another good in the same countries.
    void add(const GoodView& other);

    /// Price that marginal buyers pay, weighted by use, USD/t; that of a single country also where it uses nothing.
    double price() const;
    /// Output of each country of the world, t.
    std::vector<double> output_by_country() const;
    /// Tonnes that came in from each country that is not one of these.
    std::vector<double> imports_by_origin() const;
    /// Capacity of the plants whose first output is the good, t a year.
    double capacity_a_year() const;
    /// Footprint of their throughput, t CO2.
    double emissions_t_co2() const;
    double months_per_tick() const { return economy_->months_per_tick(); }

private:
    bool holds(CountryId country) const;

    const Economy* economy_;
    const World* world_;
    GoodId good_;
    std::span<const CountryId> countries_;
};

}  // namespace ytterby

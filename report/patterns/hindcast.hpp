#pragma once

#include <string>
#include <vector>

#include "experiments/metrics/annual_watch.hpp"
#include "simulation/calibration/build.hpp"

namespace ytterby {

/// One good in one year after the base year: the run beside the data, each relative to the base year.
struct HindcastPair {
    int year = 0;
    double model = 0.0;
    double data = 0.0;  // NaN where the tables have none
};

struct HindcastGood {
    std::string good;
    std::vector<HindcastPair> price;   // world price (the outside quote where prices are two-tier)
    std::vector<HindcastPair> output;  // of the world
};

/// The years of a run for which there are data, good by good: prices.csv, production.csv and separation.csv of those
/// years, relative to the base year. Empty where the run has no whole year of that kind. Malformed tables are
/// InputErrors.
std::vector<HindcastGood> look_back(const Scenario& scenario, const Simulation& simulation,
                                    const std::vector<AnnualRow>& rows);

/// The table that a run prints: model beside data, with the mean errors and those of the guess that nothing changes.
std::string hindcast_table(const std::vector<HindcastGood>& goods, int base_year);

}  // namespace ytterby

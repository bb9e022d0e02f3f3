#pragma once

#include <string>
#include <vector>

#include "simulation/scenario/base_data.hpp"

namespace ytterby {

/// One good at the base date: quantities balanced, prices placed. t per year and USD/t, by country.
struct GoodBase {
    std::vector<double> production;
    std::vector<double> use;
    std::vector<std::vector<double>> flow;     // [origin][destination], domestic on the diagonal
    std::vector<std::vector<double>> freight;  // USD/t
    std::vector<std::vector<double>> gravity;  // flows that distance and size alone would give, t/year
    std::vector<double> price;                 // of both sides of the node
    std::vector<double> potential_output;      // of plants that do not stand yet
    std::vector<double> potential_use;
    std::vector<bool> inside;  // behind a two-tier price, where the data quote one
};

/// What one process does in one country at the base date, t of throughput per year.
struct CellBase {
    std::string process;
    std::size_t country = 0;
    double throughput_t = 0.0;
    double potential_t = 0.0;  // what could be built where nothing runs, t of throughput per year
};

/// A technology as the data describe it: goods in and out with t per t of throughput.
struct ProcessBase {
    std::string name;
    std::string kind;  // miner, refiner, manufacturer, merchant
    std::vector<std::pair<std::size_t, double>> inputs;
    std::vector<std::pair<std::size_t, double>> outputs;
    std::string host;
    double supply_elasticity = 0.13;
    double minimum_run_rate = 0.3;
};

/// The balanced world of a base year (model section 9): production = use + net exports for every
/// good and country, with node prices from the quotes less freight.
struct BaseState {
    std::vector<GoodBase> goods;
    std::vector<ProcessBase> processes;
    std::vector<CellBase> cells;
};

/// Balances the data. A table that cannot balance (no producer for a good that is used) is a Problem.
BaseState balance_base_state(const BaseData& data, Problems& problems);

}  // namespace ytterby

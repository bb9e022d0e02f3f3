#pragma once

#include <string>
#include <vector>

#include "simulation/scenario/base_data.hpp"

namespace ytterby {

/// One good at the base date: balanced quantities and node prices. t per year and USD/t, by country.
struct GoodBase {
    std::vector<double> production;
    std::vector<double> use;
    std::vector<std::vector<double>> flow;     // [origin][destination], domestic on the diagonal
    std::vector<std::vector<double>> freight;  // USD/t
    std::vector<std::vector<double>> gravity;  // flows predicted by distance and size alone, t/year
    std::vector<double> price;                 // supply and use price of the node
    std::vector<double> potential_output;      // of plants that may be built
    std::vector<double> potential_use;
    std::vector<bool> inside;  // on the inside of a two-tier price, where the data quote one
};

/// One process in one country at the base date, t of throughput per year.
struct CellBase {
    std::string process;
    std::size_t country = 0;
    double throughput_t = 0.0;
    double potential_t = 0.0;  // what could be built where nothing runs
};

/// A technology of the data: goods in and out with t per t of throughput.
struct ProcessBase {
    std::string name;
    std::string kind;  // miner, refiner, manufacturer, merchant
    std::vector<std::pair<std::size_t, double>> inputs;
    std::vector<std::pair<std::size_t, double>> outputs;
    std::string host;
    double supply_elasticity = 0.13;
    double minimum_run_rate = 0.3;
};

/// The balanced world of a base year (docs/model.md, section 5): production = use + net exports for every good and
/// country, and node prices that differ by freight.
struct BaseState {
    std::vector<GoodBase> goods;
    std::vector<ProcessBase> processes;
    std::vector<CellBase> cells;
};

/// Balances the data. Tables that cannot be balanced (no producer for a good that is used) become problems.
BaseState balance_base_state(const BaseData& data, Problems& problems);

}  // namespace ytterby

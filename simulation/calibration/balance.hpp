#pragma once

#include <cstddef>
#include <vector>

namespace ytterby {

/// One good's base-year quantities by country and the known part of its trade; t per year.
struct BalanceInput {
    std::vector<double> production;
    std::vector<double> use;                 // sums to the same total as production
    std::vector<double> domestic;            // domestic sales where known, else -1
    std::vector<std::vector<double>> fixed;  // flow [origin][destination] where observed, else -1
    std::vector<std::vector<double>> pull;   // seed [origin][destination]: proximity, home bias on the diagonal
};

/// Flows [origin][destination] whose row sums are production and whose column sums are use: the observed ones as they
/// are where that is possible, the rest by biproportional fitting of the seeds (RAS; Stone 1961), which gives the
/// matrix closest to them in entropy. Flows below the share `dust` of both production and use are dropped and the rest
/// is fitted again.
std::vector<std::vector<double>> balance_flows(const BalanceInput& input, double dust);

}  // namespace ytterby

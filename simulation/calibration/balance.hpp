#pragma once

#include <cstddef>
#include <vector>

namespace ytterby {

/// One good's base-year quantities by country and what is known of its trade; t per year.
struct BalanceInput {
    std::vector<double> production;
    std::vector<double> use;                 // sums to the same total as production
    std::vector<double> domestic;            // sold at home where known, else -1
    std::vector<std::vector<double>> fixed;  // flow [origin][destination] where observed, else -1
    std::vector<std::vector<double>> pull;   // seed [origin][destination]: nearness, home bias on the diagonal
};

/// Flows [origin][destination] whose row sums are production and column sums use: the observed ones
/// as they are where that is possible, the rest by biproportional fitting of the seeds (RAS; Stone
/// 1961), which is the entropy-closest matrix to them. Flows below `dust` of both their row and
/// column are left out and the rest fitted again.
std::vector<std::vector<double>> balance_flows(const BalanceInput& input, double dust);

}  // namespace ytterby

#include "statistics/shapley.hpp"

#include <bit>

#include "core/check.hpp"

namespace ytterby {

Attribution attribute(const FactorialResponse& response, double level) {
    const std::size_t levers = response.levers;
    const std::size_t replicates = response.replicates;
    const std::size_t cells = std::size_t{1} << levers;
    ensure(levers > 0 && replicates > 0 && response.values.size() == cells * replicates,
           "an attribution needs every cell and replicate");
    const double scale = largest_size(response.values);
    // The probability that exactly these s levers came before: s! (k - s - 1)! / k!, which is 1 / (k C(k - 1, s)).
    std::vector<double> weight(levers, 1.0 / static_cast<double>(levers));
    for (std::size_t size = 1; size < levers; ++size) {
        weight[size] = weight[size - 1] * static_cast<double>(size) / static_cast<double>(levers - size);
    }
    Attribution result;
    for (std::size_t lever = 0; lever < levers; ++lever) {
        const std::size_t bit = std::size_t{1} << lever;
        std::vector<double> gained(replicates, 0.0);
        for (std::size_t before = 0; before < cells; ++before) {
            if ((before & bit) != 0) {
                continue;
            }
            const double probability = weight[static_cast<std::size_t>(std::popcount(before))];
            const double* without = response.values.data() + before * replicates;
            const double* with = response.values.data() + (before | bit) * replicates;
            for (std::size_t replicate = 0; replicate < replicates; ++replicate) {
                gained[replicate] += probability * (with[replicate] - without[replicate]);
            }
        }
        result.levers.push_back(estimate_mean(gained, level, scale));
    }
    std::vector<double> whole(replicates);
    for (std::size_t replicate = 0; replicate < replicates; ++replicate) {
        whole[replicate] = response.cell(cells - 1)[replicate] - response.cell(0)[replicate];
    }
    result.whole = estimate_mean(whole, level, scale);
    return result;
}

}  // namespace ytterby

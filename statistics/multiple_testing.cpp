#include "statistics/multiple_testing.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace ytterby {

std::string_view name_of(Correction correction) {
    return correction == Correction::holm ? "Holm" : "Benjamini-Hochberg";
}

std::vector<double> corrected(std::span<const double> p_values, Correction correction) {
    std::vector<std::size_t> order;
    for (std::size_t which = 0; which < p_values.size(); ++which) {
        if (!std::isnan(p_values[which])) {
            order.push_back(which);
        }
    }
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
    std::vector<double> result(p_values.begin(), p_values.end());
    const std::size_t family = order.size();
    double bound = correction == Correction::holm ? 0.0 : 1.0;
    for (std::size_t step = 0; step < family; ++step) {
        if (correction == Correction::holm) {
            bound = std::max(bound, std::min(1.0, static_cast<double>(family - step) * p_values[order[step]]));
            result[order[step]] = bound;
        } else {
            const std::size_t place = family - 1 - step;
            bound =
                std::min(bound, static_cast<double>(family) / static_cast<double>(place + 1) * p_values[order[place]]);
            result[order[place]] = bound;
        }
    }
    return result;
}

}  // namespace ytterby

#include "statistics/morris.hpp"

#include <cmath>
#include <limits>

#include "core/check.hpp"

namespace ytterby {

std::vector<MorrisScreening> morris_screening(const std::vector<ElementaryEffect>& effects, std::size_t factors,
                                              double level) {
    std::vector<std::vector<double>> values(factors), sizes(factors);
    double scale = 0.0;
    for (const ElementaryEffect& effect : effects) {
        ensure(effect.factor < factors, "an elementary effect is of a factor");
        values[effect.factor].push_back(effect.value);
        sizes[effect.factor].push_back(std::abs(effect.value));
        scale = std::max(scale, std::abs(effect.value));
    }
    std::vector<MorrisScreening> screening;
    for (std::size_t factor = 0; factor < factors; ++factor) {
        MorrisScreening found{.mean = estimate_mean(values[factor], level, scale),
                              .mean_size = estimate_mean(sizes[factor], level, scale),
                              .deviation = std::numeric_limits<double>::quiet_NaN()};
        if (values[factor].size() > 1) {
            double squares = 0.0;
            for (const double value : values[factor]) {
                squares += (value - found.mean.mean) * (value - found.mean.mean);
            }
            found.deviation = std::sqrt(squares / static_cast<double>(values[factor].size() - 1));
        }
        screening.push_back(found);
    }
    return screening;
}

}  // namespace ytterby

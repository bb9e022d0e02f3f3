#include "statistics/distribution.hpp"

#include <cmath>

#include "core/maths.hpp"
#include "core/random.hpp"

namespace ytterby {
namespace {

/// Quantile of the lowest level of a distribution without ends (a convention of two-level designs: low and high, not
/// extreme).
constexpr double outer_share = 0.05;
constexpr double least_share = 0x1p-53;

}  // namespace

double Distribution::quantile(double share) const {
    if (is_bounded()) {
        const double high = kind == Kind::triangular ? third : second;
        if (share <= 0.0) {
            return first;
        }
        if (share >= 1.0) {
            return high;
        }
    }
    switch (kind) {
        case Kind::uniform:
            return first + share * (second - first);
        case Kind::log_uniform:
            return first * pow(second / first, share);
        case Kind::normal:
            return first + second * inverse_normal(clamp_to(share, least_share, 1.0 - least_share));
        case Kind::lognormal:
            return first * exp(second * inverse_normal(clamp_to(share, least_share, 1.0 - least_share)));
        case Kind::triangular: {
            const double rise = (second - first) / (third - first);
            return share <= rise ? first + std::sqrt(share * (third - first) * (second - first))
                                 : third - std::sqrt((1.0 - share) * (third - first) * (third - second));
        }
    }
    return first;
}

double Distribution::level_share(std::uint32_t number, std::uint32_t count) const {
    if (count < 2) {
        return 0.5;
    }
    const double share = static_cast<double>(number) / static_cast<double>(count - 1);
    return is_bounded() ? share : outer_share + share * (1.0 - 2.0 * outer_share);
}

}  // namespace ytterby

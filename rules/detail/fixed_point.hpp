#pragma once

#include <cmath>
#include <cstdint>

namespace ytterby::fixed_point {

// Verbs add up in whole units, so that a sum does not depend on its order.
inline constexpr double share_scale = 1099511627776.0;  // 2^40: ad valorem shares and logarithms
inline constexpr double usd_per_t_scale = 1048576.0;    // 2^20
inline constexpr double tonne_scale = 1048576.0;        // 2^20
inline constexpr double usd_scale = 1024.0;             // 2^10

inline std::int64_t to_units(double value, double scale) { return std::llround(value * scale); }
inline double from_units(std::int64_t units, double scale) { return static_cast<double>(units) / scale; }

}  // namespace ytterby::fixed_point

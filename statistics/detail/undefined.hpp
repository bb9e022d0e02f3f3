#pragma once

#include <limits>

namespace ytterby {

/// The value of a statistic that too few or equal observations leave undefined.
inline constexpr double undefined_statistic = std::numeric_limits<double>::quiet_NaN();

}  // namespace ytterby

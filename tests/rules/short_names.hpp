#pragma once

#include "core/ids.hpp"

namespace ytterby {

// Countries and goods of a small regime.
inline constexpr CountryId a{0}, b{1}, c{2};
inline constexpr GoodId g{0}, h{1};

}  // namespace ytterby

#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace ytterby {

/// Places of finite prices in rising order, equal ones in the order given; fewer than 2^32 of them. Many are
/// sorted by the digits of their bits, lowest first, so the time rises with their number alone.
std::vector<std::uint32_t> order_of_prices(std::span<const double> prices);

}  // namespace ytterby

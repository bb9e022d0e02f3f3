#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace ytterby {

/// Places of finite prices in rising order, equal ones in the order given; fewer than 2^32 of them. Where they
/// are spread over their range the time rises with their number alone, where they crowd no faster than n log n.
std::vector<std::uint32_t> order_of_prices(std::span<const double> prices);

}  // namespace ytterby

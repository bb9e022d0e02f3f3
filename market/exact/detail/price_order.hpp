#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace ytterby {

/// Indices of finite prices in rising order, equal ones in the order given; fewer than 2^32 of them. O(n) if prices are
/// spread over their range, O(n log n) if they cluster.
std::vector<std::uint32_t> order_of_prices(std::span<const double> prices);

}  // namespace ytterby

#include "market/exact/detail/price_order.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace ytterby {
namespace {

/// Fewer prices are sorted by comparison alone (assumed, range 200 to 2000; it affects only the time).
constexpr std::size_t few = 500;
/// Prices fall into 2^22 equal steps, which are sorted by the lower half of their bits, then by the upper half.
constexpr unsigned digit_bits = 11;
constexpr std::size_t values = std::size_t{1} << digit_bits;
using Counts = std::array<std::uint32_t, values>;

struct Place {
    double price = 0.0;
    std::uint32_t index = 0;
    std::uint32_t step = 0;
};

bool cheaper(const Place& left, const Place& right) { return left.price < right.price; }

void sort_digit(const std::vector<Place>& from, std::vector<Place>& to, Counts& count, unsigned shift) {
    std::exclusive_scan(count.begin(), count.end(), count.begin(), 0U);
    for (const Place& place : from) {
        to[count[(place.step >> shift) & (values - 1)]++] = place;
    }
}

}  // namespace

std::vector<std::uint32_t> order_of_prices(std::span<const double> prices) {
    std::vector<Place> places(prices.size());
    for (std::uint32_t index = 0; index < prices.size(); ++index) {
        places[index] = {prices[index], index, 0};
    }
    const auto [lowest, highest] = std::minmax_element(prices.begin(), prices.end());
    const double scale = prices.size() < few ? 0.0 : static_cast<double>(values * values - 1) / (*highest - *lowest);
    if (scale > 0.0 && std::isfinite(scale)) {
        // Steps never fall as prices rise, whatever the rounding, so only prices of the same step remain to be sorted.
        std::vector<Place> sorted(prices.size());
        Counts lower = {};
        Counts upper = {};
        for (Place& place : places) {
            place.step = static_cast<std::uint32_t>((place.price - *lowest) * scale);
            ++lower[place.step & (values - 1)];
            ++upper[place.step >> digit_bits];
        }
        sort_digit(places, sorted, lower, 0);
        sort_digit(sorted, places, upper, digit_bits);
    }
    for (std::size_t first = 0, last = 0; first < places.size(); first = last) {
        for (last = first; last < places.size() && places[last].step == places[first].step; ++last) {
        }
        if (last > first + 1) {
            std::stable_sort(places.begin() + static_cast<std::ptrdiff_t>(first),
                             places.begin() + static_cast<std::ptrdiff_t>(last), cheaper);
        }
    }
    std::vector<std::uint32_t> order;
    order.reserve(places.size());
    for (const Place& place : places) {
        order.push_back(place.index);
    }
    return order;
}

}  // namespace ytterby

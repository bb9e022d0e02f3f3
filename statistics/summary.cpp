#include "statistics/summary.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/maths.hpp"
#include "statistics/detail/undefined.hpp"

namespace ytterby {
namespace {

double mean_of(std::span<const double> values) { return sum_of(values) / static_cast<double>(values.size()); }

}  // namespace

double quantile(std::vector<double> values, double share) {
    std::sort(values.begin(), values.end());
    return quantile_of_sorted(values, share);
}

double quantile_of_sorted(std::span<const double> values, double share) {
    if (values.empty()) {
        return undefined_statistic;
    }
    const double place = clamp_share(share) * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, values.size() - 1);
    return values[below] + (place - static_cast<double>(below)) * (values[above] - values[below]);
}

double standard_deviation(std::span<const double> values) {
    if (values.size() < 2) {
        return undefined_statistic;
    }
    const double mean = mean_of(values);
    CompensatedSum squares;
    for (const double value : values) {
        squares.add((value - mean) * (value - mean));
    }
    return std::sqrt(squares.total() / static_cast<double>(values.size() - 1));
}

std::vector<double> ranks_of(std::span<const double> values) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
    std::vector<double> ranks(values.size());
    for (std::size_t begin = 0; begin < order.size();) {
        std::size_t end = begin + 1;
        while (end < order.size() && !(values[order[begin]] < values[order[end]])) {
            ++end;
        }
        for (std::size_t place = begin; place < end; ++place) {
            ranks[order[place]] = 0.5 * static_cast<double>(begin + 1 + end);
        }
        begin = end;
    }
    return ranks;
}

double rank_agreement(std::span<const double> first, std::span<const double> second) {
    if (first.size() != second.size() || first.size() < 3) {
        return undefined_statistic;
    }
    const std::vector<double> a = ranks_of(first);
    const std::vector<double> b = ranks_of(second);
    const double mean = mean_of(a);
    double together = 0.0;
    double first_squares = 0.0;
    double second_squares = 0.0;
    for (std::size_t pair = 0; pair < a.size(); ++pair) {
        together += (a[pair] - mean) * (b[pair] - mean);
        first_squares += (a[pair] - mean) * (a[pair] - mean);
        second_squares += (b[pair] - mean) * (b[pair] - mean);
    }
    return ratio_or(together, std::sqrt(first_squares * second_squares), undefined_statistic);
}

}  // namespace ytterby

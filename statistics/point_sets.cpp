#include "statistics/point_sets.hpp"

#include <boost/random/sobol.hpp>

#include <algorithm>
#include <bit>
#include <numeric>

#include "core/random.hpp"
#include "statistics/purposes.hpp"

namespace ytterby {
namespace {

/// A random order of 0 to count - 1 (Fisher and Yates).
std::vector<std::uint32_t> shuffled(std::size_t count, const Random& random, std::uint32_t which) {
    std::vector<std::uint32_t> order(count);
    std::iota(order.begin(), order.end(), 0U);
    for (std::size_t left = count; left > 1; --left) {
        const std::uint32_t chosen = random.below(static_cast<std::uint32_t>(left), which, purposes::design_shuffle,
                                                  static_cast<std::int64_t>(left));
        std::swap(order[left - 1], order[chosen]);
    }
    return order;
}

}  // namespace

PointSet PointSet::of_size(std::size_t points, std::size_t factors) {
    PointSet set;
    set.points = points;
    set.factors = factors;
    set.units.assign(points * factors, 0.0);
    return set;
}

std::vector<std::uint32_t> all_combinations(const std::vector<std::uint32_t>& levels) {
    std::size_t points = 1;
    for (const std::uint32_t count : levels) {
        points *= count;
    }
    std::vector<std::uint32_t> combinations(points * levels.size());
    for (std::size_t point = 0; point < points; ++point) {
        std::size_t rest = point;
        for (std::size_t factor = levels.size(); factor-- > 0;) {
            combinations[point * levels.size() + factor] = static_cast<std::uint32_t>(rest % levels[factor]);
            rest /= levels[factor];
        }
    }
    return combinations;
}

std::vector<std::uint32_t> resolution_five_generators(std::size_t factors) {
    std::vector<std::uint32_t> chosen;
    std::vector<std::uint32_t> pairs = {0};  // products of up to two chosen columns
    std::vector<bool> taken(1, true);        // of up to three
    const auto take = [&](std::uint32_t product) {
        if (product >= taken.size()) {
            taken.resize(std::bit_ceil(product + 1U), false);
        }
        taken[product] = true;
    };
    for (std::uint32_t candidate = 1; chosen.size() < factors; ++candidate) {
        if (candidate < taken.size() && taken[candidate]) {
            continue;
        }
        for (const std::uint32_t pair : pairs) {
            take(pair ^ candidate);
        }
        for (const std::uint32_t one : chosen) {
            pairs.push_back(one ^ candidate);
        }
        pairs.push_back(candidate);
        chosen.push_back(candidate);
    }
    return chosen;
}

std::vector<bool> two_level_fraction(const std::vector<std::uint32_t>& generators) {
    const std::size_t runs =
        generators.empty() ? 1 : std::bit_floor(*std::max_element(generators.begin(), generators.end())) * 2ULL;
    std::vector<bool> high(runs * generators.size());
    for (std::size_t run = 0; run < runs; ++run) {
        for (std::size_t factor = 0; factor < generators.size(); ++factor) {
            // The product of signs is + where an even number of the basic columns is -.
            const int minus = std::popcount(generators[factor] & ~static_cast<std::uint32_t>(run));
            high[run * generators.size() + factor] = minus % 2 == 0;
        }
    }
    return high;
}

PointSet latin_hypercube(std::size_t samples, std::size_t factors, std::uint32_t seed) {
    PointSet set = PointSet::of_size(samples, factors);
    const Random random(seed);
    for (std::size_t factor = 0; factor < factors; ++factor) {
        const std::vector<std::uint32_t> order = shuffled(samples, random, static_cast<std::uint32_t>(factor));
        for (std::size_t point = 0; point < samples; ++point) {
            const double inside = random.uniform(static_cast<std::uint32_t>(factor), purposes::design_sample,
                                                 static_cast<std::int64_t>(point));
            set.unit(point, factor) = (order[point] + inside) / static_cast<double>(samples);
        }
    }
    return set;
}

PointSet sobol_points(std::size_t samples, std::size_t factors) {
    constexpr double step = 0x1p-32;
    PointSet set = PointSet::of_size(samples, factors);
    boost::random::sobol_engine<std::uint_least32_t, 32> sequence(factors);
    for (std::size_t point = 0; point < samples; ++point) {
        for (std::size_t factor = 0; factor < factors; ++factor) {
            // The generator leaves the origin out; without it 2^n points are no longer balanced (Owen 2020, "On
            // dropping the first Sobol' point").
            const double place = point == 0 ? 0.0 : static_cast<double>(sequence());
            set.unit(point, factor) = (place + 0.5) * step;
        }
    }
    return set;
}

PointSet saltelli_blocks(std::size_t samples, const std::vector<std::string>& factors, bool second_order) {
    const std::size_t count = factors.size();
    const PointSet both = sobol_points(samples, 2 * count);
    const std::size_t block = second_order ? 2 * count + 2 : count + 2;
    PointSet set = PointSet::of_size(samples * block, count);
    set.role_names = {"saltelli_block", "saltelli_index"};
    std::size_t point = 0;
    for (std::size_t sample = 0; sample < samples; ++sample) {
        // Columns of A come from the first half, those of B from the second.
        const auto add = [&](const std::string& name, bool from_b, std::size_t swapped) {
            for (std::size_t factor = 0; factor < count; ++factor) {
                const bool b = from_b != (factor == swapped);
                set.unit(point, factor) = both.unit(sample, b ? count + factor : factor);
            }
            set.roles.push_back(name);
            set.roles.push_back(std::to_string(sample));
            ++point;
        };
        add("A", false, count);
        for (std::size_t factor = 0; factor < count; ++factor) {
            add("AB_" + factors[factor], false, factor);
        }
        for (std::size_t factor = 0; second_order && factor < count; ++factor) {
            add("BA_" + factors[factor], true, factor);
        }
        add("B", true, count);
    }
    return set;
}

PointSet morris_trajectories(std::size_t trajectories, const std::vector<std::string>& factors, std::uint32_t levels,
                             std::uint32_t seed) {
    const std::size_t count = factors.size();
    const Random random(seed);
    PointSet set = PointSet::of_size(trajectories * (count + 1), count);
    set.role_names = {"morris_trajectory", "morris_step", "morris_factor"};
    const std::uint32_t jump = levels / 2;
    std::size_t point = 0;
    std::vector<std::uint32_t> now(count);
    for (std::size_t trajectory = 0; trajectory < trajectories; ++trajectory) {
        const auto number = static_cast<std::int64_t>(trajectory);
        std::vector<bool> up(count);
        for (std::size_t factor = 0; factor < count; ++factor) {
            const auto which = static_cast<std::uint32_t>(factor);
            up[factor] = random.happens(0.5, which, purposes::design_sample, number, 1);
            now[factor] =
                random.below(levels - jump, which, purposes::design_sample, number) + (up[factor] ? 0U : jump);
        }
        const std::vector<std::uint32_t> order = shuffled(count, random, static_cast<std::uint32_t>(trajectory));
        for (std::size_t step = 0; step <= count; ++step) {
            if (step > 0) {
                const std::size_t moved = order[step - 1];
                now[moved] = up[moved] ? now[moved] + jump : now[moved] - jump;
            }
            for (std::size_t factor = 0; factor < count; ++factor) {
                set.unit(point, factor) = static_cast<double>(now[factor]) / (levels - 1);
            }
            set.roles.push_back(std::to_string(trajectory));
            set.roles.push_back(std::to_string(step));
            set.roles.push_back(step == 0 ? std::string() : factors[order[step - 1]]);
            ++point;
        }
    }
    return set;
}

}  // namespace ytterby

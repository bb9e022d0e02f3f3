#include "statistics/prim.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>
#include <numeric>

#include "core/check.hpp"
#include "core/maths.hpp"

namespace ytterby {
namespace {

using Members = std::vector<std::size_t>;

/// What a box admits of one factor.
struct Side {
    double low = -infinite, high = infinite;
    std::vector<double> out;  // levels removed from an unordered factor

    bool holds(double value) const {
        return value >= low && value <= high && std::find(out.begin(), out.end(), value) == out.end();
    }
    bool is_free() const { return low == -infinite && high == infinite && out.empty(); }
};
using Sides = std::vector<Side>;

/// The search for one box among the remaining points.
class Search {
public:
    Search(const DiscoveryPoints& points, const PrimQuestion& question, Members left)
        : points_(points), question_(question), left_(std::move(left)) {
        for (const double share : points_.failing) {
            all_failures_ += share;
        }
    }

    PrimResult run() const {
        PrimResult result;
        std::vector<Sides> path{Sides(points_.factors)};
        Members members = left_;
        result.peeling.push_back(box_of(path.back(), members));
        while (result.peeling.back().density < 1.0) {
            Sides next = path.back();
            if (!peel(next, members)) {
                break;
            }
            path.push_back(next);
            result.peeling.push_back(box_of(next, members));
        }
        double best = -1.0;
        for (std::size_t step = 0; step < path.size(); ++step) {
            const PrimBox& box = result.peeling[step];
            const double score = ratio_or(2.0 * box.coverage * box.density, box.coverage + box.density, 0.0);
            if (score > best) {
                best = score;
                result.chosen = step;
            }
        }
        Sides sides = path[result.chosen];
        drop_unsure(sides);
        paste(sides);
        members = inside(sides, points_.factors);
        result.box = box_of(sides, members);
        result.box.limits = limits_of(sides, members);
        return result;
    }

private:
    double failures(const Members& members) const {
        CompensatedSum sum;
        for (const std::size_t point : members) {
            sum.add(points_.failing[point]);
        }
        return sum.total();
    }

    /// The remaining points that meet all limits except that of one factor (the number of factors: no exception).
    Members inside(const Sides& sides, std::size_t except) const {
        Members members;
        for (const std::size_t point : left_) {
            bool is_in = true;
            for (std::size_t factor = 0; is_in && factor < points_.factors; ++factor) {
                is_in = factor == except || sides[factor].holds(points_.at(point, factor));
            }
            if (is_in) {
                members.push_back(point);
            }
        }
        return members;
    }

    PrimBox box_of(const Sides& sides, const Members& members) const {
        const double failed = failures(members);
        PrimBox box{.limits = {},
                    .points = members.size(),
                    .mass = static_cast<double>(members.size()) / static_cast<double>(points_.points()),
                    .coverage = ratio_or(failed, all_failures_, 0.0),
                    .density = ratio_or(failed, static_cast<double>(members.size()), 0.0)};
        for (std::size_t factor = 0; factor < points_.factors; ++factor) {
            if (!sides[factor].is_free()) {
                box.limits.push_back(limit_of(sides[factor], factor, members));
            }
        }
        return box;
    }

    BoxLimit limit_of(const Side& side, std::size_t factor, const Members& members) const {
        BoxLimit limit{.factor = factor, .low = side.low, .high = side.high, .levels = {}, .quasi_p = 1.0};
        for (std::size_t place = 0; !points_.is_ordered[factor] && place < members.size(); ++place) {
            const double value = points_.at(members[place], factor);
            if (std::find(limit.levels.begin(), limit.levels.end(), value) == limit.levels.end()) {
                limit.levels.push_back(value);
            }
        }
        std::sort(limit.levels.begin(), limit.levels.end());
        return limit;
    }

    std::vector<BoxLimit> limits_of(const Sides& sides, const Members& members) const {
        std::vector<BoxLimit> limits;
        const double failed = std::floor(failures(members) + 1e-9);
        for (std::size_t factor = 0; factor < points_.factors; ++factor) {
            if (sides[factor].is_free()) {
                continue;
            }
            BoxLimit limit = limit_of(sides[factor], factor, members);
            const Members wider = inside(sides, factor);
            const double density = clamp_share(ratio_or(failures(wider), static_cast<double>(wider.size()), 0.0));
            const boost::math::binomial draws(static_cast<double>(members.size()), density);
            limit.quasi_p = failed >= 1.0 ? boost::math::cdf(boost::math::complement(draws, failed - 1.0)) : 1.0;
            limits.push_back(limit);
        }
        return limits;
    }

    /// One side of the box after each possible peel.
    std::vector<Side> peels_of(const Side& side, std::size_t factor, const Members& members) const {
        std::vector<double> values;
        for (const std::size_t point : members) {
            values.push_back(points_.at(point, factor));
        }
        std::sort(values.begin(), values.end());
        std::vector<Side> peels;
        if (values.front() == values.back()) {
            return peels;
        }
        if (!points_.is_ordered[factor]) {
            for (std::size_t place = 0; place < values.size(); ++place) {
                if (place == 0 || values[place] != values[place - 1]) {
                    peels.push_back(side);
                    peels.back().out.push_back(values[place]);
                }
            }
            return peels;
        }
        const auto taken =
            std::max<std::size_t>(1, static_cast<std::size_t>(question_.peel * static_cast<double>(values.size())));
        const auto above = std::upper_bound(values.begin(), values.end(), values[taken - 1]);
        if (above != values.end()) {
            peels.push_back(side);
            peels.back().low = *above;
        }
        const auto below = std::lower_bound(values.begin(), values.end(), values[values.size() - taken]);
        if (below != values.begin()) {
            peels.push_back(side);
            peels.back().high = *(below - 1);
        }
        return peels;
    }

    /// Peels once, where density rises most per point lost: otherwise factors with two levels, whose peels are large,
    /// would always come first (Kwakkel and Jaxa-Rozen 2016).
    bool peel(Sides& sides, Members& members) const {
        const double before = failures(members);
        const double size = static_cast<double>(members.size());
        double best = -infinite;
        std::size_t chosen = points_.factors;
        Side next;
        for (std::size_t factor = 0; factor < points_.factors; ++factor) {
            for (const Side& side : peels_of(sides[factor], factor, members)) {
                std::size_t kept = 0;
                double failed = 0.0;
                for (const std::size_t point : members) {
                    if (side.holds(points_.at(point, factor))) {
                        ++kept;
                        failed += points_.failing[point];
                    }
                }
                if (kept == 0 ||
                    static_cast<double>(kept) < question_.least_mass * static_cast<double>(points_.points())) {
                    continue;
                }
                const double gain =
                    (failed / static_cast<double>(kept) - before / size) / (size - static_cast<double>(kept));
                if (gain > best) {
                    best = gain;
                    chosen = factor;
                    next = side;
                }
            }
        }
        if (chosen == points_.factors) {
            return false;
        }
        sides[chosen] = next;
        std::erase_if(members, [&](std::size_t point) { return !next.holds(points_.at(point, chosen)); });
        return true;
    }

    /// Frees, one after another, the factors whose limits may be due to chance.
    void drop_unsure(Sides& sides) const {
        while (true) {
            const std::vector<BoxLimit> limits = limits_of(sides, inside(sides, points_.factors));
            const auto worst = std::max_element(
                limits.begin(), limits.end(),
                [](const BoxLimit& one, const BoxLimit& other) { return one.quasi_p < other.quasi_p; });
            if (worst == limits.end() || worst->quasi_p <= question_.most_quasi_p) {
                return;
            }
            sides[worst->factor] = Side{};
        }
    }

    /// Widens limits of ordered factors again as long as density does not fall.
    void paste(Sides& sides) const {
        bool is_wider = true;
        while (is_wider) {
            is_wider = false;
            const Members members = inside(sides, points_.factors);
            const double density = ratio_or(failures(members), static_cast<double>(members.size()), 0.0);
            for (std::size_t factor = 0; factor < points_.factors && !is_wider; ++factor) {
                for (const bool at_low : {true, false}) {
                    const Side& side = sides[factor];
                    if (!points_.is_ordered[factor] || (at_low ? side.low == -infinite : side.high == infinite)) {
                        continue;
                    }
                    std::vector<double> outside;
                    for (const std::size_t point : inside(sides, factor)) {
                        const double value = points_.at(point, factor);
                        if (at_low ? value < side.low : value > side.high) {
                            outside.push_back(value);
                        }
                    }
                    std::sort(outside.begin(), outside.end());
                    if (at_low) {
                        std::reverse(outside.begin(), outside.end());
                    }
                    const auto added = std::max<std::size_t>(
                        1, static_cast<std::size_t>(question_.peel * static_cast<double>(members.size())));
                    Sides wider = sides;
                    (at_low ? wider[factor].low : wider[factor].high) =
                        outside.size() <= added ? (at_low ? -infinite : infinite) : outside[added - 1];
                    const Members more = inside(wider, points_.factors);
                    if (failures(more) / static_cast<double>(more.size()) >= density) {
                        sides = wider;
                        is_wider = true;
                        break;
                    }
                }
            }
        }
    }

    const DiscoveryPoints& points_;
    const PrimQuestion& question_;
    Members left_;
    double all_failures_ = 0.0;
};

}  // namespace

std::vector<PrimResult> find_boxes(const DiscoveryPoints& points, const PrimQuestion& question) {
    ensure(points.is_ordered.size() == points.factors && points.values.size() == points.points() * points.factors,
           "every point has a value of every factor");
    std::vector<PrimResult> found;
    Members left(points.points());
    std::iota(left.begin(), left.end(), std::size_t{0});
    while (found.size() < question.most_boxes && !left.empty()) {
        PrimResult result = Search(points, question, left).run();
        if (result.box.limits.empty() || !(result.box.density > result.peeling.front().density)) {
            break;
        }
        const auto is_inside = [&](std::size_t point) {
            return std::all_of(result.box.limits.begin(), result.box.limits.end(), [&](const BoxLimit& limit) {
                const double value = points.at(point, limit.factor);
                return points.is_ordered[limit.factor]
                           ? value >= limit.low && value <= limit.high
                           : std::find(limit.levels.begin(), limit.levels.end(), value) != limit.levels.end();
            });
        };
        std::erase_if(left, is_inside);
        found.push_back(std::move(result));
    }
    return found;
}

}  // namespace ytterby

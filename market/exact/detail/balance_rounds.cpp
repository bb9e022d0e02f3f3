// Rounds of a balance network, each from the last one's answer; those that go on alike are taken at once.
#include <algorithm>
#include <cmath>
#include <limits>

#include "market/exact/detail/balance_network.hpp"

namespace ytterby {
namespace {

/// Ratios of rounds that differ by less are the same (assumed, range 0.001 to 0.03).
constexpr double alike = 0.01;
/// Changes of quantities below this share of the volume are rounding.
constexpr double rounding = 1e-14;
/// As many rounds ahead are none: nothing bounds them.
constexpr double most_ahead = 1e12;

}  // namespace

BalanceNetwork::Prices BalanceNetwork::prices() const {
    Prices all;
    for (const BalanceSide& side : sides) {
        all.push_back(side.price);
    }
    for (const BalanceCap& cap : caps) {
        all.push_back(cap.rent);
    }
    return all;
}

void BalanceNetwork::set_prices(const Prices& prices) {
    for (std::size_t index = 0; index < sides.size(); ++index) {
        sides[index].price = prices[index];
    }
    for (std::size_t cap = 0; cap < caps.size(); ++cap) {
        caps[cap].rent = prices[sides.size() + cap];
    }
}

void BalanceNetwork::Pace::note(double now, bool leapt) {
    ratio_before = ratio;
    ratio = moved > 0.0 ? now / moved : 0.0;
    moved = now;
    if (leapt) {
        before_leap = now;
        since_leap = 0;
    } else {
        ++since_leap;
        tired = tired || (before_leap > 0.0 && since_leap == 6 && now >= before_leap);
    }
}

double BalanceNetwork::steps_ahead(bool move_sides, bool move_links) const {
    const double ratio = pace_.ratio;
    if (pace_.tired || pace_.since_leap < 3 || !(ratio > 0.5) || !(ratio < 1.0 + alike) ||
        std::abs(ratio - pace_.ratio_before) > alike) {
        return 0.0;
    }
    double ahead = ratio < 1.0 ? std::min(most_ahead, ratio / (1.0 - ratio)) : most_ahead;
    const auto bound = [&](double from, double way, double least, double most) {
        if (way > 0.0 && most - from < ahead * way) {
            ahead = std::max(0.0, (most - from) / way);
        } else if (way < 0.0 && from - least < -ahead * way) {
            ahead = std::max(0.0, (from - least) / -way);
        }
    };
    for (const BalanceLink& link : links) {
        if (move_links) {
            const double nothing = rounding * scales[sides[link.from].market].volume;
            const double way = link.now.flow - link.centre;
            bound(link.now.flow, std::abs(way) > nothing ? way : 0.0, link.least, link.most);
        }
    }
    for (const BalanceSide& side : sides) {
        const double nothing = rounding * scales[side.market].volume;
        const double way = side.quantity - side.centre;
        if (move_sides && side.present() && std::abs(way) > nothing) {
            // The knots around the quantity, whichever way the curve runs.
            const double sign = side.supply ? 1.0 : -1.0;
            const auto next = std::partition_point(side.knot_quantity.begin(), side.knot_quantity.end(),
                                                   [&](double knot) { return sign * knot <= sign * side.quantity; });
            const auto last = std::partition_point(side.knot_quantity.begin(), side.knot_quantity.end(),
                                                   [&](double knot) { return sign * knot < sign * side.quantity; });
            const double beyond = next == side.knot_quantity.end() ? side.quantity : *next;
            const double before = last == side.knot_quantity.begin() ? side.quantity : *(last - 1);
            bound(side.quantity, way, std::min(beyond, before), std::max(beyond, before));
        }
    }
    return ahead >= most_ahead ? 0.0 : ahead;
}

double BalanceNetwork::move_on(double tolerance, bool move_sides, bool move_links) {
    solve(tolerance, 100);
    if (!(error_ <= 100.0 * tolerance)) {
        return std::numeric_limits<double>::infinity();
    }
    const double ahead = steps_ahead(move_sides, move_links);
    double moved = 0.0;  // shares of price scales and volumes
    for (BalanceSide& side : sides) {
        if (!side.present()) {
            continue;
        }
        const BalanceScale& scale = scales[side.market];
        const double size = std::max(scale.price, std::abs(side.price));
        moved = std::max(moved, pull_of(side) * std::abs(side.price - side.anchor) / scale.volume);
        side.anchor = side.price;
        if (move_sides) {
            moved = std::max(moved, side.resistance * std::abs(side.quantity - side.centre) / size);
            side.centre = side.quantity + ahead * (side.quantity - side.centre);
        }
    }
    for (BalanceLink& link : links) {
        if (move_links) {
            const BalanceSide& to = sides[link.to];
            const double size =
                std::max({scales[to.market].price, std::abs(to.price), std::abs(sides[link.from].price)});
            moved = std::max(moved, link.resistance * std::abs(link.now.flow - link.centre) / size);
            link.centre = link.now.flow + ahead * (link.now.flow - link.centre);
        }
    }
    for (BalanceCap& cap : caps) {
        if (!cap.links.empty()) {
            moved = std::max(moved, cap_pull(cap) * std::abs(cap.rent - cap.anchor) / cap_volume(cap));
            cap.anchor = cap.rent;
        }
    }
    pace_.note(moved, ahead > 0.0);
    return moved;
}

bool BalanceNetwork::settle(double tolerance, int most_rounds, bool move_sides, bool move_links, double drift) {
    pace_ = {};
    double before = 0.0;
    for (int round = 0; round < most_rounds; ++round) {
        const double moved = move_on(tolerance, move_sides, move_links);
        if (!std::isfinite(moved)) {
            return false;
        }
        if (moved <= tolerance || (moved <= drift && std::abs(moved - before) <= 1e-3 * moved)) {
            return true;
        }
        before = moved;
    }
    return false;
}

}  // namespace ytterby

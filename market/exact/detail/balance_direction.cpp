// Newton's direction of a balance network: a sparse system of prices, bordered by the rents of binding caps.
#include <algorithm>
#include <cmath>

#include "market/exact/detail/balance_network.hpp"
#include "market/linear/dense_solver.hpp"

namespace ytterby {
namespace {

/// A cap with less room than this share of the volume has none.
constexpr double tight_share = 1e-9;
/// How far a side that nothing else holds goes in a careful step, in price scales (assumed, range 0.03 to
/// 0.3: 0.03, 0.1 and 0.3 were tried and took similar numbers of steps).
constexpr double reach = 0.05;

}  // namespace

/// How fast what is left over rises with the side's own price, lanes aside, t per USD/t. Where a step brought
/// little, the next is careful: groups that nothing but anchors hold would else go so far that all the others
/// could go only a tiny part of their way.
double BalanceNetwork::own_slope(const BalanceSide& side, double damping) const {
    const BalanceScale& scale = scales[side.market];
    const double care = careful_ ? std::abs(left_over(side)) / (reach * scale.price) : 0.0;
    return std::abs(side.slope) + pull_of(side) + care + damping * scale.volume / scale.price;
}

/// What is left over at each side changes with the prices of the sides that open links tie it to.
bool BalanceNetwork::factor_prices(double damping) {
    std::size_t size = 0;
    unknown_.assign(sides.size(), 0);
    for (std::size_t index = 0; index < sides.size(); ++index) {
        unknown_[index] = size;
        size += sides[index].present() ? 1 : 0;
    }
    solver_.reset(size);
    for (std::size_t index = 0; index < sides.size(); ++index) {
        if (sides[index].present()) {
            solver_.add_excess(unknown_[index], own_slope(sides[index], damping));
        }
    }
    for (const std::uint32_t number : watched_) {
        const BalanceLink& link = links[number];
        if (link.now.slope > 0.0) {
            solver_.add_pair(unknown_[link.from], unknown_[link.to], -link.now.slope,
                             -link.now.slope * link.pass_through);
        }
    }
    return solver_.factor();
}

/// How what is left over and the room of the caps change along the direction.
std::vector<double> BalanceNetwork::change_along(double damping) const {
    const std::size_t prices = solver_.size();
    std::vector<double> change(direction_.size(), 0.0);
    for (std::size_t index = 0; index < sides.size(); ++index) {
        if (sides[index].present()) {
            change[unknown_[index]] = own_slope(sides[index], damping) * direction_[unknown_[index]];
        }
    }
    for (const std::uint32_t number : watched_) {
        const BalanceLink& link = links[number];
        if (link.now.slope > 0.0) {
            double margin = direction_[unknown_[link.to]] - link.pass_through * direction_[unknown_[link.from]];
            for (const std::uint32_t cap : link.caps) {
                margin -= direction_[prices + cap];
            }
            const double flow = link.now.slope * margin;
            change[unknown_[link.from]] -= flow;
            change[unknown_[link.to]] += flow;
            for (const std::uint32_t cap : link.caps) {
                change[prices + cap] -= flow;
            }
        }
    }
    for (std::size_t cap = 0; cap < caps.size(); ++cap) {
        const double rent = direction_[prices + cap];
        change[prices + cap] = is_binding_[cap] ? change[prices + cap] + cap_pull(caps[cap]) * rent : rent;
    }
    return change;
}

/// Prices and rents at which `right_side` is made up; it becomes them.
bool BalanceNetwork::solve_bordered(std::vector<double>& right_side) {
    const std::size_t prices = solver_.size();
    const std::size_t count = binding_.size();
    const std::span<double> price_part(right_side.data(), prices);
    // Rents of caps that do not bind are known; they act on the rest.
    for (const std::uint32_t number : watched_) {
        const BalanceLink& link = links[number];
        if (link.now.slope <= 0.0) {
            continue;
        }
        double known = 0.0;
        for (const std::uint32_t cap : link.caps) {
            known += is_binding_[cap] ? 0.0 : right_side[prices + cap];
        }
        if (known != 0.0) {
            right_side[unknown_[link.from]] -= link.now.slope * known;
            right_side[unknown_[link.to]] += link.now.slope * known;
            for (const std::uint32_t cap : link.caps) {
                right_side[prices + cap] -= is_binding_[cap] ? link.now.slope * known : 0.0;
            }
        }
    }
    solver_.solve(price_part);
    if (count == 0) {
        return true;
    }
    std::vector<double> rents(count);
    for (std::size_t row = 0; row < count; ++row) {
        rents[row] = right_side[prices + binding_[row]];
        for (const std::uint32_t number : caps[binding_[row]].links) {
            const BalanceLink& link = links[number];
            rents[row] +=
                link.now.slope * (right_side[unknown_[link.to]] - link.pass_through * right_side[unknown_[link.from]]);
        }
    }
    std::vector<double> matrix = rent_matrix_;
    if (!solve_dense(matrix, rents)) {
        return false;
    }
    for (std::size_t column = 0; column < count; ++column) {
        for (std::size_t index = 0; index < prices; ++index) {
            right_side[index] -= by_rent_[column][index] * rents[column];
        }
        right_side[prices + binding_[column]] = rents[column];
    }
    return true;
}

/// What a rent does to prices, and through them to the use of every binding cap.
void BalanceNetwork::border_caps() {
    const std::size_t prices = solver_.size();
    const std::size_t count = binding_.size();
    by_rent_.assign(count, std::vector<double>(prices, 0.0));
    rent_matrix_.assign(count * count, 0.0);
    std::vector<std::size_t> row_of(caps.size(), count);
    for (std::size_t column = 0; column < count; ++column) {
        row_of[binding_[column]] = column;
    }
    for (std::size_t column = 0; column < count; ++column) {
        for (const std::uint32_t number : caps[binding_[column]].links) {
            const BalanceLink& link = links[number];
            by_rent_[column][unknown_[link.from]] += link.now.slope;
            by_rent_[column][unknown_[link.to]] -= link.now.slope;
            for (const std::uint32_t cap : link.caps) {
                if (row_of[cap] < count) {
                    rent_matrix_[row_of[cap] * count + column] += link.now.slope;
                }
            }
        }
        rent_matrix_[column * count + column] += cap_pull(caps[binding_[column]]);
        solver_.solve(by_rent_[column]);
    }
    for (std::size_t row = 0; row < count; ++row) {
        for (const std::uint32_t number : caps[binding_[row]].links) {
            const BalanceLink& link = links[number];
            for (std::size_t column = 0; link.now.slope > 0.0 && column < count; ++column) {
                const std::vector<double>& price = by_rent_[column];
                rent_matrix_[row * count + column] +=
                    link.now.slope * (price[unknown_[link.to]] - link.pass_through * price[unknown_[link.from]]);
            }
        }
    }
}

bool BalanceNetwork::find_direction(double damping) {
    if (!factor_prices(damping)) {
        return false;
    }
    const std::size_t prices = solver_.size();
    std::vector<double> right_side(prices + caps.size(), 0.0);
    for (std::size_t index = 0; index < sides.size(); ++index) {
        if (sides[index].present()) {
            right_side[unknown_[index]] = -left_over(sides[index]);
        }
    }
    binding_.clear();
    is_binding_.assign(caps.size(), false);
    for (std::uint32_t cap = 0; cap < caps.size(); ++cap) {
        is_binding_[cap] = !caps[cap].links.empty() && binds(caps[cap]);
        if (is_binding_[cap]) {
            binding_.push_back(cap);
        }
        right_side[prices + cap] = is_binding_[cap] ? -room(caps[cap]) : -caps[cap].rent;
    }
    border_caps();
    direction_ = right_side;
    if (!solve_bordered(direction_)) {
        return false;
    }
    if (!binding_.empty()) {
        // A border loses digits where the prices alone are loosely tied; once more over what is missing.
        const std::vector<double> reached = change_along(damping);
        std::vector<double> missing(reached.size());
        for (std::size_t index = 0; index < missing.size(); ++index) {
            missing[index] = right_side[index] - reached[index];
        }
        if (solve_bordered(missing)) {
            for (std::size_t index = 0; index < missing.size(); ++index) {
                direction_[index] += missing[index];
            }
        }
    }
    return true;
}

bool BalanceNetwork::rents_are_determined() {
    evaluate();
    careful_ = false;
    // What stands at an end of its range holds prices from one side only, so it does not count.
    for (BalanceSide& side : sides) {
        if (side.present() && !side.between_knots(tight_share * scales[side.market].volume)) {
            side.slope = 0.0;
        }
    }
    for (BalanceLink& link : links) {
        const double nothing = tight_share * scales[sides[link.from].market].volume;
        if (link.now.flow <= link.least + nothing || link.now.flow >= link.most - nothing) {
            link.now.slope = 0.0;
        }
    }
    if (!factor_prices(0.0)) {
        return false;
    }
    binding_.clear();
    for (std::uint32_t cap = 0; cap < caps.size(); ++cap) {
        const bool tight =
            !caps[cap].links.empty() && caps[cap].used >= caps[cap].cap - tight_share * cap_volume(caps[cap]);
        if (tight || caps[cap].rent > 0.0) {
            binding_.push_back(cap);
        }
    }
    border_caps();
    // Where a rent, or a mix of rents, moves no flow, a pivot is nothing but the pull of an anchor.
    const std::size_t count = binding_.size();
    for (std::size_t step = 0; step < count; ++step) {
        const double pivot = rent_matrix_[step * count + step];
        if (!(pivot > 1e4 * cap_pull(caps[binding_[step]]))) {
            return false;
        }
        for (std::size_t below = step + 1; below < count; ++below) {
            const double factor = rent_matrix_[below * count + step] / pivot;
            for (std::size_t column = step; column < count; ++column) {
                rent_matrix_[below * count + column] -= factor * rent_matrix_[step * count + column];
            }
        }
    }
    evaluate();
    return true;
}

void BalanceNetwork::leap_from_centres() {
    evaluate();
    careful_ = false;
    for (BalanceSide& side : sides) {
        side.moved = 0.0;
    }
    for (BalanceCap& cap : caps) {
        cap.used = 0.0;
    }
    for (BalanceLink& link : links) {
        const bool open = link.least < link.most && link.now.flow > link.least;
        const double fixed = open ? 0.0 : link.now.flow;  // what cannot give way
        link.now.slope = open ? 1.0 / link.resistance : 0.0;
        link.centre = 0.0;
        sides[link.from].moved += fixed;
        sides[link.to].moved += fixed;
        for (const std::uint32_t cap : link.caps) {
            caps[cap].used += fixed;
        }
    }
    if (find_direction(0.0)) {
        for (std::size_t index = 0; index < sides.size(); ++index) {
            sides[index].price += sides[index].present() ? direction_[unknown_[index]] : 0.0;
        }
        for (std::size_t cap = 0; cap < caps.size(); ++cap) {
            const double rent = caps[cap].rent + direction_[solver_.size() + cap];
            caps[cap].rent = caps[cap].exact ? rent : std::max(0.0, rent);
        }
    }
}

}  // namespace ytterby

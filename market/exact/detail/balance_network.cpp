#include "market/exact/detail/balance_network.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "core/maths.hpp"
#include "market/linear/dense_solver.hpp"

namespace ytterby {
namespace {

/// Links that lose less than this share of the price scale are watched while prices move (assumed, range 0.01 to 0.1;
/// it affects the time, not the answer). The others are evaluated again when everything balances.
constexpr double watch_width = 0.03;
/// A cap with less room than this share of the volume has none.
constexpr double tight_share = 1e-9;
/// How far a careful step moves a side that nothing else holds, in price scales (assumed, range 0.03 to 0.3: 0.03, 0.1
/// and 0.3 took similar numbers of steps).
constexpr double reach = 0.05;
/// Ratios of rounds that differ by less are equal (assumed, range 0.001 to 0.03).
constexpr double alike = 0.01;
/// Changes of quantities below this share of the volume are rounding.
constexpr double step_rounding = 1e-14;
/// So many rounds ahead mean that nothing bounds them.
constexpr double most_ahead = 1e12;

/// The flow at which wedge and resistance together equal the margin, by Newton's method on its logarithm.
LaneFlow elastic_flow(const BalanceLink& link, double margin) {
    const double opening = link.elastic->opening_flow;
    const double scale = link.elastic->usual_flow + opening;
    const double slope = link.elastic->preference_slope;
    const double pressed = margin + link.resistance * link.centre;
    const double shut = slope * log(opening / scale);
    if (pressed <= shut) {
        return {};
    }
    if (std::isfinite(link.most) &&
        pressed >= slope * log((link.most + opening) / scale) + link.resistance * link.most) {
        return {link.most, 0.0};
    }
    // Both starts lie above the root; from there the steps of a convex function only fall.
    double exponent = std::min(pressed / slope, log((opening + (pressed - shut) / link.resistance) / scale));
    double total = scale * exp(exponent);
    for (int turn = 0; turn < 60; ++turn) {
        const double above = slope * exponent + link.resistance * (total - opening) - pressed;
        const double change = above / (slope + link.resistance * total);
        exponent -= change;
        total = scale * exp(exponent);
        if (std::abs(change) < 1e-15 * std::max(1.0, std::abs(exponent))) {
            break;
        }
    }
    return {std::clamp(total - opening, 0.0, link.most), 1.0 / (slope / total + link.resistance)};
}

LaneFlow flow_over(const BalanceLink& link, double supply_price, double use_price) {
    const double margin = use_price - link.pass_through * supply_price - link.cost - link.rent;
    if (link.elastic != nullptr) {
        return elastic_flow(link, margin);
    }
    const double flow = link.centre + margin / link.resistance;
    if (flow <= link.least) {
        return {link.least, 0.0};
    }
    if (flow >= link.most) {
        return {link.most, 0.0};
    }
    return {flow, 1.0 / link.resistance};
}

}  // namespace

void BalanceSide::evaluate() {
    if (!present()) {
        quantity = slope = 0.0;
        return;
    }
    const double turn = supply ? resistance : -resistance;
    const auto shifted = [&](std::size_t knot) { return knot_price[knot] + turn * (knot_quantity[knot] - centre); };
    std::size_t low = 0;
    std::size_t high = knot_price.size();  // first knot above the price
    while (low < high) {
        const std::size_t middle = (low + high) / 2;
        (shifted(middle) > price ? high : low) = shifted(middle) > price ? middle : middle + 1;
    }
    if (low == 0 || low == knot_price.size()) {
        quantity = low == 0 ? knot_quantity.front() : knot_quantity.back();
        slope = 0.0;
        return;
    }
    const double start = shifted(low - 1);
    slope = (knot_quantity[low] - knot_quantity[low - 1]) / (shifted(low) - start);
    quantity = knot_quantity[low - 1] + slope * (price - start);
}

bool BalanceSide::between_knots(double nothing) const {
    const double turn = supply ? 1.0 : -1.0;
    const auto near = std::partition_point(knot_quantity.begin(), knot_quantity.end(),
                                           [&](double knot) { return turn * (knot - quantity) < -nothing; });
    return near == knot_quantity.end() || turn * (*near - quantity) > nothing;
}

double BalanceNetwork::imbalance(const BalanceSide& side) const {
    const double anchored = pull_of(side) * (side.price - side.anchor);
    return side.supply ? side.quantity - side.moved + anchored : side.moved - side.quantity + anchored;
}

double BalanceNetwork::cap_size(const BalanceCap& cap) const {
    if (cap.links.empty()) {
        return 1.0;
    }
    const BalanceScale& scale = scales[sides[links[cap.links.front()].from].market];
    return scale.volume / scale.price;
}

double BalanceNetwork::room(const BalanceCap& cap) const {
    return cap.cap - cap.used + cap_pull(cap) * (cap.rent - cap.anchor);
}

bool BalanceNetwork::binds(const BalanceCap& cap) const {
    if (cap.exact) {
        return true;
    }
    return cap.rent * cap_size(cap) > room(cap);
}

void BalanceNetwork::evaluate() {
    watched_.resize(links.size());
    std::iota(watched_.begin(), watched_.end(), 0U);
    update();
}

void BalanceNetwork::watch_links() {
    strayed_ = 0.0;
    evaluate();
    std::erase_if(watched_, [this](std::uint32_t number) {
        const BalanceLink& link = links[number];
        const double margin = sides[link.to].price - link.pass_through * sides[link.from].price - link.cost - link.rent;
        return link.now.flow == 0.0 && margin < -watch_width * scales[sides[link.from].market].price;
    });
}

bool BalanceNetwork::watch_opened() {
    strayed_ = 0.0;
    const std::vector<std::uint32_t> before = std::move(watched_);
    watched_.clear();
    evaluate();
    std::size_t next = 0;
    std::erase_if(watched_, [&](std::uint32_t number) {
        const bool had = next < before.size() && before[next] == number;
        next += had ? 1 : 0;
        return !had && links[number].now.flow == 0.0;
    });
    return watched_.size() > before.size();
}

void BalanceNetwork::update() {
    for (BalanceSide& side : sides) {
        side.evaluate();
        side.moved = 0.0;
    }
    for (BalanceCap& cap : caps) {
        cap.used = 0.0;
    }
    for (const std::uint32_t number : watched_) {
        BalanceLink& link = links[number];
        link.rent = 0.0;
        for (const std::uint32_t cap : link.caps) {
            link.rent += caps[cap].rent;
        }
        link.now = flow_over(link, sides[link.from].price, sides[link.to].price);
        sides[link.from].moved += link.now.flow;
        sides[link.to].moved += link.now.flow;
        for (const std::uint32_t cap : link.caps) {
            caps[cap].used += link.now.flow;
        }
    }
    error_ = merit_ = 0.0;
    for (const BalanceSide& side : sides) {
        if (side.present()) {
            const double share = std::abs(imbalance(side)) / scales[side.market].volume;
            error_ = std::max(error_, share);
            merit_ += share;
        }
    }
    for (const BalanceCap& cap : caps) {
        if (!cap.links.empty()) {
            const double volume = scales[sides[links[cap.links.front()].from].market].volume;
            const double gap = binds(cap) ? room(cap) : cap.rent * cap_size(cap);
            error_ = std::max(error_, std::abs(gap) / volume);
            merit_ += std::abs(gap) / volume;
        }
    }
    if (!std::isfinite(merit_)) {
        merit_ = error_ = std::numeric_limits<double>::infinity();
    }
}

// Newton's direction: a sparse system of prices, bordered by the rents of binding caps.

/// How fast the imbalance of a side rises with its own price, lanes aside, t per USD/t. After a step that gained little
/// the next is careful: groups that only anchors hold would otherwise move so far that all others could take only a
/// tiny part of their step.
double BalanceNetwork::own_slope(const BalanceSide& side, double damping) const {
    const BalanceScale& scale = scales[side.market];
    const double care = careful_ ? std::abs(imbalance(side)) / (reach * scale.price) : 0.0;
    return std::abs(side.slope) + pull_of(side) + care + damping * scale.volume / scale.price;
}

/// The imbalance of each side depends on the prices of the sides to which open links connect it.
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

/// How imbalances and the room of the caps change along the direction.
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

/// Solves for prices and rents; `right_side` becomes them.
bool BalanceNetwork::solve_bordered(std::vector<double>& right_side) {
    const std::size_t prices = solver_.size();
    const std::size_t count = binding_.size();
    const std::span<double> price_part(right_side.data(), prices);
    // Rents of caps that do not bind are known; they affect the rest.
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

/// How each rent affects prices, and through them the use of every binding cap.
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
            right_side[unknown_[index]] = -imbalance(sides[index]);
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
        // The border loses digits where the prices alone are loosely tied: solve once more for the residual.
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

// Steps along the direction.

void BalanceNetwork::keep_prices() {
    before_.clear();
    for (const BalanceSide& side : sides) {
        before_.push_back(side.price);
    }
    for (const BalanceCap& cap : caps) {
        before_.push_back(cap.rent);
    }
}

void BalanceNetwork::move_along(double length) {
    std::size_t prices = 0;
    for (std::size_t index = 0; index < sides.size(); ++index) {
        if (sides[index].present()) {
            sides[index].price = before_[index] + length * direction_[unknown_[index]];
            ++prices;
        }
    }
    for (std::size_t cap = 0; cap < caps.size(); ++cap) {
        const double rent = before_[sides.size() + cap] + length * direction_[prices + cap];
        caps[cap].rent = caps[cap].exact ? rent : std::max(0.0, rent);
    }
    update();
}

double BalanceNetwork::distance_moved() const {
    double farthest = 0.0;
    for (std::size_t index = 0; index < sides.size(); ++index) {
        farthest =
            std::max(farthest, std::abs(sides[index].price - before_[index]) / scales[sides[index].market].price);
    }
    for (std::size_t cap = 0; cap < caps.size(); ++cap) {
        const double change = std::abs(caps[cap].rent - before_[sides.size() + cap]);
        farthest =
            std::max(farthest, caps[cap].links.empty() ? 0.0 : change * cap_size(caps[cap]) / cap_volume(caps[cap]));
    }
    return farthest;
}

double BalanceNetwork::work_along() const {
    double sum = 0.0;
    std::size_t prices = 0;
    for (std::size_t index = 0; index < sides.size(); ++index) {
        if (sides[index].present()) {
            sum += imbalance(sides[index]) * direction_[unknown_[index]];
            ++prices;
        }
    }
    for (std::size_t cap = 0; cap < caps.size(); ++cap) {
        sum += caps[cap].exact || caps[cap].rent > 0.0 || direction_[prices + cap] > 0.0
                   ? room(caps[cap]) * direction_[prices + cap]
                   : 0.0;
    }
    return sum;
}

bool BalanceNetwork::step(double damping) {
    ++steps;
    if (!find_direction(damping)) {
        return false;
    }
    keep_prices();
    const double merit_before = merit_;
    const double first = work_along();
    move_along(1.0);
    if (merit_ < 0.5 * merit_before) {
        strayed_ += distance_moved();
        return true;
    }
    double at_end = work_along();
    double low = 0.0;
    double high = 1.0;
    for (int turn = 0; turn < 10 && at_end < 0.1 * first; ++turn) {
        low = high;
        high *= 4.0;
        move_along(high);
        at_end = work_along();
    }
    for (int turn = 0; turn < 60 && (at_end > -1e-6 * first || at_end < 0.1 * first); ++turn) {
        const double middle = 0.5 * (low + high);
        move_along(middle);
        at_end = work_along();
        (at_end < 0.0 ? low : high) = middle;
    }
    if (!std::isfinite(merit_)) {
        move_along(0.0);
        return false;
    }
    strayed_ += distance_moved();
    return merit_ < merit_before || low > 0.0;
}

double BalanceNetwork::solve_side(std::size_t index, double guess) {
    BalanceSide& side = sides[index];
    const auto balance = [&](double price) {
        side.price = price;
        side.evaluate();
        side.moved = 0.0;
        for (const std::uint32_t number : links_of_[index]) {
            const BalanceLink& link = links[number];
            side.moved += side.supply ? flow_over(link, price, sides[link.to].price).flow
                                      : flow_over(link, sides[link.from].price, price).flow;
        }
        return imbalance(side);
    };
    double low = guess;
    double high = guess;
    double width = 1e-3 * scales[side.market].price;
    for (int turn = 0; turn < 40 && balance(high) < 0.0; ++turn, width *= 2.0) {
        low = high;
        high += width;
    }
    width = 1e-3 * scales[side.market].price;
    for (int turn = 0; turn < 40 && balance(low) > 0.0; ++turn, width *= 2.0) {
        high = low;
        low -= width;
    }
    if (balance(low) > 0.0 || balance(high) < 0.0) {
        return guess;
    }
    for (int turn = 0; turn < 100; ++turn) {
        const double middle = 0.5 * (low + high);
        if (middle <= low || middle >= high) {
            break;
        }
        (balance(middle) < 0.0 ? low : high) = middle;
    }
    return 0.5 * (low + high);
}

void BalanceNetwork::sweep() {
    links_of_.assign(sides.size(), {});
    for (const std::uint32_t number : watched_) {
        links_of_[links[number].from].push_back(number);
        links_of_[links[number].to].push_back(number);
    }
    for (std::size_t index = 0; index < sides.size(); ++index) {
        if (sides[index].present()) {
            sides[index].price = solve_side(index, sides[index].price);
        }
    }
    update();
}

bool BalanceNetwork::solve(double tolerance, int most_steps) {
    watch_links();
    double best = merit_;
    careful_ = false;
    int since = 0;  // steps without much progress
    for (int turn = 0; turn < most_steps && (turn == 0 || error_ > tolerance || (watch_opened() && error_ > tolerance));
         ++turn) {
        const double merit_before = merit_;
        const bool stepped = step(0.0) || step(0.03 * merit_) || step(merit_);
        careful_ = merit_ >= 0.9 * merit_before;
        if (strayed_ > 0.3 * watch_width) {
            watch_opened();
        }
        ++since;
        if (merit_ < 0.5 * best) {
            best = merit_;
            since = 0;
        }
        if (!stepped || since >= 25) {
            for (int round = 0; round < 5; ++round) {
                sweep();
            }
            since = 0;
        }
    }
    return error_ <= tolerance;
}

// Rounds, each from the last answer; rounds that move alike are taken at once.

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
            const double nothing = step_rounding * scales[sides[link.from].market].volume;
            const double way = link.now.flow - link.centre;
            bound(link.now.flow, std::abs(way) > nothing ? way : 0.0, link.least, link.most);
        }
    }
    for (const BalanceSide& side : sides) {
        const double nothing = step_rounding * scales[side.market].volume;
        const double way = side.quantity - side.centre;
        if (move_sides && side.present() && std::abs(way) > nothing) {
            // The knots around the quantity, on a rising or a falling curve.
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

bool BalanceNetwork::rents_are_determined() {
    evaluate();
    careful_ = false;
    // A side at an end of its range bounds prices from one side only, so it does not count.
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
    // If a rent, or a combination of rents, moves no flow, a pivot consists of the pull of an anchor alone.
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
        const double fixed = open ? 0.0 : link.now.flow;  // flow that cannot change
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

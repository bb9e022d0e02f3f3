#include "market/exact/detail/balance_network.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "core/maths.hpp"

namespace ytterby {
namespace {

/// Links that lose less than this share of the price scale are watched while prices move (assumed, range
/// 0.01 to 0.1; it decides the time, not the answer). The others are looked at again when everything balances.
constexpr double watch_width = 0.03;

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

namespace {

/// The flow at which wedge and resistance together eat up the margin, by Newton's method on its logarithm.
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
    // Both starts are above the root, from where a convex function's steps only fall.
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

double BalanceNetwork::left_over(const BalanceSide& side) const {
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
            const double share = std::abs(left_over(side)) / scales[side.market].volume;
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

bool BalanceNetwork::step(double damping) {
    ++steps;
    if (!find_direction(damping)) {
        return false;
    }
    before_.clear();
    for (const BalanceSide& side : sides) {
        before_.push_back(side.price);
    }
    for (const BalanceCap& cap : caps) {
        before_.push_back(cap.rent);
    }
    const auto move = [&](double length) {
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
    };
    const double merit_before = merit_;
    // How far prices and rents go, in price scales.
    const auto stray = [&] {
        double farthest = 0.0;
        for (std::size_t index = 0; index < sides.size(); ++index) {
            farthest =
                std::max(farthest, std::abs(sides[index].price - before_[index]) / scales[sides[index].market].price);
        }
        for (std::size_t cap = 0; cap < caps.size(); ++cap) {
            const double change = std::abs(caps[cap].rent - before_[sides.size() + cap]);
            farthest = std::max(farthest,
                                caps[cap].links.empty() ? 0.0 : change * cap_size(caps[cap]) / cap_volume(caps[cap]));
        }
        strayed_ += farthest;
    };
    // Work along the step: what is out of balance times where it goes. It rises with the length, and where
    // it is zero the step has done what it can (for costs that do not depend on prices, the least of a
    // convex function).
    const auto work = [&] {
        double sum = 0.0;
        std::size_t prices = 0;
        for (std::size_t index = 0; index < sides.size(); ++index) {
            if (sides[index].present()) {
                sum += left_over(sides[index]) * direction_[unknown_[index]];
                ++prices;
            }
        }
        for (std::size_t cap = 0; cap < caps.size(); ++cap) {
            sum += caps[cap].exact || caps[cap].rent > 0.0 || direction_[prices + cap] > 0.0
                       ? room(caps[cap]) * direction_[prices + cap]
                       : 0.0;
        }
        return sum;
    };
    const double first = work();
    move(1.0);
    if (merit_ < 0.5 * merit_before) {
        stray();
        return true;
    }
    double at_end = work();
    double low = 0.0;
    double high = 1.0;
    for (int turn = 0; turn < 10 && at_end < 0.1 * first; ++turn) {
        low = high;
        high *= 4.0;
        move(high);
        at_end = work();
    }
    for (int turn = 0; turn < 60 && (at_end > -1e-6 * first || at_end < 0.1 * first); ++turn) {
        const double middle = 0.5 * (low + high);
        move(middle);
        at_end = work();
        (at_end < 0.0 ? low : high) = middle;
    }
    if (!std::isfinite(merit_)) {
        move(0.0);
        return false;
    }
    stray();
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
        return left_over(side);
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

}  // namespace ytterby

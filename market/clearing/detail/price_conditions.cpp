#include "market/clearing/detail/price_conditions.hpp"

#include <algorithm>

namespace ytterby {
namespace {

/// What one activity at a single place asks of its price.
void add_range(const PartActivity& activity, const PriceRange& values, std::vector<PriceRange>& range) {
    if (activity.to != PartActivity::nowhere) {
        if (values.low) {
            range[activity.to].at_least(*values.low);
        }
        if (values.high) {
            range[activity.to].at_most(*values.high);
        }
        return;
    }
    if (values.low) {
        range[activity.from].at_most(-*values.low);
    }
    if (values.high) {
        range[activity.from].at_least(-*values.high);
    }
}

void add_condition(const MarketPart& part, const PartActivity& activity, const Wide& sign, const Wide& limit,
                   std::vector<PriceCondition>& conditions) {
    PriceCondition made;
    made.limit = sign * limit;
    made.terms.push_back({activity.to, sign});
    if (!activity.pass_through.is_zero()) {
        made.terms.push_back({activity.from, -(sign * activity.pass_through)});
    }
    for (const std::uint32_t cap : activity.caps) {
        made.terms.push_back({part.rent_of(cap), -sign});
    }
    conditions.push_back(std::move(made));
}

}  // namespace

PriceRange values_at(const MarketPart& part, std::size_t activity, const Wide& quantity) {
    const Response& response = part.response_of(activity);
    const SmoothResponse& smooth = part.smooth_of(activity);
    const Tolerance& tolerance = part.reach.tolerance;
    PriceRange range;
    if (smooth.kind != SmoothResponse::Kind::none) {
        const bool least = tolerance.equal(quantity, Wide());
        const bool most = tolerance.equal(quantity, response.at.back());
        const bool demand = smooth.kind == SmoothResponse::Kind::power && smooth.exponent.sign() < 0;
        if (least && !demand) {
            range.high = smooth.kind == SmoothResponse::Kind::power ? Wide() : smooth.value(Wide());
        } else if (least) {
            range.high = response.value.front();  // where next to nothing is wanted
        } else {
            range.low = smooth.value(quantity);
            range.high = most ? std::nullopt : range.low;
        }
        return range;
    }
    for (std::size_t piece = 0; piece < response.pieces(); ++piece) {
        const bool at_start = tolerance.equal(quantity, response.at[piece]);
        const bool at_end = tolerance.equal(quantity, response.at[piece + 1]);
        const Wide& from = response.at[piece];
        if (!at_start && !at_end && (quantity < from || quantity > response.at[piece + 1])) {
            continue;
        }
        const Wide value = at_start ? response.value[piece]
                           : at_end ? response.end_of(piece)
                                    : response.value[piece] + response.slope[piece] * (quantity - from);
        if (!at_start) {
            range.at_least(value);
        }
        if (!at_end) {
            range.at_most(value);
        }
    }
    return range;
}

PriceConditions price_conditions(const MarketPart& part, const PartPoint& point, const PartPrices& prices) {
    PriceConditions made;
    made.range.resize(part.places());
    for (std::size_t number = 0; number < part.activities.size(); ++number) {
        const PartActivity& activity = part.activities[number];
        const PriceRange values = values_at(part, number, point.quantity[part.variable_of(number)]);
        if (!activity.is_link()) {
            add_range(activity, values, made.range);
            continue;
        }
        const bool open = prices.found(activity.from) && prices.found(activity.to) &&
                          std::none_of(activity.caps.begin(), activity.caps.end(),
                                       [&](std::uint32_t cap) { return prices.endless[cap]; });
        if (open && values.high) {
            add_condition(part, activity, Wide(1.0), *values.high, made.conditions);
        }
        if (open && values.low) {
            add_condition(part, activity, Wide(-1.0), *values.low, made.conditions);
        }
    }
    for (std::uint32_t place = 0; place < part.places(); ++place) {
        PriceRange& range = made.range[place];
        if (range.low && range.high && *range.low > *range.high) {  // by rounding
            range.high = range.low;
        }
    }
    return made;
}

}  // namespace ytterby

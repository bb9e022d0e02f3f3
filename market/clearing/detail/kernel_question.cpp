#include "market/clearing/detail/kernel_question.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

#include "core/config/diagnostics.hpp"
#include "core/maths.hpp"

namespace ytterby {
namespace {

/// Number of first knots of a bent curve, evenly in logarithms, as far from the reference price as prices and
/// quantities stay within a factor `span_` of the reference and the scale.
constexpr int first_knots = 48;
/// The least quantity of a level curve, t.
constexpr double smallest_level = 1e-6;

/// A bent curve is exact enough if its error is below this share of the market's volume.
constexpr double exact_enough = 1e-13;
constexpr double roughly_exact = 1e-4;
constexpr int most_refinements = 60;
/// A price beyond this share of a bound may be due to the bound.
constexpr double near_bound = 0.5;
constexpr int most_widenings = 36;
constexpr double widening = 4.0;
/// Ranges of bent curves to try in turn until a first answer is found: factors of reference price and scale.
constexpr double spans[] = {30.0, 5.0, 300.0, 1e4};
/// Half the width of the windows around rough prices, as a share of the largest price: the first and the last to try.
constexpr double first_window = 0.1;
constexpr double widest_window = 3.0;
constexpr double most_level_factor = 1e7;
/// The least limit of a level curve where nothing trades, t.
constexpr double smallest_most = 1.0;

/// Decimal digits of the answer, relative to the market's largest price and its volume.
constexpr int price_digits = 14;
constexpr int volume_digits = 14;
}  // namespace

// The case as the exact kernel takes it.

KernelQuestion::KernelQuestion(const MarketCase& asked) : source(asked), knots_(asked.curves.size()) {
    add_lanes();
    find_bounds();
}

void KernelQuestion::add_lanes() {
    std::size_t nodes = source.nodes.size();
    quota_cap.assign(source.lanes.size(), none);
    for (const CaseSharedCap& shared : source.caps) {
        caps.push_back({{}, shared.cap});
    }
    for (std::size_t number = 0; number < source.lanes.size(); ++number) {
        const CaseLane& lane = source.lanes[number];
        lane_in.push_back(market.lanes.size());
        lane_over.push_back(none);
        if (!lane.rate_quota) {
            market.lanes.push_back(lane.with_tariffs(lane.terms.tariff, lane.specific_tariff));
            continue;
        }
        const RateQuota& quota = *lane.rate_quota;
        lane_over.back() = market.lanes.size() + 1;
        market.lanes.push_back(lane.with_tariffs(quota.tariff_in, quota.specific_in));
        market.lanes.push_back(lane.with_tariffs(quota.tariff_over, quota.specific_over));
        market.lanes[lane_in[number]].cap = std::min(lane.terms.cap, quota.quota);
        if (std::isfinite(lane.terms.cap)) {
            quota_cap[number] = caps.size();
            caps.push_back(
                {{{0, static_cast<std::uint32_t>(lane_in[number])}, {0, static_cast<std::uint32_t>(lane_over[number])}},
                 lane.terms.cap});
        }
    }
    for (std::size_t number = 0; number < source.caps.size(); ++number) {
        for (const std::uint32_t lane : source.caps[number].lanes) {
            if (source.caps[number].cap <= 0.0) {  // a limit of zero shuts its lanes exactly
                market.lanes[lane_in[lane]].cap = 0.0;
                market.lanes[lane_over[lane] != none ? lane_over[lane] : lane_in[lane]].cap = 0.0;
            }
            caps[number].members.push_back({0, static_cast<std::uint32_t>(lane_in[lane])});
            if (lane_over[lane] != none) {
                caps[number].members.push_back({0, static_cast<std::uint32_t>(lane_over[lane])});
            }
        }
    }
    floor_lane.assign(nodes, none);
    ceiling_lane.assign(nodes, none);
    for (std::size_t node = 0; node < source.nodes.size(); ++node) {
        SpatialLane lane;
        if (source.nodes[node].price_floor) {
            lane.from = static_cast<std::uint32_t>(node);
            lane.to = static_cast<std::uint32_t>(nodes++);
            floor_lane[node] = market.lanes.size();
            market.lanes.push_back(lane);
        }
        if (source.nodes[node].price_ceiling) {
            lane.from = static_cast<std::uint32_t>(nodes++);
            lane.to = static_cast<std::uint32_t>(node);
            ceiling_lane[node] = market.lanes.size();
            market.lanes.push_back(lane);
        }
    }
    market.supply.resize(nodes);
    market.use.resize(nodes);
    market.through_shipment = source.through_shipment;
}

void KernelQuestion::find_bounds() {
    double price = 0.0;
    const auto include = [&](double value) { price = std::max(price, std::abs(value)); };
    for (const CaseOrder& order : source.orders) {
        include(order.limit);
    }
    for (const CaseCurve& curve : source.curves) {
        include(curve.kind == CurveKind::linear                ? curve.intercept
                : curve.kind == CurveKind::constant_elasticity ? curve.reference
                                                               : 0.0);
    }
    for (const CaseNode& node : source.nodes) {
        include(node.price_floor.value_or(0.0));
        include(node.price_ceiling.value_or(0.0));
    }
    double cost = 0.0;
    double all_costs = 0.0;
    double pass_through = 1.0;
    for (const SpatialLane& lane : market.lanes) {
        const double one = std::abs(lane.delivered(0.0)) + std::abs(lane.preference) + 10.0 * lane.preference_slope;
        cost = std::max(cost, one);
        all_costs += one;
        pass_through = std::max(pass_through, lane.pass_through());
    }
    if (source.through_shipment) {
        cost = std::min(all_costs, cost * static_cast<double>(source.nodes.size()));
    }
    highest = 4.0 * pass_through * (price + cost);
    highest = highest > 0.0 ? highest : 1.0;
    lowest = -highest;
}

/// The quantity of a level curve: about all that the other side wants or offers at a price half its own away, costs of
/// lanes included, times `level_factor_`, which rises if that proves too little.
double KernelQuestion::level_quantity(const CaseCurve& level) const {
    double cost = 0.0;
    for (const SpatialLane& lane : market.lanes) {
        cost = std::max(cost, std::abs(lane.delivered(0.0)) + std::abs(lane.preference));
    }
    const double slack = 0.5 * std::abs(level.intercept) + cost;
    const double price = level.supply ? level.intercept - slack : level.intercept + slack;
    double sum = smallest_level;
    for (const CaseOrder& order : source.orders) {
        // A small part of the curve's own side, too, to keep the sides in proportion.
        sum += (order.ask != level.supply ? 1.0 : 0.01) * order.quantity;
    }
    for (const CaseCurve& curve : source.curves) {
        if (curve.supply != level.supply && curve.kind == CurveKind::fixed) {
            sum += curve.quantity;
        } else if (curve.supply != level.supply && !curve.is_step()) {
            // A demand of constant elasticity has no bound as prices approach zero.
            sum += curve.quantity_at(curve.kind == CurveKind::linear
                                         ? price
                                         : std::max({price, 0.5 * level.intercept, 0.2 * curve.reference}));
        }
    }
    return level_factor_ * sum;
}

void KernelQuestion::add_curve(const CaseCurve& curve, std::size_t number, std::vector<LimitOrder>& orders,
                               bool& endless) {
    if (curve.kind == CurveKind::fixed) {
        const double price = any_price(curve.supply);
        orders.push_back({curve.quantity, price, price});
        endless = price != 0.0;
        return;
    }
    if (curve.kind == CurveKind::linear) {
        if (curve.slope == 0.0) {
            const std::vector<double>& most = curve.supply ? most_sold_ : most_bought_;
            orders.push_back(
                {most.empty() ? level_quantity(curve) : most[curve.node], curve.intercept, curve.intercept});
        } else {
            const double end = curve.supply ? highest : lowest;
            orders.push_back({curve.quantity_at(end), curve.intercept, end});
        }
        return;
    }
    std::vector<double>& knots = knots_[number];
    if (knots.empty()) {
        const double span = std::min(span_, pow(span_, 1.0 / std::abs(curve.elasticity)));
        const double low = curve.reference / span;
        const double high = std::min(highest, curve.reference * span);
        for (int knot = 0; knot <= first_knots; ++knot) {
            knots.push_back(low * pow(high / low, static_cast<double>(knot) / first_knots));
        }
        knots.push_back(curve.reference);
        if (!curve.supply) {
            knots.push_back(highest);
        }
        std::sort(knots.begin(), knots.end());
    }
    endless = endless || !curve.supply;
    const std::size_t ends = curve.supply ? 0 : knots.size() - 1;
    orders.push_back({curve.quantity_at(knots[ends]), knots[ends], knots[ends]});
    for (std::size_t knot = 0; knot + 1 < knots.size(); ++knot) {
        const double change = curve.quantity_at(knots[knot + 1]) - curve.quantity_at(knots[knot]);
        curve.supply ? orders.push_back({change, knots[knot], knots[knot + 1]})
                     : orders.push_back({-change, knots[knot + 1], knots[knot]});
    }
}

void KernelQuestion::make_curves() {
    const std::size_t nodes = source.nodes.size();
    std::vector<std::vector<LimitOrder>> asks(nodes);
    std::vector<std::vector<LimitOrder>> bids(nodes);
    std::vector<bool> endless_supply(nodes, false);
    std::vector<bool> endless_use(nodes, false);
    for (const CaseOrder& order : source.orders) {
        (order.ask ? asks : bids)[order.node].push_back({order.quantity, order.limit, order.limit});
    }
    for (std::size_t number = 0; number < source.curves.size(); ++number) {
        const CaseCurve& curve = source.curves[number];
        bool endless = false;
        add_curve(curve, number, (curve.supply ? asks : bids)[curve.node], endless);
        if (endless) {
            (curve.supply ? endless_supply : endless_use)[curve.node] = true;
        }
    }
    // Goods that pass through a node count against its floor and ceiling, too.
    double passing = 0.0;
    for (std::size_t node = 0; node < nodes && source.through_shipment; ++node) {
        for (const LimitOrder& order : asks[node]) {
            passing += order.quantity;
        }
    }
    for (std::size_t node = 0; node < nodes; ++node) {
        market.supply[node] = make_supply_curve(asks[node]);
        market.use[node] = make_use_curve(bids[node]);
        market.supply[node].endless = endless_supply[node];
        market.use[node].endless = endless_use[node];
        if (source.through_shipment) {
            for (OrderCurve* curve : {&market.supply[node], &market.use[node]}) {
                if (curve->empty()) {
                    *curve = {{0.0}, {0.0}};  // no orders, but goods may pass
                }
            }
        }
        if (floor_lane[node] != none) {
            const double floor = *source.nodes[node].price_floor;
            // Zero if nothing is offered at the floor.
            const double most = 1.1 * quantities_at(market.supply[node], floor).most + passing;
            market.use[market.lanes[floor_lane[node]].to] =
                make_use_curve(std::vector<LimitOrder>{{most, floor, floor}});
        }
        if (ceiling_lane[node] != none) {
            const double ceiling = *source.nodes[node].price_ceiling;
            const double most = 1.1 * quantities_at(market.use[node], ceiling).most + passing;
            market.supply[market.lanes[ceiling_lane[node]].from] =
                make_supply_curve(std::vector<LimitOrder>{{most, ceiling, ceiling}});
        }
    }
}

// Refinement: from a first answer to the exact one.

/// Adds knots at the prices of the answer; false if every curve is exact there already.
bool KernelQuestion::add_knots(double share) {
    const SpatialMarketClearing& answer = cleared.markets.front();
    double volume = 0.0;
    for (const double used : answer.used) {
        volume += used;
    }
    bool added = false;
    for (std::size_t number = 0; number < source.curves.size(); ++number) {
        const CaseCurve& curve = source.curves[number];
        std::vector<double>& knots = knots_[number];
        if (curve.kind != CurveKind::constant_elasticity) {
            continue;
        }
        const double price = curve.supply ? answer.supply_price[curve.node] : answer.use_price[curve.node];
        const auto above = std::upper_bound(knots.begin(), knots.end(), price);
        if (above == knots.begin() || above == knots.end()) {
            // Beyond its ends a curve is constant: they move out if anything is traded there.
            const bool trades = (curve.supply ? answer.supplied : answer.used)[curve.node] > 0.0;
            const double end = above == knots.begin() ? 0.5 * price : std::min(highest, 2.0 * price);
            if (trades && price > 0.0 && price < highest &&
                end != (above == knots.begin() ? knots.front() : knots.back())) {
                knots.push_back(price);
                knots.push_back(end);
                std::sort(knots.begin(), knots.end());
                knots.erase(std::unique(knots.begin(), knots.end()), knots.end());
                added = true;
            }
            continue;
        }
        const double low = *(above - 1);
        const double high = *above;
        const double chord =
            curve.quantity_at(low) + (price - low) / (high - low) * (curve.quantity_at(high) - curve.quantity_at(low));
        const double off = std::abs(chord - curve.quantity_at(price));
        if (price == low || off <= share * volume) {
            continue;
        }
        // Knots beside the price, as far as it may still move: twice the error of the chord, in prices.
        const double slope = std::abs(curve.elasticity) * curve.quantity_at(price) / price;
        const double step = std::clamp(2.0 * off / slope, 1e-13 * price, 0.25 * (high - low));
        for (const double knot : {price - step, price, price + step}) {
            if (knot > low && knot < high) {
                knots.push_back(knot);
                added = true;
            }
        }
        std::sort(knots.begin(), knots.end());
        knots.erase(std::unique(knots.begin(), knots.end()), knots.end());
    }
    return added;
}

/// Whether a fixed demand cannot be met at any price: then no bound is wide enough.
bool KernelQuestion::has_shortage() const {
    const SpatialMarketClearing& answer = cleared.markets.front();
    std::vector<double> fixed(source.nodes.size(), 0.0);
    for (const CaseCurve& curve : source.curves) {
        fixed[curve.node] += !curve.supply && curve.kind == CurveKind::fixed ? curve.quantity : 0.0;
    }
    for (std::size_t node = 0; node < fixed.size(); ++node) {
        if (answer.used[node] < (1.0 - 1e-9) * fixed[node] && answer.use_price[node] > near_bound * highest) {
            return true;
        }
    }
    return false;
}

/// Widens the bounds if the price of any trade is near them; false if none is.
bool KernelQuestion::widen_bounds(double factor) {
    const SpatialMarketClearing& answer = cleared.markets.front();
    bool near = false;
    for (std::size_t node = 0; node < source.nodes.size(); ++node) {
        near = near || (answer.supplied[node] > 0.0 && !(std::abs(answer.supply_price[node]) < near_bound * highest));
        near = near || (answer.used[node] > 0.0 && !(std::abs(answer.use_price[node]) < near_bound * highest));
    }
    near = near && !has_shortage();
    for (std::size_t number = 0; number < source.curves.size(); ++number) {
        const CaseCurve& curve = source.curves[number];
        if (curve.kind == CurveKind::constant_elasticity) {
            const double price = (curve.supply ? answer.supply_price : answer.use_price)[curve.node];
            const bool trades = (curve.supply ? answer.supplied : answer.used)[curve.node] > 0.0;
            near = near || (trades && price < 2.0 * knots_[number].front()) ||
                   (trades && price > 0.5 * knots_[number].back() && price < near_bound * highest);
        }
    }
    if (near) {
        highest *= factor;
        lowest *= factor;
        for (std::size_t number = 0; number < source.curves.size(); ++number) {
            if (source.curves[number].kind == CurveKind::constant_elasticity) {
                // In steps of a factor of four, downwards as far as upwards.
                for (double step = 1.0; step < factor; step *= 4.0) {
                    knots_[number].insert(knots_[number].begin(), knots_[number].front() / 4.0);
                    knots_[number].push_back(std::min(highest, knots_[number].back() * 4.0));
                }
                knots_[number].push_back(highest);
                knots_[number].erase(std::unique(knots_[number].begin(), knots_[number].end()), knots_[number].end());
            }
        }
    }
    return near;
}

/// Whether a fixed supply found no buyer at any price.
bool KernelQuestion::left_unsold() const {
    const SpatialMarketClearing& answer = cleared.markets.front();
    for (const CaseCurve& curve : source.curves) {
        if (curve.supply && curve.kind == CurveKind::fixed && answer.supply_price[curve.node] < near_bound * lowest) {
            return true;
        }
    }
    return false;
}

void KernelQuestion::refine_curves(double share) {
    for (int round = 0; round < most_refinements && add_knots(share); ++round) {
        clear(true);
    }
}

bool KernelQuestion::is_undefined(double price, std::size_t node) const {
    if (unpinned[node] || !(price < 0.99 * highest && price > 0.99 * lowest)) {
        return true;
    }
    for (std::size_t number = 0; number < source.curves.size(); ++number) {
        const CaseCurve& curve = source.curves[number];
        if (curve.node == node && curve.supply && curve.kind == CurveKind::constant_elasticity &&
            price <= knots_[number].front()) {
            return true;
        }
    }
    return false;
}

bool KernelQuestion::clear(bool may_fail) {
    make_curves();
    trim_curves();
    try {
        clear_exact({&market, 1}, caps, cleared);
    } catch (const std::runtime_error&) {
        if (!may_fail) {
            throw;
        }
        return false;
    }
    return true;
}

void KernelQuestion::find_first_answer() {
    for (const double span : spans) {
        for (std::vector<double>& knots : knots_) {
            knots.clear();
        }
        span_ = span;
        cleared = {};
        if (clear(true)) {
            return;
        }
    }
}

const CaseCurve* KernelQuestion::exhausted_level() const {
    const SpatialMarketClearing& answer = cleared.markets.front();
    for (const CaseCurve& curve : source.curves) {
        if (curve.kind == CurveKind::linear && curve.slope == 0.0) {
            const double price = (curve.supply ? answer.supply_price : answer.use_price)[curve.node];
            const double gap = curve.supply ? price - curve.intercept : curve.intercept - price;
            if (gap > 1e-6 * std::max(std::abs(price), std::abs(curve.intercept))) {
                return &curve;
            }
        }
    }
    return nullptr;
}

void KernelQuestion::require_bounded() const {
    if (const CaseCurve* curve = exhausted_level()) {
        throw InputError(
            Problem{.key = "curve",
                    .what = std::string(curve->supply ? "the level supply" : "the level demand") + " at " +
                            source.nodes[curve->node].name + " trades without bound",
                    .why = "a slope of 0 means any quantity at one price, and another level curve, a floor or a "
                           "ceiling takes any quantity at a better one",
                    .suggestion = "give the curve a slope, or limit the other side"});
    }
}

void KernelQuestion::narrow_windows(double share) {
    const SpatialMarketClearing& answer = cleared.markets.front();
    const std::size_t nodes = source.nodes.size();
    double size = 0.0;
    double volume = 0.0;
    for (std::size_t node = 0; node < nodes; ++node) {
        volume += answer.used[node];
        for (const double price : {answer.supply_price[node], answer.use_price[node]}) {
            size = std::abs(price) < near_bound * highest ? std::max(size, std::abs(price)) : size;
        }
    }
    supply_window_.resize(nodes);
    use_window_.resize(nodes);
    most_sold_.resize(nodes);
    most_bought_.resize(nodes);
    for (std::size_t node = 0; node < nodes; ++node) {
        const double width = share * std::max(size, 1e-9 * highest);
        supply_window_[node] = {answer.supply_price[node] - width, answer.supply_price[node] + width};
        use_window_[node] = {answer.use_price[node] - width, answer.use_price[node] + width};
        most_sold_[node] = 1.5 * std::max(0.0, answer.supplied[node]) + 0.1 * std::max(0.0, volume) +
                           (volume > 0.0 ? 0.0 : smallest_most);
        most_bought_[node] =
            1.5 * std::max(0.0, answer.used[node]) + 0.1 * std::max(0.0, volume) + (volume > 0.0 ? 0.0 : smallest_most);
    }
}

bool KernelQuestion::within_windows() const {
    const SpatialMarketClearing& answer = cleared.markets.front();
    const auto inside = [](const Window& window, double price) {
        const double width = 0.5 * (window.high - window.low);
        return std::abs(price - 0.5 * (window.low + window.high)) < 0.9 * width;
    };
    for (std::size_t node = 0; node < source.nodes.size(); ++node) {
        if (!inside(supply_window_[node], answer.supply_price[node]) ||
            !inside(use_window_[node], answer.use_price[node])) {
            return false;
        }
    }
    return exhausted_level() == nullptr;
}

void KernelQuestion::trim_curves() {
    for (std::size_t node = 0; node < supply_window_.size(); ++node) {
        OrderCurve& supply = market.supply[node];
        OrderCurve& use = market.use[node];
        const double width = 0.5 * (supply_window_[node].high - supply_window_[node].low);
        if (supply.price.size() > 1) {
            // The first tonne stays: it bounds the price of an idle side.
            const double last = std::max(supply_window_[node].high, supply.price.front() + width);
            const double tonnes = quantities_at(supply, last).most;
            const auto keep = static_cast<std::size_t>(
                std::upper_bound(supply.price.begin(), supply.price.end(), last) - supply.price.begin());
            if (keep < supply.price.size()) {
                supply.price.resize(keep);
                supply.quantity.resize(keep);
                supply.price.push_back(last);
                supply.quantity.push_back(tonnes);
            }
        }
        if (use.price.size() > 1) {
            const double first = std::min(use_window_[node].low, use.price.back() - width);
            const double tonnes = quantities_at(use, first).most;
            const auto drop = std::lower_bound(use.price.begin(), use.price.end(), first) - use.price.begin();
            if (drop > 0) {
                use.price.erase(use.price.begin(), use.price.begin() + drop - 1);
                use.quantity.erase(use.quantity.begin(), use.quantity.begin() + drop - 1);
                use.price.front() = first;
                use.quantity.front() = tonnes;
            }
        }
    }
}

void KernelQuestion::solve() {
    find_first_answer();
    if (left_unsold()) {
        free_disposal_ = true;
        clear(true);
    }
    for (int time = 0; time < most_widenings && widen_bounds(widening); ++time) {
        clear(true);
    }
    for (; exhausted_level() != nullptr && level_factor_ < most_level_factor; level_factor_ *= 100.0) {
        clear(true);
    }
    require_bounded();
    refine_curves(roughly_exact);
    bool narrowed = false;
    for (double share = first_window; share <= widest_window && !narrowed; share *= 3.0) {
        narrow_windows(share);
        clear(true);
        narrowed = within_windows();
    }
    if (narrowed) {
        refine_curves(exact_enough);
        narrowed = within_windows();
    }
    if (!narrowed) {
        supply_window_.clear();
        use_window_.clear();
        most_sold_.clear();
        most_bought_.clear();
        clear(true);
        refine_curves(exact_enough);
    }
    clear(false);
    fix_price_level();
    round_answer();
}

// Rounding of the answer.

/// Where only fixed quantities trade with each other, prices are determined up to their level: the lowest is set to
/// zero. A node without lanes has no price then.
void KernelQuestion::fix_price_level() {
    const SpatialMarketClearing& answer = cleared.markets.front();
    const std::size_t nodes = source.nodes.size();
    unpinned.assign(nodes, false);
    std::vector<bool> flat(nodes, true);
    std::vector<bool> alone(nodes, true);
    bool all_flat = true;
    for (std::size_t node = 0; node < nodes; ++node) {
        for (const OrderCurve* curve : {&market.supply[node], &market.use[node]}) {
            const QuantityRange range = quantities_between(*curve, 0.99 * lowest, 0.99 * highest);
            flat[node] = flat[node] && range.most == range.least;
        }
        flat[node] = flat[node] && floor_lane[node] == none && ceiling_lane[node] == none;
        all_flat = all_flat && flat[node];
    }
    for (const SpatialLane& lane : market.lanes) {
        alone[lane.from] = alone[lane.to] = false;
    }
    double least = highest;
    for (std::size_t node = 0; node < nodes; ++node) {
        unpinned[node] = flat[node] && alone[node];
        least = std::min({least, answer.supply_price[node], answer.use_price[node]});
    }
    if (!all_flat || least < near_bound * lowest || least > near_bound * highest) {
        return;
    }
    SpatialClearing shifted = cleared;
    for (std::vector<double>* prices : {&shifted.markets.front().supply_price, &shifted.markets.front().use_price}) {
        for (double& price : *prices) {
            price -= least;
        }
    }
    if (certify_exact({&market, 1}, caps, shifted).worst() <= 1e-9) {
        cleared = std::move(shifted);
    }
}

/// Rounds the answer to the digits that are significant, so that 499.99999999999994 t become 500 t. A price that is the
/// limit of an order is kept.
void KernelQuestion::round_answer() {
    SpatialMarketClearing& answer = cleared.markets.front();
    double volume = 0.0;
    double price = 0.0;
    for (std::size_t node = 0; node < answer.used.size(); ++node) {
        volume += answer.used[node];
        price = std::max({price, std::abs(answer.supply_price[node]), std::abs(answer.use_price[node])});
    }
    // One over the unit of the last digit: a power of ten, exact below 10^22.
    const auto parts = [](double scale, int digits) {
        for (double whole = 1.0; whole < scale; whole *= 10.0) {
            --digits;
        }
        double power = 1.0;
        for (; digits > 0; --digits) {
            power *= 10.0;
        }
        return power;
    };
    const double price_unit = parts(price, price_digits);
    const double volume_unit = parts(volume, volume_digits);
    const auto round = [](double& value, double whole) { value = std::round(value * whole) / whole; };
    for (std::size_t node = 0; node < answer.used.size(); ++node) {
        const auto is_limit = [&](double where) {
            const auto& at = market.supply[node].price;
            const auto& wanted = market.use[node].price;
            return std::binary_search(at.begin(), at.end(), where) ||
                   std::binary_search(wanted.begin(), wanted.end(), where);
        };
        for (double* one : {&answer.supply_price[node], &answer.use_price[node]}) {
            if (!is_limit(*one)) {
                round(*one, price_unit);
            }
        }
        round(answer.domestic_flow[node], volume_unit);
    }
    answer.supplied = answer.used = answer.domestic_flow;
    for (std::size_t lane = 0; lane < answer.flow.size(); ++lane) {
        if (!(market.lanes[lane].preference_slope > 0.0)) {  // with a slope, the flow determines the price
            round(answer.flow[lane], volume_unit);
        }
        round(answer.lane_rent[lane], price_unit);
        answer.supplied[market.lanes[lane].from] += answer.flow[lane];
        answer.used[market.lanes[lane].to] += answer.flow[lane];
    }
    for (double& rent : cleared.shared_rent) {
        round(rent, price_unit);
    }
}

}  // namespace ytterby

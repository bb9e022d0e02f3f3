#include "market/clearing/detail/case_question.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "core/config/diagnostics.hpp"

namespace ytterby {
namespace {

/// A bent curve is exact enough when it is off by this share of the market's volume.
constexpr double exact_enough = 1e-13;
constexpr double roughly_exact = 1e-4;
constexpr int most_rounds = 60;
/// A price this close to a bound (as a share of it) may be the bound's doing.
constexpr double near_bound = 0.5;
constexpr int most_widenings = 36;
constexpr double widening = 4.0;
/// How far curves that bend reach at first, in turn, until a first answer is found: times reference price and scale.
constexpr double spans[] = {30.0, 5.0, 300.0, 1e4};
/// Half the width of the windows around rough prices, as a share of the largest price: the first, and the last tried.
constexpr double first_window = 0.1;
constexpr double widest_window = 3.0;
constexpr double most_level_factor = 1e7;
/// What a level curve is left with where nothing trades, t.
constexpr double smallest_most = 1.0;

}  // namespace

/// Adds knots where the answer stands; false when every curve is exact there already.
bool CaseQuestion::closer(double share) {
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
            // Beyond its ends it stands still: they move out, if anything is traded there.
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
        // Beside the price, as far off as it may yet move: twice what the chord is off, in prices.
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

/// Whether a fixed demand is not met at any price: then no bound is wide enough.
bool CaseQuestion::comes_short() const {
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

/// Moves the bounds out when a price that something trades at came near them; false when none did.
bool CaseQuestion::wider(double factor) {
    const SpatialMarketClearing& answer = cleared.markets.front();
    bool near = false;
    for (std::size_t node = 0; node < source.nodes.size(); ++node) {
        near = near || (answer.supplied[node] > 0.0 && !(std::abs(answer.supply_price[node]) < near_bound * highest));
        near = near || (answer.used[node] > 0.0 && !(std::abs(answer.use_price[node]) < near_bound * highest));
    }
    near = near && !comes_short();
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
                // In steps of four times, down as far as up.
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

/// Whether a supply that is to be sold at any price did not find a buyer at any.
bool CaseQuestion::left_unsold() const {
    const SpatialMarketClearing& answer = cleared.markets.front();
    for (const CaseCurve& curve : source.curves) {
        if (curve.supply && curve.kind == CurveKind::fixed && answer.supply_price[curve.node] < near_bound * lowest) {
            return true;
        }
    }
    return false;
}

void CaseQuestion::come_to_rest(double share) {
    for (int round = 0; round < most_rounds && closer(share); ++round) {
        clear(true);
    }
}

bool CaseQuestion::is_undefined(double price, std::size_t node) const {
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

bool CaseQuestion::clear(bool may_fail) {
    state_curves();
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

void CaseQuestion::begin() {
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

const CaseCurve* CaseQuestion::sold_out_level() const {
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

void CaseQuestion::require_bounded() const {
    if (const CaseCurve* curve = sold_out_level()) {
        throw InputError(Problem{.key = "curve",
                                 .what = std::string(curve->supply ? "the level supply" : "the level demand") + " at " +
                                         source.nodes[curve->node].name + " trades without bound",
                                 .why = "a slope of 0 means any quantity at one price, and somebody (a level curve, a "
                                        "floor or a ceiling) takes any quantity at a better one",
                                 .suggestion = "give the curve a slope, or the other side a limit"});
    }
}

void CaseQuestion::narrow(double share) {
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

bool CaseQuestion::within_windows() const {
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
    return sold_out_level() == nullptr;
}

void CaseQuestion::trim_curves() {
    for (std::size_t node = 0; node < supply_window_.size(); ++node) {
        OrderCurve& supply = market.supply[node];
        OrderCurve& use = market.use[node];
        const double width = 0.5 * (supply_window_[node].high - supply_window_[node].low);
        if (supply.price.size() > 1) {
            // The first tonne stays where it stands: it says how high an idle price may be.
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

void CaseQuestion::solve() {
    begin();
    if (left_unsold()) {
        free_disposal_ = true;
        clear(true);
    }
    for (int time = 0; time < most_widenings && wider(widening); ++time) {
        clear(true);
    }
    for (; sold_out_level() != nullptr && level_factor_ < most_level_factor; level_factor_ *= 100.0) {
        clear(true);
    }
    require_bounded();
    come_to_rest(roughly_exact);
    bool narrowed = false;
    for (double share = first_window; share <= widest_window && !narrowed; share *= 3.0) {
        narrow(share);
        clear(true);
        narrowed = within_windows();
    }
    if (narrowed) {
        come_to_rest(exact_enough);
        narrowed = within_windows();
    }
    if (!narrowed) {
        supply_window_.clear();
        use_window_.clear();
        most_sold_.clear();
        most_bought_.clear();
        clear(true);
        come_to_rest(exact_enough);
    }
    clear(false);
    level_prices();
    round_answer();
}

}  // namespace ytterby

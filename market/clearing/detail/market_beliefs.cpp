#include "market/clearing/detail/market_beliefs.hpp"

#include <algorithm>
#include <cmath>

namespace ytterby {
namespace {

/// The number of trades that are remembered, with all shouts that led to them (assumed, 3-8: the literature on these
/// traders uses memories of this length).
constexpr std::size_t remembered_trades = 5;

/// Prices of the grid that differ by less are equal.
constexpr double same_price = 1e-9;

}  // namespace

MarketBeliefs::MarketBeliefs(double lowest_price, double highest_price, double price_step)
    : lowest_(lowest_price), highest_(highest_price), step_(price_step) {
    const auto count =
        static_cast<std::size_t>(std::floor((highest_price - lowest_price) / price_step + same_price)) + 1;
    ask_chance_.resize(count);
    bid_chance_.resize(count);
    update(false, 0.0, false, 0.0);
}

void MarketBeliefs::hear(const Shout& shout) {
    if (!shout.accepted) {
        heard_.push_back({shout.ask, shout.price, false, false});
        return;
    }
    // The standing quote was accepted, too.
    for (auto standing = heard_.rbegin(); standing != heard_.rend(); ++standing) {
        if (standing->ask != shout.ask && !standing->accepted && standing->price == shout.contract) {
            standing->accepted = true;
            break;
        }
    }
    heard_.push_back({shout.ask, shout.contract, true, true});
    forget();
}

void MarketBeliefs::forget() {
    std::size_t trades = 0;
    for (std::size_t at = heard_.size(); at-- > 0;) {
        trades += heard_[at].ended_trade ? 1 : 0;
        if (trades > remembered_trades) {
            heard_.erase(heard_.begin(), heard_.begin() + static_cast<std::ptrdiff_t>(at) + 1);
            return;
        }
    }
}

std::vector<MarketBeliefs::Knot> MarketBeliefs::knots(bool ask) const {
    std::vector<double> prices;
    prices.reserve(heard_.size());
    for (const Heard& heard : heard_) {
        prices.push_back(heard.price);
    }
    std::sort(prices.begin(), prices.end());
    prices.erase(std::unique(prices.begin(), prices.end()), prices.end());
    std::vector<Knot> made;
    made.push_back({lowest_, ask ? 1.0 : 0.0});
    for (const double price : prices) {
        if (price <= lowest_ || price >= highest_) {
            continue;
        }
        double taken = 0.0, met = 0.0, refused = 0.0;
        for (const Heard& heard : heard_) {
            const bool beyond = ask ? heard.price >= price : heard.price <= price;
            const bool within = ask ? heard.price <= price : heard.price >= price;
            if (heard.ask == ask) {
                taken += heard.accepted && beyond ? 1.0 : 0.0;
                refused += !heard.accepted && within ? 1.0 : 0.0;
            } else {
                met += beyond ? 1.0 : 0.0;
            }
        }
        made.push_back({price, (taken + met) / (taken + met + refused)});
    }
    made.push_back({highest_, ask ? 0.0 : 1.0});
    return made;
}

void MarketBeliefs::fill(bool ask, std::vector<double>& chances) const {
    const std::vector<Knot> between = knots(ask);
    std::size_t knot = 0;
    for (std::size_t at = 0; at < chances.size(); ++at) {
        const double here = price(at);
        while (knot + 2 < between.size() && between[knot + 1].price <= here) {
            ++knot;
        }
        const Knot& low = between[knot];
        const Knot& high = between[knot + 1];
        const double share = std::clamp((here - low.price) / (high.price - low.price), 0.0, 1.0);
        chances[at] = low.chance + (high.chance - low.chance) * share * share * (3.0 - 2.0 * share);
    }
}

void MarketBeliefs::update(bool has_bid, double best_bid, bool has_ask, double best_ask) {
    fill(true, ask_chance_);
    fill(false, bid_chance_);
    for (std::size_t at = 0; at < prices(); ++at) {
        const double here = price(at);
        if (has_ask) {
            ask_chance_[at] = here < best_ask - same_price ? ask_chance_[at] : 0.0;
            bid_chance_[at] = here > best_ask - same_price ? 1.0 : bid_chance_[at];
        }
        if (has_bid) {
            bid_chance_[at] = here > best_bid + same_price ? bid_chance_[at] : 0.0;
            ask_chance_[at] = here < best_bid + same_price ? 1.0 : ask_chance_[at];
        }
    }
}

}  // namespace ytterby

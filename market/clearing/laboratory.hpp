#pragma once

#include <cstdint>
#include <vector>

#include "core/config/keys.hpp"
#include "core/random.hpp"

namespace ytterby {

/// The kind of traders in the laboratory.
enum class LaboratoryTraders {
    zi_c,  // zero intelligence, constrained: any price that makes no loss (Gode and Sunder 1993)
    zi_u,  // zero intelligence, unconstrained: any price at all
    zip,   // zero intelligence plus: profit margins that learn from every shout (Cliff and Bruten 1997)
    gd,    // the largest expected surplus, by beliefs from the last trades and shouts (Gjerstad and Dickhaut 1998)
};

/// A market with induced values (Smith 1962): each value is what the experimenter pays a buyer for a unit, each cost is
/// what a seller pays for one. There are as few traders as are needed to hold `units_per_trader` units each; units are
/// dealt out in turn, best first, and traded in that order. Prices in any currency, quantities in units.
struct Laboratory {
    LaboratoryTraders traders = LaboratoryTraders::zi_c;
    std::vector<double> values;
    std::vector<double> costs;
    std::uint32_t units_per_trader = 1;
    std::uint32_t sessions = 100;  // each with its own draws and new traders
    std::uint32_t periods = 1;     // of a session; values and costs are renewed, traders keep what they learnt
    std::uint32_t shouts = 3000;   // of a period: one trader, one unit, one price each
    double lowest_price = 1.0;
    double highest_price = 200.0;
    double price_step = 1.0;
};

/// The keys of a [laboratory] table.
void read(KeyReader& keys, Laboratory& laboratory);

/// Competitive equilibrium of values and costs: the largest surplus, the smallest number of units that earns it, and
/// the range of prices at which exactly these units trade.
struct LaboratoryEquilibrium {
    double surplus = 0.0;
    std::uint32_t quantity = 0;
    double lowest_price = 0.0;
    double highest_price = 0.0;
    double price() const { return 0.5 * (lowest_price + highest_price); }
};
LaboratoryEquilibrium equilibrium_of(const Laboratory& laboratory);

/// The outcome of one period.
struct LaboratoryPeriod {
    std::vector<double> contracts;  // prices in the order of trade
    double efficiency = 0.0;        // surplus earned over the largest possible
    double mean_price = 0.0;        // of contracts; 0 without contracts
    double alpha = 0.0;  // Smith's: 100 x root mean square deviation of contracts from the equilibrium price, over it
};

/// A mean over sessions with half the width of its 95 % confidence interval (1.96 standard errors).
struct SessionMean {
    double mean = 0.0;
    double half_width = 0.0;
    std::uint32_t sessions = 0;  // with the number: without contracts there is no price
};
struct LaboratorySummary {
    SessionMean efficiency, mean_price, alpha, quantity;
};

struct LaboratoryReport {
    LaboratoryEquilibrium equilibrium;
    std::vector<LaboratoryPeriod> outcomes;  // sessions x periods, session by session
    std::vector<LaboratorySummary> periods;
};

/// Runs all sessions: a continuous double auction in one hub. At each shout a trader with units left is drawn; it
/// replaces its standing quote with a new one, which trades with the best standing quote that it crosses at that
/// quote's price. A trade empties the book. Traders with beliefs are drawn with probabilities proportional to the
/// surplus that they expect, and wait if they expect none. A quote that does not improve on the best of its side is
/// void, except with zip traders, who learn from it. Draws are addressed by session, period and shout, so a session
/// does not depend on the others. Cost O(shouts) for zero intelligence, O(shouts x traders) for zip, times the prices
/// of the grid for gd.
LaboratoryReport run_laboratory(const Laboratory& laboratory, const Random& random);

}  // namespace ytterby

#pragma once

#include <cstdint>
#include <vector>

#include "core/column.hpp"
#include "core/ids.hpp"

namespace ytterby {

/// [deals]: how stakes in plants come on offer and what investors of a country pay for them (docs/deals.md). Declared
/// with default, bounds, unit and source in simulation/scenario/deal_keys.cpp.
struct DealRules {
    bool enabled = false;
    double offers_per_year = 0.12;  // of plants of a sector
    double idle_multiple = 4.0;     // idle plants are on offer so much more often
    double majority_share = 0.4;    // of offers: control
    double plant_share = 0.15;      // median part of a sector that a target is
    double plant_spread = 0.6;
    double least_usd = 5e6;                  // smaller deals are not followed
    double attention = 0.5;                  // chance that investors with an interest look at an offer
    double least_interest_share = 0.005;     // of the world's use of the good
    double security_premium = 0.3;           // of the value to a country that imports all its use
    double host_risk_share = 0.5;            // of the host's extra hurdle that foreigners count
    double state_hurdle_discount = 0.03;     // a year, for investors that a state backs
    double value_spread = 0.25;              // standard deviation of the logarithm of bids
    double funds_share = 0.03;               // of the yearly value of the metals a country uses
    double funds_years = 3.0;                // funds are saved up for so long
    double book_share = 0.5;                 // of capex: plants are half through their life
    double idle_ask_share = 0.4;             // what sellers of idle plants ask of it
    double offtake_per_stake = 1.0;          // share of the target's output that a stake brings
    double most_prefer_share = 0.3;          // of the price that an owner gives up to get its offtake
    double closing_months = 4.0;             // from offer to closing without a review
    double elsewhere_share = 0.6;            // of blocked investors that try another country
    double divestiture_discount = 0.2;       // on the price paid
    std::vector<double> extra_funds_usd;     // per country and year: sovereign funds
    std::vector<std::uint8_t> state_backed;  // per country, 0 or 1
    std::vector<std::uint8_t> closed_hosts;  // per country: sell no plants to foreigners
};

/// What makes plants come on offer.
enum class TargetKind : std::uint8_t { idle, undervalued, project };

/// Stage of a deal.
enum class DealStage : std::uint8_t {
    offered,  // without a review; waits for its closing
    declaration,
    review,
    investigation,
    decision,  // pending at the host's board
    cleared,
    mitigated,  // waits for its closing
    withdrawn,  // and about to be filed again
    closed,
    blocked,
    reopened,  // a closed deal under review
    ordered,
    divested
};

/// A stake that investors of one country want, or have got, in plants of another country's sector.
struct Deal {
    CountryId acquirer;
    CountryId runner_up;     // next in the bidding; none without competition
    std::uint32_t cell = 0;  // target
    TargetKind kind = TargetKind::undervalued;
    double plants_share = 0.0;  // part of the sector that the target is
    double stake = 0.0;         // of the target
    double price_usd = 0.0;
    double offtake_share = 0.0;  // of the target's output
    DealStage stage = DealStage::offered;
    std::int64_t proposed_tick = 0;
    std::int64_t filed_tick = -1;  // start of the present review
    std::int64_t closed_tick = -1;
    std::uint32_t refiled = 0;
    std::uint32_t after = 0;  // 1 + number of the blocked deal that it replaces; 0 for none
    // Risk as the board last saw it: the product of three parts.
    double threat = 0.0, vulnerability = 0.0, consequence = 0.0;

    double risk() const { return threat * vulnerability * consequence; }
    bool controls() const { return stake > 0.5; }
    /// Not closed, but its price is set aside and its stake is reserved.
    bool pending() const { return stage < DealStage::closed; }
};

/// A step that a deal took in the last tick, with the deal as it was then.
struct DealStep {
    std::uint32_t number = 0;
    Deal deal;
};

/// Investors of a country that were blocked and look for the same process elsewhere.
struct Seeker {
    CountryId acquirer;
    std::uint32_t deal = 0;  // the blocked one
};

/// All deals of a run. A number is a deal's place.
struct DealState {
    std::vector<Deal> deals;
    std::vector<Seeker> seekers;
    std::vector<DealStep> steps;  // of the last tick
    Column<double> funds_usd;     // per country: what its investors may still spend
};

/// What investors of a country hold in a sector abroad: part of its profits, and the part of its output that came with
/// stakes bought in the run (what owners of the base date draw is in the base flows).
struct Holding {
    std::uint32_t cell = 0;
    CountryId owner;
    double share = 0.0;
    double offtake_share = 0.0;
};

}  // namespace ytterby

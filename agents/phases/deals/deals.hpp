#pragma once

#include <cstddef>

#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"
#include "core/random.hpp"
#include "rules/review_rules.hpp"

namespace ytterby {

/// One tick of deals, in the order of ids: funds come in, plants come on offer and are bid for, boards review, deals
/// close. Does nothing where the scenario asks for no deals. Money moves between the outside accounts of two countries.
void deal(const Economy& economy, World& world, const ReviewRules& reviews, const Random& random);

/// Plants of a sector as buyers and sellers see them.
struct Target {
    TargetKind kind = TargetKind::undervalued;
    double plants_share = 0.0;  // of the sector
    double book_usd = 0.0;      // the whole target at the capex that is left in it
    double seller_usd = 0.0;    // the least that its owners ask for the whole
};

/// What a target is worth to investors of a country, USD for the whole: what its margins yield at their own hurdle, and
/// a premium on it for security of supply.
double value_to(const Economy& economy, const World& world, CountryId acquirer, std::size_t cell, const Target& target);

/// Adds what investors may spend, and offers plants: the highest bid makes a deal, at the second highest or what the
/// seller asks.
void offer_plants(const Economy& economy, World& world, const ReviewRules& reviews, const Random& random);

/// What blocked investors find elsewhere.
void try_elsewhere(const Economy& economy, World& world, const ReviewRules& reviews, const Random& random);

/// Moves every deal on by a tick: reviews, verdicts, closings, divestitures.
void move_deals(const Economy& economy, World& world, const ReviewRules& reviews, const Random& random);

/// Whether a review covers a deal.
bool covers(const ReviewTerms& terms, const Deal& deal);

/// Risk of a deal as a board sees it: threat x vulnerability x consequence. Vulnerability is the target's share of the
/// host's supply over what counts in full, times the influence of the stake: half of the shares is all of it.
void weigh(const Economy& economy, const World& world, const ReviewTerms& terms, Deal& deal);

/// Part of a host's supply of the good that all plants of a cell make: its output over own production and imports; of
/// the output with the largest part.
double supply_share(const Economy& economy, const World& world, std::size_t cell);

}  // namespace ytterby

#include "rules/review_rules.hpp"

#include <algorithm>

namespace ytterby {

ReviewTerms strictest(const ReviewTerms& a, const ReviewTerms& b) {
    return {.threat = std::max(a.threat, b.threat),
            .consequence = std::max(a.consequence, b.consequence),
            .full_vulnerability_share = std::min(a.full_vulnerability_share, b.full_vulnerability_share),
            .least_stake = std::min(a.least_stake, b.least_stake),
            .least_usd = std::min(a.least_usd, b.least_usd),
            .clear_below = std::min(a.clear_below, b.clear_below),
            .block_above = std::min(a.block_above, b.block_above),
            .offtake_kept_share = std::min(a.offtake_kept_share, b.offtake_kept_share),
            .most_stake = std::min(a.most_stake, b.most_stake),
            .refile_probability = std::min(a.refile_probability, b.refile_probability),
            .declared_ticks = std::max(a.declared_ticks, b.declared_ticks),
            .reviewed_ticks = std::max(a.reviewed_ticks, b.reviewed_ticks),
            .investigated_ticks = std::max(a.investigated_ticks, b.investigated_ticks),
            .decided_ticks = std::max(a.decided_ticks, b.decided_ticks),
            .reopened_since = std::min(a.reopened_since, b.reopened_since),
            .divested_ticks = std::min(a.divested_ticks, b.divested_ticks)};
}

}  // namespace ytterby

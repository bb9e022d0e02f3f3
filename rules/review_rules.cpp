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

bool ReviewRules::screen(const std::string& policy, CountryId acquirer, CountryId target, ScreenKind kind,
                         ProcessId process, const ReviewTerms& terms) {
    std::vector<RecordedScreen>& list = reviews_[{acquirer, target, kind}];
    const bool repeats =
        !list.empty() && list.back().policy == policy && list.back().terms.block_above == terms.block_above;
    list.push_back({process, terms, policy});
    return !repeats;
}

void ReviewRules::except_investor(CountryId acquirer, CountryId target, ScreenKind kind) {
    excepted_.insert({acquirer, target, kind});
}

std::optional<Review> ReviewRules::review(CountryId acquirer, CountryId target, ProcessId process) const {
    std::optional<Review> met;
    for (const ScreenKind kind : {ScreenKind::investment, ScreenKind::emergency}) {
        const auto found = reviews_.find({acquirer, target, kind});
        if (found == reviews_.end() || excepted_.contains({acquirer, target, kind})) {
            continue;
        }
        for (const RecordedScreen& screen : found->second) {
            if (screen.process != process) {
                continue;
            }
            if (!met) {
                met = Review{screen.terms, {screen.policy}};
                continue;
            }
            met->terms = strictest(met->terms, screen.terms);
            const auto at = std::lower_bound(met->policies.begin(), met->policies.end(), screen.policy);
            if (at == met->policies.end() || *at != screen.policy) {
                met->policies.insert(at, screen.policy);
            }
        }
    }
    return met;
}

}  // namespace ytterby

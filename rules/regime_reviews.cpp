#include <algorithm>
#include <tuple>

#include "rules/regime.hpp"

namespace ytterby {
namespace {

/// A country's name in the log; its number where names were not given.
std::string named(const std::vector<std::string>& names, CountryId country) {
    return country.index() < names.size() ? names[country.index()] : std::to_string(country.index());
}

}  // namespace

void Regime::log_pair(const char* verb, CountryId acquirer, CountryId target, double size, const char* unit) {
    recorded_.push_back(
        {policy_, verb, named(country_names_, acquirer) + "=>" + named(country_names_, target), size, unit});
}

void Regime::screen(CountryId acquirer, CountryId target, ProcessId process, const ReviewTerms& terms,
                    ScreenKind kind) {
    std::vector<RecordedScreen>& said = reviews_[{acquirer, target, kind}];
    const bool repeats =
        !said.empty() && said.back().policy == policy_ && said.back().terms.block_above == terms.block_above;
    said.push_back({process, terms, policy_});
    if (!repeats) {
        log_pair("screen", acquirer, target, terms.block_above, "risk");
    }
}

void Regime::except_investor(CountryId acquirer, CountryId target, ScreenKind kind) {
    excepted_.insert({acquirer, target, kind});
    log_pair("except_investor", acquirer, target, 1.0, "");
}

std::optional<Review> Regime::review(CountryId acquirer, CountryId target, ProcessId process) const {
    std::optional<Review> met;
    for (const ScreenKind kind : {ScreenKind::investment, ScreenKind::emergency}) {
        const auto found = reviews_.find({acquirer, target, kind});
        if (found == reviews_.end() || excepted_.contains({acquirer, target, kind})) {
            continue;
        }
        for (const RecordedScreen& said : found->second) {
            if (said.process != process) {
                continue;
            }
            if (!met) {
                met = Review{said.terms, {said.policy}};
                continue;
            }
            met->terms = strictest(met->terms, said.terms);
            const auto at = std::lower_bound(met->policies.begin(), met->policies.end(), said.policy);
            if (at == met->policies.end() || *at != said.policy) {
                met->policies.insert(at, said.policy);
            }
        }
    }
    return met;
}

}  // namespace ytterby

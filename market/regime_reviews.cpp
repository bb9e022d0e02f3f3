#include <algorithm>
#include <iterator>
#include <tuple>

#include "market/regime.hpp"

namespace ytterby {
namespace {

/// A country's name in the log; its number where names were not given.
std::string named(const std::vector<std::string>& names, CountryId country) {
    return country.index() < names.size() ? names[country.index()] : std::to_string(country.index());
}

}  // namespace

void Regime::log_pair(const char* verb, CountryId acquirer, CountryId target, double size, const char* unit) {
    std::string subject = named(country_names_, acquirer) + "=>" + named(country_names_, target);
    const bool repeats = !said_.empty() && said_.back().size == size && said_.back().subject == subject && said_.back().verb == verb && said_.back().policy == speaker_;
    if (!repeats) {
        said_.push_back({speaker_, verb, std::move(subject), size, unit});
    }
}

void Regime::screen(CountryId acquirer, CountryId target, ProcessId process, const ReviewTerms& terms, ScreenKind kind) {
    const auto [place, added] = reviews_.try_emplace({acquirer, target, process, kind});
    Review& review = place->second;
    if (added) {
        review = {terms, {speaker_}};
    } else {
        review.terms = strictest(review.terms, terms);
        const auto at = std::lower_bound(review.policies.begin(), review.policies.end(), speaker_);
        if (at == review.policies.end() || *at != speaker_) {
            review.policies.insert(at, speaker_);
        }
    }
    log_pair("screen", acquirer, target, terms.block_above, "risk");
}

void Regime::except_investor(CountryId acquirer, CountryId target, ScreenKind kind) {
    excepted_.insert({acquirer, target, kind});
    log_pair("except_investor", acquirer, target, 1.0, "");
}

std::optional<Review> Regime::review(CountryId acquirer, CountryId target, ProcessId process) const {
    std::optional<Review> met;
    for (const ScreenKind kind : {ScreenKind::investment, ScreenKind::emergency}) {
        const auto found = reviews_.find({acquirer, target, process, kind});
        if (found == reviews_.end() || excepted_.contains({acquirer, target, kind})) {
            continue;
        }
        if (!met) {
            met = found->second;
            continue;
        }
        met->terms = strictest(met->terms, found->second.terms);
        std::vector<std::string> both;
        std::set_union(met->policies.begin(), met->policies.end(), found->second.policies.begin(), found->second.policies.end(), std::back_inserter(both));
        met->policies = std::move(both);
    }
    return met;
}

}  // namespace ytterby

#include "policies/subsidy/subsidy_form.hpp"

#include <algorithm>
#include <utility>

namespace ytterby {

void PlantRecipients::read(KeyReader& keys, std::vector<std::string> usual) {
    std::vector<std::string> processes;
    keys.text_list("processes", processes,
                   {.fallback = std::vector<std::string>{},
                    .doc = "plants that may get it: mining, recovery, refining, recycling, or names of processes; "
                           "without it, all that make the goods (recycling_grant: recycling)"});
    plants_.set(
        {keys.path_of("processes"), keys.location("processes"), processes.empty() ? std::move(usual) : processes});
    keys.number("believed_share", believed_share_,
                {.fallback = 1.0,
                 .low = 0.0,
                 .high = 1.0,
                 .unit = "share",
                 .doc = "share of the promise that firms count on: laws may be repealed",
                 .source = "assumed, 0.5-1: 45X was cut short in 2025, three years after it was enacted"});
}

std::optional<PlantSelector> PlantRecipients::plants_of(const Promise& now) const {
    PlantSelector plants{now.beneficiaries, plants_.processes_of(now.view.economy), now.goods};
    return plants.processes.empty() ? std::nullopt : std::optional(std::move(plants));
}

SupportTerms PlantRecipients::terms_of(const Promise& now) const {
    return {.payer = now.payer,
            .believed_share = std::clamp(believed_share_ * now.book.believed(), 0.0, 1.0),
            .lasting_months = now.lasting_months,
            .cost = 0.0};
}

void CapitalGrant::read(KeyReader& keys) {
    keys.number(
        "capex_share", share_,
        {.fallback = 0.0,
         .low = 0.0,
         .high = 1.0,
         .unit = "share",
         .doc = "share of capital spending on plants whose construction begins",
         .source = "up to 0.5: Japan's Economic Security Promotion Act; US Department of Energy calls of 2025 ask "
                   "for at least half from the applicant"});
    keys.keys_with({"capex_share"}, [this](KeyReader& inner) {
        inner.number("clawback_years", clawback_years_,
                     {.fallback = 5.0,
                      .low = 0.0,
                      .high = 50.0,
                      .unit = "years",
                      .doc = "grants of this many past years are reclaimed for the share of a sector's capacity that "
                             "closes or goes bankrupt",
                      .source = "Japan: plants must operate for at least 5 years"});
    });
}

void CapitalGrant::promise(const Promise& now, const PlantSelector& plants, const SupportTerms& terms,
                           Regime& regime) const {
    if (on()) {
        regime.capex_share(plants, now.rate * share_, terms);
    }
}

}  // namespace ytterby

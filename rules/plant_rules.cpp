#include "rules/plant_rules.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "core/check.hpp"
#include "core/maths.hpp"
#include "rules/detail/covers.hpp"
#include "rules/detail/fixed_point.hpp"

namespace ytterby {

using fixed_point::from_units;
using fixed_point::share_scale;
using fixed_point::to_units;
using fixed_point::usd_per_t_scale;

namespace {

bool counts_in_usd(PlantVerb verb) {
    return verb == PlantVerb::support || verb == PlantVerb::price_floor || verb == PlantVerb::scrap_support;
}

/// All members of a verb: equal keys are equal verbs.
auto key_of(const RecordedSupport& verb) {
    return std::tie(verb.policy, verb.verb, verb.units, verb.plants.countries, verb.plants.processes, verb.plants.goods,
                    verb.terms.payer, verb.terms.believed_share, verb.terms.lasting_months, verb.terms.cost);
}

double scale_of(PlantVerb verb) { return counts_in_usd(verb) ? usd_per_t_scale : share_scale; }

}  // namespace

bool PlantSelector::covers(CountryId country, ProcessId process) const {
    return covers_id(countries, country) && covers_id(processes, process);
}
bool PlantSelector::covers(GoodId output) const { return covers_id(goods, output); }

const char* name_of(PlantVerb verb) {
    switch (verb) {
        case PlantVerb::support:
            return "support";
        case PlantVerb::support_share:
            return "support_share";
        case PlantVerb::price_floor:
            return "price_floor";
        case PlantVerb::capex_share:
            return "capex_share";
        case PlantVerb::hurdle:
            return "hurdle";
        case PlantVerb::lead_time:
            return "lead_time";
        case PlantVerb::scrap_support:
            return "scrap_support";
    }
    return "";
}

std::int64_t units_of(PlantVerb verb, double size) {
    return to_units(verb == PlantVerb::lead_time ? log(size) : size, scale_of(verb));
}

double size_of(PlantVerb verb, std::int64_t units) {
    const double size = from_units(units, scale_of(verb));
    return verb == PlantVerb::lead_time ? exp(size) : size;
}

double RecordedSupport::size() const { return size_of(verb, units); }

double BuyerCredit::usd_per_t() const { return from_units(units, usd_per_t_scale); }
bool BuyerCredit::covers(GoodId good) const { return covers_id(goods, good); }
bool BuyerCredit::covers_origin(CountryId origin) const { return covers_id(origins, origin); }
double BuyerCredit::friction_usd_per_t(CountryId origin) const {
    return from_units(friction_units(origin), usd_per_t_scale);
}

void PlantRules::add(const std::string& policy, PlantVerb verb, const PlantSelector& plants, double size,
                     const SupportTerms& terms) {
    ensure(verb != PlantVerb::lead_time || size > 0.0, "a lead time factor is positive");
    ensure(terms.believed_share >= 0.0 && terms.believed_share <= 1.0 && terms.cost >= 0.0,
           "beliefs are shares, and the receiver does not pay for its support");
    recorded_.push_back({policy, verb, plants, units_of(verb, size), terms});
}

void PlantRules::fund(const std::string& policy, double usd) {
    ensure(usd >= 0.0, "a fund is not negative");
    const auto [place, is_new] = funds_.try_emplace(policy, usd);
    if (!is_new) {
        place->second = std::min(place->second, usd);
    }
}

void PlantRules::pay(RecordedPayment payment) { payments_.push_back(std::move(payment)); }

const BuyerCredit& PlantRules::credit(BuyerCredit credit, double usd_per_t, std::size_t goods) {
    credit.units = to_units(usd_per_t, usd_per_t_scale);
    for (std::size_t good = 0; good < goods && credit.at_home(); ++good) {
        if (credit.covers(id_at<GoodId>(good))) {
            home_credit_units_[{id_at<GoodId>(good), credit.buyers}] += credit.units;
        }
    }
    credits_.push_back(std::move(credit));
    return credits_.back();
}

double PlantRules::home_credit_usd_per_t(GoodId good, CountryId country) const {
    const auto found = home_credit_units_.find({good, country});
    return found == home_credit_units_.end() ? 0.0 : from_units(found->second, usd_per_t_scale);
}

double PlantRules::funds(const std::string& policy) const {
    const auto found = funds_.find(policy);
    return found == funds_.end() ? std::numeric_limits<double>::infinity() : found->second;
}

void PlantRules::settle_order() {
    std::stable_sort(recorded_.begin(), recorded_.end(),
                     [](const RecordedSupport& a, const RecordedSupport& b) { return key_of(a) < key_of(b); });
    std::stable_sort(payments_.begin(), payments_.end(), [](const RecordedPayment& a, const RecordedPayment& b) {
        return std::tie(a.policy, a.payer, a.country, a.process, a.payee, a.usd) <
               std::tie(b.policy, b.payer, b.country, b.process, b.payee, b.usd);
    });
    std::stable_sort(credits_.begin(), credits_.end(), [](const BuyerCredit& a, const BuyerCredit& b) {
        return std::tie(a.policy, a.payer, a.buyers, a.goods, a.origins, a.units) <
               std::tie(b.policy, b.payer, b.buyers, b.goods, b.origins, b.units);
    });
}

}  // namespace ytterby

#include "rules/lane_rules.hpp"

#include <tuple>

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

/// Calls with every number below `count`, or with those of a list of ids that is not empty.
template <class IdType, class Call>
void for_each_id(const std::vector<IdType>& ids, std::size_t count, Call&& call) {
    for (std::size_t number = 0; ids.empty() && number < count; ++number) {
        call(number);
    }
    for (const IdType id : ids) {
        call(id.index());
    }
}

LaneTerms& terms_of(const Author& author, LaneRule& rule) {
    return author.kind == BanKind::export_control ? rule.control : rule.plain;
}

}  // namespace

bool Selector::covers(CountryId origin, CountryId destination, GoodId good) const {
    return origin != destination && covers_id(origins, origin) && covers_id(destinations, destination) &&
           covers_id(goods, good);
}

RentHolder LaneRule::rent_holder() const {
    if (!control_holds() || plain.cap_t < control.cap_t) {
        return plain.rent_holder;
    }
    return control.cap_t < plain.cap_t ? control.rent_holder : std::max(plain.rent_holder, control.rent_holder);
}
double LaneRule::export_duty() const {
    return from_units(plain.export_duty_units + (control_holds() ? control.export_duty_units : 0), share_scale);
}
double LaneRule::tariff() const { return tariff_waived ? 0.0 : from_units(tariff_units, share_scale); }
double LaneRule::specific_tariff_usd_per_t() const {
    return tariff_waived ? 0.0 : from_units(specific_tariff_units, usd_per_t_scale);
}
double LaneRule::friction_usd_per_t() const {
    return from_units(plain.friction_units + (control_holds() ? control.friction_units : 0), usd_per_t_scale);
}
double LaneRule::reserve_rent_usd_per_t() const {
    return from_units(plain.reserve_rent_units + (control_holds() ? control.reserve_rent_units : 0), usd_per_t_scale);
}
double LaneRule::freight_factor() const {
    return freight_log_units == 0 ? 1.0 : exp(from_units(freight_log_units, share_scale));
}
double LaneRule::prefer_usd_per_t() const { return from_units(prefer_units, usd_per_t_scale); }
double LaneRule::leak_risk_share() const { return from_units(leak_risk_units, share_scale); }

LaneRules::LaneRules(std::size_t countries, std::size_t goods)
    : countries_(countries), goods_(goods), row_of_(countries * goods, 0), rule_of_(countries, 0), rules_(1) {}

LaneRule& LaneRules::rule_to_change(std::size_t good, std::size_t origin, std::size_t destination) {
    std::uint32_t& row = row_of_[good * countries_ + origin];
    if (row == 0) {
        row = static_cast<std::uint32_t>(rule_of_.size() / countries_);
        rule_of_.resize(rule_of_.size() + countries_, 0);
    }
    std::uint32_t& rule = rule_of_[row * countries_ + destination];
    if (rule == 0) {
        rule = static_cast<std::uint32_t>(rules_.size());
        rules_.emplace_back();
    }
    return rules_[rule];
}

template <class Change>
void LaneRules::each(const Selector& lanes, Change&& change) {
    for_each_id(lanes.goods, goods_, [&](std::size_t good) {
        for_each_id(lanes.origins, countries_, [&](std::size_t origin) {
            for_each_id(lanes.destinations, countries_, [&](std::size_t destination) {
                if (destination != origin) {
                    change(rule_to_change(good, origin, destination));
                }
            });
        });
    });
}

void LaneRules::ban(const Selector& lanes, BanKind kind) {
    each(lanes, [kind](LaneRule& rule) { rule.bans |= static_cast<std::uint8_t>(kind); });
}

void LaneRules::waive(const Selector& lanes, BanKind kind) {
    each(lanes, [kind](LaneRule& rule) { rule.waivers |= static_cast<std::uint8_t>(kind); });
    waived_ = true;
}

void LaneRules::cap(const Author& author, const Selector& lanes, double tonnes, RentHolder holder) {
    ensure(tonnes >= 0.0, "a cap is not negative");
    each(lanes, [&](LaneRule& rule) {
        LaneTerms& terms = terms_of(author, rule);
        if (tonnes < terms.cap_t) {
            terms.cap_t = tonnes;
            terms.rent_holder = holder;
        } else if (tonnes == terms.cap_t) {
            terms.rent_holder = std::max(terms.rent_holder, holder);
        }
    });
    caps_.push_back({author.policy, lanes, tonnes, holder, author.kind});
}

double LaneRules::shared_cap(const Author& author, const Selector& lanes, double tonnes, RentHolder holder,
                             double reserve_rent_usd_per_t) {
    ensure(tonnes >= 0.0 && reserve_rent_usd_per_t >= 0.0, "neither a shared cap nor its reserve rent is negative");
    const std::int64_t units = to_units(reserve_rent_usd_per_t, usd_per_t_scale);
    shared_.push_back({author.policy, lanes, tonnes, holder, from_units(units, usd_per_t_scale), author.kind});
    if (units > 0) {
        each(lanes, [&](LaneRule& rule) { terms_of(author, rule).reserve_rent_units += units; });
    }
    return shared_.back().reserve_rent_usd_per_t;
}

void LaneRules::export_duty(const Author& author, const Selector& lanes, double share) {
    const std::int64_t units = to_units(share, share_scale);
    each(lanes, [&](LaneRule& rule) { terms_of(author, rule).export_duty_units += units; });
}

void LaneRules::tariff(const Selector& lanes, double share) {
    each(lanes, [units = to_units(share, share_scale)](LaneRule& rule) { rule.tariff_units += units; });
}

void LaneRules::specific_tariff(const Selector& lanes, double usd_per_t) {
    each(lanes,
         [units = to_units(usd_per_t, usd_per_t_scale)](LaneRule& rule) { rule.specific_tariff_units += units; });
}

void LaneRules::waive_tariff(const Selector& lanes) {
    each(lanes, [](LaneRule& rule) { rule.tariff_waived = true; });
}

void LaneRules::freight(const Selector& lanes, double factor) {
    ensure(factor > 0.0, "a freight factor is positive");
    each(lanes, [units = to_units(log(factor), share_scale)](LaneRule& rule) { rule.freight_log_units += units; });
}

void LaneRules::friction(const Author& author, const Selector& lanes, double usd_per_t) {
    const std::int64_t units = to_units(usd_per_t, usd_per_t_scale);
    each(lanes, [&](LaneRule& rule) { terms_of(author, rule).friction_units += units; });
}

void LaneRules::add_friction_units(GoodId good, CountryId origin, CountryId destination, std::int64_t units) {
    rule_to_change(good.index(), origin.index(), destination.index()).plain.friction_units += units;
}

void LaneRules::prefer(const Selector& lanes, double usd_per_t) {
    each(lanes, [units = to_units(usd_per_t, usd_per_t_scale)](LaneRule& rule) { rule.prefer_units += units; });
}

void LaneRules::leak(const Selector& lanes, double most_t, double risk_share) {
    ensure(most_t >= 0.0 && risk_share >= 0.0, "neither a leak nor its risk is negative");
    each(lanes, [=, units = to_units(risk_share, share_scale)](LaneRule& rule) {
        rule.leak_t = std::min(rule.leak_t, most_t);
        rule.leak_risk_units = std::max(rule.leak_risk_units, units);
        rule.has_leak = true;
    });
}

void LaneRules::believe(const Author& author, const Selector& lanes, double open_share, double expected_months) {
    each(lanes, [&](LaneRule& rule) {
        LaneTerms& terms = terms_of(author, rule);
        terms.believed_open_share = std::min(terms.believed_open_share, open_share);
        terms.believed_months = std::max(terms.believed_months, expected_months);
    });
}

void LaneRules::limit_origin(const Author& author, const Selector& lanes, CountryId made_in, double enforcement) {
    origins_.push_back({author.policy, lanes, made_in, enforcement});
}

void LaneRules::settle_order() {
    std::stable_sort(shared_.begin(), shared_.end(), [](const SharedLimit& a, const SharedLimit& b) {
        return std::tie(a.policy, a.cap_t, a.reserve_rent_usd_per_t) <
               std::tie(b.policy, b.cap_t, b.reserve_rent_usd_per_t);
    });
    std::stable_sort(origins_.begin(), origins_.end(), [](const OriginLimit& a, const OriginLimit& b) {
        return std::tie(a.policy, a.made_in, a.enforcement) < std::tie(b.policy, b.made_in, b.enforcement);
    });
}

const RecordedCap* LaneRules::cap_source(GoodId good, CountryId origin, CountryId destination) const {
    const RecordedCap* source = nullptr;
    for (const RecordedCap& cap : caps_) {
        const bool tighter = source == nullptr || cap.cap_t < source->cap_t ||
                             (cap.cap_t == source->cap_t && cap.policy < source->policy);
        if (tighter && cap.lanes.covers(origin, destination, good) &&
            !rule(good, origin, destination).lifts(cap.kind)) {
            source = &cap;
        }
    }
    return source;
}

double left_of(double cap_t, double used_t) {
    if (cap_t == std::numeric_limits<double>::infinity()) {
        return cap_t;
    }
    const double left = cap_t - used_t;
    return left > 1e-9 * cap_t ? left : 0.0;
}

}  // namespace ytterby

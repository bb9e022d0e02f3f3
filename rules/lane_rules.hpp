#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "core/ids.hpp"

namespace ytterby {

/// What kind of ban closes a lane; a waiver lifts only bans of the kind it names.
enum class BanKind : std::uint8_t { none = 0, export_control = 1, sanction = 2, import_ban = 4 };

/// Subject of a verb: lanes by origin, destination and good; an empty list means any. Domestic
/// trade (origin equal to destination) is never a subject.
struct Selector {
    std::vector<CountryId> origins;
    std::vector<CountryId> destinations;
    std::vector<GoodId> goods;

    bool covers(CountryId origin, CountryId destination, GoodId good) const;
};

/// Whose rule it is: the policy's name, and the kind of measure for waivers.
struct Author {
    std::string policy;
    BanKind kind = BanKind::none;
};

/// Where the rent of a binding cap goes.
enum class RentHolder : std::uint8_t { seller = 0, treasury = 1 };

/// The terms of measures on a lane beside bans; a waiver lifts the terms of its kind as a whole.
struct LaneTerms {
    std::int64_t export_duty_units = 0;   // 2^-40 of ad valorem
    std::int64_t friction_units = 0;      // 2^-20 USD/t
    std::int64_t reserve_rent_units = 0;  // 2^-20 USD/t that holders of quota rights ask on the lane
    double cap_t = std::numeric_limits<double>::infinity();
    RentHolder rent_holder = RentHolder::seller;
    double believed_open_share = 1.0;  // of desired flow that traders expect to pass; the least of all measures
    double believed_months = 0.0;      // how much longer they expect that to last; the longest of all measures

    friend bool operator==(const LaneTerms&, const LaneTerms&) = default;
};

/// All rules of this tick on one lane of one good, combined.
struct LaneRule {
    std::uint8_t bans = 0;
    std::uint8_t waivers = 0;
    bool tariff_waived = false;
    LaneTerms plain;                         // terms that no waiver lifts
    LaneTerms control;                       // terms of export controls
    std::int64_t tariff_units = 0;           // 2^-40 of ad valorem
    std::int64_t specific_tariff_units = 0;  // 2^-20 USD/t
    std::int64_t freight_log_units = 0;      // 2^-40 of the natural logarithm of the freight factor
    std::int64_t prefer_units = 0;           // 2^-20 USD/t
    double leak_t =
        std::numeric_limits<double>::infinity();  // the most that passes a closed lane; least of all measures
    bool has_leak = false;
    std::int64_t leak_risk_units = 0;  // 2^-40 of the price inside; the highest of all measures

    bool closed() const { return (bans & static_cast<std::uint8_t>(~waivers)) != 0; }
    /// Whether a waiver lifts measures of this kind on the lane.
    bool lifts(BanKind kind) const { return (waivers & static_cast<std::uint8_t>(kind)) != 0; }
    double cap_t() const { return std::min(plain.cap_t, control_holds() ? control.cap_t : plain.cap_t); }
    RentHolder rent_holder() const;
    double export_duty() const;
    double tariff() const;  // 0 where tariffs are waived
    double specific_tariff_usd_per_t() const;
    double friction_usd_per_t() const;
    double reserve_rent_usd_per_t() const;
    double freight_factor() const;
    double prefer_usd_per_t() const;
    double leak_risk_share() const;
    double believed_open_share() const {
        return control_holds() ? std::min(plain.believed_open_share, control.believed_open_share)
                               : plain.believed_open_share;
    }
    double believed_months() const {
        return control_holds() ? std::max(plain.believed_months, control.believed_months) : plain.believed_months;
    }
    friend bool operator==(const LaneRule&, const LaneRule&) = default;

private:
    bool control_holds() const { return !lifts(BanKind::export_control); }
};

/// One tonnage limit over a set of lanes, also across goods (the rare-earth quota was one tonnage
/// for all of them, which is why it earned the same rent per kg on each: pattern P2).
struct SharedLimit {
    std::string policy;
    Selector lanes;
    double cap_t = 0.0;
    RentHolder rent_holder = RentHolder::seller;
    double reserve_rent_usd_per_t = 0.0;  // holders of the rights ship nothing for less
    BanKind kind = BanKind::none;         // a waiver of this kind takes a lane out of it
};

/// A cap on lanes and the policy that set it.
struct RecordedCap {
    std::string policy;
    Selector lanes;
    double cap_t = 0.0;
    RentHolder rent_holder = RentHolder::seller;
    BanKind kind = BanKind::none;
};

/// A re-export clause: lanes on which metal made in a country is held back.
struct OriginLimit {
    std::string policy;
    Selector lanes;
    CountryId made_in;
    double enforcement = 0.0;
};

/// The rules of one tick about trade: all that a market knows of the law. Verbs combine by operations that do not
/// depend on order. Memory is taken only by lanes with rules: a row of destinations for each good and origin that a
/// verb named, and a rule for each lane; all other lanes share rule 0, which is empty.
class LaneRules {
public:
    LaneRules() = default;
    LaneRules(std::size_t countries, std::size_t goods);

    void ban(const Selector& lanes, BanKind kind);
    void waive(const Selector& lanes, BanKind kind);
    void cap(const Author& author, const Selector& lanes, double tonnes, RentHolder holder);
    /// The reserve rent as it was rounded to units, USD/t.
    double shared_cap(const Author& author, const Selector& lanes, double tonnes, RentHolder holder,
                      double reserve_rent_usd_per_t);
    void export_duty(const Author& author, const Selector& lanes, double share);
    void tariff(const Selector& lanes, double share);
    void specific_tariff(const Selector& lanes, double usd_per_t);
    void waive_tariff(const Selector& lanes);
    void freight(const Selector& lanes, double factor);
    void friction(const Author& author, const Selector& lanes, double usd_per_t);
    /// Adds to the friction of one lane, 2^-20 USD/t, in terms that no waiver lifts.
    void add_friction_units(GoodId good, CountryId origin, CountryId destination, std::int64_t units);
    void prefer(const Selector& lanes, double usd_per_t);
    void leak(const Selector& lanes, double most_t, double risk_share);
    void believe(const Author& author, const Selector& lanes, double open_share, double expected_months);
    void limit_origin(const Author& author, const Selector& lanes, CountryId made_in, double enforcement);
    /// Puts lists into an order that does not depend on the order of the policies.
    void settle_order();

    const LaneRule& rule(GoodId good, CountryId origin, CountryId destination) const {
        return rules_[rule_number(good, origin, destination)];
    }
    /// The rule of a lane, or null where it has none.
    const LaneRule* find_rule(GoodId good, CountryId origin, CountryId destination) const {
        const std::uint32_t number = rule_number(good, origin, destination);
        return number == 0 ? nullptr : &rules_[number];
    }
    /// Whether any lane of a good has a rule of its own.
    bool has_rules(GoodId good) const {
        const auto first = row_of_.begin() + static_cast<std::ptrdiff_t>(good.index() * countries_);
        return std::any_of(first, first + static_cast<std::ptrdiff_t>(countries_),
                           [](std::uint32_t row) { return row != 0; });
    }
    /// How many lanes have a rule of their own.
    std::size_t ruled_lanes() const { return rules_.size() - 1; }
    const std::vector<SharedLimit>& shared_limits() const { return shared_; }
    /// Whether a shared limit binds a lane: it names it and no waiver takes it out.
    bool binds(const SharedLimit& limit, CountryId origin, CountryId destination, GoodId good) const {
        return limit.lanes.covers(origin, destination, good) && !rule(good, origin, destination).lifts(limit.kind);
    }
    /// The cap that holds on a lane and its source, or null; of equal caps the first policy's by name.
    const RecordedCap* cap_source(GoodId good, CountryId origin, CountryId destination) const;
    const std::vector<OriginLimit>& origin_limits() const { return origins_; }
    bool has_waivers() const { return waived_; }

private:
    template <class Change>
    void each(const Selector& lanes, Change&& change);
    std::uint32_t rule_number(GoodId good, CountryId origin, CountryId destination) const {
        const std::size_t row = row_of_[good.index() * countries_ + origin.index()];
        return row == 0 ? 0 : rule_of_[row * countries_ + destination.index()];
    }
    /// The rule of a lane to be changed; made when a verb first names the lane.
    LaneRule& rule_to_change(std::size_t good, std::size_t origin, std::size_t destination);

    std::size_t countries_ = 0;
    std::size_t goods_ = 0;
    std::vector<std::uint32_t> row_of_;   // per good and origin; 0: no rule
    std::vector<std::uint32_t> rule_of_;  // per row and destination; row 0 is empty
    std::vector<LaneRule> rules_;
    std::vector<SharedLimit> shared_;
    std::vector<RecordedCap> caps_;
    std::vector<OriginLimit> origins_;
    bool waived_ = false;
};

/// What is left of a cap after some tonnes; a remainder that is rounding is none, and no cap stays none.
double left_of(double cap_t, double used_t);

}  // namespace ytterby

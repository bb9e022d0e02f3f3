#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "rules/lane_rules.hpp"

namespace ytterby {

/// A measure with a future date that traders know of.
struct Announcement {
    std::int64_t announced_tick = 0;
    std::int64_t start_tick = 0;
    double expected_months = 12.0;
    /// Belief that it comes and bites, 0 to 1.
    double belief = 1.0;
    /// Share of the usual flow that traders expect to lose.
    double affected_share = 1.0;
};

/// An announcement, the lanes it concerns and its author.
struct AnnouncedMeasure {
    std::string policy;
    Selector lanes;
    Announcement announcement;
    BanKind kind = BanKind::none;
};

/// What traders know from states: measures to come, and information that lowers the risk they perceive.
class Announcements {
public:
    Announcements() = default;
    Announcements(std::size_t countries, std::size_t goods) : countries_(countries), goods_(goods) {}

    void announce(const Author& author, const Selector& lanes, const Announcement& announcement);
    /// Share by which buyers in a country perceive less risk of the goods; no goods means all; shares add up.
    void inform(CountryId country, const std::vector<GoodId>& goods, double share);
    /// Puts lists into an order that does not depend on the order of the policies.
    void settle_order();

    const std::vector<AnnouncedMeasure>& measures() const { return measures_; }
    /// Share by which perceived risk at a node is less, 0 to 1.
    double informed_share(GoodId good, CountryId country) const;
    bool has_information() const { return !inform_units_.empty(); }

private:
    std::size_t countries_ = 0;
    std::size_t goods_ = 0;
    std::vector<AnnouncedMeasure> measures_;
    std::vector<std::int64_t> inform_units_;  // 2^-40 of a share, per good and country; empty where there is none
};

/// Whether an announced measure will bite on a lane, as waivers are today.
bool threatens(const AnnouncedMeasure& measure, const LaneRules& rules, CountryId origin, CountryId destination,
               GoodId good);

}  // namespace ytterby

#pragma once

#include <compare>
#include <cstdint>
#include <optional>
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

/// What traders expect a measure to let pass, as a share of the usual flow, from each of its dates on; before the first
/// the lanes are as open as usual.
struct Expectation {
    struct Step {
        std::int64_t from_tick = 0;
        double open_share = 0.0;

        friend auto operator<=>(const Step&, const Step&) = default;
    };
    std::vector<Step> steps;               // by date
    std::optional<std::int64_t> end_tick;  // first tick without it again; none: it is expected to last
    double belief = 1.0;                   // that it comes and bites, 0 to 1

    /// The open share in a tick.
    double open_share(std::int64_t tick) const;
    friend auto operator<=>(const Expectation&, const Expectation&) = default;
};

/// A lane that a measure is expected to restrict, and its usual flow, t per tick.
struct ExpectedLane {
    GoodId good;
    CountryId origin;
    CountryId destination;
    double usual_t = 0.0;

    friend auto operator<=>(const ExpectedLane&, const ExpectedLane&) = default;
};

/// An expectation of a policy about lanes.
struct ExpectedMeasure {
    std::string policy;
    BanKind kind = BanKind::none;
    Expectation expectation;
    std::vector<ExpectedLane> lanes;
};

/// What traders know from states: measures to come, and information that lowers the risk they perceive.
class Announcements {
public:
    Announcements() = default;
    Announcements(std::size_t countries, std::size_t goods) : countries_(countries), goods_(goods) {}

    void announce(const Author& author, const Selector& lanes, const Announcement& announcement);
    void expect(const Author& author, Expectation expectation, std::vector<ExpectedLane> lanes);
    /// Share by which buyers in a country perceive less risk of the goods; no goods means all; shares add up.
    void inform(CountryId country, const std::vector<GoodId>& goods, double share);
    /// Puts lists into an order that does not depend on the order of the policies.
    void settle_order();

    const std::vector<AnnouncedMeasure>& measures() const { return measures_; }
    const std::vector<ExpectedMeasure>& expected() const { return expected_; }
    /// Share by which perceived risk at a node is less, 0 to 1.
    double informed_share(GoodId good, CountryId country) const;
    bool has_information() const { return !inform_units_.empty(); }

private:
    std::size_t countries_ = 0;
    std::size_t goods_ = 0;
    std::vector<AnnouncedMeasure> measures_;
    std::vector<ExpectedMeasure> expected_;
    std::vector<std::int64_t> inform_units_;  // 2^-40 of a share, per good and country; empty where there is none
};

/// Whether an announced measure will bite on a lane, as waivers are today.
bool threatens(const AnnouncedMeasure& measure, const LaneRules& rules, CountryId origin, CountryId destination,
               GoodId good);

}  // namespace ytterby

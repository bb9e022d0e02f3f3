#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "core/ids.hpp"
#include "market/screening.hpp"

namespace ytterby {

/// What kind of ban closes a lane; a waiver lifts only bans of the kind it names.
enum class BanKind : std::uint8_t { export_control = 1, sanction = 2, import_ban = 4 };

/// Subject of a verb: lanes by origin, destination and good; an empty list means any. Domestic
/// trade (origin equal to destination) is never a subject.
struct Selector {
    std::vector<CountryId> origins;
    std::vector<CountryId> destinations;
    std::vector<GoodId> goods;

    bool covers(CountryId origin, CountryId destination, GoodId good) const;
};

/// Where the rent of a binding cap goes.
enum class RentHolder : std::uint8_t { seller = 0, treasury = 1 };

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

/// What the rules of this tick say about one lane of one good after all verbs are combined.
struct LaneRule {
    std::uint8_t bans = 0;
    std::uint8_t waivers = 0;
    RentHolder rent_holder = RentHolder::seller;
    std::int64_t export_duty_units = 0;   // 2^-40 of ad valorem
    std::int64_t tariff_units = 0;        // 2^-40 of ad valorem
    std::int64_t friction_units = 0;      // 2^-20 USD/t
    std::int64_t prefer_units = 0;        // 2^-20 USD/t
    double cap_t = std::numeric_limits<double>::infinity();
    double leak_share = 1.0;              // of the usual flow; 1 = nobody enforces or nothing is closed
    bool leak_said = false;
    std::int64_t leak_premium_units = 0;  // 2^-20 USD/t, the largest said
    double believed_open_share = 1.0;     // of desired flow that traders expect to pass, the least said
    double believed_months = 0.0;         // how much longer they expect that to last, the longest said
    std::int64_t reserve_rent_units = 0;  // 2^-20 USD/t that holders of quota rights ask on the lane

    bool closed() const { return (bans & static_cast<std::uint8_t>(~waivers)) != 0; }
    double export_duty() const;
    double tariff() const;
    double friction_usd_per_t() const;
    double prefer_usd_per_t() const;
    double leak_premium_usd_per_t() const;
    double reserve_rent_usd_per_t() const;
};

/// One tonnage limit over a set of lanes, also across goods (the rare-earth quota was one tonnage
/// for all of them, which is why it earned the same rent per kg on each: pattern P2).
struct SharedLimit {
    std::string policy;
    Selector lanes;
    double cap_t = 0.0;
    RentHolder rent_holder = RentHolder::seller;
    double reserve_rent_usd_per_t = 0.0;    // holders of the rights ship nothing for less
};

/// A cap on lanes with who said it: the source of a constraint.
struct SaidCap {
    std::string policy;
    Selector lanes;
    double cap_t = 0.0;
    RentHolder rent_holder = RentHolder::seller;
};

/// One verb as it was said, for the log: what, by whom, about what, how much.
struct SaidVerb {
    std::string policy;
    std::string verb;
    std::string subject;
    double size = 0.0;
    std::string unit;
};

/// A policy's own memory: named series of numbers, kept in the World under the policy's name.
using PolicyMemory = std::map<std::string, std::vector<double>, std::less<>>;

/// The rules of one tick. Policies speak verbs into it and touch nothing else; every verb combines
/// by an operation that does not depend on order (bit or, min, max, or integer sums), so policies
/// commute exactly.
class Regime {
public:
    Regime() = default;
    Regime(std::size_t countries, std::size_t goods);

    /// Says whose verbs follow; the log and the rent bookkeeping carry this name.
    void speak_for(std::string_view policy) { speaker_ = policy; }
    /// How a selector reads in the log, for example "CHN->* gallium.refined".
    std::string describe(const Selector& lanes) const;
    void name_things(std::vector<std::string> country_names, std::vector<std::string> good_names);

    void ban(const Selector& lanes, BanKind kind);
    void waive(const Selector& lanes, BanKind kind);
    /// t per tick on each selected lane; the least of all caps holds.
    void cap(const Selector& lanes, double tonnes, RentHolder holder = RentHolder::seller);
    /// t per tick on all selected lanes together; shared caps stay separate constraints. Holders of the rights
    /// ask at least the reserve rent, USD/t; reserve rents of several limits add up on a lane.
    void shared_cap(const Selector& lanes, double tonnes, RentHolder holder = RentHolder::seller, double reserve_rent_usd_per_t = 0.0);
    /// Ad valorem shares and USD/t; they add up.
    void export_duty(const Selector& lanes, double share);
    void tariff(const Selector& lanes, double share);
    void friction(const Selector& lanes, double usd_per_t);
    void prefer(const Selector& lanes, double usd_per_t);
    /// Share of usual flow that still passes a closed lane at a premium; the least share and the
    /// highest premium hold (the strictest enforcement).
    void leak(const Selector& lanes, double share, double premium_usd_per_t);
    /// What share of desired flow traders believe will pass (licence approval), and how many months longer
    /// they expect that to last: the least share and the longest time hold.
    void believe(const Selector& lanes, double open_share, double expected_months = 0.0);
    void announce(const Selector& lanes, const Announcement& announcement);
    /// Metal made in a country is held back from lanes of third countries with this success; the strictest holds.
    void limit_origin(const Selector& lanes, CountryId made_in, double enforcement);
    /// Deals of an acquirer's investors in a process of the target country are reviewed; the strictest terms hold.
    void screen(CountryId acquirer, CountryId target, ProcessId process, const ReviewTerms& terms, ScreenKind kind = ScreenKind::investment);
    /// Investors of the acquirer country are excepted from the target country's reviews of one kind, whoever said them.
    void except_investor(CountryId acquirer, CountryId target, ScreenKind kind = ScreenKind::investment);
    /// The speaking policy's memory after this tick; committed when the tick is over.
    void remember(PolicyMemory memory);

    /// Takes what contracts have moved in the tick off a lane's cap, or off a shared cap by its place in
    /// shared_limits(); a remainder that is rounding is none.
    void use_cap(GoodId good, CountryId origin, CountryId destination, double tonnes);
    void use_shared_cap(std::size_t limit, double tonnes);
    /// What owners in the destination would give up, USD/t, to get what their stakes bring; no policy's word, so not logged.
    void prefer_as_owner(GoodId good, CountryId origin, CountryId destination, double usd_per_t);

    const LaneRule& rule(GoodId good, CountryId origin, CountryId destination) const;
    /// How many lanes have a rule of their own; all others share one that says nothing.
    std::size_t spoken_lanes() const { return rules_.size() - 1; }
    const std::vector<SharedLimit>& shared_limits() const { return shared_; }
    /// The cap that holds on a lane and its source, or nothing; of equal caps the first policy's by name.
    const SaidCap* cap_source(GoodId good, CountryId origin, CountryId destination) const;
    struct AnnouncedMeasure {
        std::string policy;
        Selector lanes;
        Announcement announcement;
    };
    const std::vector<AnnouncedMeasure>& announcements() const { return announced_; }
    /// A re-export clause: lanes on which metal made in a country is held back.
    struct OriginLimit {
        std::string policy;
        Selector lanes;
        CountryId made_in;
        double enforcement = 0.0;
    };
    const std::vector<OriginLimit>& origin_limits() const { return origins_; }
    /// The review that a deal would meet, or nothing.
    std::optional<Review> review(CountryId acquirer, CountryId target, ProcessId process) const;
    bool screens_anything() const { return !reviews_.empty(); }
    const std::vector<SaidVerb>& said() const { return said_; }
    const std::map<std::string, PolicyMemory, std::less<>>& memories() const { return memories_; }
    /// Puts lists into an order that does not depend on which policy spoke first.
    void settle_order();

private:
    template <class Change>
    void each(const Selector& lanes, Change&& change);
    /// The rule of a lane to be changed; made when a verb first speaks of the lane.
    LaneRule& said_rule(std::size_t good, std::size_t origin, std::size_t destination);
    void log(const char* verb, const Selector& lanes, double size, const char* unit);
    /// The same for verbs about a pair of countries; said of many processes it is one line.
    void log_pair(const char* verb, CountryId acquirer, CountryId target, double size, const char* unit);

    std::size_t countries_ = 0;
    std::size_t goods_ = 0;
    // Room is taken only by what was said: a row of destinations for each good and origin that a verb named, and a rule
    // for each lane. Number 0 stands for "nothing said".
    std::vector<std::uint32_t> row_of_;         // per good and origin
    std::vector<std::uint32_t> rule_of_;        // per row and destination; row 0 is empty
    std::vector<LaneRule> rules_;               // rule 0: nobody said anything
    std::vector<SharedLimit> shared_;
    std::vector<SaidCap> caps_;
    std::vector<AnnouncedMeasure> announced_;
    std::vector<OriginLimit> origins_;
    std::map<std::tuple<CountryId, CountryId, ProcessId, ScreenKind>, Review> reviews_;
    std::set<std::tuple<CountryId, CountryId, ScreenKind>> excepted_;
    std::vector<SaidVerb> said_;
    std::map<std::string, PolicyMemory, std::less<>> memories_;
    std::vector<std::string> country_names_;
    std::vector<std::string> good_names_;
    std::string speaker_;
};

}  // namespace ytterby

#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "core/ids.hpp"
#include "rules/plant_rules.hpp"
#include "rules/review_rules.hpp"

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

/// What controls put on a lane beside a ban; a waiver lifts the terms of its kind as a whole.
struct LaneTerms {
    std::int64_t export_duty_units = 0;   // 2^-40 of ad valorem
    std::int64_t friction_units = 0;      // 2^-20 USD/t
    std::int64_t reserve_rent_units = 0;  // 2^-20 USD/t that holders of quota rights ask on the lane
    double cap_t = std::numeric_limits<double>::infinity();
    RentHolder rent_holder = RentHolder::seller;
    double believed_open_share = 1.0;  // of desired flow that traders expect to pass, the least said
    double believed_months = 0.0;      // how much longer they expect that to last, the longest said

    friend bool operator==(const LaneTerms&, const LaneTerms&) = default;
};

/// What the rules of this tick say about one lane of one good after all verbs are combined.
struct LaneRule {
    std::uint8_t bans = 0;
    std::uint8_t waivers = 0;
    bool tariff_waived = false;
    LaneTerms plain;                         // what no waiver lifts
    LaneTerms control;                       // what export controls say
    std::int64_t tariff_units = 0;           // 2^-40 of ad valorem
    std::int64_t specific_tariff_units = 0;  // 2^-20 USD/t
    std::int64_t freight_log_units = 0;      // 2^-40 of the natural logarithm of the freight factor
    std::int64_t prefer_units = 0;           // 2^-20 USD/t
    double leak_share = 1.0;                 // of the usual flow; 1 = nobody enforces or nothing is closed
    bool has_leak = false;
    std::int64_t leak_premium_units = 0;  // 2^-20 USD/t, the largest said

    bool closed() const { return (bans & static_cast<std::uint8_t>(~waivers)) != 0; }
    /// Whether a waiver lifts what measures of this kind say about the lane.
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
    double leak_premium_usd_per_t() const;
    double believed_open_share() const {
        return control_holds() ? std::min(plain.believed_open_share, control.believed_open_share)
                               : plain.believed_open_share;
    }
    friend bool operator==(const LaneRule&, const LaneRule&) = default;
    double believed_months() const {
        return control_holds() ? std::max(plain.believed_months, control.believed_months) : plain.believed_months;
    }

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

/// A cap on lanes with who said it: the source of a constraint.
struct RecordedCap {
    std::string policy;
    Selector lanes;
    double cap_t = 0.0;
    RentHolder rent_holder = RentHolder::seller;
    BanKind kind = BanKind::none;
};

/// An order of a state on the market of its country: t per tick at a limit price, for a stockpile that is kept under
/// the policy's name and paid by the treasuries named, each its share.
struct StockOrder {
    std::string policy;
    GoodId good;
    CountryId country;
    bool buys = false;             // else it releases
    std::int64_t tonne_units = 0;  // 2^-20 t
    double limit_usd_per_t = 0.0;
    std::vector<std::pair<CountryId, double>> payers;  // shares add up to 1

    double tonnes() const;
};

/// Dollars that a treasury spends in the tick at home (grants to carriers, roads, administration).
struct Spending {
    std::string account;
    CountryId country;
    double usd = 0.0;
};

/// One verb as it was said, for the log: what, by whom, about what, how much.
struct RecordedVerb {
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
    void begin_policy(std::string_view policy) {
        policy_ = policy;
        kind_ = BanKind::none;
    }
    /// Says of what kind the following verbs of the speaking policy are, for waivers: its caps, duties, frictions,
    /// reserve rents, beliefs and announcements are lifted together with its bans. Ends with the next speaker.
    void set_kind(BanKind kind) { kind_ = kind; }
    /// How a selector reads in the log, for example "CHN->* gallium.refined".
    std::string describe(const Selector& lanes) const;
    std::string describe(const PlantSelector& plants) const;
    void name_things(std::vector<std::string> country_names, std::vector<std::string> good_names,
                     std::vector<std::string> process_names = {});

    void ban(const Selector& lanes, BanKind kind);
    void waive(const Selector& lanes, BanKind kind);
    /// t per tick on each selected lane; the least of all caps holds.
    void cap(const Selector& lanes, double tonnes, RentHolder holder = RentHolder::seller);
    /// t per tick on all selected lanes together; shared caps stay separate constraints. Holders of the rights
    /// ask at least the reserve rent, USD/t; reserve rents of several limits add up on a lane.
    void shared_cap(const Selector& lanes, double tonnes, RentHolder holder = RentHolder::seller,
                    double reserve_rent_usd_per_t = 0.0);
    /// Ad valorem shares and USD/t; they add up.
    void export_duty(const Selector& lanes, double share);
    void tariff(const Selector& lanes, double share);
    /// USD/t at the border, to the destination's treasury; they add up.
    void specific_tariff(const Selector& lanes, double usd_per_t);
    /// Lifts all tariffs on the lanes, whoever says them.
    void waive_tariff(const Selector& lanes);
    /// Multiplies freight; factors are multiplied as integer sums of logarithms.
    void freight(const Selector& lanes, double factor);
    void friction(const Selector& lanes, double usd_per_t);
    void prefer(const Selector& lanes, double usd_per_t);
    /// Share by which buyers in a country perceive less risk of a good than they would; shares add up to at most 1.
    /// No goods means all.
    void inform(CountryId country, const std::vector<GoodId>& goods, double share);
    /// t per tick that a state buys or sells on its country's market at a limit price, USD/t; orders stand beside each
    /// other. A release gives at most what the speaking policy's stockpile can bring there.
    void purchase(CountryId country, GoodId good, double tonnes, double limit_usd_per_t,
                  std::vector<std::pair<CountryId, double>> payers);
    void release(CountryId country, GoodId good, double tonnes, double limit_usd_per_t,
                 std::vector<std::pair<CountryId, double>> payers);
    /// USD that a country's treasury pays at home in the tick, by account; they add up.
    void spend(const std::string& account, CountryId country, double usd);
    /// Share of usual flow that still passes a closed lane at a premium; the least share and the
    /// highest premium hold (the strictest enforcement).
    void leak(const Selector& lanes, double share, double premium_usd_per_t);
    /// What share of desired flow traders believe will pass (licence approval), and how many months longer
    /// they expect that to last: the least share and the longest time hold.
    void believe(const Selector& lanes, double open_share, double expected_months = 0.0);
    void announce(const Selector& lanes, const Announcement& announcement);
    /// Metal made in a country is held back from lanes of third countries with this success; the strictest holds.
    void limit_origin(const Selector& lanes, CountryId made_in, double enforcement);
    /// USD per tonne of output, and a share of its price: they enter the margin that plants run, stop, come back and
    /// are built on, and are paid for every tonne.
    void support(const PlantSelector& plants, double usd_per_t, const SupportTerms& terms);
    void support_share(const PlantSelector& plants, double share, const SupportTerms& terms);
    /// A contract for difference: what the price of output falls short of the floor is paid; the highest floor holds.
    void price_floor(const PlantSelector& plants, double usd_per_t, const SupportTerms& terms);
    /// Share of capital spending that a grant bears; what investors ask a year beyond or (minus) below their hurdle;
    /// time that permits and building take, over the usual.
    void capex_share(const PlantSelector& plants, double share, const SupportTerms& terms);
    void hurdle(const PlantSelector& plants, double shift_per_year, const SupportTerms& terms);
    void lead_time(const PlantSelector& plants, double factor, const SupportTerms& terms);
    /// Share of end-of-life metal that is collected beyond what would be.
    void collect(const PlantSelector& plants, double share, const SupportTerms& terms);
    /// USD per tonne for users and importers in a country on goods from eligible origins, their own country included
    /// where it is listed; it lowers the landed price that they see.
    void buyer_credit(CountryId buyers, const std::vector<GoodId>& goods, const std::vector<CountryId>& origins,
                      double usd_per_t, CountryId payer);
    /// The most that the speaking policy pays in the tick on promises that fall due in it.
    void fund(double usd);
    /// Pays plants of a country beside that: arrears, or with a minus sign what owners have to give back.
    void pay(CountryId country, ProcessId process, Payee payee, double usd, CountryId payer);
    /// Deals of an acquirer's investors in a process of the target country are reviewed; the strictest terms hold.
    void screen(CountryId acquirer, CountryId target, ProcessId process, const ReviewTerms& terms,
                ScreenKind kind = ScreenKind::investment);
    /// Investors of the acquirer country are excepted from the target country's reviews of one kind, whoever said them.
    void except_investor(CountryId acquirer, CountryId target, ScreenKind kind = ScreenKind::investment);
    /// The speaking policy's memory after this tick; committed when the tick is over.
    void remember(PolicyMemory memory);

    /// Takes what contracts have moved in the tick off a lane's cap, or off a shared cap by its place in
    /// shared_limits(); a remainder that is rounding is none.
    void use_cap(GoodId good, CountryId origin, CountryId destination, double tonnes);
    void use_shared_cap(std::size_t limit, double tonnes);
    /// What owners in the destination would give up, USD/t, to get what their stakes bring; no policy's word, so not
    /// logged.
    void prefer_as_owner(GoodId good, CountryId origin, CountryId destination, double usd_per_t);

    const LaneRule& rule(GoodId good, CountryId origin, CountryId destination) const {
        return rules_[rule_number(good, origin, destination)];
    }
    /// The rule of a lane, or null where nobody said anything about it.
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
    /// How many lanes have a rule of their own; all others share one that says nothing.
    std::size_t ruled_lanes() const { return rules_.size() - 1; }
    const std::vector<SharedLimit>& shared_limits() const { return shared_; }
    /// Whether a shared limit binds a lane: it names it and no waiver takes it out.
    bool binds(const SharedLimit& limit, CountryId origin, CountryId destination, GoodId good) const {
        return limit.lanes.covers(origin, destination, good) && !rule(good, origin, destination).lifts(limit.kind);
    }
    /// The cap that holds on a lane and its source, or nothing; of equal caps the first policy's by name.
    const RecordedCap* cap_source(GoodId good, CountryId origin, CountryId destination) const;
    struct AnnouncedMeasure {
        std::string policy;
        Selector lanes;
        Announcement announcement;
        BanKind kind = BanKind::none;
    };
    const std::vector<AnnouncedMeasure>& announcements() const { return announced_; }
    /// Whether an announced measure will bite on a lane, as waivers stand today.
    bool threatens(const AnnouncedMeasure& measure, CountryId origin, CountryId destination, GoodId good) const {
        return measure.lanes.covers(origin, destination, good) && !rule(good, origin, destination).lifts(measure.kind);
    }
    /// Share by which perceived risk at a node is less, 0 to 1.
    double informed_share(GoodId good, CountryId country) const;
    bool has_information() const { return !inform_units_.empty(); }
    /// Whether any waiver was said.
    bool has_waivers() const { return waived_; }
    const std::vector<StockOrder>& stock_orders() const { return stock_orders_; }
    /// What treasuries spend, by account and country.
    std::vector<Spending> spending() const;
    /// A re-export clause: lanes on which metal made in a country is held back.
    struct OriginLimit {
        std::string policy;
        Selector lanes;
        CountryId made_in;
        double enforcement = 0.0;
    };
    const std::vector<OriginLimit>& origin_limits() const { return origins_; }
    const PlantRules& plant_rules() const { return plants_; }
    /// Credit that users at a node get on all they buy, USD/t; lanes from elsewhere pay it, so that it is for goods
    /// made at home.
    double home_credit_usd_per_t(GoodId good, CountryId country) const;
    /// The review that a deal would meet, or nothing.
    std::optional<Review> review(CountryId acquirer, CountryId target, ProcessId process) const;
    bool has_reviews() const { return !reviews_.empty(); }
    const std::vector<RecordedVerb>& recorded() const { return recorded_; }
    const std::map<std::string, PolicyMemory, std::less<>>& memories() const { return memories_; }
    /// Puts lists into an order that does not depend on which policy spoke first.
    void settle_order();

private:
    template <class Change>
    void each(const Selector& lanes, Change&& change);
    std::uint32_t rule_number(GoodId good, CountryId origin, CountryId destination) const {
        const std::size_t row = row_of_[good.index() * countries_ + origin.index()];
        return row == 0 ? 0 : rule_of_[row * countries_ + destination.index()];
    }
    /// The rule of a lane to be changed; made when a verb first speaks of the lane.
    LaneRule& rule_to_change(std::size_t good, std::size_t origin, std::size_t destination);
    void log(const char* verb, const Selector& lanes, double size, const char* unit);
    /// One saying of `screen`; put together with others only for the few deals that meet them.
    struct RecordedScreen {
        ProcessId process;
        ReviewTerms terms;
        std::string policy;
    };
    void order_stock(const char* verb, StockOrder order);
    LaneTerms& terms_of(LaneRule& rule) const { return kind_ == BanKind::export_control ? rule.control : rule.plain; }
    void say(PlantVerb verb, const PlantSelector& plants, double size, const char* unit, const SupportTerms& terms);
    /// The same for verbs about a pair of countries.
    void log_pair(const char* verb, CountryId acquirer, CountryId target, double size, const char* unit);

    std::size_t countries_ = 0;
    std::size_t goods_ = 0;
    // Room is taken only by what was said: a row of destinations for each good and origin that a verb named, and a rule
    // for each lane. Number 0 stands for "nothing said".
    std::vector<std::uint32_t> row_of_;   // per good and origin
    std::vector<std::uint32_t> rule_of_;  // per row and destination; row 0 is empty
    std::vector<LaneRule> rules_;         // rule 0: nobody said anything
    std::vector<SharedLimit> shared_;
    std::vector<RecordedCap> caps_;
    std::vector<AnnouncedMeasure> announced_;
    std::vector<OriginLimit> origins_;
    std::vector<std::int64_t> inform_units_;  // 2^-40 of a share, per good and country; empty while nobody informs
    std::vector<StockOrder> stock_orders_;
    std::map<std::pair<std::string, CountryId>, std::int64_t> spending_units_;  // 2^-10 USD
    bool waived_ = false;
    PlantRules plants_;
    std::map<std::pair<GoodId, CountryId>, std::int64_t> home_credit_units_;
    std::map<std::tuple<CountryId, CountryId, ScreenKind>, std::vector<RecordedScreen>>
        reviews_;  // in the order in which they were said
    std::set<std::tuple<CountryId, CountryId, ScreenKind>> excepted_;
    std::vector<RecordedVerb> recorded_;
    std::map<std::string, PolicyMemory, std::less<>> memories_;
    std::vector<std::string> country_names_;
    std::vector<std::string> good_names_;
    std::vector<std::string> process_names_;
    std::string policy_;
    BanKind kind_ = BanKind::none;
};

}  // namespace ytterby

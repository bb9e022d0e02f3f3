#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/ids.hpp"
#include "rules/announcements.hpp"
#include "rules/lane_rules.hpp"
#include "rules/measure_log.hpp"
#include "rules/plant_rules.hpp"
#include "rules/policy_memory.hpp"
#include "rules/review_rules.hpp"
#include "rules/stock_orders.hpp"

namespace ytterby {

/// The rules of one tick: the sum of its parts, each of which is read by the phases that it concerns. Policies use its
/// verbs and touch nothing else; every verb combines by an operation that does not depend on order (bit or, min, max,
/// or integer sums), so policies commute exactly. When all policies are done it is complete and does not change.
class Regime {
public:
    Regime() = default;
    Regime(std::size_t countries, std::size_t goods);

    const LaneRules& lanes() const { return lanes_; }
    const PlantRules& plants() const { return plants_; }
    const ReviewRules& reviews() const { return reviews_; }
    const StockOrders& stocks() const { return stocks_; }
    const Announcements& announcements() const { return announcements_; }
    const PolicyMemories& memories() const { return memories_; }
    const MeasureLog& log() const { return log_; }

    /// Names for the log.
    void set_names(SubjectNames names) { log_.set_names(std::move(names)); }
    /// The verbs that follow are of this policy; the log and the rent bookkeeping carry its name.
    void begin_policy(std::string_view policy) { author_ = {std::string(policy), BanKind::none}; }
    /// The verbs that follow are of this kind, for waivers: caps, duties, frictions, reserve rents, beliefs and
    /// announcements are lifted together with bans. Ends with the next policy.
    void set_kind(BanKind kind) { author_.kind = kind; }
    /// Puts lists into an order that does not depend on the order of the policies; the last step.
    void settle_order();

    // Verbs about lanes.
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
    /// Lifts all tariffs on the lanes, of all policies.
    void waive_tariff(const Selector& lanes);
    /// Multiplies freight; factors are multiplied as integer sums of logarithms.
    void freight(const Selector& lanes, double factor);
    void friction(const Selector& lanes, double usd_per_t);
    void prefer(const Selector& lanes, double usd_per_t);
    /// The most that leaks over each closed lane, t per tick, whatever the gap between its prices, and what the risk
    /// adds to the price inside, a share of it: the least tonnes and the highest risk hold (the strictest enforcement).
    void leak(const Selector& lanes, double most_t, double risk_share);
    /// Share of desired flow that traders believe will pass (licence approval), and how many months longer
    /// they expect that to last: the least share and the longest time hold.
    void believe(const Selector& lanes, double open_share, double expected_months = 0.0);
    /// Metal made in a country is held back from lanes of third countries with this success; the strictest holds.
    void limit_origin(const Selector& lanes, CountryId made_in, double enforcement);

    // Verbs about what traders know.
    void announce(const Selector& lanes, const Announcement& announcement);
    /// What traders expect to pass over lanes, from date to date; expectations of several measures on a lane are held
    /// side by side, and the least share counts.
    void expect(Expectation expectation, std::vector<ExpectedLane> lanes);
    /// Share by which buyers in a country perceive less risk of a good than they would; shares add up to at most 1.
    /// No goods means all.
    void inform(CountryId country, const std::vector<GoodId>& goods, double share);

    // Verbs about stocks and money of states.
    /// t per tick that a state buys or sells on its country's market at a limit price, USD/t; orders are separate.
    /// A release gives at most what the policy's stockpile can bring there.
    void purchase(CountryId country, GoodId good, double tonnes, double limit_usd_per_t,
                  std::vector<std::pair<CountryId, double>> payers);
    void release(CountryId country, GoodId good, double tonnes, double limit_usd_per_t,
                 std::vector<std::pair<CountryId, double>> payers);
    /// USD that a country's treasury pays at home in the tick, by account; they add up.
    void spend(SystemAccount account, CountryId country, double usd);

    // Verbs about plants and buyers.
    /// USD per tonne of output, and a share of its price: they enter the margin that plants run, stop, come back and
    /// are built on, and are paid for every tonne.
    void support(const PlantSelector& plants, double usd_per_t, const SupportTerms& terms);
    void support_share(const PlantSelector& plants, double share, const SupportTerms& terms);
    /// A contract for difference: the price's shortfall from the floor is paid; the highest floor holds.
    void price_floor(const PlantSelector& plants, double usd_per_t, const SupportTerms& terms);
    /// Share of capital spending that a grant bears; return that investors ask a year beyond or (minus) below their
    /// hurdle; time that permits and building take, over the usual.
    void capex_share(const PlantSelector& plants, double share, const SupportTerms& terms);
    void hurdle(const PlantSelector& plants, double shift_per_year, const SupportTerms& terms);
    void lead_time(const PlantSelector& plants, double factor, const SupportTerms& terms);
    /// USD per tonne of metal recovered from scrap, for who collects the scrap.
    void scrap_support(const PlantSelector& plants, double usd_per_t, const SupportTerms& terms);
    /// USD per tonne for users and importers in a country on goods from eligible origins, their own country included
    /// where it is listed; it lowers the landed price that they see.
    void buyer_credit(CountryId buyers, const std::vector<GoodId>& goods, const std::vector<CountryId>& origins,
                      double usd_per_t, CountryId payer);
    /// The most that the policy pays in the tick on promises that fall due in it.
    void fund(double usd);
    /// Pays plants of a country beside that: arrears, or with a minus sign what owners have to give back.
    void pay(CountryId country, ProcessId process, Payee payee, double usd, CountryId payer);

    // Verbs about deals.
    /// Deals of an acquirer's investors in a process of the target country are reviewed; the strictest terms hold.
    void screen(CountryId acquirer, CountryId target, ProcessId process, const ReviewTerms& terms,
                ScreenKind kind = ScreenKind::investment);
    /// Investors of the acquirer country are excepted from the target country's reviews of one kind, of all policies.
    void except_investor(CountryId acquirer, CountryId target, ScreenKind kind = ScreenKind::investment);

    /// The policy's memory after this tick; committed when the tick is over.
    void remember(PolicyMemory memory);

private:
    void record(const char* verb, const Selector& lanes, double size, const char* unit);
    void record(const char* verb, CountryId acquirer, CountryId target, double size, const char* unit);
    void add(PlantVerb verb, const PlantSelector& plants, double size, const char* unit, const SupportTerms& terms);
    void order_stock(const char* verb, StockOrder order, double tonnes);

    std::size_t countries_ = 0;
    std::size_t goods_ = 0;
    LaneRules lanes_;
    PlantRules plants_;
    ReviewRules reviews_;
    StockOrders stocks_;
    Announcements announcements_;
    PolicyMemories memories_;
    MeasureLog log_;
    Author author_;
};

}  // namespace ytterby

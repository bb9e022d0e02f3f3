#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "policies/investment_screening/review_score.hpp"
#include "policies/measure.hpp"
#include "policies/news.hpp"

namespace ytterby {
namespace {

/// A board that reviews foreign purchases of stakes in the actor's plants: which deals are covered, how risk is scored,
/// how long each stage takes, and the outcome at each level of risk. Expresses CFIUS, the Investment Canada Act with
/// its divestitures of 2022, and screening in the EU. `partners` are the acquirers.
class InvestmentScreening final : public Policy {
public:
    void read(KeyReader& keys) {
        measure_.read(keys);
        refuse_news(keys, "a review of deals");
        read_coverage(keys);
        read_risk(keys);
        read_outcomes(keys);
        read_stages(keys);
        read_conditions(keys);
        read_look_back(keys);
        read_excepted(keys);
        if (terms_.block_above < terms_.clear_below) {
            keys.problem("block_above", "block_above is below clear_below", "a deal would be cleared and blocked",
                         "give a risk of at least " + std::to_string(terms_.clear_below));
        }
    }

    void resolve(const Names& names, const Calendar& calendar, Problems& problems) override {
        measure_.resolve(names, calendar, problems);
        excepted_ids_ = resolve_countries(excepted_, names, problems);
        read_doctrine(names, problems);
        // A stage that ends within a tick takes the whole tick.
        const auto whole_ticks = [&](double days) {
            return static_cast<std::int64_t>(std::ceil(calendar.ticks_of_days(days) - 1e-9));
        };
        double days = 0.0;
        std::int64_t* const ends[] = {&terms_.declared_ticks, &terms_.reviewed_ticks, &terms_.investigated_ticks,
                                      &terms_.decided_ticks};
        for (std::size_t stage = 0; stage < 4; ++stage) {
            days += days_[stage];
            *ends[stage] = whole_ticks(days);
        }
        terms_.divested_ticks = whole_ticks(divestiture_days_);
        look_back_ticks_ =
            static_cast<std::int64_t>(std::ceil(look_back_months_ / 12.0 * calendar.ticks_per_year() - 1e-9));
        if (control_only_) {
            terms_.least_stake = std::max(terms_.least_stake, 0.5 + 1e-9);
        }
    }

    const std::string& name() const override { return measure_.name(); }

    const PolicySchedule& schedule() const override { return measure_.schedule(); }

    void apply(const PolicyView& view, PolicyMemory&, Regime& regime) const override {
        const Selector covered = measure_.exports();
        const CountryId host = measure_.actor();
        ReviewTerms terms = terms_;
        if (look_back_ticks_ > 0) {
            terms.reopened_since = *view.since - look_back_ticks_;
        }
        // The consequence of losing a plant does not depend on the acquirer.
        std::vector<std::pair<ProcessId, double>> targets;
        for (const Cell& cell : view.economy.cells) {
            if (cell.country == host && makes(cell, covered.goods)) {
                targets.emplace_back(cell.process,
                                     consequence_of(view.economy, view.world, host, cell, least_consequence_));
            }
        }
        for (const CountryId acquirer : covered.destinations) {
            const bool backed =
                !view.economy.deals.state_backed.empty() && view.economy.deals.state_backed[acquirer.index()] != 0;
            if (state_backed_only_ && !backed) {
                continue;
            }
            terms.threat = view_.of(view.economy, host, acquirer);
            for (const auto& [process, consequence] : targets) {
                terms.consequence = consequence;
                regime.screen(acquirer, host, process, terms);
            }
        }
        for (const CountryId acquirer : excepted_ids_) {
            regime.except_investor(acquirer, host);
        }
    }

private:
    void read_coverage(KeyReader& keys) {
        keys.number("least_stake_share", terms_.least_stake,
                    {.fallback = 0.1,
                     .low = 0.0,
                     .high = 1.0,
                     .unit = "share",
                     .doc = "deals from this stake on are covered",
                     .source = "31 CFR 800: 10 % or less held passively is not a covered control transaction (from "
                               "memory, no source)"});
        keys.boolean("control_only", control_only_,
                     {.fallback = false, .doc = "only stakes above one half are covered"});
        keys.boolean("state_backed_only", state_backed_only_,
                     {.fallback = false, .doc = "only state-backed acquirers (deals.state_backed) are covered"});
        keys.number("least_usd", terms_.least_usd,
                    {.fallback = 0.0,
                     .low = 0.0,
                     .high = 1e13,
                     .unit = "USD",
                     .doc = "smaller deals are not covered",
                     .source = "CFIUS and the national-security review of the Investment Canada Act have no threshold "
                               "(from memory, no source)"});
    }

    void read_risk(KeyReader& keys) {
        keys.number_map("threat", threat_,
                        {.low = 0.0,
                         .high = 1.0,
                         .unit = "share",
                         .doc = "doctrine: threat by acquirer country or group; a country's own entry overrides those "
                                "of its groups, of which the highest counts"});
        keys.number("distance_weight", view_.distance_weight,
                    {.fallback = 0.5,
                     .low = 0.0,
                     .high = 1.0,
                     .unit = "share",
                     .doc = "threat of an acquirer without a doctrine, at affinity 0; it falls to 0 at affinity 1 "
                            "(affinity.csv: votes in the UN)",
                     .source = "assumed, 0.2-0.8"});
        keys.number("state_factor", view_.state_factor,
                    {.fallback = 1.2,
                     .low = 1.0,
                     .high = 10.0,
                     .doc = "threat of state-backed acquirers is multiplied by this, up to 1",
                     .source = "assumed, 1-2: FIRRMA's mandatory filings and Canada's policy of October 2022 on "
                               "state-owned buyers (from memory, no source)"});
        keys.number("full_vulnerability_share", terms_.full_vulnerability_share,
                    {.fallback = 0.1,
                     .low = 0.001,
                     .high = 1.0,
                     .unit = "of supply",
                     .doc = "vulnerability is 1 for a target with this share of the actor's supply of the good",
                     .source = "assumed, 0.03-0.5"});
        keys.number("least_consequence", least_consequence_,
                    {.fallback = 0.3,
                     .low = 0.0,
                     .high = 1.0,
                     .unit = "share",
                     .doc = "consequence of losing a good that the actor does not need to import",
                     .source = "assumed, 0.1-0.6: listed critical minerals count whatever the trade balance (Canada's "
                               "list; from memory, no source)"});
    }

    void read_outcomes(KeyReader& keys) {
        keys.number("clear_below", terms_.clear_below,
                    {.fallback = 0.1,
                     .low = 0.0,
                     .high = 1.0,
                     .unit = "risk",
                     .doc = "deals up to this risk are cleared; up to half of it, on a declaration",
                     .source = "assumed, 0.05-0.2"});
        keys.number("block_above", terms_.block_above,
                    {.fallback = 0.3,
                     .low = 0.0,
                     .high = 1.0,
                     .unit = "risk",
                     .doc = "deals above this risk are blocked; between the two, conditions are set",
                     .source = "assumed, 0.2-0.5"});
    }

    void read_stages(KeyReader& keys) {
        keys.number("declaration_days", days_[0],
                    {.fallback = 30.0,
                     .low = 0.0,
                     .high = 1000.0,
                     .unit = "days",
                     .doc = "length of the first stage",
                     .source = "31 CFR 800.405: 30 days (from memory, no source)"});
        keys.number("review_days", days_[1],
                    {.fallback = 45.0,
                     .low = 0.0,
                     .high = 1000.0,
                     .unit = "days",
                     .doc = "length of the second stage",
                     .source = "31 CFR 800.503: 45 days (from memory, no source)"});
        keys.number("investigation_days", days_[2],
                    {.fallback = 45.0,
                     .low = 0.0,
                     .high = 1000.0,
                     .unit = "days",
                     .doc = "length of the third stage",
                     .source = "31 CFR 800.508: 45 days (from memory, no source)"});
        keys.number("decision_days", days_[3],
                    {.fallback = 15.0,
                     .low = 0.0,
                     .high = 1000.0,
                     .unit = "days",
                     .doc = "length of the last stage, the decision of the head of government",
                     .source = "50 U.S.C. 4565: 15 days (from memory, no source)"});
    }

    void read_conditions(KeyReader& keys) {
        keys.number("offtake_kept_share", terms_.offtake_kept_share,
                    {.fallback = 0.25,
                     .low = 0.0,
                     .high = 1.0,
                     .unit = "share",
                     .doc = "conditions: share of the offtake that the acquirer may draw",
                     .source = "assumed, 0-0.7"});
        keys.number("most_stake_share", terms_.most_stake,
                    {.fallback = 0.49,
                     .low = 0.0,
                     .high = 1.0,
                     .unit = "share",
                     .doc = "conditions: the stake is cut to this",
                     .source = "assumed, 0.2-1: no control"});
        keys.number("refile_probability", terms_.refile_probability,
                    {.fallback = 0.3,
                     .low = 0.0,
                     .high = 1.0,
                     .unit = "share",
                     .doc = "share of deals about to be blocked that are withdrawn and filed again with less, twice at "
                            "most",
                     .source = "assumed, 0.1-0.6: a fifth to a quarter of CFIUS notices were withdrawn in recent years "
                               "(from memory, no source)"});
    }

    void read_look_back(KeyReader& keys) {
        keys.number("look_back_months", look_back_months_,
                    {.fallback = 0.0,
                     .low = 0.0,
                     .high = 1200.0,
                     .unit = "months",
                     .doc = "deals closed up to so long before the start, or later without a review, are reviewed too "
                            "and may have to be undone; 0 = none",
                     .source = "assumed, 0-60: Canada ordered three sales on 2 November 2022, of stakes up to some "
                               "years old (from memory, no source)"});
        keys.keys_with({"look_back_months"}, [this](KeyReader& inner) {
            inner.number("divestiture_days", divestiture_days_,
                         {.fallback = 90.0,
                          .low = 0.0,
                          .high = 2000.0,
                          .unit = "days",
                          .doc = "time from the order to the sale",
                          .source = "Canada's orders of 2022: 60 and 90 days (from memory, no source)"});
        });
    }

    void read_excepted(KeyReader& keys) {
        std::vector<std::string> excepted;
        keys.text_list("excepted", excepted,
                       {.fallback = std::vector<std::string>{},
                        .doc = "acquirer countries or groups that no board of the actor reviews",
                        .source = "CFIUS excepted foreign states: AUS, CAN, NZL, GBR; in law their deals of control "
                                  "may still be reviewed"});
        excepted_ = {keys.path_of("excepted"), keys.location("excepted"),
                     keys.is_sound("excepted") ? excepted : std::vector<std::string>{}};
        threat_key_ = {keys.path_of("threat"), keys.location("threat"), {}};
    }

    static bool makes(const Cell& cell, const std::vector<GoodId>& goods) {
        const bool plants = cell.kind == FirmKind::miner || cell.kind == FirmKind::refiner;
        return plants &&
               std::any_of(cell.positions.begin() + cell.inputs, cell.positions.end(), [&](const Position& position) {
                   return std::find(goods.begin(), goods.end(), position.good) != goods.end();
               });
    }

    /// A country's own entry overrides those of its groups, of which the highest counts.
    void read_doctrine(const Names& names, Problems& problems) {
        view_.doctrine.assign(names.countries.size(), -1.0);
        for (const auto& [name, threat] : threat_) {
            const std::vector<CountryId> found =
                resolve_countries({threat_key_.key, threat_key_.where, {name}}, names, problems);
            for (const CountryId country : found) {
                double& doctrine = view_.doctrine[country.index()];
                const bool own = threat_.contains(names.countries[country.index()]);
                doctrine = name == names.countries[country.index()] ? threat
                           : own                                    ? doctrine
                                                                    : std::max(doctrine, threat);
            }
        }
    }

    Measure measure_;
    ReviewTerms terms_;
    ThreatView view_;
    std::map<std::string, double> threat_;
    WrittenNames threat_key_, excepted_;
    std::vector<CountryId> excepted_ids_;
    double days_[4] = {30.0, 45.0, 45.0, 15.0};
    double divestiture_days_ = 90.0;
    double look_back_months_ = 0.0;
    std::int64_t look_back_ticks_ = 0;
    double least_consequence_ = 0.3;
    bool control_only_ = false;
    bool state_backed_only_ = false;
};

const Registered<Policy, InvestmentScreening> registered_investment_screening{
    "investment_screening",
    "a board that reviews foreign stakes in the actor's plants: clears, sets conditions, blocks, orders divestiture"};

}  // namespace
}  // namespace ytterby

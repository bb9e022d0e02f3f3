#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "core/maths.hpp"
#include "policies/measure.hpp"
#include "policies/subsidy/book.hpp"
#include "policies/subsidy/plants.hpp"

namespace ytterby {
namespace {

enum class Form : std::uint8_t { capex_grant, production_credit, recycling_grant, loan_guarantee, demand_credit };

constexpr double no_limit_usd = 1e15;

/// Money from a treasury for plants or buyers in five forms: a grant for building, a credit for output, a grant for
/// recycling, a loan guarantee, and a credit for buyers by origin. Expresses section 45X, the grants of the US
/// infrastructure law and of the Defense Production Act, Japan's and Australia's programmes, and section 30D.
class Subsidy final : public Policy {
public:
    void read(KeyReader& keys) {
        measure_.read_without_partners(keys);
        keys.choice("form", form_,
                    {{"capex_grant", Form::capex_grant},
                     {"production_credit", Form::production_credit},
                     {"recycling_grant", Form::recycling_grant},
                     {"loan_guarantee", Form::loan_guarantee},
                     {"demand_credit", Form::demand_credit}},
                    {.doc = "what the subsidy pays for"});
        read_recipients(keys);
        read_grant_and_credits(keys);
        read_recycling_and_loan(keys);
        read_money(keys);
        check_form(keys);
    }

    void resolve(const Names& names, const Calendar& calendar, Problems& problems) override {
        measure_.resolve(names, calendar, problems);
        beneficiary_ids_ = resolve_countries(beneficiaries_, names, problems);
        origin_ids_ = resolve_countries(origins_, names, problems);
        const std::vector<CountryId> excluded = resolve_countries(excluded_, names, problems);
        std::erase_if(origin_ids_,
                      [&](CountryId id) { return std::find(excluded.begin(), excluded.end(), id) != excluded.end(); });
        if (form_ == Form::demand_credit && origin_ids_.empty() && problems.empty()) {
            problems.add({.key = origins_.key,
                          .what = "no origin is eligible",
                          .why = "all of them are excluded",
                          .suggestion = "name an origin that is not",
                          .where = origins_.where});
        }
        plants_.resolve(names, problems);
    }

    const std::string& name() const override { return measure_.name(); }

    void apply(const PolicyView& view, Regime& regime) const override {
        const auto since = measure_.in_force_since(view);
        if (!since && view.memory.empty()) {
            return;
        }
        SubsidyBook book(view, name(), {limited(budget_usd_), limited(budget_usd_per_year_)}, clawback_years_,
                         gives_grants());
        book.claw_back(measure_.actor(), regime);
        book.pay_arrears(measure_.actor(), payee(), regime);
        if (!since && !book.has_open_items()) {
            Measure::forget(view, regime);
            return;
        }
        PolicyMemory memory = view.memory;
        measure_.remember(view, memory);
        book.write(memory);
        regime.remember(std::move(memory));
        if (const double rate = since ? phased_out(view) : 0.0; rate > 0.0 && book.is_open()) {
            regime.fund(book.left_for_new_claims());
            promise(view, book, rate, regime);
        }
    }

private:
    void read_recipients(KeyReader& keys) {
        std::vector<std::string> beneficiaries, processes, origins, excluded;
        keys.text_list("beneficiaries", beneficiaries,
                       {.fallback = std::vector<std::string>{},
                        .doc = "countries or groups whose plants or buyers get it; without it, the actor's own",
                        .source = "a state may pay abroad: Defense Production Act awards to Canadian mines (USD 14.7 "
                                  "million, May 2024)"});
        keys.text_list("processes", processes,
                       {.fallback = std::vector<std::string>{},
                        .doc = "plants that may get it: mining, recovery, refining, recycling, or names of processes; "
                               "without it, all that make the goods (recycling_grant: recycling)"});
        keys.text_list(
            "origins", origins,
            {.fallback = std::vector<std::string>{"*"},
             .least_count = 1,
             .doc = "demand_credit: countries or groups whose goods are eligible; they may include the buyers' own"});
        keys.text_list("excluded_origins", excluded,
                       {.fallback = std::vector<std::string>{},
                        .doc = "demand_credit: countries or groups whose goods are not eligible",
                        .source = "foreign entities of concern under 30D: CHN, RUS, PRK, IRN"});
        if (beneficiaries.empty()) {
            beneficiaries_ = measure_.written_actor();
        } else {
            beneficiaries_ = {keys.path_of("beneficiaries"), keys.location("beneficiaries"), beneficiaries};
        }
        origins_ = {keys.path_of("origins"), keys.location("origins"),
                    keys.is_sound("origins") ? origins : std::vector<std::string>{}};
        excluded_ = {keys.path_of("excluded_origins"), keys.location("excluded_origins"), excluded};
        if (processes.empty() && form_ == Form::recycling_grant) {
            processes = {"recycling"};
        }
        plants_.set({keys.path_of("processes"), keys.location("processes"), processes});
    }

    void read_grant_and_credits(KeyReader& keys) {
        keys.number(
            "capex_share", capex_share_,
            {.fallback = 0.0,
             .low = 0.0,
             .high = 1.0,
             .unit = "share",
             .doc = "capex_grant, recycling_grant: share of capital spending on plants whose construction begins",
             .source = "up to 0.5: Japan's Economic Security Promotion Act; US Department of Energy calls of 2025 ask "
                       "for at least half from the applicant"});
        keys.number("credit_usd_per_t", credit_usd_per_t_,
                    {.fallback = 0.0,
                     .low = 0.0,
                     .high = 1e9,
                     .unit = "USD/t",
                     .doc = "production_credit, demand_credit: rate per tonne"});
        keys.number("credit_price_share", credit_price_share_,
                    {.fallback = 0.0,
                     .low = 0.0,
                     .high = 1.0,
                     .unit = "share of price",
                     .doc = "production_credit, demand_credit: rate as a share of the price"});
        keys.number(
            "credit_cost_share", credit_cost_share_,
            {.fallback = 0.0,
             .low = 0.0,
             .high = 1.0,
             .unit = "share of cost",
             .doc = "production_credit: rate as a share of production cost, inputs included, at the base date",
             .source =
                 "0.1: section 45X for critical minerals, with material and extraction costs by the final rules"});
    }

    void read_recycling_and_loan(KeyReader& keys) {
        keys.number("collect_share", collect_share_,
                    {.fallback = 0.0,
                     .low = 0.0,
                     .high = 1.0,
                     .unit = "share of end-of-life flow",
                     .doc = "recycling_grant: additional share of end-of-life metal that is collected",
                     .source = "assumed, 0.02-0.2"});
        keys.number("collection_usd_per_t", collection_usd_per_t_,
                    {.fallback = 0.0,
                     .low = 0.0,
                     .high = 1e9,
                     .unit = "USD/t",
                     .doc = "recycling_grant: cost of the additional collection, per tonne recovered"});
        keys.number("loan_share", loan_share_,
                    {.fallback = 0.6,
                     .low = 0.0,
                     .high = 1.0,
                     .unit = "share",
                     .doc = "loan_guarantee: share of capital spending financed by the guaranteed loan",
                     .source = "assumed, 0.4-0.8: US Title XVII loans reach 0.8 (from memory, no source)"});
        keys.number(
            "loan_points", loan_points_,
            {.fallback = 3.0,
             .low = 0.0,
             .high = 20.0,
             .unit = "points a year",
             .doc = "loan_guarantee: percentage points by which the guaranteed loan costs less than other capital",
             .source = "assumed, 1-6"});
        keys.number(
            "loan_cost_share", loan_cost_share_,
            {.fallback = 0.1,
             .low = 0.0,
             .high = 1.0,
             .unit = "share of the loan",
             .doc =
                 "loan_guarantee: expected loss that the treasury sets aside, paid to lenders when construction begins",
             .source = "assumed, 0.02-0.3: credit subsidy cost of US energy loans (from memory, no source)"});
        keys.number("believed_share", believed_share_,
                    {.fallback = 1.0,
                     .low = 0.0,
                     .high = 1.0,
                     .unit = "share",
                     .doc = "share of the promise that firms count on: laws may be repealed",
                     .source = "assumed, 0.5-1: 45X was cut short in 2025, three years after it was enacted"});
    }

    void read_money(KeyReader& keys) {
        keys.number("budget_usd", budget_usd_,
                    {.fallback = no_limit_usd,
                     .low = 0.0,
                     .high = no_limit_usd,
                     .unit = "USD",
                     .doc = "budget of the whole programme; without it there is no limit",
                     .source = "USD 3.0 billion for battery materials processing, over 1.2 billion for recycling in "
                               "the US infrastructure law"});
        keys.number("budget_usd_per_year", budget_usd_per_year_,
                    {.fallback = no_limit_usd,
                     .low = 0.0,
                     .high = no_limit_usd,
                     .unit = "USD/year",
                     .doc = "budget of a calendar year; claims beyond it wait for the next, first come, first served"});
        keys.number(
            "phase_out_years", phase_out_years_,
            {.fallback = 0.0,
             .low = 0.0,
             .high = 50.0,
             .unit = "years",
             .doc = "the rate falls in yearly steps over this many years before the end",
             .source =
                 "45X after 2025: 75 % in 2031, 50 % in 2032, 25 % in 2033, nothing from 2034: 3 years before 2034"});
        keys.number("clawback_years", clawback_years_,
                    {.fallback = 5.0,
                     .low = 0.0,
                     .high = 50.0,
                     .unit = "years",
                     .doc = "grants of this many past years are reclaimed for the share of a sector's capacity that "
                            "closes or goes bankrupt",
                     .source = "Japan: plants must operate for at least 5 years"});
    }

    void check_form(KeyReader& keys) {
        if (keys.describing()) {
            return;
        }
        const auto lacks = [&](const char* key, const char* why, const char* add) {
            keys.problem(key, "missing", why, add);
        };
        const auto stray = [&](const char* key, bool is_given, const char* form) {
            if (is_given) {
                keys.problem(key, "does not belong to this form", std::string("it is a key of ") + form,
                             "drop the key, or use form = \"" + std::string(form) + "\"");
            }
        };
        const bool credits = form_ == Form::production_credit || form_ == Form::demand_credit;
        if (form_ == Form::capex_grant && capex_share_ <= 0.0) {
            lacks("capex_share", "a grant needs its share of capital spending", "add capex_share = 0.5");
        }
        if (form_ == Form::production_credit && credit_usd_per_t_ + credit_price_share_ + credit_cost_share_ <= 0.0) {
            lacks("credit_usd_per_t", "a production credit needs a rate",
                  "add credit_usd_per_t, credit_price_share or credit_cost_share");
        }
        if (form_ == Form::demand_credit && credit_usd_per_t_ + credit_price_share_ <= 0.0) {
            lacks("credit_usd_per_t", "a demand credit needs a rate", "add credit_usd_per_t or credit_price_share");
        }
        if (form_ == Form::recycling_grant && capex_share_ + collect_share_ <= 0.0) {
            lacks("collect_share", "a recycling grant pays for plants or for collection",
                  "add capex_share or collect_share");
        }
        stray("capex_share", capex_share_ > 0.0 && form_ != Form::capex_grant && form_ != Form::recycling_grant,
              "capex_grant");
        stray("credit_usd_per_t", credit_usd_per_t_ > 0.0 && !credits, "production_credit");
        stray("credit_price_share", credit_price_share_ > 0.0 && !credits, "production_credit");
        stray("credit_cost_share", credit_cost_share_ > 0.0 && form_ != Form::production_credit, "production_credit");
        stray("collect_share", collect_share_ > 0.0 && form_ != Form::recycling_grant, "recycling_grant");
        stray("excluded_origins", !excluded_.words.empty() && form_ != Form::demand_credit, "demand_credit");
        stray(
            "origins",
            origins_.words != std::vector<std::string>{"*"} && keys.is_sound("origins") && form_ != Form::demand_credit,
            "demand_credit");
        if (phase_out_years_ > 0.0 && !measure_.has_end()) {
            lacks("end", "a phase-out needs an end", "add end = \"2034-01\"");
        }
    }

    static double limited(double usd) { return usd < no_limit_usd ? usd : std::numeric_limits<double>::infinity(); }
    bool gives_grants() const { return capex_share_ > 0.0; }
    Payee payee() const {
        if (form_ == Form::capex_grant) {
            return Payee::owners;
        }
        return form_ == Form::production_credit ? Payee::plants : Payee::outside;
    }

    /// Share of the rate that is left now: 3/4, 2/4, 1/4 in the last three years of a phase-out over 3 years.
    double phased_out(const PolicyView& view) const {
        if (phase_out_years_ <= 0.0 || !measure_.end_tick()) {
            return 1.0;
        }
        const double years = static_cast<double>(*measure_.end_tick() - view.tick()) / view.economy.ticks_per_year;
        return years > phase_out_years_ ? 1.0 : std::ceil(years - 1e-9) / (phase_out_years_ + 1.0);
    }

    /// How long investors may count on it: to the end, less half a year for each year of phase-out, and no longer than
    /// the budget lasts.
    double lasting_months(const PolicyView& view, const SubsidyBook& book) const {
        double months = std::numeric_limits<double>::infinity();
        if (measure_.end_tick()) {
            months = static_cast<double>(*measure_.end_tick() - view.tick()) * view.economy.months_per_tick() -
                     6.0 * phase_out_years_;
        }
        return std::max(0.0, std::min(months, book.lasting_months()));
    }

    void promise(const PolicyView& view, const SubsidyBook& book, double rate, Regime& regime) const {
        const SupportTerms terms{.payer = measure_.actor(),
                                 .believed_share = std::clamp(believed_share_ * book.believed(), 0.0, 1.0),
                                 .lasting_months = lasting_months(view, book),
                                 .cost = 0.0};
        const PlantSelector plants{beneficiary_ids_, plants_.processes_of(view.economy), measure_.goods()};
        if (form_ == Form::demand_credit) {
            promise_buyers(view, book, rate, regime);
        } else if (plants.processes.empty()) {
            return;
        } else if (form_ == Form::capex_grant) {
            regime.capex_share(plants, rate * capex_share_, terms);
        } else if (form_ == Form::production_credit) {
            promise_output(view, plants, rate, terms, regime);
        } else if (form_ == Form::recycling_grant) {
            if (capex_share_ > 0.0) {
                regime.capex_share(plants, rate * capex_share_, terms);
            }
            if (collect_share_ > 0.0) {
                SupportTerms collection = terms;
                collection.cost = collection_usd_per_t_;
                regime.collect(plants, rate * collect_share_, collection);
            }
        } else {
            SupportTerms loan = terms;
            loan.cost = loan_share_ * loan_cost_share_;
            regime.hurdle(plants, -rate * loan_share_ * loan_points_ / 100.0, loan);
        }
    }

    void promise_output(const PolicyView& view, const PlantSelector& plants, double rate, const SupportTerms& terms,
                        Regime& regime) const {
        if (credit_usd_per_t_ > 0.0) {
            regime.support(plants, rate * credit_usd_per_t_, terms);
        }
        if (credit_price_share_ > 0.0) {
            regime.support_share(plants, rate * credit_price_share_, terms);
        }
        if (credit_cost_share_ <= 0.0) {
            return;
        }
        // Cost is allocated to joint outputs by their value at the base date.
        for (const Cell& cell : view.economy.cells) {
            if ((cell.kind != FirmKind::miner && cell.kind != FirmKind::refiner) ||
                !plants.covers(cell.country, cell.process) || cell.reference_revenue_usd_per_t <= 0.0) {
                continue;
            }
            const double cost = cell.conversion_cost_usd_per_t + cell.reference_input_usd_per_t;
            for (std::size_t number = cell.inputs; number < cell.positions.size(); ++number) {
                const Position& output = cell.positions[number];
                if (plants.covers(output.good)) {
                    const double per_t =
                        cost / cell.reference_revenue_usd_per_t * view.economy.base_price[output.node.index()];
                    regime.support({{cell.country}, {cell.process}, {output.good}}, rate * credit_cost_share_ * per_t,
                                   terms);
                }
            }
        }
    }

    /// Credits for buyers are paid at once; where the year's budget would not suffice, all of them are cut in
    /// proportion.
    void promise_buyers(const PolicyView& view, const SubsidyBook& book, double rate, Regime& regime) const {
        struct Offer {
            CountryId buyers;
            GoodId good;
            double usd_per_t;
        };
        std::vector<Offer> offers;
        double expected = 0.0;
        for (const CountryId buyers : beneficiary_ids_) {
            for (const GoodId good : measure_.goods()) {
                const std::size_t node = view.economy.network.node(good, buyers).index();
                const double usd = rate * (credit_usd_per_t_ + credit_price_share_ * view.world.nodes.use_price[node]);
                offers.push_back({buyers, good, usd});
                expected += usd * eligible_purchases(view, good, buyers);
            }
        }
        // A year's budget is spread over the rest of the year.
        const int year = view.calendar.date_of(view.tick()).year;
        const double ticks = std::max(1.0, static_cast<double>(view.calendar.tick_of({year + 1, 1, 1}) - view.tick()));
        const double money =
            budget_usd_per_year_ < no_limit_usd ? book.left_for_new_claims() / ticks : book.left_for_new_claims();
        const double paid = expected > money ? money / expected : 1.0;
        for (const Offer& offer : offers) {
            if (offer.usd_per_t * paid > 0.0) {
                regime.buyer_credit(offer.buyers, {offer.good}, origin_ids_, offer.usd_per_t * paid, measure_.actor());
            }
        }
    }

    /// Tonnes that the country's buyers bought from eligible origins in the last tick.
    double eligible_purchases(const PolicyView& view, GoodId good, CountryId buyers) const {
        const auto eligible = [&](CountryId origin) {
            return std::find(origin_ids_.begin(), origin_ids_.end(), origin) != origin_ids_.end();
        };
        const GoodLanes& book = view.economy.network.goods[good.index()];
        const std::size_t node = view.economy.network.node(good, buyers).index();
        double tonnes =
            eligible(buyers) ? std::max(0.0, view.world.nodes.bought[node] - view.world.nodes.imports[node]) : 0.0;
        for (std::size_t number = 0; number < book.lanes.size(); ++number) {
            if (book.lanes[number].destination == buyers && eligible(book.lanes[number].origin)) {
                tonnes += view.world.lanes.flow[book.first_lane + number];
            }
        }
        return tonnes;
    }

    Measure measure_;
    Form form_ = Form::capex_grant;
    WrittenNames beneficiaries_, origins_, excluded_;
    SubsidyPlants plants_;
    std::vector<CountryId> beneficiary_ids_, origin_ids_;
    double capex_share_ = 0.0;
    double credit_usd_per_t_ = 0.0;
    double credit_price_share_ = 0.0;
    double credit_cost_share_ = 0.0;
    double collect_share_ = 0.0;
    double collection_usd_per_t_ = 0.0;
    double loan_share_ = 0.6;
    double loan_points_ = 3.0;
    double loan_cost_share_ = 0.1;
    double believed_share_ = 1.0;
    double budget_usd_ = no_limit_usd;
    double budget_usd_per_year_ = no_limit_usd;
    double phase_out_years_ = 0.0;
    double clawback_years_ = 5.0;
};

const Registered<Policy, Subsidy> registered{
    "subsidy",
    "a grant for building, a credit for output, a recycling grant, a loan guarantee, or a credit for buyers by origin"};

}  // namespace
}  // namespace ytterby

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "policies/measure.hpp"
#include "policies/subsidy/subsidy_form.hpp"

namespace ytterby {
namespace {

constexpr double no_limit_usd = 1e15;

/// Money from a treasury for plants or buyers in five forms: a grant for building, a credit for output, a grant for
/// recycling, a loan guarantee, and a credit for buyers by origin. Expresses section 45X, the grants of the US
/// infrastructure law and of the Defense Production Act, Japan's and Australia's programmes, and section 30D.
class Subsidy final : public Policy {
public:
    void read(KeyReader& keys) {
        measure_.read_without_partners(keys);
        const auto& forms = Registry<SubsidyForm>::instance();
        keys.form("form", forms.kinds(),
                  [&](KeyReader& inner, const std::string& form) {
                      std::unique_ptr<SubsidyForm> made = forms.make(form, inner);
                      if (!inner.describing()) {
                          form_ = std::move(made);
                      }
                  },
                  {.doc = "what the subsidy pays for"});
        read_beneficiaries(keys);
        read_money(keys);
    }

    void resolve(const Names& names, const Calendar& calendar, Problems& problems) override {
        measure_.resolve(names, calendar, problems);
        beneficiary_ids_ = resolve_countries(beneficiaries_, names, problems);
        if (form_) {
            form_->resolve(names, problems);
        }
    }

    const std::string& name() const override { return measure_.name(); }
    const PolicySchedule& schedule() const override { return measure_.schedule(); }
    /// After the end it still pays its arrears and reclaims grants.
    bool acts_out_of_force(const PolicyView& view) const override { return view.recall("books") != nullptr; }

    void apply(const PolicyView& view, PolicyMemory& memory, Regime& regime) const override {
        const std::optional<double> clawback = form_->clawback_years();
        SubsidyBook book(view, name(), {limited(budget_usd_), limited(budget_usd_per_year_)}, clawback.value_or(0.0),
                         clawback.has_value());
        book.claw_back(measure_.actor(), regime);
        book.pay_arrears(measure_.actor(), form_->payee(), regime);
        if (!view.since && !book.has_open_items()) {
            memory.clear();
            return;
        }
        book.write(memory);
        if (const double rate = view.since ? phased_out(view) : 0.0; rate > 0.0 && book.is_open()) {
            regime.fund(book.left_for_new_claims());
            form_->promise({.view = view,
                            .book = book,
                            .payer = measure_.actor(),
                            .beneficiaries = beneficiary_ids_,
                            .goods = measure_.goods(),
                            .rate = rate,
                            .lasting_months = lasting_months(view, book),
                            .has_yearly_budget = budget_usd_per_year_ < no_limit_usd},
                           regime);
        }
    }

private:
    void read_beneficiaries(KeyReader& keys) {
        std::vector<std::string> beneficiaries;
        keys.text_list("beneficiaries", beneficiaries,
                       {.fallback = std::vector<std::string>{},
                        .doc = "countries or groups whose plants or buyers get it; without it, the actor's own",
                        .source = "a state may pay abroad: Defense Production Act awards to Canadian mines (USD 14.7 "
                                  "million, May 2024)"});
        if (beneficiaries.empty()) {
            beneficiaries_ = measure_.written_actor();
        } else {
            beneficiaries_ = {keys.path_of("beneficiaries"), keys.location("beneficiaries"), beneficiaries};
        }
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
        if (phase_out_years_ > 0.0 && !schedule().has_end() && !keys.describing()) {
            keys.problem("end", "missing", "a phase-out needs an end", "add end = \"2034-01\"");
        }
    }

    static double limited(double usd) { return usd < no_limit_usd ? usd : std::numeric_limits<double>::infinity(); }

    /// Share of the rate that is left now: 3/4, 2/4, 1/4 in the last three years of a phase-out over 3 years.
    double phased_out(const PolicyView& view) const {
        if (phase_out_years_ <= 0.0 || !schedule().end_tick()) {
            return 1.0;
        }
        const double years = static_cast<double>(*schedule().end_tick() - view.tick()) / view.economy.ticks_per_year;
        return years > phase_out_years_ ? 1.0 : std::ceil(years - 1e-9) / (phase_out_years_ + 1.0);
    }

    /// How long investors may count on it: to the end, less half a year for each year of phase-out, and no longer than
    /// the budget lasts.
    double lasting_months(const PolicyView& view, const SubsidyBook& book) const {
        double months = std::numeric_limits<double>::infinity();
        if (schedule().end_tick()) {
            months = static_cast<double>(*schedule().end_tick() - view.tick()) * view.economy.months_per_tick() -
                     6.0 * phase_out_years_;
        }
        return std::max(0.0, std::min(months, book.lasting_months()));
    }

    Measure measure_;
    std::unique_ptr<SubsidyForm> form_;
    WrittenNames beneficiaries_;
    std::vector<CountryId> beneficiary_ids_;
    double budget_usd_ = no_limit_usd;
    double budget_usd_per_year_ = no_limit_usd;
    double phase_out_years_ = 0.0;
};

const Registered<Policy, Subsidy> registered_subsidy{
    "subsidy",
    "a grant for building, a credit for output, a recycling grant, a loan guarantee, or a credit for buyers by origin"};

}  // namespace
}  // namespace ytterby

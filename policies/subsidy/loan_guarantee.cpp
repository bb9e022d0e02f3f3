#include "policies/subsidy/subsidy_form.hpp"

namespace ytterby {
namespace {

/// A guarantee for loans to those who build, which makes their capital cheaper.
class LoanGuarantee final : public SubsidyForm {
public:
    void read(KeyReader& keys) {
        recipients_.read(keys);
        keys.number("loan_share", loan_share_,
                    {.fallback = 0.6,
                     .low = 0.0,
                     .high = 1.0,
                     .unit = "share",
                     .doc = "share of capital spending financed by the guaranteed loan",
                     .source = "assumed, 0.4-0.8: US Title XVII loans reach 0.8 (from memory, no source)"});
        keys.number("loan_points", loan_points_,
                    {.fallback = 3.0,
                     .low = 0.0,
                     .high = 20.0,
                     .unit = "points a year",
                     .doc = "percentage points by which the guaranteed loan costs less than other capital",
                     .source = "assumed, 1-6"});
        keys.number("loan_cost_share", loan_cost_share_,
                    {.fallback = 0.1,
                     .low = 0.0,
                     .high = 1.0,
                     .unit = "share of the loan",
                     .doc = "expected loss that the treasury sets aside, paid to lenders when construction begins",
                     .source = "assumed, 0.02-0.3: credit subsidy cost of US energy loans (from memory, no source)"});
    }

    void resolve(const Names& names, Problems& problems) override { recipients_.resolve(names, problems); }
    Payee payee() const override { return Payee::outside; }

    void promise(const Promise& now, Regime& regime) const override {
        if (const auto plants = recipients_.plants_of(now)) {
            SupportTerms terms = recipients_.terms_of(now);
            terms.cost = loan_share_ * loan_cost_share_;
            regime.hurdle(*plants, -now.rate * loan_share_ * loan_points_ / 100.0, terms);
        }
    }

private:
    PlantRecipients recipients_;
    double loan_share_ = 0.6;
    double loan_points_ = 3.0;
    double loan_cost_share_ = 0.1;
};

const Registered<SubsidyForm, LoanGuarantee> registered_loan_guarantee{"loan_guarantee",
                                                                       "a guarantee for loans to those who build"};

}  // namespace
}  // namespace ytterby

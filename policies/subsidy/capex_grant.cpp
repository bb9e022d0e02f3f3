#include "policies/subsidy/subsidy_form.hpp"

namespace ytterby {
namespace {

/// A share of capital spending on plants, paid when construction begins.
class CapexGrant final : public SubsidyForm {
public:
    void read(KeyReader& keys) {
        recipients_.read(keys);
        grant_.read(keys);
        if (!keys.describing() && keys.is_sound("capex_share") && !grant_.on()) {
            keys.problem("capex_share", "missing", "a grant needs its share of capital spending",
                         "add capex_share = 0.5");
        }
    }

    void resolve(const Names& names, Problems& problems) override { recipients_.resolve(names, problems); }
    Payee payee() const override { return Payee::owners; }
    std::optional<double> clawback_years() const override { return grant_.clawback_years(); }

    void promise(const Promise& now, Regime& regime) const override {
        if (const auto plants = recipients_.plants_of(now)) {
            grant_.promise(now, *plants, recipients_.terms_of(now), regime);
        }
    }

private:
    PlantRecipients recipients_;
    CapitalGrant grant_;
};

const Registered<SubsidyForm, CapexGrant> registered_capex_grant{"capex_grant", "a grant for building"};

}  // namespace
}  // namespace ytterby

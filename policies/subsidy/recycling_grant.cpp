#include "policies/subsidy/subsidy_form.hpp"

namespace ytterby {
namespace {

/// Money for recycling: a share of capital spending on plants, and for every tonne of metal from scrap.
class RecyclingGrant final : public SubsidyForm {
public:
    void read(KeyReader& keys) {
        recipients_.read(keys, {"recycling"});
        grant_.read(keys);
        keys.number("scrap_usd_per_t", scrap_usd_per_t_,
                    {.fallback = 0.0,
                     .low = 0.0,
                     .high = 1e9,
                     .unit = "USD/t",
                     .doc = "paid to collectors for every tonne of metal recovered from scrap; it is collected as if "
                            "recyclers paid so much more",
                     .source = "assumed, 500-5,000"});
        keys.refuse("collect_share", "scrap is collected for what is paid for it, not by a share",
                    "drop the key and give scrap_usd_per_t: the share of scrap that comes to more is about "
                    "recycling.collection_elasticity x scrap_usd_per_t / price of scrap");
        keys.refuse("collection_usd_per_t", "it was paid on additional tonnes alone; now all tonnes are paid for",
                    "give scrap_usd_per_t, which every tonne of metal recovered from scrap is paid");
        if (!keys.describing() && keys.is_sound("scrap_usd_per_t") && keys.is_sound("capex_share") && !grant_.on() &&
            scrap_usd_per_t_ <= 0.0) {
            keys.problem("scrap_usd_per_t", "missing", "a recycling grant pays for plants or for scrap",
                         "add capex_share or scrap_usd_per_t");
        }
    }

    void resolve(const Names& names, Problems& problems) override { recipients_.resolve(names, problems); }
    Payee payee() const override { return Payee::outside; }
    std::optional<double> clawback_years() const override { return grant_.clawback_years(); }

    void promise(const Promise& now, Regime& regime) const override {
        const auto plants = recipients_.plants_of(now);
        if (!plants) {
            return;
        }
        const SupportTerms terms = recipients_.terms_of(now);
        grant_.promise(now, *plants, terms, regime);
        if (scrap_usd_per_t_ > 0.0) {
            regime.scrap_support(*plants, now.rate * scrap_usd_per_t_, terms);
        }
    }

private:
    PlantRecipients recipients_;
    CapitalGrant grant_;
    double scrap_usd_per_t_ = 0.0;
};

const Registered<SubsidyForm, RecyclingGrant> registered_recycling_grant{
    "recycling_grant", "a grant for plants, and support for every tonne from scrap"};

}  // namespace
}  // namespace ytterby

#include "policies/subsidy/subsidy_form.hpp"

namespace ytterby {
namespace {

/// Money for recycling: a share of capital spending on plants, and additional collection.
class RecyclingGrant final : public SubsidyForm {
public:
    void read(KeyReader& keys) {
        recipients_.read(keys, {"recycling"});
        grant_.read(keys);
        keys.number("collect_share", collect_share_,
                    {.fallback = 0.0,
                     .low = 0.0,
                     .high = 1.0,
                     .unit = "share of end-of-life flow",
                     .doc = "additional share of end-of-life metal that is collected",
                     .source = "assumed, 0.02-0.2"});
        keys.keys_with({"collect_share"}, [this](KeyReader& inner) {
            inner.number("collection_usd_per_t", collection_usd_per_t_,
                         {.fallback = 0.0,
                          .low = 0.0,
                          .high = 1e9,
                          .unit = "USD/t",
                          .doc = "cost of the additional collection, per tonne recovered"});
        });
        if (!keys.describing() && keys.is_sound("collect_share") && keys.is_sound("capex_share") && !grant_.on() &&
            collect_share_ <= 0.0) {
            keys.problem("collect_share", "missing", "a recycling grant pays for plants or for collection",
                         "add capex_share or collect_share");
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
        SupportTerms terms = recipients_.terms_of(now);
        grant_.promise(now, *plants, terms, regime);
        if (collect_share_ > 0.0) {
            terms.cost = collection_usd_per_t_;
            regime.collect(*plants, now.rate * collect_share_, terms);
        }
    }

private:
    PlantRecipients recipients_;
    CapitalGrant grant_;
    double collect_share_ = 0.0;
    double collection_usd_per_t_ = 0.0;
};

const Registered<SubsidyForm, RecyclingGrant> registered_recycling_grant{"recycling_grant",
                                                                         "a grant for plants and collection"};

}  // namespace
}  // namespace ytterby

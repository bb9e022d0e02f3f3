#include <string>

#include "policies/measure.hpp"
#include "policies/news.hpp"

namespace ytterby {
namespace {

/// A tariff of the actor on imports from the partners, ad valorem, specific or both: Section 301, Section 232, or a
/// tariff on all origins with exemptions. A rate for some origins or goods is a block of its own; rates add up. An
/// `agreement` may waive them.
class Tariff final : public Policy {
public:
    void read(KeyReader& keys) {
        measure_.read(keys);
        measure_.count_days();
        refuse_news(keys, "a tariff");
        keys.number(
            "rate_share", rate_share_,
            {.fallback = 0.0,
             .low = 0.0,
             .high = 10.0,
             .unit = "share of landed value",
             .doc = "ad valorem rate on the value at the border, freight and export duty included: 0.25 is 25 %"});
        keys.number("rate_usd_per_t", rate_usd_per_t_,
                    {.fallback = 0.0,
                     .low = 0.0,
                     .high = 1e9,
                     .unit = "USD/t",
                     .doc = "specific rate, on top of the ad valorem one"});
        if (!keys.describing() && keys.is_sound("rate_share") && keys.is_sound("rate_usd_per_t") &&
            rate_share_ == 0.0 && rate_usd_per_t_ == 0.0) {
            keys.problem("rate_share", "a tariff without a rate", "neither an ad valorem nor a specific rate is given",
                         "add rate_share = 0.25 or rate_usd_per_t = ...");
        }
    }

    void resolve(const Names& names, const Calendar& calendar, Problems& problems) override {
        measure_.resolve(names, calendar, problems);
    }

    const PolicySchedule& schedule() const override { return measure_.schedule(); }

    void apply(const PolicyView& view, PolicyMemory&, Regime& regime) const override {
        const Selector imports = measure_.imports();
        if (rate_share_ > 0.0) {
            regime.tariff(imports, rate_share_ * view.in_force());
        }
        if (rate_usd_per_t_ > 0.0) {
            regime.specific_tariff(imports, rate_usd_per_t_ * view.in_force());
        }
    }

    const std::string& name() const override { return measure_.name(); }

private:
    Measure measure_;
    double rate_share_ = 0.0;
    double rate_usd_per_t_ = 0.0;
};

const Registered<Policy, Tariff> registered_tariff{"tariff",
                                                   "an ad valorem or specific tariff on imports, by origin and good"};

}  // namespace
}  // namespace ytterby

#include <algorithm>
#include <string>

#include "policies/measure.hpp"

namespace ytterby {
namespace {

/// A national reserve: it buys at home until it holds so many days of use, and sells where users go short.
class ExampleReserve final : public Policy {
public:
    void read(KeyReader& keys) {
        measure_.read_without_partners(keys);
        keys.number("target_days", target_days_,
                    {.low = 1.0, .high = 3650.0, .unit = "days", .doc = "use that the reserve covers when it is full"});
        keys.number("fill_months", fill_months_,
                    {.fallback = 24.0, .low = 1.0, .high = 600.0, .unit = "months", .doc = "time in which it fills"});
        keys.number("buy_limit", buy_limit_,
                    {.fallback = 1.1,
                     .low = 0.0,
                     .high = 100.0,
                     .unit = "x base price",
                     .doc = "it buys up to this price and sells from it on",
                     .source = "assumed, 1-1.3"});
        keys.number("short_share", short_share_,
                    {.fallback = 0.05,
                     .low = 0.0,
                     .high = 1.0,
                     .unit = "share of need",
                     .doc = "it sells where more of the need than this was not met in the last tick"});
    }

    void resolve(const Names& names, const Calendar& calendar, Problems& problems) override {
        measure_.resolve(names, calendar, problems);
    }

    const std::string& name() const override { return measure_.name(); }
    const PolicySchedule& schedule() const override { return measure_.schedule(); }

    void apply(const PolicyView& view, PolicyMemory&, Regime& regime) const override {
        const CountryId home = measure_.actor();
        for (const GoodId good : measure_.goods()) {
            const double limit = buy_limit_ * view.base_price(home, good);
            const double held = view.reserve_of(name(), home, good);
            if (view.unmet_share(home, good) > short_share_) {
                // The whole reserve is on offer; the market takes what its price buys.
                regime.release(home, good, held, limit, {{home, 1.0}});
                continue;
            }
            const double target = view.tonnes_of_days(home, good, target_days_);
            const double per_tick = target * view.economy.months_per_tick() / fill_months_;
            regime.purchase(home, good, std::clamp(target - held, 0.0, per_tick), limit, {{home, 1.0}});
        }
    }

private:
    Measure measure_;
    double target_days_ = 60.0;
    double fill_months_ = 24.0;
    double buy_limit_ = 1.1;
    double short_share_ = 0.05;
};

const Registered<Policy, ExampleReserve> registered{"example_reserve",
                                                    "a national reserve, as an example of a policy on stocks"};

}  // namespace
}  // namespace ytterby

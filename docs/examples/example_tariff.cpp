#include <string>

#include "policies/measure.hpp"

namespace ytterby {
namespace {

/// An ad valorem tariff of the actor on goods that come from the partners.
class ExampleTariff final : public Policy {
public:
    /// Declares every key once: value, default, bounds, unit, meaning.
    void read(KeyReader& keys) {
        measure_.read(keys);
        keys.number("rate_share", rate_share_,
                    {.low = 0.0, .high = 10.0, .unit = "share of landed value", .doc = "tariff rate: 0.25 is 25 %"});
    }

    /// Looks up names and dates; every finding goes to `problems` with its line and column.
    void resolve(const Names& names, const Calendar& calendar, Problems& problems) override {
        measure_.resolve(names, calendar, problems);
    }

    const std::string& name() const override { return measure_.name(); }
    const PolicySchedule& schedule() const override { return measure_.schedule(); }

    /// Called in the ticks in which the schedule has it in force.
    void apply(const PolicyView&, PolicyMemory&, Regime& regime) const override {
        regime.tariff(measure_.imports(), rate_share_);
    }

private:
    Measure measure_;
    double rate_share_ = 0.0;
};

const Registered<Policy, ExampleTariff> registered{"example_tariff", "an ad valorem tariff, as an example of a policy"};

}  // namespace
}  // namespace ytterby

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

    /// Reads the world, speaks verbs, touches nothing else.
    void apply(const PolicyView& view, Regime& regime) const override {
        const Selector exports = measure_.exports();
        // Tariffs are on imports: from the partners to the actor.
        const Selector imports{exports.destinations, exports.origins, exports.goods};
        measure_.announce(view, imports, 0.0, regime);
        if (!measure_.in_force_since(view)) {
            return;
        }
        regime.tariff(imports, rate_share_);
        PolicyMemory memory = view.memory;
        measure_.remember(view, memory);
        regime.remember(memory);
    }

    const std::string& name() const override { return measure_.name(); }

private:
    Measure measure_;
    double rate_share_ = 0.0;
};

const Registered<Policy, ExampleTariff> registered{"example_tariff", "an ad valorem tariff, as an example of a policy"};

}  // namespace
}  // namespace ytterby

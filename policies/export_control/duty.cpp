#include "policies/export_control/control_form.hpp"

namespace ytterby {
namespace {

/// An ad valorem duty on exports.
class Duty final : public ControlForm {
public:
    void read(KeyReader& keys) {
        refuse_news(keys, "a duty");
        keys.number("duty_share", share_,
                    {.low = 0.0, .high = 10.0, .unit = "share of FOB value", .doc = "rate: 0.25 is 25 %"});
    }

    void apply(const ControlledLanes& now, PolicyMemory&, Regime& regime) const override {
        regime.export_duty(now.lanes, share_ * now.view.in_force());
    }

private:
    double share_ = 0.0;
};

const Registered<ControlForm, Duty> registered_duty{"duty", "an ad valorem duty on exports"};

}  // namespace
}  // namespace ytterby

#include "policies/export_control/control_form.hpp"

namespace ytterby {
namespace {

/// No exports, but for a share that leaks at a premium.
class Ban final : public ControlForm {
public:
    void read(KeyReader& keys) {
        news_.read(keys);
        keys.number("leak_share", leak_share_,
                    {.fallback = 0.0,
                     .low = 0.0,
                     .high = 1.0,
                     .unit = "share of usual flow",
                     .doc = "exports that still pass (smuggling, false declarations)"});
        keys.keys_with({"leak_share"}, [this](KeyReader& inner) {
            inner.number("leak_premium_usd_per_t", leak_premium_usd_per_t_,
                         {.fallback = 0.0,
                          .low = 0.0,
                          .high = 1e9,
                          .unit = "USD/t",
                          .doc = "extra cost of a tonne that passes"});
        });
    }

    void resolve(const Calendar& calendar) override { news_.resolve(calendar); }
    const News* news() const override { return &news_; }
    double affected_share(const ControlledLanes&) const override { return 1.0 - leak_share_; }

    void apply(const ControlledLanes& now, PolicyMemory&, Regime& regime) const override {
        regime.ban(now.lanes, BanKind::export_control);
        regime.leak(now.lanes, leak_share_, leak_premium_usd_per_t_);
        regime.believe(now.lanes, 0.0, news_.expected_months());
    }

private:
    News news_;
    double leak_share_ = 0.0;
    double leak_premium_usd_per_t_ = 0.0;
};

const Registered<ControlForm, Ban> registered_ban{"ban", "no exports"};

}  // namespace
}  // namespace ytterby

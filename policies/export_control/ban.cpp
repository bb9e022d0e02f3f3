#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "policies/export_control/control_form.hpp"
#include "policies/export_control/dated_shares.hpp"

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
                     .doc = "exports that pass all the same (smuggling, false declarations) where the price abroad is "
                            "far above the price inside: l of l x usual flow x max(0, 1 - inside x (1 + risk) / "
                            "abroad)",
                     .source = "rare earths: a third of legal exports in 2006-08, more in 2011"});
        keys.keys_with({"leak_share"}, [this](KeyReader& inner) {
            inner.number("leak_risk_share", leak_risk_share_,
                         {.fallback = 0.2,
                          .low = 0.0,
                          .high = 20.0,
                          .unit = "share of the price inside",
                          .doc = "what the risk of being caught adds to the cost of a tonne",
                          .source = "assumed, 0-1"});
            leak_steps_.read(inner, {.dates = "leak_dates",
                                     .shares = "leak_shares",
                                     .dates_doc = "days from which leak_share is another, in order",
                                     .shares_doc = "leak_share from each of these days on"});
        });
        keys.refuse("leak_premium_usd_per_t",
                    "leaks grow with the gap between the prices now, and the gap is the premium of those who carry",
                    "drop the key and write leak_risk_share = the old premium over the price inside");
    }

    void resolve(const Calendar& calendar) override {
        news_.resolve(calendar);
        leak_steps_.resolve(calendar);
    }
    const News* news() const override { return &news_; }
    double affected_share(const ControlledLanes&) const override { return 1.0 - leak_share_; }

    std::vector<Expectation::Step> expected_steps(const ControlledLanes& now, std::int64_t start) const override {
        return steps_from(start, now.view.late_start, leak_share_);
    }

    void apply(const ControlledLanes& now, PolicyMemory&, Regime& regime) const override {
        if (now.view.out_of_force > 0.0) {
            pass_open_days(now, regime);
        } else {
            regime.ban(now.lanes, BanKind::export_control);
            leak(now, regime);
        }
        regime.believe(now.lanes, 0.0, news_.expected_months());
    }

private:
    /// The most that leaks over each lane: a share of the larger of its usual flow before the ban and that of the base
    /// date, so that it does not fade while the lane is closed.
    void leak(const ControlledLanes& now, Regime& regime) const {
        const double share = leak_steps_.mean_in(now.view.tick(), leak_share_);
        for (std::size_t number = 0; number < now.covered.size() && share > 0.0; ++number) {
            const double usual = std::max(now.usual[number], now.covered[number].lane->base_flow_t);
            if (usual > 0.0) {
                regime.leak(now.covered[number].alone(), share * usual, leak_risk_share_);
            }
        }
        if (share <= 0.0) {
            regime.leak(now.lanes, 0.0, 0.0);
        }
    }

    /// In a tick in which the ban begins or ends the usual flow of the open days passes.
    void pass_open_days(const ControlledLanes& now, Regime& regime) const {
        for (std::size_t number = 0; number < now.covered.size(); ++number) {
            regime.cap(now.covered[number].alone(), now.view.out_of_force * now.usual[number]);
        }
    }

    News news_;
    double leak_share_ = 0.0;
    double leak_risk_share_ = 0.2;
    DatedShares leak_steps_;
};

const Registered<ControlForm, Ban> registered_ban{"ban", "no exports"};

}  // namespace
}  // namespace ytterby

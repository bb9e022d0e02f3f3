#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/maths.hpp"
#include "policies/export_control/control_form.hpp"

namespace ytterby {
namespace {

/// A lane's need at its destination relative to the base date: as the outlook and dated shocks give it, without the
/// month's noise and without substitution.
double need_of(const PolicyView& view, const CoveredLane& lane) {
    const std::size_t node = view.economy.network.node(lane.good, lane.lane->destination).index();
    const double years = static_cast<double>(view.tick()) / view.economy.ticks_per_year;
    return view.world.nodes.stepped[node] *
           (view.economy.outlook.need.empty() ? 1.0 : view.economy.outlook.need.at(node, years));
}

/// A licence that takes time and grants part of what is applied for.
class Licence final : public ControlForm {
public:
    void read(KeyReader& keys) {
        news_.read(keys);
        read_approval(keys);
        compliance_.read(keys);
        read_rent_holder(keys, rent_holder_);
    }

    void resolve(const Calendar& calendar) override {
        news_.resolve(calendar);
        decision_ticks_ = calendar.whole_ticks_of_working_days(processing_working_days_);
    }

    const News* news() const override { return &news_; }
    double affected_share(const ControlledLanes&) const override { return 1.0 - approval_share_; }

    void note_before(const ControlledLanes& now, PolicyMemory& memory) const override {
        if (now.view.recall("need", now.covered.size()) != nullptr) {
            return;
        }
        std::vector<double> need;
        need.reserve(now.covered.size());
        for (const CoveredLane& lane : now.covered) {
            need.push_back(need_of(now.view, lane));
        }
        memory["need"] = std::move(need);
    }

    /// A lane's ceiling in a tick is the approved share of the applications made one processing time ago; nothing
    /// passes before the first decisions. Buyers apply for what they would import at the origin's price.
    void apply(const ControlledLanes& now, PolicyMemory& memory, Regime& regime) const override {
        const PolicyView& view = now.view;
        const std::vector<double> usual = grown_with_need(now, memory.at("need"));
        const std::size_t lanes = now.covered.size();
        std::vector<double> queue = pending_applications(now, usual);
        const double decided_months =
            static_cast<double>(view.tick() - *view.since - decision_ticks_) * view.economy.months_per_tick();
        const double ramp = ramp_months_ > 0.0
                                ? std::clamp((decided_months + view.economy.months_per_tick()) / ramp_months_, 0.0, 1.0)
                                : 1.0;
        for (std::size_t number = 0; number < lanes; ++number) {
            const CoveredLane& lane = now.covered[number];
            const double applied = applications(view, lane, usual[number]);
            const double decided = decision_ticks_ > 0 ? queue[number] : applied;
            queue.push_back(applied);
            const Selector one{{lane.lane->origin}, {lane.lane->destination}, {lane.good}};
            regime.cap(one, approval_share_ * ramp * decided, rent_holder_);
        }
        queue.erase(queue.begin(), queue.begin() + static_cast<std::ptrdiff_t>(lanes));
        regime.believe(now.lanes, approval_share_, news_.expected_months());
        memory["applications"] = std::move(queue);
        compliance_.apply(now.lanes, regime);
    }

private:
    void read_approval(KeyReader& keys) {
        keys.number("approval_share", approval_share_,
                    {.fallback = 0.5,
                     .low = 0.0,
                     .high = 1.0,
                     .unit = "share",
                     .doc = "share of the tonnes applied for that is granted",
                     .source = "assumed, 0-1; after China's licences of 2023 exports of gallium recovered, those of "
                               "germanium did not"});
        keys.number(
            "processing_working_days", processing_working_days_,
            {.fallback = 45.0,
             .low = 0.0,
             .high = 520.0,
             .unit = "working days",
             .doc = "time from application to decision",
             .source = "45 working days: MOFCOM, gallium and germanium licences from 1 August 2023 (Fastmarkets)"});
        keys.number("ramp_months", ramp_months_,
                    {.fallback = 0.0,
                     .low = 0.0,
                     .high = 120.0,
                     .unit = "months",
                     .doc = "approvals rise linearly to approval_share over this time after the first decisions"});
        keys.number("application_ceiling", application_ceiling_,
                    {.fallback = 1.5,
                     .low = 1.0,
                     .high = 10.0,
                     .unit = "x usual flow",
                     .doc = "buyers apply for at most this multiple of the flow before the control, which grows with "
                            "their demand",
                     .source = "assumed, 1.2-3"});
    }

    /// Usual flows, grown since they were noted in proportion to the needs of their destinations: applications for
    /// licences grow with demand.
    static std::vector<double> grown_with_need(const ControlledLanes& now, const std::vector<double>& before) {
        std::vector<double> grown(now.usual);
        for (std::size_t number = 0; number < now.covered.size(); ++number) {
            grown[number] *= before[number] > 0.0 ? need_of(now.view, now.covered[number]) / before[number] : 1.0;
        }
        return grown;
    }

    /// Applications of the last `decision_ticks_` ticks, oldest first, lane by lane.
    std::vector<double> pending_applications(const ControlledLanes& now, const std::vector<double>& usual) const {
        const PolicyView& view = now.view;
        const auto wait = static_cast<std::size_t>(decision_ticks_);
        if (const auto* known = view.recall("applications", wait * now.covered.size())) {
            return *known;
        }
        // A licence older than the run has decisions pending on the applications made since its start.
        std::vector<double> queue;
        for (std::int64_t applied_at = view.tick() - decision_ticks_; applied_at < view.tick(); ++applied_at) {
            for (const double tonnes : usual) {
                queue.push_back(applied_at >= *view.since ? application_ceiling_ * tonnes : 0.0);
            }
        }
        return queue;
    }

    /// Imports over the lane at the origin's price, at most the ceiling.
    double applications(const PolicyView& view, const CoveredLane& covered, double reference) const {
        const TradeLane& lane = *covered.lane;
        const double most = application_ceiling_ * reference;
        if (lane.preference_slope_usd_per_t <= 0.0) {
            return most;
        }
        const double pull = std::min(50.0, view.world.lanes.premium[covered.index] / lane.preference_slope_usd_per_t);
        return std::max(0.0, std::min((reference + lane.opening_flow_t) * exp(pull) - lane.opening_flow_t, most));
    }

    News news_;
    ComplianceCost compliance_;
    double approval_share_ = 0.5;
    double processing_working_days_ = 45.0;
    double ramp_months_ = 0.0;
    double application_ceiling_ = 1.5;
    RentHolder rent_holder_ = RentHolder::seller;
    std::int64_t decision_ticks_ = 2;
};

const Registered<ControlForm, Licence> registered_licence{"licence", "a licence that takes time and grants a share"};

}  // namespace
}  // namespace ytterby

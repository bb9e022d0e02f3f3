#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "policies/export_control/control_form.hpp"
#include "policies/export_control/dated_shares.hpp"

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

/// A licence that takes time and lets a share of the usual flow pass, by dated steps.
class Licence final : public ControlForm {
public:
    void read(KeyReader& keys) {
        news_.read(keys);
        read_approval(keys);
        read_steps(keys);
        compliance_.read(keys);
        read_rent_holder(keys, rent_holder_);
    }

    void resolve(const Calendar& calendar) override {
        news_.resolve(calendar);
        decision_ticks_ = calendar.whole_ticks_of_working_days(processing_working_days_);
        steps_.resolve(calendar);
    }

    const News* news() const override { return &news_; }
    double affected_share(const ControlledLanes&) const override { return std::max(0.0, 1.0 - approval_share_); }

    /// Nothing until the first decisions, then the ramp of approvals, then the dated steps.
    std::vector<Expectation::Step> expected_steps(const ControlledLanes& now, std::int64_t start) const override {
        const double months = now.view.economy.months_per_tick();
        const std::int64_t decided = start + decision_ticks_;
        std::set<std::int64_t> dates{start, start + 1};
        for (std::int64_t tick = 0; tick <= static_cast<std::int64_t>(std::ceil(ramp_months_ / months)) + 1; ++tick) {
            dates.insert(decided + tick);
        }
        for (const std::int64_t tick : steps_.ticks()) {
            dates.insert({std::max(start, tick), std::max(start, tick + 1)});
        }
        std::vector<Expectation::Step> expected;
        for (const std::int64_t tick : dates) {
            const double before = tick == start ? now.view.late_start : 0.0;
            const double open = before + decided_part(now.view, tick - start) * granted_share(tick);
            if (expected.empty() || expected.back().open_share != open) {
                expected.push_back({tick, open});
            }
        }
        return expected;
    }

    void note_before(const ControlledLanes& now, PolicyMemory& memory) const override {
        if (!follows_need_) {
            memory.erase("need");
        }
        if (!follows_need_ || now.view.recall("need", now.covered.size()) != nullptr) {
            return;
        }
        std::vector<double> need;
        need.reserve(now.covered.size());
        for (const CoveredLane& lane : now.covered) {
            need.push_back(need_of(now.view, lane));
        }
        memory["need"] = std::move(need);
    }

    /// A lane's ceiling in a tick is the granted share of its usual flow; nothing passes before the first decisions,
    /// and the usual flow on days on which the licence is not in force. What buyers apply for beyond the usual flow is
    /// not granted.
    void apply(const ControlledLanes& now, PolicyMemory& memory, Regime& regime) const override {
        const PolicyView& view = now.view;
        const double share = granted_share(view.tick());
        const double granted = decided_part(view, view.tick() - *view.since) * share * (1.0 - part_after_end(view));
        std::vector<double> caps;
        for (std::size_t number = 0; number < now.covered.size(); ++number) {
            const double grown = follows_need_ ? growth(now, number, memory.at("need")) : 1.0;
            caps.push_back((granted * grown + view.out_of_force) * now.usual[number]);
        }
        const double more = 1.0 + passed_on(now);
        memory["granted"] = caps;
        for (std::size_t number = 0; number < caps.size(); ++number) {
            regime.cap(now.covered[number].alone(), more * caps[number], rent_holder_);
        }
        regime.believe(now.lanes, std::min(1.0, share), news_.expected_months());
        compliance_.apply(now, regime);
    }

private:
    void read_approval(KeyReader& keys) {
        keys.number("approval_share", approval_share_,
                    {.fallback = 0.5,
                     .low = 0.0,
                     .high = 1.0,
                     .unit = "share of usual flow",
                     .doc = "share of each lane's usual flow that is granted: 0.75 ends at 0.75 of what flowed before "
                            "traders knew of the licence",
                     .source = "assumed, 0-1; after China's licences of 2023 exports of gallium recovered, those of "
                               "germanium did not"});
        keys.boolean("follows_need", follows_need_,
                     {.fallback = false,
                      .doc = "the granted tonnes grow with the need of their destinations (outlook and dated shocks)"});
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
        keys.refuse(
            "application_ceiling",
            "approval_share is a share of the usual flow now, no longer of applications that may be a multiple "
            "of it, so there is nothing left to limit",
            "drop the key and write approval_share = the old approval_share x application_ceiling (1.5 where "
            "none was given), at most 1; add follows_need = true where tonnes shall grow with demand as before");
    }

    void read_steps(KeyReader& keys) {
        steps_.read(keys, {.dates = "step_dates",
                           .shares = "step_shares",
                           .dates_doc = "days from which another share of the usual flow is granted, in order; traders "
                                        "know of them with the licence (a step that surprises them is a licence of its "
                                        "own)",
                           .shares_doc = "the share from each of these days on: less than before tightens the licence, "
                                         "more loosens it; above 1 where the usual flow was rationed already",
                           .high = 10.0});
    }

    /// The part of applications that is decided some ticks after the first: none before the first decisions, then it
    /// rises with the ramp. A licence that began late in its first tick is that much later ever after.
    double decided_part(const PolicyView& view, std::int64_t ticks) const {
        const double months = view.economy.months_per_tick();
        const auto part = [&](std::int64_t at) {
            if (at < decision_ticks_) {
                return 0.0;
            }
            return ramp_months_ > 0.0
                       ? std::min(1.0, static_cast<double>(at - decision_ticks_ + 1) * months / ramp_months_)
                       : 1.0;
        };
        return view.late_start * part(ticks - 1) + (1.0 - view.late_start) * part(ticks);
    }

    /// The mean of the granted share over a tick.
    double granted_share(std::int64_t tick) const { return steps_.mean_in(tick, approval_share_); }

    /// The part of this tick that lies after the licence's last day.
    static double part_after_end(const PolicyView& view) {
        return view.out_of_force - (view.tick() == *view.since ? view.late_start : 0.0);
    }

    /// What lanes that another measure has closed leave of last tick's grants, relative to all of them: it is granted
    /// to the applicants of other countries, from where it may go on. A lane that carries half its grant leaves
    /// nothing.
    static double passed_on(const ControlledLanes& now) {
        const std::vector<double>* const granted = now.view.recall("granted", now.covered.size());
        if (granted == nullptr) {
            return 0.0;
        }
        double all = 0.0;
        double left = 0.0;
        for (std::size_t number = 0; number < granted->size(); ++number) {
            const double grant = (*granted)[number];
            all += grant;
            left += std::max(0.0, grant - 2.0 * now.view.world.lanes.flow[now.covered[number].index]);
        }
        return left < all ? left / (all - left) : 0.0;
    }

    /// By how much a lane's destination needs more than when its usual flow was noted. Ores have no need of their own.
    static double growth(const ControlledLanes& now, std::size_t number, const std::vector<double>& before) {
        return before[number] > 0.0 ? need_of(now.view, now.covered[number]) / before[number] : 1.0;
    }

    News news_;
    ComplianceCost compliance_;
    double approval_share_ = 0.5;
    bool follows_need_ = false;
    double processing_working_days_ = 45.0;
    double ramp_months_ = 0.0;
    DatedShares steps_;
    RentHolder rent_holder_ = RentHolder::seller;
    std::int64_t decision_ticks_ = 2;
};

const Registered<ControlForm, Licence> registered_licence{"licence", "a licence that takes time and grants a share"};

}  // namespace
}  // namespace ytterby

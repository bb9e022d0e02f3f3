#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

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
        for (std::size_t number = 0; number < step_dates_.size(); ++number) {
            steps_.push_back({calendar.tick_holding(step_dates_[number]), calendar.part_before(step_dates_[number]),
                              step_shares_[number]});
        }
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
        for (const Step& step : steps_) {
            dates.insert({std::max(start, step.tick), std::max(start, step.tick + 1)});
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
        for (std::size_t number = 0; number < now.covered.size(); ++number) {
            const double grown = follows_need_ ? growth(now, number, memory.at("need")) : 1.0;
            regime.cap(now.covered[number].alone(), (granted * grown + view.out_of_force) * now.usual[number],
                       rent_holder_);
        }
        regime.believe(now.lanes, std::min(1.0, share), news_.expected_months());
        compliance_.apply(now, regime);
    }

private:
    /// The share of the usual flow that is granted from a date on.
    struct Step {
        std::int64_t tick = 0;
        double part_before = 0.0;  // of that tick
        double share = 1.0;
    };

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
        std::vector<std::string> dates;
        keys.text_list("step_dates", dates,
                       {.fallback = std::vector<std::string>{},
                        .doc = "days from which another share of the usual flow is granted, in order; traders know of "
                               "them with the licence (a step that surprises them is a licence of its own)",
                        .may_hold_dates = true});
        keys.keys_with({"step_dates"}, [this](KeyReader& inner) {
            inner.number_list("step_shares", step_shares_,
                              {.fallback = std::vector<double>{},
                               .low = 0.0,
                               .high = 10.0,
                               .unit = "share of usual flow",
                               .doc = "the share from each of these days on: less than before tightens the licence, "
                                      "more loosens it; above 1 where the usual flow was rationed already"});
        });
        if (keys.describing()) {
            return;
        }
        step_dates_.clear();
        for (const std::string& text : dates) {
            const std::optional<Date> date = parse_date(text);
            if (!date) {
                keys.problem("step_dates", "'" + text + "' is not a date", "", "write YYYY-MM or YYYY-MM-DD");
            } else if (!step_dates_.empty() && *date <= step_dates_.back()) {
                keys.problem("step_dates", format_date(*date) + " is not after " + format_date(step_dates_.back()),
                             "each step replaces the share of the one before", "put the dates in order");
            } else {
                step_dates_.push_back(*date);
            }
        }
        if (keys.is_sound("step_dates") && keys.is_sound("step_shares") && step_dates_.size() != step_shares_.size()) {
            keys.problem("step_shares",
                         "there are " + std::to_string(step_shares_.size()) + " shares for " +
                             std::to_string(step_dates_.size()) + " dates",
                         "each date has its share", "give step_shares as many numbers as step_dates has days");
        }
        step_shares_.resize(step_dates_.size());
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
    double granted_share(std::int64_t tick) const {
        double share = approval_share_;
        double mean = 0.0;
        double passed = 0.0;
        for (const Step& step : steps_) {
            if (step.tick == tick) {
                mean += (step.part_before - passed) * share;
                passed = step.part_before;
            }
            share = step.tick <= tick ? step.share : share;
        }
        return mean + (1.0 - passed) * share;
    }

    /// The part of this tick that lies after the licence's last day.
    static double part_after_end(const PolicyView& view) {
        return view.out_of_force - (view.tick() == *view.since ? view.late_start : 0.0);
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
    std::vector<Date> step_dates_;
    std::vector<double> step_shares_;
    std::vector<Step> steps_;
    RentHolder rent_holder_ = RentHolder::seller;
    std::int64_t decision_ticks_ = 2;
};

const Registered<ControlForm, Licence> registered{"licence", "a licence that takes time and grants a share"};

}  // namespace
}  // namespace ytterby

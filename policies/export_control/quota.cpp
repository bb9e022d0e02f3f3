#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/maths.hpp"
#include "policies/export_control/control_form.hpp"

namespace ytterby {
namespace {

/// Quota rights expire at the end of the year; from this many months before, their holders ask less (assumed, 1-6).
constexpr double expiry_months = 3.0;

/// Tonnes that may be exported in a calendar year, shared over destinations and goods.
class Quota final : public ControlForm {
public:
    void read(KeyReader& keys) {
        news_.read(keys);
        keys.number("quota_t_per_year", t_per_year_,
                    {.low = 0.0,
                     .high = 1e12,
                     .unit = "t/year",
                     .doc = "tonnes that may be exported in a calendar year, all destinations and goods together; "
                            "released evenly, unused tonnes carry over within the year"});
        compliance_.read(keys);
        keys.number("reserve_share", reserve_share_,
                    {.fallback = 0.8,
                     .low = 0.0,
                     .high = 1.0,
                     .unit = "share",
                     .doc = "holders of the rights ask this share of the rent of past months; 0 = they take the rent "
                            "that the market gives",
                     .source = "assumed, 0.5-0.95: rare-earth quotas were half used in 2011-12 and still earned a "
                               "rent"});
        keys.keys_with({"reserve_share"}, [this](KeyReader& inner) {
            inner.number("reserve_months", reserve_months_,
                         {.fallback = 6.0,
                          .low = 0.5,
                          .high = 60.0,
                          .unit = "months",
                          .doc = "time over which they average past rents",
                          .source = "assumed, 3-18"});
        });
        read_rent_holder(keys, rent_holder_);
    }

    void resolve(const Calendar& calendar) override { news_.resolve(calendar); }
    const News* news() const override { return &news_; }
    double affected_share(const ControlledLanes& now) const override { return 1.0 - open_share(now); }

    std::vector<Expectation::Step> expected_steps(const ControlledLanes& now, std::int64_t start) const override {
        return steps_from(start, now.view.late_start, open_share(now));
    }

    /// The quota is a ledger: tonnes released so far in the calendar year less tonnes used.
    void apply(const ControlledLanes& now, PolicyMemory& memory, Regime& regime) const override {
        const PolicyView& view = now.view;
        const int year = view.calendar.date_of(view.tick()).year;
        const std::vector<double>* ledger = view.recall("ledger", 2);  // year, tonnes used
        double used = 0.0;
        double moved = 0.0;
        double earned = 0.0;
        for (const CoveredLane& lane : now.covered) {
            if (is_exempt(view, lane)) {
                continue;
            }
            moved += view.world.lanes.flow[lane.index];
            earned += view.world.lanes.flow[lane.index] * view.world.lanes.rent[lane.index];
        }
        if (ledger != nullptr && (*ledger)[0] == static_cast<double>(year)) {
            // What passed on days without the quota is not counted against it.
            const std::vector<double>* free = view.recall("free", 1);
            used = (*ledger)[1] + std::max(0.0, moved - (free == nullptr ? 0.0 : free->front()));
        }
        const std::int64_t first_of_year = view.calendar.tick_of({year, 1, 1});
        const std::int64_t first = std::max({first_of_year, *view.since, std::int64_t{0}});
        // A year may have 53 weeks; they still release no more than the quota.
        const double before = first == *view.since ? view.late_start : 0.0;
        const double after = view.out_of_force - (view.tick() == *view.since ? view.late_start : 0.0);
        const double released =
            t_per_year_ * std::min(1.0, view.per_tick(static_cast<double>(view.tick() - first + 1) - before - after));
        const double free = view.out_of_force * usual_exports(now);
        memory.erase("free");
        if (free > 0.0) {
            memory["free"] = {free};
        }
        memory["ledger"] = {static_cast<double>(year), used};
        const double mean_rent = ledger == nullptr ? 0.0 : mean_past_rent(view, moved > 0.0 ? earned / moved : 0.0);
        memory["rent"] = {mean_rent};
        regime.shared_cap(now.lanes, free + std::max(0.0, released - used), rent_holder_,
                          reserve_rent(view, year, mean_rent));
        regime.believe(now.lanes, open_share(now), news_.expected_months());
        compliance_.apply(now, regime);
    }

private:
    /// Usual exports that need rights, t per tick.
    static double usual_exports(const ControlledLanes& now) {
        double sum = 0.0;
        for (std::size_t number = 0; number < now.covered.size(); ++number) {
            sum += is_exempt(now.view, now.covered[number]) ? 0.0 : now.usual[number];
        }
        return sum;
    }

    /// The quota relative to the usual exports of a year, at most one.
    double open_share(const ControlledLanes& now) const {
        const double year = usual_exports(now) * now.view.economy.ticks_per_year;
        return year > 0.0 ? std::clamp(t_per_year_ / year, 0.0, 1.0) : 1.0;
    }

    double mean_past_rent(const PolicyView& view, double last_rent) const {
        const auto* before = view.recall("rent", 1);
        if (before == nullptr) {
            return 0.0;
        }
        return before->front() +
               (1.0 - exp(-view.economy.months_per_tick() / reserve_months_)) * (last_rent - before->front());
    }

    /// Holders of the rights ask a share of the mean past rent; towards the end of the year the rights expire.
    double reserve_rent(const PolicyView& view, int year, double mean_rent) const {
        const auto months_left = static_cast<double>(view.calendar.tick_of({year + 1, 1, 1}) - view.tick() - 1) *
                                 view.economy.months_per_tick();
        return std::min(1e9, reserve_share_ * mean_rent * std::min(1.0, months_left / expiry_months));
    }

    News news_;
    ComplianceCost compliance_;
    double t_per_year_ = 0.0;
    double reserve_share_ = 0.8;
    double reserve_months_ = 6.0;
    RentHolder rent_holder_ = RentHolder::seller;
};

const Registered<ControlForm, Quota> registered_quota{"quota", "tonnes a year, shared over destinations and goods"};

}  // namespace
}  // namespace ytterby

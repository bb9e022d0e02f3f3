#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "policies/export_control/control_form.hpp"
#include "policies/export_control/reexport_clause.hpp"
#include "policies/measure.hpp"

namespace ytterby {
namespace {

/// Export control in four forms: a ban, a tonnage quota shared over destinations and goods, a
/// licence that takes time and grants part of what is applied for, a duty. Expresses China's rare-earth
/// quotas of 2010 and licences of 2023, Indonesia's ore bans, the DRC's cobalt measures of 2025.
class ExportControl final : public Policy {
public:
    void read(KeyReader& keys) {
        measure_.read(keys);
        measure_.count_days();
        const auto& forms = Registry<ControlForm>::instance();
        keys.form("form", forms.kinds(),
                  [&](KeyReader& inner, const std::string& form) {
                      std::unique_ptr<ControlForm> made = forms.make(form, inner);
                      if (!inner.describing()) {
                          form_ = std::move(made);
                          form_name_ = form;
                      }
                  },
                  {.doc = "what the control does to exports"});
        reexport_clause_.read(keys);
    }

    void resolve(const Names& names, const Calendar& calendar, Problems& problems) override {
        measure_.resolve(names, calendar, problems);
        if (form_) {
            form_->resolve(calendar);
        }
    }

    const std::string& name() const override { return measure_.name(); }
    const PolicySchedule& schedule() const override { return measure_.schedule(); }

    bool is(const MeasureIdentity& measure) const override {
        const std::vector<GoodId>& goods = measure_.goods();
        return measure.kind == "export_control" && measure.form == form_name_ && measure.actor == measure_.actor() &&
               std::find(goods.begin(), goods.end(), measure.good) != goods.end();
    }

    bool acts_out_of_force(const PolicyView& view) const override {
        return form_->news() != nullptr && form_->news()->is_out(view, schedule());
    }

    void apply(const PolicyView& view, PolicyMemory& memory, Regime& regime) const override {
        const Selector lanes = measure_.exports();
        const std::vector<CoveredLane> covered = covered_lanes(view.economy.network, lanes);
        // An agreement may waive the whole control.
        regime.set_kind(BanKind::export_control);
        // Usual flows before traders knew of the measure: front-loading must not raise what they are granted.
        const std::vector<double> usual = usual_before(view, covered);
        memory["usual"] = usual;
        const ControlledLanes now{view, lanes, covered, usual};
        form_->note_before(now, memory);
        expect(now, regime);
        if (!view.since) {
            form_->news()->announce(view, schedule(), lanes, form_->affected_share(now), regime);
            return;
        }
        form_->apply(now, memory, regime);
        if (reexport_clause_.on()) {
            reexport_clause_.apply(view, measure_, regime);
        }
    }

private:
    /// Tells traders what may pass over the lanes, from the start on.
    void expect(const ControlledLanes& now, Regime& regime) const {
        const News* const news = form_->news();
        if (news == nullptr) {
            return;
        }
        const std::int64_t start = now.view.since.value_or(schedule().start_tick().value_or(0));
        Expectation expectation;
        expectation.steps = form_->expected_steps(now, start);
        expectation.belief = news->belief();
        expectation.end_tick = news->expected_end(now.view, start);
        std::vector<ExpectedLane> lanes;
        for (std::size_t number = 0; number < now.covered.size(); ++number) {
            const TradeLane& lane = *now.covered[number].lane;
            lanes.push_back({now.covered[number].good, lane.origin, lane.destination, now.usual[number]});
        }
        regime.expect(std::move(expectation), std::move(lanes));
    }

    /// Usual flows of the covered lanes when the measure was announced, or when it began if it was not announced.
    static std::vector<double> usual_before(const PolicyView& view, const std::vector<CoveredLane>& covered) {
        if (const auto* known = view.recall("usual", covered.size())) {
            return *known;
        }
        std::vector<double> usual;
        usual.reserve(covered.size());
        for (const CoveredLane& lane : covered) {
            usual.push_back(view.world.lanes.usual_flow[lane.index]);
        }
        return usual;
    }

    Measure measure_;
    std::unique_ptr<ControlForm> form_;
    std::string form_name_;
    ReexportClause reexport_clause_;
};

const Registered<Policy, ExportControl> registered_export_control{
    "export_control", "a ban, a quota shared over destinations and goods, a licence with delay, or a duty on exports"};

}  // namespace
}  // namespace ytterby

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "agents/world/origins.hpp"
#include "core/maths.hpp"
#include "policies/measure.hpp"

namespace ytterby {
namespace {

enum class Form : std::uint8_t { ban, quota, licence, duty };

/// Quota rights expire at the end of the year; from this many months before, their holders ask less (assumed, 1-6).
constexpr double expiry_months = 3.0;

/// A covered lane and its index in the columns over all lanes.
struct CoveredLane {
    GoodId good;
    const TradeLane* lane;
    std::size_t index;
};

std::vector<CoveredLane> covered_lanes(const TradeNetwork& network, const Selector& selector) {
    std::vector<CoveredLane> covered;
    for (const GoodId good : selector.goods) {
        const GoodLanes& book = network.goods[good.index()];
        for (std::size_t number = 0; number < book.lanes.size(); ++number) {
            const TradeLane& lane = book.lanes[number];
            if (selector.covers(lane.origin, lane.destination, good)) {
                covered.push_back({good, &lane, book.first_lane + number});
            }
        }
    }
    return covered;
}

/// A measure in force in one tick: what it covers, with usual flows before traders knew of it, and the tick of its
/// start.
struct InForce {
    const PolicyView& view;
    const Selector& lanes;
    const std::vector<CoveredLane>& covered;
    const std::vector<double>& usual;  // of the covered lanes, t per tick
    std::int64_t since;
};

/// Export control in four forms: a ban, a tonnage quota shared over destinations and goods, a
/// licence that takes time and grants part of what is applied for, a duty. Expresses China's rare-earth
/// quotas of 2010 and licences of 2023, Indonesia's ore bans, the DRC's cobalt measures of 2025.
class ExportControl final : public Policy {
public:
    void read(KeyReader& keys) {
        measure_.read(keys);
        keys.choice("form", form_,
                    {{"ban", Form::ban}, {"quota", Form::quota}, {"licence", Form::licence}, {"duty", Form::duty}},
                    {.doc = "what the control does to exports"});
        read_quota(keys);
        read_licence(keys);
        read_compliance_and_duty(keys);
        read_leak(keys);
        read_reexport_clause(keys);
        read_rents(keys);
        if (!keys.describing()) {
            check_form(keys);
        }
    }

    void resolve(const Names& names, const Calendar& calendar, Problems& problems) override {
        measure_.resolve(names, calendar, problems);
        decision_ticks_ = calendar.whole_ticks_of_working_days(processing_working_days_);
    }

    const std::string& name() const override { return measure_.name(); }

    void apply(const PolicyView& view, Regime& regime) const override {
        const Selector lanes = measure_.exports();
        const std::vector<CoveredLane> covered = covered_lanes(view.economy.network, lanes);
        const auto since = measure_.in_force_since(view);
        if (!since && !measure_.is_awaited(view)) {
            Measure::forget(view, regime);
            return;
        }
        // An agreement may waive the whole control.
        regime.set_kind(BanKind::export_control);
        PolicyMemory memory = view.memory;
        // Usual flows before traders knew of the measure: front-loading must not raise what they are granted.
        const std::vector<double> usual = usual_before(view, covered);
        memory["usual"] = usual;
        if (form_ == Form::licence) {
            memory["need"] = need_before(view, covered);
        }
        if (!since) {
            measure_.announce(view, lanes, affected_share(view, covered, usual), regime);
            regime.remember(std::move(memory));
            return;
        }
        measure_.remember(view, memory);
        switch (form_) {
            case Form::ban:
                regime.ban(lanes, BanKind::export_control);
                regime.leak(lanes, leak_share_, leak_premium_usd_per_t_);
                regime.believe(lanes, 0.0, measure_.expected_months());
                break;
            case Form::quota:
                apply_quota({view, lanes, covered, usual, *since}, memory, regime);
                break;
            case Form::licence:
                apply_licence({view, lanes, covered, grown_with_need(view, covered, usual, memory), *since}, memory,
                              regime);
                break;
            case Form::duty:
                regime.export_duty(lanes, duty_share_);
                break;
        }
        if (form_ != Form::duty && form_ != Form::ban && compliance_usd_per_t_ > 0.0) {
            regime.friction(lanes, compliance_usd_per_t_);
        }
        if (reexport_clause_) {
            follow_origin(view, regime);
        }
        regime.remember(std::move(memory));
    }

private:
    void read_quota(KeyReader& keys) {
        keys.number("quota_t_per_year", quota_t_per_year_,
                    {.fallback = 0.0,
                     .low = 0.0,
                     .high = 1e12,
                     .unit = "t/year",
                     .doc = "quota: tonnes that may be exported in a calendar year, all destinations and goods "
                            "together; released evenly, unused tonnes carry over within the year"});
    }

    void read_licence(KeyReader& keys) {
        keys.number("approval_share", approval_share_,
                    {.fallback = 0.5,
                     .low = 0.0,
                     .high = 1.0,
                     .unit = "share",
                     .doc = "licence: share of the tonnes applied for that is granted",
                     .source = "assumed, 0-1; after China's licences of 2023 exports of gallium recovered, those of "
                               "germanium did not"});
        keys.number(
            "processing_working_days", processing_working_days_,
            {.fallback = 45.0,
             .low = 0.0,
             .high = 520.0,
             .unit = "working days",
             .doc = "licence: time from application to decision",
             .source = "45 working days: MOFCOM, gallium and germanium licences from 1 August 2023 (Fastmarkets)"});
        keys.number(
            "ramp_months", ramp_months_,
            {.fallback = 0.0,
             .low = 0.0,
             .high = 120.0,
             .unit = "months",
             .doc = "licence: approvals rise linearly to approval_share over this time after the first decisions"});
        keys.number("application_ceiling", application_ceiling_,
                    {.fallback = 1.5,
                     .low = 1.0,
                     .high = 10.0,
                     .unit = "x usual flow",
                     .doc = "licence: buyers apply for at most this multiple of the flow before the control, which "
                            "grows with their demand",
                     .source = "assumed, 1.2-3"});
    }

    void read_compliance_and_duty(KeyReader& keys) {
        keys.number("compliance_usd_per_t", compliance_usd_per_t_,
                    {.fallback = 0.0,
                     .low = 0.0,
                     .high = 1e9,
                     .unit = "USD/t",
                     .doc = "licence or quota: compliance cost per tonne shipped"});
        keys.number("duty_share", duty_share_,
                    {.fallback = 0.0,
                     .low = 0.0,
                     .high = 10.0,
                     .unit = "share of FOB value",
                     .doc = "duty: ad valorem export duty"});
    }

    void read_leak(KeyReader& keys) {
        keys.number("leak_share", leak_share_,
                    {.fallback = 0.0,
                     .low = 0.0,
                     .high = 1.0,
                     .unit = "share of usual flow",
                     .doc = "ban: exports that still pass (smuggling, false declarations)"});
        keys.number("leak_premium_usd_per_t", leak_premium_usd_per_t_,
                    {.fallback = 0.0,
                     .low = 0.0,
                     .high = 1e9,
                     .unit = "USD/t",
                     .doc = "ban: extra cost of a tonne that passes"});
    }

    void read_reexport_clause(KeyReader& keys) {
        keys.boolean("reexport_clause", reexport_clause_,
                     {.fallback = false,
                      .doc = "metal made by the actor may not reach the partners through third countries either"});
        keys.number("enforcement_share", enforcement_share_,
                    {.fallback = default_enforcement_share,
                     .low = 0.0,
                     .high = 1.0,
                     .unit = "share",
                     .doc = "re-export clause: share of that metal which the actor can hold back in third countries",
                     .source = "assumed, 0-1: US gallium imports of 2025 were 2.2 times those of 2022 under a ban that "
                               "forbids re-export"});
        keys.number("evasion_cost_share", evasion_cost_share_,
                    {.fallback = default_evasion_cost_share,
                     .low = 0.0,
                     .high = 20.0,
                     .unit = "share of the price",
                     .doc = "re-export clause: loss when caught; times enforcement_share it is added to the cost of "
                            "a tonne made by the actor",
                     .source = "assumed, 0.3-3: the shipment is lost, and there are penalties"});
    }

    void read_rents(KeyReader& keys) {
        keys.number("reserve_share", reserve_share_,
                    {.fallback = 0.8,
                     .low = 0.0,
                     .high = 1.0,
                     .unit = "share",
                     .doc = "quota: holders of the rights ask this share of the rent of past months; 0 = they take "
                            "the rent that the market gives",
                     .source = "assumed, 0.5-0.95: rare-earth quotas were half used in 2011-12 and still earned a "
                               "rent"});
        keys.number("reserve_months", reserve_months_,
                    {.fallback = 6.0,
                     .low = 0.5,
                     .high = 60.0,
                     .unit = "months",
                     .doc = "quota: time over which they average past rents",
                     .source = "assumed, 3-18"});
        keys.choice("rent_to", rent_holder_, {{"seller", RentHolder::seller}, {"treasury", RentHolder::treasury}},
                    {.fallback = "seller", .doc = "who gets the rent of a binding quota or licence"});
    }

    /// Each form needs its own key; keys of the re-export clause need the clause.
    void check_form(KeyReader& keys) const {
        if (form_ == Form::quota && !keys.has("quota_t_per_year")) {
            keys.problem("quota_t_per_year", "missing", "a quota needs its tonnage", "add quota_t_per_year = ...");
        }
        if (!reexport_clause_) {
            // An echoed configuration contains the defaults.
            for (const auto& [key, is_default] :
                 {std::pair{"enforcement_share", enforcement_share_ == default_enforcement_share},
                  std::pair{"evasion_cost_share", evasion_cost_share_ == default_evasion_cost_share}}) {
                if (keys.has(key) && !is_default) {
                    keys.problem(key, "without a clause", "the key describes the enforcement of a re-export clause",
                                 "add reexport_clause = true, or drop the key");
                }
            }
        }
        if (form_ == Form::duty && !keys.has("duty_share")) {
            keys.problem("duty_share", "missing", "a duty needs its rate", "add duty_share = 0.25");
        }
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

    /// Needs of the covered lanes' destinations at the time of `usual_before`, relative to the base date: as the
    /// outlook and dated shocks give them, without the month's noise and without substitution.
    static std::vector<double> need_before(const PolicyView& view, const std::vector<CoveredLane>& covered) {
        if (const auto* known = view.recall("need", covered.size())) {
            return *known;
        }
        std::vector<double> need;
        need.reserve(covered.size());
        for (const CoveredLane& lane : covered) {
            need.push_back(need_of(view, lane));
        }
        return need;
    }
    static double need_of(const PolicyView& view, const CoveredLane& lane) {
        const std::size_t node = view.economy.network.node(lane.good, lane.lane->destination).index();
        const double years = static_cast<double>(view.tick()) / view.economy.ticks_per_year;
        return view.world.nodes.stepped[node] *
               (view.economy.outlook.need.empty() ? 1.0 : view.economy.outlook.need.at(node, years));
    }

    /// Usual flows, grown since then in proportion to the needs of their destinations: applications for licences grow
    /// with demand.
    static std::vector<double> grown_with_need(const PolicyView& view, const std::vector<CoveredLane>& covered,
                                               const std::vector<double>& usual, const PolicyMemory& memory) {
        const std::vector<double>& before = memory.at("need");
        std::vector<double> grown(usual);
        for (std::size_t number = 0; number < covered.size(); ++number) {
            grown[number] *= before[number] > 0.0 ? need_of(view, covered[number]) / before[number] : 1.0;
        }
        return grown;
    }

    /// Share of the usual exports that traders expect the measure to shut out.
    double affected_share(const PolicyView& view, const std::vector<CoveredLane>& covered,
                          const std::vector<double>& usual) const {
        switch (form_) {
            case Form::ban:
                return 1.0 - leak_share_;
            case Form::licence:
                return 1.0 - approval_share_;
            case Form::duty:
                return 0.0;
            case Form::quota:
                break;
        }
        return 1.0 - quota_open_share(view, covered, usual);
    }

    /// Whether an agreement waived export controls on a lane in the last tick: such exports use no quota.
    static bool is_exempt(const PolicyView& view, const CoveredLane& lane) {
        const auto& waivers = view.world.lanes.waivers;
        return !waivers.empty() && (waivers[lane.index] & static_cast<std::uint8_t>(BanKind::export_control)) != 0;
    }

    /// The quota relative to the usual exports of a year, at most one.
    double quota_open_share(const PolicyView& view, const std::vector<CoveredLane>& covered,
                            const std::vector<double>& usual) const {
        double year = 0.0;
        for (std::size_t number = 0; number < covered.size(); ++number) {
            year += is_exempt(view, covered[number]) ? 0.0 : usual[number] * view.economy.ticks_per_year;
        }
        return year > 0.0 ? std::clamp(quota_t_per_year_ / year, 0.0, 1.0) : 1.0;
    }

    /// The quota is a ledger: tonnes released so far in the calendar year less tonnes used.
    void apply_quota(const InForce& now, PolicyMemory& memory, Regime& regime) const {
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
            used = (*ledger)[1] + moved;
        }
        const std::int64_t first_of_year = view.calendar.tick_of({year, 1, 1});
        const std::int64_t first = std::max({first_of_year, now.since, std::int64_t{0}});
        // A year may have 53 weeks; they still release no more than the quota.
        const double released = quota_t_per_year_ * std::min(1.0, static_cast<double>(view.tick() - first + 1) /
                                                                      view.economy.ticks_per_year);
        memory["ledger"] = {static_cast<double>(year), used};
        // Holders of the rights ask a share of the mean past rent; towards the end of the year the rights expire.
        double mean_rent = 0.0;
        if (const auto* before = view.recall("rent", 1); before != nullptr && ledger != nullptr) {
            const double last_rent = moved > 0.0 ? earned / moved : 0.0;
            mean_rent = before->front() +
                        (1.0 - exp(-view.economy.months_per_tick() / reserve_months_)) * (last_rent - before->front());
        }
        memory["rent"] = {mean_rent};
        const auto months_left = static_cast<double>(view.calendar.tick_of({year + 1, 1, 1}) - view.tick() - 1) *
                                 view.economy.months_per_tick();
        const double reserve = std::min(1e9, reserve_share_ * mean_rent * std::min(1.0, months_left / expiry_months));
        regime.shared_cap(now.lanes, std::max(0.0, released - used), rent_holder_, reserve);
        regime.believe(now.lanes, quota_open_share(view, now.covered, now.usual), measure_.expected_months());
    }

    /// A lane's ceiling in a tick is the approved share of the applications made one processing time ago; nothing
    /// passes before the first decisions. Buyers apply for what they would import at the origin's price.
    void apply_licence(const InForce& now, PolicyMemory& memory, Regime& regime) const {
        const PolicyView& view = now.view;
        const std::size_t lanes = now.covered.size();
        std::vector<double> queue = pending_applications(now);
        const double decided_months =
            static_cast<double>(view.tick() - now.since - decision_ticks_) * view.economy.months_per_tick();
        const double ramp = ramp_months_ > 0.0
                                ? std::clamp((decided_months + view.economy.months_per_tick()) / ramp_months_, 0.0, 1.0)
                                : 1.0;
        for (std::size_t number = 0; number < lanes; ++number) {
            const CoveredLane& lane = now.covered[number];
            const double applied = applications(view, lane, now.usual[number]);
            const double decided = decision_ticks_ > 0 ? queue[number] : applied;
            queue.push_back(applied);
            const Selector one{{lane.lane->origin}, {lane.lane->destination}, {lane.good}};
            regime.cap(one, approval_share_ * ramp * decided, rent_holder_);
        }
        queue.erase(queue.begin(), queue.begin() + static_cast<std::ptrdiff_t>(lanes));
        regime.believe(now.lanes, approval_share_, measure_.expected_months());
        memory["applications"] = std::move(queue);
    }

    /// Applications of the last `decision_ticks_` ticks, oldest first, lane by lane.
    std::vector<double> pending_applications(const InForce& now) const {
        const PolicyView& view = now.view;
        const auto wait = static_cast<std::size_t>(decision_ticks_);
        if (const auto* known = view.recall("applications", wait * now.covered.size())) {
            return *known;
        }
        // A licence older than the run has decisions pending on the applications made since its start.
        std::vector<double> queue;
        for (std::int64_t applied_at = view.tick() - decision_ticks_; applied_at < view.tick(); ++applied_at) {
            for (const double tonnes : now.usual) {
                queue.push_back(applied_at >= now.since ? application_ceiling_ * tonnes : 0.0);
            }
        }
        return queue;
    }

    /// Third countries may send the partners metal that the actor did not make, and of the actor's metal the part that
    /// escapes enforcement.
    void follow_origin(const PolicyView& view, Regime& regime) const {
        const std::size_t countries = view.economy.countries.size();
        const Selector lanes = measure_.reexports(countries);
        if (lanes.origins.empty()) {
            return;
        }
        regime.limit_origin(lanes, measure_.actor(), enforcement_share_);
        const std::vector<CoveredLane> covered = covered_lanes(view.economy.network, lanes);
        std::vector<double> weight(countries * view.economy.goods.size(), 0.0);  // of all partners, by node
        const auto weight_of = [&](const CoveredLane& lane) {
            return view.world.lanes.usual_flow[lane.index] + lane.lane->opening_flow_t;
        };
        const auto node_of = [&](const CoveredLane& lane) {
            return view.economy.network.node(lane.good, lane.lane->origin).index();
        };
        for (const CoveredLane& lane : covered) {
            weight[node_of(lane)] += weight_of(lane);
        }
        for (const CoveredLane& lane : covered) {
            const double share = origin_share(view.economy, view.world, lane.good, lane.lane->origin, measure_.actor());
            const double passing = 1.0 - enforcement_share_ * share;
            if (share <= 0.0 || weight[node_of(lane)] <= 0.0) {
                continue;
            }
            const Selector one{{lane.lane->origin}, {lane.lane->destination}, {lane.good}};
            if (passing < 1.0) {
                const double there = stock_for_sale(view.economy, view.world, lane.good, lane.lane->origin);
                regime.cap(one, std::max(0.0, passing * there * weight_of(lane) / weight[node_of(lane)]),
                           RentHolder::seller);
            }
            const double evading = passing > 0.0 ? share * (1.0 - enforcement_share_) / passing : 0.0;
            const double price = view.world.nodes.supply_price[node_of(lane)];
            if (const double risk = enforcement_share_ * evasion_cost_share_ * evading * price; risk > 0.0) {
                regime.friction(one, risk);
            }
        }
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

    Measure measure_;
    Form form_ = Form::ban;
    double quota_t_per_year_ = 0.0;
    double approval_share_ = 0.5;
    double processing_working_days_ = 45.0;
    double ramp_months_ = 0.0;
    double application_ceiling_ = 1.5;
    double compliance_usd_per_t_ = 0.0;
    double duty_share_ = 0.0;
    double leak_share_ = 0.0;
    double leak_premium_usd_per_t_ = 0.0;
    bool reexport_clause_ = false;
    static constexpr double default_enforcement_share = 0.5;
    static constexpr double default_evasion_cost_share = 1.0;
    double enforcement_share_ = default_enforcement_share;
    double evasion_cost_share_ = default_evasion_cost_share;
    double reserve_share_ = 0.8;
    double reserve_months_ = 6.0;
    RentHolder rent_holder_ = RentHolder::seller;
    std::int64_t decision_ticks_ = 2;
};

const Registered<Policy, ExportControl> registered{
    "export_control", "a ban, a quota shared over destinations and goods, a licence with delay, or a duty on exports"};

}  // namespace
}  // namespace ytterby

#include "agents/phases/investment/believed_prices.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "agents/phases/investment/project_life.hpp"
#include "agents/phases/investment/project_supply.hpp"
#include "agents/phases/scarcity/flow_curves.hpp"
#include "agents/phases/scarcity/reference_price.hpp"
#include "core/digest.hpp"
#include "core/maths.hpp"

namespace ytterby {
namespace {

constexpr std::size_t years = believed_years.size();
constexpr double no_cap = std::numeric_limits<double>::infinity();

/// What duties, tariffs, frictions and preferences say of a good's lanes, as a fingerprint; the lanes that differ from
/// the base date alone count, so 0 is the base date.
std::uint64_t fingerprint_of_duties(const Economy& economy, const LaneRules& rules, GoodId good) {
    const auto terms = [](const LaneRule& rule) {
        return std::array{rule.export_duty(),        rule.tariff(),         rule.specific_tariff_usd_per_t(),
                          rule.friction_usd_per_t(), rule.freight_factor(), rule.prefer_usd_per_t()};
    };
    Digest digest;
    bool differs = false;
    for (const TradeLane& lane : economy.network.goods[good.index()].lanes) {
        const auto now = terms(rules.rule(good, lane.origin, lane.destination));
        if (now != terms(economy.base_rules.rule(good, lane.origin, lane.destination))) {
            differs = true;
            digest.add(lane.origin.value);
            digest.add(lane.destination.value);
            for (const double term : now) {
                digest.add(term);
            }
        }
    }
    return differs ? digest.fingerprint().low | 1U : 0U;
}

/// Caps by lane in each of the years; empty without any.
struct CapsAhead {
    std::array<LastingCaps, years> in;
    bool any() const {
        return std::any_of(in.begin(), in.end(), [](const LastingCaps& caps) { return !caps.empty(); });
    }
};

/// What the projects of a cell add to a flow curve.
struct CellProjects {
    std::size_t cell = 0;
    std::size_t position = 0;
    std::vector<double> called;  // capacity that each multiple calls for in the end, t per tick
    std::vector<double> rate;    // throughput per t of capacity at it
};

/// One good whose prices measures move.
class GoodBelief {
public:
    GoodBelief(const Economy& economy, const World& world, const Regime& regime, GoodId good)
        : economy_(economy),
          world_(world),
          regime_(regime),
          good_(good),
          base_caps_(base_caps(economy, good)),
          duties_(fingerprint_of_duties(economy, regime.lanes(), good)),
          standing_(caps_ahead(false)),
          awaited_(caps_ahead(true)) {}

    /// What the belief is about; 0 where it is about nothing.
    std::uint64_t fingerprint() const {
        if (duties_ == 0U && !awaited_.any()) {
            return 0U;
        }
        Digest digest;
        digest.add(duties_);
        for (const CapsAhead* caps : {&standing_, &awaited_}) {
            for (const LastingCaps& year : caps->in) {
                digest.add(static_cast<std::uint64_t>(year.size()));
                for (const double cap : year) {
                    digest.add(cap);
                }
            }
        }
        digest.add(belief_);
        return digest.fingerprint().low | 1U;
    }

    void renew(BelievedPrices& believed) {
        const std::size_t nodes = economy_.network.node_count();
        flows_ = node_flows(economy_, world_, good_, CountedCapacity::standing);
        find_projects();
        for (std::size_t year = 0; year < years; ++year) {
            const std::vector<NodeFlow> flows = flows_in(believed_years[year]);
            const std::vector<double> without = prices(flows, economy_.base_rules, {});
            const std::vector<double> with = prices(flows, regime_.lanes(), standing_.in[year]);
            const bool in_doubt = awaited_.in[year] != standing_.in[year];
            const std::vector<double> later =
                in_doubt ? prices(flows, regime_.lanes(), awaited_.in[year]) : std::vector<double>{};
            for (std::size_t country = 0; country < economy_.countries.size(); ++country) {
                double multiple = 1.0;
                if (!without.empty() && !with.empty() && (!in_doubt || !later.empty())) {
                    multiple = with[country] / without[country];
                    if (in_doubt) {
                        multiple += belief_ * (later[country] / without[country] - multiple);
                    }
                }
                believed.multiple[year * nodes + node_of(country)] = multiple;
            }
        }
    }

private:
    std::size_t node_of(std::size_t country) const {
        return economy_.network.node(good_, id_at<CountryId>(country)).index();
    }

    /// Caps that are believed to be in force in each of the years; `awaited_too`: with those of measures announced.
    CapsAhead caps_ahead(bool awaited_too) {
        CapsAhead caps;
        for (const ExpectedMeasure& measure : regime_.announcements().expected()) {
            const bool awaited = measure.expectation.steps.front().from_tick > world_.tick;
            if (awaited && !awaited_too) {
                continue;
            }
            if (awaited && std::any_of(measure.lanes.begin(), measure.lanes.end(),
                                       [&](const ExpectedLane& lane) { return lane.good == good_; })) {
                belief_ = in_doubt_ ? std::max(belief_, measure.expectation.belief) : measure.expectation.belief;
                in_doubt_ = true;
            }
            for (std::size_t year = 0; year < years; ++year) {
                const std::int64_t tick = world_.tick + std::llround(believed_years[year] * economy_.ticks_per_year);
                if (const double share = measure.expectation.open_share(tick); share < 1.0) {
                    add_caps(measure, share, caps.in[year]);
                }
            }
        }
        for (LastingCaps& year : caps.in) {
            year = with_base_caps(economy_, world_, regime_, good_, year);
        }
        return caps;
    }

    void add_caps(const ExpectedMeasure& measure, double share, LastingCaps& caps) const {
        const GoodLanes& book = economy_.network.goods[good_.index()];
        for (const ExpectedLane& lane : measure.lanes) {
            if (lane.good != good_ || regime_.lanes().rule(good_, lane.origin, lane.destination).lifts(measure.kind)) {
                continue;
            }
            caps.resize(book.lanes.size(), no_cap);
            const auto found = std::lower_bound(
                book.lanes.begin(), book.lanes.end(), lane, [](const TradeLane& a, const ExpectedLane& b) {
                    return std::pair{a.origin, a.destination} < std::pair{b.origin, b.destination};
                });
            if (found != book.lanes.end() && found->origin == lane.origin && found->destination == lane.destination) {
                double& cap = caps[static_cast<std::size_t>(found - book.lanes.begin())];
                cap = std::min(cap, share * lane.usual_t);
            }
        }
    }

    /// Projects that would make the good, and those that would use it: at each price that is believed to stay.
    void find_projects() {
        for (std::size_t index = 0; index < economy_.cells.size(); ++index) {
            const Cell& cell = economy_.cells[index];
            if ((cell.kind != FirmKind::miner && cell.kind != FirmKind::refiner) || !cell.expansion.grows) {
                continue;
            }
            for (std::size_t number = 0; number < cell.positions.size(); ++number) {
                if (cell.positions[number].good == good_) {
                    add_projects(index, number);
                }
            }
        }
    }

    void add_projects(std::size_t index, std::size_t number) {
        const Cell& cell = economy_.cells[index];
        const Position& position = cell.positions[number];
        const double value = position.per_throughput * economy_.base_price[position.node.index()];
        const double cost = std::max(1e-9, cell.expansion.capital_cost_usd_per_t);
        CellProjects projects{index, number, {}, {}};
        for (std::size_t point = 0; point < FlowCurve::points; ++point) {
            const double multiple = FlowCurve::multiple(point);
            const double gain = (number < cell.inputs ? -1.0 : 1.0) * value * (multiple - 1.0) / cost;
            projects.called.push_back(called_capacity(economy_, cell, world_.plants[index], {gain, gain}).total());
            projects.rate.push_back(number < cell.inputs ? usual_run_rate(cell)
                                                         : flow_rate(economy_, world_, index, number, multiple));
        }
        projects_.push_back(std::move(projects));
    }

    /// Flow curves with what is built by then.
    std::vector<NodeFlow> flows_in(double ahead) const {
        std::vector<NodeFlow> flows = flows_;
        const Good& good = economy_.goods[good_.index()];
        const double substituted = 1.0 - exp(-ahead / economy_.behaviour.substitution_years);
        for (NodeFlow& flow : flows) {
            if (good.stage != "ore") {
                flow.demand.medium_elasticity +=
                    substituted * std::max(0.0, good.long_run_elasticity - flow.demand.medium_elasticity);
            }
        }
        for (const CellProjects& projects : projects_) {
            add_projects_by(ahead, projects, flows[economy_.cells[projects.cell].country.index()]);
        }
        return flows;
    }

    void add_projects_by(double ahead, const CellProjects& projects, NodeFlow& flow) const {
        const Cell& cell = economy_.cells[projects.cell];
        const PlantState& plant = world_.plants[projects.cell];
        const double standing = world_.cells[projects.cell].capacity_t;
        const double have = standing + plant.coming();
        const double lead = cell.expansion.build_years;
        const double progress = 1.0 - exp(-std::max(0.0, ahead - lead) / economy_.behaviour.start_years);
        const double left = have * exp(-cell.expansion.retirement_per_year * ahead);
        const double finished = standing + plant.coming() * std::min(1.0, ahead / std::max(1e-3, lead));
        const double per_month = cell.positions[projects.position].per_throughput / economy_.months_per_tick();
        const bool uses = projects.position < cell.inputs;
        if (uses) {
            flow.added_use_t.resize(FlowCurve::points, 0.0);
        }
        for (std::size_t point = 0; point < FlowCurve::points; ++point) {
            const double built = std::max(left, finished + progress * (projects.called[point] - have));
            const double added = (built - standing) * projects.rate[point] * per_month;
            (uses ? flow.added_use_t : flow.supply.quantity_t)[point] += added;
        }
    }

    std::vector<double> prices(const std::vector<NodeFlow>& flows, const LaneRules& rules,
                               const LastingCaps& caps) const {
        return reference_market(economy_, good_, flows, rules, caps.empty() ? base_caps_ : caps).use_price;
    }

    const Economy& economy_;
    const World& world_;
    const Regime& regime_;
    GoodId good_;
    LastingCaps base_caps_;
    std::uint64_t duties_ = 0U;
    double belief_ = 1.0;
    bool in_doubt_ = false;
    CapsAhead standing_;
    CapsAhead awaited_;
    std::vector<NodeFlow> flows_;
    std::vector<CellProjects> projects_;
};

}  // namespace

void renew_believed_prices(const Economy& economy, const World& world, const Regime& regime, BelievedPrices& believed) {
    const bool new_year = world.tick % std::llround(economy.ticks_per_year) == 0;
    for (std::size_t index = 0; index < economy.goods.size(); ++index) {
        GoodBelief good(economy, world, regime, id_at<GoodId>(index));
        const std::uint64_t found_for = good.fingerprint();
        if (believed.multiple.empty()) {
            if (found_for == 0U) {
                continue;
            }
            believed.multiple.assign(years * economy.network.node_count(), 1.0);
            believed.found_for.assign(economy.goods.size(), 0U);
        }
        std::uint64_t& known = believed.found_for[index];
        if (found_for == known && !(new_year && found_for != 0U)) {
            continue;
        }
        known = found_for;
        if (found_for != 0U) {
            good.renew(believed);
            continue;
        }
        for (std::size_t year = 0; year < years; ++year) {
            for (std::size_t country = 0; country < economy.countries.size(); ++country) {
                const std::size_t node = economy.network.node(id_at<GoodId>(index), id_at<CountryId>(country)).index();
                believed.multiple[year * economy.network.node_count() + node] = 1.0;
            }
        }
    }
}

}  // namespace ytterby

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
/// Rounds in which buyers get used to what they import (technical: the last moves prices by less than 1 %).
constexpr int habit_rounds = 3;
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

/// Multiples of the base price at which curves are read, finest near one: that many below it and above.
constexpr std::size_t points_below = 16;
constexpr std::size_t points_above = 32;
constexpr std::size_t points = points_below + 1 + points_above;

std::array<double, points> price_multiples() {
    const auto squared = [](std::size_t step, std::size_t of) {
        const double part = static_cast<double>(step) / static_cast<double>(of);
        return part * part;
    };
    std::array<double, points> multiples{};
    for (std::size_t step = 0; step <= points_below; ++step) {
        multiples[points_below - step] = exp(squared(step, points_below) * log(FlowCurve::lowest));
    }
    for (std::size_t step = 1; step <= points_above; ++step) {
        multiples[points_below + step] = exp(squared(step, points_above) * log(FlowCurve::highest));
    }
    return multiples;
}

/// A sector that makes or uses the good: what each price calls for and what plants would run at.
struct Sector {
    std::size_t cell = 0;
    std::size_t position = 0;
    std::array<double, points> called{};  // capacity in the end, t per tick
    std::array<double, points> rate{};    // throughput per t of capacity
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
        find_sectors();
        const std::vector<double> without = prices(planned_curves(), economy_.base_rules, {});
        for (std::size_t year = 0; year < years; ++year) {
            const ReferenceCurves curves = curves_in(believed_years[year]);
            const std::vector<double> with = prices(curves, regime_.lanes(), standing_.in[year]);
            const bool in_doubt = awaited_.in[year] != standing_.in[year];
            const std::vector<double> later =
                in_doubt ? prices(curves, regime_.lanes(), awaited_.in[year]) : std::vector<double>{};
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

    /// Plants that make the good, and those that use it: at each price that is believed to stay.
    void find_sectors() {
        flows_ = node_flows(economy_, world_, good_, CountedCapacity::standing);
        for (std::size_t index = 0; index < economy_.cells.size(); ++index) {
            const Cell& cell = economy_.cells[index];
            for (std::size_t number = 0; number < cell.positions.size(); ++number) {
                if ((cell.kind == FirmKind::miner || cell.kind == FirmKind::refiner) &&
                    cell.positions[number].good == good_) {
                    add_sector(index, number);
                }
            }
        }
    }

    void add_sector(std::size_t index, std::size_t number) {
        const Cell& cell = economy_.cells[index];
        const Position& position = cell.positions[number];
        const double value = position.per_throughput * economy_.base_price[position.node.index()];
        const double cost = std::max(1e-9, cell.expansion.capital_cost_usd_per_t);
        const bool uses = number < cell.inputs;
        Sector sector{index, number, {}, {}};
        for (std::size_t point = 0; point < points; ++point) {
            const double gain = (uses ? -1.0 : 1.0) * value * (multiples_[point] - 1.0) / cost;
            sector.called[point] = cell.expansion.grows
                                       ? called_capacity(economy_, cell, world_.plants[index], {gain, gain}).total()
                                       : world_.cells[index].capacity_t;
            sector.rate[point] =
                uses ? usual_run_rate(cell) : flow_rate(economy_, world_, index, number, multiples_[point]);
        }
        sectors_.push_back(sector);
    }

    /// Curves without any plant; `substituted`: part of the way to the long-run elasticity of use.
    ReferenceCurves empty_curves(double substituted) const {
        const std::size_t countries = economy_.countries.size();
        const Good& good = economy_.goods[good_.index()];
        ReferenceCurves curves{std::vector<Curve>(countries), std::vector<Curve>(countries)};
        for (std::size_t country = 0; country < countries; ++country) {
            PathDemand demand = flows_[country].demand;
            if (good.stage != "ore") {
                demand.medium_elasticity +=
                    substituted * std::max(0.0, good.long_run_elasticity - demand.medium_elasticity);
            }
            for (const double multiple : multiples_) {
                if (demand.need_t > 0.0) {
                    const double price = multiple * economy_.base_price[node_of(country)];
                    curves.use[country].price.push_back(price);
                    curves.use[country].quantity.push_back(medium_run_use(demand, multiple) *
                                                           economy_.months_per_tick());
                }
            }
        }
        return curves;
    }

    /// Adds a sector's throughput to the curves, given its capacity at each point; of one that uses the good, what it
    /// would use beside what stands.
    template <class CapacityAt>
    void add_to(ReferenceCurves& curves, const Sector& sector, CapacityAt&& capacity_at) const {
        const Cell& cell = economy_.cells[sector.cell];
        const std::size_t country = cell.country.index();
        const bool uses = sector.position < cell.inputs;
        const double counted = uses ? world_.cells[sector.cell].capacity_t : 0.0;
        Curve& curve = (uses ? curves.use : curves.supply)[country];
        if (curve.price.empty()) {
            for (const double multiple : multiples_) {
                curve.price.push_back(multiple * economy_.base_price[node_of(country)]);
            }
            curve.quantity.assign(points, 0.0);
        }
        for (std::size_t point = 0; point < points; ++point) {
            curve.quantity[point] +=
                (capacity_at(point) - counted) * sector.rate[point] * cell.positions[sector.position].per_throughput;
        }
    }

    /// Leaves out curves of nothing, which the market cannot read.
    static ReferenceCurves tidied(ReferenceCurves curves) {
        for (std::vector<Curve>* side : {&curves.supply, &curves.use}) {
            for (Curve& curve : *side) {
                double most = 0.0;
                for (double& quantity : curve.quantity) {
                    quantity = std::max(0.0, quantity);
                    most = std::max(most, quantity);
                }
                curve = most > 0.0 ? curve : Curve{};
            }
        }
        return curves;
    }

    /// Had all gone to plan.
    ReferenceCurves planned_curves() const {
        ReferenceCurves curves = empty_curves(0.0);
        for (const Sector& sector : sectors_) {
            const double planned = economy_.cells[sector.cell].expansion.grows
                                       ? world_.plants[sector.cell].planned_capacity_t
                                       : world_.cells[sector.cell].capacity_t;
            add_to(curves, sector, [planned](std::size_t) { return planned; });
        }
        return tidied(std::move(curves));
    }

    /// With what is built so many years ahead. What is planned to be under construction replaces what retires.
    ReferenceCurves curves_in(double ahead) const {
        ReferenceCurves curves = empty_curves(1.0 - exp(-ahead / economy_.behaviour.substitution_years));
        for (const Sector& sector : sectors_) {
            const Expansion& expansion = economy_.cells[sector.cell].expansion;
            const PlantState& plant = world_.plants[sector.cell];
            const double standing = world_.cells[sector.cell].capacity_t;
            const double have = standing + plant.coming();
            const double time = std::max(0.0, ahead - expansion.build_years);
            const double progress = 1.0 - exp(-time / economy_.behaviour.start_years);
            const double left = have * exp(-expansion.retirement_per_year * ahead);
            const double beyond_plan = plant.coming() - plant.planned_building.total();
            const double finished =
                standing + beyond_plan * std::min(1.0, ahead / std::max(1e-3, expansion.build_years));
            // As fast as a trade can start; projects beside the plan are not held up by that.
            const double fastest = std::max(0.0, expansion.potential_t - have) + economy_.behaviour.most_starts *
                                                                                     expansion.retirement_per_year *
                                                                                     plant.planned_capacity_t * time;
            add_to(curves, sector, [&](std::size_t point) {
                const double built = std::min(fastest, progress * (sector.called[point] - have));
                return expansion.grows ? std::max(left, finished + built) : standing;
            });
        }
        return tidied(std::move(curves));
    }

    std::vector<double> prices(const ReferenceCurves& curves, const LaneRules& rules, const LastingCaps& caps) const {
        return reference_market(economy_, good_, curves, rules, caps.empty() ? base_caps_ : caps, habit_rounds)
            .use_price;
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
    std::array<double, points> multiples_ = price_multiples();
    std::vector<NodeFlow> flows_;
    std::vector<Sector> sectors_;
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

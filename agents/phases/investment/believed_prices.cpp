#include "agents/phases/investment/believed_prices.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "agents/phases/investment/long_run_market.hpp"
#include "agents/phases/investment/project_supply.hpp"
#include "agents/phases/scarcity/chain.hpp"
#include "agents/phases/scarcity/flow_curves.hpp"
#include "core/digest.hpp"
#include "core/maths.hpp"

namespace ytterby {
namespace {

constexpr std::size_t years = believed_years.size();

/// Steps in which a change of measures is seen: of duties as a share, of charges as a part of the good's base price
/// (technical: preferences move a little every month).
constexpr double duty_step = 0.01;
constexpr double charge_step = 0.02;

/// What duties, tariffs, frictions and preferences say of a good's lanes, as a fingerprint; the lanes that differ from
/// the base date alone count, so 0 is the base date.
std::uint64_t fingerprint_of_duties(const Economy& economy, const LaneRules& rules, GoodId good) {
    const auto terms = [&](const LaneRule& rule, const TradeLane& lane) {
        const double charge = charge_step * economy.base_price[economy.network.node(good, lane.destination).index()];
        return std::array{std::round(rule.export_duty() / duty_step),
                          std::round(rule.tariff() / duty_step),
                          std::round(rule.specific_tariff_usd_per_t() / charge),
                          std::round(rule.friction_usd_per_t() / charge),
                          std::round(rule.freight_factor() / duty_step),
                          std::round(rule.prefer_usd_per_t() / charge)};
    };
    Digest digest;
    bool differs = false;
    if (!rules.has_rules(good) && !economy.base_rules.has_rules(good)) {
        return 0U;
    }
    for (const TradeLane& lane : economy.network.goods[good.index()].lanes) {
        const auto now = terms(rules.rule(good, lane.origin, lane.destination), lane);
        if (now != terms(economy.base_rules.rule(good, lane.origin, lane.destination), lane)) {
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
    std::array<LaneCaps, years> in;
    bool any() const {
        return std::any_of(in.begin(), in.end(), [](const LaneCaps& caps) { return !caps.empty(); });
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

/// One good.
class GoodBelief {
public:
    GoodBelief(const Economy& economy, const World& world, const Regime& regime, GoodId good)
        : economy_(economy),
          world_(world),
          regime_(regime),
          good_(good),
          duties_(fingerprint_of_duties(economy, regime.lanes(), good)),
          base_caps_(base_caps(economy, good)),
          standing_(caps_ahead(false)),
          awaited_(caps_ahead(true)) {}

    /// What the belief is about; 0 without measures and steps of need.
    std::uint64_t fingerprint() const {
        Digest digest;
        digest.add(duties_);
        for (const CapsAhead* caps : {&standing_, &awaited_}) {
            for (const LaneCaps& year : caps->in) {
                digest.add(static_cast<std::uint64_t>(year == base_caps_ ? 0U : year.size()));
                for (std::size_t lane = 0; year != base_caps_ && lane < year.size(); ++lane) {
                    digest.add(year[lane]);
                }
            }
        }
        digest.add(belief_);
        bool stepped = false;
        for (const Outlook::Shock& shock : economy_.outlook.shocks) {
            if (shock.kind == Outlook::Shock::Kind::demand_step && shock.in_force(world_.tick) &&
                std::find(shock.goods.begin(), shock.goods.end(), good_) != shock.goods.end()) {
                digest.add(shock.share);
                stepped = true;
            }
        }
        return has_measures() || stepped ? digest.fingerprint().low | 1U : 0U;
    }

    void renew(BelievedPrices& believed) {
        find_sectors(believed);
        for (std::size_t year = 0; year < years; ++year) {
            if (year > 0 && !has_measures()) {
                set_idle_nodes(believed);
                copy_first(year, believed);
                continue;
            }
            const LongRunCurves curves = has_measures() ? curves_in(believed_years[year]) : long_run_curves();
            const std::vector<double> start = prices_of(year, believed);
            std::vector<double> imports = imports_in(year, believed);
            const std::vector<double> with = prices(curves, standing_.in[year], start, imports);
            keep_imports(year, imports, believed);
            const bool in_doubt = awaited_.in[year] != standing_.in[year];
            const std::vector<double> later = in_doubt ? prices(curves, awaited_.in[year], start, imports) : with;
            for (std::size_t country = 0; country < economy_.countries.size() && !with.empty() && !later.empty();
                 ++country) {
                const double base = economy_.base_price[node_of(country)];
                believed.multiple[year * economy_.network.node_count() + node_of(country)] =
                    with[country] / base + (in_doubt ? belief_ * (later[country] - with[country]) / base : 0.0);
            }
        }
    }

private:
    bool has_measures() const {
        const auto moves = [&](const LaneCaps& caps) { return caps != base_caps_; };
        return duties_ != 0U || std::any_of(standing_.in.begin(), standing_.in.end(), moves) ||
               std::any_of(awaited_.in.begin(), awaited_.in.end(), moves);
    }
    std::size_t node_of(std::size_t country) const {
        return economy_.network.node(good_, id_at<CountryId>(country)).index();
    }
    /// Where the good is neither made nor used prices stand at parity with the world, unless measures keep them apart.
    void set_idle_nodes(BelievedPrices& believed) const {
        double value = 0.0;
        double weight = 0.0;
        for (std::size_t country = 0; country < economy_.countries.size(); ++country) {
            value += economy_.base_turnover[node_of(country)] * believed.multiple[node_of(country)];
            weight += economy_.base_turnover[node_of(country)];
        }
        for (std::size_t country = 0; weight > 0.0 && country < economy_.countries.size(); ++country) {
            if (economy_.base_turnover[node_of(country)] <= 0.0) {
                believed.multiple[node_of(country)] = value / weight;
            }
        }
    }
    void copy_first(std::size_t year, BelievedPrices& believed) const {
        for (std::size_t country = 0; country < economy_.countries.size(); ++country) {
            believed.multiple[year * economy_.network.node_count() + node_of(country)] =
                believed.multiple[node_of(country)];
        }
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
                    add_caps(economy_, regime_, good_, measure, share, caps.in[year]);
                }
            }
        }
        for (LaneCaps& year : caps.in) {
            year = with_base_caps(economy_, world_, regime_, good_, year);
        }
        return caps;
    }

    /// Plants that make the good, and those that use it: at each price that is believed to stay.
    void find_sectors(const BelievedPrices& believed) {
        flows_ = node_flows(economy_, world_, good_, CountedCapacity::standing);
        for (std::size_t index = 0; index < economy_.cells.size(); ++index) {
            const Cell& cell = economy_.cells[index];
            for (std::size_t number = 0; number < cell.positions.size(); ++number) {
                if ((cell.kind == FirmKind::miner || cell.kind == FirmKind::refiner) &&
                    cell.positions[number].good == good_) {
                    add_sector(index, number, believed);
                }
            }
        }
    }

    void add_sector(std::size_t index, std::size_t number, const BelievedPrices& believed) {
        const Cell& cell = economy_.cells[index];
        const bool uses = number < cell.inputs;
        Sector sector{index, number, {}, {}};
        for (std::size_t point = 0; point < points; ++point) {
            const double multiple = multiples_[point];
            sector.called[point] = cell.expansion.grows ? called_capacity(economy_, cell, world_.plants[index],
                                                                          value_at(index, number, multiple, believed))
                                                              .total()
                                                        : world_.cells[index].capacity_t;
            sector.rate[point] = uses ? usual_run_rate(cell) : flow_rate(economy_, world_, index, number, multiple);
        }
        sectors_.push_back(sector);
    }

    /// Value of a sector's projects where the good has a price, and all else what it is believed to have in the end.
    ProjectValue value_at(std::size_t index, std::size_t number, double multiple,
                          const BelievedPrices& believed) const {
        const Cell& cell = economy_.cells[index];
        const std::size_t nodes = economy_.network.node_count();
        double margin = -cell.conversion_cost_usd_per_t * (world_.plants[index].cost_factor - 1.0);
        double planned = 0.0;
        for (std::size_t place = 0; place < cell.positions.size(); ++place) {
            const Position& position = cell.positions[place];
            const std::size_t node = position.node.index();
            const double value =
                (place < cell.inputs ? -1.0 : 1.0) * position.per_throughput * economy_.base_price[node];
            const double seen = place == number ? multiple : believed.multiple[(years - 1) * nodes + node];
            margin += value * (seen - 1.0);
            planned += value * (planned_multiple(economy_, world_, position.good) - 1.0);
        }
        const double cost = std::max(1e-9, cell.expansion.capital_cost_usd_per_t);
        return {(margin - planned) / cost, margin / cost};
    }

    /// Curves without any plant; `substituted`: part of the way to the long-run elasticity of use. Noise and what has
    /// been substituted by now are left out: both come back.
    LongRunCurves empty_curves(double substituted) const {
        const std::size_t countries = economy_.countries.size();
        const Good& good = economy_.goods[good_.index()];
        LongRunCurves curves{std::vector<Curve>(countries), std::vector<Curve>(countries)};
        for (std::size_t country = 0; country < countries; ++country) {
            const std::size_t node = node_of(country);
            PathDemand demand = flows_[country].demand;
            if (good.stage != "ore") {
                const double passing = world_.nodes.intensity[node] *
                                       exp(world_.nodes.demand_shock[node] + world_.world_demand_shock[good_.index()]);
                demand.need_t /= passing;
                demand.medium_elasticity +=
                    substituted * std::max(0.0, good.long_run_elasticity - demand.medium_elasticity);
            }
            for (const double multiple : multiples_) {
                if (demand.need_t > 0.0) {
                    curves.use[country].price.push_back(multiple * economy_.base_price[node]);
                    curves.use[country].quantity.push_back(adapted_use(demand, multiple) * economy_.months_per_tick());
                }
            }
        }
        return curves;
    }

    /// Adds a sector's throughput to the curves, given its capacity at each point; of one that uses the good, what it
    /// would use beside what stands.
    template <class CapacityAt>
    void add_to(LongRunCurves& curves, const Sector& sector, CapacityAt&& capacity_at) const {
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
    static LongRunCurves tidied(LongRunCurves curves) {
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

    /// In the end: all that is called for is built, without what it is planned to replace.
    LongRunCurves long_run_curves() const {
        LongRunCurves curves = empty_curves(1.0);
        for (const Sector& sector : sectors_) {
            const bool grows = economy_.cells[sector.cell].expansion.grows;
            const double replaces = grows ? world_.plants[sector.cell].planned_building.total() : 0.0;
            add_to(curves, sector, [&](std::size_t point) { return sector.called[point] - replaces; });
        }
        return tidied(std::move(curves));
    }

    /// With what is built so many years ahead. What is planned to be under construction replaces what retires.
    LongRunCurves curves_in(double ahead) const {
        LongRunCurves curves = empty_curves(1.0 - exp(-ahead / economy_.behaviour.substitution_years));
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

    std::vector<double> prices(const LongRunCurves& curves, const LaneCaps& caps, const std::vector<double>& start,
                               std::vector<double>& imports) const {
        return long_run_prices({economy_, world_, good_, curves, regime_.lanes(), caps, start}, imports);
    }
    /// Imports by country to which buyers were last found to be used in one of the years.
    std::vector<double> imports_in(std::size_t year, const BelievedPrices& believed) const {
        std::vector<double> imports;
        for (std::size_t country = 0; country < economy_.countries.size(); ++country) {
            imports.push_back(believed.imports[year * economy_.network.node_count() + node_of(country)]);
        }
        return imports;
    }
    void keep_imports(std::size_t year, const std::vector<double>& imports, BelievedPrices& believed) const {
        for (std::size_t country = 0; country < imports.size(); ++country) {
            believed.imports[year * economy_.network.node_count() + node_of(country)] = imports[country];
        }
    }
    /// Prices by country that are believed for one of the years, USD/t.
    std::vector<double> prices_of(std::size_t year, const BelievedPrices& believed) const {
        std::vector<double> prices;
        for (std::size_t country = 0; country < economy_.countries.size(); ++country) {
            prices.push_back(economy_.base_price[node_of(country)] *
                             believed.multiple[year * economy_.network.node_count() + node_of(country)]);
        }
        return prices;
    }

    const Economy& economy_;
    const World& world_;
    const Regime& regime_;
    GoodId good_;
    std::uint64_t duties_ = 0U;
    LaneCaps base_caps_;
    double belief_ = 1.0;
    bool in_doubt_ = false;
    CapsAhead standing_;
    CapsAhead awaited_;
    std::array<double, points> multiples_ = price_multiples();
    std::vector<NodeFlow> flows_;
    std::vector<Sector> sectors_;
};

}  // namespace

double planned_multiple(const Economy& economy, const World& world, GoodId good) {
    return economy.outlook.cost.empty()
               ? 1.0
               : economy.outlook.cost.at(good.index(), static_cast<double>(world.tick) / economy.ticks_per_year);
}

void renew_believed_prices(const Economy& economy, const World& world, const Regime& regime, BelievedPrices& believed) {
    const bool first = believed.multiple.empty();
    const bool new_year = world.tick % std::llround(economy.ticks_per_year) == 0;
    if (first) {
        believed.multiple.assign(years * economy.network.node_count(), 1.0);
        believed.imports.assign(years * economy.network.node_count(), 0.0);
        believed.found_for.assign(economy.goods.size(), 0U);
    }
    std::vector<bool> renewed(economy.goods.size(), false);
    bool any_renewed = false;
    for (const GoodId id : chain_order(economy)) {
        GoodBelief good(economy, world, regime, id);
        const std::uint64_t found_for = good.fingerprint();
        bool changed = first || new_year || found_for != believed.found_for[id.index()];
        if (!changed && any_renewed) {
            for (const ChainLink& link : links_into(economy, world, id)) {
                changed = changed || renewed[link.input.index()];
            }
        }
        if (changed) {
            believed.found_for[id.index()] = found_for;
            good.renew(believed);
            renewed[id.index()] = any_renewed = true;
        }
    }
}

}  // namespace ytterby

#include "agents/phases/scarcity/reference_price.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "agents/phases/scarcity/chain.hpp"
#include "core/maths.hpp"
#include "market/coupled_goods.hpp"
#include "market/spatial/kernels.hpp"

namespace ytterby {
namespace {

void set_curves(const NodeFlow& flow, double base_price, double months_per_tick, Curve& supply, Curve& use) {
    if (flow.supply.quantity_t.back() > 0.0) {
        for (std::size_t point = 0; point < FlowCurve::points; ++point) {
            supply.price.push_back(base_price * FlowCurve::multiple(point));
            supply.quantity.push_back(flow.supply.quantity_t[point] * months_per_tick);
        }
    }
    if (flow.demand.need_t > 0.0) {
        for (std::size_t point = 0; point < FlowCurve::points; ++point) {
            use.price.push_back(base_price * FlowCurve::multiple(point));
            use.quantity.push_back(adapted_use(flow.demand, FlowCurve::multiple(point)) * months_per_tick);
        }
    }
}

}  // namespace

ReferenceMarket reference_market(const Economy& economy, GoodId good, const std::vector<NodeFlow>& flows,
                                 const LaneRules& rules, const LaneCaps& caps, const std::vector<double>& start) {
    const std::size_t countries = economy.countries.size();
    const GoodLanes& book = economy.network.goods[good.index()];
    SpatialMarket market;
    market.supply.resize(countries);
    market.use.resize(countries);
    SpatialClearing cleared;
    cleared.markets.resize(1);
    for (std::size_t country = 0; country < countries; ++country) {
        const std::size_t node = economy.network.node(good, id_at<CountryId>(country)).index();
        set_curves(flows[country], economy.base_price[node], economy.months_per_tick(), market.supply[country],
                   market.use[country]);
        const double from = start.empty() ? economy.base_price[node] : start[country];
        cleared.markets[0].supply_price.push_back(from);
        cleared.markets[0].use_price.push_back(from);
    }
    for (std::size_t number = 0; number < book.lanes.size(); ++number) {
        const TradeLane& lane = book.lanes[number];
        LaneRule rule = rules.rule(good, lane.origin, lane.destination);
        // Caps of today are not those that last.
        rule.bans = 0;
        rule.plain.cap_t = rule.control.cap_t = std::numeric_limits<double>::infinity();
        SpatialLane terms = lane_terms(lane, rule, lane.base_flow_t);
        terms.cap = caps.empty() ? std::numeric_limits<double>::infinity() : caps[number];
        market.lanes.push_back(terms);
    }
    SpatialSolver solver;
    try {
        clear_curves({&market, 1}, {}, Kernel::automatic, solver, false, cleared);
    } catch (const std::exception&) {
        return {};
    }
    return {cleared.markets[0].use_price, cleared.markets[0].used};
}

namespace {

/// Whether duties, tariffs, frictions or preferences on some lane of a good differ from those of the base date.
bool duties_differ(const Economy& economy, const LaneRules& rules, GoodId good) {
    if (!rules.has_rules(good) && !economy.base_rules.has_rules(good)) {
        return false;
    }
    const auto terms = [](const LaneRule& rule) {
        return std::array{rule.export_duty(),        rule.tariff(),         rule.specific_tariff_usd_per_t(),
                          rule.friction_usd_per_t(), rule.freight_factor(), rule.prefer_usd_per_t()};
    };
    const auto& lanes = economy.network.goods[good.index()].lanes;
    return std::any_of(lanes.begin(), lanes.end(), [&](const TradeLane& lane) {
        return terms(rules.rule(good, lane.origin, lane.destination)) !=
               terms(economy.base_rules.rule(good, lane.origin, lane.destination));
    });
}

/// Caps that are expected to last, by lane; empty without any. `awaited_too`: with those that are announced.
LaneCaps lasting_caps(const Economy& economy, const World& world, const Regime& regime, GoodId good, bool awaited_too) {
    LaneCaps caps;
    for (const ExpectedMeasure& measure : regime.announcements().expected()) {
        const bool awaited = measure.expectation.steps.front().from_tick > world.tick;
        if (measure.expectation.end_tick || (awaited && !awaited_too)) {
            continue;
        }
        const double share =
            measure.expectation.open_share(std::max(world.tick, measure.expectation.steps.back().from_tick));
        if (share < 1.0) {
            add_caps(economy, regime, good, measure, share, caps);
        }
    }
    return caps;
}

}  // namespace

namespace {

/// The three kinds of rules that reference prices are found for.
constexpr std::size_t rule_kinds = 3;

/// Finds the reference prices of the goods that any rule moves, down the chains.
class References {
public:
    References(const Economy& economy, const World& world, const Regime& regime)
        : economy_(economy), world_(world), regime_(regime) {}

    /// With `worth`, what is made of the good ends the demand for it where it brings no more than its own multiple.
    void renew(GoodId good, bool worth, ReferencePrices& next) {
        const bool duties = duties_differ(economy_, regime_.lanes(), good);
        const LaneCaps base = base_caps(economy_, good);
        const auto with_base = [&](const LaneCaps& caps) {
            return with_base_caps(economy_, world_, regime_, good, caps);
        };
        const std::array<LaneCaps, rule_kinds> caps{with_base({}),
                                                    with_base(lasting_caps(economy_, world_, regime_, good, false)),
                                                    with_base(lasting_caps(economy_, world_, regime_, good, true))};
        const std::array<Column<double>*, rule_kinds> columns{&next.multiple, &next.standing, &next.lasting};
        std::vector<NodeFlow> flows;
        std::vector<Found> found;
        for (std::size_t kind = 0; kind < rule_kinds; ++kind) {
            const std::vector<double> inputs = input_shares(good, kind);
            if (!duties && caps[kind] == base && inputs.empty()) {
                fill(good, *columns[kind]);
                continue;
            }
            if (flows.empty()) {
                flows = node_flows(economy_, world_, good, CountedCapacity::with_building);
                keep_plain(good, flows, next);
            }
            const std::vector<double> worths = worth ? worths_of(good, *columns[kind]) : std::vector<double>{};
            const auto asked = [&](const Found& other) {
                return other.caps == caps[kind] && other.inputs == inputs && other.worths == worths;
            };
            if (std::none_of(found.begin(), found.end(), asked)) {
                found.push_back({caps[kind], inputs, worths,
                                 reference_market(economy_, good, with_inputs(ended(flows, worths), inputs),
                                                  regime_.lanes(), caps[kind], prices_of(good, next, *columns[kind]))});
            }
            const ReferenceMarket& after = std::find_if(found.begin(), found.end(), asked)->market;
            write(good, next, after, *columns[kind]);
            keep_use(good, kind, next, after);
        }
        if (flows.empty() && !next.plain.empty()) {
            for (std::size_t country = 0; country < economy_.countries.size(); ++country) {
                next.plain[node_of(good, country)] = next.plain_used[node_of(good, country)] = 0.0;
            }
        }
    }

private:
    /// A market that was cleared for one kind of rules: another kind may ask for the same.
    struct Found {
        LaneCaps caps;
        std::vector<double> inputs;
        std::vector<double> worths;
        ReferenceMarket market;
    };

    std::size_t node_of(GoodId good, std::size_t country) const {
        return economy_.network.node(good, id_at<CountryId>(country)).index();
    }

    /// Prices by country that a column says, from which the search begins, USD/t; empty where none are known.
    std::vector<double> prices_of(GoodId good, const ReferencePrices& next, const Column<double>& column) const {
        std::vector<double> prices;
        for (std::size_t country = 0; country < economy_.countries.size(); ++country) {
            const std::size_t node = node_of(good, country);
            const double plain = next.plain[node];
            prices.push_back((plain > 0.0 ? plain : economy_.base_price[node]) * ReferencePrices::at(column, node));
        }
        return prices;
    }

    void fill(GoodId good, Column<double>& column) const {
        for (std::size_t country = 0; !column.empty() && country < economy_.countries.size(); ++country) {
            column[node_of(good, country)] = 1.0;
        }
    }

    /// The market without measures when the first of them was heard of: what they do to capacity later is theirs.
    void keep_plain(GoodId good, const std::vector<NodeFlow>& flows, ReferencePrices& next) const {
        next.plain.resize(economy_.network.node_count(), 0.0);
        next.plain_used.resize(economy_.network.node_count(), 0.0);
        const auto known = [&](std::size_t country) { return next.plain[node_of(good, country)] > 0.0; };
        for (std::size_t country = 0; country < economy_.countries.size(); ++country) {
            if (known(country)) {
                return;
            }
        }
        const ReferenceMarket market =
            reference_market(economy_, good, flows, economy_.base_rules, base_caps(economy_, good), {});
        for (std::size_t country = 0; country < market.use_price.size(); ++country) {
            next.plain[node_of(good, country)] = market.use_price[country];
            next.plain_used[node_of(good, country)] = market.used_t[country];
        }
    }

    void write(GoodId good, const ReferencePrices& next, const ReferenceMarket& after, Column<double>& column) const {
        column.resize(economy_.network.node_count(), 1.0);
        for (std::size_t country = 0; country < economy_.countries.size(); ++country) {
            const std::size_t node = node_of(good, country);
            column[node] =
                next.plain[node] > 0.0 && !after.use_price.empty() ? after.use_price[country] / next.plain[node] : 1.0;
        }
    }

    void keep_use(GoodId good, std::size_t kind, const ReferencePrices& next, const ReferenceMarket& after) {
        used_[kind].resize(economy_.network.node_count(), 1.0);
        for (std::size_t country = 0; country < after.used_t.size(); ++country) {
            const std::size_t node = node_of(good, country);
            const double usual = next.plain_used[node];
            used_[kind][node] = usual > 0.0 ? std::min(1.0, after.used_t[country] / usual) : 1.0;
        }
    }

    /// Share of each country's output of a good for which inputs are there; empty where all are.
    std::vector<double> input_shares(GoodId good, std::size_t kind) const {
        if (used_[kind].empty()) {
            return {};
        }
        std::vector<double> lacking(economy_.countries.size(), 0.0);
        bool any = false;
        for (const ChainLink& link : links_into(economy_, world_, good)) {
            const double share = 1.0 - used_[kind][node_of(link.input, link.country.index())];
            lacking[link.country.index()] += link.output_t * share;
            any = any || share > 1e-9;
        }
        if (!any) {
            return {};
        }
        for (std::size_t country = 0; country < lacking.size(); ++country) {
            const double made = world_.nodes.production[node_of(good, country)] / economy_.months_per_tick();
            lacking[country] = 1.0 - std::min(1.0, lacking[country] / std::max(1e-12, made));
        }
        return lacking;
    }

    /// By country, the highest multiple of what is made of the good there; 0 where nothing is.
    std::vector<double> worths_of(GoodId good, const Column<double>& column) const {
        std::vector<double> multiple(economy_.countries.size(), 0.0);
        for (const ChainLink& link : links_from(economy_, world_, good)) {
            double& here = multiple[link.country.index()];
            here = std::max(here, ReferencePrices::at(column, node_of(link.output, link.country.index())));
        }
        return multiple;
    }

    /// Flows with demand ended by these multiples; empty: as they are.
    static std::vector<NodeFlow> ended(std::vector<NodeFlow> flows, const std::vector<double>& worths) {
        for (std::size_t country = 0; country < worths.size(); ++country) {
            if (worths[country] > 0.0) {
                end_demand_at(worths[country], flows[country].demand);
            }
        }
        return flows;
    }

    static std::vector<NodeFlow> with_inputs(std::vector<NodeFlow> flows, const std::vector<double>& shares) {
        for (std::size_t country = 0; country < shares.size(); ++country) {
            for (double& quantity : flows[country].supply.quantity_t) {
                quantity *= shares[country];
            }
        }
        return flows;
    }

    const Economy& economy_;
    const World& world_;
    const Regime& regime_;
    std::array<std::vector<double>, rule_kinds> used_;  // by node: use over that under the rules of the base date
};

}  // namespace

ReferencePrices next_references(const Economy& economy, const World& world, const Regime& regime) {
    ReferencePrices next = world.references;
    References references(economy, world, regime);
    const std::vector<GoodId> order = chain_order(economy);
    for (const GoodId good : order) {
        references.renew(good, false, next);
    }
    for (auto good = order.rbegin(); good != order.rend(); ++good) {
        if (!links_from(economy, world, *good).empty()) {
            references.renew(*good, true, next);
        }
    }
    return next;
}

}  // namespace ytterby

#include "agents/phases/scarcity/scarcity.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>

#include "agents/phases/scarcity/components.hpp"
#include "agents/phases/scarcity/flow_curves.hpp"
#include "agents/phases/scarcity/reference_price.hpp"
#include "agents/phases/scarcity/stock_path.hpp"
#include "core/maths.hpp"

namespace ytterby {
namespace {

/// Months that holders look ahead (assumed, 36-120).
constexpr double horizon_months = 60.0;
/// Interest and carrying cost of stocks, per month (docs/model.md, section 7.16).
constexpr std::array<double, path_discounts> discounts{0.007, 0.01, 0.015};
/// The path has its full weight where what it is about amounts to so much need, months (assumed, 0.05-0.3).
constexpr double full_weight_months = 0.1;
/// After a measure the path is heard until stocks and adaptation are off by less than this, months of need (assumed,
/// 0.01-0.05).
constexpr double normal_months = 0.02;
/// Share of usual targets that the side which a wall will close in keeps for itself (assumed, 0.1-0.3).
constexpr double kept_share = 0.2;
/// The least planned stock over usual targets (technical: schedules multiply with it).
constexpr double least_stock_multiple = 0.02;

/// Countries of a good that share one market behind walls, added up.
struct Component {
    std::vector<std::size_t> countries;
    FlowCurve supply;
    PathDemand demand{.need_t = 0.0};
    IdlePlants idle;
    double output_t = 0.0;  // per month
    double stock_t = 0.0;
    double target_t = 0.0;
    double loss_t = 0.0;       // output per month that dated shocks take
    double loss_months = 0.0;  // how much longer
    double anchor_multiple = 1.0;
    // Reference prices over that under the duties in force: with the lasting caps in force, and the announced ones too.
    double standing_multiple = 1.0;
    double lasting_multiple = 1.0;
    bool marked = false;

    /// Share of supply that can run so many months ahead: what stands idle takes its time.
    double supply_share(double passed) const {
        const double idle_share =
            passed < idle.months ? std::min(1.0, idle.output_t / std::max(1e-12, supply.at_log(0.0))) : 0.0;
        const double lost_share =
            passed >= loss_months && loss_t > 0.0 ? loss_t / std::max(1e-12, supply.at_log(0.0)) : 0.0;
        return (1.0 - idle_share) * (1.0 + lost_share);
    }
    double size_t() const { return std::max({demand.need_t, output_t, 1e-12}); }
};

void add_flow(const NodeFlow& flow, Component& sum) {
    for (std::size_t point = 0; point < FlowCurve::points; ++point) {
        sum.supply.quantity_t[point] += flow.supply.quantity_t[point];
    }
    add_demand(flow.demand, sum.demand);
    sum.idle.add(flow.idle);
    sum.output_t += flow.output_t;
    sum.stock_t += flow.stock_t;
    sum.target_t += flow.target_t;
}

/// What one scenario means for a component.
struct Seen {
    std::array<double, path_discounts> price{1.0, 1.0, 1.0};  // multiples of the base price
    bool lets_go = false;  // it is one market today with a scarcer component, which its stocks go to
    double kept_t = 0.0;   // stock that it then keeps at the end of the month
};

/// One good in a tick.
class GoodAhead {
public:
    GoodAhead(const Economy& economy, const World& world, const Regime& regime, GoodId good)
        : economy_(economy), world_(world), regime_(regime), good_(good), walls_(walls_of(regime, good)) {}

    /// Whether anything is to be foreseen.
    bool concerned() const {
        if (!walls_.empty()) {
            return true;
        }
        for (const Outlook::Shock& shock : economy_.outlook.shocks) {
            if (shock.in_force(world_.tick) &&
                std::find(shock.goods.begin(), shock.goods.end(), good_) != shock.goods.end()) {
                return true;
            }
        }
        return std::any_of(economy_.countries.begin(), economy_.countries.end(), [&](const Country& country) {
            return world_.nodes.scarcity_mark[node_of(static_cast<std::size_t>(&country - economy_.countries.data()))] >
                   0.0;
        });
    }

    /// Fills the good's nodes.
    void foresee(const ReferencePrices& references, std::vector<NodeScarcity>& nodes) {
        make_components(references);
        double belief = 1.0;
        bool in_doubt = false;
        for (const Wall& wall : walls_) {
            for (const ExpectedMeasure* measure : wall.measures) {
                if (is_awaited(*measure)) {
                    belief = in_doubt ? std::max(belief, measure->expectation.belief) : measure->expectation.belief;
                    in_doubt = true;
                }
            }
        }
        const std::vector<Seen> comes = see(true);
        const std::vector<Seen> stays_away = in_doubt && belief < 1.0 ? see(false) : comes;
        for (std::size_t number = 0; number < components_.size(); ++number) {
            write(number, belief, comes[number], stays_away[number], references, nodes);
        }
    }

private:
    std::size_t node_of(std::size_t country) const {
        return economy_.network.node(good_, id_at<CountryId>(country)).index();
    }
    bool is_awaited(const ExpectedMeasure& measure) const {
        return measure.expectation.steps.front().from_tick > world_.tick;
    }

    void make_components(const ReferencePrices& references) {
        const std::vector<NodeFlow> flows = node_flows(economy_, world_, good_, CountedCapacity::standing);
        const std::vector<std::uint32_t> group = tied_countries(economy_, world_, good_, walls_);
        components_.assign(group.empty() ? 0 : *std::max_element(group.begin(), group.end()) + 1, Component{});
        for (std::size_t country = 0; country < group.size(); ++country) {
            Component& component = components_[group[country]];
            component.countries.push_back(country);
            add_flow(flows[country], component);
            component.marked = component.marked || world_.nodes.scarcity_mark[node_of(country)] > 0.0;
        }
        component_of_ = group;
        for (Component& component : components_) {
            set_levels(flows, references, component);
            add_losses(component);
        }
    }

    /// Anchors and reference prices of a component, weighted by what its countries need or make.
    void set_levels(const std::vector<NodeFlow>& flows, const ReferencePrices& references, Component& component) const {
        double weight = 0.0;
        double anchor = 0.0;
        double standing = 0.0;
        double lasting = 0.0;
        for (const std::size_t country : component.countries) {
            const std::size_t node = node_of(country);
            const double size = std::max(flows[country].demand.need_t, flows[country].output_t);
            weight += size;
            anchor += size * log(world_.nodes.use_anchor[node] / economy_.base_price[node]);
            standing += size * log(references.standing_at(node) / references.multiple_at(node));
            lasting += size * log(references.lasting_at(node) / references.multiple_at(node));
        }
        if (weight > 0.0) {
            component.anchor_multiple = exp(anchor / weight);
            component.standing_multiple = exp(standing / weight);
            component.lasting_multiple = exp(lasting / weight);
        }
    }

    /// Dated losses of output in force.
    void add_losses(Component& component) const {
        for (const Outlook::Shock& shock : economy_.outlook.shocks) {
            if (shock.kind != Outlook::Shock::Kind::supply_loss || !shock.in_force(world_.tick)) {
                continue;
            }
            for (const std::size_t country : component.countries) {
                if (shock.covers(good_, id_at<CountryId>(country)) && shock.share < 1.0) {
                    component.loss_t += world_.nodes.production[node_of(country)] / economy_.months_per_tick() *
                                        shock.share / (1.0 - shock.share);
                    component.loss_months =
                        std::max(component.loss_months,
                                 static_cast<double>(shock.end_tick - world_.tick) * economy_.months_per_tick());
                }
            }
        }
    }

    /// The steps of time of a component behind its walls.
    std::vector<WallStep> steps_of(std::size_t number, bool awaited_too, double horizon) const {
        std::vector<WallStep> steps;
        double passed = 0.0;
        for (const double months : path_months(horizon)) {
            WallStep step{.months = months, .open = true};
            const auto ahead = static_cast<std::int64_t>((passed + 0.5 * (months - 1.0)) / economy_.months_per_tick());
            for (const Wall& wall : walls_) {
                const bool enters = component_of_[wall.destination.index()] == number;
                const bool leaves = component_of_[wall.origin.index()] == number;
                if (enters == leaves) {
                    continue;
                }
                const double share = wall.open_share(world_.tick, world_.tick + ahead, awaited_too);
                (enters ? step.cap_in_t : step.cap_out_t) += share * wall.usual_t / economy_.months_per_tick();
                step.open = step.open && share >= 1.0;
            }
            step.supply_share = components_[number].supply_share(passed);
            steps.push_back(step);
            passed += months;
        }
        return steps;
    }

    /// Months until the last measure is expected to end, or the horizon where one lasts.
    double horizon(bool awaited_too) const {
        double latest = 0.0;
        bool any = false;
        for (const Wall& wall : walls_) {
            for (const ExpectedMeasure* measure : wall.measures) {
                if (is_awaited(*measure) && !awaited_too) {
                    continue;
                }
                any = true;
                if (!measure->expectation.end_tick) {
                    return horizon_months;
                }
                latest = std::max(latest, static_cast<double>(*measure->expectation.end_tick - world_.tick) *
                                              economy_.months_per_tick());
            }
        }
        for (const Component& component : components_) {
            latest = std::max(latest, component.loss_months);
        }
        return any || latest > 0.0 ? std::clamp(latest, 1.0, horizon_months) : horizon_months;
    }

    /// All components but one, as its other side.
    Component other_side(std::size_t number) const {
        Component sum;
        sum.supply = FlowCurve{};
        for (std::size_t other = 0; other < components_.size(); ++other) {
            if (other != number) {
                for (std::size_t point = 0; point < FlowCurve::points; ++point) {
                    sum.supply.quantity_t[point] += components_[other].supply.quantity_t[point];
                }
                add_demand(components_[other].demand, sum.demand);
                sum.idle.add(components_[other].idle);
                sum.output_t += components_[other].output_t;
                sum.stock_t += components_[other].stock_t;
                sum.target_t += components_[other].target_t;
            }
        }
        return sum;
    }

    /// Months until a wall that is open today begins to close; 0 where none will.
    static double months_until_closed(const std::vector<WallStep>& steps) {
        double passed = 0.0;
        for (const WallStep& step : steps) {
            if (!step.open) {
                return passed;
            }
            passed += step.months;
        }
        return 0.0;
    }

    /// The question of a component. The other side, which it refers to, must last as long.
    PathQuestion question_of(std::size_t number, bool awaited_too, const Component& other) const {
        const Component& component = components_[number];
        const double ahead = horizon(awaited_too);
        PathQuestion question;
        question.stock_t = component.stock_t;
        question.target_t = component.target_t;
        question.output_t = component.output_t;
        question.demand = component.demand;
        question.supply = &component.supply;
        question.other_demand = other.demand;
        question.other_supply = &other.supply;
        question.other_output_t = other.output_t;
        question.steps = steps_of(number, awaited_too, ahead);
        double passed = 0.0;
        for (WallStep& step : question.steps) {
            step.other_supply_share = other.supply_share(passed);
            passed += step.months;
        }
        const double reference = awaited_too ? component.lasting_multiple : component.standing_multiple;
        question.terminal = component.anchor_multiple * (ahead >= horizon_months ? reference : 1.0);
        if (const double until = months_until_closed(question.steps); until > 0.0) {
            question.stock_t += other.stock_t - kept_until(other, until);
        }
        return question;
    }

    /// What a side that a wall will close in keeps of its stock at the end of the month: the rest comes out bit by bit
    /// until the door closes.
    static double kept_until(const Component& side, double months) {
        const double least = std::min(side.stock_t, kept_share * side.target_t);
        return least + (side.stock_t - least) * (months - 1.0) / months;
    }

    /// Paths of all components in one scenario.
    std::vector<Seen> see(bool awaited_too) const {
        std::vector<Seen> seen(components_.size());
        std::vector<std::size_t> joined;
        for (std::size_t number = 0; number < components_.size(); ++number) {
            if (components_[number].demand.need_t <= 0.0 && components_[number].output_t <= 0.0) {
                continue;
            }
            const Component other = other_side(number);
            const PathQuestion question = question_of(number, awaited_too, other);
            for (std::size_t which = 0; which < path_discounts; ++which) {
                seen[number].price[which] = path_price(question, discounts[which]);
            }
            if (const double until = months_until_closed(question.steps); until > 0.0) {
                joined.push_back(number);
                seen[number].kept_t = kept_until(components_[number], until);
            }
        }
        join(joined, seen);
        return seen;
    }

    /// Components that are one market today have the price of the scarcest among them; the others let their stocks go.
    static void join(const std::vector<std::size_t>& joined, std::vector<Seen>& seen) {
        if (joined.empty()) {
            return;
        }
        const std::size_t scarcest = *std::max_element(joined.begin(), joined.end(), [&](std::size_t a, std::size_t b) {
            return seen[a].price[1] < seen[b].price[1];
        });
        for (const std::size_t number : joined) {
            if (number != scarcest) {
                seen[number].price = seen[scarcest].price;
                seen[number].lets_go = true;
            }
        }
    }

    /// Tonnes that measures and shocks keep from or in a component over the horizon, by what is believed.
    double disturbance_t(std::size_t number, double belief) const {
        const double ahead = horizon(true);
        const std::vector<WallStep> usual = steps_of(number, false, ahead);
        const std::vector<WallStep> steps = steps_of(number, true, ahead);
        double caps_in = 0.0;
        double caps_out = 0.0;
        for (const Wall& wall : walls_) {
            caps_in += component_of_[wall.destination.index()] == number ? wall.usual_t : 0.0;
            caps_out += component_of_[wall.origin.index()] == number ? wall.usual_t : 0.0;
        }
        caps_in /= economy_.months_per_tick();
        caps_out /= economy_.months_per_tick();
        double sum = components_[number].loss_t * components_[number].loss_months;
        for (std::size_t place = 0; place < steps.size(); ++place) {
            const auto kept_off = [&](const WallStep& step) {
                return step.open ? 0.0
                                 : std::max(0.0, caps_in - step.cap_in_t) + std::max(0.0, caps_out - step.cap_out_t);
            };
            sum += steps[place].months * (belief * kept_off(steps[place]) + (1.0 - belief) * kept_off(usual[place]));
        }
        return sum;
    }

    void write(std::size_t number, double belief, const Seen& comes, const Seen& stays_away,
               const ReferencePrices& references, std::vector<NodeScarcity>& nodes) const {
        const Component& component = components_[number];
        const double size = component.size_t();
        const double disturbed = disturbance_t(number, belief);
        const double abnormal = std::fabs(component.stock_t - component.target_t) +
                                component.demand.need_t * std::fabs(component.demand.log_adaptation);
        const bool left = component.marked && abnormal > normal_months * size;
        const double share = std::min(1.0, (disturbed + (left ? abnormal : 0.0)) / (full_weight_months * size));
        // Prices are averaged over scenarios, not tonnes: stocks are planned at the price that comes of it.
        std::array<double, path_discounts> price{};
        for (std::size_t which = 0; which < path_discounts; ++which) {
            price[which] = belief * comes.price[which] + (1.0 - belief) * stays_away.price[which];
        }
        double stock = component.target_t;
        if (comes.lets_go) {
            stock = belief * comes.kept_t + (1.0 - belief) * component.stock_t;
        } else if (component.size_t() > 1e-9) {
            const Component other = other_side(number);
            const PathQuestion question = question_of(number, true, other);
            stock = belief * question.stock_t + (1.0 - belief) * component.stock_t - missing_now(question, price[1]);
        }
        NodeScarcity common;
        common.share = share;
        common.mark = disturbed > 0.0 || left ? 1.0 : 0.0;
        common.log_stock_multiple = log(std::max(least_stock_multiple, stock / std::max(1e-12, component.target_t)));
        if (getenv("YDEBUG") && component.size_t() > 1.0) {
            fprintf(stderr,
                    "DBG t%ld good %s comp %zu n=%zu need %.1f out %.1f S %.1f T %.1f a %.3f share %.3f P %.3f %.3f "
                    "%.3f stock %.1f lasting %.3f anchor %.3f\n",
                    (long)world_.tick, economy_.goods[good_.index()].name.c_str(), number, component.countries.size(),
                    component.demand.need_t, component.output_t, component.stock_t, component.target_t,
                    component.demand.log_adaptation, share, comes.price[0], comes.price[1], comes.price[2], stock,
                    component.lasting_multiple, component.anchor_multiple);
        }
        for (const std::size_t country : component.countries) {
            const std::size_t node = node_of(country);
            nodes[node] = common;
            for (std::size_t which = 0; which < path_discounts; ++which) {
                const double multiple = belief * comes.price[which] + (1.0 - belief) * stays_away.price[which];
                nodes[node].log_price[which] = log(multiple * economy_.base_price[node] * references.multiple_at(node));
            }
        }
    }

    const Economy& economy_;
    const World& world_;
    const Regime& regime_;
    GoodId good_;
    std::vector<Wall> walls_;
    std::vector<std::uint32_t> component_of_;
    std::vector<Component> components_;
};

}  // namespace

Scarcity foresee(const Economy& economy, const World& world, const Regime& regime) {
    Scarcity scarcity;
    scarcity.references = next_references(economy, world, regime);
    for (std::size_t index = 0; index < economy.goods.size(); ++index) {
        GoodAhead good(economy, world, regime, id_at<GoodId>(index));
        if (!good.concerned()) {
            continue;
        }
        scarcity.nodes.resize(economy.network.node_count());
        good.foresee(scarcity.references, scarcity.nodes);
    }
    return scarcity;
}

void keep_scarcity(const Scarcity& scarcity, World& world) {
    for (std::size_t node = 0; node < world.nodes.scarcity_mark.size(); ++node) {
        world.nodes.scarcity_mark[node] = scarcity.foreseen() ? scarcity.nodes[node].mark : 0.0;
    }
    world.references = scarcity.references;
}

}  // namespace ytterby

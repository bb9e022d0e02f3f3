#include "agents/phases/scarcity/good_ahead.hpp"

#include <algorithm>
#include <cmath>

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
/// The least planned stock over usual targets (technical: schedules multiply with it).
constexpr double least_stock_multiple = 0.02;
/// Halvings of the stock that a side needs, and of the price at which all sides hold what there is (technical).
constexpr int stock_halvings = 14;
constexpr int price_halvings = 12;
/// Share of usual targets that plants do not count on when they ask how far an input goes until a wall falls (assumed,
/// 0.1-0.3).
constexpr double unused_share = 0.2;

/// Months until a wall that is open today begins to close; 0 where none will.
double months_until_closed(const std::vector<WallStep>& steps) {
    double passed = 0.0;
    for (const WallStep& step : steps) {
        if (!step.open) {
            return passed;
        }
        passed += step.months;
    }
    return 0.0;
}

std::size_t place(Future future) { return static_cast<std::size_t>(future); }

}  // namespace

GoodAhead::GoodAhead(const Economy& economy, const World& world, const Regime& regime, GoodId good)
    : economy_(economy), world_(world), regime_(regime), good_(good), walls_(walls_of(regime, good, world.tick)) {}

void GoodAhead::add_input(const GoodAhead& input, CountryId country, double output_t) {
    bounds_.push_back({&input, country, output_t});
}

void GoodAhead::add_output(const GoodAhead& output, CountryId country, double input_t) {
    askings_.push_back({&output, country, input_t});
}

bool GoodAhead::asked_for_less() const {
    return std::any_of(askings_.begin(), askings_.end(), [](const Asking& asking) {
        return asking.output->least_asked(asking.country.index(), Future::announced_come) < 1.0;
    });
}

bool GoodAhead::concerned() const {
    const auto& shocks = economy_.outlook.shocks;
    const auto binds = [](const Bound& bound) {
        return bound.input->tonnage_share(bound.country.index(), Future::announced_come, 0.0) < 1.0;
    };
    const auto is_shocked = [&](const Outlook::Shock& shock) {
        return shock.in_force(world_.tick) &&
               std::find(shock.goods.begin(), shock.goods.end(), good_) != shock.goods.end();
    };
    if (!walls_.empty() || std::any_of(bounds_.begin(), bounds_.end(), binds) ||
        std::any_of(shocks.begin(), shocks.end(), is_shocked)) {
        return true;
    }
    for (std::size_t country = 0; country < economy_.countries.size(); ++country) {
        if (world_.nodes.scarcity_mark[node_of(country)] > 0.0) {
            return true;
        }
    }
    return false;
}

void GoodAhead::set_belief() {
    for (const Wall& wall : walls_) {
        for (const ExpectedMeasure* measure : wall.measures) {
            if (is_awaited(*measure)) {
                belief_ = in_doubt_ ? std::max(belief_, measure->expectation.belief) : measure->expectation.belief;
                in_doubt_ = true;
            }
        }
    }
    for (const Bound& bound : bounds_) {
        if (bound.input->in_doubt_) {
            belief_ = in_doubt_ ? std::max(belief_, bound.input->belief_) : bound.input->belief_;
            in_doubt_ = true;
        }
    }
    for (const Asking& asking : askings_) {
        if (asking.output->in_doubt_) {
            belief_ = in_doubt_ ? std::max(belief_, asking.output->belief_) : asking.output->belief_;
            in_doubt_ = true;
        }
    }
}

void GoodAhead::prepare(const ReferencePrices& references) {
    set_belief();
    const std::vector<NodeFlow> flows = node_flows(economy_, world_, good_, CountedCapacity::standing);
    component_of_ = tied_countries(economy_, world_, good_, walls_);
    components_.assign(component_of_.empty() ? 0 : *std::max_element(component_of_.begin(), component_of_.end()) + 1,
                       Component{});
    for (std::size_t country = 0; country < component_of_.size(); ++country) {
        Component& component = components_[component_of_[country]];
        component.countries.push_back(country);
        component.add(flows[country]);
        component.marked = component.marked || world_.nodes.scarcity_mark[node_of(country)] > 0.0;
    }
    walls_around_.assign(components_.size(), {});
    for (std::uint32_t number = 0; number < walls_.size(); ++number) {
        const std::uint32_t from = component_of_[walls_[number].origin.index()];
        const std::uint32_t to = component_of_[walls_[number].destination.index()];
        if (from != to) {
            walls_around_[from].push_back(number);
            walls_around_[to].push_back(number);
        }
    }
    for (Component& component : components_) {
        set_levels(flows, references, component);
        add_losses(component);
    }
    set_tonnage(Future::announced_come);
    set_tonnage(Future::in_force_alone);
    set_asked(Future::announced_come);
    set_asked(Future::in_force_alone);
}

/// Anchors and reference prices of a component, weighted by what its countries need or make.
void GoodAhead::set_levels(const std::vector<NodeFlow>& flows, const ReferencePrices& references,
                           Component& component) const {
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
void GoodAhead::add_losses(Component& component) const {
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

/// How far the tonnes of each component go until the measures of a future end: stocks, mines and what walls let in.
void GoodAhead::set_tonnage(Future future) {
    std::vector<Tonnage>& tonnage = tonnage_[place(future)];
    tonnage.assign(components_.size(), Tonnage{});
    const bool shocked =
        std::any_of(components_.begin(), components_.end(), [](const Component& here) { return here.loss_t > 0.0; });
    if (walls_.empty() && !shocked) {
        return;
    }
    const bool walled = !walls_.empty();
    const double ahead = horizon(future);
    // What is mined once a shock is over is sold in the month after.
    const double until = walled ? ahead : ahead + economy_.months_per_tick();
    for (std::size_t number = 0; number < components_.size(); ++number) {
        const Component& component = components_[number];
        if (component.demand.need_t <= 0.0) {
            continue;
        }
        const double multiple =
            future == Future::announced_come ? component.lasting_multiple : component.standing_multiple;
        const double made = component.supply.at_log(log(multiple));
        // Behind a wall that lasts stocks have to come back to usual; before one that falls they may run down.
        const double unused = ahead < horizon_months ? unused_share : 1.0;
        double tonnes = std::max(0.0, component.stock_t - unused * component.target_t);
        double needed = 0.0;
        for (const WallStep& step : steps_of(number, future, ahead)) {
            needed += step.months * step.need_share * component.demand.need_t;
            tonnes += step.months *
                      (step.open && walled ? component.demand.need_t : step.supply_share * made + step.cap_in_t);
        }
        tonnage[number] = {std::min(1.0, tonnes / needed), until};
    }
}

/// How much of their usual output the plants of each component are asked for while walls stand: for its own need, for
/// what passes the walls, and for stocks to be as usual again.
void GoodAhead::set_asked(Future future) {
    std::vector<Asked>& asked = asked_[place(future)];
    asked.assign(components_.size(), Asked{});
    if (walls_.empty()) {
        return;
    }
    const double ahead = horizon(future);
    for (std::size_t number = 0; number < components_.size(); ++number) {
        const Component& component = components_[number];
        const double usual = component.supply.at_log(0.0);
        if (usual <= 0.0) {
            continue;
        }
        double wanted = std::max(0.0, component.target_t - component.stock_t);
        double made = 0.0;
        const std::vector<WallStep> steps = steps_of(number, future, ahead);
        for (const WallStep& step : steps) {
            if (!step.open) {
                wanted += step.months * (component.demand.need_t + step.cap_out_t);
                made += step.months * step.supply_share * usual;
            }
        }
        if (made > 0.0) {
            asked[number] = {std::min(1.0, wanted / made), months_until_closed(steps), ahead};
        }
    }
}

double GoodAhead::least_asked(std::size_t country, Future future) const {
    return prepared() ? asked_[place(future)][component_of_[country]].share : 1.0;
}

double GoodAhead::asked_share(std::size_t country, Future future, double months_ahead) const {
    if (!prepared()) {
        return 1.0;
    }
    const Asked& asked = asked_[place(future)][component_of_[country]];
    return months_ahead >= asked.from && months_ahead < asked.until ? asked.share : 1.0;
}

/// Share of a component's need that is left, so many months ahead, of what is made of the good.
double GoodAhead::need_share(std::size_t number, Future future, double passed) const {
    double less = 0.0;
    for (const Asking& asking : askings_) {
        if (component_of_[asking.country.index()] == number) {
            less += asking.input_t * (1.0 - asking.output->asked_share(asking.country.index(), future, passed));
        }
    }
    return less > 0.0 ? std::max(0.0, 1.0 - less / std::max(less, components_[number].demand.need_t)) : 1.0;
}

double GoodAhead::tonnage_share(std::size_t country, Future future, double months_ahead) const {
    if (!prepared()) {
        return 1.0;
    }
    const Tonnage& tonnage = tonnage_[place(future)][component_of_[country]];
    return months_ahead < tonnage.months ? tonnage.share : 1.0;
}

/// Share of a component's output for which inputs are there, so many months ahead.
double GoodAhead::input_share(std::size_t number, Future future, double passed) const {
    double lacking = 0.0;
    for (const Bound& bound : bounds_) {
        if (component_of_[bound.country.index()] == number) {
            lacking += bound.output_t * (1.0 - bound.input->tonnage_share(bound.country.index(), future, passed));
        }
    }
    return lacking > 0.0 ? std::max(0.0, 1.0 - lacking / std::max(lacking, components_[number].output_t)) : 1.0;
}

/// The steps of time of a component behind its walls.
std::vector<WallStep> GoodAhead::steps_of(std::size_t number, Future future, double horizon) const {
    std::vector<WallStep> steps;
    double passed = 0.0;
    const bool awaited_too = future == Future::announced_come;
    for (const double months : path_months(horizon)) {
        WallStep step{.months = months, .open = true};
        const auto ahead = static_cast<std::int64_t>((passed + 0.5 * (months - 1.0)) / economy_.months_per_tick());
        for (const std::uint32_t around : walls_around_[number]) {
            const Wall& wall = walls_[around];
            const bool enters = component_of_[wall.destination.index()] == number;
            const double share = wall.open_share(world_.tick, world_.tick + ahead, awaited_too);
            (enters ? step.cap_in_t : step.cap_out_t) += share * wall.usual_t / economy_.months_per_tick();
            step.open = step.open && share >= 1.0;
        }
        step.supply_share = components_[number].supply_share(passed) * input_share(number, future, passed);
        step.need_share = need_share(number, future, passed);
        steps.push_back(step);
        passed += months;
    }
    return steps;
}

/// Months until the last measure on the good is expected to end and the last shock is over; the horizon where a measure
/// lasts.
double GoodAhead::own_horizon(Future future) const {
    double latest = 0.0;
    for (const Wall& wall : walls_) {
        for (const ExpectedMeasure* measure : wall.measures) {
            if (is_awaited(*measure) && future == Future::in_force_alone) {
                continue;
            }
            if (!measure->expectation.end_tick) {
                return horizon_months;
            }
            latest = std::max(
                latest, static_cast<double>(*measure->expectation.end_tick - world_.tick) * economy_.months_per_tick());
        }
    }
    for (const Component& component : components_) {
        latest = std::max(latest, component.loss_months);
    }
    return latest;
}

/// The same, with what its inputs lack and what is made of it; the horizon where nothing is known to end.
double GoodAhead::horizon(Future future) const {
    double latest = own_horizon(future);
    for (const Bound& bound : bounds_) {
        if (bound.input->prepared() && bound.input->tonnage_share(bound.country.index(), future, 0.0) < 1.0) {
            latest = std::max(latest, bound.input->own_horizon(future) + economy_.months_per_tick());
        }
    }
    for (const Asking& asking : askings_) {
        if (asking.output->least_asked(asking.country.index(), future) < 1.0) {
            latest = std::max(latest, asking.output->own_horizon(future));
        }
    }
    return latest > 0.0 ? std::clamp(latest, 1.0, horizon_months) : horizon_months;
}

/// All components but one, as its other side.
Component GoodAhead::other_side(std::size_t number) const {
    Component sum;
    for (std::size_t other = 0; other < components_.size(); ++other) {
        if (other != number) {
            sum.add(components_[other]);
        }
    }
    return sum;
}

/// The question of a component. The other side, which it refers to, must last as long.
PathQuestion GoodAhead::question_of(std::size_t number, Future future, const Component& other) const {
    const Component& component = components_[number];
    const double ahead = horizon(future);
    PathQuestion question;
    question.stock_t = component.stock_t;
    question.target_t = component.target_t;
    question.output_t = component.output_t;
    question.demand = component.demand;
    question.supply = &component.supply;
    question.other_demand = other.demand;
    question.other_supply = &other.supply;
    question.other_output_t = other.output_t;
    question.steps = steps_of(number, future, ahead);
    double passed = 0.0;
    for (WallStep& step : question.steps) {
        step.other_supply_share = other.supply_share(passed);
        passed += step.months;
    }
    const double reference =
        future == Future::announced_come ? component.lasting_multiple : component.standing_multiple;
    question.terminal = component.anchor_multiple * (ahead >= horizon_months ? reference : 1.0);
    return question;
}

/// Paths of all components in one scenario.
std::vector<GoodAhead::Seen> GoodAhead::see(Future future, double after) const {
    std::vector<Seen> seen(components_.size());
    std::vector<Component> others(components_.size());
    std::vector<PathQuestion> questions(components_.size());
    std::vector<std::size_t> joined;
    for (std::size_t number = 0; number < components_.size(); ++number) {
        if (components_[number].demand.need_t <= 0.0 && components_[number].output_t <= 0.0) {
            continue;
        }
        others[number] = other_side(number);
        PathQuestion& question = questions[number] = question_of(number, future, others[number]);
        question.terminal = std::min(question.terminal, after);
        for (std::size_t which = 0; which < path_discounts; ++which) {
            seen[number].price[which] = path_price(question, discounts[which]);
        }
        if (months_until_closed(question.steps) > 0.0) {
            joined.push_back(number);
        }
    }
    if (joined.size() > 1) {
        join(joined, questions, seen);
    }
    return seen;
}

/// Components that are one market today have one price, the least at which all of them together hold no more than there
/// is: each holds what its own path needs at that price, and no less than it keeps for itself.
void GoodAhead::join(const std::vector<std::size_t>& joined, const std::vector<PathQuestion>& questions,
                     std::vector<Seen>& seen) const {
    const auto price = [&](std::size_t number, double stock_t, std::size_t which) {
        PathQuestion question = questions[number];
        question.stock_t = stock_t;
        return path_price(question, discounts[which]);
    };
    double total_t = 0.0;
    double low = FlowCurve::highest;
    double high = FlowCurve::lowest;
    for (const std::size_t number : joined) {
        seen[number].kept_t =
            components_[number].kept_until(months_until_closed(questions[number].steps), economy_.months_per_tick());
        total_t += components_[number].stock_t;
        low = std::min(low, seen[number].price[1]);
        high = std::max(high, seen[number].price[1]);
    }
    // The stock from which a component's path asks no more than a price.
    const auto needed = [&](std::size_t number, double most) {
        double least_t = seen[number].kept_t;
        double enough_t = total_t;
        if (price(number, least_t, 1) <= most) {
            return least_t;
        }
        for (int halving = 0; halving < stock_halvings; ++halving) {
            const double middle = 0.5 * (least_t + enough_t);
            (price(number, middle, 1) <= most ? enough_t : least_t) = middle;
        }
        return enough_t;
    };
    for (int halving = 0; halving < price_halvings; ++halving) {
        const double middle = std::sqrt(low * high);
        double sum = 0.0;
        for (const std::size_t number : joined) {
            sum += needed(number, middle);
        }
        (sum <= total_t ? high : low) = middle;
    }
    // What is left stays where most is.
    double left_t = total_t;
    std::size_t largest = joined.front();
    for (const std::size_t number : joined) {
        seen[number].kept_t = needed(number, high);
        left_t -= seen[number].kept_t;
        largest = components_[number].stock_t > components_[largest].stock_t ? number : largest;
    }
    seen[largest].kept_t += std::max(0.0, left_t);
    const auto scarcer = [&](std::size_t a, std::size_t b) { return seen[a].price[1] < seen[b].price[1]; };
    const std::size_t scarcest = *std::max_element(joined.begin(), joined.end(), scarcer);
    std::array<double, path_discounts> common{};
    for (std::size_t which = 0; which < path_discounts; ++which) {
        common[which] = price(scarcest, seen[scarcest].kept_t, which);
    }
    for (const std::size_t number : joined) {
        seen[number].price = common;
        seen[number].lets_go = seen[number].kept_t < components_[number].stock_t;
        seen[number].given_t = std::max(0.0, seen[number].kept_t - components_[number].stock_t);
    }
}

/// The price once walls have fallen: that at which what both sides will then hold comes back to usual.
double GoodAhead::price_after(Future future, const std::vector<Seen>& seen) const {
    Component whole;
    double stock = 0.0;
    double anchor = 0.0;
    double adaptation = 0.0;
    double weight = 0.0;
    for (std::size_t number = 0; number < components_.size(); ++number) {
        const Component& component = components_[number];
        if (component.demand.need_t <= 0.0 && component.output_t <= 0.0) {
            continue;
        }
        const Component other = other_side(number);
        PathQuestion question = question_of(number, future, other);
        question.stock_t = component.stock_t;
        const PathEnd end = path_end(question, seen[number].price[1], discounts[1]);
        whole.add(component);
        stock += std::max(0.0, end.stock_t);
        adaptation += component.demand.need_t * end.log_adaptation;
        anchor += component.size_t() * log(component.anchor_multiple);
        weight += component.size_t();
    }
    PathQuestion question;
    question.stock_t = stock;
    question.target_t = whole.target_t;
    question.demand = whole.demand;
    question.demand.log_adaptation = adaptation / std::max(1e-12, whole.demand.need_t);
    question.supply = &whole.supply;
    question.output_t = whole.supply.at_log(0.0);
    question.terminal = exp(anchor / std::max(1e-12, weight));
    for (const double months : path_months(horizon_months)) {
        question.steps.push_back({.months = months, .open = true});
    }
    return path_price(question, discounts[1]);
}

void GoodAhead::see(const std::vector<double>& multiple_by_country) {
    set_belief();
    for (Component& component : components_) {
        double weight = 0.0;
        double sum = 0.0;
        for (const std::size_t country : component.countries) {
            if (multiple_by_country[country] > 0.0) {
                const double used = world_.nodes.consumption[node_of(country)];
                weight += used;
                sum += used * multiple_by_country[country];
            }
        }
        if (weight > 0.0) {
            end_demand_at(sum / weight, component.demand);
        }
    }
    const auto look = [&](Future future) {
        const std::vector<Seen> lasting = see(future, FlowCurve::highest);
        const bool ends = !walls_.empty() && horizon(future) < horizon_months;
        return ends ? see(future, price_after(future, lasting)) : lasting;
    };
    comes_ = look(Future::announced_come);
    stays_away_ = in_doubt_ && belief_ < 1.0 ? look(Future::in_force_alone) : comes_;
}

double GoodAhead::kept_off(std::size_t number, const WallStep& step) const {
    if (step.open) {
        return 0.0;
    }
    double in = 0.0;
    double out = 0.0;
    for (const std::uint32_t around : walls_around_[number]) {
        const Wall& wall = walls_[around];
        (component_of_[wall.destination.index()] == number ? in : out) += wall.usual_t;
    }
    return std::max(0.0, in / economy_.months_per_tick() - step.cap_in_t) +
           std::max(0.0, out / economy_.months_per_tick() - step.cap_out_t);
}

/// Tonnes that measures, shocks and short inputs keep from or in a component over the horizon, by what is believed.
double GoodAhead::disturbance_t(std::size_t number) const {
    const double ahead = horizon(Future::announced_come);
    const Component& component = components_[number];
    double sum = component.loss_t * component.loss_months;
    const auto add = [&](Future future, double probability) {
        double passed = 0.0;
        for (const WallStep& step : steps_of(number, future, ahead)) {
            const double lacking = (1.0 - input_share(number, future, passed)) * component.output_t +
                                   (1.0 - step.need_share) * component.demand.need_t;
            sum += probability * step.months * (kept_off(number, step) + lacking);
            passed += step.months;
        }
    };
    add(Future::announced_come, belief_);
    if (belief_ < 1.0) {
        add(Future::in_force_alone, 1.0 - belief_);
    }
    return sum;
}

/// Prices are averaged over scenarios, not tonnes.
double GoodAhead::believed_price(std::size_t number, std::size_t discount) const {
    return belief_ * comes_[number].price[discount] + (1.0 - belief_) * stays_away_[number].price[discount];
}

double GoodAhead::price_multiple(std::size_t country) const {
    const std::size_t number = component_of_[country];
    const Component& component = components_[number];
    const double later = belief_ * component.lasting_multiple + (1.0 - belief_) * component.standing_multiple;
    return std::max(believed_price(number, 1), component.anchor_multiple * later);
}

/// Stock at the end of the month at the path's price.
double GoodAhead::planned_stock(std::size_t number, double price) const {
    const Component& component = components_[number];
    if (comes_[number].lets_go) {
        return belief_ * comes_[number].kept_t + (1.0 - belief_) * component.stock_t;
    }
    if (component.size_t() <= 1e-9) {
        return component.target_t;
    }
    const Component other = other_side(number);
    const PathQuestion question = question_of(number, Future::announced_come, other);
    return component.stock_t + belief_ * comes_[number].given_t -
           missing_now(question, price) * economy_.months_per_tick();
}

void GoodAhead::write(const ReferencePrices& references, std::vector<NodeScarcity>& nodes) const {
    for (std::size_t number = 0; number < components_.size(); ++number) {
        const Component& component = components_[number];
        if (component.demand.need_t <= 0.0 && component.output_t <= 0.0) {
            continue;  // nobody looks ahead where nothing is made or used
        }
        const double disturbed = disturbance_t(number);
        const double abnormal = component.abnormal_t();
        const bool left = component.marked && abnormal > normal_months * component.size_t();
        NodeScarcity common;
        common.share = std::min(1.0, (disturbed + (left ? abnormal - normal_months * component.size_t() : 0.0)) /
                                         (full_weight_months * component.size_t()));
        common.mark = disturbed > 0.0 || left ? 1.0 : 0.0;
        const double stock = planned_stock(number, believed_price(number, 1));
        common.log_stock_multiple = log(std::max(least_stock_multiple, stock / std::max(1e-12, component.held_t)));
        for (const std::size_t country : component.countries) {
            NodeScarcity& node = nodes[node_of(country)] = common;
            for (std::size_t which = 0; which < path_discounts; ++which) {
                node.log_price[which] = log(believed_price(number, which) * economy_.base_price[node_of(country)] *
                                            references.multiple_at(node_of(country)));
            }
        }
    }
}

}  // namespace ytterby

#include "market/clearing/detail/part_prices.hpp"

#include <algorithm>
#include <functional>
#include <stdexcept>

#include "market/clearing/detail/price_conditions.hpp"

namespace ytterby {
namespace {

using Kind = PartPrices::Kind;

/// Places where a demand goes short or a supply is left over at any price, and all whose prices follow from those.
class EndlessPrices {
public:
    EndlessPrices(const MarketPart& part, const PartPoint& point, PartPrices& prices)
        : part_(part), point_(point), prices_(prices) {}

    void mark() {
        const Wide tolerance = part_.reach.tolerance.start();
        for (std::uint32_t place = 0; place < part_.places(); ++place) {
            const VariableState& state = point_.states[place];
            if (!state.within && state.piece == 1 && point_.drive[place] > tolerance) {
                prices_.kind[place] = Kind::above_all;
            } else if (!state.within && state.piece == 0 && point_.drive[place] < -tolerance) {
                prices_.kind[place] = Kind::below_all;
            }
        }
        mark_cut_off();
        mark_rents();
        spread_all();
    }

    /// Marks whatever follows from the places and the rents that are marked.
    void spread_all() {
        spread_places();
        keep_endless_rents();
        for (std::size_t number = 0; number < part_.activities.size(); ++number) {
            const PartActivity& activity = part_.activities[number];
            if (activity.is_link() && is_used(number) && has_endless_rent(activity)) {
                set(activity.to, Kind::above_all);
            }
        }
        spread_places();
    }

private:
    /// Curves of constant elasticity that lead beyond all prices.
    void mark_cut_off() {
        for (std::size_t number = 0; number < part_.activities.size(); ++number) {
            const PartActivity& activity = part_.activities[number];
            const VariableState& state = point_.states[part_.variable_of(number)];
            const bool supply = activity.side % 2 == 0;
            if (part_.is_cut_off(number) && (supply ? !state.within : state.within && state.piece == 0)) {
                prices_.kind[supply ? activity.to : activity.from] = Kind::above_all;
            }
        }
    }

    /// A rent that only the bound on prices limits; so is that of a cap whose goods all go where demand is not met at
    /// any price, so that those who sell to there keep their price.
    void mark_rents() {
        const Wide large = part_.ten_to(part_.reach.endless_rent);
        for (std::size_t cap = 0; cap < prices_.endless.size(); ++cap) {
            const bool binds = !(point_.drive[part_.rent_of(cap)] < -part_.reach.tolerance.start());
            prices_.endless[cap] = prices_.rent[cap] > large || (binds && all_goes_short(cap));
        }
    }

    bool all_goes_short(std::size_t cap) const {
        bool any = false;
        for (std::size_t number = 0; number < part_.activities.size(); ++number) {
            const PartActivity& activity = part_.activities[number];
            const bool under = std::find(activity.caps.begin(), activity.caps.end(), cap) != activity.caps.end();
            if (under && is_used(number)) {
                any = true;
                if (prices_.kind[activity.to] != Kind::above_all) {
                    return false;
                }
            }
        }
        return any;
    }

    /// Those with a demand behind them that is not met at any price.
    void keep_endless_rents() {
        std::vector<bool> kept(prices_.endless.size(), false);
        for (const PartActivity& activity : part_.activities) {
            for (const std::uint32_t cap : activity.caps) {
                kept[cap] = kept[cap] || (prices_.endless[cap] && prices_.kind[activity.to] == Kind::above_all);
            }
        }
        prices_.endless = std::move(kept);
    }

    bool set(std::uint32_t place, Kind kind) {
        const bool changed = prices_.kind[place] == Kind::found;
        prices_.kind[place] = changed ? kind : prices_.kind[place];
        return changed;
    }

    void spread_places() {
        bool changed = true;
        while (changed) {
            changed = false;
            for (std::size_t number = 0; number < part_.activities.size(); ++number) {
                changed = (part_.activities[number].is_link() && spread(number)) || changed;
            }
        }
    }

    bool is_used(std::size_t number) const {
        return point_.quantity[part_.variable_of(number)] > part_.reach.tolerance.start();
    }

    bool has_endless_rent(const PartActivity& activity) const {
        return std::any_of(activity.caps.begin(), activity.caps.end(),
                           [&](std::uint32_t cap) { return prices_.endless[cap]; });
    }

    bool spread(std::size_t number) {
        const PartActivity& activity = part_.activities[number];
        const Wide& quantity = point_.quantity[part_.variable_of(number)];
        const bool used = is_used(number);
        const bool full =
            part_.reach.tolerance.equal(quantity, part_.response_of(number).at.back()) || has_endless_rent(activity);
        const Kind from = prices_.kind[activity.from];
        const Kind to = prices_.kind[activity.to];
        if (activity.pass_through.is_zero()) {
            return false;
        }
        return (to == Kind::above_all && !full && set(activity.from, Kind::above_all)) ||
               (from == Kind::above_all && used && set(activity.to, Kind::above_all)) ||
               (from == Kind::below_all && !full && set(activity.to, Kind::below_all)) ||
               (to == Kind::below_all && used && set(activity.from, Kind::below_all));
    }

    const MarketPart& part_;
    const PartPoint& point_;
    PartPrices& prices_;
};

class PriceChoice {
public:
    PriceChoice(const MarketPart& part, const PartPoint& point) : part_(part), point_(point) {
        const std::size_t count = part.places();
        prices_.price.assign(point.quantity.begin(), point.quantity.begin() + static_cast<std::ptrdiff_t>(count));
        prices_.kind.assign(count, Kind::found);
        for (std::size_t cap = 0; cap < part.caps.size(); ++cap) {
            prices_.rent.push_back(point.quantity[part.rent_of(cap)]);
        }
        prices_.endless.assign(part.caps.size(), false);
        EndlessPrices(part, point, prices_).mark();
        asked_ = price_conditions(part, point, prices_);
        largest_ = part.ten_to(part.reach.bound + 10);
        find_unserved();
        bound_rents();
        if (mark_unlimited()) {
            EndlessPrices(part, point, prices_).spread_all();
            asked_ = price_conditions(part, point, prices_);
            bound_rents();
        }
    }

    PartPrices choose() {
        fixed_.assign(part_.places(), false);
        choose_rents();
        for (PriceCondition& condition : asked_.conditions) {
            take_out_rents(condition);
        }
        fix_determined();
        while (fix_next()) {
            fix_determined();
        }
        shift_level();
        return std::move(prices_);
    }

private:
    void find_unserved() {
        unserved_.assign(part_.places(), false);
        for (std::size_t number = 0; number < part_.activities.size(); ++number) {
            const PartActivity& activity = part_.activities[number];
            const bool demand = activity.kind == PartKind::bend && activity.side % 2 == 1;
            if (demand && point_.quantity[part_.variable_of(number)].is_zero()) {
                unserved_[activity.from] = true;
            }
        }
    }

    /// A demand of constant elasticity that gets nothing has no price where the rents before it may rise without end,
    /// and those rents have no end. Rents that need not rise stay low, as they cost a little.
    bool mark_unlimited() {
        bool any = false;
        for (std::uint32_t place = 0; place < part_.places(); ++place) {
            any = any || (unserved_[place] && prices_.found(place));
        }
        if (!any || !any_rent_is_free()) {
            return false;
        }
        RentProblem rents = state_rents([this](std::uint32_t place) { return unserved_[place] ? 1 : 0; },
                                        power_of_ten(-10, part_.reach.limbs) / largest_);
        const std::vector<Wide> found = solve(rents.problem);
        const Wide large = part_.ten_to(part_.reach.bound + 5);
        bool marked = false;
        for (std::uint32_t place = 0; place < part_.places(); ++place) {
            if (unserved_[place] && prices_.found(place) && found[rents.variable_of[place]] >= large) {
                prices_.kind[place] = Kind::above_all;
                marked = true;
            }
        }
        for (std::size_t cap = 0; cap < part_.caps.size() && marked; ++cap) {
            const std::uint32_t variable = rents.variable_of[part_.rent_of(cap)];
            prices_.endless[cap] =
                prices_.endless[cap] || (variable != PartActivity::nowhere && found[variable] >= large);
        }
        return marked;
    }

    bool any_rent_is_free() const {
        return std::any_of(rent_is_free_.begin(), rent_is_free_.end(), [](bool free) { return free; });
    }

    /// Rents of caps with room left are zero.
    void bound_rents() {
        rent_is_free_.clear();
        for (std::size_t cap = 0; cap < part_.caps.size(); ++cap) {
            const Wide& room = point_.drive[part_.rent_of(cap)];
            const bool binds = !(room < -part_.reach.tolerance.start());
            rent_is_free_.push_back(binds && !prices_.endless[cap] && prices_.rent[cap].sign() > 0);
            if (!binds) {
                prices_.rent[cap] = Wide();
            }
        }
    }

    bool is_rent(std::uint32_t number) const { return number >= part_.places(); }

    std::vector<Wide> solve(const ComplementarityProblem& problem) {
        const ComplementarityPath path = follow_path(problem, part_.reach.noise);
        prices_.steps += path.steps;
        ComplementarityAnswer answer =
            path.found ? answer_at(problem, path.states, part_.reach.tolerance) : ComplementarityAnswer{};
        if (!answer.found) {
            throw std::runtime_error("no choice was found among the prices that clear");
        }
        return std::move(answer.quantity);
    }

    /// A price that is not chosen yet, with what its own orders allow.
    std::uint32_t add_price(std::uint32_t place, int direction, ComplementarityProblem& problem) const {
        const PriceRange& range = asked_.range[place];
        const std::uint32_t variable = problem.add(
            Response::flat(range.low.value_or(-largest_), range.high.value_or(largest_), Wide()), Wide(direction));
        problem.variables[variable].starts_high = direction >= 0;
        return variable;
    }

    /// A multiplier for each condition on variables of the problem. `variable_of` is `PartActivity::nowhere` for what
    /// is fixed.
    void add_conditions(const std::vector<std::uint32_t>& variable_of, ComplementarityProblem& problem) const {
        const Wide most = largest_;
        for (const PriceCondition& condition : asked_.conditions) {
            Wide limit = condition.limit;
            bool any = false;
            for (const PriceCondition::Term& term : condition.terms) {
                const bool open = variable_of[term.number] != PartActivity::nowhere;
                any = any || open;
                if (!open && !is_rent(term.number)) {
                    limit -= term.factor * prices_.price[term.number];
                } else if (!open) {
                    limit -= term.factor * prices_.rent[term.number - part_.places()];
                }
            }
            if (!any) {
                continue;
            }
            const std::uint32_t multiplier = problem.add(Response::flat(Wide(), most, Wide()), -limit);
            problem.variables[multiplier].noise = Noise::down;  // so that all can be met at once
            for (const PriceCondition::Term& term : condition.terms) {
                const std::uint32_t variable = variable_of[term.number];
                if (variable != PartActivity::nowhere) {
                    problem.couple(multiplier, variable, term.factor);
                    problem.couple(variable, multiplier, -term.factor);
                }
            }
        }
    }

    struct RentProblem {
        ComplementarityProblem problem;
        std::vector<std::uint32_t> variable_of;  // of places, then of rents
    };

    /// All prices, each with its direction, and all rents that are free, which cost a share of themselves.
    RentProblem state_rents(const std::function<int(std::uint32_t)>& direction, const Wide& cost) const {
        RentProblem made;
        made.problem.limbs = part_.reach.limbs;
        made.variable_of.assign(part_.places() + part_.caps.size(), PartActivity::nowhere);
        for (std::uint32_t place = 0; place < part_.places(); ++place) {
            if (prices_.found(place)) {
                made.variable_of[place] = add_price(place, direction(place), made.problem);
            }
        }
        for (std::size_t cap = 0; cap < part_.caps.size(); ++cap) {
            if (rent_is_free_[cap]) {
                made.variable_of[part_.rent_of(cap)] = made.problem.add(Response::ramp(largest_, Wide(), cost));
            }
        }
        add_conditions(made.variable_of, made.problem);
        return made;
    }

    /// The smallest rents that clear.
    void choose_rents() {
        if (!any_rent_is_free()) {
            return;
        }
        const auto [problem, variable_of] = state_rents([](std::uint32_t) { return 0; }, Wide(1.0));
        const std::vector<Wide> found = solve(problem);
        for (std::size_t cap = 0; cap < part_.caps.size(); ++cap) {
            if (rent_is_free_[cap]) {
                prices_.rent[cap] = found[variable_of[part_.rent_of(cap)]];
            }
        }
    }

    void take_out_rents(PriceCondition& condition) const {
        std::vector<PriceCondition::Term> kept;
        for (const PriceCondition::Term& term : condition.terms) {
            if (is_rent(term.number)) {
                condition.limit -= term.factor * prices_.rent[term.number - part_.places()];
            } else {
                kept.push_back(term);
            }
        }
        condition.terms = std::move(kept);
    }

    void fix(std::uint32_t place, const Wide& price) {
        fixed_[place] = true;
        prices_.price[place] = price;
    }

    /// Takes conditions on a single price that is still open into its range, and fixes what has no choice.
    void fix_determined() {
        bool changed = true;
        while (changed) {
            changed = false;
            std::vector<PriceCondition> kept;
            for (PriceCondition& condition : asked_.conditions) {
                take_out_fixed(condition);
                if (condition.terms.size() == 1) {
                    bound_by(condition);
                } else if (condition.terms.size() > 1) {
                    kept.push_back(std::move(condition));
                }
            }
            asked_.conditions = std::move(kept);
            for (std::uint32_t place = 0; place < part_.places(); ++place) {
                const PriceRange& range = asked_.range[place];
                const bool open = prices_.found(place) && !fixed_[place];
                if (open && range.low && range.high &&
                    (*range.low >= *range.high || part_.reach.tolerance.equal(*range.low, *range.high))) {
                    fix(place, *range.low);
                    changed = true;
                }
            }
        }
    }

    void take_out_fixed(PriceCondition& condition) const {
        std::vector<PriceCondition::Term> kept;
        for (const PriceCondition::Term& term : condition.terms) {
            if (fixed_[term.number]) {
                condition.limit -= term.factor * prices_.price[term.number];
            } else {
                kept.push_back(term);
            }
        }
        condition.terms = std::move(kept);
    }

    void bound_by(const PriceCondition& condition) {
        const PriceCondition::Term& term = condition.terms.front();
        PriceRange& range = asked_.range[term.number];
        const Wide bound = condition.limit / term.factor;
        term.factor.sign() > 0 ? range.at_most(bound) : range.at_least(bound);
    }

    /// The highest (direction 1) or lowest (-1) prices of all places that are open, which exist together: prices that
    /// clear form a lattice.
    std::vector<Wide> extreme(int direction) {
        std::vector<Wide> made(part_.places());
        if (asked_.conditions.empty()) {
            for (std::uint32_t place = 0; place < part_.places(); ++place) {
                const PriceRange& range = asked_.range[place];
                made[place] = direction > 0 ? range.high.value_or(largest_) : range.low.value_or(-largest_);
            }
            return made;
        }
        ComplementarityProblem problem;
        problem.limbs = part_.reach.limbs;
        std::vector<std::uint32_t> variable_of(part_.places() + part_.caps.size(), PartActivity::nowhere);
        for (std::uint32_t place = 0; place < part_.places(); ++place) {
            if (prices_.found(place) && !fixed_[place]) {
                variable_of[place] = add_price(place, direction, problem);
            }
        }
        add_conditions(variable_of, problem);
        const std::vector<Wide> found = solve(problem);
        for (std::uint32_t place = 0; place < part_.places(); ++place) {
            made[place] = variable_of[place] != PartActivity::nowhere ? found[variable_of[place]] : Wide();
        }
        return made;
    }

    /// Fixes the prices of all places that have both ends, else of those that have a highest price, else of those that
    /// have a lowest one; where there are no ends, of one place.
    bool fix_next() {
        const Wide large = part_.ten_to(part_.reach.bound + 5);
        bool open = false;
        for (std::uint32_t place = 0; place < part_.places(); ++place) {
            open = open || (prices_.found(place) && !fixed_[place]);
        }
        if (!open) {
            return false;
        }
        const std::vector<Wide> high = extreme(1);
        const std::vector<Wide> low = extreme(-1);
        for (const auto& [needs_high, needs_low] : {std::pair{true, true}, {true, false}, {false, true}}) {
            bool any = false;
            for (std::uint32_t place = 0; place < part_.places(); ++place) {
                const bool has_high = high[place] < large;
                const bool has_low = low[place] > -large;
                if (!prices_.found(place) || fixed_[place] || (needs_high && !has_high) || (needs_low && !has_low)) {
                    continue;
                }
                any = true;
                if (unserved_[place] && !has_high) {
                    prices_.kind[place] = Kind::above_all;
                    continue;
                }
                fix(place, !needs_low || unserved_[place] ? high[place]
                           : !needs_high                  ? low[place]
                                                          : (high[place] + low[place]) * Wide(0.5));
            }
            if (any) {
                leave_out_unpriced();
                return true;
            }
        }
        return set_level();
    }

    /// What has no price limits no other price.
    void leave_out_unpriced() {
        EndlessPrices(part_, point_, prices_).spread_all();
        std::erase_if(asked_.conditions, [&](const PriceCondition& condition) {
            return std::any_of(condition.terms.begin(), condition.terms.end(), [&](const PriceCondition::Term& term) {
                return !is_rent(term.number) && !prices_.found(term.number);
            });
        });
    }

    /// Only differences of prices are determined: one is set to zero for now. Without lanes there are no prices, nor
    /// where nothing trades.
    bool set_level() {
        const bool any_fixed = std::any_of(fixed_.begin(), fixed_.end(), [](bool one) { return one; });
        levelled_ = levelled_ || (!any_fixed && !part_.lanes.empty());
        for (std::uint32_t place = 0; place < part_.places(); ++place) {
            if (levelled_ && prices_.found(place) && !fixed_[place] && trades(place)) {
                fix(place, Wide());
                return true;
            }
        }
        for (std::uint32_t place = 0; place < part_.places(); ++place) {
            if (prices_.found(place) && !fixed_[place]) {
                prices_.kind[place] = Kind::free;
            }
        }
        return false;
    }

    /// Whether something is sold or wanted at a place or goes through it.
    bool trades(std::uint32_t place) const {
        bool any = part_.inflow[place].sign() > 0 || part_.unmet[place].sign() > 0;
        for (std::size_t number = 0; number < part_.activities.size(); ++number) {
            const PartActivity& activity = part_.activities[number];
            const Wide& quantity = point_.quantity[part_.variable_of(number)];
            any = any || ((activity.from == place || activity.to == place) && quantity > part_.reach.tolerance.start());
        }
        return any;
    }

    /// Sets the lowest price to zero where only differences are determined.
    void shift_level() {
        const bool even = std::all_of(part_.activities.begin(), part_.activities.end(),
                                      [](const PartActivity& one) { return one.pass_through == Wide(1.0); });
        std::optional<Wide> least;
        for (std::uint32_t place = 0; place < part_.places(); ++place) {
            if (prices_.found(place)) {
                least = least ? std::min(*least, prices_.price[place]) : prices_.price[place];
            }
        }
        for (std::uint32_t place = 0; levelled_ && even && place < part_.places(); ++place) {
            if (prices_.found(place)) {
                prices_.price[place] -= *least;
            }
        }
    }

    const MarketPart& part_;
    const PartPoint& point_;
    PartPrices prices_;
    PriceConditions asked_;
    Wide largest_;
    std::vector<bool> rent_is_free_;
    std::vector<bool> unserved_;  // per place: whether a demand of constant elasticity gets next to nothing
    std::vector<bool> fixed_;
    bool levelled_ = false;
};

/// Which sides of nodes trade nothing while the node's other side trades.
std::vector<bool> followers(const MarketPart& part, const std::vector<Wide>& quantity) {
    std::vector<bool> trades(part.places(), false);
    std::vector<bool> follows(part.places(), false);
    for (std::size_t number = 0; number < part.activities.size(); ++number) {
        const PartActivity& activity = part.activities[number];
        if (activity.is_link() && quantity[number].sign() > 0) {
            trades[activity.from] = trades[activity.to] = true;
        }
    }
    for (const PartActivity& activity : part.activities) {
        if (activity.kind == PartKind::home && trades[activity.from] != trades[activity.to]) {
            follows[trades[activity.from] ? activity.to : activity.from] = true;
        }
    }
    return follows;
}

/// How far an idle side's price can move towards that of its node's other side: `bound` by lanes and rules, `first` the
/// price of its own first order.
struct IdleRange {
    std::optional<Wide> bound, first;
};

IdleRange idle_range(const MarketPart& part, const PartPrices& prices, std::uint32_t place, bool supply) {
    IdleRange range;
    for (std::size_t number = 0; number < part.activities.size(); ++number) {
        const PartActivity& activity = part.activities[number];
        const bool leaves = activity.from == place;
        if (!leaves && activity.to != place) {
            continue;
        }
        const bool rule = activity.kind == PartKind::floor || activity.kind == PartKind::ceiling;
        const Wide start = part.response_of(number).value.front();
        Wide price = leaves ? -start : start;
        if (activity.is_link()) {
            std::vector<Wide> others = prices.price;
            others[place] = Wide();
            if (!prices.found(leaves ? activity.to : activity.from) || (leaves && activity.pass_through.is_zero())) {
                continue;
            }
            const Wide rest = part.drive_of(number, others, prices.rent) - start;
            price = leaves ? rest / activity.pass_through : -rest;
        }
        std::optional<Wide>& kept = activity.is_link() || rule ? range.bound : range.first;
        const bool larger = (activity.is_link() || rule) == supply;
        kept = !kept ? price : larger ? std::max(*kept, price) : std::min(*kept, price);
    }
    return range;
}

}  // namespace

void follow_trading_side(const MarketPart& part, const std::vector<Wide>& quantity, PartPrices& prices) {
    if (part.through()) {
        return;
    }
    const std::vector<bool> follows = followers(part, quantity);
    for (const bool supply : {true, false}) {
        for (const std::uint32_t side : part.sides) {
            const std::uint32_t place = part.place(side);
            if (!follows[place] || (side % 2 == 0) != supply) {
                continue;
            }
            const IdleRange range = idle_range(part, prices, place, supply);
            if (range.bound &&
                (!range.first || (supply ? *range.bound <= *range.first : *range.bound >= *range.first))) {
                prices.price[place] = *range.bound;
                prices.kind[place] = Kind::found;
            }
        }
    }
}

PartPrices choose_prices(const MarketPart& part, const PartPoint& point) { return PriceChoice(part, point).choose(); }

}  // namespace ytterby

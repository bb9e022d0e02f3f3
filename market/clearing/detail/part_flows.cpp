#include "market/clearing/detail/part_flows.hpp"

#include <algorithm>
#include <functional>
#include <stdexcept>

namespace ytterby {
namespace {

constexpr std::size_t none = static_cast<std::size_t>(-1);
using Kind = PartPrices::Kind;
/// Worth of a tonne, in the choice of the volume: any order of these numbers will do in which a tonne more to a buyer
/// counts for more than a tonne less of marginal supply, and unmet demand for more than both.
constexpr double worth_of_bid = 1.0;
constexpr double cost_of_ask = 0.25;
constexpr double cost_of_shortage = 2.0;
constexpr double cost_of_unmet = 3.0;

/// Something that may move another quantity at the same prices.
struct Choice {
    std::size_t activity = none;  // none: demand that is not met at any price
    std::uint32_t from = PartActivity::nowhere, to = PartActivity::nowhere;
    Wide least, most, quantity;
    bool free = true;
};

/// What one rule prefers.
struct Preference {
    Wide cost, rise;
};

class PartFlowChoice {
public:
    PartFlowChoice(const MarketPart& part, const PartPoint& point, PartPrices& prices)
        : part_(part), point_(point), prices_(prices) {
        for (std::size_t number = 0; number < part.activities.size(); ++number) {
            add_activity(number);
        }
        for (std::size_t cap = 0; cap < part.caps.size(); ++cap) {
            whole_.push_back(prices.endless[cap] || prices.rent[cap].sign() > 0);
        }
        for (std::uint32_t place = 0; place < part.places(); ++place) {
            // Below the bound on prices a demand gets all that it wants.
            const bool at_bound = part.reach.tolerance.equal(prices.price[place], part.ten_to(part.reach.bound));
            if (prices.kind[place] == Kind::above_all && at_bound && part.unmet[place].sign() > 0) {
                Choice made;
                made.to = place;
                made.most = part.unmet[place];
                made.quantity = std::min(made.most, std::max(Wide(), point.drive[place]));
                choices_.push_back(made);
            }
        }
        join_tiers();
        measure();
    }

    PartFlows choose() {
        choose_by([this](const Choice& one) { return Preference{cost_in_volume(one), Wide()}; });
        choose_by([this](const Choice& one) {
            return Preference{Wide(), is_link(one) ? Wide() : Wide(1.0) / size_of(one)};
        });
        for (Choice& one : choices_) {
            one.free = one.free && is_link(one);
        }
        measure_volume();
        choose_by([this](const Choice& one) {
            return Preference{kind(one) == PartKind::home ? Wide(-1.0) : Wide(), Wide()};
        });
        choose_by([this](const Choice& one) {
            return Preference{Wide(), kind(one) == PartKind::access ? Wide() : Wide(1.0) / weight_of(one)};
        });
        split_tiers();
        PartFlows made{std::vector<Wide>(part_.activities.size()), std::vector<Wide>(part_.places())};
        for (Choice& one : choices_) {
            if (abs(one.quantity) < part_.reach.tolerance.start()) {  // rounding
                one.quantity = Wide();
            }
            (one.activity != none ? made.quantity[one.activity] : made.unmet[one.to]) = one.quantity;
        }
        return made;
    }

private:
    PartKind kind(const Choice& one) const { return part_.activities[one.activity].kind; }
    bool is_link(const Choice& one) const {
        return one.from != PartActivity::nowhere && one.to != PartActivity::nowhere;
    }
    bool is_left_over(const Choice& one) const {
        return one.activity == none || kind(one) == PartKind::floor || kind(one) == PartKind::ceiling;
    }

    /// At the chosen prices an activity may move anything within the piece of its response that has its price.
    void add_activity(std::size_t number) {
        const PartActivity& activity = part_.activities[number];
        Choice made;
        made.activity = number;
        made.from = activity.from;
        made.to = activity.to;
        made.quantity = made.least = made.most = point_.quantity[part_.variable_of(number)];
        const Response& response = part_.response_of(number);
        const bool smooth = part_.smooth_of(number).kind != SmoothResponse::Kind::none;
        if (!smooth && has_drive(activity)) {
            const Wide drive = part_.drive_of(number, prices_.price, prices_.rent);
            const Wide tolerance = part_.tolerance_of(number, prices_.price, prices_.rent);
            for (std::size_t piece = 0; piece < response.pieces(); ++piece) {
                if (response.slope[piece].is_zero() && abs(drive - response.value[piece]) <= tolerance) {
                    made.least = response.at[piece];
                    made.most = response.at[piece + 1];
                }
            }
        }
        made.quantity = std::clamp(made.quantity, made.least, made.most);
        made.free = made.least < made.most;
        choices_.push_back(made);
    }

    /// Whether prices say what an activity may do: not where only one end of a link has a price.
    bool has_drive(const PartActivity& activity) const {
        const bool from = activity.from == PartActivity::nowhere || prices_.found(activity.from);
        const bool to = activity.to == PartActivity::nowhere || prices_.found(activity.to);
        return activity.is_link() ? from == to : from && to;
    }

    /// Both tiers of a rate quota that cost the same are one lane for the choice; the tier within the quota comes
    /// first.
    void join_tiers() {
        const CaseQuestion& question = *part_.question;
        std::vector<std::size_t> choice_of(question.lanes.size(), none);
        over_tier_.assign(choices_.size(), none);
        for (std::size_t number = 0; number < part_.activities.size(); ++number) {
            if (part_.activities[number].kind == PartKind::lane) {
                choice_of[part_.activities[number].number] = number;
            }
        }
        for (std::size_t lane = 0; lane < question.lane_in.size(); ++lane) {
            if (question.lane_over[lane] == CaseQuestion::none) {
                continue;
            }
            const std::size_t within = choice_of[question.lane_in[lane]];
            const std::size_t over = choice_of[question.lane_over[lane]];
            const bool both = within != none && over != none;
            if (both && ((choices_[within].free && choices_[over].free) || cost_the_same(within, over))) {
                over_tier_[within] = over;
                choices_[within].free = choices_[within].free || choices_[over].free;
                choices_[within].least += choices_[over].least;
                choices_[within].most += choices_[over].most;
                choices_[within].quantity += choices_[over].quantity;
                choices_[over].free = false;
                choices_[over].quantity = Wide();
            }
        }
    }

    /// Whether two tiers cost the same at any price.
    bool cost_the_same(std::size_t within, std::size_t over) const {
        return part_.activities[within].pass_through == part_.activities[over].pass_through &&
               part_.response_of(within).value.front() == part_.response_of(over).value.front();
    }

    void split_tiers() {
        for (std::size_t number = 0; number < over_tier_.size(); ++number) {
            if (over_tier_[number] != none) {
                Choice& within = choices_[number];
                const Wide most = part_.response_of(number).at.back();
                choices_[over_tier_[number]].quantity = std::max(Wide(), within.quantity - most);
                within.quantity = std::min(within.quantity, most);
            }
        }
    }

    /// What is sold, once that has no choice any more.
    void measure_volume() {
        for (std::uint32_t place = 0; place < part_.places(); ++place) {
            volume_ += part_.inflow[place];
        }
        for (const Choice& one : choices_) {
            volume_ += one.from == PartActivity::nowhere && !is_left_over(one) ? one.quantity : Wide();
        }
    }

    /// What each place's orders come to that are better than its price.
    void measure() {
        strict_ = part_.inflow;
        for (const Choice& one : choices_) {
            if (!is_link(one) && !is_left_over(one)) {
                strict_[one.from != PartActivity::nowhere ? one.from : one.to] += one.free ? one.least : one.quantity;
            }
        }
        for (std::size_t place = 0; place < strict_.size(); ++place) {
            strict_[place] += part_.unmet[place];
        }
    }

    Wide cost_in_volume(const Choice& one) const {
        if (one.activity == none) {
            return Wide(cost_of_unmet);
        }
        switch (kind(one)) {
            case PartKind::floor:
            case PartKind::home:
            case PartKind::access:
            case PartKind::lane:
                return {};
            case PartKind::ceiling:
                return Wide(cost_of_shortage);
            default:
                return Wide(one.from != PartActivity::nowhere ? -worth_of_bid : cost_of_ask);
        }
    }

    Wide size_of(const Choice& one) const {
        if (one.activity == none || !is_left_over(one)) {
            return one.most - one.least;
        }
        const Wide& strict = strict_[one.from != PartActivity::nowhere ? one.from : one.to];
        return strict > part_.reach.tolerance.start() ? strict : Wide(1.0);
    }

    Wide weight_of(const Choice& one) const {
        Wide weight;
        if (kind(one) == PartKind::lane) {
            const SpatialLane& lane = part_.question->lanes[part_.activities[one.activity].number];
            weight = part_.tonnes(lane.usual_flow) + part_.tonnes(lane.opening_flow);
        }
        return weight.sign() > 0 ? weight : volume_ > part_.reach.tolerance.start() ? volume_ : Wide(1.0);
    }

    /// Lets one rule choose among the activities that are still free; those that it leaves no choice are free no more,
    /// and a cap that limits the rule must stay used whole.
    void choose_by(const std::function<Preference(const Choice&)>& rule) {
        std::vector<std::size_t> chosen;
        for (std::size_t number = 0; number < choices_.size(); ++number) {
            if (choices_[number].free) {
                chosen.push_back(number);
            }
        }
        if (chosen.empty()) {
            return;
        }
        const ComplementarityProblem problem = state(chosen, rule);
        const ComplementarityPath path = follow_path(problem, part_.reach.noise);
        prices_.steps += path.steps;
        const ComplementarityAnswer answer =
            path.found ? answer_at(problem, path.states, part_.reach.tolerance) : ComplementarityAnswer{};
        if (!answer.found) {
            throw std::runtime_error("no choice was found among the flows that clear");
        }
        for (std::size_t index = 0; index < chosen.size(); ++index) {
            Choice& one = choices_[chosen[index]];
            const ComplementarityProblem::Variable& variable = problem.variables[first_ + index];
            one.quantity = one.least + answer.quantity[first_ + index];
            const bool rises = !variable.response.slope.front().is_zero();
            one.free =
                !rises && part_.reach.tolerance.equal(answer.drive[first_ + index], variable.response.value.front());
        }
        for (std::size_t cap = 0; cap < whole_.size(); ++cap) {
            const bool limits =
                cap_of_[cap] != PartActivity::nowhere && answer.quantity[cap_of_[cap]] > part_.reach.tolerance.start();
            whole_[cap] = whole_[cap] || limits;
        }
    }

    ComplementarityProblem state(const std::vector<std::size_t>& chosen,
                                 const std::function<Preference(const Choice&)>& rule) {
        ComplementarityProblem problem;
        problem.limbs = part_.reach.limbs;
        const Wide most = part_.ten_to(part_.reach.most + 20);
        std::vector<std::uint32_t> place_of(part_.places(), PartActivity::nowhere);
        cap_of_.assign(part_.caps.size(), PartActivity::nowhere);
        for (const std::size_t number : chosen) {
            for (const std::uint32_t place : {choices_[number].from, choices_[number].to}) {
                if (place != PartActivity::nowhere && place_of[place] == PartActivity::nowhere) {
                    place_of[place] = problem.add(Response::flat(-most, most, Wide()), missing_at(place));
                    problem.variables[place_of[place]].starts_high = true;
                }
            }
            for (const std::uint32_t cap : caps_of(number)) {
                if (cap_of_[cap] == PartActivity::nowhere) {
                    const Wide least = whole_[cap] ? -most : Wide();
                    cap_of_[cap] = problem.add(Response::flat(least, most, Wide()), -room_under(cap));
                }
            }
        }
        first_ = static_cast<std::uint32_t>(problem.variables.size());
        for (const std::size_t number : chosen) {
            const Choice& one = choices_[number];
            const Preference preference = rule(one);
            const std::uint32_t variable =
                problem.add(Response::ramp(one.most - one.least, preference.cost, preference.rise));
            problem.variables[variable].noise = is_link(one) ? Noise::down : Noise::either;
            couple(problem, variable, one.to == PartActivity::nowhere ? PartActivity::nowhere : place_of[one.to], -1.0);
            couple(problem, variable, one.from == PartActivity::nowhere ? PartActivity::nowhere : place_of[one.from],
                   1.0);
            for (const std::uint32_t cap : caps_of(number)) {
                couple(problem, variable, cap_of_[cap], 1.0);
            }
        }
        return problem;
    }

    static void couple(ComplementarityProblem& problem, std::uint32_t variable, std::uint32_t price, double sign) {
        if (price != PartActivity::nowhere) {
            problem.couple(variable, price, Wide(-sign));
            problem.couple(price, variable, Wide(sign));
        }
    }

    std::vector<std::uint32_t> caps_of(std::size_t number) const {
        const std::size_t activity = choices_[number].activity;
        return activity == none ? std::vector<std::uint32_t>{} : part_.activities[activity].caps;
    }

    /// What leaves a place less what comes in, with each free choice at its least.
    Wide missing_at(std::uint32_t place) const {
        Wide missing = part_.unmet[place] - part_.inflow[place];
        for (const Choice& one : choices_) {
            const Wide& quantity = one.free ? one.least : one.quantity;
            if (one.from == place) {
                missing += quantity;
            }
            if (one.to == place) {
                missing -= quantity;
            }
        }
        return missing;
    }

    Wide room_under(std::uint32_t cap) const {
        Wide room = part_.tonnes(part_.question->caps[part_.caps[cap]].cap);
        for (std::size_t number = 0; number < choices_.size(); ++number) {
            for (const std::uint32_t own : caps_of(number)) {
                room -=
                    own == cap ? (choices_[number].free ? choices_[number].least : choices_[number].quantity) : Wide();
            }
        }
        return room;
    }

    const MarketPart& part_;
    const PartPoint& point_;
    PartPrices& prices_;
    std::vector<Choice> choices_;
    std::vector<std::size_t> over_tier_;  // per choice of a tier within a quota: the one above, if both are one
    std::vector<Wide> strict_;            // per place
    Wide volume_;                         // t that are sold
    std::vector<bool> whole_;             // per cap: whether it must be used whole
    std::vector<std::uint32_t> cap_of_;   // per cap: its variable
    std::uint32_t first_ = 0;             // variable of the first choice
};

}  // namespace

PartFlows choose_flows(const MarketPart& part, const PartPoint& point, PartPrices& prices) {
    return PartFlowChoice(part, point, prices).choose();
}

}  // namespace ytterby

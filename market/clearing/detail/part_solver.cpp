#include "market/clearing/detail/part_solver.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>

#include "core/config/diagnostics.hpp"

namespace ytterby {
namespace {

/// Where curves of constant elasticity lead to prices beyond the usual reach, and where goods move without a bound.
constexpr PartReach far_reach{.lowest_price = -290,
                              .highest_price = 290,
                              .endless_rent = 289,
                              .bound = 300,
                              .most = 60,
                              .tolerance = {.least = -1050, .share = -1200, .bound = 950},
                              .noise = -1130,
                              .limbs = Wide::most_limbs};
/// A curve's piece that holds the answer is split at most so often; its ends are then closer than 1e-12.
constexpr int most_splits = 16;

/// Something without a limit of its own that moves as much as it can.
std::optional<std::size_t> runaway(const MarketPart& part, const std::vector<VariableState>& states) {
    std::optional<std::size_t> found;
    for (std::size_t number = part.activities.size(); number-- > 0;) {
        const VariableState& state = states[part.variable_of(number)];
        const Response& response = part.response_of(number);
        const bool full = !state.within && state.piece == response.pieces();
        if (full && response.at.back() == part.ten_to(part.reach.most)) {
            found = found && part.activities[*found].kind == PartKind::level ? found : number;
        }
    }
    return found;
}

[[noreturn]] void refuse_runaway(const MarketPart& part, std::size_t number) {
    const PartActivity& activity = part.activities[number];
    const std::string& node = part.question->source.nodes[activity.side / 2].name;
    if (activity.kind != PartKind::lane) {  // a level curve, or the floor or ceiling that feeds one
        const bool supply = activity.side % 2 == 0;
        throw InputError(Problem{
            .key = "curve",
            .what =
                std::string(supply ? "the level supply" : "the level demand") + " at " + node + " trades without bound",
            .why = "a slope of 0 means any quantity at one price, and another level curve, a floor or a "
                   "ceiling takes any quantity at that price or a better one",
            .suggestion = "give the curve a slope, or limit the other side"});
    }
    throw InputError(Problem{.key = "lane",
                             .what = "goods go round without bound in a circle of lanes through " + node,
                             .why = "a tonne that goes round it gains: its freight, duties and subsidies come to less "
                                    "than nothing, and no cap limits it",
                             .suggestion = "limit a lane of the circle with a cap, or take the subsidy away"});
}

/// Level curves that tie would trade any volume.
void refuse_endless_volume(const MarketPart& part, const PartFlows& flows) {
    for (std::size_t number = 0; number < part.activities.size(); ++number) {
        const bool level = part.activities[number].kind == PartKind::level;
        if (level && flows.quantity[number] > part.ten_to(part.reach.most - 1)) {
            refuse_runaway(part, number);
        }
    }
}

/// Whether something finds no buyer at the lowest price.
bool leaves_supply(const MarketPart& part, const PartPoint& point) {
    for (std::uint32_t place = 0; place < part.places(); ++place) {
        const VariableState& state = point.states[place];
        if (!state.within && state.piece == 0 && point.drive[place] + part.reach.tolerance.start() < Wide()) {
            return true;
        }
    }
    return false;
}

/// The answer within the present reach; nothing where that is too short.
std::optional<PartPoint> find_within(MarketPart& part, int& steps) {
    for (int round = 0; round <= most_splits; ++round) {
        part.build();
        const ComplementarityPath path = follow_path(part.problem, part.reach.noise);
        steps += path.steps;
        if (!path.found) {
            throw std::runtime_error(fmt::format("no equilibrium was found in {} steps", steps));
        }
        part.straighten_idle(path);
        if (part.is_beyond(path.states) && part.reach.limbs < Wide::most_limbs) {
            return std::nullopt;
        }
        part.cut_off(path.states);
        if (const std::optional<std::size_t> number = runaway(part, path.states)) {
            if (part.reach.limbs == Wide::most_limbs) {
                refuse_runaway(part, *number);
            }
            return std::nullopt;
        }
        if (getenv("DBG")) {
            fprintf(stderr, "round %d limbs %d\n", round, part.reach.limbs);
            for (size_t n = 0; n < path.states.size(); ++n) {
                const auto& r = part.problem.variables[n].response;
                fprintf(stderr, " %zu piece %u/%zu %s smooth %d q %.6g at [%.6g..%.6g]\n", n, path.states[n].piece,
                        r.pieces(), path.states[n].within ? "within" : "at", (int)part.problem.variables[n].smooth.kind,
                        path.quantity[n].as_double(), r.at[path.states[n].piece].as_double(),
                        path.states[n].piece < r.pieces() ? r.at[path.states[n].piece + 1].as_double() : 0.0);
            }
            for (size_t a = 0; a < part.activities.size(); ++a) {
                fprintf(stderr, " var %u kind %d side %u no %u\n", part.variable_of(a), (int)part.activities[a].kind,
                        part.activities[a].side, part.activities[a].number);
            }
        }
        ComplementarityAnswer answer = answer_at(part.problem, path.states, part.reach.tolerance);
        if (answer.found && part.is_beyond(answer) && part.reach.limbs < Wide::most_limbs) {
            return std::nullopt;
        }
        if (answer.found) {
            part.leave_out_idle(answer);
            return PartPoint{std::move(answer.quantity), std::move(answer.drive), path.states};
        }
        if (!part.refine(path.states)) {
            break;
        }
    }
    throw std::runtime_error("no equilibrium was found: its orders are known, but not to the last digit");
}

PartPoint find_point(MarketPart& part, int& steps) {
    part.change_reach({});
    std::optional<PartPoint> point = find_within(part, steps);
    if (!point) {
        part.change_reach(far_reach);
        point = find_within(part, steps);
    }
    return std::move(point.value());
}

/// Where goods may pass through, prices are below zero only where goods would be left lying at a price of zero.
PartPoint find_at_any_price(MarketPart& part, int& steps) {
    PartPoint point = find_point(part, steps);
    if (part.through() && leaves_supply(part, point)) {
        part.negative_prices = true;
        point = find_point(part, steps);
    }
    return point;
}

}  // namespace

PartAnswer clear_part(MarketPart& part) {
    PartAnswer answer;
    part.free_disposal = false;
    part.negative_prices = false;
    PartPoint point = find_at_any_price(part, answer.steps);
    if (leaves_supply(part, point)) {
        part.negative_prices = false;
        part.free_disposal = true;
        point = find_at_any_price(part, answer.steps);
    }
    answer.prices = choose_prices(part, point);
    answer.flows = choose_flows(part, point, answer.prices);
    refuse_endless_volume(part, answer.flows);
    follow_trading_side(part, answer.flows.quantity, answer.prices);
    answer.steps += answer.prices.steps;
    return answer;
}

}  // namespace ytterby

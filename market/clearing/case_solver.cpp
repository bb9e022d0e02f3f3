#include "market/clearing/case_solver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "core/config/diagnostics.hpp"
#include "core/maths.hpp"
#include "market/clearing/detail/case_certificate.hpp"
#include "market/clearing/detail/cleared_case.hpp"
#include "market/clearing/detail/connected_case.hpp"
#include "market/clearing/detail/kernel_answer.hpp"
#include "market/clearing/detail/node_side.hpp"

namespace ytterby {
namespace {

/// Every answer meets its conditions to this.
constexpr double promised = 1e-9;

/// What a number of tonnes is worth: nothing where there are none, whatever the price.
double worth(double tonnes, double price) { return tonnes == 0.0 ? 0.0 : tonnes * price; }

void answer_nodes(const CaseQuestion& question, const ClearedCase& cleared, CaseAnswer& answer) {
    std::vector<bool> sells(question.source.nodes.size(), false);
    std::vector<bool> buys(sells);
    for (const CaseOrder& order : question.source.orders) {
        (order.ask ? sells : buys)[order.node] = (order.ask ? sells : buys)[order.node] || order.quantity > 0.0;
    }
    for (const CaseCurve& curve : question.source.curves) {
        (curve.supply ? sells : buys)[curve.node] = true;
    }
    for (std::size_t node = 0; node < question.source.nodes.size(); ++node) {
        const ClearedCase::Side& supply = cleared.sides[2 * node];
        const ClearedCase::Side& use = cleared.sides[2 * node + 1];
        CaseNodeAnswer made;
        made.supply_price = supply.price;
        made.use_price = use.price;
        made.supplied = supply.trades + supply.fixed_left;
        made.used = use.trades + use.fixed_left;
        made.excess_supply = supply.left_over + supply.fixed_left;
        made.shortage = use.left_over + use.fixed_left;
        made.sold = supply.moved;
        made.bought = use.moved;
        made.domestic = std::max(0.0, cleared.home[node]);
        made.transit = std::max(0.0, -cleared.home[node]);
        made.price = made.sold > 0.0 || !buys[node] ? made.supply_price : made.use_price;
        answer.nodes.push_back(made);
    }
}

/// Adds one tier of a lane, or the whole of a lane without a rate quota.
void add_tier(const CaseQuestion& question, const ClearedCase& cleared, std::size_t number, std::size_t index,
              CaseFlowAnswer& made) {
    const CaseLane& lane = question.source.lanes[number];
    const SpatialLane& tier = question.lanes[index];
    const double flow = cleared.flow[index];
    const double cap_rent =
        question.quota_cap[number] != CaseQuestion::none ? cleared.cap_rent[question.quota_cap[number]] : 0.0;
    const double specific_tariff = tier.friction - lane.terms.friction;
    const double border = (tier.export_duty == -1.0 ? 0.0 : made.price * (1.0 + tier.export_duty)) + tier.freight;
    const bool within = index == question.lane_in[number];
    made.quantity += flow;
    made.in_quota += lane.rate_quota && within ? flow : 0.0;
    made.rent_usd += worth(flow, cleared.rent[index] + cap_rent + made.shared_rent);
    if (within) {
        made.rent = cleared.rent[index] + cap_rent;
    }
    made.export_duty_usd +=
        worth(flow, (tier.export_duty == 0.0 ? 0.0 : made.price * tier.export_duty) + lane.specific_export_duty);
    made.freight_usd += worth(flow, lane.terms.freight);
    made.tariff_usd += worth(flow, (tier.tariff == 0.0 ? 0.0 : border * tier.tariff) + specific_tariff);
    made.friction_usd += worth(flow, lane.terms.friction);
}

void answer_flows(const CaseQuestion& question, const ClearedCase& cleared, CaseAnswer& answer) {
    for (std::size_t number = 0; number < question.source.lanes.size(); ++number) {
        CaseFlowAnswer made;
        const CaseLane& lane = question.source.lanes[number];
        for (std::size_t cap = 0; cap < question.source.caps.size(); ++cap) {
            const std::vector<std::uint32_t>& lanes = question.source.caps[cap].lanes;
            made.shared_rent +=
                std::find(lanes.begin(), lanes.end(), number) != lanes.end() ? cleared.cap_rent[cap] : 0.0;
        }
        made.price = cleared.leaving_price[lane.terms.from];
        const std::size_t within = question.lane_in[number];
        const std::size_t over = question.lane_over[number];
        add_tier(question, cleared, number, within, made);
        if (over != CaseQuestion::none) {
            add_tier(question, cleared, number, over, made);
        }
        // The most expensive tier in use sets the landed price; without a flow, the first tier.
        const std::size_t last = over != CaseQuestion::none && cleared.flow[over] > 0.0 ? over : within;
        const double cap_rent =
            question.quota_cap[number] != CaseQuestion::none ? cleared.cap_rent[question.quota_cap[number]] : 0.0;
        made.landed_price =
            question.lanes[last].delivered(made.price) + cleared.rent[last] + cap_rent + made.shared_rent;
        made.preference_cost =
            lane.terms.preference_slope > 0.0 ? lane.terms.wedge(made.quantity) : lane.terms.preference;
        made.preference_usd = lane.terms.preference * made.quantity;
        if (lane.terms.preference_slope > 0.0) {
            const double opening = lane.terms.opening_flow;
            const double usual = lane.terms.usual_flow + opening;
            const double total = made.quantity + opening;
            made.preference_usd += lane.terms.preference_slope *
                                   (total * log(total / usual) - opening * log(opening / usual) - made.quantity);
        }
        answer.flows.push_back(made);
    }
    answer.cap_rents.assign(cleared.cap_rent.begin(),
                            cleared.cap_rent.begin() + static_cast<std::ptrdiff_t>(question.source.caps.size()));
}

double share_left(const ClearedCase::Side& side) {
    return side.trades > 0.0 ? std::clamp(side.moved / side.trades, 0.0, 1.0) : 1.0;
}

/// What sellers and buyers gain, and what they would gain if the best orders were served first.
void add_gains(const ClearedCase& cleared, const std::vector<NodeSide>& sides, std::size_t node, CaseSurplus& surplus) {
    const ClearedCase::Side& selling = cleared.sides[2 * node];
    const ClearedCase::Side& buying = cleared.sides[2 * node + 1];
    const double beyond = 16.0 * cleared.largest_price;
    if (selling.moved > 0.0) {
        const NodeSide& supply = sides[2 * node];
        const double cost = share_left(selling) * supply.area(selling.price, selling.trades);
        surplus.sellers += selling.moved * selling.price - cost;
        if (selling.left_over > 0.0) {
            const double marginal = supply.price_for(selling.moved, -beyond, selling.price);
            surplus.rationing_loss += cost - supply.area(marginal, selling.moved);
        }
    }
    if (buying.moved > 0.0) {
        const NodeSide& use = sides[2 * node + 1];
        const double value = share_left(buying) * use.area(buying.price, buying.trades);
        surplus.buyers += value - buying.moved * buying.price;
        if (buying.left_over > 0.0) {
            const double marginal = use.price_for(buying.moved, buying.price, beyond);
            surplus.rationing_loss += use.area(marginal, buying.moved) - value;
        }
    }
}

void answer_surplus(const CaseQuestion& question, const ClearedCase& cleared, CaseAnswer& answer) {
    const std::vector<NodeSide> sides = node_sides_of(question.source);
    CaseSurplus& surplus = answer.surplus;
    for (std::size_t node = 0; node < answer.nodes.size(); ++node) {
        add_gains(cleared, sides, node, surplus);
    }
    for (const CaseFlowAnswer& flow : answer.flows) {
        surplus.rents += flow.rent_usd;
        surplus.export_duties += flow.export_duty_usd;
        surplus.tariffs += flow.tariff_usd;
        surplus.freight += flow.freight_usd;
        surplus.friction += flow.friction_usd;
        // Buyers pay the use price less the preference cost of the last tonne, and bear the preference cost of each
        // tonne.
        surplus.buyers += worth(flow.quantity, flow.preference_cost) - flow.preference_usd;
    }
    surplus.total = surplus.buyers + surplus.sellers + surplus.rents + surplus.export_duties + surplus.tariffs;
}

/// The answer in printed numbers, with its certificate from the case alone; without the surplus.
CaseAnswer certified_answer(const CaseQuestion& question, const ClearedCase& cleared) {
    CaseAnswer answer;
    answer_nodes(question, cleared, answer);
    answer_flows(question, cleared, answer);
    for (const double filled : cleared.filled) {
        answer.orders.push_back({filled});
    }
    answer.certificate = certify_case(question.source, answer);
    answer.steps = cleared.steps;
    return answer;
}

std::string not_certified(const CaseAnswer& answer) {
    std::string missed;
    for (const CaseCondition& condition : answer.certificate) {
        missed += fmt::format(" {} {:.1e}", condition.name, condition.violation);
    }
    return fmt::format("no answer was found that meets every condition to {:.0e}:{}", promised, missed);
}

/// Up to this size a connected case is cleared in wide numbers, within two seconds.
constexpr std::size_t most_nodes = 30;
constexpr std::size_t most_lanes = 150;
constexpr std::size_t most_orders = 20000;

/// The first answer with a certificate. Large cases try the kernel in doubles first.
ClearedCase clear_certified(const CaseQuestion& question) {
    using Search = ClearedCase (*)(const CaseQuestion&);
    const MarketCase& source = question.source;
    const bool small =
        source.nodes.size() <= most_nodes && source.lanes.size() <= most_lanes && source.orders.size() <= most_orders;
    std::string missed;
    for (const Search search :
         small ? std::vector<Search>{&clear_parts} : std::vector<Search>{&clear_by_kernel, &clear_parts}) {
        try {
            ClearedCase cleared = search(question);
            const CaseAnswer answer = certified_answer(question, cleared);
            if (answer.worst() <= promised) {
                return cleared;
            }
            missed = missed.empty() ? not_certified(answer) : missed;
        } catch (const InputError&) {
            throw;
        } catch (const std::runtime_error& error) {
            missed = missed.empty() ? error.what() : missed;
        }
    }
    throw std::runtime_error(missed);
}

}  // namespace

double CaseAnswer::worst() const {
    double worst = 0.0;
    for (const CaseCondition& condition : certificate) {
        worst = std::isnan(condition.violation) ? std::numeric_limits<double>::infinity()
                                                : std::max(worst, condition.violation);
    }
    return worst;
}

CaseAnswer clear_case(const MarketCase& asked) {
    const CaseQuestion question(asked);
    ClearedCase cleared = empty_answer(question);
    for (const ConnectedCase& connected : connected_cases_of(asked)) {
        const CaseQuestion part(connected.source);
        add_connected(connected, part, clear_certified(part), question, cleared);
    }
    CaseAnswer answer = certified_answer(question, cleared);
    answer_surplus(question, cleared, answer);
    if (!(answer.worst() <= promised)) {
        throw std::runtime_error(not_certified(answer));
    }
    return answer;
}

}  // namespace ytterby

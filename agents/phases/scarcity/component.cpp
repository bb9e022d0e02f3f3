#include "agents/phases/scarcity/component.hpp"

#include <cmath>

namespace ytterby {
namespace {

/// Share of usual targets that the side which a wall will close in keeps for itself (assumed, 0.1-0.3).
constexpr double kept_share = 0.2;

void add_curve(const FlowCurve& added, FlowCurve& sum) {
    for (std::size_t point = 0; point < FlowCurve::points; ++point) {
        sum.quantity_t[point] += added.quantity_t[point];
    }
}

}  // namespace

void Component::add(const NodeFlow& flow) {
    add_curve(flow.supply, supply);
    add_demand(flow.demand, demand);
    idle.add(flow.idle);
    output_t += flow.output_t;
    stock_t += flow.stock_t;
    target_t += flow.target_t;
    held_t += flow.held_t;
}

void Component::add(const Component& other) {
    add_curve(other.supply, supply);
    add_demand(other.demand, demand);
    idle.add(other.idle);
    output_t += other.output_t;
    stock_t += other.stock_t;
    target_t += other.target_t;
    held_t += other.held_t;
}

double Component::supply_share(double passed) const {
    const double usual = std::max(1e-12, supply.at_log(0.0));
    const double idle_share = passed < idle.months ? std::min(1.0, idle.output_t / usual) : 0.0;
    const double back = loss_t > 0.0 && passed >= loss_months ? loss_t / usual : 0.0;
    return (1.0 - idle_share) * (1.0 + back);
}

double Component::abnormal_t() const {
    return std::max({0.0, target_t - stock_t, stock_t - held_t}) + demand.need_t * std::fabs(demand.log_adaptation);
}

double Component::kept_until(double months, double months_per_tick) const {
    const double least = std::min(stock_t, kept_share * target_t);
    return least + (stock_t - least) * std::max(0.0, 1.0 - months_per_tick / months);
}

}  // namespace ytterby

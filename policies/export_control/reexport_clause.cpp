#include "policies/export_control/reexport_clause.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "agents/world/origins.hpp"

namespace ytterby {

void ReexportClause::read(KeyReader& keys) {
    keys.boolean("reexport_clause", on_,
                 {.fallback = false,
                  .doc = "metal made by the actor may not reach the partners through third countries either"});
    keys.keys_with({"reexport_clause"}, [this](KeyReader& inner) {
        inner.number("enforcement_share", enforcement_share_,
                     {.fallback = 0.5,
                      .low = 0.0,
                      .high = 1.0,
                      .unit = "share",
                      .doc = "share of that metal which the actor can hold back in third countries",
                      .source = "assumed, 0-1: US gallium imports of 2025 were 2.2 times those of 2022 under a ban "
                                "that forbids re-export"});
        inner.number("evasion_cost_share", evasion_cost_share_,
                     {.fallback = 1.0,
                      .low = 0.0,
                      .high = 20.0,
                      .unit = "share of the price",
                      .doc = "loss when caught; times enforcement_share it is added to the cost of a tonne made by the "
                             "actor",
                      .source = "assumed, 0.3-3: the shipment is lost, and there are penalties"});
    });
}

void ReexportClause::apply(const PolicyView& view, const Measure& measure, Regime& regime) const {
    const std::size_t countries = view.economy.countries.size();
    const Selector lanes = measure.reexports(countries);
    if (lanes.origins.empty()) {
        return;
    }
    regime.limit_origin(lanes, measure.actor(), enforcement_share_);
    const std::vector<CoveredLane> covered = covered_lanes(view.economy.network, lanes);
    std::vector<double> weight(countries * view.economy.goods.size(), 0.0);  // of all partners, by node
    const auto weight_of = [&](const CoveredLane& lane) {
        return view.world.lanes.usual_flow[lane.index] + lane.lane->opening_flow_t;
    };
    const auto node_of = [&](const CoveredLane& lane) {
        return view.economy.network.node(lane.good, lane.lane->origin).index();
    };
    for (const CoveredLane& lane : covered) {
        weight[node_of(lane)] += weight_of(lane);
    }
    for (const CoveredLane& lane : covered) {
        const double share = origin_share(view.economy, view.world, lane.good, lane.lane->origin, measure.actor());
        const double passing = 1.0 - enforcement_share_ * share;
        if (share <= 0.0 || weight[node_of(lane)] <= 0.0) {
            continue;
        }
        const Selector one{{lane.lane->origin}, {lane.lane->destination}, {lane.good}};
        if (passing < 1.0) {
            const double there = stock_for_sale(view.economy, view.world, lane.good, lane.lane->origin);
            regime.cap(one, std::max(0.0, passing * there * weight_of(lane) / weight[node_of(lane)]),
                       RentHolder::seller);
        }
        const double evading = passing > 0.0 ? share * (1.0 - enforcement_share_) / passing : 0.0;
        const double price = view.world.nodes.supply_price[node_of(lane)];
        if (const double risk = enforcement_share_ * evasion_cost_share_ * evading * price; risk > 0.0) {
            regime.friction(one, risk);
        }
    }
}

}  // namespace ytterby

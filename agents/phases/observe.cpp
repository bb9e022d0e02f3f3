#include "agents/phases/observe.hpp"

#include "agents/phases/plan/foresight.hpp"

namespace ytterby {

namespace {

/// What treaties lifted in the tick; ledgers of export controls leave these lanes out.
void keep_waivers(const Economy& economy, World& world, const Regime& regime) {
    if (!regime.lanes().has_waivers()) {
        world.lanes.waivers.clear();
        return;
    }
    world.lanes.waivers.assign(economy.network.lane_count, 0);
    for (std::size_t good = 0; good < economy.network.goods.size(); ++good) {
        const GoodLanes& book = economy.network.goods[good];
        for (std::size_t number = 0; number < book.lanes.size(); ++number) {
            world.lanes.waivers[book.first_lane + number] =
                regime.lanes()
                    .rule(id_at<GoodId>(good), book.lanes[number].origin, book.lanes[number].destination)
                    .waivers;
        }
    }
}

}  // namespace

void observe(const Economy& economy, World& world, const Regime& regime) {
    update_risk(economy, world, regime);
    update_licence_value(economy, world, regime);
    keep_waivers(economy, world, regime);
}

}  // namespace ytterby

#include "agents/phases/support/scrap.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "agents/phases/support/pay_support.hpp"
#include "tests/agents/small_chain.hpp"

namespace ytterby {
namespace {

const CountryId scrap_country{0};

/// The mines of the small chain, as if they were recyclers.
struct Recyclers : SmallChain {
    Recyclers() {
        economy.processes[mine].recycles = true;
        expansion().scrap_share = 0.3;
        fill_pipelines(economy, world);
        world.cells[mine].capacity_t = mined_t;
        regime = Regime(2, 2);
        regime.begin_policy("p");
    }
    void pay_for_scrap(double usd_per_t) {
        regime.scrap_support({{scrap_country}, {economy.cells[mine].process}, {}}, usd_per_t, {.payer = scrap_country});
    }
    const Cell& cell() const { return economy.cells[mine]; }
};

TEST(Scrap, NothingPaidNothingMoreCollected) {
    Recyclers recyclers;
    recyclers.pay_for_scrap(0.0);
    const PlantSupport support = support_of_plants(recyclers.economy, recyclers.regime.plants());
    EXPECT_EQ(collected_multiple(recyclers.economy, recyclers.world, recyclers.cell(), support.of(Recyclers::mine)),
              1.0);
    EXPECT_EQ(collected(recyclers.economy, recyclers.world, recyclers.cell(), 0.0), 1.0);
}

TEST(Scrap, SupportCountsLikeAPriceOfScrap) {
    Recyclers recyclers;
    const double scrap = base_scrap_price(recyclers.cell());
    recyclers.pay_for_scrap(0.25 * scrap);
    const PlantSupport support = support_of_plants(recyclers.economy, recyclers.regime.plants());
    const double more = std::pow(1.25, recyclers.economy.behaviour.collection_elasticity);
    EXPECT_NEAR(collected_multiple(recyclers.economy, recyclers.world, recyclers.cell(), support.of(Recyclers::mine)),
                more, 1e-6);
    recyclers.world.nodes.slow_supply_price[recyclers.node(SmallChain::ore()).index()] += 0.25 * scrap;
    EXPECT_NEAR(collected(recyclers.economy, recyclers.world, recyclers.cell(), 0.0), more, 1e-9);
}

/// Every tonne is paid for, plants run harder at once, and plants are built for what is collected.
TEST(Scrap, EveryTonneIsPaidFor) {
    Recyclers without;
    Recyclers with;
    with.pay_for_scrap(9.0);
    without.make();
    with.make();
    const double output = with.world.cells[Recyclers::mine].throughput_t;
    EXPECT_NEAR(output / without.world.cells[Recyclers::mine].throughput_t,
                std::pow(1.25, with.economy.behaviour.collection_elasticity), 1e-6);
    pay_plants(with.economy, with.world, with.regime.plants(), support_of_plants(with.economy, with.regime.plants()));
    EXPECT_NEAR(with.world.treasury["p"][scrap_country.index()], -9.0 * output, 1e-6 * output);
    for (int tick = 0; tick < 60 * 12; ++tick) {
        with.build();
    }
    EXPECT_NEAR(with.capacity() / Recyclers::mined_t, std::pow(1.25, with.economy.behaviour.collection_elasticity),
                0.01);
}

}  // namespace
}  // namespace ytterby

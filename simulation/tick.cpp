#include "simulation/tick.hpp"

#include <stdexcept>
#include <string>
#include <utility>

#include "agents/phases/deals/deals.hpp"
#include "agents/phases/habit.hpp"
#include "agents/phases/invest.hpp"
#include "agents/phases/investment/believed_prices.hpp"
#include "agents/phases/market_input.hpp"
#include "agents/phases/observe.hpp"
#include "agents/phases/offtake.hpp"
#include "agents/phases/origins.hpp"
#include "agents/phases/outlook.hpp"
#include "agents/phases/produce/produce.hpp"
#include "agents/phases/products.hpp"
#include "agents/phases/renew_contracts.hpp"
#include "agents/phases/scarcity/scarcity.hpp"
#include "agents/phases/settle.hpp"
#include "agents/phases/support/pay_support.hpp"
#include "agents/phases/support/plant_support.hpp"
#include "agents/world/holdings.hpp"
#include "simulation/laws.hpp"
#include "simulation/stopwatch.hpp"

namespace ytterby {

namespace {

/// Clears the market; where it finds no prices, names the goods and the month.
Trades clear(Engine& engine, const MarketInput& input, Trades&& earlier) {
    Trades trades = std::move(earlier);
    try {
        engine.mechanism.clear(input, trades);
    } catch (const MarketFailure& failure) {
        std::string goods;
        for (const GoodId good : failure.goods) {
            goods += (goods.empty() ? "" : ", ") + engine.economy.goods[good.index()].name;
        }
        throw std::runtime_error("no prices found for " + goods + " in " + engine.calendar.label(input.tick) + ": " +
                                 failure.what() +
                                 ". Suggestion: more firms (population.firms), so that no single one stops most of a "
                                 "market");
    }
    return trades;
}

}  // namespace

void tick(Engine& engine, World& world, Observer& observer) {
    const Economy& economy = engine.economy;
    Workers& workers = engine.workers;
    Stopwatch watch(engine.times);
    const Laws laws(engine.check_laws, economy, world);

    // The outlook moves what comes from outside. Then last tick's world decides: states set the rules, contracts are
    // delivered, firms write orders, the market clears them.
    follow_outlook(economy, world, engine.random);
    const Regime regime = govern(economy, world, engine.calendar, engine.policies);
    const Scarcity scarcity = foresee(economy, world, regime);
    const std::vector<double> owner_prefers = owner_preferences(economy, world);
    const PlantSupport support = support_of_plants(economy, regime.plants());
    watch.lap(PhaseTimes::govern);
    const Deliveries deliveries = deliver_contracts(economy, world, regime.lanes(), workers);
    Plan plan =
        make_plan({economy, world, regime, scarcity, support, deliveries, workers}, std::move(engine.buffers.plan));
    watch.lap(PhaseTimes::plan);
    const std::vector<double> habits = habitual_flows(economy, world, deliveries);
    const MarketInput input = market_input({economy, world, regime.lanes(), owner_prefers, habits, deliveries, plan,
                                            engine.random, workers, engine.check_laws});
    Trades trades = clear(engine, input, std::move(engine.buffers.trades));
    watch.lap(PhaseTimes::clear);

    // Only now does the world change, in the order of ids.
    settle(economy, world, {regime, scarcity, plan, deliveries, trades}, workers);
    mix_imports(economy, world, regime.lanes());
    watch.lap(PhaseTimes::settle);
    produce(economy, world, regime.plants(), support, workers);
    mix_output(economy, world);
    watch.lap(PhaseTimes::produce);
    renew_products(economy, world);
    renew_believed_prices(economy, world, regime, world.believed);
    invest(economy, world, support);
    pay_plants(economy, world, regime.plants(), support);
    deal(economy, world, regime.reviews(), engine.random);
    watch.lap(PhaseTimes::invest);
    observe(economy, world, regime);
    keep_scarcity(scarcity, world);
    renew_contracts(economy, world, deliveries);
    commit_memories(regime.memories(), world);
    watch.lap(PhaseTimes::observe);

    laws.check(world, regime.lanes(), deliveries, trades);
    observer.on_tick({world.tick, engine.calendar, economy, world, regime, deliveries, trades});
    watch.lap(PhaseTimes::record);
    engine.buffers = {std::move(plan), std::move(trades)};
    ++world.tick;
}

}  // namespace ytterby

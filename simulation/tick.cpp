#include "simulation/tick.hpp"

#include "agents/observe.hpp"
#include "agents/produce.hpp"
#include "agents/settle.hpp"
#include "simulation/laws.hpp"
#include "simulation/stopwatch.hpp"

namespace ytterby {

void tick(Engine& engine, World& world, Observer& observer) {
    const Economy& economy = engine.economy;
    Stopwatch watch(engine.times);
    Laws laws(engine.check_laws, economy, world);

    // Last tick's world decides: states set the rules, firms write orders, the market clears them.
    shake_demand(economy, world, engine.random);
    const Regime regime = govern(economy, world, engine.calendar, engine.policies);
    watch.lap(PhaseTimes::govern);
    make_plan(economy, world, regime, engine.workers, engine.plan);
    watch.lap(PhaseTimes::plan);
    engine.mechanism.clear(market_input(economy, world, regime, engine.plan.orders, engine.random), engine.trades);
    watch.lap(PhaseTimes::clear);

    // Only now does the world change, in the order of ids.
    settle(economy, world, engine.plan, engine.trades, engine.workers);
    watch.lap(PhaseTimes::settle);
    produce(economy, world, engine.workers);
    watch.lap(PhaseTimes::produce);
    observe(economy, world, regime);
    commit_memories(regime, world);
    watch.lap(PhaseTimes::observe);

    laws.check(world, regime, engine.trades);
    observer.on_tick({world.tick, engine.calendar, economy, world, regime, engine.trades});
    watch.lap(PhaseTimes::record);
    ++world.tick;
}

}  // namespace ytterby

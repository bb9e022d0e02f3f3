#include "simulation/tick.hpp"

#include <stdexcept>
#include <string>

#include "agents/phases/deals/deals.hpp"
#include "agents/phases/market_input.hpp"
#include "agents/phases/observe.hpp"
#include "agents/phases/offtake.hpp"
#include "agents/phases/origins.hpp"
#include "agents/phases/outlook.hpp"
#include "agents/phases/produce/produce.hpp"
#include "agents/phases/settle.hpp"
#include "agents/phases/support/pay_support.hpp"
#include "agents/phases/support/plant_support.hpp"
#include "agents/world/holdings.hpp"
#include "simulation/laws.hpp"
#include "simulation/stopwatch.hpp"

namespace ytterby {

namespace {

/// Clears the market; where it finds no prices, says of what and when.
void clear_market(Engine& engine, const MarketInput& input, std::int64_t tick) {
    try {
        engine.mechanism.clear(input, engine.trades);
    } catch (const MarketFailure& failure) {
        std::string goods;
        for (const GoodId good : failure.goods) {
            goods += (goods.empty() ? "" : ", ") + engine.economy.goods[good.index()].name;
        }
        throw std::runtime_error(
            "no prices found for " + goods + " in " + engine.calendar.label(tick) + ": " + failure.what() +
            ". Suggestion: more firms (population.firms), so that no single one stops most of a market");
    }
}

}  // namespace

void tick(Engine& engine, World& world, Observer& observer) {
    const Economy& economy = engine.economy;
    Stopwatch watch(engine.times);
    Laws laws(engine.check_laws, economy, world);

    // What the outside world brings; then last tick's world decides: states set the rules, contracts are served, firms
    // write orders, the market clears them.
    follow_outlook(economy, world, engine.random);
    Regime rules = govern(economy, world, engine.calendar, engine.policies);
    draw_offtake(economy, world, rules);
    const Regime& regime = rules;
    watch.lap(PhaseTimes::govern);
    engine.deliveries = deliver_contracts(economy, world, regime, engine.workers);
    const PlantSupport support = support_of_plants(economy, regime);
    make_plan(economy, world, regime, support, engine.deliveries, engine.workers, engine.plan);
    watch.lap(PhaseTimes::plan);
    MarketInput input = market_input(economy, world, regime, engine.deliveries, engine.plan.orders, engine.random);
    input.workers = &engine.workers;
    input.certify = engine.check_laws;
    clear_market(engine, input, world.tick);
    watch.lap(PhaseTimes::clear);

    // Only now does the world change, in the order of ids.
    settle(economy, world, regime, engine.plan, engine.deliveries, engine.trades, engine.workers);
    mix_imports(economy, world, regime);
    watch.lap(PhaseTimes::settle);
    produce(economy, world, regime, support, engine.workers);
    mix_output(economy, world);
    watch.lap(PhaseTimes::produce);
    renew_products(economy, world);
    invest(economy, world, regime, support);
    pay_plants(economy, world, regime, support);
    deal(economy, world, regime, engine.random);
    watch.lap(PhaseTimes::invest);
    observe(economy, world, regime);
    renew_contracts(economy, world, engine.deliveries);
    commit_memories(regime, world);
    watch.lap(PhaseTimes::observe);

    laws.check(world, regime, engine.deliveries, engine.trades);
    observer.on_tick({world.tick, engine.calendar, economy, world, regime, engine.deliveries, engine.trades});
    watch.lap(PhaseTimes::record);
    ++world.tick;
}

}  // namespace ytterby

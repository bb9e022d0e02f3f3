#include <string>
#include <utility>
#include <vector>

#include "core/config/diagnostics.hpp"
#include "simulation/run.hpp"

namespace ytterby {

void check_shape(const Economy& economy, const World& world) {
    const auto refuse = [](std::string what) {
        throw InputError(Problem{.key = "checkpoint",
                                 .what = std::move(what),
                                 .why = "it is not of this scenario",
                                 .suggestion = "start the run anew"});
    };
    if (world.tick < 0) {
        refuse("its tick is " + std::to_string(world.tick));
    }
    for (const auto& [account, balances] : world.treasury) {
        if (balances.size() != economy.countries.size()) {
            refuse("account " + account + " is of " + std::to_string(balances.size()) + " countries");
        }
    }
    if (!world.lanes.waivers.empty() && world.lanes.waivers.size() != world.lanes.flow.size()) {
        refuse("waivers are of " + std::to_string(world.lanes.waivers.size()) + " lanes");
    }
    for (const Holding& holding : world.holdings) {
        if (holding.cell >= economy.cells.size() || holding.owner.index() >= economy.countries.size()) {
            refuse("a holding is of sector " + std::to_string(holding.cell) + " and country " +
                   std::to_string(holding.owner.value));
        }
    }
    for (const Deal& deal : world.deals.deals) {
        const bool rival = !deal.runner_up.exists() || deal.runner_up.index() < economy.countries.size();
        if (deal.cell >= economy.cells.size() || deal.acquirer.index() >= economy.countries.size() || !rival ||
            deal.after > world.deals.deals.size()) {
            refuse("a deal is of sector " + std::to_string(deal.cell) + " and country " +
                   std::to_string(deal.acquirer.value));
        }
    }
    for (const Seeker& seeker : world.deals.seekers) {
        if (seeker.deal >= world.deals.deals.size() || seeker.acquirer.index() >= economy.countries.size()) {
            refuse("an investor seeks for deal " + std::to_string(seeker.deal));
        }
    }
    if (world.deals.funds_usd.size() != (economy.deals.enabled ? economy.countries.size() : 0)) {
        refuse("funds are of " + std::to_string(world.deals.funds_usd.size()) + " countries");
    }
    for (const auto& [policy, tonnes] : world.stockpiles) {
        if (tonnes.size() != world.nodes.stock.size()) {
            refuse("the stockpile of " + policy + " is of " + std::to_string(tonnes.size()) + " nodes");
        }
    }
    for (const auto& [policy, ledger] : world.support) {
        for (const std::vector<double>* sums : {&ledger.claimed_usd, &ledger.paid_usd}) {
            if (!sums->empty() && sums->size() != economy.cells.size()) {
                refuse("what " + policy + " paid is of " + std::to_string(sums->size()) + " sectors");
            }
        }
    }
    for (const DealStep& step : world.deals.steps) {
        if (step.number >= world.deals.deals.size() || step.deal.cell >= economy.cells.size() ||
            step.deal.acquirer.index() >= economy.countries.size() ||
            (step.deal.runner_up.exists() && step.deal.runner_up.index() >= economy.countries.size())) {
            refuse("a step is of a deal that is not there");
        }
    }
    const MarketMemory& memory = world.market_memory;
    if (memory.slots == 0 ? !memory.partners.empty() : memory.partners.size() % memory.slots != 0) {
        refuse("partners do not fill " + std::to_string(memory.slots) + " places each");
    }
    check_values(world);
}

}  // namespace ytterby

#include "agents/phases/support/pay_support.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "agents/phases/support/plant_support.hpp"
#include "core/maths.hpp"

namespace ytterby {
namespace {

SupportLedger& ledger_of(const Economy& economy, World& world, const std::string& policy) {
    SupportLedger& ledger = world.support[policy];
    ledger.claimed_usd.resize(economy.cells.size(), 0.0);
    ledger.paid_usd.resize(economy.cells.size(), 0.0);
    return ledger;
}

/// The firms of a cell share a payment by what they ran.
void pay_firms(const Cell& cell, double usd, World& world) {
    FirmColumns& firms = world.firms;
    double sum = 0.0;
    for (std::size_t firm = cell.first_firm; firm < cell.first_firm + cell.firms; ++firm) {
        sum += firms.capacity_t[firm] * static_cast<double>(firms.run_rate[firm]);
    }
    for (std::size_t firm = cell.first_firm; firm < cell.first_firm + cell.firms; ++firm) {
        const double part =
            sum > 0.0 ? firms.capacity_t[firm] * static_cast<double>(firms.run_rate[firm]) / sum : 1.0 / cell.firms;
        firms.cash[firm] += part * usd;
    }
}

/// Owners at home and abroad share as they share profits.
void pay_owners(const Economy& economy, std::size_t index, double usd, World& world) {
    const CountryId home = economy.cells[index].country;
    world.outside[home.index()] += usd;
    for (const Holding& holding : world.holdings) {
        if (holding.cell == index) {
            world.outside[home.index()] -= holding.share * usd;
            world.outside[holding.owner.index()] += holding.share * usd;
        }
    }
}

void pay(const Economy& economy, std::size_t index, Payee payee, double usd, World& world) {
    const Cell& cell = economy.cells[index];
    switch (payee) {
        case Payee::plants:
            pay_firms(cell, usd, world);
            break;
        case Payee::owners:
            pay_owners(economy, index, usd, world);
            break;
        case Payee::outside:
            world.outside[cell.country.index()] += usd;
            break;
    }
}

Payee payee_of(PlantVerb verb) {
    switch (verb) {
        case PlantVerb::capex_share:
            return Payee::owners;
        case PlantVerb::hurdle:
        case PlantVerb::scrap_support:
            return Payee::outside;
        default:
            return Payee::plants;
    }
}

/// What a verb owes a cell for the tick, USD.
double owed(const Economy& economy, const World& world, const PlantSupport& support, std::size_t index,
            const RecordedSupport& promise) {
    const Cell& cell = economy.cells[index];
    const CellTotals& totals = world.cells[index];
    const double begun = world.plants[index].started_t * economy.ticks_per_year * cell.expansion.capex_usd_per_t;
    if (promise.verb == PlantVerb::capex_share) {
        // Where grants would come to more than all of it, each bears its part.
        double all = 0.0;
        for (const RecordedSupport* other : support.verbs_of[index]) {
            all += other->verb == promise.verb ? other->size() : 0.0;
        }
        return begun * promise.size() / std::max(1.0, all);
    }
    if (promise.verb == PlantVerb::hurdle) {
        return begun * promise.terms.cost;
    }
    if (promise.verb == PlantVerb::scrap_support) {
        // Paid on every tonne: nobody can tell which would have been collected anyway.
        const Position& metal = cell.positions[cell.inputs];
        return economy.processes[cell.process.index()].recycles
                   ? totals.throughput_t * metal.per_throughput * promise.size()
                   : 0.0;
    }
    double usd = 0.0;
    for (std::size_t number = cell.inputs; number < cell.positions.size(); ++number) {
        const Position& position = cell.positions[number];
        if (!promise.plants.covers(position.good)) {
            continue;
        }
        const double tonnes = totals.throughput_t * position.per_throughput;
        const double price = world.nodes.supply_price[position.node.index()];
        if (promise.verb == PlantVerb::support) {
            usd += tonnes * promise.size();
        } else if (promise.verb == PlantVerb::support_share) {
            usd += tonnes * price * promise.size();
        } else if (promise.verb == PlantVerb::price_floor &&
                   highest_floor(support.verbs_of[index], position.good) == &promise) {
            usd += tonnes * std::max(0.0, promise.size() - price);
        }
    }
    return usd;
}

}  // namespace

void pay_plants(const Economy& economy, World& world, const PlantRules& rules, const PlantSupport& support) {
    if (rules.empty()) {
        return;
    }
    struct Claim {
        const RecordedSupport* promise;
        std::size_t cell;
        double usd;
    };
    std::vector<Claim> claims;
    std::map<std::string, double, std::less<>> total;
    for (std::size_t number = 0; number < rules.recorded().size(); ++number) {
        const RecordedSupport& promise = rules.recorded()[number];
        ledger_of(economy, world, promise.policy);
        for (const std::uint32_t index : support.cells_of[number]) {
            if (const double usd = owed(economy, world, support, index, promise); usd > 0.0) {
                claims.push_back({&promise, index, usd});
                total[promise.policy] += usd;
            }
        }
    }
    for (const Claim& claim : claims) {
        const std::string& policy = claim.promise->policy;
        const double funds = rules.funds(policy);
        const double paid = claim.usd * (total[policy] > funds ? funds / total[policy] : 1.0);
        SupportLedger& ledger = ledger_of(economy, world, policy);
        ledger.claimed_usd[claim.cell] += claim.usd;
        ledger.paid_usd[claim.cell] += paid;
        policy_account_of(world, economy, policy)[claim.promise->terms.payer.index()] -= paid;
        pay(economy, claim.cell, payee_of(claim.promise->verb), paid, world);
    }
    for (const RecordedPayment& payment : rules.payments()) {
        for (const Cell& cell : economy.cells) {
            if (cell.country == payment.country && cell.process == payment.process &&
                (cell.kind == FirmKind::miner || cell.kind == FirmKind::refiner)) {
                SupportLedger& ledger = ledger_of(economy, world, payment.policy);
                (payment.usd > 0.0 ? ledger.arrears_usd : ledger.clawed_back_usd) += std::abs(payment.usd);
                policy_account_of(world, economy, payment.policy)[payment.payer.index()] -= payment.usd;
                pay(economy, static_cast<std::size_t>(&cell - economy.cells.data()), payment.payee, payment.usd, world);
                break;
            }
        }
    }
}

void pay_buyers(const Economy& economy, World& world, const PlantRules& rules) {
    for (const BuyerCredit& credit : rules.credits()) {
        double usd = 0.0;
        for (std::size_t number = 0; number < economy.network.goods.size(); ++number) {
            const GoodId good = id_at<GoodId>(number);
            if (!credit.covers(good)) {
                continue;
            }
            const GoodLanes& book = economy.network.goods[number];
            for (std::size_t lane = 0; lane < book.lanes.size(); ++lane) {
                if (book.lanes[lane].destination == credit.buyers) {
                    const CountryId origin = book.lanes[lane].origin;
                    const double charged = world.lanes.flow[book.first_lane + lane] * credit.friction_usd_per_t(origin);
                    world.outside[origin.index()] -= charged;
                    usd -= charged;
                }
            }
            if (credit.at_home()) {
                for (std::size_t index = 0; index < economy.cells.size(); ++index) {
                    const Cell& cell = economy.cells[index];
                    for (std::size_t place = 0; cell.country == credit.buyers && place < cell.positions.size();
                         ++place) {
                        if (cell.positions[place].good == good && cell.positions[place].side == Side::buys) {
                            usd += world.cells[index].bought[place] * credit.usd_per_t();
                        }
                    }
                }
            }
        }
        ledger_of(economy, world, credit.policy).buyers_usd += usd;
        policy_account_of(world, economy, credit.policy)[credit.payer.index()] -= usd;
    }
}

}  // namespace ytterby

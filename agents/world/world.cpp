#include "agents/world/world.hpp"

#include "core/check.hpp"
#include "core/maths.hpp"

namespace ytterby {

namespace {

std::vector<double>& balances_of(World& world, const Economy& economy, const std::string& name) {
    std::vector<double>& balances = world.treasury[name];
    balances.resize(economy.countries.size(), 0.0);
    return balances;
}

}  // namespace

std::vector<double>& account_of(World& world, const Economy& economy, SystemAccount account) {
    return balances_of(world, economy, std::string(name_of(account)));
}

std::vector<double>& policy_account_of(World& world, const Economy& economy, const std::string& policy) {
    ensure(!is_system_account(policy), "a policy's account has no name of the program's accounts");
    return balances_of(world, economy, policy);
}

double total_money(const World& world) {
    CompensatedSum sum;
    for (const double cash : world.firms.cash) {
        sum.add(cash);
    }
    for (const double account : world.outside) {
        sum.add(account);
    }
    for (const auto& [name, balances] : world.treasury) {
        for (const double balance : balances) {
            sum.add(balance);
        }
    }
    return sum.total();
}

}  // namespace ytterby

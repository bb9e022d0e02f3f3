#include "agents/world/world.hpp"

#include "core/maths.hpp"

namespace ytterby {

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

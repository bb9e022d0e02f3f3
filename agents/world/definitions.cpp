#include "agents/world/definitions.hpp"

#include <algorithm>

#include "core/calendar.hpp"
#include "core/maths.hpp"

namespace ytterby {
namespace {

/// Relative rounding of schedules, which are floats.
constexpr double rounding_share = 1e-6;

}  // namespace

double net_import_reliance(double output, double use) {
    return use > 0.0 ? clamp_share(1.0 - output / use) : undefined;
}

double herfindahl_hirschman(std::span<const double> amounts) {
    double total = 0.0;
    for (const double amount : amounts) {
        total += amount;
    }
    double index = 0.0;
    for (const double amount : amounts) {
        const double share = ratio_or(amount, total, undefined);
        index += share * share;
    }
    return total > 0.0 ? index : undefined;
}

double months_of_stock(double stock, double need, double months_per_tick) {
    return need > 0.0 ? stock / need * months_per_tick : undefined;
}

double days_of_stock(double stock, double need, double months_per_tick) {
    return months_of_stock(stock, need, months_per_tick) * (days_per_year / 12.0);
}

double unmet_need(double need, double use) {
    const double missing = need - use;
    return missing > rounding_share * need ? missing : 0.0;
}

}  // namespace ytterby

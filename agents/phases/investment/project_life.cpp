#include "agents/phases/investment/project_life.hpp"

#include <algorithm>

#include "core/maths.hpp"

namespace ytterby {
namespace {

/// The lowest interest rate of loans, a year (assumed, 0.005-0.02).
constexpr double least_rate = 0.01;

/// Present value of a dollar a year, paid without pause over some years.
double continuous_annuity(double rate, double years) { return rate > 1e-9 ? (1.0 - exp(-rate * years)) / rate : years; }

/// Annual payment per dollar invested over a lifetime, at a yearly rate.
double capital_recovery(double rate, double years) { return rate / (1.0 - pow(1.0 + rate, -years)); }

}  // namespace

ProjectLife::ProjectLife(const Economy& economy, const Cell& cell)
    : rate_(log(1.0 + economy.countries[cell.country.index()].hurdle_rate)),
      starts_(cell.expansion.build_years),
      lasts_(1.0 / std::max(1e-3, cell.expansion.retirement_per_year)) {}

double ProjectLife::part_before(double years) const {
    const double earning = std::clamp(years - starts_, 0.0, lasts_);
    return earning >= lasts_ ? 1.0 : continuous_annuity(rate_, earning) / continuous_annuity(rate_, lasts_);
}

double ProjectLife::part_fading(double rate_per_year) const {
    return exp(-rate_per_year * starts_) * continuous_annuity(rate_ + rate_per_year, lasts_) /
           continuous_annuity(rate_, lasts_);
}

double ProjectLife::interest_saved(double change_per_year) const {
    if (change_per_year == 0.0) {
        return 0.0;
    }
    const double rate = exp(rate_) - 1.0;
    const double changed = std::max(least_rate, rate + change_per_year);
    return 1.0 - capital_recovery(changed, lasts_) / capital_recovery(rate, lasts_);
}

}  // namespace ytterby

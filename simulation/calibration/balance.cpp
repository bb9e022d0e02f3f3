#include "simulation/calibration/balance.hpp"

#include <algorithm>
#include <cmath>

namespace ytterby {
namespace {

using Matrix = std::vector<std::vector<double>>;

/// Weight of a pair with an observed flow in the fit of the rest: small, so that observations hold wherever the
/// quantities allow them.
constexpr double last_resort = 1e-3;

double row_sum(const Matrix& flows, std::size_t row) {
    double sum = 0.0;
    for (const double flow : flows[row]) {
        sum += flow;
    }
    return sum;
}

/// Scales rows and columns in turn until both sums fit: rows last, columns within rounding. Most rows have no flow and
/// are skipped.
void fit(Matrix& flows, const std::vector<double>& rows, const std::vector<double>& columns) {
    const std::size_t count = rows.size();
    std::vector<std::size_t> filled;
    double worst_of_empty = 0.0;
    for (std::size_t row = 0; row < count; ++row) {
        if (std::any_of(flows[row].begin(), flows[row].end(), [](double flow) { return flow > 0.0; })) {
            filled.push_back(row);
        } else if (rows[row] > 0.0) {
            worst_of_empty = 1.0;
        }
    }
    std::vector<double> scales(count);
    for (int round = 0; round < 5000; ++round) {
        double worst = worst_of_empty;
        std::fill(scales.begin(), scales.end(), 0.0);
        for (const std::size_t row : filled) {
            for (std::size_t column = 0; column < count; ++column) {
                scales[column] += flows[row][column];
            }
        }
        for (std::size_t column = 0; column < count; ++column) {
            scales[column] = scales[column] > 0.0 ? columns[column] / scales[column] : 0.0;
        }
        for (const std::size_t row : filled) {
            for (std::size_t column = 0; column < count; ++column) {
                flows[row][column] *= scales[column];
            }
        }
        for (const std::size_t row : filled) {
            const double sum = row_sum(flows, row);
            const double scale = sum > 0.0 ? rows[row] / sum : 0.0;
            worst = std::max(worst, std::abs(scale - 1.0) * (rows[row] > 0.0 ? 1.0 : 0.0));
            for (double& flow : flows[row]) {
                flow *= scale;
            }
        }
        if (worst < 1e-14) {
            break;
        }
    }
}

/// The remainder of a whole after subtractions; 0 where it is no more than their rounding error.
double without_rounding(double left, double whole) { return std::abs(left) < 1e-12 * whole ? 0.0 : left; }

}  // namespace

Matrix balance_flows(const BalanceInput& input, double dust) {
    const std::size_t count = input.production.size();
    std::vector<double> supply = input.production;
    std::vector<double> demand = input.use;
    Matrix known(count, std::vector<double>(count, 0.0));
    Matrix seeds = input.pull;
    const auto fix = [&](std::size_t origin, std::size_t destination, double flow) {
        known[origin][destination] = flow;
        supply[origin] = without_rounding(supply[origin] - flow, input.production[origin]);
        demand[destination] = without_rounding(demand[destination] - flow, input.use[destination]);
        // The fit of the rest puts more here only as a last resort.
        seeds[origin][destination] *= last_resort;
    };
    for (std::size_t country = 0; country < count; ++country) {
        if (input.domestic[country] >= 0.0) {
            fix(country, country, std::min({input.domestic[country], supply[country], demand[country]}));
        }
    }
    // Observed flows take most of a country's remaining quantity, never all: the fit needs room.
    for (std::size_t destination = 0; destination < count; ++destination) {
        for (std::size_t origin = 0; origin < count; ++origin) {
            if (origin != destination && input.fixed[origin][destination] >= 0.0) {
                fix(origin, destination,
                    std::min({input.fixed[origin][destination], 0.9 * supply[origin], 0.98 * demand[destination]}));
            }
        }
    }
    Matrix flows(count, std::vector<double>(count, 0.0));
    for (std::size_t origin = 0; origin < count; ++origin) {
        for (std::size_t destination = 0; destination < count; ++destination) {
            flows[origin][destination] =
                std::max(0.0, supply[origin]) * std::max(0.0, demand[destination]) * seeds[origin][destination];
        }
    }
    fit(flows, supply, demand);
    for (std::size_t origin = 0; origin < count; ++origin) {
        for (std::size_t destination = 0; destination < count; ++destination) {
            double& flow = flows[origin][destination];
            const bool small = flow < dust * input.use[destination] && flow < dust * input.production[origin];
            if (small && origin != destination) {
                flow = 0.0;
            }
        }
    }
    fit(flows, supply, demand);
    for (std::size_t origin = 0; origin < count; ++origin) {
        for (std::size_t destination = 0; destination < count; ++destination) {
            flows[origin][destination] += known[origin][destination];
        }
    }
    return flows;
}

}  // namespace ytterby

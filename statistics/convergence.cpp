#include "statistics/convergence.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/check.hpp"
#include "statistics/student_interval.hpp"

namespace ytterby {
namespace {

/// Mean and squared deviations of a growing number of values (Welford 1962).
struct Running {
    double mean = 0.0, squares = 0.0;
    void add(double value, double count) {
        const double step = value - mean;
        mean += step / count;
        squares += step * (value - mean);
    }
};

/// The median and the largest half-width of several means.
void find_widths(const std::vector<Running>& running, double reach, double count, double& median, double& widest) {
    std::vector<double> squares;
    squares.reserve(running.size());
    for (const Running& one : running) {
        squares.push_back(one.squares);
    }
    median = widest = std::numeric_limits<double>::quiet_NaN();
    if (squares.empty()) {
        return;
    }
    std::sort(squares.begin(), squares.end());
    const auto width = [&](double sum) { return reach * std::sqrt(sum / (count - 1.0) / count); };
    median = width(squares[squares.size() / 2]);
    widest = width(squares.back());
}

}  // namespace

std::vector<ConvergenceStep> follow_convergence(const std::vector<double>& values, std::size_t replicates,
                                                double level) {
    ensure(replicates > 0 && values.size() % replicates == 0, "a metric has a value for every cell and replicate");
    const std::size_t cells = values.size() / replicates;
    std::vector<Running> levels(cells), differences(cells > 1 ? cells - 1 : 0);
    std::vector<ConvergenceStep> steps;
    double next = 2.0;
    for (std::size_t count = 1; count <= replicates; ++count) {
        const double size = static_cast<double>(count);
        for (std::size_t cell = 0; cell < cells; ++cell) {
            const double value = values[cell * replicates + count - 1];
            levels[cell].add(value, size);
            if (cell > 0) {
                differences[cell - 1].add(value - values[count - 1], size);
            }
        }
        if (count < 2 || (count < replicates && size < next)) {
            continue;
        }
        next = std::max(size + 1.0, size * 1.1);
        ConvergenceStep step{.replicates = count};
        const double reach = student_reach(level, count);
        find_widths(levels, reach, size, step.median_cell, step.widest_cell);
        find_widths(differences, reach, size, step.median_difference, step.widest_difference);
        steps.push_back(step);
    }
    return steps;
}

}  // namespace ytterby

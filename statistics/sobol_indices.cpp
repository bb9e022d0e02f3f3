#include "statistics/sobol_indices.hpp"

#include <algorithm>

#include "core/check.hpp"
#include "core/maths.hpp"
#include "core/random.hpp"
#include "statistics/detail/undefined.hpp"
#include "statistics/purposes.hpp"
#include "statistics/summary.hpp"

namespace ytterby {
namespace {

/// How often each row was drawn.
using Draws = std::vector<double>;

/// Terms that the estimators add up, row after row, so that a bootstrap sample reads memory once.
struct Terms {
    std::size_t factors = 0;
    bool with_second = false;
    std::size_t width = 0;
    std::vector<double> values;

    std::size_t first(std::size_t factor) const { return 4 + factor; }
    std::size_t total(std::size_t factor) const { return 4 + factors + factor; }
    std::size_t second(std::size_t pair) const { return 4 + 2 * factors + pair; }
    std::size_t pairs() const { return with_second ? factors * (factors - 1) / 2 : 0; }
};

Terms terms_of(const SaltelliResponse& response, double centre) {
    Terms terms{.factors = response.factors(), .with_second = !response.ba.empty(), .width = 0, .values = {}};
    terms.width = 4 + 2 * terms.factors + terms.pairs();
    terms.values.resize(terms.width * response.rows());
    for (std::size_t row = 0; row < response.rows(); ++row) {
        double* out = terms.values.data() + row * terms.width;
        const double a = response.a[row] - centre;
        const double b = response.b[row] - centre;
        out[0] = a;
        out[1] = b;
        out[2] = a * a + b * b;
        out[3] = a * b;
        std::size_t pair = 0;
        for (std::size_t factor = 0; factor < terms.factors; ++factor) {
            const double mixed = response.ab[factor][row] - centre;
            out[terms.first(factor)] = b * (mixed - a);
            out[terms.total(factor)] = (a - mixed) * (a - mixed) / 2.0;
            for (std::size_t other = factor + 1; terms.with_second && other < terms.factors; ++other, ++pair) {
                out[terms.second(pair)] =
                    (response.ba[factor][row] - centre) * (response.ab[other][row] - centre) - a * b;
            }
        }
    }
    return terms;
}

/// The indices (first, total, second, in this order) from the sums of terms over `rows` rows.
std::vector<double> indices_of(const Terms& terms, const std::vector<double>& sums, double rows, double& variance) {
    const double mean = (sums[0] + sums[1]) / (2.0 * rows);
    variance = sums[2] / (2.0 * rows) - mean * mean;
    std::vector<double> indices;
    for (std::size_t place = 4; place < terms.width; ++place) {
        indices.push_back(ratio_or(sums[place] / rows, variance, undefined_statistic));
    }
    std::size_t pair = 2 * terms.factors;
    for (std::size_t factor = 0; factor < terms.factors; ++factor) {
        for (std::size_t other = factor + 1; terms.with_second && other < terms.factors; ++other, ++pair) {
            indices[pair] -= indices[factor] + indices[other];
        }
    }
    return indices;
}

/// Sums of the terms over the rows, each as often as it was drawn.
std::vector<double> sums_of(const Terms& terms, const Draws& draws) {
    std::vector<double> sums(terms.width, 0.0);
    for (std::size_t row = 0; row < draws.size(); ++row) {
        if (draws[row] == 0.0) {
            continue;
        }
        const double* term = terms.values.data() + row * terms.width;
        for (std::size_t place = 0; place < terms.width; ++place) {
            sums[place] += draws[row] * term[place];
        }
    }
    return sums;
}

/// Each index in every bootstrap sample in which it is defined, in rising order: [index][sample].
std::vector<std::vector<double>> resampled(const Terms& terms, std::size_t rows, const BootstrapQuestion& question) {
    std::vector<std::vector<double>> drawn(terms.width - 4);
    const Random random(question.seed);
    for (std::uint32_t resample = 0; resample < question.resamples; ++resample) {
        Draws draws(rows, 0.0);
        for (std::size_t row = 0; row < rows; ++row) {
            draws[random.below(static_cast<std::uint32_t>(rows), static_cast<std::uint32_t>(row), purposes::bootstrap,
                               resample)] += 1.0;
        }
        double variance = 0.0;
        const std::vector<double> again = indices_of(terms, sums_of(terms, draws), static_cast<double>(rows), variance);
        for (std::size_t which = 0; which < again.size(); ++which) {
            if (again[which] == again[which]) {
                drawn[which].push_back(again[which]);
            }
        }
    }
    for (std::vector<double>& values : drawn) {
        std::sort(values.begin(), values.end());
    }
    return drawn;
}

}  // namespace

SobolIndices sobol_indices(const SaltelliResponse& response, const BootstrapQuestion& question) {
    const std::size_t rows = response.rows();
    const std::size_t factors = response.factors();
    ensure(
        rows > 1 && response.b.size() == rows && factors > 0 && (response.ba.empty() || response.ba.size() == factors),
        "a Saltelli design has all its blocks");
    SobolIndices result;
    const double count = static_cast<double>(rows);
    result.mean = (sum_of(response.a) + sum_of(response.b)) / (2.0 * count);
    const Terms terms = terms_of(response, result.mean);
    std::vector<double> indices = indices_of(terms, sums_of(terms, Draws(rows, 1.0)), count, result.variance);
    std::vector<std::vector<double>> drawn(indices.size());
    if (result.variance > 1e-24 * result.mean * result.mean) {
        drawn = resampled(terms, rows, question);
    } else {  // rounding of values that are all alike
        result.variance = 0.0;
        indices.assign(indices.size(), undefined_statistic);
    }
    for (std::size_t which = 0; which < indices.size(); ++which) {
        const SobolIndex index{indices[which], quantile_of_sorted(drawn[which], (1.0 - question.level) / 2.0),
                               quantile_of_sorted(drawn[which], (1.0 + question.level) / 2.0)};
        (which < factors ? result.first : which < 2 * factors ? result.total : result.second).push_back(index);
    }
    return result;
}

}  // namespace ytterby

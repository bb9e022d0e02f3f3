#include "statistics/fractional_effects.hpp"

#include <cmath>
#include <limits>

#include "core/check.hpp"
#include "core/maths.hpp"

namespace ytterby {
namespace {

/// Squared length over the number of cells below which a regressor counts as a sum of earlier ones.
constexpr double least_rest = 1e-9;

/// Regressors made orthogonal to all before them (modified Gram-Schmidt).
struct Basis {
    std::vector<std::vector<double>> columns;  // orthogonal, not normed
    std::vector<std::vector<double>> shares;   // of each earlier column in the regressor
};

/// The signs of a lever in each cell, or of the product of two.
std::vector<double> regressor(const FractionResponse& response, std::size_t first, std::size_t second) {
    std::vector<double> signs;
    for (const std::uint64_t cell : response.cells) {
        const double one = (cell >> first & 1) != 0 ? 1.0 : -1.0;
        const double other = (cell >> second & 1) != 0 ? 1.0 : -1.0;
        signs.push_back(first == second ? one : one * other);
    }
    return signs;
}

double product(const std::vector<double>& one, const std::vector<double>& other) {
    double sum = 0.0;
    for (std::size_t place = 0; place < one.size(); ++place) {
        sum += one[place] * other[place];
    }
    return sum;
}

/// Adds a regressor; false when it is a sum of those before.
bool add(Basis& basis, std::vector<double> column) {
    std::vector<double> shares;
    for (const std::vector<double>& earlier : basis.columns) {
        const double share = product(earlier, column) / product(earlier, earlier);
        shares.push_back(share);
        for (std::size_t place = 0; share != 0.0 && place < column.size(); ++place) {
            column[place] -= share * earlier[place];
        }
    }
    if (product(column, column) <= least_rest * static_cast<double>(column.size())) {
        return false;
    }
    basis.columns.push_back(std::move(column));
    basis.shares.push_back(std::move(shares));
    return true;
}

/// Coefficients of the regressors for one outcome.
std::vector<double> solve(const Basis& basis, std::vector<double> outcome) {
    const std::size_t count = basis.columns.size();
    std::vector<double> coefficients(count);
    for (std::size_t which = 0; which < count; ++which) {
        const std::vector<double>& column = basis.columns[which];
        coefficients[which] = product(column, outcome) / product(column, column);
        for (std::size_t place = 0; place < outcome.size(); ++place) {
            outcome[place] -= coefficients[which] * column[place];
        }
    }
    for (std::size_t which = count; which-- > 0;) {
        for (std::size_t later = which + 1; later < count; ++later) {
            coefficients[which] -= basis.shares[later][which] * coefficients[later];
        }
    }
    return coefficients;
}

/// A constant, main effects, then pairs. Regressors that are sums of earlier ones are left out and listed.
Basis basis_of(const FractionResponse& response, std::vector<Aliased>& aliased) {
    Basis basis;
    add(basis, std::vector<double>(response.cells.size(), 1.0));
    for (std::size_t lever = 0; lever < response.levers; ++lever) {
        if (!add(basis, regressor(response, lever, lever))) {
            aliased.push_back({lever, lever});
        }
    }
    for (std::size_t first = 0; first < response.levers; ++first) {
        for (std::size_t second = first + 1; second < response.levers; ++second) {
            if (!add(basis, regressor(response, first, second))) {
                aliased.push_back({first, second});
            }
        }
    }
    return basis;
}

/// A regression for each replicate.
struct Fit {
    std::vector<std::vector<double>> coefficients;  // [regressor][replicate]
    std::vector<double> cell_means;                 // over replicates
};

Fit fit_replicates(const FractionResponse& response, const Basis& basis) {
    const std::size_t cells = response.cells.size();
    Fit fit{.coefficients = std::vector<std::vector<double>>(basis.columns.size()),
            .cell_means = std::vector<double>(cells, 0.0)};
    for (std::size_t replicate = 0; replicate < response.replicates; ++replicate) {
        std::vector<double> outcome(cells);
        for (std::size_t cell = 0; cell < cells; ++cell) {
            outcome[cell] = response.values[cell * response.replicates + replicate];
            fit.cell_means[cell] += outcome[cell] / static_cast<double>(response.replicates);
        }
        const std::vector<double> coefficients = solve(basis, outcome);
        for (std::size_t which = 0; which < coefficients.size(); ++which) {
            fit.coefficients[which].push_back(coefficients[which]);
        }
    }
    return fit;
}

/// The share of the variance of cell means that the regressors explain.
double explained_share(const Basis& basis, const std::vector<double>& cell_means) {
    const double mean = sum_of(cell_means) / static_cast<double>(cell_means.size());
    double total = 0.0;
    double explained = 0.0;
    for (const double value : cell_means) {
        total += (value - mean) * (value - mean);
    }
    for (std::size_t column = 1; column < basis.columns.size(); ++column) {
        const double share = product(basis.columns[column], cell_means);
        explained += share * share / product(basis.columns[column], basis.columns[column]);
    }
    return ratio_or(explained, total, 1.0);
}

void judge_pairs(std::vector<PairSynergy>& pairs, const PairQuestion& question) {
    std::vector<double> p_values;
    p_values.reserve(pairs.size());
    for (const PairSynergy& pair : pairs) {
        p_values.push_back(pair.averaged.p_value);
    }
    p_values = corrected(p_values, question.correction);
    for (std::size_t pair = 0; pair < pairs.size(); ++pair) {
        pairs[pair].averaged_p = p_values[pair];
        pairs[pair].averaged_kind = pair_kind(pairs[pair].averaged.mean, p_values[pair], question);
    }
}

}  // namespace

FractionalEffects fractional_effects(const FractionResponse& response, const PairQuestion& question) {
    ensure(!response.cells.empty() && response.levers <= 64 &&
               response.values.size() == response.cells.size() * response.replicates,
           "a fraction has a value for every cell and replicate");
    FractionalEffects effects;
    const Basis basis = basis_of(response, effects.aliased);
    if (!effects.aliased.empty()) {
        return effects;
    }
    const Fit fit = fit_replicates(response, basis);
    const double scale = largest_size(response.values);
    const auto scaled = [&](std::vector<double> values, double factor) {
        for (double& value : values) {
            value *= factor;
        }
        return estimate_mean(values, question.level, scale);
    };
    for (std::size_t lever = 0; lever < response.levers; ++lever) {
        effects.main.push_back(scaled(fit.coefficients[1 + lever], 2.0));
    }
    std::size_t which = 1 + response.levers;
    for (std::size_t first = 0; first < response.levers; ++first) {
        for (std::size_t second = first + 1; second < response.levers; ++second, ++which) {
            PairSynergy pair{.first = first,
                             .second = second,
                             .first_alone = {},
                             .second_alone = {},
                             .together = {},
                             .apart = {},
                             .corner = {},
                             .averaged = scaled(fit.coefficients[which], 4.0)};
            pair.corner_p = std::numeric_limits<double>::quiet_NaN();
            effects.pairs.push_back(pair);
        }
    }
    judge_pairs(effects.pairs, question);
    effects.explained = explained_share(basis, fit.cell_means);
    return effects;
}

}  // namespace ytterby

#include "statistics/fractional_effects.hpp"

#include <cmath>
#include <limits>

#include "core/check.hpp"
#include "core/maths.hpp"

namespace ytterby {
namespace {

constexpr double least_rest = 1e-9;  // squared length, against the cells, below which a regressor is a sum of others

/// A constant, main effects, then pairs, each orthogonal to all before (modified Gram-Schmidt), with how it was made.
struct Basis {
    std::vector<std::vector<double>> columns;  // orthogonal, not normed
    std::vector<std::vector<double>> shares;   // of each earlier column in the regressor
};

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

}  // namespace

FractionalEffects fractional_effects(const FractionResponse& response, const PairQuestion& question) {
    const std::size_t cells = response.cells.size();
    ensure(cells > 0 && response.levers <= 64 && response.values.size() == cells * response.replicates,
           "a fraction has a value for every cell and replicate");
    FractionalEffects effects;
    Basis basis;
    add(basis, std::vector<double>(cells, 1.0));
    for (std::size_t lever = 0; lever < response.levers; ++lever) {
        if (!add(basis, regressor(response, lever, lever))) {
            effects.aliased.push_back({lever, lever});
        }
    }
    for (std::size_t first = 0; first < response.levers; ++first) {
        for (std::size_t second = first + 1; second < response.levers; ++second) {
            if (!add(basis, regressor(response, first, second))) {
                effects.aliased.push_back({first, second});
            }
        }
    }
    if (!effects.aliased.empty()) {
        return effects;
    }
    std::vector<std::vector<double>> found(basis.columns.size());  // [regressor][replicate]
    std::vector<double> means(cells, 0.0);
    for (std::size_t replicate = 0; replicate < response.replicates; ++replicate) {
        std::vector<double> outcome(cells);
        for (std::size_t cell = 0; cell < cells; ++cell) {
            outcome[cell] = response.values[cell * response.replicates + replicate];
            means[cell] += outcome[cell] / static_cast<double>(response.replicates);
        }
        const std::vector<double> coefficients = solve(basis, outcome);
        for (std::size_t which = 0; which < coefficients.size(); ++which) {
            found[which].push_back(coefficients[which]);
        }
    }
    const double scale = largest_size(response.values);
    const auto scaled = [&](std::vector<double> values, double factor) {
        for (double& value : values) {
            value *= factor;
        }
        return estimate_mean(values, question.level, scale);
    };
    for (std::size_t lever = 0; lever < response.levers; ++lever) {
        effects.main.push_back(scaled(found[1 + lever], 2.0));
    }
    std::vector<double> p_values;
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
                             .averaged = scaled(found[which], 4.0)};
            p_values.push_back(pair.averaged.p_value);
            pair.corner_p = std::numeric_limits<double>::quiet_NaN();
            effects.pairs.push_back(pair);
        }
    }
    p_values = corrected(p_values, question.correction);
    for (std::size_t pair = 0; pair < p_values.size(); ++pair) {
        effects.pairs[pair].averaged_p = p_values[pair];
        effects.pairs[pair].averaged_kind = pair_kind(effects.pairs[pair].averaged.mean, p_values[pair], question);
    }
    const double mean = sum_of(means) / static_cast<double>(cells);
    double total = 0.0;
    double explained = 0.0;
    for (const double value : means) {
        total += (value - mean) * (value - mean);
    }
    for (std::size_t column = 1; column < basis.columns.size(); ++column) {
        const double share = product(basis.columns[column], means);
        explained += share * share / product(basis.columns[column], basis.columns[column]);
    }
    effects.explained = ratio_or(explained, total, 1.0);
    return effects;
}

}  // namespace ytterby

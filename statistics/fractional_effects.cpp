#include "statistics/fractional_effects.hpp"

#include <Eigen/QR>
#include <algorithm>
#include <limits>

#include "core/check.hpp"
#include "core/maths.hpp"

namespace ytterby {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

/// Squared length over the number of cells below which a regressor counts as a sum of earlier ones.
constexpr double least_rest_of_column = 1e-9;

/// The signs of a lever in each cell, or of the product of two.
VectorXd regressor(const FractionResponse& response, std::size_t first, std::size_t second) {
    VectorXd signs(std::ssize(response.cells));
    for (Eigen::Index place = 0; place < signs.size(); ++place) {
        const std::uint64_t cell = response.cells[static_cast<std::size_t>(place)];
        const double one = (cell >> first & 1) != 0 ? 1.0 : -1.0;
        const double other = (cell >> second & 1) != 0 ? 1.0 : -1.0;
        signs[place] = first == second ? one : one * other;
    }
    return signs;
}

/// The regressors of a fraction and an orthogonal basis of what they span, column by column.
struct Regressors {
    MatrixXd columns, basis;
    Eigen::Index count = 0;
};

/// Adds a regressor; false when it is a sum of those before.
bool add(Regressors& regressors, const VectorXd& column) {
    const auto earlier = regressors.basis.leftCols(regressors.count);
    const VectorXd rest = column - earlier * (earlier.transpose() * column);
    if (regressors.count == regressors.basis.cols() ||
        rest.squaredNorm() <= least_rest_of_column * static_cast<double>(column.size())) {
        return false;
    }
    regressors.columns.col(regressors.count) = column;
    regressors.basis.col(regressors.count) = rest.normalized();
    ++regressors.count;
    return true;
}

/// A constant, main effects, then pairs. Those that are sums of earlier ones are left out and listed.
Regressors regressors_of(const FractionResponse& response, std::vector<Aliased>& aliased) {
    const auto cells = std::ssize(response.cells);
    const auto most =
        std::min<Eigen::Index>(cells, 1 + static_cast<Eigen::Index>(response.levers * (response.levers + 1) / 2));
    Regressors regressors{.columns = MatrixXd(cells, most), .basis = MatrixXd(cells, most)};
    add(regressors, VectorXd::Ones(cells));
    for (std::size_t lever = 0; lever < response.levers; ++lever) {
        if (!add(regressors, regressor(response, lever, lever))) {
            aliased.push_back({lever, lever});
        }
    }
    for (std::size_t first = 0; first < response.levers; ++first) {
        for (std::size_t second = first + 1; second < response.levers; ++second) {
            if (!add(regressors, regressor(response, first, second))) {
                aliased.push_back({first, second});
            }
        }
    }
    return regressors;
}

/// The share of the variance of cell means that the regressors explain; the first of them is the constant.
double explained_share(const Regressors& regressors, const VectorXd& cell_means) {
    const double total = (cell_means.array() - cell_means.mean()).square().sum();
    const VectorXd explained = regressors.basis.rightCols(regressors.count - 1).transpose() * cell_means;
    return ratio_or(explained.squaredNorm(), total, 1.0);
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
    const Regressors regressors = regressors_of(response, effects.aliased);
    if (!effects.aliased.empty()) {
        return effects;
    }
    using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    const Eigen::Map<const Rows> values(response.values.data(), std::ssize(response.cells),
                                        static_cast<Eigen::Index>(response.replicates));
    // A regression for each replicate: a row for each regressor, a column for each replicate.
    const Rows coefficients = regressors.columns.householderQr().solve(values);
    const double scale = largest_size(response.values);
    const auto scaled = [&](std::size_t which, double factor) {
        const VectorXd row = factor * coefficients.row(static_cast<Eigen::Index>(which));
        return estimate_mean({row.data(), response.replicates}, question.level, scale);
    };
    for (std::size_t lever = 0; lever < response.levers; ++lever) {
        effects.main.push_back(scaled(1 + lever, 2.0));
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
                             .averaged = scaled(which, 4.0)};
            pair.corner_p = std::numeric_limits<double>::quiet_NaN();
            effects.pairs.push_back(pair);
        }
    }
    judge_pairs(effects.pairs, question);
    effects.explained = explained_share(regressors, values.rowwise().mean());
    return effects;
}

}  // namespace ytterby

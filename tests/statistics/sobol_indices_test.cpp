#include "statistics/sobol_indices.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numbers>

#include "core/random.hpp"
#include "statistics/morris.hpp"

namespace ytterby {
namespace {

using Function = std::function<double(const std::vector<double>&)>;

/// The blocks of a Saltelli design with random rows.
SaltelliResponse saltelli_response(std::size_t rows, std::size_t factors, const Function& function) {
    const Random random(11);
    SaltelliResponse response{.a = {},
                              .b = {},
                              .ab = std::vector<std::vector<double>>(factors),
                              .ba = std::vector<std::vector<double>>(factors)};
    for (std::uint32_t row = 0; row < rows; ++row) {
        std::vector<double> a, b;
        for (std::uint32_t factor = 0; factor < factors; ++factor) {
            a.push_back(random.uniform(row, Purpose::test, factor, 0));
            b.push_back(random.uniform(row, Purpose::test, factor, 1));
        }
        response.a.push_back(function(a));
        response.b.push_back(function(b));
        for (std::size_t factor = 0; factor < factors; ++factor) {
            std::vector<double> mixed = a;
            mixed[factor] = b[factor];
            response.ab[factor].push_back(function(mixed));
            mixed = b;
            mixed[factor] = a[factor];
            response.ba[factor].push_back(function(mixed));
        }
    }
    return response;
}

/// Ishigami and Homma (1990) with a = 7, b = 0.1.
double ishigami(const std::vector<double>& unit) {
    const auto angle = [&](std::size_t factor) { return std::numbers::pi * (2.0 * unit[factor] - 1.0); };
    const double sine = std::sin(angle(1));
    return std::sin(angle(0)) + 7.0 * sine * sine + 0.1 * std::pow(angle(2), 4) * std::sin(angle(0));
}

TEST(SobolIndices, OfIshigamiAreTheKnownOnes) {
    const SobolIndices found =
        sobol_indices(saltelli_response(8192, 3, ishigami), {.level = 0.95, .resamples = 100, .seed = 1});
    const double pi4 = std::pow(std::numbers::pi, 4);
    const double first_variance = std::pow(1.0 + 0.1 * pi4 / 5.0, 2) / 2.0;
    const double pair_variance = 0.01 * pi4 * pi4 * (1.0 / 18.0 - 1.0 / 50.0);
    const double variance = first_variance + 49.0 / 8.0 + pair_variance;
    EXPECT_NEAR(found.variance, variance, 0.05 * variance);
    EXPECT_NEAR(found.first[0].value, first_variance / variance, 0.03);  // 0.314
    EXPECT_NEAR(found.first[1].value, 49.0 / 8.0 / variance, 0.03);      // 0.442
    EXPECT_NEAR(found.first[2].value, 0.0, 0.03);
    EXPECT_NEAR(found.total[0].value, (first_variance + pair_variance) / variance, 0.03);  // 0.558
    EXPECT_NEAR(found.total[1].value, 49.0 / 8.0 / variance, 0.03);
    EXPECT_NEAR(found.total[2].value, pair_variance / variance, 0.03);  // 0.244
    ASSERT_EQ(found.second.size(), 3U);
    EXPECT_NEAR(found.second[0].value, 0.0, 0.04);
    EXPECT_NEAR(found.second[1].value, pair_variance / variance, 0.05) << "the first and the third";
    EXPECT_NEAR(found.second[2].value, 0.0, 0.04);
    for (const SobolIndex& index : found.total) {
        EXPECT_LT(index.low, index.value);
        EXPECT_GT(index.high, index.value);
        EXPECT_LT(index.high - index.low, 0.1);
    }
}

TEST(SobolIndices, OfTheGFunctionAreTheKnownOnes) {
    const std::vector<double> a{0.0, 1.0, 4.5, 9.0};
    const auto g = [&](const std::vector<double>& unit) {
        double product = 1.0;
        for (std::size_t factor = 0; factor < a.size(); ++factor) {
            product *= (std::abs(4.0 * unit[factor] - 2.0) + a[factor]) / (1.0 + a[factor]);
        }
        return product;
    };
    const SobolIndices found =
        sobol_indices(saltelli_response(8192, 4, g), {.level = 0.95, .resamples = 50, .seed = 1});
    double all = 1.0;
    std::vector<double> own;
    for (const double one : a) {
        own.push_back(1.0 / (3.0 * (1.0 + one) * (1.0 + one)));
        all *= 1.0 + own.back();
    }
    for (std::size_t factor = 0; factor < a.size(); ++factor) {
        EXPECT_NEAR(found.first[factor].value, own[factor] / (all - 1.0), 0.03);
        EXPECT_NEAR(found.total[factor].value, own[factor] * all / (1.0 + own[factor]) / (all - 1.0), 0.03);
    }
    EXPECT_NEAR(found.second[0].value, own[0] * own[1] / (all - 1.0), 0.05);
}

TEST(SobolIndices, BootstrapDependsOnItsSeedOnly) {
    const SaltelliResponse response = saltelli_response(64, 3, ishigami);
    const SobolIndices one = sobol_indices(response, {.level = 0.95, .resamples = 50, .seed = 1});
    EXPECT_EQ(one.total[0].low, sobol_indices(response, {.level = 0.95, .resamples = 50, .seed = 1}).total[0].low);
    EXPECT_NE(one.total[0].low, sobol_indices(response, {.level = 0.95, .resamples = 50, .seed = 2}).total[0].low);
}

TEST(SobolIndices, AreUndefinedWhereNothingVaries) {
    const SobolIndices found = sobol_indices(saltelli_response(16, 2, [](const auto&) { return 0.1; }), {});
    EXPECT_EQ(found.variance, 0.0);
    EXPECT_TRUE(std::isnan(found.first[0].value));
}

TEST(Morris, MeansSizesAndDeviation) {
    const auto found = morris_screening({{0, 2.0}, {0, -2.0}, {1, 3.0}, {1, 3.0}}, 3, 0.95);
    EXPECT_EQ(found[0].mean.mean, 0.0);
    EXPECT_EQ(found[0].mean_size.mean, 2.0);
    EXPECT_NEAR(found[0].deviation, std::sqrt(8.0), 1e-12);
    EXPECT_EQ(found[1].mean.mean, 3.0);
    EXPECT_EQ(found[1].deviation, 0.0);
    EXPECT_TRUE(std::isnan(found[2].mean_size.mean)) << "it never moved";
}

}  // namespace
}  // namespace ytterby

#include "simulation/calibration/balance.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace ytterby {
namespace {

BalanceInput three_countries() {
    BalanceInput input;
    input.production = {100.0, 20.0, 0.0};
    input.use = {50.0, 30.0, 40.0};
    input.domestic = {-1.0, -1.0, -1.0};
    input.fixed.assign(3, std::vector<double>(3, -1.0));
    input.pull.assign(3, std::vector<double>(3, 1.0));
    return input;
}

void expect_balanced(const BalanceInput& input, const std::vector<std::vector<double>>& flows) {
    for (std::size_t i = 0; i < 3; ++i) {
        double out = 0.0;
        double in = 0.0;
        for (std::size_t j = 0; j < 3; ++j) {
            EXPECT_GE(flows[i][j], 0.0);
            out += flows[i][j];
            in += flows[j][i];
        }
        EXPECT_NEAR(out, input.production[i], 1e-9);
        EXPECT_NEAR(in, input.use[i], 1e-9);
    }
}

TEST(Balance, RowsAndColumnsAddUp) {
    const BalanceInput input = three_countries();
    const auto flows = balance_flows(input, 0.0);
    expect_balanced(input, flows);
    // Equal seeds: the entropy-closest table is the product of the margins.
    EXPECT_NEAR(flows[0][2], 100.0 * 40.0 / 120.0, 1e-9);
}

TEST(Balance, CloserPartnersTradeMore) {
    BalanceInput input = three_countries();
    input.pull[1][2] = 10.0;
    const auto flows = balance_flows(input, 0.0);
    expect_balanced(input, flows);
    EXPECT_GT(flows[1][2], 20.0 * 40.0 / 120.0);
}

TEST(Balance, ObservedFlowsHold) {
    BalanceInput input = three_countries();
    input.domestic[0] = 45.0;
    input.fixed[0][1] = 25.0;
    const auto flows = balance_flows(input, 0.0);
    expect_balanced(input, flows);
    EXPECT_NEAR(flows[0][0], 45.0, 0.1);
    EXPECT_NEAR(flows[0][1], 25.0, 0.1);
}

/// Where all output is sold at home no rounding error opens a lane.
TEST(Balance, OutputSoldAtHomeOpensNoLanes) {
    BalanceInput input = three_countries();
    input.production = {100.1, 20.0, 0.0};
    input.use = {std::nextafter(100.1, 200.0), 12.0, 8.0};  // equal but for rounding
    input.domestic[0] = input.production[0];
    const auto flows = balance_flows(input, 0.0);
    EXPECT_NEAR(flows[0][0], input.production[0], 1e-9);
    for (const std::size_t other : {1, 2}) {
        EXPECT_EQ(flows[0][other], 0.0);
        EXPECT_EQ(flows[other][0], 0.0);
    }
}

/// An observed flow that the quantities do not allow is cut; the table still balances.
TEST(Balance, ImpossibleObservationsAreCut) {
    BalanceInput input = three_countries();
    input.fixed[0][2] = 1000.0;
    expect_balanced(input, balance_flows(input, 0.0));
}

TEST(Balance, DustIsDropped) {
    BalanceInput input = three_countries();
    input.production = {100.0, 0.001, 20.0};
    input.use = {50.0, 30.0, 40.001};
    const auto flows = balance_flows(input, 0.01);
    int lanes = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        for (std::size_t j = 0; j < 3; ++j) {
            lanes += i != j && flows[i][j] > 0.0 ? 1 : 0;
        }
    }
    EXPECT_LE(lanes, 6);
    EXPECT_NEAR(std::accumulate(flows[0].begin(), flows[0].end(), 0.0), 100.0, 1e-6);
}

}  // namespace
}  // namespace ytterby

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>

#include "tests/laws/history.hpp"

namespace ytterby {
namespace {

constexpr const char* dysprosium = "dysprosium.refined";

/// P10: two months without shipments to one customer, with stocks in hand, leave prices elsewhere unchanged. Observed:
/// dysprosium FOB China flat for three months after September 2010.
TEST(Freeze, OfOneCustomerLeavesTheWorldPriceUnchanged) {
    const FinishedRun finished = run_config(
        "gallium_control.toml", {"run.ticks=14", "policy.gallium_licence.remove=true",
                                 "policy.freeze={kind=\"export_control\",form=\"ban\",actor=\"CHN\",goods=["
                                 "\"dysprosium.refined\"],partners=[\"JPN\"],start=\"2023-06\",end=\"2023-08\"}"});
    double world = 0.0;
    double japan = 0.0;
    for (std::size_t tick = 5; tick < 8; ++tick) {
        world = std::max(
            world, std::abs(finished.price(dysprosium, "DEU", tick) / finished.price(dysprosium, "DEU", 4) - 1.0));
        japan = std::max(japan, finished.price(dysprosium, "JPN", tick) / finished.price(dysprosium, "JPN", 4) - 1.0);
    }
    std::printf("freeze: outside Japan at most %.3f, in Japan at most %.2f, half a year later %.2f\n", world, japan,
                finished.price(dysprosium, "JPN", 13) / finished.price(dysprosium, "JPN", 4) - 1.0);
    EXPECT_LT(world, 0.1);
    EXPECT_LT(japan, 1.0);
    EXPECT_LT(std::abs(finished.price(dysprosium, "JPN", 13) / finished.price(dysprosium, "JPN", 4) - 1.0), 0.1);
}

/// P10: a quota cut by 40 % moves the price slowly while stocks last, then far. Observed: doubling 11 (6-15) months
/// after the cut of July 2010. (Traders look ahead: a cut that is believed to last is in the price at once. The quotas
/// of 2010 were set for half a year at a time, so that is how far they are believed.)
TEST(QuotaCut, MovesThePriceAsStocksRunDown) {
    const FinishedRun finished = run_config(
        "gallium_control.toml", {"run.ticks=30", "policy.gallium_licence.remove=true",
                                 "policy.quota={kind=\"export_control\",form=\"quota\",actor=\"CHN\",goods=["
                                 "\"dysprosium.refined\"],start=\"2023-07\",quota_t_per_year=128,expected_months=6}"});
    const auto multiple = [&](std::size_t month) {
        return finished.price(dysprosium, "JPN", 6 + month) / finished.price(dysprosium, "JPN", 5);
    };
    int doubled = -1;
    for (int month = 0; month < 24 && doubled < 0; ++month) {
        doubled = multiple(static_cast<std::size_t>(month)) >= 2.0 ? month : -1;
    }
    std::printf("quota cut: first month %.2f, third %.2f, doubled in month %d, month 12 %.2f, month 23 %.2f\n",
                multiple(0), multiple(2), doubled, multiple(12), multiple(23));
    EXPECT_LT(multiple(0), 1.1);
    EXPECT_LT(multiple(2), 1.4);
    EXPECT_GE(doubled, 6);
    EXPECT_LE(doubled, 15);
    EXPECT_LT(multiple(23), multiple(16)) << "and falls under an unchanged quota";
}

}  // namespace
}  // namespace ytterby

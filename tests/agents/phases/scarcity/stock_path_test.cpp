#include "agents/phases/scarcity/stock_path.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ytterby {
namespace {

/// Users who need 100 t a month, a mine that makes 60 t of it at any price, and 40 t that come over a wall.
struct Walled {
    FlowCurve mine;
    FlowCurve abroad;
    PathQuestion question;

    explicit Walled(double stock_months, double months, double open_share) {
        mine.quantity_t.assign(FlowCurve::points, 60.0);
        abroad.quantity_t.assign(FlowCurve::points, 1000.0);
        question.demand.need_t = 100.0;
        question.supply = &mine;
        question.output_t = 60.0;
        question.target_t = 300.0;
        question.stock_t = 100.0 * stock_months;
        question.other_supply = &abroad;
        question.other_output_t = 1000.0;
        for (const double step : path_months(months)) {
            question.steps.push_back({.months = step, .cap_in_t = 40.0 * open_share});
        }
    }
    double price(double discount = 0.01) const { return path_price(question, discount); }
};

TEST(StockPath, StepsAddUpToTheHorizon) {
    double sum = 0.0;
    for (const double months : path_months(60.0)) {
        sum += months;
    }
    EXPECT_DOUBLE_EQ(sum, 60.0);
    EXPECT_EQ(path_months(60.0).size(), 12 + 16);
    EXPECT_EQ(path_months(2.0).size(), 2);
}

TEST(StockPath, UsualFlowsAndStocksMeanTheTerminalPrice) { EXPECT_NEAR(Walled(3.0, 60.0, 1.0).price(), 1.0, 1e-6); }

TEST(StockPath, AClosedWallIsDearerTheLongerItLasts) {
    const double two = Walled(3.0, 2.0, 0.0).price();
    const double year = Walled(3.0, 12.0, 0.0).price();
    const double years = Walled(3.0, 60.0, 0.0).price();
    EXPECT_LT(two, 1.1);
    EXPECT_GT(year, 1.4 * two);
    EXPECT_GT(years, year);
}

TEST(StockPath, StockAndOpenSharesMakeItCheaper) {
    const double closed = Walled(3.0, 24.0, 0.0).price();
    EXPECT_LT(Walled(6.0, 24.0, 0.0).price(), closed);
    EXPECT_LT(Walled(3.0, 24.0, 0.5).price(), closed);
    EXPECT_GT(Walled(3.0, 24.0, 0.5).price(), 1.0);
}

TEST(StockPath, WhoDiscountsMoreHoldsLess) {
    const Walled walled(3.0, 24.0, 0.0);
    EXPECT_GT(walled.price(0.007), walled.price(0.015));
}

TEST(StockPath, StocksLastToTheEndAndNoMonthIsEmpty) {
    const Walled walled(3.0, 24.0, 0.0);
    const PathEnd end = path_end(walled.question, walled.price(), 0.01);
    EXPECT_GE(end.stock_t, 0.0);
    EXPECT_LT(end.stock_t, 0.2 * walled.question.target_t) << "all but the soft minimum is used";
    EXPECT_LT(end.log_adaptation, -0.05) << "users have adapted";
}

/// A surplus is used up while the price climbs back, so a discount of d lasts for a time like d and uses up like d^2.
TEST(StockPath, TheDiscountGrowsWithTheRootOfTheSurplus) {
    const auto discount = [](double surplus_months) { return 1.0 - Walled(3.0 + surplus_months, 60.0, 1.0).price(); };
    EXPECT_NEAR(discount(0.0), 0.0, 1e-6);
    for (const double surplus : {0.0001, 0.001}) {
        EXPECT_NEAR(discount(4.0 * surplus) / discount(surplus), 2.0, 0.15) << surplus;
    }
    EXPECT_LT(discount(0.0001), 0.01) << "no jump";
    EXPECT_GT(discount(0.5), 0.05) << "half a month too much lowers it";
}

TEST(StockPath, WhatIsMissingNowIsUseLessOutputAndImports) {
    const Walled walled(3.0, 24.0, 0.5);
    EXPECT_NEAR(missing_now(walled.question, 1.0), 100.0 - 60.0 - 20.0, 1e-9);
    EXPECT_NEAR(missing_now(walled.question, 2.0), 100.0 * std::pow(2.0, -0.1) - 80.0, 1e-9);
}

TEST(FlowCurve, IsReadOnALogarithmicScale) {
    FlowCurve curve;
    for (std::size_t point = 0; point < FlowCurve::points; ++point) {
        curve.quantity_t[point] = std::log(FlowCurve::multiple(point));
    }
    EXPECT_NEAR(curve.at_log(std::log(2.5)), std::log(2.5), 1e-12);
    EXPECT_NEAR(curve.at_log(-100.0), std::log(FlowCurve::lowest), 1e-12);
    EXPECT_NEAR(curve.at_log(100.0), std::log(FlowCurve::highest), 1e-12);
}

}  // namespace
}  // namespace ytterby

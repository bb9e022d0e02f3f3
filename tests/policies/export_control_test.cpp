#include <gtest/gtest.h>

#include <algorithm>

#include "tests/laws/history.hpp"

namespace ytterby {
namespace {

/// The verbs a scenario's policies say in each tick.
struct Said final : Observer {
    std::vector<std::vector<SaidVerb>> ticks;
    void on_tick(const TickReport& report) override { ticks.push_back(report.regime.said()); }
    const SaidVerb* find(std::size_t tick, const std::string& verb, const std::string& subject = "") const {
        for (const SaidVerb& said : ticks.at(tick)) {
            if (said.verb == verb && said.subject.find(subject) != std::string::npos) {
                return &said;
            }
        }
        return nullptr;
    }
};

Said listen(const std::string& policy, int ticks, std::vector<std::string> more = {}) {
    more.insert(more.end(), {"run.ticks=" + std::to_string(ticks), "population.firms=200", "policy.gallium_licence.remove=true", "policy.p=" + policy});
    const Scenario scenario = load_scenario(shipped("gallium_control.toml"), more);
    Simulation simulation = build_simulation(scenario);
    Said said;
    run(scenario, simulation, said);
    return said;
}

TEST(ExportControl, ABanClosesItsLanesBetweenItsDates) {
    const Said said = listen("{kind=\"export_control\",form=\"ban\",actor=\"CHN\",goods=[\"gallium\"],partners=[\"JPN\",\"EU27\"],exempt=[\"FRA\"],start=\"2023-03\",end=\"2023-06\"}", 7);
    EXPECT_EQ(said.find(1, "ban"), nullptr);
    for (std::size_t tick = 2; tick < 5; ++tick) {
        ASSERT_NE(said.find(tick, "ban"), nullptr);
        EXPECT_NE(said.find(tick, "ban")->subject.find("JPN"), std::string::npos);
        EXPECT_EQ(said.find(tick, "ban")->subject.find("FRA"), std::string::npos);
        EXPECT_EQ(said.find(tick, "ban")->policy, "p");
    }
    EXPECT_EQ(said.find(5, "ban"), nullptr);
}

TEST(ExportControl, ALicenceGrantsNothingBeforeItsFirstDecisionsThenRamps) {
    const Said said = listen("{kind=\"export_control\",form=\"licence\",actor=\"CHN\",goods=[\"gallium\"],start=\"2023-03\",approval_share=0.5,ramp_months=2}", 8);
    const auto ceiling = [&](std::size_t tick) { return said.find(tick, "cap", "CHN->JPN")->size; };
    EXPECT_EQ(said.find(1, "cap"), nullptr);
    EXPECT_EQ(ceiling(2), 0.0);
    EXPECT_EQ(ceiling(3), 0.0);   // 45 working days are two months
    const double first = ceiling(4);
    const double second = ceiling(5);
    EXPECT_GT(first, 0.0);
    // Applications of the first month at the origin's price equal the usual flow; half of them are granted, ramped in two steps.
    EXPECT_GT(second, 1.5 * first);
    EXPECT_LE(ceiling(7), 0.5 * 1.5 * (first / 0.25) * (1.0 + 1e-3)) << "at most approval x 1.5 x the usual flow";
}

TEST(ExportControl, ALicenceOlderThanTheRunHasDecisionsPending) {
    const Said said = listen("{kind=\"export_control\",form=\"licence\",actor=\"CHN\",goods=[\"gallium\"],approval_share=0.6666666666666666}", 2);
    const SaidVerb* cap = said.find(0, "cap", "CHN->JPN");
    ASSERT_NE(cap, nullptr);
    const Played calm = play("gallium_control.toml", {"run.ticks=1", "population.firms=200", "policy.gallium_licence.remove=true"});
    const GoodLanes& book = calm.simulation.economy.network.goods[calm.simulation.economy.good("gallium.refined").index()];
    for (const TradeLane& lane : book.lanes) {
        if (lane.origin == calm.simulation.economy.country("CHN") && lane.destination == calm.simulation.economy.country("JPN")) {
            EXPECT_NEAR(cap->size / lane.base_flow_t, 1.0, 1e-9) << "two thirds of one and a half usual flows";
        }
    }
}

TEST(ExportControl, AQuotaCarriesWithinTheYearAndStartsAfresh) {
    const Said said = listen("{kind=\"export_control\",form=\"quota\",actor=\"CHN\",goods=[\"gallium\"],start=\"2023-07\",quota_t_per_year=1e6}", 14);
    // Far from binding: released tonnes pile up to the end of the year, less what was shipped.
    const auto room = [&](std::size_t tick) { return said.find(tick, "shared_cap")->size; };
    EXPECT_EQ(said.find(5, "shared_cap"), nullptr);
    EXPECT_NEAR(room(6), 1e6 / 12.0, 1e-6);
    EXPECT_GT(room(11), 5.9 * 1e6 / 12.0);
    EXPECT_LT(room(11), 6.0 * 1e6 / 12.0) << "what was used is gone";
    EXPECT_NEAR(room(12), 1e6 / 12.0, 1e-6) << "a new year, a new ledger";
}

TEST(ExportControl, ADutyIsSaidAsADuty) {
    const Said said = listen("{kind=\"export_control\",form=\"duty\",actor=\"COD\",goods=[\"cobalt.ore\"],start=\"2023-02\",duty_share=0.1}", 3);
    EXPECT_EQ(said.find(0, "export_duty"), nullptr);
    EXPECT_EQ(said.find(1, "export_duty")->size, 0.1);
}

TEST(ExportControl, AnAnnouncementIsHeardUntilTheStart) {
    const Said said = listen("{kind=\"export_control\",form=\"ban\",actor=\"CHN\",goods=[\"gallium\"],announced=\"2023-02\",start=\"2023-05\"}", 6);
    EXPECT_EQ(said.find(0, "announce"), nullptr);
    for (std::size_t tick = 1; tick < 4; ++tick) {
        EXPECT_NE(said.find(tick, "announce"), nullptr) << tick;
    }
    EXPECT_EQ(said.find(4, "announce"), nullptr);
    EXPECT_NE(said.find(4, "ban"), nullptr);
}

TEST(ExportControl, WithoutLatchingAMeasureLapsesWithItsCondition) {
    const char* condition = "price(JPN, gallium.refined) > 500e3";
    const auto months = [&](const char* latch) {
        const Scenario scenario = load_scenario(shipped("gallium_control.toml"),
                                                {"run.ticks=30", "population.firms=200", "policy.gallium_licence.end=\"2023-12\"",
                                                 std::string("policy.p={kind=\"export_control\",form=\"duty\",actor=\"RUS\",goods=[\"gallium\"],duty_share=0.2,latch=") + latch + ",when=\"" + condition + "\"}"});
        Simulation simulation = build_simulation(scenario);
        Said said;
        run(scenario, simulation, said);
        int count = 0;
        for (std::size_t tick = 0; tick < 30; ++tick) {
            count += said.find(tick, "export_duty") != nullptr ? 1 : 0;
        }
        return std::pair(count, said.find(29, "export_duty") != nullptr);
    };
    const auto [latched, still] = months("true");
    const auto [lapsing, gone] = months("false");
    EXPECT_TRUE(still);
    EXPECT_FALSE(gone);
    EXPECT_GT(lapsing, 0);
    EXPECT_GT(latched, lapsing);
}

}  // namespace
}  // namespace ytterby

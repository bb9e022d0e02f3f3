#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>

#include "agents/phases/rents.hpp"
#include "tests/laws/history.hpp"

namespace ytterby {
namespace {

constexpr const char* refined_dysprosium = "dysprosium.refined";

std::string quota(const std::string& more) {
    return std::string(
               "policy.quota={kind=\"export_control\",form=\"quota\",actor=\"CHN\",goods=[\"dysprosium.refined\"],"
               "start=\"2023-07\",") +
           more + "}";
}

/// Utilisation and rent of a quota, month by month.
class QuotaRents final : public Observer {
public:
    void on_tick(const TickReport& report) override {
        double attributed = 0.0;
        for (const LicenceRent& rent :
             licence_rents(report.economy, report.regime.lanes(), report.deliveries, report.trades)) {
            if (rent.policy == "quota") {
                used.push_back(rent.used_share);
                rent_usd_per_t.push_back(rent.rent_usd_per_t());
                holder = rent.holder;
                attributed += rent.rent_usd;
            }
        }
        const GoodLanes& book = report.economy.network.goods[report.economy.good(refined_dysprosium).index()];
        double booked = 0.0;
        for (std::size_t number = 0; number < book.lanes.size(); ++number) {
            booked += report.trades.lanes[book.first_lane + number].rent_usd;
        }
        EXPECT_NEAR(attributed, booked, 1e-6 * std::max(1.0, booked)) << "every dollar of rent belongs to a policy";
    }
    std::vector<double> used, rent_usd_per_t;
    RentHolder holder = RentHolder::treasury;
};

/// A quota, set for half a year at a time, that binds for a year although users give way; then needs fall by 40 %.
/// Nothing is built: investors count the reserve rents of years in which a quota will be slack.
QuotaRents run_slack(const char* reserve_share, double* treasury = nullptr, const char* holder = "seller") {
    Scenario scenario = load_scenario(
        shipped("gallium_control.toml"),
        {"policy.gallium_licence.remove=true", "run.ticks=30", "run.check_laws=true", "outlook.investment=false",
         quota(std::string("quota_t_per_year=155,expected_months=6,reserve_share=") + reserve_share + ",rent_to=\"" +
               holder + "\"")});
    Outlook::Shock fall;
    fall.name = "fall";
    fall.kind = Outlook::Shock::Kind::demand_step;
    fall.goods = {id_at<GoodId>(static_cast<std::size_t>(
        std::find(scenario.names.goods.begin(), scenario.names.goods.end(), refined_dysprosium) -
        scenario.names.goods.begin()))};
    fall.share = -0.4;
    fall.start_tick = 18;
    fall.end_tick = 1000;
    scenario.resolved_shocks.push_back(fall);
    Simulation simulation = build_simulation(scenario);
    QuotaRents rents;
    run(scenario, simulation, rents);
    if (treasury != nullptr) {
        *treasury = simulation.world.treasury.at("licence_rent")[simulation.economy.country("CHN").index()];
    }
    return rents;
}

/// P3: a quota that is not used up still earns a rent, because holders of the rights ask for part of past rents.
/// Observed: exports 0.56 and 0.52 of the quotas of 2011 and 2012. Without a reserve rent a slack quota earns hardly
/// any.
TEST(QuotaRent, SurvivesSlack) {
    const QuotaRents asking = run_slack("0.8");
    const QuotaRents taking = run_slack("0");
    const std::size_t last = asking.used.size() - 1;  // June 2025
    std::printf(
        "slack quota: used %.2f at %.0f USD/t with a reserve rent; used %.2f at %.0f without; rent before the slack "
        "%.0f\n",
        asking.used[last], asking.rent_usd_per_t[last], taking.used[last], taking.rent_usd_per_t[last],
        asking.rent_usd_per_t[11]);
    ASSERT_EQ(asking.used.size(), 24U);
    EXPECT_GT(asking.rent_usd_per_t[11], 5e4) << "it binds in the first year";
    EXPECT_NEAR(asking.rent_usd_per_t[11] / taking.rent_usd_per_t[11], 1.0, 1e-6)
        << "a reserve below the scarcity rent changes nothing";
    EXPECT_LT(asking.used[last], 0.9);
    EXPECT_GT(asking.rent_usd_per_t[last], 0.1 * asking.rent_usd_per_t[11]);
    EXPECT_LT(taking.rent_usd_per_t[last], 0.25 * asking.rent_usd_per_t[last]);
    EXPECT_EQ(asking.holder, RentHolder::seller);
}

/// The rent goes to the holder that the policy names, reserve rents included.
TEST(QuotaRent, GoesToTheTreasuryWhereThePolicySaysSo) {
    double kept = 0.0;
    double taken = 0.0;
    run_slack("0.8", &kept);
    const QuotaRents rents = run_slack("0.8", &taken, "treasury");
    EXPECT_EQ(kept, 0.0);
    EXPECT_GT(taken, 1e5);
    EXPECT_EQ(rents.holder, RentHolder::treasury);
}

/// P3: after the end of a measure precautionary stocks are sold and the price falls below its path without the measure;
/// fear decays and exports return. A year after the end the price is at most half of the peak and at most 1.15 of the
/// undisturbed path.
TEST(Withdrawal, BringsABustAndThenCalm) {
    // Quotas were set for half a year at a time.
    const std::string measure = quota("quota_t_per_year=128,expected_months=6,end=\"2025-01\"");
    const FinishedRun finished =
        run_config("gallium_control.toml", {"run.ticks=48", "policy.gallium_licence.remove=true", measure});
    const FinishedRun calm = run_config("gallium_control.toml", {"run.ticks=48", "policy.gallium_licence.remove=true"});
    constexpr std::size_t end = 24;
    double peak = 0.0;
    double lowest = 1e300;
    for (std::size_t tick = 6; tick < 48; ++tick) {
        peak = std::max(peak, finished.price(refined_dysprosium, "JPN", tick));
        lowest = tick > end ? std::min(lowest, finished.price(refined_dysprosium, "JPN", tick)) : lowest;
    }
    const double undisturbed = calm.price(refined_dysprosium, "JPN", end + 12);
    const double after = finished.price(refined_dysprosium, "JPN", end + 12);
    const auto year_of_exports = [](const FinishedRun& run) {
        double sum = 0.0;
        for (std::size_t tick = end; tick < end + 12; ++tick) {
            sum += run.exports(refined_dysprosium, "CHN", tick);
        }
        return sum;
    };
    const double exports = year_of_exports(finished) / year_of_exports(calm);
    std::printf(
        "withdrawal: peak %.2f, a year after %.2f, lowest %.2f of the undisturbed price; exports of the first year "
        "%.2f, of the first month %.2f of usual; year-end two years on %.2f of the last under the quota\n",
        peak / undisturbed, after / undisturbed, lowest / undisturbed, exports,
        finished.exports(refined_dysprosium, "CHN", end) / calm.exports(refined_dysprosium, "CHN", end),
        finished.price(refined_dysprosium, "JPN", 47) / finished.price(refined_dysprosium, "JPN", 23));
    EXPECT_GT(peak, 2.0 * undisturbed);
    EXPECT_LE(after, 0.5 * peak);
    EXPECT_LE(after, 1.15 * undisturbed);
    EXPECT_LT(lowest, 0.95 * undisturbed) << "the bust";
    EXPECT_GT(exports, 0.8);
    EXPECT_LE(exports, 1.5);
    const std::size_t japan = finished.node(refined_dysprosium, "JPN");
    EXPECT_LT(finished.simulation.world.nodes.risk[japan], 0.05) << "fear has decayed";
}

/// Front-loading before a licence does not raise what it grants afterwards.
TEST(Licence, DoesNotRewardFrontLoading) {
    const auto granted = [](const char* announced) {
        const FinishedRun finished =
            run_config("gallium_control.toml",
                       {"run.ticks=20", std::string("policy.gallium_licence.announced=\"") + announced + "\"",
                        "policy.gallium_licence.start=\"2023-08-01\"", "policy.gallium_licence.approval_share=0.4"});
        return finished.exports("gallium.refined", "CHN", 19);
    };
    EXPECT_NEAR(granted("2023-02-01") / granted("2023-08-01"), 1.0, 1e-3);
}

}  // namespace
}  // namespace ytterby

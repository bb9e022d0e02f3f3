#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/laws/history.hpp"

namespace ytterby {
namespace {

constexpr const char* bilateral = "market.mechanism=\"bilateral\"";
constexpr const char* without_licence = "policy.gallium_licence.remove=true";
constexpr const char* no_ban = "policy.germanium_ban.remove=true";
/// No end of the licence was announced.
constexpr const char* licence_lasts = "policy.gallium_licence.expected_months=600";
/// Bargaining needs some traders on either side. With 1000 firms a country that makes much has twenty sellers and often
/// one buyer, who buys from them in large parts at rising prices while the small buyers abroad find the cheapest: they
/// then pay a tenth to a fifth less than the base price.
constexpr const char* many_firms = "population.firms=5000";

/// Mean use price of a good in a country over ticks [first, end), USD/t.
double mean_price(const FinishedRun& finished, const char* good, const char* country, std::size_t first,
                  std::size_t end) {
    double sum = 0.0;
    for (std::size_t tick = first; tick < end; ++tick) {
        sum += finished.price(good, country, tick);
    }
    return sum / static_cast<double>(end - first);
}

/// Mean flow over one lane, t per tick.
double mean_flow(const FinishedRun& finished, const char* good, const char* from, const char* to, std::size_t first,
                 std::size_t end) {
    double sum = 0.0;
    for (std::size_t tick = first; tick < end; ++tick) {
        sum += finished.flow(good, from, to, tick);
    }
    return sum / static_cast<double>(end - first);
}

/// Without shocks prices stay near those of the base year: the annual means of years 3 to 9 within a tenth. The laws
/// are checked in every month.
TEST(BilateralTrade, StaysNearTheBasePricesInACalmWorld) {
    const FinishedRun finished =
        run_config("gallium_control.toml", {bilateral, without_licence, many_firms, "run.ticks=120"});
    for (const char* good : {"gallium.refined", "cobalt.refined", "nickel.refined", "ndpr.refined", "terbium.refined",
                             "germanium.refined"}) {
        for (const char* country : {"CHN", "JPN", "USA", "DEU"}) {
            const double base = finished.simulation.economy.base_price[finished.node(good, country)];
            for (std::size_t year = 3; year < 10; ++year) {
                EXPECT_NEAR(mean_price(finished, good, country, 12 * year, 12 * year + 12) / base, 1.0, 0.1)
                    << good << " " << country << " year " << year;
            }
        }
    }
}

/// Mean price that all users of a good pay over ticks [first, end), by what they need, over that of the base date.
double paid_by_all(const FinishedRun& finished, const char* good, std::size_t first, std::size_t end) {
    const Economy& economy = finished.simulation.economy;
    double paid = 0.0;
    double base = 0.0;
    for (const Country& country : economy.countries) {
        const std::size_t node = finished.node(good, country.code.c_str());
        const double need = finished.simulation.world.nodes.need[node];
        paid += need > 0.0 ? need * mean_price(finished, good, country.code.c_str(), first, end) : 0.0;
        base += need > 0.0 ? need * economy.base_price[node] : 0.0;
    }
    return paid / base;
}

/// With more offers to choose from prices are lower, close to the competitive ones. Supply hardly moves, so what some
/// buyers leave goes to others for less: the mean over all users counts.
TEST(BilateralTrade, BuyersWhoAskMoreSellersPayLess) {
    const auto paid = [](const char* sample) {
        const FinishedRun finished =
            run_config("gallium_control.toml", {bilateral, without_licence, many_firms, "run.ticks=24",
                                                std::string("market.bilateral.sample_size=") + sample});
        double sum = 0.0;
        for (const char* good :
             {"cobalt.refined", "ndpr.refined", "terbium.refined", "germanium.refined", "yttrium.refined"}) {
            sum += paid_by_all(finished, good, 12, 24) / 5.0;
        }
        return sum;
    };
    const double two = paid("2");
    const double twelve = paid("12");
    EXPECT_GT(two, 1.01 * twelve);
    EXPECT_NEAR(twelve, 1.0, 0.08);
}

/// A ban on one lane: other origins deliver more to the banned buyers, and the origin more to others, since its
/// licences pass on what the closed lane leaves. So the world outside has nearly as much as before: the banned pay
/// a little more, others less than they, and the price falls at the origin. (In the competitive market the banned pay
/// 7 % more in the first year and 8 % in the second, and the price at the origin falls by 2 %.)
TEST(BilateralTrade, ABanDivertsTradeAndCostsTheBannedMost) {
    const char* good = "germanium.refined";
    const FinishedRun banned = run_config("bilateral_ban.toml", {many_firms});
    const FinishedRun open = run_config("bilateral_ban.toml", {many_firms, no_ban});
    const std::size_t start = 11;  // December 2024
    for (std::size_t tick = 0; tick < start; ++tick) {
        ASSERT_EQ(banned.price(good, "USA", tick), open.price(good, "USA", tick));
    }
    EXPECT_GT(mean_flow(open, good, "CHN", "USA", 12, 24), 0.4);
    EXPECT_EQ(mean_flow(banned, good, "CHN", "USA", 12, 24), 0.0);
    for (const char* origin : {"BEL", "CAN"}) {
        EXPECT_GT(mean_flow(banned, good, origin, "USA", 12, 24), 1.1 * mean_flow(open, good, origin, "USA", 12, 24))
            << origin;
    }
    const auto rise = [&](const char* country, std::size_t first) {
        return mean_price(banned, good, country, first, first + 12) /
                   mean_price(open, good, country, first, first + 12) -
               1.0;
    };
    EXPECT_GT(rise("USA", 12), 0.05);
    EXPECT_GT(rise("USA", 24), 0.05);
    for (const char* other : {"JPN", "KOR", "DEU"}) {
        for (const std::size_t first : {12U, 24U}) {
            EXPECT_GT(rise("USA", first), rise(other, first)) << other << " from tick " << first;
        }
        EXPECT_GT(mean_flow(banned, good, "CHN", other, 12, 24), 1.05 * mean_flow(open, good, "CHN", other, 12, 24))
            << other;
    }
    EXPECT_LT(rise("CHN", 12), -0.03);
}

/// A licence that rations exports opens a gap between outside and inside; without it there is none.
TEST(BilateralTrade, ALicenceOpensAPriceGap) {
    const auto gap = [](const std::vector<std::string>& more) {
        std::vector<std::string> overrides = {bilateral, many_firms, "run.ticks=16"};
        overrides.insert(overrides.end(), more.begin(), more.end());
        const FinishedRun finished = run_config("gallium_control.toml", overrides);
        return mean_price(finished, "gallium.refined", "JPN", 10, 16) /
               mean_price(finished, "gallium.refined", "CHN", 10, 16);
    };
    EXPECT_GT(gap({licence_lasts}), 1.4);
    EXPECT_LT(gap({without_licence}), 1.1);
}

/// Enough firms for several blocks, a licence, and a quota that couples goods; the laws are checked.
std::string bilateral_digest(std::vector<std::string> more) {
    std::vector<std::string> overrides = {
        bilateral, "population.firms=6000", "noise.demand_noise=0.02", "run.check_laws=true",
        "policy.quota={kind=\"export_control\",form=\"quota\",actor=\"CHN\",goods=[\"lanthanum.refined\",\"cerium."
        "refined\"],start=\"2023-04\",quota_t_per_year=12000}"};
    overrides.insert(overrides.end(), more.begin(), more.end());
    const Scenario scenario = load_scenario(shipped("gallium_control.toml"), overrides);
    Simulation simulation = build_simulation(scenario);
    NoObserver none;
    return run(scenario, simulation, none).digest;
}

TEST(BilateralTrade, SameBitsOnAnyNumberOfThreads) {
    const std::string one = bilateral_digest({"run.ticks=10", "run.threads=1"});
    for (const char* threads : {"2", "5"}) {
        EXPECT_EQ(bilateral_digest({"run.ticks=10", std::string("run.threads=") + threads}), one) << threads;
    }
    EXPECT_NE(bilateral_digest({"run.ticks=10", "run.seed=2"}), one);
}

TEST(BilateralTrade, LawsHoldInWeeksToo) {
    EXPECT_FALSE(bilateral_digest({"run.tick=\"week\"", "run.ticks=40"}).empty());
}

}  // namespace
}  // namespace ytterby

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "tests/laws/history.hpp"

namespace ytterby {
namespace {

constexpr std::size_t months_after = 60;

std::vector<std::string> freeze(const std::string& good, const char* end, std::size_t ticks) {
    return {"policy.gallium_licence.remove=true", "run.ticks=" + std::to_string(ticks),
            "policy.freeze={kind=\"export_control\",form=\"ban\",actor=\"CHN\",goods=[\"" + good +
                "\"],start=\"2023-06\",end=\"" + end + "\"}"};
}

struct Shock {
    const char* good;
    const char* end;
    int months;
    std::vector<std::string> fixed{};  // overrides that keep something constant
};

/// Dysprosium's plants follow neodymium's, so a glut is worked off by use alone. With intensity that responds over
/// years prices swing to +16 % in the fifth year and back; with fixed products they return.
const std::vector<std::string> products_fixed = {"substitution.fastest_per_year=0"};

class TemporaryFreeze : public ::testing::TestWithParam<Shock> {};

/// Five years after a freeze of any length prices are within 10 % of the path without it, and swings do not grow: fear
/// must not amplify itself (docs/model.md, section 7.5).
TEST_P(TemporaryFreeze, PricesReturnWithinFiveYears) {
    const Shock shock = GetParam();
    const std::size_t end = 5 + static_cast<std::size_t>(shock.months);
    const std::size_t ticks = end + months_after + 24;
    const auto with_fixed = [&](std::vector<std::string> overrides) {
        overrides.insert(overrides.end(), shock.fixed.begin(), shock.fixed.end());
        return overrides;
    };
    const FinishedRun shocked = run_config("gallium_control.toml", with_fixed(freeze(shock.good, shock.end, ticks)));
    const FinishedRun calm =
        run_config("gallium_control.toml",
                   with_fixed({"policy.gallium_licence.remove=true", "run.ticks=" + std::to_string(ticks)}));
    double felt = 0.0;
    for (const char* country : {"CHN", "JPN", "USA", "DEU", "KOR"}) {
        const auto gap = [&](std::size_t tick) {
            return shocked.price(shock.good, country, tick) / calm.price(shock.good, country, tick) - 1.0;
        };
        for (std::size_t tick = end + months_after; tick < ticks; ++tick) {
            EXPECT_LT(std::abs(gap(tick)), 0.10) << country << " tick " << tick;
        }
        double early = 0.0;
        double late = 0.0;
        for (std::size_t tick = end + 6; tick < end + 30; ++tick) {
            early = std::max(early, std::abs(gap(tick)));
        }
        for (std::size_t tick = ticks - 24; tick < ticks; ++tick) {
            late = std::max(late, std::abs(gap(tick)));
        }
        EXPECT_LT(late, std::max(0.01, 0.9 * early)) << country << ": the swings do not grow";
        felt = std::max(felt, gap(end - 1));
    }
    EXPECT_GT(felt, 0.10) << "the freeze was felt outside";
}

INSTANTIATE_TEST_SUITE_P(Lengths, TemporaryFreeze,
                         ::testing::Values(Shock{"gallium.refined", "2023-08", 2},
                                           Shock{"gallium.refined", "2023-12", 6},
                                           Shock{"gallium.refined", "2024-06", 12},
                                           Shock{"gallium.refined", "2026-06", 36},
                                           Shock{"dysprosium.refined", "2023-08", 2},
                                           Shock{"dysprosium.refined", "2024-06", 12, products_fixed},
                                           Shock{"ndpr.refined", "2024-06", 12}, Shock{"cerium.refined", "2023-12", 6}),
                         [](const auto& info) {
                             std::string name = info.param.good;
                             name = name.substr(0, name.find('.'));
                             return name + std::to_string(info.param.months) + "Months";
                         });

/// P10: with stocks in hand the first month of a freeze moves prices little; most of the rise comes as stocks run down.
TEST(Freeze, MovesLittleWhileStocksLast) {
    const FinishedRun finished = run_config("gallium_control.toml", freeze("dysprosium.refined", "2023-12", 12));
    const double before = finished.price("dysprosium.refined", "JPN", 4);
    const double first = finished.price("dysprosium.refined", "JPN", 5) / before;
    const double sixth = finished.price("dysprosium.refined", "JPN", 10) / before;
    EXPECT_LT(first, 1.30);
    EXPECT_GT(sixth, 2.0);
    EXPECT_GT(sixth - 1.0, 4.0 * (first - 1.0)) << "most of the rise comes once stocks run down";
    // Without the freeze prices do not move.
    const FinishedRun calm = run_config("gallium_control.toml", {"policy.gallium_licence.remove=true", "run.ticks=12"});
    EXPECT_NEAR(calm.price("dysprosium.refined", "JPN", 10) / calm.price("dysprosium.refined", "JPN", 4), 1.0, 1e-4);
}

/// With half the stocks the same freeze moves prices sooner: stocks dampen it.
TEST(Freeze, BitesSoonerWithoutStocks) {
    const auto first_month = [](double stocks) {
        Scenario scenario = load_scenario(shipped("gallium_control.toml"), freeze("dysprosium.refined", "2023-12", 6));
        for (auto& [key, months] : scenario.data.cover_months) {
            months *= stocks;
        }
        Simulation simulation = build_simulation(scenario);
        History history;
        run(scenario, simulation, history);
        const std::size_t node =
            simulation.economy.network
                .node(simulation.economy.good("dysprosium.refined"), simulation.economy.country("JPN"))
                .index();
        return history.use_price[5][node] / history.use_price[4][node];
    };
    EXPECT_GT(first_month(0.5) - 1.0, 1.5 * (first_month(1.0) - 1.0));
}

/// The length of a tick is a matter of resolution: behaviour is stated per month. With the same licence Germany's mean
/// gallium price in autumn is in weeks within a quarter of that in months.
TEST(TickLength, WeeksAgreeWithMonths) {
    const auto autumn = [](const char* length, const char* ticks) {
        const FinishedRun finished = run_config(
            "gallium_control.toml", {std::string("run.tick=\"") + length + "\"", std::string("run.ticks=") + ticks,
                                     "policy.gallium_licence.ramp_months=3"});
        double sum = 0.0;
        int count = 0;
        for (std::size_t tick = 0; tick < finished.history.use_price.size(); ++tick) {
            const Date date = finished.scenario.calendar.date_of(static_cast<std::int64_t>(tick));
            if (date.year == 2023 && date.month >= 9 && date.month <= 11) {
                sum += finished.price("gallium.refined", "DEU", tick);
                ++count;
            }
        }
        return sum / count;
    };
    const double months = autumn("month", "12");
    const double weeks = autumn("week", "52");
    EXPECT_NEAR(weeks / months, 1.0, 0.25) << weeks << " against " << months;
}

}  // namespace
}  // namespace ytterby

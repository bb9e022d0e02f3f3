#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "tests/laws/history.hpp"

namespace ytterby {
namespace {

constexpr std::size_t months_after = 60;

/// A freeze that traders expect to last for `believed` months more, as long as it lasts.
std::vector<std::string> freeze(const std::string& good, const char* end, std::size_t ticks, int believed = 12) {
    return {"policy.gallium_licence.remove=true", "run.ticks=" + std::to_string(ticks),
            "policy.freeze={kind=\"export_control\",form=\"ban\",actor=\"CHN\",goods=[\"" + good +
                "\"],start=\"2023-06\",end=\"" + end + "\",expected_months=" + std::to_string(believed) + "}"};
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
/// Investors count money: what a year or more of freeze lets others build lasts for its lifetime (the test below it).
/// Fear and stocks return where nothing is built.
const std::vector<std::string> plants_fixed = {"outlook.investment=false"};

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

INSTANTIATE_TEST_SUITE_P(
    Lengths, TemporaryFreeze,
    ::testing::Values(Shock{"gallium.refined", "2023-08", 2}, Shock{"gallium.refined", "2023-12", 6},
                      Shock{"gallium.refined", "2024-06", 12, plants_fixed},
                      Shock{"gallium.refined", "2026-06", 36, plants_fixed}, Shock{"dysprosium.refined", "2023-08", 2},
                      Shock{"dysprosium.refined", "2024-06", 12, products_fixed},
                      Shock{"ndpr.refined", "2024-06", 12, plants_fixed}, Shock{"cerium.refined", "2023-12", 6}),
    [](const auto& info) {
        std::string name = info.param.good;
        name = name.substr(0, name.find('.'));
        return name + std::to_string(info.param.months) + "Months";
    });

/// Three years without Chinese gallium let others build. Plants that stand run as long as they earn what stops with
/// them: five to seven years after the end the price is below the path without the freeze, and never below what half of
/// the plants need to go on (assumed avoidable cost: half of the base price).
TEST(LongFreeze, LeavesPlantsThatKeepThePriceLow) {
    const std::size_t end = 41;
    const std::size_t ticks = end + months_after + 24;
    const FinishedRun shocked = run_config("gallium_control.toml", freeze("gallium.refined", "2026-06", ticks));
    const FinishedRun calm = run_config("gallium_control.toml",
                                        {"policy.gallium_licence.remove=true", "run.ticks=" + std::to_string(ticks)});
    for (const char* country : {"CHN", "JPN", "USA", "DEU", "KOR"}) {
        for (std::size_t tick = end + months_after; tick < ticks; ++tick) {
            const double price =
                shocked.price("gallium.refined", country, tick) / calm.price("gallium.refined", country, tick);
            EXPECT_LT(price, 0.95) << country << " tick " << tick;
            EXPECT_GT(price, 0.50) << country << " tick " << tick;
        }
    }
}

constexpr const char* dysprosium = "dysprosium.refined";

/// Stocks of dysprosium outside China at the end of a tick, t.
double stock_outside(const FinishedRun& finished, std::size_t tick) {
    const Economy& economy = finished.simulation.economy;
    double sum = 0.0;
    for (std::size_t country = 0; country < economy.countries.size(); ++country) {
        if (id_at<CountryId>(country) != economy.country("CHN")) {
            const NodeId node = economy.network.node(economy.good(dysprosium), id_at<CountryId>(country));
            sum += finished.history.stock[tick][node.index()];
        }
    }
    return sum;
}

/// P10, restated: holders look ahead, so the price of a freeze of six months that is known to last so long moves at the
/// news, not when stocks have run down; from the second month on it hardly rises, and stocks are spread over the
/// freeze.
TEST(Freeze, MovesThePriceAtTheNewsAndSpreadsStocks) {
    const FinishedRun finished = run_config("gallium_control.toml", freeze(dysprosium, "2023-12", 12, 6));
    const auto price = [&](std::size_t tick) { return finished.price(dysprosium, "JPN", tick); };
    const double before = price(4);
    double peak = 0.0;
    for (std::size_t tick = 5; tick <= 10; ++tick) {
        peak = std::max(peak, price(tick));
    }
    EXPECT_GT(peak, 2.0 * before);
    EXPECT_GT(std::log(price(5) / before), 0.6 * std::log(peak / before)) << "most of the rise comes with the news";
    for (std::size_t tick = 7; tick <= 10; ++tick) {
        EXPECT_LT(price(tick), 1.08 * price(tick - 1)) << "no stock earns more than that in a month, tick " << tick;
    }
    const double usual = stock_outside(finished, 4);
    EXPECT_GT(stock_outside(finished, 7), 0.35 * usual) << "after half of the freeze";
    EXPECT_LT(stock_outside(finished, 10), 0.25 * usual) << "and at its end";
    EXPECT_GT(stock_outside(finished, 10), 0.02 * usual);
    // Without the freeze prices do not move.
    const FinishedRun calm = run_config("gallium_control.toml", {"policy.gallium_licence.remove=true", "run.ticks=12"});
    EXPECT_NEAR(calm.price(dysprosium, "JPN", 10) / calm.price(dysprosium, "JPN", 4), 1.0, 1e-4);
}

/// P10: a freeze that is known to be shorter than stocks last moves prices little.
TEST(Freeze, MovesLittleWhereStocksOutlastIt) {
    const FinishedRun finished = run_config("gallium_control.toml", freeze(dysprosium, "2023-08", 12, 2));
    for (std::size_t tick = 5; tick < 12; ++tick) {
        EXPECT_LT(finished.price(dysprosium, "JPN", tick), 1.30 * finished.price(dysprosium, "JPN", 4)) << tick;
    }
    EXPECT_GT(finished.price(dysprosium, "JPN", 5), 1.02 * finished.price(dysprosium, "JPN", 4)) << "it is felt";
}

/// With half the stocks the same short freeze moves prices sooner: stocks dampen it. (One believed to last for a year
/// exhausts either stock, and moves the price at once to where uses drop out.)
TEST(Freeze, BitesSoonerWithoutStocks) {
    const auto first_month = [](double stocks) {
        Scenario scenario = load_scenario(shipped("gallium_control.toml"), freeze(dysprosium, "2023-08", 6, 2));
        for (auto& [key, months] : scenario.data.cover_months) {
            months *= stocks;
        }
        Simulation simulation = build_simulation(scenario);
        History history;
        run(scenario, simulation, history);
        const std::size_t node =
            simulation.economy.network.node(simulation.economy.good(dysprosium), simulation.economy.country("JPN"))
                .index();
        return history.use_price[5][node] / history.use_price[4][node];
    };
    EXPECT_GT(first_month(0.5) - 1.0, 1.5 * (first_month(1.0) - 1.0));
}

/// The length of a tick is a matter of resolution: behaviour is stated per month. With the same licence Germany's mean
/// gallium price in autumn is in weeks within a quarter of that in months. (Traders expect the licence to last: no end
/// was announced.)
TEST(TickLength, WeeksAgreeWithMonths) {
    const auto autumn = [](const char* length, const char* ticks) {
        const FinishedRun finished =
            run_config("gallium_control.toml",
                       {std::string("run.tick=\"") + length + "\"", std::string("run.ticks=") + ticks,
                        "policy.gallium_licence.ramp_months=3", "policy.gallium_licence.expected_months=600"});
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

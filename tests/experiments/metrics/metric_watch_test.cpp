#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "experiments/metrics/metric.hpp"
#include "simulation/run.hpp"

namespace ytterby {
namespace {

constexpr std::int64_t ticks = 3;

/// Monthly world output of gallium, and what the United States pay for it, computed by hand.
class ByHand final : public Observer {
public:
    explicit ByHand(MetricWatch& watch) : watch_(watch) {}
    void on_tick(const TickReport& report) override {
        const GoodId gallium = report.economy.good("gallium.refined");
        double made = 0.0;
        for (std::size_t country = 0; country < report.economy.countries.size(); ++country) {
            made +=
                report.world.nodes.production[report.economy.network.node(gallium, id_at<CountryId>(country)).index()];
        }
        const std::size_t usa = report.economy.network.node(gallium, report.economy.country("USA")).index();
        output.push_back(made);
        price.push_back(report.world.nodes.use_price[usa]);
        reliance.push_back(1.0 - report.world.nodes.production[usa] / report.world.nodes.consumption[usa]);
        watch_.on_tick(report);
    }
    std::vector<double> output, price, reliance;

private:
    MetricWatch& watch_;
};

/// Gallium for three months in which the licence shuts China's exports, watched by some metrics.
struct Watched {
    Scenario scenario = load_scenario(
        std::string(YTTERBY_SOURCE_DIR) + "/configs/gallium_control.toml",
        {"run.start=2023-08", "run.ticks=" + std::to_string(ticks), "population.firms=100", "noise.demand_noise=0.03"});
    Simulation simulation = build_simulation(scenario);
    std::vector<double> values;
    std::unique_ptr<ByHand> hand;

    Metric metric(const std::string& of, const std::string& take, const std::string& country,
                  const std::string& over = "") const {
        MetricKeys keys;
        keys.name = "x";
        keys.of = of;
        keys.take = take;
        keys.over = over;
        keys.goods.words = {"gallium.refined"};
        if (!country.empty()) {
            keys.countries.words = {country};
        }
        Problems problems;
        Metric made = resolve(keys, scenario, problems);
        EXPECT_TRUE(problems.empty()) << problems.render();
        return made;
    }
    void run_with(const std::vector<Metric>& metrics) {
        MetricWatch watch(metrics, simulation.economy, *simulation.base);
        for (const double value : watch.values()) {
            EXPECT_TRUE(std::isnan(value)) << "no tick yet";
        }
        hand = std::make_unique<ByHand>(watch);
        run(scenario, simulation, *hand);
        values = watch.values();
    }
};

TEST(MetricWatch, TakesWhatTheTicksShow) {
    Watched seen;
    seen.run_with({seen.metric("price", "mean", "USA"), seen.metric("price", "max", "USA"),
                   seen.metric("price", "min", "USA"), seen.metric("price", "first", "USA"),
                   seen.metric("price", "last", "USA"), seen.metric("output_t", "sum", ""),
                   seen.metric("import_reliance", "last", "USA")});
    const std::vector<double>& price = seen.hand->price;
    ASSERT_EQ(price.size(), static_cast<std::size_t>(ticks));
    ASSERT_NE(price.front(), price.back());
    EXPECT_NEAR(seen.values[0], (price[0] + price[1] + price[2]) / 3.0, 1e-9 * price[0]);
    EXPECT_NEAR(seen.values[1], *std::max_element(price.begin(), price.end()), 1e-9 * price[0]);
    EXPECT_NEAR(seen.values[2], *std::min_element(price.begin(), price.end()), 1e-9 * price[0]);
    EXPECT_NEAR(seen.values[3], price.front(), 1e-9 * price[0]);
    EXPECT_NEAR(seen.values[4], price.back(), 1e-9 * price[0]);
    EXPECT_NEAR(seen.values[5], seen.hand->output[0] + seen.hand->output[1] + seen.hand->output[2],
                1e-9 * seen.values[5]);
    EXPECT_NEAR(seen.values[6], seen.hand->reliance.back(), 1e-9);
}

TEST(MetricWatch, LooksOnlyAtItsTime) {
    Watched seen;
    Metric never = seen.metric("price", "mean", "USA");
    never.first_tick = never.last_tick = ticks;
    seen.run_with({seen.metric("price", "mean", "USA", "2023-09"),
                   seen.metric("price", "mean", "USA", "2023-09..2023-10"), never});
    EXPECT_NEAR(seen.values[0], seen.hand->price[1], 1e-9 * seen.values[0]);
    EXPECT_NEAR(seen.values[1], (seen.hand->price[1] + seen.hand->price[2]) / 2.0, 1e-9 * seen.values[0]);
    EXPECT_TRUE(std::isnan(seen.values[2]));
}

TEST(MetricWatch, WorldSumsAreSumsOfCountries) {
    Watched seen;
    seen.run_with({seen.metric("use_t", "sum", ""), seen.metric("output_share", "last", "CHN"),
                   seen.metric("output_hhi", "last", ""), seen.metric("imports_t", "sum", ""),
                   seen.metric("exports_t", "sum", "")});
    EXPECT_GT(seen.values[0], 0.0);
    EXPECT_GT(seen.values[1], 0.9) << "China makes nearly all gallium";
    EXPECT_NEAR(seen.values[2], seen.values[1] * seen.values[1], 0.02);
    EXPECT_NEAR(seen.values[3], seen.values[4], 1e-6 * seen.values[3]) << "what is imported was exported";
}

}  // namespace
}  // namespace ytterby

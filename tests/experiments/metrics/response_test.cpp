#include "experiments/metrics/response.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "simulation/run.hpp"

namespace ytterby {
namespace {

/// A path with given deviations of every series, per cent, from levels of 100.
ResponsePath made_path(const std::vector<double>& price, const std::vector<double>& quantity) {
    ResponsePath path{};
    for (std::size_t tick = 0; tick < price.size(); ++tick) {
        path.dates.push_back("2030-" + std::to_string(tick + 10));
        for (std::size_t which = 0; which < response_count; ++which) {
            const double percent =
                which <= static_cast<std::size_t>(Response::price_outside) ? price[tick] : quantity[tick];
            path.with[which].push_back(100.0 + percent);
            path.without[which].push_back(100.0);
            path.deviation[which].push_back(percent);
        }
    }
    return path;
}

const ResponsePeak& peak_of(const ResponseSummary& summary, Response response) {
    return summary.peaks[static_cast<std::size_t>(response)];
}

TEST(ResponseSummary, FindsPeakAndReturn) {
    const ResponseSummary summary =
        summarise(made_path({0, 0, 5, 40, -60, 9, 11, 3, 1, -1}, {0, 0, -1, -1, -1, -1, -1, -1, -1, -1}), 4.0);
    ASSERT_TRUE(summary.is_response);
    EXPECT_EQ(summary.begins, 2U);
    EXPECT_EQ(peak_of(summary, Response::price_world).percent, -60.0);
    EXPECT_EQ(peak_of(summary, Response::price_world).tick, 4U);
    EXPECT_EQ(peak_of(summary, Response::price_world).ticks_to_10, 5)
        << "11 % in the seventh month is the last beyond 10 %";
    EXPECT_EQ(peak_of(summary, Response::price_world).ticks_to_2, 6);
    EXPECT_EQ(peak_of(summary, Response::output_world).ticks_to_2, 0) << "never beyond 2 %";
    EXPECT_EQ(summary.ticks_averaged, 4U);
    EXPECT_NEAR(summary.first_year[0], (5.0 + 40.0 - 60.0 + 9.0) / 4.0, 1e-12);
    EXPECT_NEAR(summary.price_on_output, 1.5, 1e-9) << "-1.5 % of price on -1 % of output";
}

TEST(ResponseSummary, SaysWhenTheWorldIsNotBack) {
    const ResponseSummary summary = summarise(made_path({0, 30, 30, 30}, {0, 0, 0, 0}), 12.0);
    EXPECT_EQ(peak_of(summary, Response::price_inside).ticks_to_10, -1);
    EXPECT_EQ(peak_of(summary, Response::use_world).ticks_to_10, 0);
    EXPECT_TRUE(std::isnan(summary.price_on_output)) << "supply does not move";
    EXPECT_FALSE(summarise(made_path({0, 0.01}, {0, 0}), 12.0).is_response);
}

TEST(Response, ToTheGalliumLicenceDiffersInsideAndOutside) {
    const auto run_scenario = [](std::vector<std::string> more) {
        more.emplace_back("run.ticks=12");
        Scenario scenario = load_scenario(YTTERBY_SOURCE_DIR "/configs/gallium_control.toml", more);
        Simulation simulation = build_simulation(scenario);
        NodeHistory history;
        run(scenario, simulation, history);
        return std::pair{std::move(simulation), std::move(history)};
    };
    const auto [simulation, with] = run_scenario({});
    const auto [same, without] = run_scenario({"policy.gallium_licence.remove=true"});
    const Economy& economy = simulation.economy;
    const GoodId gallium = economy.good("gallium.refined");
    const ResponsePath path =
        follow_response(economy, *simulation.base, with, without, gallium, economy.country("CHN"));
    EXPECT_EQ(path.dates.front(), "2023-01");
    const ResponseSummary summary = summarise(path, economy.ticks_per_year);
    ASSERT_TRUE(summary.is_response);
    EXPECT_EQ(path.dates[summary.begins], "2023-07")
        << "announced in July: nothing moves before, under common random numbers";
    EXPECT_GT(peak_of(summary, Response::price_outside).percent, 40.0);
    EXPECT_LT(std::abs(peak_of(summary, Response::price_inside).percent), 20.0);
    EXPECT_LT(peak_of(summary, Response::use_outside).percent, 0.0);
    EXPECT_EQ(most_moved(economy, *simulation.base, with, without,
                         {economy.good("nickel.refined"), gallium, economy.good("cobalt.ore")}),
              gallium);
    const ResponsePath nothing =
        follow_response(economy, *simulation.base, without, without, gallium, economy.country("CHN"));
    EXPECT_FALSE(summarise(nothing, economy.ticks_per_year).is_response);
}

}  // namespace
}  // namespace ytterby

#include "report/patterns/patterns.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "report/patterns/report.hpp"
#include "simulation/run.hpp"

namespace ytterby {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// The shipped world at rest, run for some months; its tables may be copied and added to first.
class PatternsTest : public testing::Test {
protected:
    void SetUp() override {
        folder_ = fs::path(testing::TempDir()) /
                  ("patterns_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
        fs::remove_all(folder_);
        fs::create_directories(folder_);
    }
    void TearDown() override { fs::remove_all(folder_); }

    fs::path copy_data() const {
        fs::copy(fs::path(YTTERBY_SOURCE_DIR) / "configs/data", folder_ / "data", fs::copy_options::recursive);
        return folder_ / "data";
    }
    static void write(const fs::path& file, const std::string& text) { std::ofstream(file, std::ios::binary) << text; }

    struct FinishedRun {
        Scenario scenario;
        Simulation simulation;
        Patterns patterns;
        LastYear year;
    };
    static FinishedRun run_config(std::vector<std::string> overrides) {
        Scenario scenario = load_scenario(YTTERBY_SOURCE_DIR "/configs/stationary.toml", overrides);
        Simulation simulation = build_simulation(scenario);
        PatternWatch watch(simulation.economy, simulation.economy.country("USA"));
        run(scenario, simulation, watch);
        Patterns patterns = find_patterns(scenario, simulation, watch);
        LastYear year = watch.last_year();
        return {std::move(scenario), std::move(simulation), std::move(patterns), std::move(year)};
    }
    static std::string problems_of(const std::vector<std::string>& overrides) {
        try {
            load_scenario(YTTERBY_SOURCE_DIR "/configs/stationary.toml", overrides);
        } catch (const InputError& error) {
            return error.what();
        }
        return "";
    }

    fs::path folder_;
};

TEST_F(PatternsTest, AddUpAndAgreeWithTheInputs) {
    const FinishedRun finished = run_config({"run.ticks=12"});
    const Patterns& patterns = finished.patterns;
    EXPECT_EQ(patterns.ticks, 12);
    ASSERT_EQ(patterns.supply.size(), finished.simulation.economy.goods.size());
    for (const SupplyPattern& supply : patterns.supply) {
        double model = 0.0;
        double data = 0.0;
        for (const SharePair& supplier : supply.suppliers) {
            model += supplier.model;
            data += supplier.data;
        }
        EXPECT_NEAR(model, 100.0, 1e-9) << supply.good;
        EXPECT_NEAR(data, 100.0, 1e-9) << supply.good;
        EXPECT_EQ(supply.model_first, supply.data_first) << supply.good;
        EXPECT_NEAR(supply.model_concentration, supply.data_concentration, 0.02)
            << supply.good << ": the concentration of the base year is an input";
        EXPECT_NEAR(supply.model_output_t / supply.data_output_t, 1.0, 0.03) << supply.good;
        EXPECT_GE(supply.model_concentration, 1.0 / static_cast<double>(supply.suppliers.size()) - 1e-12);
    }
    EXPECT_GE(patterns.reliance.size(), 5U);
    EXPECT_GE(patterns.sources.size(), 6U);
    EXPECT_GE(patterns.sources_pairs, 20U);
    EXPECT_GT(patterns.sources_rank_agreement, 0.4);
    EXPECT_LT(patterns.sources_mean_miss, 20.0);
    for (const ImportSources& sources : patterns.sources) {
        double sum = 0.0;
        for (const SharePair& origin : sources.origins) {
            sum += origin.model;
        }
        EXPECT_NEAR(sum, 100.0, 1e-9) << sources.good;
    }
}

TEST_F(PatternsTest, DistanceElasticityIsTheOneOfTheFlows) {
    FinishedRun finished = run_config({"run.ticks=1"});
    const std::vector<DistanceEstimate> found =
        distance_elasticities(finished.scenario, finished.simulation.economy, finished.year);
    ASSERT_GE(found.size(), 6U);
    EXPECT_EQ(found[0].group, "all goods");
    ASSERT_TRUE(found[0].is_identified);
    EXPECT_LT(found[0].elasticity, 0.0);
    // The estimates recover the exponents of the law by which these flows are made.
    LastYear lawful = finished.year;
    const Economy& economy = finished.simulation.economy;
    for (std::size_t good = 0; good < economy.goods.size(); ++good) {
        const GoodLanes& book = economy.network.goods[good];
        for (std::size_t number = 0; number < book.lanes.size(); ++number) {
            const CountryId from = book.lanes[number].origin;
            const CountryId to = book.lanes[number].destination;
            const double km =
                finished.scenario.data.find(finished.scenario.data.distances, economy.countries[from.index()].code,
                                            economy.countries[to.index()].code, 10000.0);
            const double output = lawful.production[economy.network.node(id_at<GoodId>(good), from).index()];
            const double use = lawful.consumption[economy.network.node(id_at<GoodId>(good), to).index()];
            lawful.flow[book.first_lane + number] =
                1e9 * std::pow(km, -0.7) * std::pow(output, 0.9) * std::pow(use, 1.2);
        }
    }
    for (const DistanceEstimate& estimate : distance_elasticities(finished.scenario, economy, lawful)) {
        if (estimate.is_identified) {
            EXPECT_NEAR(estimate.elasticity, -0.7, 1e-6) << estimate.group;
            EXPECT_TRUE(estimate.fixed_effects || std::abs(estimate.output_elasticity - 0.9) < 1e-6) << estimate.group;
            EXPECT_TRUE(estimate.fixed_effects || std::abs(estimate.use_elasticity - 1.2) < 1e-6) << estimate.group;
        }
    }
}

TEST_F(PatternsTest, TheLastYearIsAMeanWhateverTheLengthOfTheRun) {
    const FinishedRun month = run_config({"run.ticks=1"});
    const FinishedRun year = run_config({"run.ticks=14"});
    EXPECT_EQ(month.year.ticks, 1);
    EXPECT_EQ(year.year.ticks, 12);
    const std::size_t node =
        month.simulation.economy.network
            .node(month.simulation.economy.good("nickel.refined"), month.simulation.economy.country("CHN"))
            .index();
    EXPECT_NEAR(month.year.production[node] / year.year.production[node], 1.0, 0.01) << "both are t per year";
}

TEST_F(PatternsTest, DigestIsShortAndNarrow) {
    const FinishedRun finished = run_config({"run.ticks=12"});
    const std::string text = patterns_digest(finished.scenario, finished.simulation, finished.patterns);
    std::istringstream lines(text);
    std::string line;
    std::size_t count = 0;
    while (std::getline(lines, line)) {
        ++count;
        EXPECT_LE(line.size(), 100U) << line;
    }
    EXPECT_LE(count, 75U);
    EXPECT_THAT(text, HasSubstr("Distance elasticity"));
    EXPECT_THAT(patterns_markdown(finished.scenario, finished.simulation, finished.patterns),
                HasSubstr("## Trade and distance"));
}

TEST_F(PatternsTest, YttriumStandsBesideTheDataOnlyWhereTheTableIsThere) {
    const fs::path data = copy_data();
    fs::remove(data / "us_yttrium.csv");
    const std::vector<std::string> overrides{"run.ticks=15", "data.folder=" + data.string()};
    EXPECT_TRUE(run_config(overrides).patterns.yttrium.empty());
    write(data / "us_yttrium.csv",
          "year,imports_t,exports_t,apparent_consumption_t,price_usd_per_kg,net_import_reliance_percent\n2025,,1,300,"
          "60,100\n2024,457,3,500,6,100\n2019,360,6,400,3,100\n");
    const FinishedRun finished = run_config(overrides);
    ASSERT_EQ(finished.patterns.yttrium.size(), 1U) << "2019 lies before the run, 2025 is not complete";
    const YttriumYear& year = finished.patterns.yttrium.front();
    EXPECT_EQ(year.year, 2024);
    EXPECT_EQ(year.data.imports_t, 457.0);
    EXPECT_NEAR(year.imports_t - year.exports_t, year.consumption_t, 0.02 * year.consumption_t);
    EXPECT_GT(year.price_usd_per_kg, 3.0);
    EXPECT_LT(year.price_usd_per_kg, 12.0);
    EXPECT_NEAR(year.reliance_percent, 100.0, 0.1);
    EXPECT_THAT(patterns_digest(finished.scenario, finished.simulation, finished.patterns),
                HasSubstr("US yttrium, model (USGS)"));
}

TEST_F(PatternsTest, OptionalTablesAreReadStrictly) {
    const fs::path data = copy_data();
    const std::vector<std::string> overrides{"data.folder=" + data.string()};
    write(data / "us_yttrium.csv",
          "year,imports_t,exports_t,apparent_consumption_t,price_usd_per_kg,net_import_reliance_percent\n2024,many,3,"
          "500,6,100\n2024,4,3,500,6,100\n");
    write(data / "observed_volatility.csv",
          "good,standard_deviation_of_log_change,years\nyttrium.refind,0.5,1994-2024\n");
    const std::string found = problems_of(overrides);
    EXPECT_THAT(found, HasSubstr("us_yttrium.csv:2:6"));
    EXPECT_THAT(found, HasSubstr("us_yttrium.csv:3:1"));
    EXPECT_THAT(found, HasSubstr("is listed twice"));
    EXPECT_THAT(found, HasSubstr("did you mean 'yttrium.refined'?"));
    write(data / "us_yttrium.csv",
          "year,imports_t,exports_t,apparent_consumption_t,price_usd_per_kg,net_import_reliance_percent\n2024,457,3,"
          "500,6,100\n");
    write(data / "observed_volatility.csv",
          "good,standard_deviation_of_log_change,years\nyttrium.refined,0.5,1994-2024\n");
    EXPECT_EQ(problems_of(overrides), "");
    const Scenario scenario = load_scenario(YTTERBY_SOURCE_DIR "/configs/stationary.toml", overrides);
    EXPECT_EQ(scenario.data.observed_volatility.at("yttrium.refined").standard_deviation, 0.5);
    EXPECT_EQ(scenario.data.observed_volatility.at("yttrium.refined").years, "1994-2024");
}

}  // namespace
}  // namespace ytterby

#include "experiments/execution/ensemble.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

namespace ytterby {
namespace {

EnsembleDesign small_design(unsigned jobs) {
    return {.config = YTTERBY_SOURCE_DIR "/configs/stationary.toml",
            .overrides = {"run.ticks=26", "population.firms=300", "noise.demand_noise=0.02"},
            .seeds = 3,
            .jobs = jobs};
}

std::vector<EnsembleMember> run_members(const EnsembleDesign& design) {
    std::vector<EnsembleMember> members;
    EXPECT_TRUE(run_whole_ensemble(design, [&](const EnsembleMember& member) { members.push_back(member); }));
    return members;
}

TEST(Ensemble, HasTheSameBitsWhateverTheJobs) {
    const std::vector<EnsembleMember> alone = run_members(small_design(1));
    const std::vector<EnsembleMember> together = run_members(small_design(3));
    ASSERT_EQ(alone.size(), 3U);
    ASSERT_EQ(together.size(), 3U);
    for (std::size_t member = 0; member < alone.size(); ++member) {
        EXPECT_EQ(alone[member].error, "");
        EXPECT_EQ(alone[member].seed, member + 1);
        ASSERT_FALSE(alone[member].rows.empty());
        EXPECT_EQ(pack_rows(alone[member].rows), pack_rows(together[member].rows));
    }
    EXPECT_NE(pack_rows(alone[0].rows), pack_rows(alone[1].rows)) << "seeds differ";
}

TEST(Ensemble, CountsWholeYearsOnly) {
    const std::vector<EnsembleMember> members = run_members(small_design(2));
    ASSERT_EQ(members.size(), 3U);
    for (const AnnualRow& row : members.front().rows) {
        EXPECT_TRUE(row.year == 2024 || row.year == 2025) << row.year << ": two months of 2026 are no year";
        EXPECT_GT(row.output_t, 0.0);
        EXPECT_GT(row.price_usd_per_t, 0.0);
        EXPECT_GE(row.unmet_t, 0.0);
        EXPECT_NEAR(row.use_t / row.output_t, 1.0, 0.2);
        // NaN where the United States use none.
        EXPECT_FALSE(row.us_reliance_share < 0.0) << "a net exporter does not rely on imports";
        EXPECT_FALSE(row.us_reliance_share > 1.0);
    }
}

TEST(Ensemble, AMemberThatFailsSaysWhy) {
    EnsembleDesign design = small_design(2);
    design.overrides.emplace_back("run.ticks=none");
    const std::vector<EnsembleMember> members = run_members(design);
    ASSERT_EQ(members.size(), 3U);
    for (const EnsembleMember& member : members) {
        EXPECT_TRUE(member.rows.empty());
        EXPECT_NE(member.error.find("run.ticks"), std::string::npos) << member.error;
    }
}

TEST(AnnualRows, SurviveAPipe) {
    const std::vector<AnnualRow> rows{{2030, 3, 1.5, 2.5, 3.5, 4.5, std::nan("")}, {2031, 4, 1.0, 2.0, 3.0, 4.0, 0.5}};
    const std::vector<AnnualRow> back = unpack_rows(pack_rows(rows));
    ASSERT_EQ(back.size(), 2U);
    EXPECT_EQ(std::memcmp(back.data(), rows.data(), 2 * sizeof(AnnualRow)), 0);
    EXPECT_TRUE(unpack_rows("").empty());
}

}  // namespace
}  // namespace ytterby

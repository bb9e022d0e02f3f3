#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "tests/laws/history.hpp"

namespace ytterby {
namespace {

/// Reviews in the last tick of investors in Canada's lithium (and niobium) mines, and the number of recorded verbs.
struct Reviews final : Observer {
    std::optional<Review> china, japan, niobium;
    std::size_t said = 0;
    void on_tick(const TickReport& report) override {
        const Economy& economy = report.economy;
        const auto process = [&](const char* name) {
            const auto found = std::find_if(economy.processes.begin(), economy.processes.end(),
                                            [&](const Process& p) { return p.name == name; });
            EXPECT_NE(found, economy.processes.end()) << name;
            return id_at<ProcessId>(static_cast<std::size_t>(found - economy.processes.begin()));
        };
        china = report.regime.reviews().review(economy.country("CHN"), economy.country("CAN"), process("lithium_mine"));
        japan = report.regime.reviews().review(economy.country("JPN"), economy.country("CAN"), process("lithium_mine"));
        niobium =
            report.regime.reviews().review(economy.country("CHN"), economy.country("CAN"), process("niobium_mine"));
        said = report.regime.log().verbs().size();
    }
};

const std::string board = "policy.p={kind=\"investment_screening\",actor=\"CAN\",goods=[\"lithium\"],threat={CHN=0.5}";

Reviews reviews_with(const std::vector<std::string>& policies, const char* ticks = "1",
                     std::vector<std::string> more = {}, bool reverse = false) {
    more.insert(more.end(), {"run.ticks=" + std::string(ticks), "population.firms=200", "deals.enabled=true"});
    more.insert(more.end(), policies.begin(), policies.end());
    Scenario scenario = load_scenario(shipped("stationary.toml"), more);
    if (reverse) {
        std::reverse(scenario.policies.begin(), scenario.policies.end());
    }
    Simulation simulation = build_simulation(scenario);
    Reviews reviews;
    run(scenario, simulation, reviews);
    return reviews;
}

TEST(InvestmentScreening, SetsTermsByAcquirerAndProcess) {
    const Reviews reviews = reviews_with({board + ",state_factor=1.5,distance_weight=0.5,least_consequence=0.3}"});
    ASSERT_TRUE(reviews.china);
    EXPECT_DOUBLE_EQ(reviews.china->terms.threat, 0.75) << "doctrine times the state factor";
    EXPECT_GE(reviews.china->terms.consequence, 0.3);
    EXPECT_LE(reviews.china->terms.consequence, 1.0);
    EXPECT_EQ(reviews.china->policies, std::vector<std::string>{"p"});
    ASSERT_TRUE(reviews.japan);
    EXPECT_NEAR(reviews.japan->terms.threat, 0.5 * (1.0 - 0.8267), 1e-9) << "by their votes";
    EXPECT_FALSE(reviews.niobium) << "another good";
}

TEST(InvestmentScreening, DaysBecomeTicks) {
    const ReviewTerms months = reviews_with({board + "}"}).china->terms;
    EXPECT_EQ(months.declared_ticks, 1);
    EXPECT_EQ(months.reviewed_ticks, 3);      // 75 days
    EXPECT_EQ(months.investigated_ticks, 4);  // 120
    EXPECT_EQ(months.decided_ticks, 5);       // 135
    EXPECT_EQ(months.divested_ticks, 3);
    const ReviewTerms weeks = reviews_with({board + "}"}, "1", {"run.tick=\"week\""}).china->terms;
    EXPECT_EQ(weeks.declared_ticks, 5);
    EXPECT_EQ(weeks.reviewed_ticks, 11);
    EXPECT_EQ(weeks.investigated_ticks, 18);
    EXPECT_EQ(weeks.decided_ticks, 20);
}

TEST(InvestmentScreening, IsInForceBetweenItsDatesAndLooksBack) {
    const std::string dated = board + ",start=\"2024-04\",end=\"2024-06\",look_back_months=24}";
    EXPECT_FALSE(reviews_with({dated}, "3").china);
    ASSERT_TRUE(reviews_with({dated}, "4").china);
    EXPECT_EQ(reviews_with({dated}, "5").china->terms.reopened_since, 3 - 24);
    EXPECT_FALSE(reviews_with({dated}, "6").china);
}

TEST(InvestmentScreening, ExceptedStatesAreNotReviewed) {
    const Reviews reviews = reviews_with({board + ",excepted=[\"JPN\"]}"});
    EXPECT_TRUE(reviews.china);
    EXPECT_FALSE(reviews.japan);
    const Reviews exempt = reviews_with({board + ",partners=[\"CHN\"]}"});
    EXPECT_TRUE(exempt.china);
    EXPECT_FALSE(exempt.japan);
    EXPECT_FALSE(reviews_with({board + ",state_backed_only=true}"}).japan);
}

TEST(InvestmentScreening, BlocksPermute) {
    const std::vector<std::string> blocks = {
        board + ",block_above=0.5}",
        "policy.q={kind=\"investment_screening\",actor=\"CAN\",goods=[\"*\"],threat={CHN=0.9},block_above=0.4,clear_"
        "below=0.2,review_days=10}",
        "policy.r={kind=\"investment_screening\",actor=\"CAN\",goods=[\"niobium\"],excepted=[\"JPN\"]}"};
    const Reviews one = reviews_with(blocks);
    const Reviews other = reviews_with(blocks, "1", {}, true);
    ASSERT_TRUE(one.china && other.china);
    EXPECT_EQ(one.china->terms, other.china->terms);
    EXPECT_EQ(one.china->policies, (std::vector<std::string>{"p", "q"}));
    EXPECT_EQ(other.china->policies, one.china->policies);
    EXPECT_EQ(one.china->terms.block_above, 0.4);
    EXPECT_EQ(one.china->terms.clear_below, 0.1);
    EXPECT_EQ(one.china->terms.reviewed_ticks, 3) << "the longer period";
    EXPECT_FALSE(one.japan || other.japan);
    EXPECT_EQ(one.said, other.said);
}

std::string screening_problem(const std::string& keys, const std::vector<std::string>& more = {}) {
    std::vector<std::string> overrides = more;
    overrides.push_back(board + keys + "}");
    try {
        load_scenario(shipped("stationary.toml"), overrides);
    } catch (const InputError& error) {
        return error.what();
    }
    return "";
}

TEST(InvestmentScreening, BadInputIsNamed) {
    EXPECT_EQ(screening_problem(""), "");
    EXPECT_NE(screening_problem(",clear_below=0.5,block_above=0.4").find("block_above is below clear_below"),
              std::string::npos);
    EXPECT_NE(screening_problem(",excepted=[\"AUZ\"]").find("AUS"), std::string::npos);
    EXPECT_NE(screening_problem(",least_stake_share=1.5").find("least_stake_share"), std::string::npos);
    EXPECT_NE(screening_problem("", {"deals.state_backed=[\"CHM\"]"}).find("CHN"), std::string::npos);
    EXPECT_NE(screening_problem("", {"deals.extra_funds_usd={SAU=1e9}"}).find("SAU"), std::string::npos);
}

}  // namespace
}  // namespace ytterby

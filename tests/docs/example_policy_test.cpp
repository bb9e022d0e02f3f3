// The code of docs/adding_a_policy.md, compiled as a user would compile it and tried on the baseline data.
#include "docs/examples/example_tariff.cpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "tests/laws/history.hpp"

namespace ytterby {
namespace {

std::string text_of(const std::string& path) {
    std::ifstream in(std::string(YTTERBY_SOURCE_DIR) + "/" + path);
    return {std::istreambuf_iterator<char>(in), {}};
}

TEST(AddingAPolicy, TheGuideShowsTheCodeThatIsCompiled) {
    std::string code = text_of("docs/examples/example_tariff.cpp");
    ASSERT_FALSE(code.empty());
    code.pop_back();
    EXPECT_NE(text_of("docs/adding_a_policy.md").find("```cpp\n" + code + "\n```"), std::string::npos);
}

TEST(AddingAPolicy, TheExampleBites) {
    const char* tariff =
        "policy.section_301={kind=\"example_tariff\",actor=\"USA\",partners=[\"CHN\"],goods=[\"ndpr.refined\"],start="
        "\"2023-"
        "04\",rate_share=0.25}";
    const char* calm = "policy.gallium_licence.remove=true";
    const FinishedRun with = run_config("gallium_control.toml", {"run.ticks=12", calm, tariff});
    const FinishedRun without = run_config("gallium_control.toml", {"run.ticks=12", calm});
    EXPECT_GT(with.price("ndpr.refined", "USA", 11), 1.02 * without.price("ndpr.refined", "USA", 11));
    EXPECT_NEAR(with.price("ndpr.refined", "JPN", 11) / without.price("ndpr.refined", "JPN", 11), 1.0, 0.02)
        << "only the actor's market moves much";
    EXPECT_GT(with.simulation.world.treasury.at("tariff")[with.simulation.economy.country("USA").index()], 0.0);
}

TEST(AddingAPolicy, TheExampleDescribesItself) {
    const KeyRecord all = describe_scenario();
    const KeyRecord* policies = all.find("policy");
    ASSERT_NE(policies, nullptr);
    const KeyRecord* example = policies->find("example_tariff");
    ASSERT_NE(example, nullptr);
    EXPECT_NE(example->find("rate_share"), nullptr);
}

}  // namespace
}  // namespace ytterby

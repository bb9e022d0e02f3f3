// The second example of docs/adding_a_policy.md, compiled as a user would compile it and tried on the baseline data.
#include "docs/examples/example_reserve.cpp"

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

TEST(AddingAReserve, TheGuideShowsTheCodeThatIsCompiled) {
    std::string code = text_of("docs/examples/example_reserve.cpp");
    ASSERT_FALSE(code.empty());
    code.pop_back();
    EXPECT_NE(text_of("docs/adding_a_policy.md").find("```cpp\n" + code + "\n```"), std::string::npos);
}

/// It fills to its target and is paid for; when China's licence bites, it sells, and holds less.
TEST(AddingAReserve, TheExampleFillsAndSells) {
    const std::string reserve =
        "policy.reserve={kind=\"example_reserve\",actor=\"JPN\",goods=[\"gallium.refined\"],target_days=60,"
        "fill_months=4,buy_limit=1.5}";
    const FinishedRun calm =
        run_config("gallium_control.toml", {"run.ticks=6", "policy.gallium_licence.remove=true", reserve});
    const Economy& economy = calm.simulation.economy;
    const std::size_t node = economy.network.node(economy.good("gallium.refined"), economy.country("JPN")).index();
    const double held = calm.simulation.world.stockpiles.at("reserve")[node];
    const double month = calm.simulation.world.nodes.need[node];
    EXPECT_NEAR(held / month, 60.0 / 30.44, 0.15);
    EXPECT_LT(calm.simulation.world.treasury.at("stockpile")[economy.country("JPN").index()], 0.0);

    const FinishedRun pressed =
        run_config("gallium_control.toml",
                   {"run.ticks=14", "policy.gallium_licence.remove=true", reserve, "policy.reserve.short_share=0.01",
                    "policy.ban={kind=\"export_control\",form=\"ban\",actor=\"CHN\",goods=[\"gallium\"],"
                    "start=\"2023-07\"}"});
    EXPECT_LT(pressed.simulation.world.stockpiles.at("reserve")[node], 0.9 * held) << "a ban makes users short";
}

}  // namespace
}  // namespace ytterby

// A run with the kernel of `ytterby clear` gives the same prices as one with the fast kernel.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/laws/history.hpp"

namespace ytterby {
namespace {

TEST(Kernels, ARunIsTheSameWithBoth) {
    // The licence begins in the eighth month, so there are closed lanes and caps.
    const FinishedRun fast = run_config("gallium_control.toml", {"run.ticks=12"});
    const FinishedRun exact =
        run_config("gallium_control.toml", {"run.ticks=12", "market.spatial_auction.kernel=exact"});
    const Economy& economy = fast.simulation.economy;
    double worst = 0.0;
    for (std::size_t node = 0; node < economy.network.node_count(); ++node) {
        const double one = fast.simulation.world.nodes.use_price[node];
        const double other = exact.simulation.world.nodes.use_price[node];
        worst = std::max(worst, std::abs(other / one - 1.0));
    }
    // A month agrees to 1e-9 of the market; over a year of months differences add up.
    EXPECT_LT(worst, 1e-6);
}

}  // namespace
}  // namespace ytterby

#include "records/run_log/slow_phases.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ytterby {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(SlowPhases, OnlyATickFarAboveTheMeanIsSlow) {
    SlowPhases phases;
    PhaseTimes times;
    for (int tick = 0; tick < 20; ++tick) {
        times.seconds[PhaseTimes::clear] += 0.1;
        times.seconds[PhaseTimes::plan] += 0.001;
        EXPECT_EQ(phases.of_tick(times), "");
    }
    times.seconds[PhaseTimes::clear] += 0.7;
    times.seconds[PhaseTimes::plan] += 0.1;  // far above its mean, but nothing that anybody waits for
    EXPECT_EQ(phases.of_tick(times), "slow: clear took 0.70 s, 0.100 s on the mean before");
}

TEST(SlowPhases, TheFirstTicksAreNotJudged) {
    SlowPhases phases;
    PhaseTimes times;
    times.seconds[PhaseTimes::clear] = 0.01;
    EXPECT_EQ(phases.of_tick(times), "");
    times.seconds[PhaseTimes::clear] += 5.0;
    EXPECT_EQ(phases.of_tick(times), "");
}

TEST(SlowPhases, TheLongestPhaseComesFirst) {
    PhaseTimes times;
    times.seconds[PhaseTimes::settle] = 1.0;
    times.seconds[PhaseTimes::clear] = 3.0;
    EXPECT_THAT(phases_line(times), testing::StartsWith("clear 3.00 s (75 %), settle 1.00 s (25 %)"));
    EXPECT_THAT(phases_line(PhaseTimes{}), Not(HasSubstr("nan")));
}

}  // namespace
}  // namespace ytterby

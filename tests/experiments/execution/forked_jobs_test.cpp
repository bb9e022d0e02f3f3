#include "experiments/execution/forked_jobs.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>
#include <vector>

namespace ytterby {
namespace {

using testing::HasSubstr;

std::vector<JobResult> run_all(std::size_t count, unsigned at_once,
                               const std::function<std::string(std::size_t)>& job) {
    std::vector<JobResult> results;
    EXPECT_TRUE(run_forked_jobs(count, at_once, job, [&](std::size_t number, const JobResult& result) {
        EXPECT_EQ(number, results.size()) << "in the order of numbers";
        results.push_back(result);
    }));
    return results;
}

TEST(ForkedJobs, AreReportedInOrderOfTheirNumbers) {
    const auto job = [](std::size_t number) {
        ::usleep(static_cast<useconds_t>(number % 3 == 0 ? 30000 : 0));  // the first of three ends last
        return std::to_string(number) + std::string(200000, 'x');        // more than a pipe holds
    };
    for (const unsigned at_once : {1U, 4U}) {
        const std::vector<JobResult> results = run_all(10, at_once, job);
        ASSERT_EQ(results.size(), 10U);
        for (std::size_t number = 0; number < results.size(); ++number) {
            EXPECT_EQ(results[number].output, job(number));
            EXPECT_EQ(results[number].error, "");
        }
    }
}

TEST(ForkedJobs, OneThatThrowsOrDiesHarmsNoOther) {
    const std::vector<JobResult> results = run_all(4, 2, [](std::size_t number) -> std::string {
        if (number == 1) {
            throw std::runtime_error("the market has no equilibrium");
        }
        if (number == 2) {
            std::raise(SIGKILL);
        }
        return "fine";
    });
    ASSERT_EQ(results.size(), 4U);
    EXPECT_EQ(results[0].output, "fine");
    EXPECT_EQ(results[1].error, "the market has no equilibrium");
    EXPECT_THAT(results[2].error, HasSubstr("signal 9"));
    EXPECT_EQ(results[3].output, "fine");
}

TEST(ForkedJobs, LeaveTheParentsMemoryAlone) {
    int touched = 0;
    run_all(3, 3, [&](std::size_t) {
        ++touched;
        return std::string();
    });
    EXPECT_EQ(touched, 0);
}

TEST(ForkedJobs, StopEndsThemAll) {
    std::atomic<bool> stop{false};
    std::size_t reported = 0;
    const bool whole = run_forked_jobs(
        100, 2,
        [](std::size_t number) {
            ::usleep(number < 2 ? 1000 : 20000000);
            return std::string();
        },
        [&](std::size_t, const JobResult&) {
            ++reported;
            stop = true;
        },
        &stop);
    EXPECT_FALSE(whole);
    EXPECT_LE(reported, 2U);
}

}  // namespace
}  // namespace ytterby

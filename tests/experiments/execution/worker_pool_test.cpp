#include "experiments/execution/worker_pool.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <map>
#include <set>
#include <stdexcept>

namespace ytterby {
namespace {

/// Hands out 0 to count - 1.
std::function<std::optional<std::uint64_t>()> count_to(std::uint64_t count) {
    return [count, next = std::uint64_t{0}]() mutable {
        return next < count ? std::optional<std::uint64_t>(next++) : std::nullopt;
    };
}

bool no_children() { return ::waitpid(-1, nullptr, WNOHANG) == -1 && errno == ECHILD; }

TEST(WorkerPool, DoesEachJobOnce) {
    std::map<std::uint64_t, std::string> heard;
    std::set<std::string> processes;
    const auto job = [](std::uint64_t number) {
        return std::to_string(number * number) + "/" + std::to_string(::getpid());
    };
    EXPECT_TRUE(run_worker_pool(
        3, {job, count_to(60), [&](std::uint64_t number, const WorkResult& result) {
                EXPECT_TRUE(heard.emplace(number, result.output.substr(0, result.output.find('/'))).second);
                processes.insert(result.output.substr(result.output.find('/')));
            }}));
    ASSERT_EQ(heard.size(), 60U);
    EXPECT_EQ(heard[7], "49");
    EXPECT_LE(processes.size(), 3U) << "a worker does many jobs";
    EXPECT_TRUE(no_children());
}

TEST(WorkerPool, LongAnswersComeWhole) {
    const auto job = [](std::uint64_t number) {
        return std::string(300000 + number, static_cast<char>('a' + number % 26));
    };
    std::size_t bytes = 0;
    EXPECT_TRUE(run_worker_pool(2, {job, count_to(10), [&](std::uint64_t number, const WorkResult& result) {
                                        EXPECT_EQ(result.output,
                                                  std::string(300000 + number, static_cast<char>('a' + number % 26)));
                                        bytes += result.output.size();
                                    }}));
    EXPECT_EQ(bytes, 10U * 300000U + 45U);
}

TEST(WorkerPool, ADeathCostsItsJobOnly) {
    const auto job = [](std::uint64_t number) -> std::string {
        if (number == 5) {
            ::raise(SIGKILL);
        }
        if (number == 6) {
            throw std::runtime_error("six is bad");
        }
        return "fine";
    };
    std::size_t fine = 0;
    EXPECT_TRUE(run_worker_pool(2, {job, count_to(20), [&](std::uint64_t number, const WorkResult& result) {
                                        fine += result.output == "fine" ? 1 : 0;
                                        EXPECT_EQ(result.worker_died, number == 5);
                                        EXPECT_EQ(result.error.empty(), number != 5 && number != 6);
                                        if (number == 5) {
                                            EXPECT_NE(result.error.find("signal 9"), std::string::npos) << result.error;
                                        }
                                        if (number == 6) {
                                            EXPECT_EQ(result.error, "six is bad");
                                        }
                                    }}));
    EXPECT_EQ(fine, 18U);
    EXPECT_TRUE(no_children());
}

TEST(WorkerPool, AJobMayBeGivenOutAgain) {
    std::optional<std::uint64_t> again;
    auto first = count_to(3);
    std::size_t heard = 0;
    EXPECT_TRUE(run_worker_pool(2, {[](std::uint64_t number) { return std::to_string(number); },
                                    [&]() {
                                        if (again) {
                                            return std::exchange(again, std::nullopt);
                                        }
                                        return first();
                                    },
                                    [&](std::uint64_t number, const WorkResult&) {
                                        if (++heard == 3) {
                                            again = number;
                                        }
                                    }}));
    EXPECT_EQ(heard, 4U);
}

TEST(WorkerPool, StopGivesUpJobsUnderWay) {
    std::atomic<bool> stop{false};
    std::size_t heard = 0;
    const auto job = [](std::uint64_t number) {
        while (number > 0) {
            ::pause();
        }
        return std::string("first");
    };
    EXPECT_FALSE(run_worker_pool(2,
                                 {job, count_to(4),
                                  [&](std::uint64_t, const WorkResult&) {
                                      ++heard;
                                      stop = true;
                                  }},
                                 &stop));
    EXPECT_EQ(heard, 1U);
    EXPECT_TRUE(no_children());
}

TEST(WorkerPool, AnExceptionOfTheOwnerLeavesNoWorkers) {
    EXPECT_THROW(run_worker_pool(2, {[](std::uint64_t) { return std::string("x"); }, count_to(9),
                                     [](std::uint64_t, const WorkResult&) { throw std::runtime_error("disk full"); }}),
                 std::runtime_error);
    EXPECT_TRUE(no_children());
}

}  // namespace
}  // namespace ytterby

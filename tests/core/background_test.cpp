#include "core/background.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>
#include <vector>

namespace ytterby {
namespace {

TEST(Background, DoesJobsInTheOrderGiven) {
    std::vector<int> done;
    Background background(3);
    for (int job = 0; job < 1000; ++job) {
        background.give([&done, job] { done.push_back(job); });
    }
    background.wait();
    ASSERT_EQ(done.size(), 1000U);
    for (int job = 0; job < 1000; ++job) {
        EXPECT_EQ(done[static_cast<std::size_t>(job)], job);
    }
}

TEST(Background, TheCallerGoesOnWhileAJobIsDone) {
    std::atomic<bool> may_end{false};
    Background background(2);
    background.give([&] {
        while (!may_end) {
            std::this_thread::yield();
        }
    });
    may_end = true;  // never reached if `give` did the job itself
    background.wait();
}

TEST(Background, NoMoreJobsAreOpenThanAllowed) {
    std::atomic<int> finished{0};
    Background background(4);
    for (int job = 1; job <= 200; ++job) {
        background.give([&] {
            std::this_thread::sleep_for(std::chrono::microseconds(50));
            ++finished;
        });
        EXPECT_GE(finished, job - 4);
    }
}

TEST(Background, TheDestructorWaitsForOpenJobs) {
    int finished = 0;
    {
        Background background(100);
        for (int job = 0; job < 100; ++job) {
            background.give([&] { ++finished; });
        }
    }
    EXPECT_EQ(finished, 100);
}

TEST(Background, AFailureReachesTheCallerOnceAndDropsTheJobsBehindIt) {
    int after = 0;
    std::atomic<bool> may_fail{false};
    Background background(10);
    background.give([&] {
        while (!may_fail) {
            std::this_thread::yield();
        }
        throw std::runtime_error("the disk is full");
    });
    background.give([&] { ++after; });
    may_fail = true;
    EXPECT_THROW(background.wait(), std::runtime_error);
    EXPECT_EQ(after, 0);
    background.wait();
    background.give([&] { ++after; });
    background.wait();
    EXPECT_EQ(after, 1);
}

TEST(Background, AFailureWithoutAnotherCallIsDropped) {
    Background background(10);
    background.give([] { throw std::runtime_error("lost"); });
}

}  // namespace
}  // namespace ytterby

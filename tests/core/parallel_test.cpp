#include "core/parallel.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace ytterby {
namespace {

TEST(Workers, RunEveryBlockOnce) {
    for (const unsigned threads : {1u, 2u, 3u, 8u}) {
        Workers workers(threads);
        EXPECT_EQ(workers.threads(), threads);
        for (const std::size_t blocks : {0u, 1u, 2u, 7u, 100u}) {
            std::vector<int> runs(blocks, 0);
            workers.for_blocks(blocks, [&](std::size_t block) { ++runs[block]; });
            EXPECT_EQ(runs, std::vector<int>(blocks, 1)) << threads << " threads";
        }
    }
}

TEST(Workers, ZeroThreadsMeansTheWholeMachine) { EXPECT_GE(Workers(0).threads(), 1u); }

TEST(Workers, UseMoreThanOneThread) {
    Workers workers(4);
    std::vector<std::thread::id> ids(4);
    workers.for_blocks(4, [&](std::size_t block) { ids[block] = std::this_thread::get_id(); });
    EXPECT_EQ(std::set<std::thread::id>(ids.begin(), ids.end()).size(), 4u);
    EXPECT_EQ(ids[0], std::this_thread::get_id());
    const std::vector<std::thread::id> before = ids;
    workers.for_blocks(4, [&](std::size_t block) { ids[block] = std::this_thread::get_id(); });
    EXPECT_EQ(ids, before) << "the schedule is fixed";
}

/// A sum whose bits depend on the order of its terms has the same bits for any number of threads.
TEST(Workers, ReduceInBlockOrder) {
    std::vector<double> values(100003);
    for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = std::sin(static_cast<double>(i)) * 1e10 + 1e-7;
    }
    const auto sum_with = [&](unsigned threads) {
        Workers workers(threads);
        const Blocks blocks{values.size(), 1000};
        return workers.reduce_blocks(
            blocks.count(), 0.0,
            [&](std::size_t block) {
                const auto [begin, end] = blocks.range(block);
                double sum = 0.0;
                for (std::size_t i = begin; i < end; ++i) {
                    sum += values[i];
                }
                return sum;
            },
            [](double total, double part) { return total + part; });
    };
    const double one = sum_with(1);
    for (const unsigned threads : {2u, 3u, 4u, 8u}) {
        EXPECT_EQ(sum_with(threads), one);
    }

    Workers workers(3);
    const std::string text = workers.reduce_blocks(
        std::size_t{5}, std::string("<"), [](std::size_t block) { return std::to_string(block); },
        [](std::string total, std::string part) { return std::move(total) + part; });
    EXPECT_EQ(text, "<01234");
    const bool all = workers.reduce_blocks(
        std::size_t{50}, true, [](std::size_t block) { return block != 49; },
        [](bool left, bool right) { return left && right; });
    EXPECT_FALSE(all);
}

TEST(Workers, RangesCoverTheItems) {
    Workers workers(2);
    std::vector<int> seen(1001, 0);
    workers.for_ranges({seen.size(), 64}, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            ++seen[i];
        }
    });
    EXPECT_EQ(std::count(seen.begin(), seen.end(), 1), 1001);
    EXPECT_EQ((Blocks{0, 64}.count()), 0u);
}

TEST(Workers, ThrowTheExceptionOfTheLowestBlock) {
    for (const unsigned threads : {1u, 2u, 4u}) {
        Workers workers(threads);
        for (int repeat = 0; repeat < 20; ++repeat) {
            try {
                workers.for_blocks(100, [](std::size_t block) {
                    if (block % 10 == 7) {
                        throw std::runtime_error(std::to_string(block));
                    }
                });
                FAIL() << "nothing thrown";
            } catch (const std::runtime_error& error) {
                EXPECT_STREQ(error.what(), "7");
            }
        }
        int runs = 0;
        workers.for_blocks(1, [&](std::size_t) { ++runs; });
        EXPECT_EQ(runs, 1) << "the pool works on";
    }
}

TEST(Workers, LoopsInsideBlocksRunInline) {
    Workers workers(2);
    std::vector<int> counts(4, 0);
    workers.for_blocks(4, [&](std::size_t block) { workers.for_blocks(10, [&](std::size_t) { ++counts[block]; }); });
    EXPECT_EQ(counts, std::vector<int>(4, 10));
}

TEST(Workers, ManyShortJobsAndPauses) {
    Workers workers(2);
    std::vector<long> counts(2, 0);
    for (int job = 0; job < 3000; ++job) {
        if (job % 300 == 0) {
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
        workers.for_blocks(2, [&](std::size_t block) { ++counts[block]; });
    }
    EXPECT_EQ(counts, std::vector<long>(2, 3000));
}

TEST(Workers, IdleThreadsSleep) {
    Workers workers(2);
    workers.for_blocks(2, [](std::size_t) {});
    const std::clock_t before = std::clock();
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    const double busy = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
    EXPECT_LT(busy, 0.05);
}

}  // namespace
}  // namespace ytterby

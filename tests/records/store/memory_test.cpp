#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <ctime>
#include <vector>

#include "records/store/run_store.hpp"
#include "tests/records/scratch_folder.hpp"

namespace ytterby {
namespace {

// Sanitizers keep freed memory for a while, so that resident memory means nothing.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

std::int64_t resident_bytes() {
    std::int64_t pages = 0, resident = 0;
    std::FILE* statm = std::fopen("/proc/self/statm", "r");
    if (statm == nullptr) {
        return 0;
    }
    const int read = std::fscanf(statm, "%ld %ld", &pages, &resident);
    std::fclose(statm);
    return read == 2 ? resident * ::sysconf(_SC_PAGESIZE) : 0;
}

TEST(RunStore, MemoryDoesNotGrowWithTicksAndSpeedIsPrinted) {
    const ScratchFolder folder;
    RunStore store(folder.path());
    std::vector<NameCode> goods, countries;
    for (int i = 0; i < 20; ++i) {
        goods.push_back(store.name_code("metal" + std::to_string(i) + ".refined"));
    }
    for (int i = 0; i < 25; ++i) {
        countries.push_back(store.name_code("C" + std::to_string(i)));
    }
    const auto write = [&](std::int64_t tick) {
        store.begin_tick(tick, "2024-01");
        int number = 0;
        for (const NameCode good : goods) {
            for (int lane = 0; lane < 150; ++lane) {
                const double x = 1000.0 / (1.0 + ++number) + static_cast<double>(tick);
                const double zero_or = lane % 3 == 0 ? x * 0.03 : 0.0;
                store.append(TableId::flows, {good, countries[static_cast<std::size_t>(lane % 25)],
                                              countries[static_cast<std::size_t>(lane / 6)], x, 0.0, x * 1e4, x * 1.1e4,
                                              zero_or, zero_or, x * 31.7, 0.0, zero_or, nullptr});
            }
        }
        store.append(TableId::events, {"mothball", "USA", "", "firm " + std::to_string(tick), "closed"});
        store.end_tick();
    };
    for (std::int64_t tick = 0; tick < 20; ++tick) {
        write(tick);
    }
    const std::int64_t before = resident_bytes();
    const std::clock_t start = std::clock();  // processor time, for other programs run too
    const std::int64_t ticks = 100;
    for (std::int64_t tick = 20; tick < 20 + ticks; ++tick) {
        write(tick);
    }
    const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    const std::int64_t grown = resident_bytes() - before;
    store.finish();
    const double rows = static_cast<double>(store.rows(TableId::flows));
    std::printf("[ speed    ] %.3f us a row, %.1f bytes a row, resident memory %+.1f MB over %ld ticks\n",
                1e6 * seconds / (3000.0 * static_cast<double>(ticks)),
                static_cast<double>(std::filesystem::file_size(folder / "run.sqlite")) / rows,
                static_cast<double>(grown) / 1e6, static_cast<long>(ticks));
    if (!sanitized) {
        EXPECT_LT(grown, 4'000'000) << "the rows of these ticks hold 70 MB as values";
    }
}

}  // namespace
}  // namespace ytterby

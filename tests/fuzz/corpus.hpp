#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace ytterby {

/// Runs a fuzz target on every file of its corpus, and on each file cut short at every tenth of its length; expects at
/// least `least_files` files, so that a corpus that is not found fails.
inline void replay_corpus(const std::string& name, std::size_t least_files,
                          void (*target)(const std::uint8_t* bytes, std::size_t count)) {
    const auto folder = std::filesystem::path(YTTERBY_SOURCE_DIR) / "tests/fuzz/corpus" / name;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    EXPECT_GE(files.size(), least_files);
    for (const auto& file : files) {
        std::ifstream stream(file, std::ios::binary);
        const std::string content{std::istreambuf_iterator<char>(stream), {}};
        for (std::size_t tenth = 0; tenth <= 10; ++tenth) {
            const std::size_t count = content.size() * tenth / 10;
            EXPECT_NO_THROW(target(reinterpret_cast<const std::uint8_t*>(content.data()), count))
                << file << " cut at " << count;
        }
    }
}

}  // namespace ytterby

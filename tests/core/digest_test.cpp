#include "core/digest.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/column.hpp"

namespace ytterby {
namespace {

/// XXH3-128 of no bytes with seed 0, as published in the sanity tests of xxHash.
TEST(Digest, KnownAnswer) { EXPECT_EQ(Digest().hex(), "99aa06d3014798d86001c324468d497f"); }

TEST(Digest, DependsOnEveryValueAndItsOrder) {
    const auto of = [](std::vector<double> values) { return Digest().add(values).fingerprint(); };
    EXPECT_EQ(of({1.0, 2.0}), of({1.0, 2.0}));
    EXPECT_NE(of({1.0, 2.0}), of({2.0, 1.0}));
    EXPECT_NE(of({1.0, 2.0}), of({1.0, 2.0000000000000004}));
    EXPECT_NE(of({0.0}), of({-0.0}));
    EXPECT_NE(of({}), of({0.0}));
}

TEST(Digest, LengthsSeparateConsecutiveValues) {
    EXPECT_NE(Digest().add("ab").add("c").hex(), Digest().add("a").add("bc").hex());
    const std::vector<int> one{1};
    const std::vector<int> two{2};
    const std::vector<int> both{1, 2};
    const std::vector<int> none;
    EXPECT_NE(Digest().add(one).add(two).hex(), Digest().add(both).add(none).hex());
}

TEST(Digest, DoesNotDependOnTheContainer) {
    const std::vector<float> vector{1.0F, 2.0F, 3.0F};
    const Column<float> column{1.0F, 2.0F, 3.0F};
    EXPECT_EQ(Digest().add(vector).hex(), Digest().add(column).hex());
    EXPECT_EQ(Digest().add(std::span<const float>(vector)).hex(), Digest().add(column).hex());
    EXPECT_EQ(Digest().add(std::string("abc")).hex(), Digest().add("abc").hex());
    EXPECT_NE(Digest().add(FirmId{3}).hex(), Digest().add(FirmId{4}).hex());
}

TEST(Digest, StreamsOfAnySizesAgree) {
    std::vector<std::uint8_t> bytes(10007);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        bytes[i] = static_cast<std::uint8_t>(i * 31 + i / 256);
    }
    const std::string whole = Digest().add_bytes(bytes.data(), bytes.size()).hex();
    for (const std::size_t piece : {1u, 13u, 256u, 1024u}) {
        Digest digest;
        for (std::size_t begin = 0; begin < bytes.size(); begin += piece) {
            digest.add_bytes(bytes.data() + begin, std::min(piece, bytes.size() - begin));
        }
        EXPECT_EQ(digest.hex(), whole) << piece;
    }
}

TEST(Digest, FingerprintMayBeTakenInBetween) {
    Digest digest;
    digest.add("first");
    const std::string early = digest.hex();
    EXPECT_EQ(digest.hex(), early);
    digest.add("second");
    EXPECT_NE(digest.hex(), early);
    Digest moved = std::move(digest);
    EXPECT_EQ(moved.hex(), Digest().add("first").add("second").hex());
}

TEST(Digest, OfAFile) {
    const std::filesystem::path path = std::filesystem::path(testing::TempDir()) / "ytterby_digest_test.bin";
    const std::string content(100000, 'g');
    std::ofstream(path, std::ios::binary) << content;
    EXPECT_EQ(digest_file(path.string()), Digest().add_bytes(content.data(), content.size()).fingerprint());
    std::filesystem::remove(path);
    EXPECT_FALSE(digest_file(path.string()).has_value());
}

TEST(Fingerprint, ReadsBackFromItsDigits) {
    const Fingerprint one{.high = 0x0123456789abcdefu, .low = 0xf0u};
    EXPECT_EQ(Fingerprint::from_hex(one.hex()), one);
    for (const std::string& text :
         {std::string(), one.hex().substr(1), one.hex() + "0", "x" + one.hex().substr(1), "-" + one.hex().substr(1)}) {
        EXPECT_FALSE(Fingerprint::from_hex(text).has_value()) << text;
    }
}

}  // namespace
}  // namespace ytterby

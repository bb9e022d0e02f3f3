#include "tests/fuzz/checkpoint_fuzz.hpp"

#include "tests/fuzz/corpus.hpp"

namespace ytterby {
namespace {

TEST(CheckpointFuzz, CorpusIsLoadedOrRefusedCleanly) { replay_corpus("checkpoint", 5, try_checkpoint); }

/// One byte after the other, sealed anew: nothing but a world or a refusal may come of it.
TEST(CheckpointFuzz, EveryByteMayBeWrong) {
    const std::string whole = CheckpointedWorld().saved();
    for (std::size_t at = 0; at < whole.size(); ++at) {
        std::string changed = whole;
        changed[at] = static_cast<char>(at % 2 == 0 ? 0xFF : changed[at] ^ 1);
        EXPECT_NO_THROW(try_checkpoint(reinterpret_cast<const std::uint8_t*>(changed.data()), changed.size())) << at;
    }
}

TEST(CheckpointFuzz, TheWholeOneLoads) {
    CheckpointedWorld world;
    std::istringstream in(CheckpointedWorld().saved());
    CheckpointReader reader(in, "whole.bin");
    EXPECT_NO_THROW(world.walk(reader));
    EXPECT_NO_THROW(reader.finish());
}

}  // namespace
}  // namespace ytterby

#include "tests/fuzz/config_fuzz.hpp"

#include "tests/fuzz/corpus.hpp"

namespace ytterby {
namespace {

TEST(ConfigFuzz, CorpusIsReadOrRefusedCleanly) { replay_corpus("config", 10, try_config); }

}  // namespace
}  // namespace ytterby

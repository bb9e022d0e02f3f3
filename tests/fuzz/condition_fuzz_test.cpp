#include "tests/fuzz/condition_fuzz.hpp"

#include "tests/fuzz/corpus.hpp"

namespace ytterby {
namespace {

TEST(ConditionFuzz, CorpusIsReadOrRefusedCleanly) { replay_corpus("condition", 10, try_condition); }

}  // namespace
}  // namespace ytterby

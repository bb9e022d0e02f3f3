#include "tests/fuzz/case_fuzz.hpp"

#include "tests/fuzz/corpus.hpp"

namespace ytterby {
namespace {

TEST(CaseFuzz, CorpusIsClearedOrRefusedCleanly) { replay_corpus("case", 5, try_case); }

}  // namespace
}  // namespace ytterby

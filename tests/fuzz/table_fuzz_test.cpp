#include "tests/fuzz/table_fuzz.hpp"

#include "tests/fuzz/corpus.hpp"

namespace ytterby {
namespace {

TEST(TableFuzz, CorpusIsReadOrRefusedCleanly) { replay_corpus("table", 10, try_table); }

}  // namespace
}  // namespace ytterby

#include "tests/fuzz/table_fuzz.hpp"

/// The entry point that libFuzzer calls; build with -fsanitize=fuzzer,address,undefined.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
    ytterby::try_table(bytes, count);
    return 0;
}

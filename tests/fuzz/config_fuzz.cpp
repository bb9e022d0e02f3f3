#include "tests/fuzz/config_fuzz.hpp"

/// The entry point that libFuzzer calls; build with -fsanitize=fuzzer,address,undefined.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
    ytterby::try_config(bytes, count);
    return 0;
}

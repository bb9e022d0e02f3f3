#pragma once

#include <string>

namespace ytterby {

/// What to tell when there is no memory: how much the process had at most, and the limit where there is one.
std::string out_of_memory_text();

}  // namespace ytterby

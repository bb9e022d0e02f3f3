#pragma once

#include <string>
#include <system_error>

namespace ytterby {

/// What the system says of an error code (`errno`), from any thread.
inline std::string system_message(int code) { return std::generic_category().message(code); }

}  // namespace ytterby

#pragma once

#include <string>
#include <system_error>

namespace ytterby {

/// The system's message for an error code (`errno`); safe in any thread.
inline std::string system_message(int code) { return std::generic_category().message(code); }

}  // namespace ytterby

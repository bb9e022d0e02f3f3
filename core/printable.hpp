#pragma once

#include <string>
#include <string_view>

namespace ytterby {

/// A text that does nothing to a terminal: control characters but line breaks and tabs, and those that turn the
/// direction of writing, become "\u001b" or "\u202e", as in JSON. Texts from files may hold them.
std::string printable(std::string_view text);

/// Whether a text holds a control character other than a line break or tab.
bool has_control_characters(std::string_view text);

}  // namespace ytterby

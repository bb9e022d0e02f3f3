#pragma once

#include <string>
#include <string_view>

namespace ytterby {

/// The shortest decimal text that reads back the same number: "0.1", "60", "1e+06", "nan", "-inf".
std::string number_text(double value);
/// Appends that text.
void append_number(std::string& text, double value);

/// Reads a whole text as a finite number; false when it is not one.
bool read_number(std::string_view text, double& value);

}  // namespace ytterby

#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <string_view>
#include <utility>

namespace ytterby {

/// Writes a text to a stream, with what would act on a terminal made visible (core/printable.hpp). Errors stay with the
/// stream; those of the standard output are reported at the end of the program.
void write_text(std::FILE* stream, std::string_view text);

/// Prints a result on the standard output.
template <class... Values>
void print_text(fmt::format_string<Values...> format, Values&&... values) {
    write_text(stdout, fmt::format(format, std::forward<Values>(values)...));
}

/// Prints a remark on the standard error.
template <class... Values>
void print_note(fmt::format_string<Values...> format, Values&&... values) {
    write_text(stderr, fmt::format(format, std::forward<Values>(values)...));
}

/// Redraws a line of progress on the standard error; the text is the program's own and may move the cursor.
void draw_progress(std::string_view text);

/// Keeps the numbers of the standard streams taken where one of them is closed, so that no file gets its number, and
/// lets failed writes be errors instead of signals. To be called first.
void guard_standard_streams();

/// Throws std::runtime_error when the standard output could not take everything.
void finish_output();

}  // namespace ytterby

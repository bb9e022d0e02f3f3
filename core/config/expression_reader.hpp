#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/diagnostics.hpp"

namespace ytterby {

/// Reads short expressions such as "ci(import_reliance) < 0.01", word by word. What does not fit is thrown as an
/// InputError that quotes the text and names the column.
class ExpressionReader {
public:
    /// `key` is what the text was given under, such as "--fails"; `shape` shows how one is written.
    ExpressionReader(std::string_view text, std::string key, std::string shape, SourceLocation where);

    /// Takes a symbol or word if it comes next.
    bool take(std::string_view word);
    void expect(std::string_view word);
    double number();
    /// A name that must be one of these; its number.
    std::size_t name(std::span<const std::string> known, const std::string& kind);
    /// Less, less or equal, more, or more or equal: "<", "<=", ">" or ">=".
    std::string comparison();
    bool at_end();
    [[noreturn]] void refuse(std::string what, std::string suggestion = {});

private:
    /// The next name, number or symbol, empty at the end; it is not taken.
    std::string_view peek();

    std::string_view text_;
    std::string key_, shape_;
    SourceLocation where_;
    std::size_t at_ = 0;
};

}  // namespace ytterby

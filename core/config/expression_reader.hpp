#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/diagnostics.hpp"

namespace ytterby {

/// Reads short expressions such as "ci(import_reliance) < 0.01", token by token. What does not fit is thrown as an
/// InputError that quotes the text and names the column.
class ExpressionReader {
public:
    /// `key` is the key or option that holds the text, such as "--fails"; `shape` is an example.
    ExpressionReader(std::string_view text, std::string key, std::string shape, SourceLocation where);

    /// Consumes a symbol or word if it comes next.
    bool take(std::string_view token);
    /// Consumes a symbol or word that must come next.
    void expect(std::string_view token);
    double number();
    /// Reads one of these names; returns its number.
    std::size_t name(std::span<const std::string> known, const std::string& kind);
    /// Reads "<", "<=", ">" or ">=".
    std::string comparison();
    bool at_end();
    [[noreturn]] void refuse(std::string what, std::string suggestion = {});

private:
    /// The next name, number or symbol, empty at the end; it is not consumed.
    std::string_view peek();

    std::string_view text_;
    std::string key_, shape_;
    SourceLocation where_;
    std::size_t at_ = 0;
};

}  // namespace ytterby

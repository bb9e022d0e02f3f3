#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/diagnostics.hpp"

namespace ytterby {

/// A word of an expression and where it begins, in bytes.
struct ExpressionWord {
    std::string text = {};
    std::size_t begin = 0;
};

/// What stands where an expression needs a number and none is written: `name`, or `name(argument, ...)`. The name is
/// empty where there is none.
struct ExpressionCall {
    ExpressionWord name = {};
    bool has_arguments = false;
    std::vector<ExpressionWord> arguments = {};
    std::size_t end = 0;
};

/// The one thing that is wrong with an expression, and where.
struct ExpressionError {
    std::size_t at = 0;
    std::string what = {};
    std::string suggestion = {};
};

/// A condition such as `import_reliance(USA, dysprosium.refined) > 0.8 and price < 2 * 400e3`: comparisons (< <= > >=)
/// of numbers, names, calls and + - * / of them, joined by `and`, `or`, `not` and parentheses. What names mean is the
/// user's. At most 32 deep and 500 parts long. Immutable, cheap to copy.
class Expression {
public:
    enum class Kind : std::uint8_t {
        number,
        call,
        add,
        subtract,
        multiply,
        divide,
        less,
        less_equal,
        more,
        more_equal,
        both,
        either,
        negate
    };
    struct Node {
        Kind kind = Kind::number;
        double number = 0.0;
        std::size_t meaning = 0;  ///< what a call stands for, as its user numbers it
        std::size_t begin = 0;    ///< of its text, in bytes
        std::shared_ptr<const Node> left = {};
        std::shared_ptr<const Node> right = {};
    };

    /// Gives what a name or a call stands for as a number of the user's; throws ExpressionError where it stands for
    /// nothing.
    using Meaning = std::function<std::size_t(const ExpressionCall&)>;

    Expression() = default;
    /// Reads a condition; `shape` is a call as it should be written. Throws ExpressionError at the first error.
    static Expression parse(std::string_view text, const std::string& shape, const Meaning& meaning);

    bool is_empty() const { return root_ == nullptr; }
    const Node* root() const { return root_.get(); }

    /// Whether the condition holds, given the value of each call. A comparison with what is not a number gives
    /// `unknown`; where the answer depends on one that gives nothing, the answer is nothing.
    std::optional<bool> holds(const std::function<double(std::size_t meaning)>& value,
                              std::optional<bool> unknown) const;

private:
    std::shared_ptr<const Node> root_;
};

/// The number of a name in a list; throws ExpressionError, which calls it a `kind` ("metric"), where it is not there.
std::size_t find_named(const ExpressionWord& name, std::span<const std::string> known, const std::string& kind);

/// A word of an expression as a number; throws ExpressionError.
double number_of(const ExpressionWord& word);

/// The error as a problem with the key that holds the text; it names the character and quotes the text.
Problem problem_of(const ExpressionError& error, std::string_view text, const std::string& key, const std::string& why,
                   const SourceLocation& where);

}  // namespace ytterby

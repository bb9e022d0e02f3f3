#include "core/config/expression.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <utility>

#include "core/number_text.hpp"

namespace ytterby {

namespace {

using Kind = Expression::Kind;
using Node = Expression::Node;
using Part = std::shared_ptr<const Node>;

constexpr int most_nesting = 64;
constexpr std::size_t most_parts = 500;

bool is_truth(const Node& node) { return node.kind >= Kind::less; }

bool is_letter(char letter) { return std::isalpha(static_cast<unsigned char>(letter)) != 0; }
bool is_digit(char letter) { return std::isdigit(static_cast<unsigned char>(letter)) != 0; }

/// True for the bytes of UTF-8 that go on with a character.
bool goes_on(char letter) { return (static_cast<unsigned char>(letter) & 0xC0) == 0x80; }

/// The text as a message quotes it, cut to a readable length.
std::string start_of(std::string_view text) {
    std::size_t length = std::min<std::size_t>(text.size(), 160);
    while (length < text.size() && goes_on(text[length])) {
        --length;
    }
    return "\"" + std::string(text.substr(0, length)) + (length < text.size() ? "..." : "") + "\"";
}

/// Recursive descent over the text; throws ExpressionError at the first error.
class Parser {
public:
    Parser(std::string_view text, const std::string& shape, const Expression::Meaning& meaning)
        : text_(text), shape_(shape), meaning_(meaning) {}

    Part parse() {
        Part all = either();
        if (place() < text_.size()) {
            fail_unexpected();
        }
        if (!is_truth(*all)) {
            fail(all->begin, "the condition is a number, not a comparison", "compare it: ... > 0.8");
        }
        return all;
    }

private:
    [[noreturn]] void fail(std::size_t where, std::string message, std::string hint) const {
        throw ExpressionError{std::min(where, text_.size()), std::move(message), std::move(hint)};
    }

    /// The letters, or the one sign, that stand here.
    std::string next_piece() {
        std::size_t end = place();
        while (end < text_.size() && is_letter(text_[end])) {
            ++end;
        }
        for (end = std::max(end, at_ + 1); end < text_.size() && goes_on(text_[end]);) {
            ++end;
        }
        return std::string(text_.substr(at_, end - at_));
    }

    /// Text goes on where a condition could end.
    [[noreturn]] void fail_unexpected() {
        const std::string found = next_piece();
        const bool sign = found == "=" || found == "!" || found == "\u2264" || found == "\u2265" || found == "\u2260";
        fail(at_, "unexpected '" + found + "'",
             sign           ? "compare with <, <=, > or >="
             : found == ")" ? "open the parenthesis first, or leave it out"
             : found == "%" ? "write a share, such as 0.25 for 25 %"
                            : "join comparisons with and / or");
    }

    /// Where the next word or sign begins.
    std::size_t place() {
        while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) {
            ++at_;
        }
        return at_;
    }

    bool take(std::string_view word) {
        if (text_.substr(place(), word.size()) != word) {
            return false;
        }
        const std::size_t after = at_ + word.size();
        if (is_letter(word.back()) && after < text_.size() &&
            (is_letter(text_[after]) || is_digit(text_[after]) || text_[after] == '_')) {
            return false;
        }
        at_ = after;
        return true;
    }

    /// Bounds the size of the tree, so that hostile input cannot exhaust the stack.
    Part part(Node node) {
        if (++parts_ > most_parts) {
            fail(node.begin, "too long",
                 "use at most " + std::to_string(most_parts) + " numbers, indicators and operations");
        }
        return std::make_shared<const Node>(std::move(node));
    }
    Part join(Kind kind, const Part& left, const Part& right) {
        return part({.kind = kind, .begin = left->begin, .left = left, .right = right});
    }
    void want_truth(const Part& found, const char* message, const char* hint) const {
        if (!is_truth(*found)) {
            fail(found->begin, message, hint);
        }
    }
    void want_number(const Part& found, const char* message, const char* hint) const {
        if (is_truth(*found)) {
            fail(found->begin, message, hint);
        }
    }

    struct Depth {
        explicit Depth(Parser& parser) : parser_(parser) {
            if (++parser_.depth_ > most_nesting) {
                parser_.fail(parser_.at_, "nested too deeply", "use fewer parentheses");
            }
        }
        ~Depth() { --parser_.depth_; }
        Depth(const Depth&) = delete;
        Depth& operator=(const Depth&) = delete;
        Parser& parser_;
    };

    Part either() {
        Part left = both();
        while (take("or")) {
            left = connect(Kind::either, left, both());
        }
        return left;
    }
    Part both() {
        Part left = truth();
        while (take("and")) {
            left = connect(Kind::both, left, truth());
        }
        return left;
    }
    Part connect(Kind kind, const Part& left, const Part& right) {
        want_truth(left, "and / or join comparisons, not numbers", "compare each side first");
        want_truth(right, "and / or join comparisons, not numbers", "compare each side first");
        return join(kind, left, right);
    }

    Part truth() {
        const Depth depth(*this);
        const std::size_t begin = place();
        if (take("not")) {
            const Part inner = truth();
            want_truth(inner, "not takes a comparison", "not (... > 0.8)");
            return part({.kind = Kind::negate, .begin = begin, .left = inner});
        }
        Part left = sum();
        const auto kind = comparison();
        if (!kind) {
            return left;
        }
        const Part right = sum();
        want_number(left, "comparisons cannot be chained", "join two comparisons with and");
        want_number(right, "comparisons cannot be chained", "join two comparisons with and");
        if (const std::size_t next = place(); comparison()) {
            fail(next, "comparisons cannot be chained", "join two comparisons with and");
        }
        return join(*kind, left, right);
    }

    std::optional<Kind> comparison() {
        for (const auto& [sign, kind] :
             {std::pair{"<=", Kind::less_equal}, {">=", Kind::more_equal}, {"<", Kind::less}, {">", Kind::more}}) {
            if (take(sign)) {
                return kind;
            }
        }
        return std::nullopt;
    }

    Part arithmetic(Kind kind, const Part& left, const Part& right) {
        want_number(left, "arithmetic needs numbers, not comparisons", "put the comparison outside");
        want_number(right, "arithmetic needs numbers, not comparisons", "put the comparison outside");
        return join(kind, left, right);
    }
    Part sum() {
        Part left = product();
        while (true) {
            if (take("+")) {
                left = arithmetic(Kind::add, left, product());
            } else if (take("-")) {
                left = arithmetic(Kind::subtract, left, product());
            } else {
                return left;
            }
        }
    }
    Part product() {
        Part left = atom();
        while (true) {
            if (take("*")) {
                left = arithmetic(Kind::multiply, left, atom());
            } else if (take("/")) {
                left = arithmetic(Kind::divide, left, atom());
            } else {
                return left;
            }
        }
    }

    Part atom() {
        const Depth depth(*this);
        place();
        if (take("(")) {
            Part inner = either();
            if (!take(")")) {
                fail(at_, "missing ')'", "close the parenthesis");
            }
            return inner;
        }
        const char letter = at_ < text_.size() ? text_[at_] : ' ';
        return is_digit(letter) || letter == '.' || letter == '-' || letter == '+' ? number() : call();
    }

    Part number() {
        double value = 0.0;
        const std::size_t begin = at_;
        const char* first = text_.data() + at_ + (text_[at_] == '+' ? 1 : 0);
        const auto [end, error] = std::from_chars(first, text_.data() + text_.size(), value);
        if (error != std::errc() || !std::isfinite(value)) {
            fail(begin, "malformed number", "write it as 0.8, -2 or 4e5; what is named is negated as 0 - " + shape_);
        }
        at_ = static_cast<std::size_t>(end - text_.data());
        return part({.number = value, .begin = begin});
    }

    ExpressionWord word() {
        const std::size_t begin = place();
        while (at_ < text_.size() &&
               (is_letter(text_[at_]) || is_digit(text_[at_]) || text_[at_] == '_' || text_[at_] == '.')) {
            ++at_;
        }
        return {std::string(text_.substr(begin, at_ - begin)), begin};
    }

    Part call() {
        ExpressionCall call{.name = word()};
        call.end = at_;
        if (!call.name.text.empty() && take("(")) {
            call.has_arguments = true;
            do {
                call.arguments.push_back(word());
            } while (take(","));
            if (!take(")")) {
                const bool ends = place() >= text_.size();
                fail(at_, ends ? "missing ')'" : "'" + next_piece() + "' where ',' or ')' should be",
                     "write it as " + shape_);
            }
            call.end = at_;
        } else {
            call.end = place();
        }
        return part({.kind = Kind::call, .meaning = meaning_(call), .begin = call.name.begin});
    }

    std::string_view text_;
    const std::string& shape_;
    const Expression::Meaning& meaning_;
    std::size_t at_ = 0;
    std::size_t parts_ = 0;
    int depth_ = 0;
};

using Value = std::function<double(std::size_t)>;

double number_at(const Node& node, const Value& value) {
    switch (node.kind) {
        case Kind::call:
            return value(node.meaning);
        case Kind::add:
            return number_at(*node.left, value) + number_at(*node.right, value);
        case Kind::subtract:
            return number_at(*node.left, value) - number_at(*node.right, value);
        case Kind::multiply:
            return number_at(*node.left, value) * number_at(*node.right, value);
        case Kind::divide:
            return number_at(*node.left, value) / number_at(*node.right, value);
        default:
            return node.number;
    }
}

bool compare(Kind kind, double left, double right) {
    switch (kind) {
        case Kind::less:
            return left < right;
        case Kind::less_equal:
            return left <= right;
        case Kind::more:
            return left > right;
        default:
            return left >= right;
    }
}

/// Three-valued logic (Kleene): what is unknown matters only where the rest does not decide.
std::optional<bool> truth_at(const Node& node, const Value& value, std::optional<bool> unknown) {
    if (node.kind == Kind::negate) {
        const auto inner = truth_at(*node.left, value, unknown);
        return inner ? std::optional(!*inner) : std::nullopt;
    }
    if (node.kind == Kind::both || node.kind == Kind::either) {
        const bool decides = node.kind == Kind::either;
        const auto left = truth_at(*node.left, value, unknown);
        if (left == decides) {
            return left;
        }
        const auto right = truth_at(*node.right, value, unknown);
        return right == decides || left ? right : std::nullopt;
    }
    const double left = number_at(*node.left, value);
    const double right = number_at(*node.right, value);
    return std::isnan(left) || std::isnan(right) ? unknown : std::optional(compare(node.kind, left, right));
}

}  // namespace

Expression Expression::parse(std::string_view text, const std::string& shape, const Meaning& meaning) {
    Expression expression;
    expression.root_ = Parser(text, shape, meaning).parse();
    return expression;
}

std::optional<bool> Expression::holds(const std::function<double(std::size_t meaning)>& value,
                                      std::optional<bool> unknown) const {
    return root_ == nullptr ? std::optional(true) : truth_at(*root_, value, unknown);
}

std::size_t find_named(const ExpressionWord& name, std::span<const std::string> known, const std::string& kind) {
    const auto found = std::find(known.begin(), known.end(), name.text);
    if (found == known.end()) {
        throw ExpressionError{
            name.begin,
            name.text.empty() ? "the name of a " + kind + " is missing" : "unknown " + kind + " '" + name.text + "'",
            name.text.empty() ? "use one of: " + join_names(known) : suggest_name(name.text, known)};
    }
    return static_cast<std::size_t>(found - known.begin());
}

double number_of(const ExpressionWord& word) {
    double value = 0.0;
    if (!read_number(word.text, value)) {
        throw ExpressionError{word.begin,
                              word.text.empty() ? "a number is missing" : "'" + word.text + "' is not a number",
                              "write it like 0.01, without a unit or %"};
    }
    return value;
}

Problem problem_of(const ExpressionError& error, std::string_view text, const std::string& key, const std::string& why,
                   const SourceLocation& where) {
    const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(error.at, text.size()));
    const auto column = 1 + std::count_if(text.begin(), end, [](char letter) { return !goes_on(letter); });
    return {.key = key,
            .what = error.what + " at character " + std::to_string(column) + " of " + start_of(text),
            .why = why,
            .suggestion = error.suggestion,
            .where = where};
}

}  // namespace ytterby

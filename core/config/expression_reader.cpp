#include "core/config/expression_reader.hpp"

#include <algorithm>

#include "core/number_text.hpp"

namespace ytterby {
namespace {

bool is_letter(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || letter == '_';
}
bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

}  // namespace

ExpressionReader::ExpressionReader(std::string_view text, std::string key, std::string shape, SourceLocation where)
    : text_(text), key_(std::move(key)), shape_(std::move(shape)), where_(std::move(where)) {}

std::string_view ExpressionReader::peek() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) {
        ++at_;
    }
    std::size_t end = at_;
    if (end == text_.size()) {
        return {};
    }
    const auto next_is_number = [&](std::size_t place) {
        return place < text_.size() && (is_digit(text_[place]) || text_[place] == '.');
    };
    if (is_letter(text_[end])) {
        while (end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end]) || text_[end] == '.')) {
            ++end;
        }
    } else if (next_is_number(end) || ((text_[end] == '-' || text_[end] == '+') && next_is_number(end + 1))) {
        ++end;
        while (end < text_.size() &&
               (is_letter(text_[end]) || is_digit(text_[end]) || text_[end] == '.' ||
                ((text_[end] == '-' || text_[end] == '+') && (text_[end - 1] == 'e' || text_[end - 1] == 'E')))) {
            ++end;
        }
    } else {
        end += (text_[end] == '<' || text_[end] == '>' || text_[end] == '=') && end + 1 < text_.size() &&
                       text_[end + 1] == '='
                   ? 2
                   : 1;
    }
    return text_.substr(at_, end - at_);
}

bool ExpressionReader::take(std::string_view token) {
    if (token.empty() || peek() != token) {
        return false;
    }
    at_ += token.size();
    return true;
}

void ExpressionReader::expect(std::string_view token) {
    if (!take(token)) {
        refuse("'" + std::string(token) + "' is missing" + (at_end() ? "" : " before '" + std::string(peek()) + "'"));
    }
}

double ExpressionReader::number() {
    const std::string_view token = peek();
    double value = 0.0;
    if (!read_number(token.starts_with('+') ? token.substr(1) : token, value)) {
        refuse(token.empty() ? "a number is missing" : "'" + std::string(token) + "' is not a number",
               token.empty() || is_letter(token.front()) ? "" : "write it like 0.01, without a unit or %");
    }
    at_ += token.size();
    return value;
}

std::size_t ExpressionReader::name(std::span<const std::string> known, const std::string& kind) {
    const std::string token(peek());
    const auto found = std::find(known.begin(), known.end(), token);
    if (found == known.end()) {
        if (token.empty() || !is_letter(token.front())) {
            refuse("the name of a " + kind + " is missing", "use one of: " + join_names(known));
        }
        refuse("unknown " + kind + " '" + token + "'", suggest_name(token, known));
    }
    at_ += token.size();
    return static_cast<std::size_t>(found - known.begin());
}

std::string ExpressionReader::comparison() {
    std::string token(peek());
    if (token != "<" && token != "<=" && token != ">" && token != ">=") {
        refuse(token.empty() ? "a comparison is missing" : "'" + token + "' is no comparison", "write <, <=, > or >=");
    }
    at_ += token.size();
    return token;
}

bool ExpressionReader::at_end() { return peek().empty(); }

void ExpressionReader::refuse(std::string what, std::string suggestion) {
    peek();
    throw InputError(Problem{.key = key_,
                             .what = "\"" + std::string(text_.substr(0, 160)) + "\", character " +
                                     std::to_string(at_ + 1) + ": " + std::move(what),
                             .why = "it is written like " + shape_,
                             .suggestion = std::move(suggestion),
                             .where = where_});
}

}  // namespace ytterby

#include "policies/condition.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "agents/world/indicators.hpp"

namespace ytterby {

/// An operation of the expression tree; comparisons and connectives give 1 or 0.
struct Condition::Node {
    enum class Kind {
        number,
        indicator,
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
    Kind kind = Kind::number;
    double number = 0.0;
    const NamedIndicator* indicator = nullptr;
    CountryId country = {};
    GoodId good = {};
    std::shared_ptr<const Node> left = {};
    std::shared_ptr<const Node> right = {};
};

namespace {

using Node = Condition::Node;
using NodePointer = std::shared_ptr<const Node>;
using Kind = Node::Kind;

bool is_truth(const Node& node) { return node.kind >= Kind::less; }

/// True for the second and later bytes of a character in UTF-8.
bool is_continuation(char letter) { return (static_cast<unsigned char>(letter) & 0xC0) == 0x80; }

/// The text in quotes for a message, cut to a readable length.
std::string quoted(std::string_view text) {
    std::size_t length = std::min<std::size_t>(text.size(), 160);
    while (length < text.size() && is_continuation(text[length])) {
        --length;
    }
    return "\"" + std::string(text.substr(0, length)) + (length < text.size() ? "..." : "") + "\"";
}

/// Recursive descent over the text; stops at the first error, which names its column.
class Parser {
public:
    Parser(std::string_view text, const Names& names) : text_(text), names_(names) {}

    NodePointer parse() {
        const Part all = either();
        skip_space();
        if (!failed() && at_ < text_.size()) {
            fail_unexpected();
        }
        if (!failed() && !is_truth(*all.node)) {
            fail(all.begin, "the condition is a number, not a comparison", "compare it: ... > 0.8");
        }
        return failed() ? nullptr : all.node;
    }

    bool failed() const { return failed_; }
    std::string what, suggestion;
    /// Where the error is, in characters from 1.
    std::size_t column() const {
        return 1 + static_cast<std::size_t>(std::count_if(text_.begin(),
                                                          text_.begin() + static_cast<std::ptrdiff_t>(failed_at_),
                                                          [](char letter) { return !is_continuation(letter); }));
    }

private:
    static constexpr int most_nesting = 64;
    static constexpr std::size_t most_operations = 500;
    static constexpr const char* shape = "write it as import_reliance(USA, dysprosium.refined)";

    /// A subtree and where its text begins; null after an error.
    struct Part {
        NodePointer node;
        std::size_t begin = 0;
    };

    void fail(std::size_t where, std::string message, std::string hint) {
        if (!failed_) {
            failed_ = true;
            failed_at_ = std::min(where, text_.size());
            what = std::move(message);
            suggestion = std::move(hint);
        }
    }
    /// Reports text after the end of a complete condition.
    void fail_unexpected() {
        std::size_t end = at_;
        while (end < text_.size() && (std::isalpha(static_cast<unsigned char>(text_[end])) != 0)) {
            ++end;
        }
        for (end = std::max(end, at_ + 1); end < text_.size() && is_continuation(text_[end]);) {
            ++end;
        }
        const std::string found(text_.substr(at_, end - at_));
        const bool sign = found == "=" || found == "!" || found == "\u2264" || found == "\u2265" || found == "\u2260";
        fail(at_, "unexpected '" + found + "'",
             sign           ? "compare with <, <=, > or >="
             : found == ")" ? "open the parenthesis first, or leave it out"
                            : "join comparisons with and / or");
    }
    void skip_space() {
        while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) {
            ++at_;
        }
    }
    /// Where the next token begins.
    std::size_t next_token() {
        skip_space();
        return at_;
    }
    bool take(std::string_view token) {
        skip_space();
        if (text_.substr(at_, token.size()) != token) {
            return false;
        }
        const bool letters = std::isalpha(static_cast<unsigned char>(token.back())) != 0;
        const std::size_t after = at_ + token.size();
        if (letters && after < text_.size() &&
            (std::isalnum(static_cast<unsigned char>(text_[after])) != 0 || text_[after] == '_')) {
            return false;
        }
        at_ = after;
        return true;
    }
    /// Bounds the size of the tree, so that hostile input cannot exhaust the stack.
    Part part(std::size_t begin, Node node) {
        if (++operations_ > most_operations) {
            fail(begin, "too long",
                 "use at most " + std::to_string(most_operations) + " numbers, indicators and operations");
        }
        return failed() ? Part{nullptr, begin} : Part{std::make_shared<const Node>(std::move(node)), begin};
    }
    Part join(Kind kind, const Part& left, const Part& right) {
        return failed() ? Part{nullptr, left.begin}
                        : part(left.begin, {.kind = kind, .left = left.node, .right = right.node});
    }
    void want_truth(const Part& found, const char* message, const char* hint) {
        if (!failed() && !is_truth(*found.node)) {
            fail(found.begin, message, hint);
        }
    }
    void want_number(const Part& found, const char* message, const char* hint) {
        if (!failed() && is_truth(*found.node)) {
            fail(found.begin, message, hint);
        }
    }
    struct Depth {
        explicit Depth(Parser& parser) : parser_(parser) {
            if (++parser_.depth_ > most_nesting) {
                parser_.fail(parser_.at_, "nested too deeply", "use fewer parentheses");
            }
        }
        ~Depth() { --parser_.depth_; }
        Parser& parser_;
    };

    Part either() {
        Part left = both();
        while (!failed() && take("or")) {
            left = connect(Kind::either, left, both());
        }
        return left;
    }
    Part both() {
        Part left = truth();
        while (!failed() && take("and")) {
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
        const std::size_t begin = next_token();
        if (failed()) {
            return {nullptr, begin};
        }
        if (take("not")) {
            const Part inner = truth();
            want_truth(inner, "not takes a comparison", "not (... > 0.8)");
            return failed() ? Part{nullptr, begin} : part(begin, {.kind = Kind::negate, .left = inner.node});
        }
        Part left = sum();
        const auto kind = failed() ? std::nullopt : comparison();
        if (!kind) {
            return left;
        }
        const Part right = sum();
        want_number(left, "comparisons cannot be chained", "join two comparisons with and");
        want_number(right, "comparisons cannot be chained", "join two comparisons with and");
        const std::size_t next = next_token();
        if (!failed() && comparison()) {
            fail(next, "comparisons cannot be chained", "join two comparisons with and");
        }
        return join(kind.value(), left, right);
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
        while (!failed()) {
            if (take("+")) {
                left = arithmetic(Kind::add, left, product());
            } else if (take("-")) {
                left = arithmetic(Kind::subtract, left, product());
            } else {
                break;
            }
        }
        return left;
    }
    Part product() {
        Part left = atom();
        while (!failed()) {
            if (take("*")) {
                left = arithmetic(Kind::multiply, left, atom());
            } else if (take("/")) {
                left = arithmetic(Kind::divide, left, atom());
            } else {
                break;
            }
        }
        return left;
    }
    Part atom() {
        const Depth depth(*this);
        const std::size_t begin = next_token();
        if (failed()) {
            return {nullptr, begin};
        }
        if (take("(")) {
            const Part inner = either();
            if (!failed() && !take(")")) {
                fail(at_, "missing ')'", "close the parenthesis");
            }
            return {failed() ? nullptr : inner.node, begin};
        }
        if (at_ < text_.size() &&
            (std::isdigit(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '.' || text_[at_] == '-')) {
            return number();
        }
        return call();
    }
    Part number() {
        double value = 0.0;
        const std::size_t begin = at_;
        const char* first = text_.data() + at_;
        const auto [end, error] = std::from_chars(first, text_.data() + text_.size(), value);
        if (error != std::errc() || !std::isfinite(value)) {
            fail(begin, "malformed number", "write it as 0.8, -2 or 4e5; an indicator is negated as 0 - price(...)");
            return {nullptr, begin};
        }
        at_ += static_cast<std::size_t>(end - first);
        return part(begin, {.number = value});
    }
    std::string name() {
        const std::size_t begin = next_token();
        while (at_ < text_.size() &&
               (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '_' || text_[at_] == '.')) {
            ++at_;
        }
        return std::string(text_.substr(begin, at_ - begin));
    }
    /// indicator(COUNTRY, metal.stage)
    Part call() {
        const std::size_t begin = next_token();
        const std::string called = name();
        std::vector<std::string> known;
        Node node{.kind = Kind::indicator};
        for (const NamedIndicator& candidate : named_indicators()) {
            known.emplace_back(candidate.name);
            node.indicator = called == candidate.name ? &candidate : node.indicator;
        }
        if (node.indicator == nullptr) {
            fail(begin, called.empty() ? "a number or an indicator is missing" : "unknown indicator '" + called + "'",
                 suggest_name(called, known));
        } else if (!take("(")) {
            fail(at_, "missing '(' after " + called, shape);
        } else if (const auto country = one_country()) {
            node.country = *country;
            if (!take(",")) {
                fail(at_, "missing ',' and a good", shape);
            } else if (const auto good = one_good()) {
                node.good = *good;
                if (!take(")")) {
                    fail(at_, "missing ')'", shape);
                }
            }
        }
        return failed() ? Part{nullptr, begin} : part(begin, std::move(node));
    }
    std::optional<CountryId> one_country() {
        const std::size_t begin = next_token();
        const std::string code = name();
        if (std::find(names_.countries.begin(), names_.countries.end(), code) != names_.countries.end()) {
            return names_.find_countries(code)->front();
        }
        if (code.empty()) {
            fail(begin, "a country is missing", shape);
        } else if (names_.find_countries(code)) {
            fail(begin, "'" + code + "' is a group, and an indicator is about one country", "name one of its members");
        } else {
            fail(begin, "unknown country '" + code + "'", suggest_name(code, names_.countries));
        }
        return std::nullopt;
    }
    std::optional<GoodId> one_good() {
        const std::size_t begin = next_token();
        const std::string good = name();
        if (std::find(names_.goods.begin(), names_.goods.end(), good) != names_.goods.end()) {
            return names_.find_goods(good)->front();
        }
        if (good.empty()) {
            fail(begin, "a good is missing", shape);
        } else if (const auto stages = names_.find_goods(good)) {
            fail(begin, "'" + good + "' is a metal, and an indicator is about one good",
                 "name its stage: " + names_.goods[stages->front().index()]);
        } else {
            fail(begin, "unknown good '" + good + "'", suggest_name(good, names_.goods));
        }
        return std::nullopt;
    }

    std::string_view text_;
    const Names& names_;
    std::size_t at_ = 0;
    std::size_t failed_at_ = 0;
    std::size_t operations_ = 0;
    int depth_ = 0;
    bool failed_ = false;
};

double evaluate(const Node& node, const Economy& economy, const World& world) {
    const auto left = [&] { return evaluate(*node.left, economy, world); };
    const auto right = [&] { return evaluate(*node.right, economy, world); };
    switch (node.kind) {
        case Kind::number:
            return node.number;
        case Kind::indicator:
            return node.indicator->value(economy, world, node.country, node.good);
        case Kind::add:
            return left() + right();
        case Kind::subtract:
            return left() - right();
        case Kind::multiply:
            return left() * right();
        case Kind::divide:
            return left() / right();
        case Kind::less:
            return left() < right() ? 1.0 : 0.0;
        case Kind::less_equal:
            return left() <= right() ? 1.0 : 0.0;
        case Kind::more:
            return left() > right() ? 1.0 : 0.0;
        case Kind::more_equal:
            return left() >= right() ? 1.0 : 0.0;
        case Kind::both:
            return left() > 0.0 && right() > 0.0 ? 1.0 : 0.0;
        case Kind::either:
            return left() > 0.0 || right() > 0.0 ? 1.0 : 0.0;
        case Kind::negate:
            return left() > 0.0 ? 0.0 : 1.0;
    }
    return 0.0;
}

}  // namespace

Condition Condition::parse(std::string_view text, const Names& names, const std::string& key,
                           const SourceLocation& where, Problems& problems) {
    Condition condition;
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
        return condition;
    }
    Parser parser(text, names);
    condition.root_ = parser.parse();
    if (parser.failed()) {
        problems.add({.key = key,
                      .what = parser.what + " at character " + std::to_string(parser.column()) + " of " + quoted(text),
                      .why = "a condition compares indicators of the last tick",
                      .suggestion = parser.suggestion,
                      .where = where});
        condition.root_ = nullptr;
    }
    return condition;
}

bool Condition::holds(const Economy& economy, const World& world) const {
    return root_ == nullptr || evaluate(*root_, economy, world) > 0.0;
}

}  // namespace ytterby

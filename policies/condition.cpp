#include "policies/condition.hpp"

#include <cctype>
#include <charconv>
#include <cmath>
#include <optional>
#include <vector>

#include "agents/indicators.hpp"

namespace ytterby {

/// An operation of the expression tree; comparisons and connectives give 1 or 0.
struct Condition::Node {
    enum class Kind { number, indicator, add, subtract, multiply, divide, less, less_equal, more, more_equal, both, either, negate };
    Kind kind = Kind::number;
    double number = 0.0;
    const NamedIndicator* indicator = nullptr;
    CountryId country;
    GoodId good;
    std::shared_ptr<const Node> left;
    std::shared_ptr<const Node> right;
};

namespace {

using Node = Condition::Node;
using NodePointer = std::shared_ptr<const Node>;
using Kind = Node::Kind;

bool is_truth(const Node& node) { return node.kind >= Kind::less; }

/// Recursive descent over the text; stops at the first error, which names its column.
class Parser {
public:
    Parser(std::string_view text, const Names& names) : text_(text), names_(names) {}

    NodePointer parse() {
        NodePointer node = either();
        skip_space();
        if (!failed() && at_ < text_.size()) {
            fail("unexpected '" + std::string(1, text_[at_]) + "'", "join comparisons with and / or");
        }
        if (!failed() && !is_truth(*node)) {
            fail("the condition is a number, not a comparison", "compare it: ... > 0.8");
        }
        return failed() ? nullptr : node;
    }

    bool failed() const { return failed_; }
    std::string what, suggestion;
    std::size_t column() const { return at_ + 1; }

private:
    void fail(std::string message, std::string hint) {
        if (!failed_) {
            failed_ = true;
            what = std::move(message);
            suggestion = std::move(hint);
        }
    }
    void skip_space() {
        while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) {
            ++at_;
        }
    }
    bool take(std::string_view word) {
        skip_space();
        if (text_.substr(at_, word.size()) != word) {
            return false;
        }
        const bool letters = std::isalpha(static_cast<unsigned char>(word.back())) != 0;
        const std::size_t after = at_ + word.size();
        if (letters && after < text_.size() &&
            (std::isalnum(static_cast<unsigned char>(text_[after])) != 0 || text_[after] == '_')) {
            return false;
        }
        at_ = after;
        return true;
    }
    static NodePointer make(Kind kind, NodePointer left, NodePointer right) {
        auto node = std::make_shared<Node>();
        node->kind = kind;
        node->left = std::move(left);
        node->right = std::move(right);
        return node;
    }
    /// Bounds the nesting, so that hostile input cannot exhaust the stack.
    struct Depth {
        explicit Depth(Parser& parser) : parser_(parser) {
            if (++parser_.depth_ > 64) {
                parser_.fail("nested too deeply", "use fewer parentheses");
            }
        }
        ~Depth() { --parser_.depth_; }
        Parser& parser_;
    };

    NodePointer either() {
        NodePointer left = both();
        while (!failed() && take("or")) {
            left = connect(Kind::either, left, both());
        }
        return left;
    }
    NodePointer both() {
        NodePointer left = truth();
        while (!failed() && take("and")) {
            left = connect(Kind::both, left, truth());
        }
        return left;
    }
    NodePointer connect(Kind kind, const NodePointer& left, const NodePointer& right) {
        if (!failed() && (!is_truth(*left) || !is_truth(*right))) {
            fail("and / or join comparisons, not numbers", "compare each side first");
        }
        return failed() ? nullptr : make(kind, left, right);
    }
    NodePointer truth() {
        const Depth depth(*this);
        if (failed()) {
            return nullptr;
        }
        if (take("not")) {
            NodePointer inner = truth();
            if (!failed() && !is_truth(*inner)) {
                fail("not takes a comparison", "not (... > 0.8)");
            }
            return failed() ? nullptr : make(Kind::negate, inner, nullptr);
        }
        NodePointer left = sum();
        for (const auto& [sign, kind] : {std::pair{"<=", Kind::less_equal}, {">=", Kind::more_equal}, {"<", Kind::less}, {">", Kind::more}}) {
            if (!failed() && take(sign)) {
                NodePointer right = sum();
                if (!failed() && (is_truth(*left) || is_truth(*right))) {
                    fail("comparisons cannot be chained", "join two comparisons with and");
                }
                return failed() ? nullptr : make(kind, left, right);
            }
        }
        return left;
    }
    NodePointer arithmetic(Kind kind, const NodePointer& left, const NodePointer& right) {
        if (!failed() && (is_truth(*left) || is_truth(*right))) {
            fail("arithmetic needs numbers, not comparisons", "put the comparison outside");
        }
        return failed() ? nullptr : make(kind, left, right);
    }
    NodePointer sum() {
        NodePointer left = product();
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
    NodePointer product() {
        NodePointer left = atom();
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
    NodePointer atom() {
        const Depth depth(*this);
        skip_space();
        if (failed()) {
            return nullptr;
        }
        if (take("(")) {
            NodePointer inner = either();
            if (!failed() && !take(")")) {
                fail("missing ')'", "close the parenthesis");
            }
            return failed() ? nullptr : inner;
        }
        if (at_ < text_.size() && (std::isdigit(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '.' || text_[at_] == '-')) {
            return number();
        }
        return call();
    }
    NodePointer number() {
        double value = 0.0;
        const char* begin = text_.data() + at_;
        const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), value);
        if (error != std::errc() || !std::isfinite(value)) {
            fail("malformed number", "write it as 0.8 or 4e5");
            return nullptr;
        }
        at_ += static_cast<std::size_t>(end - begin);
        auto node = std::make_shared<Node>();
        node->number = value;
        return node;
    }
    std::string word() {
        skip_space();
        const std::size_t begin = at_;
        while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '_' || text_[at_] == '.')) {
            ++at_;
        }
        return std::string(text_.substr(begin, at_ - begin));
    }
    NodePointer call() {
        const std::size_t begin = at_;
        const std::string name = word();
        std::vector<std::string> known;
        const NamedIndicator* indicator = nullptr;
        for (const NamedIndicator& candidate : named_indicators()) {
            known.emplace_back(candidate.name);
            indicator = name == candidate.name ? &candidate : indicator;
        }
        if (indicator == nullptr) {
            at_ = begin;
            fail(name.empty() ? "a number or an indicator is missing" : "unknown indicator '" + name + "'",
                 suggest_name(name, known));
            return nullptr;
        }
        const char* shape = "write it as import_reliance(USA, dysprosium.refined)";
        if (!take("(")) {
            fail("missing '(' after " + name, shape);
            return nullptr;
        }
        auto node = std::make_shared<Node>();
        node->kind = Kind::indicator;
        node->indicator = indicator;
        const std::string country = word();
        const auto countries = names_.find_countries(country);
        if (!countries || countries->size() != 1) {
            fail("unknown country '" + country + "'", names_.suggest_country(country));
            return nullptr;
        }
        node->country = countries->front();
        if (!take(",")) {
            fail("missing ',' and a good", shape);
            return nullptr;
        }
        const std::string good = word();
        const auto goods = names_.find_goods(good);
        if (!goods || goods->size() != 1 || good.find('.') == std::string::npos) {
            fail("unknown good '" + good + "'", names_.suggest_good(good));
            return nullptr;
        }
        node->good = goods->front();
        if (!take(")")) {
            fail("missing ')'", shape);
            return nullptr;
        }
        return node;
    }

    std::string_view text_;
    const Names& names_;
    std::size_t at_ = 0;
    int depth_ = 0;
    bool failed_ = false;
};

double evaluate(const Node& node, const Economy& economy, const World& world) {
    const auto left = [&] { return evaluate(*node.left, economy, world); };
    const auto right = [&] { return evaluate(*node.right, economy, world); };
    switch (node.kind) {
        case Kind::number: return node.number;
        case Kind::indicator: return node.indicator->value(economy, world, node.country, node.good);
        case Kind::add: return left() + right();
        case Kind::subtract: return left() - right();
        case Kind::multiply: return left() * right();
        case Kind::divide: return left() / right();
        case Kind::less: return left() < right() ? 1.0 : 0.0;
        case Kind::less_equal: return left() <= right() ? 1.0 : 0.0;
        case Kind::more: return left() > right() ? 1.0 : 0.0;
        case Kind::more_equal: return left() >= right() ? 1.0 : 0.0;
        case Kind::both: return left() > 0.0 && right() > 0.0 ? 1.0 : 0.0;
        case Kind::either: return left() > 0.0 || right() > 0.0 ? 1.0 : 0.0;
        case Kind::negate: return left() > 0.0 ? 0.0 : 1.0;
    }
    return 0.0;
}

}  // namespace

Condition Condition::parse(std::string_view text, const Names& names, const std::string& key,
                           const SourceLocation& where, Problems& problems) {
    Condition condition;
    if (text.find_first_not_of(" \t") == std::string_view::npos) {
        return condition;
    }
    Parser parser(text, names);
    condition.root_ = parser.parse();
    if (parser.failed()) {
        problems.add({.key = key,
                      .what = parser.what + " at character " + std::to_string(parser.column()) + " of \"" + std::string(text) + "\"",
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

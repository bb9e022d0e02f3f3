#include "policies/condition.hpp"

#include <algorithm>
#include <span>

namespace ytterby {

namespace {

constexpr const char* shape = "import_reliance(USA, dysprosium.refined)";

[[noreturn]] void fail(std::size_t at, std::string what, std::string suggestion) {
    throw ExpressionError{at, std::move(what), std::move(suggestion)};
}

std::string in_that_shape() { return std::string("write it as ") + shape; }

bool contains(const std::vector<std::string>& list, const std::string& name) {
    return std::find(list.begin(), list.end(), name) != list.end();
}

const Indicator* indicator_of(const ExpressionWord& name) {
    if (const Indicator* found = find_indicator(name.text)) {
        return found;
    }
    std::vector<std::string> known;
    for (const Indicator& one : indicators()) {
        known.emplace_back(one.name);
    }
    fail(name.begin,
         name.text.empty() ? "a number or an indicator is missing" : "unknown indicator '" + name.text + "'",
         suggest_name(name.text, known));
}

CountryId find_country(const ExpressionWord& code, const Names& names) {
    if (contains(names.countries, code.text)) {
        return names.find_countries(code.text)->front();
    }
    if (code.text.empty()) {
        fail(code.begin, "a country is missing", in_that_shape());
    }
    if (names.find_countries(code.text)) {
        fail(code.begin, "'" + code.text + "' is a group, and an indicator is about one country",
             "name one of its members");
    }
    fail(code.begin, "unknown country '" + code.text + "'", suggest_name(code.text, names.countries));
}

GoodId find_good(const ExpressionWord& good, const Names& names) {
    if (contains(names.goods, good.text)) {
        return names.find_goods(good.text)->front();
    }
    if (good.text.empty()) {
        fail(good.begin, "a good is missing", in_that_shape());
    }
    if (const auto stages = names.find_goods(good.text)) {
        fail(good.begin, "'" + good.text + "' is a metal, and an indicator is about one good",
             "name its stage: " + names.goods[stages->front().index()]);
    }
    fail(good.begin, "unknown good '" + good.text + "'", suggest_name(good.text, names.goods));
}

}  // namespace

Condition Condition::parse(std::string_view text, const Names& names, const std::string& key,
                           const SourceLocation& where, Problems& problems) {
    Condition condition;
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
        return condition;
    }
    const auto meaning = [&](const ExpressionCall& call) {
        Call found{.indicator = indicator_of(call.name)};
        if (!call.has_arguments) {
            fail(call.end, "missing '(' after " + call.name.text, in_that_shape());
        }
        found.country = find_country(call.arguments.front(), names);
        if (call.arguments.size() < 2) {
            fail(call.end, "missing ',' and a good", in_that_shape());
        }
        found.good = find_good(call.arguments[1], names);
        if (call.arguments.size() > 2) {
            fail(call.arguments[2].begin, "an indicator is about one country and one good", in_that_shape());
        }
        condition.calls_.push_back(found);
        return condition.calls_.size() - 1;
    };
    try {
        condition.expression_ = Expression::parse(text, shape, meaning);
    } catch (const ExpressionError& error) {
        problems.add(problem_of(error, text, key, "a condition compares indicators of the last tick", where));
        return Condition();
    }
    return condition;
}

bool Condition::holds(const Economy& economy, const World& world) const {
    const auto value = [&](std::size_t which) {
        const Call& call = calls_[which];
        return call.indicator->value(GoodView(economy, world, call.good, std::span(&call.country, 1)));
    };
    return expression_.holds(value, false).value_or(false);
}

}  // namespace ytterby

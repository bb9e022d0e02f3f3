#include "experiments/metrics/metric_condition.hpp"

namespace ytterby {

MetricCondition MetricCondition::parse(std::string_view text, std::span<const std::string> metrics,
                                       const std::string& key, const SourceLocation& where) {
    const std::string shape = "reliance > 0.5 and shortage > 10";
    MetricCondition condition;
    condition.text_ = text;
    try {
        condition.expression_ = Expression::parse(text, shape, [&](const ExpressionCall& call) {
            const std::size_t metric = find_named(call.name, metrics, "metric");
            if (call.has_arguments) {
                throw ExpressionError{call.name.begin, "a metric takes nothing in parentheses",
                                      "write its name alone: " + call.name.text};
            }
            return metric;
        });
    } catch (const ExpressionError& error) {
        throw InputError(problem_of(error, text, key, "it is written like \"" + shape + "\"", where));
    }
    return condition;
}

}  // namespace ytterby

#include "experiments/metrics/metric_condition.hpp"

#include <cmath>

#include "core/config/expression_reader.hpp"

namespace ytterby {

MetricCondition MetricCondition::parse(std::string_view text, std::span<const std::string> metrics,
                                       const std::string& key, const SourceLocation& where) {
    ExpressionReader reader(text, key, "\"reliance > 0.5 and shortage > 10\"", where);
    MetricCondition condition;
    condition.text_ = text;
    condition.any_of_all_.emplace_back();
    while (true) {
        Comparison comparison;
        comparison.metric = reader.name(metrics, "metric");
        comparison.sign = reader.comparison();
        comparison.bound = reader.number();
        condition.any_of_all_.back().push_back(comparison);
        if (reader.take("or")) {
            condition.any_of_all_.emplace_back();
        } else if (reader.at_end()) {
            return condition;
        } else {
            if (!reader.take("and")) {
                reader.refuse("'and' or 'or' is missing");
            }
        }
    }
}

std::optional<bool> MetricCondition::holds(const std::function<double(std::size_t)>& value) const {
    bool is_known = true;
    for (const std::vector<Comparison>& all : any_of_all_) {
        bool holds = true;
        bool unknown = false;
        for (const Comparison& one : all) {
            const double at = value(one.metric);
            unknown = unknown || std::isnan(at);
            holds = holds && (std::isnan(at) || (one.sign == "<"    ? at < one.bound
                                                 : one.sign == "<=" ? at <= one.bound
                                                 : one.sign == ">"  ? at > one.bound
                                                                    : at >= one.bound));
        }
        if (holds && !unknown) {
            return true;
        }
        is_known = is_known && !(holds && unknown);
    }
    return is_known ? std::optional<bool>(false) : std::nullopt;
}

}  // namespace ytterby

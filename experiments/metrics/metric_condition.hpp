#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/config/expression.hpp"

namespace ytterby {

/// A condition on the metrics of a run, such as "reliance > 0.5 and price < 900 or shortage > 10": an Expression whose
/// names are metrics.
class MetricCondition {
public:
    /// Reads a condition on metrics of these names; throws InputError for a malformed one.
    static MetricCondition parse(std::string_view text, std::span<const std::string> metrics, const std::string& key,
                                 const SourceLocation& where);

    /// Whether a run with these values meets it; nothing where that depends on a NaN.
    std::optional<bool> holds(const std::function<double(std::size_t)>& value) const {
        return expression_.holds(value, std::nullopt);
    }
    const std::string& text() const { return text_; }

private:
    std::string text_;
    Expression expression_;
};

}  // namespace ytterby

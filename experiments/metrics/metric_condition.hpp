#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/diagnostics.hpp"

namespace ytterby {

/// A condition on the metrics of a run, such as "reliance > 0.5 and price < 900 or shortage > 10"; "and" binds closer.
class MetricCondition {
public:
    /// Reads a condition on metrics of these names; throws InputError for a malformed one.
    static MetricCondition parse(std::string_view text, std::span<const std::string> metrics, const std::string& key,
                                 const SourceLocation& where);

    /// Whether a run with these values meets it; nothing where that depends on a NaN.
    std::optional<bool> holds(const std::function<double(std::size_t)>& value) const;
    const std::string& text() const { return text_; }

private:
    struct Comparison {
        std::size_t metric = 0;
        std::string sign;
        double bound = 0.0;
    };
    std::string text_;
    std::vector<std::vector<Comparison>> any_of_all_;
};

}  // namespace ytterby

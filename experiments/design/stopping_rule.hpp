#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/expression.hpp"

namespace ytterby {

/// What a rule finds after some replicates.
struct StoppingAnswer {
    bool go_on = true;
    bool is_refused = false;  // replicates are equal to the bit in every cell: no number of them tells anything
    std::size_t more = 0;     // estimated number of replicates of each cell that are still needed; 0: none
    std::string why;          // "ci(reliance) is 0.013, must be < 0.01"
};

/// When a sweep has enough replicates: "ci(import_reliance) < 0.01", several joined by "and". ci(METRIC) is the
/// half-width of the interval of a cell's mean over replicates, in the metric's unit, in the worst cell; ci(METRIC,
/// 0.99) at another level than 0.95; relative_ci(METRIC) the same over the size of the mean.
class StoppingRule {
public:
    /// Reads a rule about metrics of these names; everything wrong is one InputError with the column.
    static StoppingRule parse(std::string_view text, std::span<const std::string> metrics,
                              const std::string& key = "until", const SourceLocation& where = {});

    /// Below this number of replicates no rule is met: a deviation estimated from so few is unsure, and one that is
    /// small by chance would stop too soon. Assumed, 5-30.
    static constexpr std::size_t least_replicates = 10;
    /// At most this many times the replicates that there are may be asked for at once, since the deviation is an
    /// estimate. Assumed, 1-5.
    static constexpr std::size_t most_growth = 3;

    /// Values of one metric in one cell, one a replicate; NaN where a run failed or is not there yet.
    using CellValues = std::function<std::span<const double>(std::size_t metric, std::size_t cell)>;
    /// Whether to go on, and how many more replicates of each cell are needed.
    StoppingAnswer ask(std::size_t cells, const CellValues& values) const;

    const std::string& text() const { return text_; }
    /// The metrics it needs.
    std::vector<std::size_t> metrics() const;

private:
    struct Term {
        std::size_t metric = 0;
        bool is_relative = false;
        double level = 0.95;
        double bound = 0.0;
        std::string text;
    };
    static Term read_call(const ExpressionCall& call, std::span<const std::string> metrics);
    void read_comparison(const Expression::Node& node, std::span<const Term> calls);

    std::string text_;
    std::vector<Term> terms_;
};

/// How many observations with a standard deviation make the half-width of their mean's interval smaller than a bound;
/// at most `most`.
std::size_t observations_needed(double deviation, double bound, double level, std::size_t most = 10000000);

}  // namespace ytterby

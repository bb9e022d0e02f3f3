#include "experiments/design/stopping_rule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

#include "statistics/student_interval.hpp"

namespace ytterby {

namespace {

constexpr const char* shape = "ci(import_reliance) < 0.01";

/// The comparisons of a rule, from left to right.
void list_comparisons(const Expression::Node& node, std::vector<const Expression::Node*>& list) {
    if (node.kind == Expression::Kind::both) {
        list_comparisons(*node.left, list);
        list_comparisons(*node.right, list);
        return;
    }
    if (node.kind == Expression::Kind::either || node.kind == Expression::Kind::negate) {
        throw ExpressionError{node.begin, "a rule wants all of its intervals to be small", "join several by 'and'"};
    }
    list.push_back(&node);
}

}  // namespace

StoppingRule::Term StoppingRule::read_call(const ExpressionCall& call, std::span<const std::string> metrics) {
    const std::vector<std::string> measures{"ci", "relative_ci"};
    const std::size_t measure = find_named(call.name, measures, "measure");
    if (!call.has_arguments || call.arguments.size() > 2) {
        throw ExpressionError{call.name.begin, call.name.text + " takes a metric, and a level if it is not 0.95",
                              "write it like ci(" + metrics.front() + ") or ci(" + metrics.front() + ", 0.9)"};
    }
    Term term;
    term.is_relative = measure == 1;
    term.metric = find_named(call.arguments.front(), metrics, "metric");
    if (call.arguments.size() == 2) {
        term.level = number_of(call.arguments[1]);
        if (!(term.level > 0.0 && term.level < 1.0)) {
            throw ExpressionError{call.arguments[1].begin, "the level is not between 0 and 1", "write 0.95 for 95 %"};
        }
    }
    term.text = measures[measure] + "(" + metrics[term.metric] + ")";
    return term;
}

void StoppingRule::read_comparison(const Expression::Node& node, std::span<const Term> calls) {
    using Kind = Expression::Kind;
    if (node.left->kind != Kind::call || node.right->kind != Kind::number) {
        throw ExpressionError{node.begin, "a rule compares an interval with a number",
                              std::string("write it like ") + shape};
    }
    if (node.kind != Kind::less && node.kind != Kind::less_equal) {
        throw ExpressionError{node.begin, "a rule stops when an interval is small", "write <"};
    }
    if (!(node.right->number > 0.0)) {
        throw ExpressionError{node.right->begin, "the bound is not above 0",
                              "no number of replicates makes an interval that narrow"};
    }
    terms_.push_back(calls[node.left->meaning]);
    terms_.back().bound = node.right->number;
}

StoppingRule StoppingRule::parse(std::string_view text, std::span<const std::string> metrics, const std::string& key,
                                 const SourceLocation& where) {
    StoppingRule rule;
    rule.text_ = text;
    std::vector<Term> calls;
    try {
        const Expression expression = Expression::parse(text, shape, [&](const ExpressionCall& call) {
            calls.push_back(read_call(call, metrics));
            return calls.size() - 1;
        });
        std::vector<const Expression::Node*> comparisons;
        list_comparisons(*expression.root(), comparisons);
        for (const Expression::Node* comparison : comparisons) {
            rule.read_comparison(*comparison, calls);
        }
    } catch (const ExpressionError& error) {
        throw InputError(problem_of(error, text, key, std::string("it is written like \"") + shape + "\"", where));
    }
    return rule;
}

std::vector<std::size_t> StoppingRule::metrics() const {
    std::vector<std::size_t> wanted;
    wanted.reserve(terms_.size());
    for (const Term& term : terms_) {
        wanted.push_back(term.metric);
    }
    return wanted;
}

std::size_t observations_needed(double deviation, double bound, double level, std::size_t most) {
    if (!(deviation > 0.0)) {
        return 2;
    }
    const auto is_enough = [&](std::size_t count) {
        return student_reach(level, count) * deviation / std::sqrt(static_cast<double>(count)) < bound;
    };
    std::size_t high = 2;
    while (high < most && !is_enough(high)) {
        high = std::min(most, 2 * high);
    }
    std::size_t low = high / 2;
    while (high - low > 1) {
        const std::size_t middle = low + (high - low) / 2;
        (is_enough(middle) ? high : low) = middle;
    }
    return std::max<std::size_t>(2, high);
}

namespace {

std::vector<double> finite_of(std::span<const double> values) {
    std::vector<double> known;
    std::copy_if(values.begin(), values.end(), std::back_inserter(known),
                 [](double value) { return std::isfinite(value); });
    return known;
}

}  // namespace

StoppingAnswer StoppingRule::ask(std::size_t cells, const CellValues& values) const {
    StoppingAnswer answer{.go_on = false, .is_refused = false, .more = 0, .why = {}};
    for (const Term& term : terms_) {
        double widest = -1.0;
        std::size_t worst_cell = 0;
        std::size_t fewest = std::numeric_limits<std::size_t>::max();
        std::size_t needed = least_replicates;
        std::size_t wanted = 0;
        bool has_spread = false;
        for (std::size_t cell = 0; cell < cells; ++cell) {
            const std::vector<double> known = finite_of(values(term.metric, cell));
            fewest = std::min(fewest, known.size());
            if (known.size() < 2) {
                wanted = std::max(wanted, least_replicates - known.size());
                continue;
            }
            const Estimate estimate = estimate_mean(known, term.level, largest_size(known));
            has_spread = has_spread || !has_no_spread(estimate);
            const double size = term.is_relative ? std::abs(estimate.mean) : 1.0;
            const double half_width = has_no_spread(estimate) ? 0.0 : estimate.half_width;
            const double width = half_width == 0.0 ? 0.0 : half_width / size;
            if (width > widest) {
                widest = width;
                worst_cell = cell;
            }
            const double deviation =
                half_width / student_reach(term.level, known.size()) * std::sqrt(static_cast<double>(known.size()));
            needed = std::max(least_replicates, observations_needed(deviation, term.bound * size, term.level));
            if (width < term.bound) {
                needed = least_replicates;
            }
            needed = std::min(needed, std::max(least_replicates, (1 + most_growth) * known.size()));
            wanted = std::max(wanted, needed > known.size() ? needed - known.size() : 0);
        }
        std::string& why = answer.why;
        why += why.empty() ? "" : "; ";
        if (cells == 0 || fewest < least_replicates) {
            why += fmt::format("{}: {} replicates with a value, at least {} are needed", term.text,
                               cells == 0 ? 0 : fewest, least_replicates);
            wanted = std::max<std::size_t>(1, wanted);
        } else if (!has_spread) {
            why += fmt::format(
                "{} cannot be known: the replicates of every cell are equal to the bit, there is no noise", term.text);
            answer.is_refused = true;
        } else {
            why +=
                fmt::format("{} is {:.4g}{}, must be < {:.4g}", term.text, widest,
                            cells > 1 ? fmt::format(" in the worst cell (number {} of {})", worst_cell + 1, cells) : "",
                            term.bound);
            wanted = widest < term.bound ? 0 : std::max<std::size_t>(1, wanted);
        }
        answer.go_on = answer.go_on || wanted > 0;
        answer.more = std::max(answer.more, wanted);
    }
    return answer;
}

}  // namespace ytterby

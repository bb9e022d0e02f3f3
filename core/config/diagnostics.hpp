#pragma once

#include <cstddef>
#include <exception>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ytterby {

/// Where a value was written. Line and column count from 1; 0 means that the origin has no lines
/// (a `--set` argument, a default, a file that could not be read).
struct SourceLocation {
    std::string file = {};
    int line = 0;
    int column = 0;

    friend bool operator==(const SourceLocation&, const SourceLocation&) = default;
};

/// Returns `file:line:column`, or the bare origin where there are no lines.
std::string render(const SourceLocation& where);

/// One problem of the input: the key, what is wrong, why it matters, what to do, and where.
struct Problem {
    std::string key = {};
    std::string what = {};
    std::string why = {};
    std::string suggestion = {};
    std::string unit = {};
    SourceLocation where = {};
};

/// Returns `file:line:column: error: key [unit]: what (why). Suggestion: ...` on one line.
std::string render(const Problem& problem);

/// Collects every problem of one pass over the input, so that a user can correct all of them at once.
class Problems {
public:
    /// Adds a problem; one equal to an earlier one is dropped. At most `most_kept` are kept, the rest only counted.
    void add(Problem problem);

    /// Adds every problem of another collection.
    void add_all(const Problems& others);

    bool empty() const { return kept_.empty(); }
    /// Number of problems found, including those beyond `most_kept`.
    std::size_t count() const { return kept_.size() + beyond_; }

    /// The kept problems, sorted by file, line and column.
    std::vector<Problem> sorted() const;

    /// Renders the problems one a line, sorted by file and line, at most `most_shown` of them, then a count of the
    /// rest.
    std::string render(std::size_t most_shown = 50) const;

    /// Throws InputError when there is any problem.
    void throw_if_any() const;

    static constexpr std::size_t most_kept = 1000;

private:
    std::vector<Problem> kept_;
    std::size_t beyond_ = 0;
};

/// The one exception for bad input; it carries every problem that was found.
class InputError : public std::exception {
public:
    explicit InputError(Problems problems);
    explicit InputError(Problem problem);

    const char* what() const noexcept override { return text_.c_str(); }
    const Problems& problems() const { return problems_; }

private:
    Problems problems_;
    std::string text_;
};

/// Counts the insertions, deletions, substitutions and swaps of neighbours between two texts
/// (Damerau-Levenshtein, optimal string alignment).
std::size_t edit_distance(std::string_view first, std::string_view second);

/// Returns the candidate that the word most likely means, or an empty string when none is near: within a third of the
/// word's length in edits (case ignored), or else the only candidate that contains the word or is contained in it.
std::string nearest_name(std::string_view word, std::span<const std::string> candidates);

/// Returns "did you mean 'x'?" for the nearest candidate, or else a list of the known names.
std::string suggest_name(std::string_view word, std::span<const std::string> candidates);

/// Joins names as "a, b, c", cut after `most_shown` with a count of the rest.
std::string join_names(std::span<const std::string> names, std::size_t most_shown = 12);

}  // namespace ytterby

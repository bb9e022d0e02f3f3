#pragma once

#include <cstdint>
#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

namespace ytterby {

/// Which part of two runs to compare, and how closely.
struct DiffOptions {
    std::string from = {};           ///< first date, YYYY-MM; empty for the first that both runs have
    std::string to = {};             ///< last date, YYYY-MM; empty for the last that both runs have
    std::int64_t last = 0;           ///< only the last so many dates of that window; 0 for all
    double tolerance = 1e-9;         ///< relative difference below which two means count as equal
    std::size_t rows_per_good = 12;  ///< rows shown per good in the text; 0 for all (JSON and CSV always have all)
};

/// The mean of one measure over the window in the two runs; NaN where a run has no value.
struct DiffRow {
    std::string good = {};     ///< empty for treasuries
    std::string measure = {};  ///< "use price", "imports", "treasury: tariff", ...
    std::string country = {};
    std::string unit = {};
    double first = 0.0;
    double second = 0.0;
    /// |difference| over the first value, or over a floor where that is small against the good's largest; for ranking.
    double weight = 0.0;

    double difference() const { return second - first; }
    /// Relative change; infinite from zero, NaN when a value is missing.
    double relative() const;
};

/// One fact of the manifests (a config key, the seed, the commit, an input file) on which two runs differ.
struct KeyDifference {
    std::string key = {};
    std::string first = {};  ///< "not set" where a run has no such key
    std::string second = {};
    std::string first_origin = {};  ///< where the value was written; empty for what is not a config key
    std::string second_origin = {};
};

/// A measure that policy took in one run and not in the other.
struct VerbDifference {
    std::string policy = {};
    std::string verb = {};
    std::string subject = {};
    std::string date = {};  ///< when it started
    double size = 0.0;      ///< at the start; NaN where it has none
    std::string unit = {};
    bool in_first = false;  ///< else in the second
};

/// How two runs differ.
struct RunDiff {
    std::filesystem::path first = {};
    std::filesystem::path second = {};
    std::string from = {};  ///< first date compared
    std::string to = {};    ///< last date compared
    std::int64_t first_ticks = 0;
    std::int64_t second_ticks = 0;
    std::vector<DiffRow> rows = {};  ///< grouped by good, the largest differences first in both
    std::vector<std::string> headlines = {};
    std::vector<KeyDifference> keys = {};
    std::vector<VerbDifference> verbs = {};

    bool empty() const { return rows.empty() && keys.empty() && verbs.empty(); }
};

/// Compares two run folders: means over the common window of use price, production, consumption, imports, net import
/// reliance, stocks, unmet need and treasuries by good and country; facts of the manifests; and the verbs of policies.
/// Quantities that a run has no rows for count as zero, unless it did not record the table. Throws InputError when a
/// folder holds no run or when there is no common window, RecordError when the records cannot be read.
RunDiff compare_runs(const std::filesystem::path& first, const std::filesystem::path& second,
                     const DiffOptions& options = {});

/// Writes the comparison for a reader: headlines, then aligned tables, then settings and verbs; "No differences" when
/// there are none.
void render_diff_text(const RunDiff& diff, std::ostream& out, const DiffOptions& options = {});
/// Writes all of it as JSON; missing values are null.
void render_diff_json(const RunDiff& diff, std::ostream& out);
/// Writes the rows as CSV: good, measure, country, unit, first, second, difference, relative.
void render_diff_csv(const RunDiff& diff, std::ostream& out);

/// The facts on which the manifests of two folders differ; what cannot affect results (times, threads) is left out.
std::vector<KeyDifference> compare_manifests(const std::filesystem::path& first, const std::filesystem::path& second);

/// The headlines of the rows: one line per good and measure, the largest first, at most `most`.
std::vector<std::string> diff_headlines(const std::vector<DiffRow>& rows, std::size_t most = 12);

/// The unit in which a good's prices are shown: USD/kg for expensive goods, USD/t for others. `scale` converts USD/t.
struct ShownUnit {
    std::string unit = {};
    double scale = 1.0;
};
ShownUnit shown_unit(const DiffRow& row, double largest_price);

/// A number with about three significant digits and thousands separators: "475", "0.0132", "1,234,567"; "-" for NaN.
std::string shown_number(double value);
/// A change for a reader: "+76 %", "+12 points" for shares, "new" from zero, "-" when a value is missing.
std::string shown_change(const DiffRow& row);

}  // namespace ytterby

#include "records/diff/diff.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <tuple>

#include "core/config/diagnostics.hpp"
#include "records/store/sql.hpp"
#include "records/store/stored_run.hpp"

namespace ytterby {

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

/// One measure: SQL for its mean over ticks ?1 to ?2, of which ?3 were recorded, by good and country.
struct Measure {
    const char* name;
    const char* unit;
    TableId table;        ///< where it is recorded
    double absent;        ///< value where a run has no rows: zero for quantities, NaN for prices and shares
    double weight_floor;  ///< smallest denominator of the weight, in the measure's unit
    const char* sql;
};

constexpr std::array measures{
    Measure{"use price", "USD/t", TableId::prices, missing, 0.0,
            "SELECT good, country, avg(use_price_usd_per_t) FROM prices WHERE tick BETWEEN ?1 AND ?2 AND ?3 > 0 "
            "GROUP BY good, country"},
    Measure{"production", "t per tick", TableId::production, 0.0, 0.0,
            "SELECT good, country, sum(output_t) / ?3 FROM production WHERE tick BETWEEN ?1 AND ?2 "
            "GROUP BY good, country"},
    Measure{"consumption", "t per tick", TableId::indicators, 0.0, 0.0,
            "SELECT good, country, sum(value) / ?3 FROM indicators WHERE tick BETWEEN ?1 AND ?2 AND "
            "indicator = 'use_t' AND country <> '' GROUP BY good, country"},
    Measure{"imports", "t per tick", TableId::flows, 0.0, 0.0,
            "SELECT good, destination, sum(tonnes) / ?3 FROM flows WHERE tick BETWEEN ?1 AND ?2 AND "
            "origin <> destination GROUP BY good, destination"},
    Measure{"net import reliance", "share", TableId::indicators, missing, 0.1,
            "SELECT good, country, avg(value) FROM indicators WHERE tick BETWEEN ?1 AND ?2 AND ?3 > 0 AND "
            "indicator = 'import_reliance' AND country <> '' GROUP BY good, country"},
    Measure{"stocks", "t", TableId::stocks, 0.0, 0.0,
            "SELECT good, country, sum(stock_t) / ?3 FROM stocks WHERE tick BETWEEN ?1 AND ?2 GROUP BY good, country"},
    Measure{"unmet need", "t per tick", TableId::indicators, 0.0, 0.0,
            "SELECT good, country, sum(value) / ?3 FROM indicators WHERE tick BETWEEN ?1 AND ?2 AND "
            "indicator = 'unmet_t' AND country <> '' GROUP BY good, country"},
    Measure{"treasury", "USD per tick", TableId::treasury, 0.0, 0.0,
            "SELECT account, country, sum(usd) / ?3 FROM treasury WHERE tick BETWEEN ?1 AND ?2 "
            "GROUP BY account, country"}};

/// The ticks of a run that fall into a span of dates.
struct Window {
    std::int64_t first_tick = 0;
    std::int64_t last_tick = -1;
    std::int64_t ticks = 0;
};

std::set<std::string> dates_of(const Database& run) {
    std::set<std::string> dates;
    Statement query(run, "SELECT DISTINCT date FROM ticks");
    while (query.step()) {
        dates.emplace(query.text(0));
    }
    return dates;
}

Window window_of(const Database& run, const std::string& from, const std::string& to) {
    Statement query(run, "SELECT min(tick), max(tick), count(*) FROM ticks WHERE date BETWEEN ?1 AND ?2");
    query.bind(1, from).bind(2, to).step();
    return {query.integer(0), query.integer(1), query.integer(2)};
}

/// Finds the dates that both runs have and the options allow.
void find_window(const Database& first, const Database& second, const DiffOptions& options, RunDiff& diff) {
    const std::set<std::string> ours = dates_of(first), theirs = dates_of(second);
    std::vector<std::string> dates;
    for (const std::string& date : ours) {
        if (theirs.contains(date) && (options.from.empty() || date >= options.from) &&
            (options.to.empty() || date <= options.to)) {
            dates.push_back(date);
        }
    }
    if (dates.empty()) {
        const auto span = [](const std::set<std::string>& of) {
            return of.empty() ? std::string("no ticks at all") : *of.begin() + " to " + *of.rbegin();
        };
        throw InputError(Problem{
            .what = "the runs have no dates in common to compare",
            .why = diff.first.string() + " has " + span(ours) + ", " + diff.second.string() + " has " + span(theirs),
            .suggestion = "choose --from and --to within both"});
    }
    if (options.last > 0 && static_cast<std::int64_t>(dates.size()) > options.last) {
        dates.erase(dates.begin(), dates.end() - options.last);
    }
    diff.from = dates.front();
    diff.to = dates.back();
}

using Means = std::map<std::pair<std::string, std::string>, double>;

/// The means of one measure in a run; `recorded` is false when the run did not record the table at all.
struct Observed {
    Means means = {};
    bool recorded = true;
};

/// Number of ticks over which a measure is averaged. A run may record only every n-th tick; rows of treasuries then
/// hold the receipts since the last recorded tick, so that they are averaged over all ticks.
std::int64_t averaged_ticks(const Database& run, const Measure& measure, const Window& window) {
    if (measure.table == TableId::treasury) {
        return window.ticks;
    }
    Statement query(run,
                    "SELECT count(DISTINCT tick) FROM (" + ticks_sql(measure.table) + ") WHERE tick BETWEEN ?1 AND ?2");
    query.bind(1, window.first_tick).bind(2, window.last_tick).step();
    return query.integer(0);
}

Observed observe(const Database& run, const Measure& measure, const Window& window) {
    Observed observed;
    const std::int64_t ticks = averaged_ticks(run, measure, window);
    observed.recorded = ticks > 0;
    Statement query(run, measure.sql);
    query.bind(1, window.first_tick).bind(2, window.last_tick).bind(3, static_cast<double>(ticks));
    while (query.step()) {
        const double value = query.is_null(2) ? missing : query.real(2);
        observed.means[{std::string(query.text(0)), std::string(query.text(1))}] = value;
    }
    return observed;
}

/// Adds the rows of one measure on which the runs differ.
void compare_measure(const Measure& measure, Observed ours, Observed theirs, double tolerance,
                     std::vector<DiffRow>& rows) {
    Means& first = ours.means;
    Means& second = theirs.means;
    for (const auto& [cell, value] : first) {
        second.try_emplace(cell, theirs.recorded ? measure.absent : missing);
    }
    for (const auto& [cell, value] : second) {
        first.try_emplace(cell, ours.recorded ? measure.absent : missing);
    }
    std::map<std::string, double> largest;  // per good
    for (const Means* means : {&first, &second}) {
        for (const auto& [cell, value] : *means) {
            if (std::isfinite(value)) {
                largest[cell.first] = std::max(largest[cell.first], std::abs(value));
            }
        }
    }
    const bool booked = std::string_view(measure.name) == "treasury";
    for (const auto& [cell, before] : first) {
        const double after = second.at(cell);
        if (std::isnan(before) && std::isnan(after)) {
            continue;
        }
        const double scale = largest[cell.first];
        const double gap = std::abs(after - before);
        if (gap <= tolerance * scale) {
            continue;  // false for NaN: a value on one side only is a difference
        }
        const double denominator = std::max({std::abs(before), 0.01 * scale, measure.weight_floor});
        rows.push_back({.good = booked ? "" : cell.first,
                        .measure = booked ? "treasury: " + cell.first : measure.name,
                        .country = cell.second,
                        .unit = measure.unit,
                        .first = before,
                        .second = after,
                        .weight = std::isnan(gap) ? 1.0 : gap / denominator});
    }
}

/// Puts goods with the largest differences first, and the largest of each good first.
void sort_rows(std::vector<DiffRow>& rows) {
    std::map<std::string, double> heaviest;
    for (const DiffRow& row : rows) {
        heaviest[row.good] = std::max(heaviest[row.good], row.weight);
    }
    std::sort(rows.begin(), rows.end(), [&](const DiffRow& a, const DiffRow& b) {
        // Treasuries, which belong to no good, come last.
        return std::tuple(a.good.empty(), -heaviest[a.good], std::string_view(a.good), -a.weight,
                          std::string_view(a.measure), std::string_view(a.country)) <
               std::tuple(b.good.empty(), -heaviest[b.good], std::string_view(b.good), -b.weight,
                          std::string_view(b.measure), std::string_view(b.country));
    });
}

using VerbKey = std::tuple<std::string, std::string, std::string>;

/// Every measure that started in a run, with its first start.
std::map<VerbKey, VerbDifference> verbs_of(const Database& run, const Window& window, bool in_first) {
    std::map<VerbKey, VerbDifference> verbs;
    Statement query(run,
                    "SELECT policy, verb, subject, date, size, unit FROM verbs "
                    "WHERE change = 'start' AND tick <= ?1 ORDER BY tick");
    query.bind(1, window.last_tick);
    while (query.step()) {
        VerbDifference verb{.policy = std::string(query.text(0)),
                            .verb = std::string(query.text(1)),
                            .subject = std::string(query.text(2)),
                            .date = std::string(query.text(3)),
                            .size = query.is_null(4) ? missing : query.real(4),
                            .unit = std::string(query.text(5)),
                            .in_first = in_first};
        verbs.try_emplace({verb.policy, verb.verb, verb.subject}, verb);
    }
    return verbs;
}

}  // namespace

double DiffRow::relative() const {
    if (first == 0.0) {
        return second == 0.0 ? 0.0 : std::copysign(std::numeric_limits<double>::infinity(), second);
    }
    return (second - first) / std::abs(first);
}

RunDiff compare_runs(const std::filesystem::path& first, const std::filesystem::path& second,
                     const DiffOptions& options) {
    const Database first_run = open_run(first), second_run = open_run(second);
    RunDiff diff{.first = first, .second = second};
    find_window(first_run, second_run, options, diff);
    const Window first_window = window_of(first_run, diff.from, diff.to);
    const Window second_window = window_of(second_run, diff.from, diff.to);
    diff.first_ticks = first_window.ticks;
    diff.second_ticks = second_window.ticks;
    for (const Measure& measure : measures) {
        compare_measure(measure, observe(first_run, measure, first_window), observe(second_run, measure, second_window),
                        options.tolerance, diff.rows);
    }
    sort_rows(diff.rows);
    diff.headlines = diff_headlines(diff.rows);
    diff.keys = compare_manifests(first, second);

    const auto ours = verbs_of(first_run, first_window, true), theirs = verbs_of(second_run, second_window, false);
    for (const auto& [key, verb] : ours) {
        if (!theirs.contains(key)) {
            diff.verbs.push_back(verb);
        }
    }
    for (const auto& [key, verb] : theirs) {
        if (!ours.contains(key)) {
            diff.verbs.push_back(verb);
        }
    }
    return diff;
}

}  // namespace ytterby

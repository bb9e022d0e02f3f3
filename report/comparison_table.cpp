#include "report/comparison_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/config/diagnostics.hpp"
#include "core/maths.hpp"

namespace ytterby {
namespace {

const ComparedRun::Month* find_month(const ComparedRun& run, const std::string& date) {
    const auto found = std::find_if(run.months.begin(), run.months.end(),
                                    [&](const ComparedRun::Month& month) { return month.date == date; });
    return found == run.months.end() ? nullptr : &*found;
}

/// Standard deviation of monthly changes of the logarithm of a price.
double volatility(const ComparedRun& run, std::size_t country) {
    CompensatedSum sum;
    CompensatedSum squares;
    const std::size_t count = run.months.size();
    for (std::size_t month = 1; month < count; ++month) {
        const double change = log(run.months[month].use_price[country] / run.months[month - 1].use_price[country]);
        sum.add(change);
        squares.add(change * change);
    }
    const double mean = count > 1 ? sum.total() / static_cast<double>(count - 1) : 0.0;
    return count > 1 ? std::sqrt(std::max(0.0, squares.total() / static_cast<double>(count - 1) - mean * mean)) : 0.0;
}

/// The months to show: those asked for, or every sixth. Throws InputError for months that the runs do not reach.
std::vector<std::string> shown_months(const ComparisonView& view, const std::vector<ComparedRun>& runs) {
    std::vector<std::string> dates = view.months;
    if (dates.empty() && !runs.empty()) {
        for (std::size_t month = 0; month < runs.front().months.size(); month += 6) {
            dates.push_back(runs.front().months[month].date);
        }
    }
    Problems problems;
    for (const std::string& date : dates) {
        if (!runs.empty() && find_month(runs.front(), date) == nullptr) {
            problems.add({.key = "--months",
                          .what = "the runs do not reach " + date,
                          .why = "they begin in " + runs.front().months.front().date + " and end in " +
                                 runs.front().months.back().date,
                          .suggestion = "choose other months, or change run.start or run.ticks",
                          .where = {"--months"}});
        }
    }
    problems.throw_if_any();
    return dates;
}

/// The price in a country over that in the first.
double gap(const ComparedRun::Month& month, std::size_t country) {
    return month.use_price[country] / month.use_price.front();
}

double widest_gap(const ComparedRun& run, std::size_t country) {
    double widest = 0.0;
    for (const ComparedRun::Month& month : run.months) {
        widest = std::max(widest, gap(month, country));
    }
    return widest;
}

std::string month_of_widest_gap(const ComparedRun& run, std::size_t country) {
    const auto widest = std::max_element(run.months.begin(), run.months.end(),
                                         [&](const ComparedRun::Month& left, const ComparedRun::Month& right) {
                                             return gap(left, country) < gap(right, country);
                                         });
    return widest->date;
}

double sum_over_months(const ComparedRun& run, double ComparedRun::Month::*tonnes) {
    double sum = 0.0;
    for (const ComparedRun::Month& month : run.months) {
        sum += month.*tonnes;
    }
    return sum;
}

/// A table with one column per run.
class RunColumns {
public:
    RunColumns(const std::string& title, const std::vector<std::string>& names, const std::vector<ComparedRun>& runs)
        : runs_(runs) {
        for (const std::string& name : names) {
            width_ = std::max(width_, name.size() + 2);
        }
        text_ = fmt::format("{}\n\n{:<34}", title, "");
        for (const std::string& name : names) {
            text_ += fmt::format("{:>{}}", name, width_);
        }
        text_ += '\n';
    }

    /// Adds a row with `value` of every run.
    template <class Value>
    void add_row(const std::string& head, const char* form, Value value) {
        text_ += fmt::format("{:<34}", head);
        for (const ComparedRun& run : runs_) {
            text_ += fmt::format("{:>{}}", fmt::format(fmt::runtime(form), value(run)), width_);
        }
        text_ += '\n';
    }

    const std::string& text() const { return text_; }

private:
    const std::vector<ComparedRun>& runs_;
    std::size_t width_ = 14;
    std::string text_;
};

}  // namespace

ComparedRun::ComparedRun(const Economy& economy, const ComparisonView& view) : good_(economy.good(view.good)) {
    for (const std::string& code : view.countries) {
        countries_.push_back(economy.country(code));
    }
}

void ComparedRun::on_tick(const TickReport& report) {
    Month month;
    month.date = format_month(report.calendar.date_of(report.tick));
    const NodeColumns& nodes = report.world.nodes;
    for (const CountryId country : countries_) {
        month.use_price.push_back(nodes.use_price[report.economy.network.node(good_, country)]);
    }
    if (!countries_.empty()) {
        month.exports_t = nodes.exports[report.economy.network.node(good_, countries_.front())];
    }
    for (std::size_t country = 0; country < report.economy.countries.size(); ++country) {
        month.used_t += nodes.consumption[report.economy.network.node(good_, id_at<CountryId>(country))];
    }
    months.push_back(std::move(month));
}

std::string comparison_table(const ComparisonView& view, const std::vector<std::string>& names,
                             const std::vector<ComparedRun>& runs) {
    const std::vector<std::string> dates = shown_months(view, runs);
    const std::size_t countries = view.countries.size();
    RunColumns table(view.good, names, runs);
    for (const std::string& date : dates) {
        for (std::size_t country = 0; country < countries; ++country) {
            table.add_row(date + "  use price " + view.countries[country] + ", USD/kg", "{:.5g}",
                          [&](const ComparedRun& run) { return find_month(run, date)->use_price[country] / 1000.0; });
        }
    }
    for (std::size_t country = 1; country < countries; ++country) {
        table.add_row("widest gap " + view.countries[country] + "/" + view.countries.front(), "{:.2f}",
                      [&](const ComparedRun& run) { return widest_gap(run, country); });
        table.add_row("month of the widest gap", "{}",
                      [&](const ComparedRun& run) { return month_of_widest_gap(run, country); });
    }
    for (std::size_t country = 0; country < countries; ++country) {
        table.add_row("monthly volatility " + view.countries[country] + ", log", "{:.3f}",
                      [&](const ComparedRun& run) { return volatility(run, country); });
    }
    if (countries > 0) {
        table.add_row("exports of " + view.countries.front() + ", t", "{:.5g}",
                      [](const ComparedRun& run) { return sum_over_months(run, &ComparedRun::Month::exports_t); });
    }
    table.add_row("consumption in the world, t", "{:.5g}",
                  [](const ComparedRun& run) { return sum_over_months(run, &ComparedRun::Month::used_t); });
    return table.text();
}

}  // namespace ytterby

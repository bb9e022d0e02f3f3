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
    std::size_t width = 14;
    for (const std::string& name : names) {
        width = std::max(width, name.size() + 2);
    }
    std::string text = fmt::format("{}\n\n{:<34}", view.good, "");
    for (const std::string& name : names) {
        text += fmt::format("{:>{}}", name, width);
    }
    text += '\n';
    const auto row = [&](const std::string& head, auto value, const char* form) {
        text += fmt::format("{:<34}", head);
        for (const ComparedRun& run : runs) {
            text += fmt::format("{:>{}}", fmt::format(fmt::runtime(form), value(run)), width);
        }
        text += '\n';
    };
    for (const std::string& date : dates) {
        for (std::size_t country = 0; country < view.countries.size(); ++country) {
            row(
                date + "  use price " + view.countries[country] + ", USD/kg",
                [&](const ComparedRun& run) { return find_month(run, date)->use_price[country] / 1000.0; }, "{:.5g}");
        }
    }
    for (std::size_t country = 1; country < view.countries.size(); ++country) {
        row(
            "widest gap " + view.countries[country] + "/" + view.countries.front(),
            [&](const ComparedRun& run) {
                double widest = 0.0;
                for (const ComparedRun::Month& month : run.months) {
                    widest = std::max(widest, month.use_price[country] / month.use_price.front());
                }
                return widest;
            },
            "{:.2f}");
        row(
            "month of the widest gap",
            [&](const ComparedRun& run) {
                const auto widest =
                    std::max_element(run.months.begin(), run.months.end(),
                                     [&](const ComparedRun::Month& left, const ComparedRun::Month& right) {
                                         return left.use_price[country] / left.use_price.front() <
                                                right.use_price[country] / right.use_price.front();
                                     });
                return widest->date;
            },
            "{}");
    }
    for (std::size_t country = 0; country < view.countries.size(); ++country) {
        row(
            "monthly volatility " + view.countries[country] + ", log",
            [&](const ComparedRun& run) { return volatility(run, country); }, "{:.3f}");
    }
    if (!view.countries.empty()) {
        row(
            "exports of " + view.countries.front() + ", t",
            [&](const ComparedRun& run) {
                double sum = 0.0;
                for (const ComparedRun::Month& month : run.months) {
                    sum += month.exports_t;
                }
                return sum;
            },
            "{:.5g}");
    }
    row(
        "use in the world, t",
        [&](const ComparedRun& run) {
            double sum = 0.0;
            for (const ComparedRun::Month& month : run.months) {
                sum += month.used_t;
            }
            return sum;
        },
        "{:.5g}");
    return text;
}

}  // namespace ytterby

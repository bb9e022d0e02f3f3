#include "report/response_report.hpp"

#include <fmt/format.h>

#include <cmath>

#include "records/csv.hpp"

namespace ytterby {
namespace {

std::string percent(double value) {
    return std::isnan(value) ? "-" : std::abs(value) < 0.05 ? "0.0" : fmt::format("{:+.1f}", value);
}

std::string ticks_text(std::ptrdiff_t ticks) { return ticks < 0 ? "not yet" : fmt::format("{}", ticks); }

std::string heading(const ResponseQuestion& question) {
    return fmt::format("{}{}: {}, inside {}\n", question.title.empty() ? "" : question.title + ", ", question.block,
                       question.good, question.country);
}

std::string months_table(const ResponsePath& path, const ResponseSummary& summary) {
    constexpr Response shown[] = {Response::price_world,  Response::price_inside, Response::price_outside,
                                  Response::output_world, Response::use_world,    Response::use_outside,
                                  Response::stock_world,  Response::stock_inside};
    std::string text =
        fmt::format("{:<9}{:>32}{:>11}{:>22}{:>22}\n{:<9}{:>10}{:>11}{:>11}{:>11}{:>11}{:>11}{:>11}{:>11}\n",
                    "deviation, %", "price", "output", "consumption", "stock", "month", "world", "inside", "outside",
                    "world", "world", "outside", "world", "inside");
    for (std::size_t tick = summary.begins > 0 ? summary.begins - 1 : 0; tick < path.dates.size(); ++tick) {
        text += fmt::format("{:<9}", path.dates[tick]);
        for (const Response response : shown) {
            text +=
                fmt::format("{:>{}}", percent(path.of(response)[tick]), response == Response::price_world ? 10 : 11);
        }
        text += '\n';
    }
    return text;
}

}  // namespace

std::string response_text(const ResponseQuestion& question, const ResponsePath& path, const ResponseSummary& summary) {
    std::string text = heading(question);
    if (question.other_base) {
        text +=
            "The block is in force at the base date, so that calibration gives two different base states: this\n"
            "is not the response of one world. Give the block a later start.\n";
    }
    if (!summary.is_response) {
        return text + fmt::format("\nNothing deviates by more than {} %.\n", least_deviation_percent);
    }
    text += fmt::format("With the block against without it, same random numbers; deviations begin in {}\n\n",
                        path.dates[summary.begins]) +
            months_table(path, summary);
    text += fmt::format("\n{:<16} {:>10} {:>9} {:>16} {:>17} {:>17}\n", "summary", "peak, %", "in", "first year, %",
                        "ticks to 10 %", "ticks to 2 %");
    for (std::size_t which = 0; which < response_count; ++which) {
        const ResponsePeak& peak = summary.peaks[which];
        const bool moves = std::abs(peak.percent) > least_deviation_percent;
        text +=
            fmt::format("{:<16} {:>10} {:>9} {:>16} {:>17} {:>17}\n", name_of(static_cast<Response>(which)),
                        percent(peak.percent), moves ? path.dates[peak.tick] : "-", percent(summary.first_year[which]),
                        ticks_text(peak.ticks_to_10), ticks_text(peak.ticks_to_2));
    }
    const auto elasticity = [](double value) {
        return std::isnan(value) ? std::string("- (supply moves too little)") : fmt::format("{:.1f}", value);
    };
    text += fmt::format("  ticks to: months, as run.tick has it, from {} until the deviation stays within to the end\n",
                        path.dates[summary.begins]);
    text += fmt::format(
        "Price response over the first {} ticks, % per % of supply:\n  world price on world output {}; price outside "
        "on consumption outside {}\n",
        summary.ticks_averaged, elasticity(summary.price_on_output), elasticity(summary.price_on_outside_use));
    return text;
}

std::string response_csv(const ResponsePath& path) {
    std::string text = "date,series,with,without,deviation_percent\r\n";
    for (std::size_t tick = 0; tick < path.dates.size(); ++tick) {
        for (std::size_t which = 0; which < response_count; ++which) {
            text += fmt::format("{},{}", path.dates[tick], name_of(static_cast<Response>(which)));
            for (const double value :
                 {path.with[which][tick], path.without[which][tick], path.deviation[which][tick]}) {
                text += ',';
                append_csv_number(text, value);
            }
            text += "\r\n";
        }
    }
    return text;
}

SvgChart response_chart(const ResponseQuestion& question, const ResponsePath& path) {
    const auto line = [&](const char* name, Response response, bool is_dashed = false) {
        SvgLine drawn{name, path.of(response), is_dashed};
        for (double& value : drawn.values) {
            value += 100.0;
        }
        return drawn;
    };
    SvgChart chart{.title = fmt::format("Response to {}", question.block),
                   .subtitle = fmt::format("{}; inside: {}{}", question.good, question.country,
                                           question.title.empty() ? "" : "; " + question.title),
                   .points = path.dates,
                   .panels = {}};
    chart.panels.push_back({"Price, % of the undisturbed run",
                            {line("outside", Response::price_outside), line("inside", Response::price_inside)},
                            {},
                            {100.0}});
    chart.panels.push_back(
        {"Quantities, % of the undisturbed run",
         {line("output, world", Response::output_world), line("consumption, world", Response::use_world),
          line("consumption, outside", Response::use_outside, true), line("stock, world", Response::stock_world)},
         {},
         {100.0}});
    return chart;
}

}  // namespace ytterby

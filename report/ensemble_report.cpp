#include "report/ensemble_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/maths.hpp"
#include "records/csv.hpp"
#include "statistics/summary.hpp"

namespace ytterby {
namespace {

/// The quantiles that are shown beside the median.
constexpr double low_share = 0.1;
constexpr double high_share = 0.9;
/// Years for which prices are shown, if the runs have them; otherwise their last year.
constexpr int shown_years[] = {2030, 2035, 2040, 2045};

std::string spread_text(const Spread& spread, const char* form, double unit) {
    if (std::isnan(spread.median)) {
        return "-";
    }
    const auto number = [&](double value) { return fmt::format(fmt::runtime(form), value / unit); };
    return fmt::format("{} ({}-{})", number(spread.median), number(spread.low), number(spread.high));
}

}  // namespace

void write_ensemble_header(std::ostream& out) {
    out << "seed,year,good,price_usd_per_t,output_t,use_t,unmet_t,us_reliance_share,error\r\n";
}

void write_ensemble_member(const EnsembleMember& member, const Economy& economy, std::ostream& out) {
    std::string text;
    if (!member.error.empty()) {
        text = fmt::format("{},,,,,,,,", member.seed);
        append_csv_text(text, member.error);
        text += "\r\n";
    }
    for (const AnnualRow& row : member.rows) {
        text += fmt::format("{},{},", member.seed, row.year);
        append_csv_text(text, economy.goods[row.good].name);
        for (const double value : {row.price_usd_per_t, row.output_t, row.use_t, row.unmet_t, row.us_reliance_share}) {
            text += ',';
            append_csv_number(text, value);
        }
        text += ",\r\n";
    }
    out << text;
}

Spread spread_of(const std::vector<double>& values) {
    std::vector<double> known;
    std::copy_if(values.begin(), values.end(), std::back_inserter(known),
                 [](double value) { return !std::isnan(value); });
    return {quantile(known, low_share), quantile(known, 0.5), quantile(known, high_share)};
}

void EnsembleSummary::add(const EnsembleMember& member) {
    if (member.error.empty()) {
        members_.push_back(member.rows);
    } else {
        failures_.push_back(fmt::format("seed {}: {}", member.seed, member.error));
    }
}

std::vector<int> EnsembleSummary::years() const {
    std::set<int> years;
    for (const auto& rows : members_) {
        for (const AnnualRow& row : rows) {
            years.insert(row.year);
        }
    }
    return {years.begin(), years.end()};
}

std::vector<double> EnsembleSummary::values(std::size_t good, int year, double AnnualRow::*figure) const {
    std::vector<double> list;
    for (const auto& rows : members_) {
        for (const AnnualRow& row : rows) {
            if (row.good == good && row.year == year) {
                list.push_back(row.*figure);
            }
        }
    }
    return list;
}

double EnsembleSummary::volatility(std::size_t good) const {
    std::vector<double> deviations;
    for (const auto& rows : members_) {
        std::vector<double> changes;
        double before = undefined;
        for (const AnnualRow& row : rows) {
            if (row.good != good) {
                continue;
            }
            if (before > 0.0 && row.price_usd_per_t > 0.0) {
                changes.push_back(log(row.price_usd_per_t / before));
            }
            before = row.price_usd_per_t;
        }
        deviations.push_back(standard_deviation(changes));
    }
    return spread_of(deviations).median;
}

std::string EnsembleSummary::text(const BaseData& data) const {
    const std::vector<int> known = years();
    if (known.empty()) {
        return "no run of a whole calendar year\n";
    }
    std::vector<int> shown;
    std::copy_if(std::begin(shown_years), std::end(shown_years), std::back_inserter(shown),
                 [&](int year) { return std::binary_search(known.begin(), known.end(), year); });
    if (shown.empty()) {
        shown.push_back(known.back());
    }
    std::string text = fmt::format("{} runs, {} to {}; median and the middle 80 % over seeds\n\n{:<23} {:>9}", ran(),
                                   known.front(), known.back(), "world price over base", "base USD");
    for (const int year : shown) {
        text += fmt::format("  {:<14}", year);
    }
    text += '\n';
    for (std::size_t good = 0; good < goods_.size(); ++good) {
        text += fmt::format("{:<23} {:>9}", goods_[good],
                            base_price_[good] >= 20000.0 ? fmt::format("{:.4g}/kg", base_price_[good] / 1000.0)
                                                         : fmt::format("{:.0f}/t", base_price_[good]));
        for (const int year : shown) {
            text += fmt::format("  {:<14}", spread_text(spread_of(values(good, year, &AnnualRow::price_usd_per_t)),
                                                        "{:.2f}", base_price_[good]));
        }
        text += '\n';
    }
    const int last = known.back();
    text += fmt::format("\n{:<23} {:<20} {:<12} {:<16} {}\n", fmt::format("in {}", last), "output, t", "unmet, %",
                        "US reliance, %", "volatility (data, years)");
    for (std::size_t good = 0; good < goods_.size(); ++good) {
        std::vector<double> unmet = values(good, last, &AnnualRow::unmet_t);
        const std::vector<double> use = values(good, last, &AnnualRow::use_t);
        for (std::size_t member = 0; member < unmet.size(); ++member) {
            unmet[member] = 100.0 * ratio_or(unmet[member], unmet[member] + use[member], undefined);
        }
        const double model = volatility(good);
        const auto observed = data.observed_volatility.find(goods_[good]);
        const std::string published =
            observed == data.observed_volatility.end()
                ? "-"
                : fmt::format("{:.2f}, {}", observed->second.standard_deviation, observed->second.years);
        const Spread output = spread_of(values(good, last, &AnnualRow::output_t));
        text += fmt::format("{:<23} {:<20} {:<12} {:<16} {} ({})\n", goods_[good],
                            fmt::format("{:.0f} ({:.0f}-{:.0f} %)", output.median, 100.0 * output.low / output.median,
                                        100.0 * output.high / output.median),
                            spread_text(spread_of(unmet), "{:.0f}", 1.0),
                            spread_text(spread_of(values(good, last, &AnnualRow::us_reliance_share)), "{:.0f}", 0.01),
                            std::isnan(model) ? "-" : fmt::format("{:.2f}", model), published);
    }
    return text +
           "  output: the middle 80 % in per cent of the median; reliance of a net exporter is 0\n  volatility: "
           "standard deviation of yearly changes of the logarithm of the world price\n";
}

SvgChart EnsembleSummary::fan(std::size_t good, const std::string& title) const {
    SvgChart chart{.title = title,
                   .subtitle = fmt::format("{}, {} runs that differ in their seed; the dotted line is the base price",
                                           goods_[good], ran()),
                   .points = {},
                   .panels = {}};
    SvgBand band{"middle 80 % of runs", {}, {}};
    SvgLine median{"median", {}, false};
    for (const int year : years()) {
        chart.points.push_back(fmt::format("{}", year));
        const Spread spread = spread_of(values(good, year, &AnnualRow::price_usd_per_t));
        band.low.push_back(spread.low / 1000.0);
        band.high.push_back(spread.high / 1000.0);
        median.values.push_back(spread.median / 1000.0);
    }
    chart.panels.push_back(
        {"World price, weighted by consumption, USD/kg", {median}, {band}, {base_price_[good] / 1000.0}});
    return chart;
}

}  // namespace ytterby

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <utility>

#include "records/diff/diff.hpp"

namespace ytterby {

namespace {

/// Smallest weight worth a headline, and the smallest part of the good's largest value that a country's must be.
constexpr double least_weight = 0.01;
constexpr double least_part = 0.05;
constexpr std::size_t most_countries = 3;
/// Goods at least this dear are quoted per kilogram, as their markets do.
constexpr double high_usd_per_t = 20000.0;

}  // namespace

ShownUnit shown_unit(const DiffRow& row, double largest_price) {
    if (row.unit != "USD/t") {
        return {row.unit, 1.0};
    }
    return largest_price >= high_usd_per_t ? ShownUnit{"USD/kg", 1e-3} : ShownUnit{"USD/t", 1.0};
}

std::string shown_number(double value) {
    if (std::isnan(value)) {
        return "-";
    }
    const double size = std::abs(value);
    if (size >= 1e15 || (size > 0.0 && size < 1e-4)) {
        char buffer[32];
        std::snprintf(buffer, sizeof buffer, "%.3g", value);
        return buffer;
    }
    int decimals = 0;
    if (size > 0.0 && size < 1000.0) {
        decimals = std::clamp(2 - static_cast<int>(std::floor(std::log10(size))), 0, 6);
    }
    char buffer[40];
    std::snprintf(buffer, sizeof buffer, "%.*f", decimals, value);
    std::string text = buffer;
    if (decimals > 0) {
        text.erase(text.find_last_not_of('0') + 1);
        if (text.back() == '.') {
            text.pop_back();
        }
    }
    const std::size_t point = std::min(text.find('.'), text.size());
    const std::size_t begin = text.front() == '-' ? 1 : 0;
    for (std::size_t at = point; at > begin + 3; at -= 3) {
        text.insert(at - 3, ",");
    }
    return text;
}

std::string shown_change(const DiffRow& row) {
    if (std::isnan(row.first) || std::isnan(row.second)) {
        return "-";
    }
    char buffer[48];
    if (row.unit == "share") {
        std::snprintf(buffer, sizeof buffer, "%+.3g points", 100.0 * row.difference());
        return buffer;
    }
    const double relative = 100.0 * row.relative();
    if (std::isinf(relative)) {
        return "new";
    }
    if (std::abs(relative) < 10000.0) {
        std::snprintf(buffer, sizeof buffer, std::abs(relative) < 9.95 ? "%+.2g %%" : "%+.0f %%", relative);
    } else {
        std::snprintf(buffer, sizeof buffer, "x %.3g", row.second / row.first);
    }
    return buffer;
}

std::vector<std::string> diff_headlines(const std::vector<DiffRow>& rows, std::size_t most) {
    std::map<std::string, double> largest_price;
    std::map<std::pair<std::string, std::string>, double> largest;
    for (const DiffRow& row : rows) {
        const double size = std::max(std::isnan(row.first) ? 0.0 : std::abs(row.first),
                                     std::isnan(row.second) ? 0.0 : std::abs(row.second));
        double& of_measure = largest[{row.good, row.measure}];
        of_measure = std::max(of_measure, size);
        if (row.unit == "USD/t") {
            largest_price[row.good] = std::max(largest_price[row.good], size);
        }
    }
    struct Headline {
        double weight = 0.0;
        std::vector<const DiffRow*> rows = {};
        const DiffRow* least = nullptr;  ///< the country that moved least, worth a word for prices
    };
    std::map<std::pair<std::string, std::string>, Headline> found;
    for (const DiffRow& row : rows) {
        const bool is_price = row.measure == "use price";
        if ((row.weight < least_weight && !is_price) || std::isnan(row.difference())) {
            continue;
        }
        if (std::max(std::abs(row.first), std::abs(row.second)) < least_part * largest[{row.good, row.measure}]) {
            continue;
        }
        Headline& headline = found[{row.good, row.measure}];
        headline.weight = std::max(headline.weight, row.weight);
        if (headline.rows.size() < most_countries) {
            headline.rows.push_back(&row);  // rows come the largest first
        } else {
            headline.least = &row;
        }
    }
    struct Line {
        bool treasury = false;
        double weight = 0.0;
        std::string text = {};
    };
    std::vector<Line> lines;
    for (const auto& [subject, headline] : found) {
        const auto& [good, measure] = subject;
        const ShownUnit shown = shown_unit(*headline.rows.front(), largest_price[good]);
        if (headline.weight < least_weight) {
            continue;
        }
        std::string line = (good.empty() ? "" : good + ": ") + measure;
        std::vector<const DiffRow*> told = headline.rows;
        // Two-tier prices are the first question of a control: the side that hardly moved is told too.
        if (measure == "use price" && headline.least != nullptr) {
            told.push_back(headline.least);
        }
        for (const DiffRow* row : told) {
            const bool lead = row == headline.rows.front();
            line += (lead ? " " : ", ") + row->country + " " + shown_number(row->first * shown.scale) + " -> ";
            line += shown_number(row->second * shown.scale) + (lead ? " " + shown.unit : "");
            line += " (" + shown_change(*row) + ")";
        }
        // Within a good prices come first.
        lines.push_back({good.empty(), headline.weight + (measure == "use price" ? 1e6 : 0.0), std::move(line)});
    }
    // Goods before treasuries, prices before quantities, then the largest first.
    std::stable_sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) {
        return a.treasury != b.treasury ? b.treasury : a.weight > b.weight;
    });
    std::vector<std::string> headlines;
    for (Line& line : lines) {
        if (headlines.size() < most) {
            headlines.push_back(std::move(line.text));
        }
    }
    return headlines;
}

}  // namespace ytterby

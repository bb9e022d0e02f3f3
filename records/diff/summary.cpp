#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <utility>

#include "records/diff/diff.hpp"

namespace ytterby {

namespace {

/// Smallest weight worth a headline, and the smallest share of the good's largest value that a country's must have.
constexpr double least_weight = 0.01;
constexpr double least_part = 0.05;
constexpr std::size_t most_countries = 3;
/// Goods from this price up are quoted per kilogram, as their markets do.
constexpr double high_usd_per_t = 20000.0;

/// A good and a measure.
using Subject = std::pair<std::string, std::string>;

/// The rows that a headline is made of.
struct Headline {
    double weight = 0.0;
    std::vector<const DiffRow*> rows = {};
    const DiffRow* least = nullptr;  ///< the country that moved least, worth showing for prices
};

/// A headline on its way into the order of the list.
struct HeadlineText {
    bool treasury = false;
    double weight = 0.0;
    std::string text = {};
};

bool is_price(const std::string& measure) { return measure == "use price"; }

/// Largest values in either run.
struct LargestValues {
    std::map<std::string, double> price;  ///< by good, USD/t
    std::map<Subject, double> value;      ///< over countries
};

LargestValues largest_values(const std::vector<DiffRow>& rows) {
    LargestValues largest;
    for (const DiffRow& row : rows) {
        const double size = std::max(std::isnan(row.first) ? 0.0 : std::abs(row.first),
                                     std::isnan(row.second) ? 0.0 : std::abs(row.second));
        double& of_measure = largest.value[{row.good, row.measure}];
        of_measure = std::max(of_measure, size);
        if (row.unit == "USD/t") {
            largest.price[row.good] = std::max(largest.price[row.good], size);
        }
    }
    return largest;
}

/// Groups the rows that are worth a headline by good and measure.
std::map<Subject, Headline> group_headlines(const std::vector<DiffRow>& rows, LargestValues& largest) {
    std::map<Subject, Headline> found;
    for (const DiffRow& row : rows) {
        if ((row.weight < least_weight && !is_price(row.measure)) || std::isnan(row.difference())) {
            continue;
        }
        if (std::max(std::abs(row.first), std::abs(row.second)) < least_part * largest.value[{row.good, row.measure}]) {
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
    return found;
}

std::string text_of(const Subject& subject, const Headline& headline, double largest_price) {
    const auto& [good, measure] = subject;
    const ShownUnit shown = shown_unit(*headline.rows.front(), largest_price);
    std::string text = (good.empty() ? "" : good + ": ") + measure;
    std::vector<const DiffRow*> rows = headline.rows;
    // Two-tier prices are the first question about a control, so the side that hardly moved is shown too.
    if (is_price(measure) && headline.least != nullptr) {
        rows.push_back(headline.least);
    }
    for (const DiffRow* row : rows) {
        const bool lead = row == headline.rows.front();
        text += (lead ? " " : ", ") + row->country + " " + shown_number(row->first * shown.scale) + " -> ";
        text += shown_number(row->second * shown.scale) + (lead ? " " + shown.unit : "");
        text += " (" + shown_change(*row) + ")";
    }
    return text;
}

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
    LargestValues largest = largest_values(rows);
    std::vector<HeadlineText> texts;
    for (const auto& [subject, headline] : group_headlines(rows, largest)) {
        if (headline.weight < least_weight) {
            continue;
        }
        const auto& [good, measure] = subject;
        // Within a good prices come first.
        texts.push_back({good.empty(), headline.weight + (is_price(measure) ? 1e6 : 0.0),
                         text_of(subject, headline, largest.price[good])});
    }
    // Goods before treasuries, prices before quantities, then the largest first.
    std::stable_sort(texts.begin(), texts.end(), [](const HeadlineText& a, const HeadlineText& b) {
        return a.treasury != b.treasury ? b.treasury : a.weight > b.weight;
    });
    std::vector<std::string> headlines;
    for (HeadlineText& line : texts) {
        if (headlines.size() < most) {
            headlines.push_back(std::move(line.text));
        }
    }
    return headlines;
}

}  // namespace ytterby

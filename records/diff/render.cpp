#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>

#include "core/config/json.hpp"
#include "records/csv.hpp"
#include "records/diff/diff.hpp"

namespace ytterby {

namespace {

constexpr std::size_t columns = 6;
using Line = std::array<std::string, columns>;
constexpr std::array<bool, columns> right_aligned{false, false, true, true, false, true};

/// Writes lines as columns of the given widths, two blanks apart.
void write_line(std::ostream& out, const Line& line, const std::array<std::size_t, columns>& widths) {
    std::string text = " ";
    for (std::size_t i = 0; i < columns; ++i) {
        const std::string blanks(widths[i] - std::min(widths[i], line[i].size()), ' ');
        text += " " + (right_aligned[i] ? blanks + line[i] : line[i] + blanks) + " ";
    }
    text.erase(text.find_last_not_of(' ') + 1);
    out << text << '\n';
}

/// The tables of rows, with a heading for each good.
void write_rows(const RunDiff& diff, std::ostream& out, std::size_t rows_per_good) {
    std::map<std::string, double> largest_price;
    for (const DiffRow& row : diff.rows) {
        if (row.unit != "USD/t") {
            continue;
        }
        for (const double price : {row.first, row.second}) {
            if (price > largest_price[row.good]) {
                largest_price[row.good] = price;
            }
        }
    }
    struct Shown {
        const DiffRow* row;
        Line line;
    };
    std::vector<Shown> shown;
    std::map<std::string, std::size_t> rows_of;
    Line header{"measure", "country", "first", "second", "unit", "change"};
    std::array<std::size_t, columns> widths{};
    for (std::size_t i = 0; i < columns; ++i) {
        widths[i] = header[i].size();
    }
    for (const DiffRow& row : diff.rows) {
        if (++rows_of[row.good] > rows_per_good && rows_per_good > 0) {
            continue;
        }
        const ShownUnit unit = shown_unit(row, largest_price[row.good]);
        shown.push_back({&row,
                         {row.measure, row.country, shown_number(row.first * unit.scale),
                          shown_number(row.second * unit.scale), unit.unit, shown_change(row)}});
        for (std::size_t i = 0; i < columns; ++i) {
            widths[i] = std::max(widths[i], shown.back().line[i].size());
        }
    }
    for (std::size_t i = 0; i < shown.size(); ++i) {
        const std::string& good = shown[i].row->good;
        if (i == 0 || shown[i - 1].row->good != good) {
            out << '\n' << (good.empty() ? "treasuries" : good) << '\n';
            write_line(out, header, widths);
        }
        write_line(out, shown[i].line, widths);
        const bool last_of_good = i + 1 == shown.size() || shown[i + 1].row->good != good;
        if (last_of_good && rows_per_good > 0 && rows_of[good] > rows_per_good) {
            out << "  and " << rows_of[good] - rows_per_good << " smaller differences\n";
        }
    }
}

std::string with_origin(const std::string& value, const std::string& origin) {
    return origin.empty() ? value : value + " [" + origin + "]";
}

}  // namespace

void render_diff_text(const RunDiff& diff, std::ostream& out, const DiffOptions& options) {
    out << "first:  " << diff.first.string() << "\nsecond: " << diff.second.string() << '\n';
    out << "means over " << diff.from << " to " << diff.to << " (" << diff.first_ticks << " ticks";
    if (diff.second_ticks != diff.first_ticks) {
        out << " in the first, " << diff.second_ticks << " in the second";
    }
    out << ")\n";
    if (diff.empty()) {
        out << "\nNo differences.\n";
        return;
    }
    if (diff.rows.empty()) {
        out << "\nNo differences in results.\n";
    } else {
        if (!diff.headlines.empty()) {
            out << '\n';
        }
        for (const std::string& headline : diff.headlines) {
            out << headline << '\n';
        }
        write_rows(diff, out, options.rows_per_good);
    }
    if (!diff.keys.empty()) {
        out << "\nsettings that differ\n";
        for (const KeyDifference& key : diff.keys) {
            out << "  " << key.key << ": " << with_origin(key.first, key.first_origin) << " -> "
                << with_origin(key.second, key.second_origin) << '\n';
        }
    }
    for (const bool in_first : {true, false}) {
        bool any = false;
        for (const VerbDifference& verb : diff.verbs) {
            if (verb.in_first != in_first) {
                continue;
            }
            if (!any) {
                out << "\nmeasures only in the " << (in_first ? "first" : "second") << '\n';
            }
            any = true;
            out << "  " << verb.date << "  " << verb.policy << ": " << verb.verb << " " << verb.subject;
            if (!std::isnan(verb.size)) {
                out << ", " << shown_number(verb.size) << (verb.unit.empty() ? "" : " ") << verb.unit;
            }
            out << '\n';
        }
    }
}

void render_diff_json(const RunDiff& diff, std::ostream& out) {
    Json rows = Json::array(), settings = Json::array(), verbs = Json::array();
    for (const DiffRow& row : diff.rows) {
        rows.push_back({{"good", row.good},
                        {"measure", row.measure},
                        {"country", row.country},
                        {"unit", row.unit},
                        {"first", row.first},
                        {"second", row.second},
                        {"difference", row.difference()},
                        {"relative", row.relative()}});
    }
    for (const KeyDifference& key : diff.keys) {
        settings.push_back({{"key", key.key},
                            {"first", key.first},
                            {"second", key.second},
                            {"first_origin", key.first_origin},
                            {"second_origin", key.second_origin}});
    }
    for (const VerbDifference& verb : diff.verbs) {
        verbs.push_back({{"only_in", verb.in_first ? "first" : "second"},
                         {"policy", verb.policy},
                         {"verb", verb.verb},
                         {"subject", verb.subject},
                         {"date", verb.date},
                         {"size", verb.size},
                         {"unit", verb.unit}});
    }
    out << json_text({{"first", diff.first.string()},
                      {"second", diff.second.string()},
                      {"from", diff.from},
                      {"to", diff.to},
                      {"first_ticks", diff.first_ticks},
                      {"second_ticks", diff.second_ticks},
                      {"equal", diff.empty()},
                      {"headlines", diff.headlines},
                      {"rows", std::move(rows)},
                      {"settings", std::move(settings)},
                      {"verbs", std::move(verbs)}});
}

void render_diff_csv(const RunDiff& diff, std::ostream& out) {
    out << "good,measure,country,unit,first,second,difference,relative\r\n";
    for (const DiffRow& row : diff.rows) {
        std::string line;
        for (const std::string* text : {&row.good, &row.measure, &row.country, &row.unit}) {
            append_csv_text(line, *text);
            line += ',';
        }
        append_csv_number(line, row.first);
        for (const double value : {row.second, row.difference(), row.relative()}) {
            line += ',';
            append_csv_number(line, value);
        }
        out << line << "\r\n";
    }
}

}  // namespace ytterby

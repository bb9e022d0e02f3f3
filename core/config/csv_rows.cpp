#include "core/config/csv_rows.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "core/config/text_file.hpp"

namespace ytterby {

bool read_number(std::string_view text, double& value) {
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
    return !text.empty() && parsed.ec == std::errc() && parsed.ptr == text.data() + text.size() && std::isfinite(value);
}

CsvRows CsvRows::read_file(const std::string& path) {
    constexpr std::size_t most_bytes = std::size_t{1} << 33;
    std::string why;
    auto text = read_text_file(path, most_bytes, why);
    if (!text) {
        const std::string nearest = nearest_file(path);
        throw InputError(
            Problem{.what = "cannot read the table '" + path + "'",
                    .why = why,
                    .suggestion = nearest.empty() ? "give the folder of a sweep" : "did you mean '" + nearest + "'?",
                    .where = {.file = path}});
    }
    return CsvRows(std::move(*text), path);
}

CsvRows::CsvRows(std::string text, std::string file) : text_(std::move(text)), file_(std::move(file)) {
    if (text_.starts_with("\xEF\xBB\xBF")) {
        at_ = 3;
    }
    if (!read_row()) {
        refuse("", "the table is empty", "its first row must name the columns", "run the sweep again");
    }
    for (const std::string_view cell : cells_) {
        if (std::find(columns_.begin(), columns_.end(), cell) != columns_.end()) {
            refuse(std::string(cell), "a second column of this name", "columns are found by name",
                   "rename one of them");
        }
        columns_.emplace_back(cell);
    }
}

std::size_t CsvRows::column(const std::string& name) const {
    const auto found = std::find(columns_.begin(), columns_.end(), name);
    if (found == columns_.end()) {
        throw InputError(Problem{.key = name,
                                 .what = "there is no such column",
                                 .why = "a sweep's table has it",
                                 .suggestion = suggest_name(name, columns_),
                                 .where = {file_, 1, 1}});
    }
    return static_cast<std::size_t>(found - columns_.begin());
}

bool CsvRows::read_row() {
    while (at_ < text_.size() && (text_[at_] == '\n' || text_[at_] == '\r')) {
        line_ += text_[at_] == '\n' ? 1 : 0;
        ++at_;
    }
    cells_.clear();
    row_line_ = line_;
    if (at_ >= text_.size()) {
        return false;
    }
    while (true) {
        std::size_t begin = at_;
        std::size_t end = at_;
        if (at_ < text_.size() && text_[at_] == '"') {
            // Doubled quotes are replaced in place.
            begin = end = ++at_;
            while (true) {
                if (at_ >= text_.size()) {
                    refuse("", "the quote that opens here is never closed",
                           "a quoted cell runs to the next single quote", "was the file cut off? run the sweep again");
                }
                if (text_[at_] == '"' && (at_ + 1 >= text_.size() || text_[at_ + 1] != '"')) {
                    ++at_;
                    break;
                }
                at_ += text_[at_] == '"' ? 1 : 0;
                line_ += text_[at_] == '\n' ? 1 : 0;
                text_[end++] = text_[at_++];
            }
        } else {
            end = std::min(text_.find_first_of(",\r\n", at_), text_.size());
            at_ = end;
        }
        cells_.emplace_back(text_.data() + begin, end - begin);
        if (at_ < text_.size() && text_[at_] == ',') {
            ++at_;
            continue;
        }
        if (at_ < text_.size() && text_[at_] != '\r' && text_[at_] != '\n') {
            refuse("", "text after the closing quote", "a quoted cell ends at its quote",
                   "double a quote that belongs to the text");
        }
        return true;
    }
}

bool CsvRows::next() {
    if (!read_row()) {
        return false;
    }
    if (cells_.size() != columns_.size()) {
        refuse("",
               "the row has " + std::to_string(cells_.size()) + " cells, the header " + std::to_string(columns_.size()),
               "every row must have as many cells as the header", "was the file cut off? run the sweep again");
    }
    return true;
}

double CsvRows::number(std::size_t column) const {
    double value = std::numeric_limits<double>::quiet_NaN();
    if (!cells_[column].empty() && !read_number(cells_[column], value)) {
        refuse(columns_[column], "'" + std::string(cells_[column].substr(0, 60)) + "' is not a number", "",
               "correct the cell, or leave it empty where there is none");
    }
    return value;
}

void CsvRows::refuse(const std::string& column, std::string what, std::string why, std::string suggestion) const {
    throw InputError(Problem{.key = column,
                             .what = std::move(what),
                             .why = std::move(why),
                             .suggestion = std::move(suggestion),
                             .where = where()});
}

}  // namespace ytterby

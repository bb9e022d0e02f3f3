#include "core/config/csv_rows.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>

#include "core/config/text_file.hpp"
#include "core/number_text.hpp"

namespace ytterby {

CsvRows CsvRows::read_file(const std::string& path) {
    std::string why;
    auto stream = open_text_file(path, why);
    if (!stream) {
        const std::string nearest = nearest_file(path);
        throw InputError(
            Problem{.what = "cannot read the table '" + path + "'",
                    .why = why,
                    .suggestion = nearest.empty() ? "give the folder of a sweep" : "did you mean '" + nearest + "'?",
                    .where = {.file = path}});
    }
    return CsvRows(std::move(stream), path);
}

CsvRows::CsvRows(std::unique_ptr<std::istream> stream, std::string file)
    : file_(std::move(file)), reader_(std::move(stream), file_, problems_) {
    reader_.read_header();
    problems_.throw_if_any();
}

std::size_t CsvRows::column(const std::string& name) const {
    const auto found = std::find(columns().begin(), columns().end(), name);
    if (found == columns().end()) {
        throw InputError(Problem{.key = name,
                                 .what = "there is no such column",
                                 .why = "a sweep's table has it",
                                 .suggestion = suggest_name(name, columns()),
                                 .where = reader_.header_where()});
    }
    return static_cast<std::size_t>(found - columns().begin());
}

bool CsvRows::next() {
    const bool found = reader_.read_row(cells_);
    problems_.throw_if_any();
    return found;
}

double CsvRows::number(std::size_t column) const {
    double value = std::numeric_limits<double>::quiet_NaN();
    if (!text(column).empty() && !read_number(text(column), value)) {
        refuse(columns()[column], "'" + std::string(text(column).substr(0, 60)) + "' is not a number", "",
               "correct the cell, or leave it empty where there is none");
    }
    return value;
}

SourceLocation CsvRows::where() const {
    return cells_.empty() ? SourceLocation{.file = file_} : SourceLocation{file_, cells_.front().line, 1};
}

void CsvRows::refuse(const std::string& column, std::string what, std::string why, std::string suggestion) const {
    throw InputError(Problem{.key = column,
                             .what = std::move(what),
                             .why = std::move(why),
                             .suggestion = std::move(suggestion),
                             .where = where()});
}

}  // namespace ytterby

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/check.hpp"
#include "core/config/table.hpp"
#include "tests/fuzz/small_scenario.hpp"

namespace ytterby {

/// Replaces one of the small tables by a text and runs two ticks of a scenario that uses all of them. It is refused
/// with reasons, or runs with all laws.
inline void try_data(const std::string& name, std::string_view text) {
    static const std::string scenario(
        "schema = 1\ninclude = [\"behaviour.toml\"]\n[population]\nfirms = 40\n[outlook]\ndemand = "
        "\"STEPS\"\ninvestment = true\n[contracts]\ncaptive = true\n"
        "[contracts.share]\n\"*\" = 0.3\n[deals]\nenabled = true\n");
    const SmallTables& tables = SmallTables::shared();
    const std::string path = tables.scenario(scenario);
    tables.replace(name, text);
    try {
        run_two_ticks(load_scenario(path, {}));
    } catch (const InputError& error) {
        ensure(error.problems().count() > 0 && *error.what() != '\0', "a refused table says what is wrong");
    } catch (...) {
        tables.restore(name);
        throw;
    }
    tables.restore(name);
}

/// Reads bytes as a CSV table and every cell by every getter. Problems are fine, anything thrown is a bug. Where the
/// first line names one of the shipped tables, the rest is also used as that table.
inline void try_table(const std::uint8_t* bytes, std::size_t count) {
    const std::string whole(reinterpret_cast<const char*>(bytes), count);
    const std::size_t end = std::min(whole.find('\n'), whole.size());
    if (const std::string name = whole.substr(0, end); SmallTables::shared().tables().contains(name)) {
        try_data(name, std::string_view(whole).substr(std::min(end + 1, whole.size())));
    }
    Problems problems;
    const Table table = Table::parse(std::string(reinterpret_cast<const char*>(bytes), count), "fuzz.csv", problems);
    constexpr std::size_t most_cells_read = 10000;
    std::size_t read = 0;
    for (const std::string& name : table.column_names()) {
        const TableColumn column = table.column(name);
        for (std::size_t row = 0; row < table.rows() && read < most_cells_read; ++row, ++read) {
            ensure(table.text(row, column).size() <= count, "a cell is no longer than the file");
            table.required_text(row, column);
            table.number(row, column, {.low = -1.0, .high = 1e6, .unit = "t"});
            table.optional_number(row, column);
            table.integer(row, column);
            table.boolean(row, column);
            const SourceLocation where = table.location(row, column);
            ensure(where.line >= 1 && where.column >= 1, "a cell has a place");
        }
    }
    table.column("nowhere");
    ensure(table.rows() == 0 || table.is_readable(), "rows only under a header");
    problems.render();
}

}  // namespace ytterby

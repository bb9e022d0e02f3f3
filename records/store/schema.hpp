#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace ytterby {

/// What a column holds.
enum class FieldType : std::uint8_t { integer, real, text };

/// Names a type as the `columns` table shows it: "integer", "real", "text".
std::string_view name_of(FieldType type);

/// One column of a table that a run leaves behind.
struct Field {
    std::string_view name = {};
    FieldType type = FieldType::real;
    std::string_view unit = {};     ///< "t", "USD", "USD/t", "share"; empty for texts and counts without a unit
    std::string_view meaning = {};  ///< one sentence for a reader who knows the field but not the program
    bool key = false;               ///< identifies a row, with others; key texts are stored once, as codes
};

/// One table that a run leaves behind; its first two fields are always `tick` and `date`.
struct TableSchema {
    std::string_view name = {};
    std::string_view meaning = {};
    std::span<const Field> fields = {};
    /// The first three written fields are key texts of few names, and the file keeps their codes as one number.
    bool packed = false;

    /// The fields that a writer gives row by row: all but `tick` and `date`, which the store knows.
    std::span<const Field> written_fields() const { return fields.subspan(2); }
    /// The columns that identify a row, comma-separated, in order.
    std::string key_names() const;
};

/// The tables written tick by tick, in the order of `tables()`.
enum class TableId : std::uint8_t {
    prices,
    flows,
    production,
    capacity,
    stocks,
    indicators,
    verbs,
    treasury,
    events,
    rents,
    subsidies,
    deals
};
inline constexpr std::size_t table_count = 12;

/// Version of the tables below; a store of another version is not read.
inline constexpr int records_schema = 8;

/// Every table written tick by tick, declared once: SQLite, CSV, the `columns` table and the docs derive from it.
std::span<const TableSchema> tables();
const TableSchema& schema_of(TableId table);
/// The table of that name, or null.
const TableSchema* find_table(std::string_view name);

/// The two tables about the tables: `columns` (what every column means) and `meta` (key and value).
std::span<const TableSchema> side_tables();

}  // namespace ytterby

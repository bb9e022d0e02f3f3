#include "records/store/schema.hpp"

#include <gtest/gtest.h>

#include <set>

namespace ytterby {
namespace {

TEST(Schema, EveryTableStartsWithTickAndDate) {
    ASSERT_EQ(tables().size(), table_count);
    for (const TableSchema& table : tables()) {
        ASSERT_GE(table.fields.size(), 3u) << table.name;
        EXPECT_EQ(table.fields[0].name, "tick") << table.name;
        EXPECT_EQ(table.fields[1].name, "date") << table.name;
        EXPECT_EQ(table.written_fields().size(), table.fields.size() - 2) << table.name;
    }
}

TEST(Schema, IdsAndNamesLeadToTheSameTable) {
    EXPECT_EQ(schema_of(TableId::prices).name, "prices");
    EXPECT_EQ(schema_of(TableId::flows).name, "flows");
    EXPECT_EQ(schema_of(TableId::production).name, "production");
    EXPECT_EQ(schema_of(TableId::stocks).name, "stocks");
    EXPECT_EQ(schema_of(TableId::indicators).name, "indicators");
    EXPECT_EQ(schema_of(TableId::verbs).name, "verbs");
    EXPECT_EQ(schema_of(TableId::treasury).name, "treasury");
    EXPECT_EQ(schema_of(TableId::events).name, "events");
    EXPECT_EQ(schema_of(TableId::rents).name, "rents");
    EXPECT_EQ(schema_of(TableId::subsidies).name, "subsidies");
    EXPECT_EQ(find_table("flows"), &schema_of(TableId::flows));
    EXPECT_NE(find_table("columns"), nullptr);
    EXPECT_EQ(find_table("flowz"), nullptr);
    EXPECT_EQ(schema_of(TableId::flows).key_names(), "tick, good, origin, destination");
}

TEST(Schema, EveryColumnIsExplainedAndEveryNumberHasAUnit) {
    const std::set<std::string_view> counts{"tick"};
    for (const TableSchema& table : tables()) {
        EXPECT_FALSE(table.meaning.empty()) << table.name;
        std::set<std::string_view> names;
        for (const Field& field : table.fields) {
            EXPECT_TRUE(names.insert(field.name).second) << table.name << "." << field.name << " twice";
            EXPECT_FALSE(field.meaning.empty()) << table.name << "." << field.name;
            if (field.type != FieldType::text && !counts.contains(field.name)) {
                EXPECT_FALSE(field.unit.empty()) << table.name << "." << field.name;
            }
        }
    }
}

TEST(Schema, UnitsInNamesAgreeWithTheDeclaredUnits) {
    for (const TableSchema& table : tables()) {
        for (const Field& field : table.fields) {
            if (field.name.ends_with("_usd_per_t")) {
                EXPECT_EQ(field.unit, "USD/t") << field.name;
            } else if (field.name.ends_with("usd")) {
                EXPECT_EQ(field.unit, "USD") << field.name;
            } else if (field.name.ends_with("_t") || field.name.ends_with("tonnes")) {
                EXPECT_EQ(field.unit, "t") << field.name;
            } else if (field.name.ends_with("_share")) {
                EXPECT_EQ(field.unit, "share") << field.name;
            }
        }
    }
}

}  // namespace
}  // namespace ytterby

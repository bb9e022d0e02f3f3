#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "records/store/run_store.hpp"
#include "records/store/sqlite.hpp"

namespace ytterby {

/// The number that a query returns.
inline std::int64_t count(const Database& run, const std::string& sql) {
    Statement query(run, sql);
    query.step();
    return query.integer(0);
}

/// A row of prices of which only the price matters.
inline void append_price(RunStore& store, std::string_view good, std::string_view country, double price) {
    store.append(TableId::prices, {good, country, price, price, nullptr, 1.0, price, 0.0, price, 0.0, nullptr, 0.0,
                                   nullptr, 0.0, price});
}

/// Writes a tick with so many rows of prices, in countries C0, C1 ...
inline void write_tick(RunStore& store, std::int64_t tick, int rows = 3) {
    store.begin_tick(tick, "2024-01");
    for (int row = 0; row < rows; ++row) {
        append_price(store, "gallium.refined", "C" + std::to_string(row), 100.0 + row);
    }
    store.end_tick();
}

/// One row of flows.
inline void append_flow(RunStore& store, NameCode good, const FlowRow& flow) { store.append_flows(good, {&flow, 1}); }

}  // namespace ytterby

#include "market/clearing/detail/case_reader.hpp"

#include <algorithm>
#include <utility>

#include "core/config/table.hpp"

namespace ytterby {

void CaseReader::read_orders(const std::string& path) {
    const Table table = Table::read_file(path, problems_);
    const auto node = table.column("node");
    const auto side = table.column("side");
    const auto quantity = table.column("quantity");
    const auto limit = table.column("limit");
    const auto id = table.optional_column("id");
    case_.orders.reserve(table.rows());
    for (std::size_t row = 0; row < table.rows(); ++row) {
        CaseOrder order;
        order.node = node_number(std::string(table.required_text(row, node)));
        const std::string_view word = table.required_text(row, side);
        if (!word.empty() && word != "ask" && word != "bid") {
            table.problem(row, side, "unknown side '" + std::string(word) + "'", "an order sells or buys",
                          "write ask or bid");
        }
        order.ask = word != "bid";
        order.quantity = table.number(row, quantity, {.low = 0.0, .high = case_number_most, .unit = "t"});
        order.limit = table.number(row, limit, {.low = -case_number_most, .high = case_number_most, .unit = "USD/t"});
        order.id = id.found ? std::string(table.text(row, id)) : "";
        take_order(std::move(order),
                   [&](const std::string& what, const std::string& why, const std::string& suggestion) {
                       table.problem(row, id, what, why, suggestion);
                   });
    }
}

void CaseReader::read_lanes(const std::string& path) {
    const std::span<const CaseLaneNumber> numbers = case_lane_numbers();
    const Table table = Table::read_file(path, problems_);
    const auto from = table.column("from");
    const auto to = table.column("to");
    const auto id = table.optional_column("id");
    for (std::size_t row = 0; row < table.rows(); ++row) {
        CaseLane lane;
        lane.terms.from = known_node(
            std::string(table.required_text(row, from)),
            [&](const auto& what, const auto& why, const auto& hint) { table.problem(row, from, what, why, hint); });
        lane.terms.to = known_node(
            std::string(table.required_text(row, to)),
            [&](const auto& what, const auto& why, const auto& hint) { table.problem(row, to, what, why, hint); });
        lane.id = id.found ? std::string(table.text(row, id)) : "";
        for (const CaseLaneNumber& number : numbers) {
            const auto column = table.optional_column(number.name);
            if (column.found) {
                *number.place(lane) =
                    table.optional_number(row, column, {.low = number.low, .high = number.high, .unit = number.unit})
                        .value_or(number.fallback);
            }
        }
        const bool has_opening = lane.terms.opening_flow > 0.0;
        take_lane(std::move(lane), has_opening, [&](const auto& what, const auto& why, const auto& hint) {
            table.problem(row, from, what, why, hint);
        });
    }
    for (const std::string& name : table.column_names()) {
        const bool known = name == "from" || name == "to" || name == "id" ||
                           std::any_of(numbers.begin(), numbers.end(),
                                       [&](const CaseLaneNumber& number) { return number.name == name; });
        if (!known) {
            std::vector<std::string> names{"from", "to", "id"};
            for (const CaseLaneNumber& number : numbers) {
                names.emplace_back(number.name);
            }
            problems_.add({.key = name,
                           .what = "unknown column '" + name + "'",
                           .why = "a lane has no such property",
                           .suggestion = suggest_name(name, names),
                           .where = {table.file(), 1, 1}});
        }
    }
}

}  // namespace ytterby

#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/state/state_fields.hpp"

namespace ytterby {

namespace state {

template <class T>
constexpr bool is_map = false;
template <class Key, class Value, class Order, class Allocator>
constexpr bool is_map<std::map<Key, Value, Order, Allocator>> = true;
template <class T>
constexpr bool is_vector = requires(T& list) {
    list.resize(1);
    list.emplace_back();
    list.data();
};

/// Rows whose bytes in memory are those that are kept.
template <class Row>
concept Plain = (Number<Row> || Enumeration<Row>)&&!std::same_as<Row, bool>;

}  // namespace state

/// Name, row type and bytes per row of a column.
struct StateColumn {
    std::string_view name;
    std::string_view type;
    std::uint32_t width = 0;
};

/// Visits state, column by column, always in the same order: `visit("world", world)`. It can visit numbers, texts,
/// vectors, maps and structs whose members are listed (core/state/state_fields.hpp). A visitor either reads the state
/// or fills it. A vector of numbers or of flat structs is one column, however long it is.
///
/// What does not depend on the type of the state is in the .cpp, so that files that visit state compile quickly.
class StateVisitor {
public:
    virtual ~StateVisitor() = default;

    template <class State>
    void operator()(std::string_view name, State& state, ColumnLength length = ColumnLength::fixed) {
        static_assert(!std::is_const_v<State>, "state can be filled");
        if constexpr (state::Flat<State>) {
            begin_rows<State>(name, 1, ColumnLength::fixed);
            visit_rows(&state, 1);
        } else if constexpr (std::same_as<State, std::string>) {
            visit_text(name, state);
        } else if constexpr (std::same_as<State, std::vector<std::string>>) {
            visit_texts(name, state);
        } else if constexpr (state::is_map<State>) {
            visit_map(name, state);
        } else if constexpr (state::is_vector<State>) {
            visit_vector(name, state, length);
        } else {
            state::for_each_field<State>(
                [&](const auto& field) { (*this)(member_name(name, field.name), state.*field.member, field.length); });
        }
    }

protected:
    /// Begins a column of `rows` rows and returns the number of rows that it has: the same, or for a visitor that fills
    /// the number that is kept. A column of fixed length that is not 0 must keep its length.
    virtual std::uint64_t begin(const StateColumn& column, std::uint64_t rows, ColumnLength length) = 0;
    /// Reads or fills the next bytes of the column.
    virtual void bytes(void* first, std::size_t count) = 0;
    virtual bool fills() const = 0;
    /// Whether values are checked: those that are filled, and those that a reader would refuse to fill later.
    virtual bool checks() const { return fills(); }
    /// Reports that the current column holds an impossible value.
    virtual void refuse(std::string_view why) = 0;

private:
    /// How rows that are not plain are packed without gaps, `count` at a time.
    struct RowPacking {
        std::size_t width;
        void (*pack)(const void* rows, std::size_t first, std::size_t count, char* to);
        void (*unpack)(StateVisitor& visitor, void* rows, std::size_t first, std::size_t count, const char* from);
        void (*check)(StateVisitor& visitor, const void* rows, std::size_t count);
    };

    static std::string member_name(std::string_view whole, std::string_view member);
    static std::string element_name(std::string_view list, std::uint64_t number);
    static std::string_view key_text(const std::string& key) { return key; }
    template <std::integral Key>
    static std::string key_text(Key key) {
        return std::to_string(key);
    }

    void visit_text(std::string_view name, std::string& text);
    void visit_texts(std::string_view name, std::vector<std::string>& texts);
    std::uint64_t visit_count(std::string_view name, std::uint64_t count, ColumnLength length);
    void visit_packed(void* rows, std::size_t count, const RowPacking& packing);
    void check_numbers(const float* numbers, std::size_t count);
    void check_numbers(const double* numbers, std::size_t count);
    void check_enumerator(std::uint64_t value, std::uint64_t last);
    bool to_truth(char byte);

    template <state::Flat Row>
    std::uint64_t begin_rows(std::string_view name, std::uint64_t rows, ColumnLength length) {
        return begin({name, state::type_of<Row>(), state::width_of<Row>()}, rows, length);
    }

    /// Checks plain values.
    template <state::Plain Row>
    void check(const Row* rows, std::size_t count) {
        if constexpr (std::floating_point<Row>) {
            check_numbers(rows, count);
        } else if constexpr (state::Enumeration<Row>) {
            for (std::size_t row = 0; row < count; ++row) {
                check_enumerator(static_cast<std::uint64_t>(rows[row]),
                                 static_cast<std::uint64_t>(LastEnumerator<Row>::value));
            }
        }
    }

    template <state::Flat Row>
    void check_row(const Row& row) {
        if constexpr (state::Plain<Row>) {
            check(&row, 1);
        } else if constexpr (state::is_array<Row>) {
            for (const auto& item : row) {
                check_row(item);
            }
        } else if constexpr (state::Listed<Row>) {
            state::for_each_field<Row>([&](const auto& field) { check_row(row.*field.member); });
        }
    }

    template <state::Flat Row>
    static void check_rows(StateVisitor& visitor, const void* rows, std::size_t count) {
        for (std::size_t row = 0; row < count; ++row) {
            visitor.check_row(static_cast<const Row*>(rows)[row]);
        }
    }

    template <state::Flat Row>
    static void pack(const Row& row, char*& to) {
        if constexpr (state::Number<Row> || state::Enumeration<Row>) {
            std::memcpy(to, &row, sizeof(Row));
            to += sizeof(Row);
        } else if constexpr (state::is_array<Row>) {
            for (const auto& item : row) {
                pack(item, to);
            }
        } else {
            state::for_each_field<Row>([&](const auto& field) { pack(row.*field.member, to); });
        }
    }

    template <state::Flat Row>
    void unpack(Row& row, const char*& from) {
        if constexpr (std::same_as<Row, bool>) {
            row = to_truth(*from++);
        } else if constexpr (state::Plain<Row>) {
            std::memcpy(&row, from, sizeof(Row));
            from += sizeof(Row);
            check(&row, 1);
        } else if constexpr (state::is_array<Row>) {
            for (auto& item : row) {
                unpack(item, from);
            }
        } else {
            state::for_each_field<Row>([&](const auto& field) { unpack(row.*field.member, from); });
        }
    }

    template <state::Flat Row>
    static void pack_rows(const void* rows, std::size_t first, std::size_t count, char* to) {
        for (std::size_t row = first; row < first + count; ++row) {
            pack(static_cast<const Row*>(rows)[row], to);
        }
    }

    template <state::Flat Row>
    static void unpack_rows(StateVisitor& visitor, void* rows, std::size_t first, std::size_t count, const char* from) {
        for (std::size_t row = first; row < first + count; ++row) {
            visitor.unpack(static_cast<Row*>(rows)[row], from);
        }
    }

    /// Visits the rows of the column that has begun.
    template <state::Flat Row>
    void visit_rows(Row* rows, std::size_t count) {
        if constexpr (state::Plain<Row>) {
            if (checks() && !fills()) {
                check(rows, count);
            }
            bytes(rows, count * sizeof(Row));
            if (fills()) {
                check(rows, count);
            }
        } else {
            visit_packed(rows, count, {state::width_of<Row>(), pack_rows<Row>, unpack_rows<Row>, check_rows<Row>});
        }
    }

    template <class Vector>
    void visit_vector(std::string_view name, Vector& list, ColumnLength length) {
        if constexpr (state::Flat<typename Vector::value_type>) {
            list.resize(begin_rows<typename Vector::value_type>(name, list.size(), length));
            visit_rows(list.data(), list.size());
        } else {
            const std::uint64_t count = visit_count(name, list.size(), length);
            // One after another: a wrong count reaches the end of the file before it takes memory.
            if (count < list.size()) {
                list.resize(count);
            }
            for (std::uint64_t number = 0; number < count; ++number) {
                if (number == list.size()) {
                    list.emplace_back();
                }
                (*this)(element_name(name, number), list[number], length);
            }
        }
    }

    template <class Map>
    void visit_map(std::string_view name, Map& map) {
        std::vector<typename Map::key_type> keys;
        keys.reserve(map.size());
        for (const auto& [key, value] : map) {
            keys.push_back(key);
        }
        (*this)(member_name(name, "keys"), keys, ColumnLength::varies);
        if (fills()) {
            map.clear();
        }
        for (const auto& key : keys) {
            if (fills() && map.contains(key)) {
                refuse("the same name twice");
            }
            (*this)(member_name(name, key_text(key)), map[key], ColumnLength::varies);
        }
    }
};

}  // namespace ytterby

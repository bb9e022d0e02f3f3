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

}  // namespace state

/// What a column is called, what a row of it is made of, and how many bytes that takes.
struct StateColumn {
    std::string_view name;
    std::string_view type;
    std::uint32_t width = 0;
};

/// Walks over state, column by column, always in the same order: `visit("world", world)`. Knows numbers, texts,
/// vectors, maps and structs whose members are listed (core/state/state_fields.hpp). One that takes leaves the state as
/// it is; one that fills replaces it. Vectors of numbers or of flat structs are one column each, however many there
/// are.
class StateVisitor {
public:
    virtual ~StateVisitor() = default;

    template <class State>
    void operator()(std::string_view name, State& state, ColumnLength length = ColumnLength::fixed) {
        static_assert(!std::is_const_v<State>, "state can be filled");
        if constexpr (state::Flat<State>) {
            visit_rows(name, &state, 1);
        } else if constexpr (std::same_as<State, std::string>) {
            state.resize(begin({name, "text", 1}, state.size(), ColumnLength::varies));
            bytes(state.data(), state.size());
        } else if constexpr (state::is_map<State>) {
            visit_map(std::string(name), state);
        } else if constexpr (state::is_vector<State>) {
            visit_vector(name, state, length);
        } else {
            visit_members(std::string(name), state);
        }
    }

protected:
    /// Begins a column of `rows` rows; returns how many it has: as many, or when filling as many as are kept, which of
    /// a fixed length that is not 0 must be as many too.
    virtual std::uint64_t begin(const StateColumn& column, std::uint64_t rows, ColumnLength length) = 0;
    /// Takes or fills the next bytes of the column.
    virtual void bytes(void* first, std::size_t count) = 0;
    virtual bool fills() const = 0;
    /// Says that the column begun last holds something that cannot be.
    virtual void refuse(std::string_view why) = 0;

private:
    /// Rows that are packed together: they stay near the processor.
    static constexpr std::size_t packed_bytes = 1 << 15;

    template <state::Flat Row>
    void check(const Row& row) {
        if constexpr (state::Enumeration<Row>) {
            using Whole = std::underlying_type_t<Row>;
            if (static_cast<Whole>(row) > static_cast<Whole>(LastEnumerator<Row>::value)) {
                refuse("there is no such value");
            }
        } else if constexpr (std::floating_point<Row>) {
            if (std::isnan(row)) {
                refuse("it is not a number");
            }
        } else if constexpr (state::is_array<Row>) {
            for (const auto& item : row) {
                check(item);
            }
        } else if constexpr (state::Listed<Row>) {
            std::apply([&](auto... fields) { (check(row.*fields.member), ...); }, state::fields_of<Row>());
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
            std::apply([&](auto... fields) { (pack(row.*fields.member, to), ...); }, state::fields_of<Row>());
        }
    }

    template <state::Flat Row>
    void unpack(Row& row, const char*& from) {
        if constexpr (std::same_as<Row, bool>) {
            if (*from != 0 && *from != 1) {
                refuse("a truth is 0 or 1");
            }
            row = *from++ == 1;
        } else if constexpr (state::Number<Row> || state::Enumeration<Row>) {
            std::memcpy(&row, from, sizeof(Row));
            from += sizeof(Row);
            check(row);
        } else if constexpr (state::is_array<Row>) {
            for (auto& item : row) {
                unpack(item, from);
            }
        } else {
            std::apply([&](auto... fields) { (unpack(row.*fields.member, from), ...); }, state::fields_of<Row>());
        }
    }

    /// Rows whose column has begun.
    template <state::Flat Row>
    void walk_rows(Row* rows, std::size_t count) {
        constexpr std::size_t width = state::width_of<Row>();
        if constexpr ((state::Number<Row> || state::Enumeration<Row>)&&!std::same_as<Row, bool>) {
            bytes(rows, count * width);
            if (fills() && (state::Enumeration<Row> || std::floating_point<Row>)) {
                for (std::size_t row = 0; row < count; ++row) {
                    check(rows[row]);
                }
            }
        } else {
            std::vector<char> packed(std::max(width, std::min(count * width, packed_bytes / width * width)));
            for (std::size_t first = 0; first < count;) {
                const std::size_t some = std::min(count - first, packed.size() / width);
                if (fills()) {
                    bytes(packed.data(), some * width);
                    const char* from = packed.data();
                    for (std::size_t row = first; row < first + some; ++row) {
                        unpack(rows[row], from);
                    }
                } else {
                    char* to = packed.data();
                    for (std::size_t row = first; row < first + some; ++row) {
                        pack(rows[row], to);
                    }
                    bytes(packed.data(), some * width);
                }
                first += some;
            }
        }
    }

    template <state::Flat Row>
    void visit_rows(std::string_view name, Row* rows, std::size_t count) {
        const std::string type = state::type_of<Row>();
        begin({name, type, state::width_of<Row>()}, count, ColumnLength::fixed);
        walk_rows(rows, count);
    }

    template <class Vector>
    void visit_vector(std::string_view name, Vector& list, ColumnLength length) {
        using Row = typename Vector::value_type;
        if constexpr (state::Flat<Row>) {
            const std::string type = state::type_of<Row>();
            list.resize(begin({name, type, state::width_of<Row>()}, list.size(), length));
            walk_rows(list.data(), list.size());
        } else if constexpr (std::same_as<Row, std::string>) {
            std::vector<std::uint64_t> lengths;
            std::string texts;
            for (const std::string& text : list) {
                lengths.push_back(text.size());
                texts += text;
            }
            visit_vector(std::string(name) + ".lengths", lengths, ColumnLength::varies);
            (*this)(std::string(name) + ".texts", texts);
            if (!fills()) {
                return;
            }
            list.clear();
            std::size_t at = 0;
            for (const std::uint64_t size : lengths) {
                if (size > texts.size() - at) {
                    refuse("the texts are shorter than their lengths say");
                }
                list.push_back(texts.substr(at, size));
                at += size;
            }
            if (at != texts.size()) {
                refuse("the texts are longer than their lengths say");
            }
        } else {
            std::uint64_t count = list.size();
            visit_rows(std::string(name) + ".count", &count, 1);
            if (fills() && length == ColumnLength::fixed && !list.empty() && count != list.size()) {
                refuse("there are " + std::to_string(list.size()) + " of them here");
            }
            // One after the other: a wrong count finds the end of the file before it takes memory.
            if (count < list.size()) {
                list.resize(count);
            }
            for (std::uint64_t number = 0; number < count; ++number) {
                if (number == list.size()) {
                    list.emplace_back();
                }
                (*this)(std::string(name) + "[" + std::to_string(number) + "]", list[number], length);
            }
        }
    }

    template <class Map>
    void visit_map(const std::string& name, Map& map) {
        std::vector<typename Map::key_type> keys;
        keys.reserve(map.size());
        for (const auto& [key, value] : map) {
            keys.push_back(key);
        }
        visit_vector(name + ".keys", keys, ColumnLength::varies);
        if (fills()) {
            map.clear();
        }
        for (const auto& key : keys) {
            std::string entry = name + ".";
            if constexpr (std::integral<typename Map::key_type>) {
                entry += std::to_string(key);
            } else {
                entry += key;
            }
            if (fills() && map.contains(key)) {
                refuse("the same name twice");
            }
            (*this)(entry, map[key], ColumnLength::varies);
        }
    }

    template <class Struct>
    void visit_members(const std::string& name, Struct& whole) {
        std::apply(
            [&](auto... fields) {
                ((*this)(name + "." + std::string(fields.name), whole.*fields.member, fields.length), ...);
            },
            state::fields_of<Struct>());
    }
};

}  // namespace ytterby

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>

#include "core/ids.hpp"
#include "core/state/member_count.hpp"

namespace ytterby {

/// Whether a column that is read back must be as long as the one that stands there (if that is not empty).
enum class ColumnLength : std::uint8_t { fixed, varies };

/// A member of a struct and what it is called where its state is kept.
template <class Struct, class Member>
struct StateField {
    std::string_view name;
    Member Struct::*member;
    ColumnLength length = ColumnLength::fixed;
};

template <class Struct, class Member>
constexpr StateField<Struct, Member> field(std::string_view name, Member Struct::*member,
                                           ColumnLength length = ColumnLength::fixed) {
    return {name, member, length};
}

/// All members of a struct that is state, each once: `static constexpr auto list = std::tuple(field("name", &S::name),
/// ...)`. A struct may instead say the same in a static member function `state_fields()`. Fingerprints, checkpoints and
/// whatever else must know all state derive from the list; a member that is missing from it does not compile.
template <class Struct>
struct StateFields;

/// The last of an enumeration's values, which count from 0; state that holds one must say it.
template <class Enumeration>
struct LastEnumerator;

namespace state {

template <class T>
concept SaysItself = requires { T::state_fields(); };
template <class T>
concept IsSaid = requires { StateFields<T>::list; };
/// Structs whose members are listed.
template <class T>
concept Listed = SaysItself<T> || IsSaid<T>;
template <class T>
concept Number = std::is_arithmetic_v<T> && !std::is_same_v<T, long double>;
template <class T>
concept Enumeration = std::is_enum_v<T>;

/// The list of a struct's members, complete or not compiled.
template <Listed T>
constexpr auto fields_of() {
    if constexpr (SaysItself<T>) {
        constexpr auto list = T::state_fields();
        static_assert(std::tuple_size_v<decltype(list)> == member_count<T>(),
                      "a member of this struct is missing from its state_fields()");
        return list;
    } else {
        static_assert(std::tuple_size_v<decltype(StateFields<T>::list)> == member_count<T>(),
                      "a member of this struct is missing from its list of StateFields");
        return StateFields<T>::list;
    }
}

template <class T>
constexpr bool is_array = false;
template <class T, std::size_t count>
constexpr bool is_array<std::array<T, count>> = true;

/// What a pointer to a member points to.
template <class T>
struct Pointee;
template <class Struct, class Member>
struct Pointee<Member Struct::*> {
    using type = Member;
};

/// Whether a value has a fixed number of bytes, so that many of them make one column.
template <class T>
constexpr bool is_flat() {
    if constexpr (Number<T> || Enumeration<T>) {
        return true;
    } else if constexpr (is_array<T>) {
        return is_flat<typename T::value_type>();
    } else if constexpr (Listed<T>) {
        return std::apply(
            [](auto... fields) { return (is_flat<typename Pointee<decltype(fields.member)>::type>() && ...); },
            fields_of<T>());
    } else {
        return false;
    }
}

template <class T>
concept Flat = is_flat<T>();

/// Bytes of a value without gaps.
template <Flat T>
constexpr std::size_t width_of() {
    if constexpr (Number<T> || Enumeration<T>) {
        return sizeof(T);
    } else if constexpr (is_array<T>) {
        return std::tuple_size_v<T> * width_of<typename T::value_type>();
    } else {
        return std::apply(
            [](auto... fields) {
                return (std::size_t{0} + ... + width_of<typename Pointee<decltype(fields.member)>::type>());
            },
            fields_of<T>());
    }
}

/// The type of a value in words: "f64", "u8", "f64[8]", "row:u32 tonnes:f32".
template <Flat T>
std::string type_of() {
    if constexpr (Enumeration<T>) {
        return type_of<std::underlying_type_t<T>>();
    } else if constexpr (std::is_same_v<T, bool>) {
        return "bool";
    } else if constexpr (Number<T>) {
        return (std::is_floating_point_v<T> ? "f" : std::is_signed_v<T> ? "i" : "u") + std::to_string(8 * sizeof(T));
    } else if constexpr (is_array<T>) {
        return type_of<typename T::value_type>() + "[" + std::to_string(std::tuple_size_v<T>) + "]";
    } else {
        std::string text;
        std::apply(
            [&](auto... fields) {
                ((text += (text.empty() ? "" : " ") + std::string(fields.name) + ":" +
                          type_of<typename Pointee<decltype(fields.member)>::type>()),
                 ...);
            },
            fields_of<T>());
        return text.find(' ') == std::string::npos ? text : "(" + text + ")";
    }
}

}  // namespace state

template <class Tag>
struct StateFields<Id<Tag>> {
    static constexpr auto list = std::tuple(field("id", &Id<Tag>::value));
};

}  // namespace ytterby

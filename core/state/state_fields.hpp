#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "core/ids.hpp"
#include "core/state/member_count.hpp"

namespace ytterby {

/// Whether a column that is read back must be as long as the present one (unless that is empty).
enum class ColumnLength : std::uint8_t { fixed, varies };

/// A member of a struct and the name under which its state is kept.
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
/// ...)`. A struct may give the same list by a static member function `state_fields()` instead. Fingerprints,
/// checkpoints and everything else that needs all state use the list; a list without one of the members does not
/// compile.
template <class Struct>
struct StateFields;

/// The last of an enumeration's values, which count from 0; needed for an enumeration that is state.
template <class Enumeration>
struct LastEnumerator;

namespace state {

/// Structs with a member function `state_fields()`.
template <class T>
concept HasStateFields = requires { T::state_fields(); };
/// Structs with a specialisation of StateFields.
template <class T>
concept HasFieldList = requires { StateFields<T>::list; };
/// Structs whose members are listed.
template <class T>
concept Listed = HasStateFields<T> || HasFieldList<T>;
template <class T>
concept Number = std::is_arithmetic_v<T> && !std::is_same_v<T, long double>;
template <class T>
concept Enumeration = std::is_enum_v<T>;

/// The list of a struct's members; an incomplete one does not compile.
template <Listed T>
constexpr auto make_fields() {
    if constexpr (HasStateFields<T>) {
        constexpr auto list = T::state_fields();
        static_assert(has_member_count<T, std::tuple_size_v<decltype(list)>>(),
                      "a member of this struct is missing from its state_fields()");
        return list;
    } else {
        static_assert(has_member_count<T, std::tuple_size_v<decltype(StateFields<T>::list)>>(),
                      "a member of this struct is missing from its list of StateFields");
        return StateFields<T>::list;
    }
}
template <Listed T>
inline constexpr auto fields_of = make_fields<T>();

/// Calls `visit` with each field of a struct, in order.
template <Listed T, class Visit>
constexpr void for_each_field(Visit&& visit) {
    [&]<std::size_t... Place>(std::index_sequence<Place...>) {
        (visit(std::get<Place>(fields_of<T>)), ...);
    }(std::make_index_sequence<std::tuple_size_v<decltype(make_fields<T>())>>{});
}

template <class T>
constexpr bool is_array = false;
template <class T, std::size_t count>
constexpr bool is_array<std::array<T, count>> = true;

template <class T>
constexpr bool is_flat();
template <class T>
constexpr std::size_t width_of();

/// What the types of a list's members have in common.
template <class Fields>
struct MemberTypes;
template <class Struct, class... Member>
struct MemberTypes<std::tuple<StateField<Struct, Member>...>> {
    static constexpr bool are_flat() { return (is_flat<Member>() && ...); }
    static constexpr std::size_t width() { return (std::size_t{0} + ... + width_of<Member>()); }
};

/// Whether a value has a fixed number of bytes, so that many of them make one column.
template <class T>
constexpr bool is_flat() {
    if constexpr (Number<T> || Enumeration<T>) {
        return true;
    } else if constexpr (is_array<T>) {
        return is_flat<typename T::value_type>();
    } else if constexpr (Listed<T>) {
        return MemberTypes<decltype(make_fields<T>())>::are_flat();
    } else {
        return false;
    }
}

template <class T>
concept Flat = is_flat<T>();

/// Bytes of a flat value without gaps.
template <class T>
constexpr std::size_t width_of() {
    if constexpr (Number<T> || Enumeration<T>) {
        return sizeof(T);
    } else if constexpr (is_array<T>) {
        return std::tuple_size_v<T> * width_of<typename T::value_type>();
    } else {
        return MemberTypes<decltype(make_fields<T>())>::width();
    }
}

/// Appends "name:type" to the members of a row's type.
void append_member_type(std::string& members, std::string_view name, const std::string& type);

/// The type of a flat value as text: "f64", "u8", "f64[8]", "(row:u32 tonnes:f32)"; of one member, without brackets.
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
        std::string members;
        for_each_field<T>([&]<class Member>(const StateField<T, Member>& field) {
            append_member_type(members, field.name, type_of<Member>());
        });
        return members.find(' ') == std::string::npos ? members : "(" + members + ")";
    }
}

}  // namespace state

template <class Tag>
struct StateFields<Id<Tag>> {
    static constexpr auto list = std::tuple(field("id", &Id<Tag>::value));
};

}  // namespace ytterby

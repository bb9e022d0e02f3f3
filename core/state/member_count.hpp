#pragma once

#include <cstddef>
#include <utility>

namespace ytterby {

namespace counting {

/// Would turn into whatever a member is; only asked about, never made.
struct AnyMember {
    template <class Member>
    operator Member() const;
};

template <class Struct, std::size_t... Place>
constexpr bool takes(std::index_sequence<Place...>) {
    return requires { Struct{(static_cast<void>(Place), AnyMember{})...}; };
}

template <class Struct, std::size_t Count>
constexpr std::size_t find() {
    static_assert(Count > 0, "an aggregate with members is needed");
    if constexpr (takes<Struct>(std::make_index_sequence<Count>{})) {
        return Count;
    } else {
        return find<Struct, Count - 1>();
    }
}

}  // namespace counting

/// How many members a struct without constructors has (up to 96), so that a list of them can be checked when compiling.
template <class Struct>
constexpr std::size_t member_count() {
    return counting::find<Struct, 96>();
}

}  // namespace ytterby

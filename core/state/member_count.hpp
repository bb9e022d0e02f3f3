#pragma once

#include <cstddef>
#include <utility>

namespace ytterby {

namespace counting {

/// Converts to the type of any member; only used in unevaluated expressions.
struct AnyMember {
    template <class Member>
    operator Member() const;
};

template <class Struct, std::size_t... Place>
constexpr bool takes(std::index_sequence<Place...>) {
    return requires { Struct{(static_cast<void>(Place), AnyMember{})...}; };
}

}  // namespace counting

/// Whether a struct without constructors has exactly `count` members: it can be initialised with as many values and not
/// with one more.
template <class Struct, std::size_t count>
constexpr bool has_member_count() {
    return counting::takes<Struct>(std::make_index_sequence<count>{}) &&
           !counting::takes<Struct>(std::make_index_sequence<count + 1>{});
}

}  // namespace ytterby

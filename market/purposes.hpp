#pragma once

#include "core/random.hpp"

/// Purposes for which market mechanisms and the laboratory draw random numbers.
namespace ytterby::purposes {

inline constexpr Purpose buyer_arrival{80};
inline constexpr Purpose seller_search{81};
inline constexpr Purpose order_arrival{84};
inline constexpr Purpose laboratory_trait{85};
inline constexpr Purpose laboratory_turn{86};
inline constexpr Purpose laboratory_quote{87};
inline constexpr Purpose laboratory_lesson{88};

}  // namespace ytterby::purposes

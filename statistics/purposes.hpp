#pragma once

#include "core/random.hpp"

/// What statistics draws random numbers for.
namespace ytterby::purposes {

inline constexpr Purpose design_sample{128};
inline constexpr Purpose design_shuffle{129};
inline constexpr Purpose bootstrap{130};

}  // namespace ytterby::purposes

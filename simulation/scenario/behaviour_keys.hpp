#pragma once

#include <string_view>

#include "agents/world/behaviour.hpp"
#include "core/config/keys.hpp"

namespace ytterby {

/// Declares and reads the parameters of behaviour of one section.
void read_parameters(KeyReader& keys, std::string_view section, Behaviour& behaviour);

/// Declares and reads the tables of behaviour of a scenario ([expectation], [supply], [stocks], [fear], [investment],
/// [exit], [substitution], [recycling], [trade], [money], [noise]), each key with its default, bounds, unit and source.
void read(KeyReader& keys, Behaviour& behaviour);

}  // namespace ytterby

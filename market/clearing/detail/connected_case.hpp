#pragma once

#include <cstdint>
#include <vector>

#include "market/clearing/detail/cleared_case.hpp"

namespace ytterby {

/// Nodes of a case that lanes and shared caps connect, with all that belongs to them, as a case of their own.
struct ConnectedCase {
    MarketCase source;
    std::vector<std::uint32_t> nodes;  // of the whole case, ascending; likewise below
    std::vector<std::uint32_t> orders;
    std::vector<std::uint32_t> lanes;
    std::vector<std::uint32_t> caps;
};

/// In the order of their first nodes.
std::vector<ConnectedCase> connected_cases_of(const MarketCase& source);

/// An answer in which nothing trades, to be filled by `add_connected`.
ClearedCase empty_answer(const CaseQuestion& question);

/// Puts the answer of a connected case (`asked` is its question) into that of the whole one.
void add_connected(const ConnectedCase& connected, const CaseQuestion& asked, const ClearedCase& cleared,
                   const CaseQuestion& whole, ClearedCase& out);

}  // namespace ytterby

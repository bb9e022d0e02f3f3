#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>

#include "core/check.hpp"
#include "core/config/diagnostics.hpp"
#include "market/clearing/case_solver.hpp"

namespace ytterby {

/// Reads bytes as a market case and clears it. A case is refused with problems, or gets an answer that meets its
/// conditions. Absurd numbers may leave the solver without an answer; then it throws std::runtime_error.
inline void try_case(const std::uint8_t* bytes, std::size_t count) {
    constexpr std::size_t most_nodes = 12;
    MarketCase question;
    try {
        question = parse_market_case(std::string(reinterpret_cast<const char*>(bytes), count), "fuzz.toml");
    } catch (const InputError& error) {
        ensure(!error.problems().empty(), "a refusal has reasons");
        return;
    }
    if (question.nodes.size() > most_nodes || question.laboratory) {
        return;
    }
    try {
        const CaseAnswer answer = clear_case(question);
        ensure(answer.worst() <= 1e-6, "an answer meets its conditions");
        ensure(answer.nodes.size() == question.nodes.size() && answer.flows.size() == question.lanes.size(),
               "the answer covers all nodes and lanes");
    } catch (const std::runtime_error&) {
    }
}

}  // namespace ytterby

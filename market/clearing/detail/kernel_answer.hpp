#pragma once

#include "market/clearing/detail/case_question.hpp"
#include "market/clearing/detail/cleared_case.hpp"

namespace ytterby {

/// Clears a connected case with the exact kernel (market/exact), in units of its own: the powers of ten next to its
/// largest price and quantity. Throws std::runtime_error if no answer is found.
ClearedCase clear_by_kernel(const CaseQuestion& question);

}  // namespace ytterby

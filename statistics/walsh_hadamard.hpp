#pragma once

#include <cstddef>
#include <span>

namespace ytterby {

/// The fast Walsh-Hadamard transform, in place, of `values.size() / columns` rows (a power of two, row after row), each
/// column by itself: row S becomes the sum over all rows x of (-1)^(number of bits that S and x share) times row x.
/// Applied twice it gives the rows back, times their number.
void walsh_hadamard(std::span<double> values, std::size_t columns = 1);

}  // namespace ytterby

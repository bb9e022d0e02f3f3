#include "statistics/walsh_hadamard.hpp"

#include <bit>

#include "core/check.hpp"

namespace ytterby {

void walsh_hadamard(std::span<double> values, std::size_t columns) {
    ensure(columns > 0 && values.size() % columns == 0 && std::has_single_bit(values.size() / columns),
           "a Walsh-Hadamard transform has a power of two of rows");
    for (std::size_t half = columns; half < values.size(); half *= 2) {
        for (std::size_t begin = 0; begin < values.size(); begin += 2 * half) {
            double* __restrict low = values.data() + begin;
            double* __restrict high = low + half;
            for (std::size_t place = 0; place < half; ++place) {
                const double sum = low[place] + high[place];
                high[place] = low[place] - high[place];
                low[place] = sum;
            }
        }
    }
}

}  // namespace ytterby

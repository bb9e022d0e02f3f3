#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace ytterby {

/// How p-values are corrected for multiple testing.
enum class Correction : std::uint8_t {
    holm,                // Holm (1979): the chance of any false finding in the family stays below 1 - level
    benjamini_hochberg,  // Benjamini and Hochberg (1995): the share of false findings among all stays below 1 - level
};

/// "Holm" or "Benjamini-Hochberg".
std::string_view name_of(Correction correction);

/// Corrected p-values in the order given, each to be compared with 1 - level. NaN is not part of the family and stays
/// NaN.
std::vector<double> corrected(std::span<const double> p_values, Correction correction);

}  // namespace ytterby

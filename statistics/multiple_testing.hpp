#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace ytterby {

/// How p-values are corrected for being many.
enum class Correction : std::uint8_t {
    holm,                // Holm (1979): the chance of any false finding in the family stays below 1 - level
    benjamini_hochberg,  // Benjamini and Hochberg (1995): the share of false findings among all stays below 1 - level
};

/// "Holm" or "Benjamini-Hochberg", as texts state it.
std::string_view name_of(Correction correction);

/// Corrected p-values in the order given, each to be compared with 1 - level; NaN stands outside the family and stays
/// NaN.
std::vector<double> corrected(std::span<const double> p_values, Correction correction);

}  // namespace ytterby

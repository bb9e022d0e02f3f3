#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

namespace ytterby {

/// What the cells of a column of the file hold.
enum class CellKind : std::uint8_t { whole, real, text };

/// One value on its way into the file, of the kind of its column: half the size of a `Value`, since all of them pass from the
/// processor of the thread that records to that of the one that writes.
union StoredCell {
  std::int64_t whole;
  double real;              ///< NULL unless it is finite
  const std::string* text;  ///< NULL without one; it lasts as long as the cell
};

/// The whole number that stands for NULL.
inline constexpr std::int64_t no_whole = std::numeric_limits<std::int64_t>::min();

/// The cell of a number, which infinities do not pass as one.
inline StoredCell real_cell(double value) { return {.real = std::isfinite(value) ? value : std::numeric_limits<double>::quiet_NaN()}; }

constexpr StoredCell null_cell(CellKind kind) {
  switch (kind) {
    case CellKind::whole: return {.whole = no_whole};
    case CellKind::real: return {.real = std::numeric_limits<double>::quiet_NaN()};
    case CellKind::text: return {.text = nullptr};
  }
  return {.whole = no_whole};
}

}  // namespace ytterby

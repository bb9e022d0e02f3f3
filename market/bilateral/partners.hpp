#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "market/market_memory.hpp"

namespace ytterby {

/// What one seller delivered to one buyer in a tick.
struct Delivery {
    std::uint32_t buyer = 0;  // rows of Orders
    std::uint32_t seller = 0;
    double tonnes = 0.0;
};

/// The share of a partner's strength that is left after one tick; half is left after the half-life.
double kept_strength(double half_life_months, double months_per_tick);

/// Fades the strength of all partners; call it once per tick, before deliveries are noted. Partners with almost no
/// strength are forgotten.
void fade_partners(MarketMemory& memory, double kept);

/// Notes deliveries: strength is an exponential mean of tonnes per tick (the new tick weighs 1 - kept). Each buyer
/// keeps its strongest sellers, strongest first, ties by row. Deliveries are sorted by buyer, with one entry per pair.
/// The memory must have a place for every buyer among them.
void note_deliveries(std::span<const Delivery> deliveries, double kept, MarketMemory& memory);

/// The partners of one row, strongest first; empty places at the end.
inline std::span<const Partner> partners_of(const MarketMemory& memory, std::uint32_t row) {
    const std::size_t first = static_cast<std::size_t>(row) * memory.slots;
    return first + memory.slots <= memory.partners.size()
               ? std::span<const Partner>(memory.partners).subspan(first, memory.slots)
               : std::span<const Partner>();
}

}  // namespace ytterby

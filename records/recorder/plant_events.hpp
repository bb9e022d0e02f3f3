#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "simulation/observer.hpp"

namespace ytterby {

/// What happened to the firms of a cell in a tick.
struct PlantEvent {
    std::size_t cell = 0;
    const char* kind = "";  // as in the table `events`
    std::string text;
};

/// What must be known of the tick before; empty before the first.
struct PlantEventMemory {
    std::vector<std::uint8_t> insolvent;  // per cell: its firms together are in debt
    std::vector<std::uint8_t> stands;     // per cell: it has plants
};

/// The events of a tick, in the order of cells.
std::vector<PlantEvent> plant_events(const TickReport& report, PlantEventMemory& memory);

}  // namespace ytterby

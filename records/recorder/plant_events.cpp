#include "records/recorder/plant_events.hpp"

namespace ytterby {
namespace {

void learn_plants(const Economy& economy, PlantEventMemory& memory) {
    memory.insolvent.resize(economy.cells.size(), 0);
    if (memory.stands.empty()) {
        for (const Cell& cell : economy.cells) {
            memory.stands.push_back(cell.expansion.base_capacity_t > 0.0 ? 1 : 0);
        }
    }
}

std::string firms(std::uint32_t count) { return std::to_string(count) + (count == 1 ? " firm " : " firms "); }

}  // namespace

std::vector<PlantEvent> plant_events(const TickReport& report, PlantEventMemory& memory) {
    learn_plants(report.economy, memory);
    std::vector<PlantEvent> events;
    for (std::size_t index = 0; index < report.economy.cells.size(); ++index) {
        const CellTotals& totals = report.world.cells[index];
        const std::uint8_t owes = totals.cash_usd < 0.0 ? 1 : 0;
        if (owes != memory.insolvent[index]) {
            events.push_back(
                {index, owes != 0 ? "on_credit" : "credit_repaid",
                 owes != 0 ? "the sector as a whole runs on credit" : "the sector has paid its credit back"});
            memory.insolvent[index] = owes;
        }
        if (totals.mothballed_now > 0) {
            events.push_back(
                {index, "mothball", firms(totals.mothballed_now) + "stopped: margins below avoidable cost for long"});
        }
        if (totals.restarted_now > 0) {
            events.push_back({index, "restart", firms(totals.restarted_now) + "came back"});
        }
        if (totals.closed_now > 0) {
            events.push_back({index, "closure", firms(totals.closed_now) + "closed for good"});
        }
        if (totals.bankrupt_now > 0) {
            events.push_back(
                {index, "bankruptcy", firms(totals.bankrupt_now) + "went bankrupt; creditors wrote the debt off"});
        }
        if (memory.stands[index] == 0 && report.world.plants[index].added_t > 0.0) {
            events.push_back({index, "entry", "the first plants stand"});
            memory.stands[index] = 1;
        }
    }
    return events;
}

}  // namespace ytterby

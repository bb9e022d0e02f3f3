#include "records/recorder/capacity_book.hpp"

namespace ytterby {

void book_capacity(const TickReport& report, bool last, const CapacityNames& names, std::vector<CapacityYear>& years,
                   RunStore& store) {
    const Economy& economy = report.economy;
    years.resize(economy.cells.size());
    const bool year_ends = report.calendar.date_of(report.tick).year != report.calendar.date_of(report.tick + 1).year;
    for (std::size_t index = 0; index < economy.cells.size(); ++index) {
        const Cell& cell = economy.cells[index];
        if (cell.kind != FirmKind::miner && cell.kind != FirmKind::refiner) {
            continue;
        }
        const PlantState& plant = report.world.plants[index];
        const CellTotals& totals = report.world.cells[index];
        CapacityYear& year = years[index];
        year.started_t += plant.started_t;
        year.added_t += plant.added_t;
        year.retired_t += plant.retired_t;
        year.closed_t += totals.closed_t;
        year.throughput_t += totals.throughput_t;
        if (!year_ends && !last) {
            continue;
        }
        const double capacity = totals.capacity_t + plant.added_t - plant.retired_t;
        const double building = plant.building.total();
        if (capacity > 0.0 || building > 0.0) {
            const Process& process = economy.processes[cell.process.index()];
            const double per_year = economy.ticks_per_year;
            store.append(TableId::capacity,
                         {names.goods[cell.positions[cell.inputs].good.index()], names.countries[cell.country.index()],
                          names.processes[cell.process.index()], capacity * per_year, building * per_year,
                          year.started_t * per_year, year.added_t * per_year, year.retired_t * per_year,
                          year.closed_t * per_year, totals.mothballed, plant.profit_index, plant.cost_factor,
                          year.throughput_t, year.throughput_t * process.footprint_t_co2_per_t});
        }
        year = CapacityYear{};
    }
}

}  // namespace ytterby

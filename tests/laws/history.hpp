#pragma once

#include <string>
#include <vector>

#include "agents/world/indicators.hpp"
#include "simulation/run.hpp"

namespace ytterby {

/// What a run's ticks looked like, kept in memory: every node's prices and quantities, every lane's flow and rent.
class History final : public Observer {
public:
    void on_tick(const TickReport& report) override {
        use_price.emplace_back(report.world.nodes.use_price.begin(), report.world.nodes.use_price.end());
        supply_price.emplace_back(report.world.nodes.supply_price.begin(), report.world.nodes.supply_price.end());
        production.emplace_back(report.world.nodes.production.begin(), report.world.nodes.production.end());
        consumption.emplace_back(report.world.nodes.consumption.begin(), report.world.nodes.consumption.end());
        stock.emplace_back(report.world.nodes.stock.begin(), report.world.nodes.stock.end());
        flow.emplace_back(report.world.lanes.flow.begin(), report.world.lanes.flow.end());
        for (rent.emplace_back(); const LaneTrade& lane : report.trades.lanes) {
            rent.back().push_back(lane.rent_usd_per_t);
        }
    }
    using Rows = std::vector<std::vector<double>>;
    Rows use_price, supply_price, production, consumption, stock, flow, rent;
};

/// A scenario run to its end with its history.
struct FinishedRun {
    Scenario scenario;
    Simulation simulation;
    History history;
    RunOutcome outcome;

    std::size_t node(const char* good, const char* country) const {
        return simulation.economy.network.node(simulation.economy.good(good), simulation.economy.country(country))
            .index();
    }
    double price(const char* good, const char* country, std::size_t tick) const {
        return history.use_price.at(tick)[node(good, country)];
    }
    /// Exports of a country over all lanes, t in a tick.
    double exports(const char* good, const char* country, std::size_t tick) const {
        const GoodLanes& book = simulation.economy.network.goods[simulation.economy.good(good).index()];
        double sum = 0.0;
        for (std::size_t number = 0; number < book.lanes.size(); ++number) {
            if (book.lanes[number].origin == simulation.economy.country(country)) {
                sum += history.flow.at(tick)[book.first_lane + number];
            }
        }
        return sum;
    }
    /// Mean rent per tonne of a country's exports in a tick, USD/t.
    double export_rent(const char* good, const char* country, std::size_t tick) const {
        const GoodLanes& book = simulation.economy.network.goods[simulation.economy.good(good).index()];
        double sum = 0.0;
        double tonnes = 0.0;
        for (std::size_t number = 0; number < book.lanes.size(); ++number) {
            if (book.lanes[number].origin == simulation.economy.country(country)) {
                const double moved = history.flow.at(tick)[book.first_lane + number];
                sum += moved * history.rent.at(tick)[book.first_lane + number];
                tonnes += moved;
            }
        }
        return tonnes > 0.0 ? sum / tonnes : 0.0;
    }
};

inline std::string shipped(const std::string& name) { return std::string(YTTERBY_SOURCE_DIR) + "/configs/" + name; }

/// Loads, builds and runs; laws are checked in every tick.
inline FinishedRun run_config(const std::string& config, std::vector<std::string> overrides) {
    overrides.emplace_back("run.check_laws=true");
    FinishedRun finished{load_scenario(shipped(config), overrides), {}, {}, {}};
    finished.simulation = build_simulation(finished.scenario);
    finished.outcome = run(finished.scenario, finished.simulation, finished.history);
    return finished;
}

}  // namespace ytterby

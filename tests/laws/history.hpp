#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "agents/world/indicators.hpp"
#include "simulation/run.hpp"

namespace ytterby {

/// The ticks of a run, kept in memory: every node's prices and quantities, every lane's flow and rent.
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

/// The lanes of a good; an unknown name throws, which fails the test.
inline const GoodLanes& lanes_of(const Economy& economy, const std::string& good) {
    if (!economy.good(good).exists()) {
        throw std::invalid_argument("no good " + good);
    }
    return economy.network.goods[economy.good(good).index()];
}

/// Indices of a country's export lanes in the columns over all lanes; throws where there are none.
inline std::vector<std::size_t> lanes_from(const Economy& economy, const std::string& good, const std::string& origin) {
    const GoodLanes& book = lanes_of(economy, good);
    std::vector<std::size_t> found;
    for (std::size_t number = 0; number < book.lanes.size(); ++number) {
        if (book.lanes[number].origin == economy.country(origin)) {
            found.push_back(book.first_lane + number);
        }
    }
    if (found.empty()) {
        throw std::invalid_argument("no lanes of " + good + " from " + origin);
    }
    return found;
}

/// Index of one lane in the columns over all lanes; throws where it does not exist.
inline std::size_t lane_index(const Economy& economy, const std::string& good, const std::string& origin,
                              const std::string& destination) {
    const GoodLanes& book = lanes_of(economy, good);
    for (const std::size_t lane : lanes_from(economy, good, origin)) {
        if (book.lanes[lane - book.first_lane].destination == economy.country(destination)) {
            return lane;
        }
    }
    throw std::invalid_argument("no lane of " + good + " " + origin + "->" + destination);
}

/// Flow over a lane at the base date, t per tick.
inline double base_flow(const Economy& economy, const std::string& good, const std::string& origin,
                        const std::string& destination) {
    const GoodLanes& book = lanes_of(economy, good);
    return book.lanes[lane_index(economy, good, origin, destination) - book.first_lane].base_flow_t;
}

/// A scenario run to its end with its history.
struct FinishedRun {
    Scenario scenario;
    Simulation simulation;
    History history;
    RunOutcome outcome;

    std::size_t node(const char* good, const char* country) const {
        const Economy& economy = simulation.economy;
        if (!economy.good(good).exists() || !economy.country(country).exists()) {
            throw std::invalid_argument(std::string("no node of ") + good + " in " + country);
        }
        return economy.network.node(economy.good(good), economy.country(country)).index();
    }
    double price(const char* good, const char* country, std::size_t tick) const {
        return history.use_price.at(tick)[node(good, country)];
    }
    /// Flow over one lane, t per tick.
    double flow(const char* good, const char* origin, const char* destination, std::size_t tick) const {
        return history.flow.at(tick)[lane_index(simulation.economy, good, origin, destination)];
    }
    /// Exports of a country over all lanes, t per tick.
    double exports(const char* good, const char* country, std::size_t tick) const {
        double sum = 0.0;
        for (const std::size_t lane : lanes_from(simulation.economy, good, country)) {
            sum += history.flow.at(tick)[lane];
        }
        return sum;
    }
    /// Mean rent per tonne of a country's exports in a tick, USD/t.
    double export_rent(const char* good, const char* country, std::size_t tick) const {
        double sum = 0.0;
        double tonnes = 0.0;
        for (const std::size_t lane : lanes_from(simulation.economy, good, country)) {
            const double moved = history.flow.at(tick)[lane];
            sum += moved * history.rent.at(tick)[lane];
            tonnes += moved;
        }
        return tonnes > 0.0 ? sum / tonnes : 0.0;
    }
};

inline std::string shipped(const std::string& name) { return std::string(YTTERBY_SOURCE_DIR) + "/configs/" + name; }

/// Loads, builds and runs a scenario; the laws are checked in every tick.
inline FinishedRun run_config(const std::string& config, std::vector<std::string> overrides) {
    overrides.emplace_back("run.check_laws=true");
    FinishedRun finished{load_scenario(shipped(config), overrides), {}, {}, {}};
    finished.simulation = build_simulation(finished.scenario);
    finished.outcome = run(finished.scenario, finished.simulation, finished.history);
    return finished;
}

}  // namespace ytterby

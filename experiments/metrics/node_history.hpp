#pragma once

#include <string>
#include <vector>

#include "simulation/observer.hpp"

namespace ytterby {

/// Prices and quantities of every node over a run, tick by tick, kept in memory.
class NodeHistory final : public Observer {
public:
    struct Tick {
        std::string date;
        std::vector<double> use_price, production, consumption, stock;  // by node
    };
    void on_tick(const TickReport& report) override;
    const std::vector<Tick>& ticks() const { return ticks_; }

private:
    std::vector<Tick> ticks_;
};

}  // namespace ytterby

#pragma once

#include <array>
#include <string_view>

#include "agents/phases/deliver.hpp"
#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"
#include "core/calendar.hpp"
#include "market/trades.hpp"
#include "rules/regime.hpp"

namespace ytterby {

/// Seconds of wall time spent in each phase so far; no result contains them.
struct PhaseTimes {
    enum Phase { govern, plan, clear, settle, produce, invest, observe, record, count };
    std::array<double, count> seconds{};
    static std::string_view name(Phase phase);
};

/// A finished tick, as an observer sees it.
struct TickReport {
    std::int64_t tick;
    const Calendar& calendar;
    const Economy& economy;
    const World& world;
    const Regime& regime;
    const Deliveries& deliveries;  // under contract, before the spot market
    const Trades& trades;          // on the spot market
};

/// Receives every tick of a run. Simulation owns this interface; records implement it.
class Observer {
public:
    virtual ~Observer() = default;
    virtual void on_tick(const TickReport& report) = 0;
};

/// Ignores the ticks.
class NoObserver final : public Observer {
public:
    void on_tick(const TickReport&) override {}
};

}  // namespace ytterby

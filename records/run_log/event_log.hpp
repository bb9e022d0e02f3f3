#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <set>
#include <string>

#include "records/recorder/plant_events.hpp"
#include "records/run_log/run_log.hpp"
#include "simulation/observer.hpp"

namespace ytterby {

/// Writes into the log of a run what happens in it: measures announced, in force and ended, deals, and firms that come
/// and go. With `debug` also every verb of a measure and plants that stop and restart.
class EventLog final : public Observer {
public:
    /// `plants`: what the recorder knows of the cells, where a run goes on.
    EventLog(RunLog& log, PlantEventMemory plants) : log_(log), plants_(std::move(plants)) {}
    void on_tick(const TickReport& report) override;

private:
    using Clock = std::chrono::steady_clock;
    /// The verbs of a policy in a month: the first of them as a text, and how many there are.
    struct InForce {
        std::string first;
        std::size_t verbs = 0;
    };

    void write_measures(const TickReport& report);
    void write_announcements(const TickReport& report);
    void write_verbs(const TickReport& report);
    void write_plants(const TickReport& report);
    void write_deals(const TickReport& report);
    void write(LogLevel level, const std::string& text) { log_.write(level, month_ + "  " + text); }

    RunLog& log_;
    PlantEventMemory plants_;
    std::string month_;
    bool has_begun_ = false;
    std::map<std::string, InForce> in_force_;       // by policy, a tick ago
    std::map<std::string, std::string> announced_;  // policy: month from which it is to be in force
    std::map<std::string, std::string> verbs_;      // in force a tick ago: identity and text
    Clock::time_point flushed_ = Clock::now();
};

}  // namespace ytterby

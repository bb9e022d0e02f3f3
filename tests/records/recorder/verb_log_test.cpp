#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "records/recorder/recorder.hpp"
#include "records/store/stored_run.hpp"
#include "simulation/run.hpp"
#include "tests/records/scratch_folder.hpp"
#include "tests/records/store/price_rows.hpp"

namespace ytterby {
namespace {

using Sizes = std::map<std::string, double>;

std::string key_of(std::string_view policy, std::string_view verb, std::string_view subject) {
    return std::string(policy) + '|' + std::string(verb) + '|' + std::string(subject);
}

/// Records a run and keeps the verbs of each tick.
struct Listener final : Observer {
    explicit Listener(Recorder& to) : recorder(to) {}
    void on_tick(const TickReport& report) override {
        Sizes& now = verbs.emplace_back();
        for (const RecordedVerb& verb : report.regime.log().verbs()) {
            now[key_of(verb.policy, verb.verb, verb.subject)] = verb.size;
        }
        recorder.on_tick(report);
    }
    Recorder& recorder;
    std::vector<Sizes> verbs;
};

/// In few rows the log shows what was in force at any time, its size to within a tenth and exactly when a year begins.
TEST(VerbLog, ShowsWhatWasInForceInFewRows) {
    const ScratchFolder folder;
    const std::string club =
        "policy.club={kind=\"agreement\",members=[\"USA\",\"JPN\",\"DEU\",\"AUS\"],stockpile_days=60,guarantee_share=0."
        "3,guarantee_below_days=60,start=\"2023-02\",end=\"2024-03\"}";
    const Scenario scenario = load_scenario(std::string(YTTERBY_SOURCE_DIR) + "/configs/gallium_control.toml",
                                            std::vector<std::string>{"run.ticks=16", "population.firms=200", club});
    Simulation simulation = build_simulation(scenario);
    RunStore store(folder.path());
    Recorder recorder(store, {.tables = {"verbs"}});
    Listener listener(recorder);
    run(scenario, simulation, listener);
    store.finish();

    const Database log = open_run(folder.path());
    Statement row(log, "SELECT tick, policy, verb, subject, size, change FROM verbs ORDER BY tick");
    bool more = row.step();
    Sizes in_force;
    std::size_t rows = 0, months = 0;
    for (std::size_t tick = 0; tick < listener.verbs.size(); ++tick) {
        for (; more && row.integer(0) == static_cast<std::int64_t>(tick); more = row.step(), ++rows) {
            const std::string key = key_of(row.text(1), row.text(2), row.text(3));
            EXPECT_EQ(row.text(5),
                      listener.verbs[tick].contains(key) ? (in_force.contains(key) ? "change" : "start") : "end")
                << key;
            if (row.text(5) == "end") {
                in_force.erase(key);
            } else {
                in_force[key] = row.is_null(4) ? 0.0 : row.real(4);
            }
        }
        ASSERT_EQ(in_force.size(), listener.verbs[tick].size()) << tick;
        for (const auto& [key, size] : listener.verbs[tick]) {
            ASSERT_TRUE(in_force.contains(key)) << key;
            EXPECT_LE(std::abs(size - in_force[key]), (tick == 12 ? 0.0 : 0.1 / 0.9) * std::abs(size))
                << key << " at " << tick;
        }
        months += listener.verbs[tick].size();
    }
    EXPECT_FALSE(more);
    EXPECT_GT(months, 500U) << "there are many verbs";
    EXPECT_LT(2 * rows, months);
}

}  // namespace
}  // namespace ytterby

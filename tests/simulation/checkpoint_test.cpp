#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "agents/world/world_state.hpp"
#include "core/random.hpp"
#include "records/checkpoint/stream.hpp"
#include "simulation/run.hpp"
#include "simulation/scenario/changeable_keys.hpp"
#include "simulation/world_check.hpp"
#include "simulation/world_state.hpp"
#include "tests/laws/history.hpp"

namespace ytterby {
namespace {

std::string saved(World& world) {
    std::ostringstream out;
    CheckpointWriter writer(out);
    visit_world(writer, world);
    writer.finish();
    return out.str();
}

void load(const std::string& bytes, World& world) {
    std::istringstream in(bytes);
    CheckpointReader reader(in, "test");
    visit_world(reader, world);
    reader.finish();
}

std::string refusal(const std::string& bytes, World& world) {
    try {
        load(bytes, world);
    } catch (const InputError& error) {
        return error.what();
    }
    return "";
}

/// The bytes with a new fingerprint, so that only their contents can be wrong.
std::string with_fingerprint(std::string bytes) {
    bytes.resize(bytes.size() - 16);
    const Fingerprint fingerprint = Digest().add_bytes(bytes.data(), bytes.size()).fingerprint();
    for (const std::uint64_t word : {fingerprint.low, fingerprint.high}) {
        bytes.append(reinterpret_cast<const char*>(&word), sizeof word);
    }
    return bytes;
}

/// Names of all columns, in the order in which they are visited.
class StateNames final : public StateVisitor {
public:
    std::vector<std::string> names;

private:
    std::uint64_t begin(const StateColumn& column, std::uint64_t rows, ColumnLength) override {
        names.emplace_back(column.name);
        return rows;
    }
    void bytes(void*, std::size_t) override {}
    bool fills() const override { return false; }
    void refuse(std::string_view) override {}
};

Simulation finished(const Scenario& scenario) {
    Simulation simulation = build_simulation(scenario);
    NoObserver none;
    run(scenario, simulation, none);
    return simulation;
}

/// The compiler checks that every member of the World is listed; this test checks that each is listed once, with a name
/// of its own.
TEST(Checkpoint, EveryColumnHasANameOfItsOwn) {
    Simulation simulation =
        finished(load_scenario(shipped("gallium_control.toml"), std::vector<std::string>{"run.ticks=12"}));
    StateNames visitor;
    visit_world(visitor, simulation.world);
    const std::vector<std::string>& names = visitor.names;
    EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), names.size());
    EXPECT_GT(names.size(), 50U);
    for (const char* name : {"world.tick", "world.nodes.rush", "world.firms.cash", "world.cells", "world.plants",
                             "world.treasury.keys.texts", "world.memory.gallium_licence.usual"}) {
        EXPECT_NE(std::find(names.begin(), names.end(), name), names.end()) << name;
    }
}

/// A run that is saved, loaded and resumed equals one without a break, at any tick, with any mechanism and number of
/// threads.
TEST(Checkpoint, AResumedRunEqualsOneWithoutABreak) {
    const Random random(7, 0);
    int number = 0;
    for (const std::string mechanism : {"spatial_auction", "order_book", "bilateral"}) {
        for (const std::string config : {"gallium_control.toml", "contracts.toml"}) {
            if (config == "contracts.toml" && mechanism != "spatial_auction") {
                continue;
            }
            ++number;
            const std::vector<std::string> overrides{"run.ticks=12",
                                                     "market.mechanism=" + mechanism,
                                                     "run.threads=" + std::to_string(1 + number % 4),
                                                     "contracts.share={\"*\"=0.3}",
                                                     "noise.demand_noise=0.02",
                                                     "noise.supply_noise=0.02",
                                                     "run.check_laws=true"};
            const std::string path = shipped(config);
            const Scenario scenario = load_scenario(path, overrides);
            const std::int64_t split = 1 + static_cast<std::int64_t>(static_cast<unsigned>(number) * 7 + 3) % 10;
            Simulation straight = build_simulation(scenario);
            NoObserver none;
            std::string bytes;
            const auto keep = [&](std::int64_t ticks, bool) {
                if (ticks == split) {
                    bytes = saved(straight.world);
                }
            };
            const RunOutcome outcome = run(scenario, straight, none,
                                           {.stop = nullptr, .on_progress = {}, .already_done = 0, .on_pause = keep});
            ASSERT_FALSE(bytes.empty());

            std::vector<std::string> other = overrides;
            other.push_back("run.threads=" + std::to_string(1 + (number + 2) % 4));
            const Scenario again = load_scenario(path, other);
            Simulation resumed = build_simulation(again);
            load(bytes, resumed.world);
            check_shape(resumed.economy, resumed.world);
            try_out(again, resumed, split);
            EXPECT_EQ(saved(resumed.world), bytes)
                << "the loaded World is the saved one, and try_out() does not change it";
            EXPECT_EQ(resumed.world.tick, split);
            EXPECT_EQ(
                run(again, resumed, none, {.stop = nullptr, .on_progress = {}, .already_done = split, .on_pause = {}})
                    .digest,
                outcome.digest)
                << mechanism << " at tick " << split;
        }
    }
}

/// Plans look equally far ahead in short and long runs, also when plants take longer to build than the shipped ones.
TEST(Checkpoint, ALongerRunBeginsAsAShorterOne) {
    const auto after_a_year = [](std::int64_t ticks) {
        Scenario scenario =
            load_scenario(shipped("us_refining_credit.toml"),
                          std::vector<std::string>{"outlook.demand=\"STEPS\"", "outlook.investment=true",
                                                   "population.firms=200", "run.ticks=" + std::to_string(ticks)});
        for (auto& [process, plants] : scenario.data.outlook.investment) {
            plants.build_years = 45.0;
        }
        Simulation simulation = build_simulation(scenario);
        NoObserver none;
        std::string year;
        const RunOutcome outcome =
            run(scenario, simulation, none,
                {.stop = nullptr, .on_progress = {}, .already_done = 0, .on_pause = [&](std::int64_t done, bool) {
                     year = done == 12 ? digest_of(simulation.world) : year;
                 }});
        return ticks == 12 ? outcome.digest : year;
    };
    const std::string one = after_a_year(12);
    EXPECT_EQ(after_a_year(13), one);
    EXPECT_EQ(after_a_year(30), one);
}

TEST(Checkpoint, MismatchesAreReported) {
    Simulation simulation =
        finished(load_scenario(shipped("gallium_control.toml"), std::vector<std::string>{"run.ticks=3"}));
    const std::string bytes = saved(simulation.world);
    World same = simulation.world;
    EXPECT_EQ(refusal(bytes, same), "");
    Simulation larger = build_simulation(
        load_scenario(shipped("gallium_control.toml"), std::vector<std::string>{"population.firms=3000"}));
    const std::string message = refusal(bytes, larger.world);
    EXPECT_NE(message.find("world.firms.run_rate has"), std::string::npos) << message;

    const auto renamed = [&](const std::string& from, const std::string& to) {
        std::string other = bytes;
        other.replace(other.find(from), from.size(), to);
        return refusal(with_fingerprint(other), same);
    };
    EXPECT_NE(renamed("world.nodes.rush", "world.nodes.hush")
                  .find("it has 'world.nodes.hush' in the place of world.nodes.rush"),
              std::string::npos);
    std::string version = bytes;
    version[8] = 9;
    EXPECT_NE(refusal(with_fingerprint(version), same).find("it is of format 9"), std::string::npos);
    EXPECT_NE(refusal(version, same).find("it is damaged"), std::string::npos);
    std::string status = bytes;
    const std::string name = "world.firms.status";
    status[status.find(name) + name.size() + 2 + 2 + 4 + 8] = 7;
    EXPECT_NE(refusal(with_fingerprint(status), same).find("world.firms.status holds an impossible value"),
              std::string::npos);
    std::string more = bytes;
    more.insert(more.size() - 16, "x");
    EXPECT_NE(refusal(with_fingerprint(more), same).find("it continues after the last column"), std::string::npos);
}

/// Values that are each within bounds but inconsistent are found by running the next ticks and reported as bad input.
TEST(Checkpoint, InconsistentNumbersAreRefused) {
    const Scenario scenario = load_scenario(shipped("gallium_control.toml"), std::vector<std::string>{"run.ticks=3"});
    Simulation simulation = build_simulation(scenario);
    const auto why_not = [&](std::int64_t tick) -> std::string {
        try {
            check_shape(simulation.economy, simulation.world);
            try_out(scenario, simulation, tick);
        } catch (const InputError& error) {
            return error.what();
        }
        return "";
    };
    EXPECT_EQ(why_not(0), "");
    EXPECT_NE(why_not(1).find("it is of tick 1, its world of tick 0"), std::string::npos);
    simulation.world.memory["gallium_licence"]["usual"] = {1e19};
    EXPECT_NE(why_not(0).find("world.memory holds"), std::string::npos);
    simulation.world.memory.clear();
    simulation.world.firms.cash.front() = 9e20;  // so many dollars that small sums are lost in rounding
    EXPECT_NE(why_not(0).find("the run cannot be resumed from it: law 'money' broken"), std::string::npos)
        << why_not(0);
}

/// Any changed byte and any truncation is refused.
TEST(Checkpoint, AnyChangedByteAndAnyTruncationIsRefused) {
    Simulation simulation =
        finished(load_scenario(shipped("gallium_control.toml"), std::vector<std::string>{"run.ticks=2"}));
    const std::string bytes = saved(simulation.world);
    World world = simulation.world;
    const std::size_t step = bytes.size() / 60 + 1;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
        std::string changed = bytes;
        changed[at] = static_cast<char>(changed[at] ^ 0x10);
        EXPECT_NE(refusal(changed, world), "") << at;
        EXPECT_NE(refusal(bytes.substr(0, at), world), "") << at;
    }
}

TEST(Checkpoint, KeysThatMayChange) {
    for (const char* key : {"run.ticks", "run.threads", "records.csv"}) {
        EXPECT_TRUE(may_change_on_resume(key)) << key;
        EXPECT_TRUE(may_change_in_branch(key)) << key;
    }
    for (const char* key : {"policy.gallium_licence.start", "fear.fear", "stocks.restock_months", "shock.x.start",
                            "records.tables", "market.bilateral.slots"}) {
        EXPECT_FALSE(may_change_on_resume(key)) << key;
        EXPECT_TRUE(may_change_in_branch(key)) << key;
    }
    for (const char* key : {"run.seed", "run.tick", "run.start", "base_year", "population.firms", "market.mechanism",
                            "contracts.share", "data.folder", "outlook.demand", "policyx.start"}) {
        EXPECT_FALSE(may_change_in_branch(key)) << key;
    }
}

}  // namespace
}  // namespace ytterby

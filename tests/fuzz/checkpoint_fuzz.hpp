#pragma once

#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string>

#include "core/check.hpp"
#include "core/digest.hpp"
#include "records/checkpoint/stream.hpp"
#include "records/recorder/recorder.hpp"
#include "simulation/run.hpp"
#include "simulation/world_check.hpp"
#include "simulation/world_state.hpp"
#include "tests/fuzz/small_scenario.hpp"
#include "tests/policies/small_world.hpp"

namespace ytterby {

/// A small world with something in each kind of column, and a recorder's memory beside it.
struct CheckpointedWorld {
    SmallWorld small;
    RecorderMemory records;

    CheckpointedWorld() {
        World& world = small.world;
        world.firms.status = {PlantStatus::running, PlantStatus::closed};
        world.cells.resize(2);
        world.plants.resize(2);
        world.shared_rents = {1.5};
        world.market_memory = {.slots = 1, .partners = {{3, 2.5F}}};
        world.treasury["tariff"] = {1.0, 2.0, 3.0, 4.0};
        world.memory["licence"]["usual"] = {7.0};
        records.verbs["a"] = {.policy = "licence", .verb = "cap", .subject = "CHN->*", .size = 2.0, .unit = "t"};
        records.capacity.resize(1);
    }

    void walk(StateVisitor& visit) {
        visit_world(visit, small.world);
        visit("records", records);
    }
    std::string saved() {
        std::ostringstream out;
        CheckpointWriter writer(out);
        walk(writer);
        writer.finish();
        return out.str();
    }
};

/// Appends the fingerprint to bytes that may be a checkpoint.
inline std::string with_seal(std::string bytes) {
    const Fingerprint fingerprint = Digest().add_bytes(bytes.data(), bytes.size()).fingerprint();
    for (const std::uint64_t word : {fingerprint.low, fingerprint.high}) {
        bytes.append(reinterpret_cast<const char*>(&word), sizeof word);
    }
    return bytes;
}

/// A small scenario with every kind of state, after two ticks, and its checkpoint without the seal.
struct SmallRun {
    Scenario scenario = load_scenario(SmallTables::shared().scenario(text()), {});
    Simulation simulation;
    std::string saved;

    SmallRun() {
        make_small(scenario);
        simulation = build_simulation(scenario);
        NoObserver nobody;
        run(scenario, simulation, nobody);
        std::ostringstream out;
        CheckpointWriter writer(out);
        visit_world(writer, simulation.world);
        saved = out.str();
        scenario.run.ticks = 4;
    }
    static const char* text() {
        return R"(schema = 1
[population]
firms = 20
[outlook]
demand = "STEPS"
investment = true
[contracts]
captive = true
share = {"*" = 0.3}
[deals]
enabled = true
offers_per_year = 12
least_usd = 0
[[policy]]
name = "quota"
kind = "export_control"
form = "quota"
actor = "CHN"
goods = ["gallium.refined", "ndpr.refined"]
quota_t_per_year = 300
[[policy]]
name = "licence"
kind = "export_control"
form = "licence"
actor = "COD"
goods = ["cobalt.refined"]
[[policy]]
name = "credit"
kind = "subsidy"
form = "production_credit"
actor = "USA"
goods = ["*"]
credit_cost_share = 0.1
budget_usd = 1e6
[[policy]]
name = "club"
kind = "agreement"
members = ["USA", "JPN", "AUS"]
stockpile_days = 30
guarantee_share = 0.2
waive_export_controls = true
)";
    }
};

/// Changes a checkpoint of a small run in places: four bytes give the place, one the number of bytes (up to 15), then
/// come the bytes, and so on. Sealed anew, it is refused, or two more ticks are run with all laws.
inline void try_changed_checkpoint(const std::uint8_t* bytes, std::size_t count) {
    static SmallRun made;
    std::string file = made.saved;
    for (std::size_t at = 0; at + 5 <= count;) {
        std::uint32_t place = 0;
        std::memcpy(&place, bytes + at, sizeof place);
        const std::size_t some = std::min<std::size_t>(bytes[at + 4] % 16U, count - at - 5);
        const std::size_t first = place % file.size();
        std::memcpy(file.data() + first, bytes + at + 5, std::min(some, file.size() - first));
        at += 5 + some;
    }
    Simulation simulation{made.simulation.economy, made.simulation.world, {}};
    try {
        std::istringstream in(with_seal(std::move(file)));
        CheckpointReader reader(in, "fuzz.bin");
        visit_world(reader, simulation.world);
        reader.finish();
        check_shape(simulation.economy, simulation.world);
        try_out(made.scenario, simulation, 2);
    } catch (const InputError& error) {
        ensure(error.problems().count() == 1 && *error.what() != '\0', "a refusal has one reason");
        return;
    }
    NoObserver nobody;
    run(made.scenario, simulation, nobody, {.stop = nullptr, .on_progress = {}, .already_done = 2, .on_pause = {}});
}

/// Reads bytes as a checkpoint, once as they are and once with head and checksum corrected, so that the contents are
/// read; bytes that do not begin as a checkpoint are also read as changes to one. They are refused with a reason, or
/// give a world that is saved again as the same bytes.
inline void try_checkpoint(const std::uint8_t* bytes, std::size_t count) {
    const std::string raw(reinterpret_cast<const char*>(bytes), count);
    constexpr std::size_t head = 12;
    constexpr std::size_t seal = 16;
    if (!raw.starts_with("YTTER")) {
        try_changed_checkpoint(bytes, count);
    }
    const std::string sealed = with_seal(CheckpointedWorld().saved().substr(0, head) +
                                         (count > head + seal ? raw.substr(head, count - head - seal) : raw));
    for (const std::string& file : {raw, sealed}) {
        CheckpointedWorld world;
        try {
            std::istringstream in(file);
            CheckpointReader reader(in, "fuzz.bin");
            world.walk(reader);
            reader.finish();
            check_shape(world.small.economy, world.small.world);
        } catch (const InputError& error) {
            ensure(error.problems().count() == 1 && *error.what() != '\0', "a refusal has one reason");
            continue;
        }
        const std::string again = world.saved();
        CheckpointedWorld other;
        std::istringstream in(again);
        CheckpointReader reader(in, "again.bin");
        other.walk(reader);
        reader.finish();
        ensure(other.saved() == again, "what was read is saved again as the same bytes");
    }
}

}  // namespace ytterby

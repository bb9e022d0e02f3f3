#pragma once

#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string>

#include "core/check.hpp"
#include "core/digest.hpp"
#include "records/checkpoint_stream.hpp"
#include "records/recorder.hpp"
#include "simulation/run.hpp"
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

/// Reads bytes as a checkpoint, once as they are and once with head and checksum put right, so that what stands between
/// them is looked at. They are refused with a reason, or give a world that is saved and read back as the same bytes.
inline void try_checkpoint(const std::uint8_t* bytes, std::size_t count) {
    const std::string raw(reinterpret_cast<const char*>(bytes), count);
    constexpr std::size_t head = 12;
    constexpr std::size_t seal = 16;
    std::string sealed = CheckpointedWorld().saved().substr(0, head) + (count > head + seal ? raw.substr(head, count - head - seal) : raw);
    const Fingerprint fingerprint = Digest().add_bytes(sealed.data(), sealed.size()).fingerprint();
    for (const std::uint64_t word : {fingerprint.low, fingerprint.high}) {
        sealed.append(reinterpret_cast<const char*>(&word), sizeof word);
    }
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
        ensure(other.saved() == again, "what was read is saved alike");
    }
}

}  // namespace ytterby

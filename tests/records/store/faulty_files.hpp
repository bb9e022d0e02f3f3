#pragma once

#include <cstdint>

namespace ytterby {

/// What happens at the call of the file system that is chosen.
enum class Fault : std::uint8_t {
    none,    ///< calls are only counted
    end,     ///< the process ends, as when it is killed
    refuse,  ///< this call and all that follow fail, as on a full or failing disk
};

/// Puts a file system under SQLite, for this process, that counts the calls that change something and makes one of them
/// go wrong. Only calls after `watch_files` count, from 1.
void use_faulty_files();
void watch_files(Fault fault, std::int64_t call);
std::int64_t calls_of_files();

}  // namespace ytterby

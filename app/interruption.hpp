#pragma once

#include <atomic>

namespace ytterby {

/// Set by the first Ctrl-C or termination signal after `listen_for_stop`; a second one ends the program at once.
extern std::atomic<bool> stop_requested;
void listen_for_stop();

}  // namespace ytterby

#include "app/interruption.hpp"

#include <csignal>

namespace ytterby {

std::atomic<bool> stop_requested{false};

namespace {

extern "C" void request_stop(int number) {
    stop_requested = true;
    std::signal(number, SIG_DFL);
}

}  // namespace

void listen_for_stop() {
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
        // One that is ignored stays so: nohup asks for that.
        if (std::signal(number, request_stop) == SIG_IGN) {
            std::signal(number, SIG_IGN);
        }
    }
}

}  // namespace ytterby

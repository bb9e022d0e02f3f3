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
    std::signal(SIGINT, request_stop);
    std::signal(SIGTERM, request_stop);
}

}  // namespace ytterby

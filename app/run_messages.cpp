#include "app/run_messages.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_color_sinks.h>

#include <algorithm>
#include <cstdio>

#include "core/printable.hpp"

namespace ytterby {
namespace {

spdlog::level::level_enum level_of(LogLevel level) {
    constexpr spdlog::level::level_enum levels[] = {spdlog::level::err, spdlog::level::warn, spdlog::level::info,
                                                    spdlog::level::debug};
    return levels[static_cast<std::size_t>(level)];
}

}  // namespace

RunMessages::RunMessages(LogLevel level, bool quiet)
    : terminal_(std::make_unique<spdlog::logger>("ytterby", std::make_shared<spdlog::sinks::stderr_color_sink_st>())),
      log_(level) {
    terminal_->set_pattern("%^%l%$: %v");
    // Details of a run would tear the line that shows its progress.
    terminal_->set_level(level_of(std::min(level, quiet ? LogLevel::warning : LogLevel::info)));
}

RunMessages::~RunMessages() = default;

void RunMessages::say(LogLevel level, const std::string& text) {
    // Where both streams go to one place, results and messages stand in the order in which they came.
    std::fflush(stdout);
    terminal_->log(level_of(level), printable(text));
    log_.write(level, text);
}

void RunMessages::end() {
    log_.flush();
    if (!log_.trouble().empty()) {
        terminal_->warn("{} is not complete: {}", run_log_file, log_.trouble());
    }
}

}  // namespace ytterby

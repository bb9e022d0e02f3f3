#include "records/run_log/run_log.hpp"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/basic_file_sink.h>

#include <algorithm>

namespace ytterby {
namespace {

spdlog::level::level_enum level_of(LogLevel level) {
    constexpr spdlog::level::level_enum levels[] = {spdlog::level::err, spdlog::level::warn, spdlog::level::info,
                                                    spdlog::level::debug};
    return levels[static_cast<std::size_t>(level)];
}

}  // namespace

const std::vector<std::string>& log_level_names() {
    static const std::vector<std::string> names{"error", "warning", "info", "debug"};
    return names;
}

std::optional<LogLevel> parse_log_level(std::string_view name) {
    const std::vector<std::string>& names = log_level_names();
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) {
        return std::nullopt;
    }
    return static_cast<LogLevel>(found - names.begin());
}

RunLog::RunLog(LogLevel level) : level_(level) {}

RunLog::~RunLog() = default;

void RunLog::open(const std::filesystem::path& folder) {
    try {
        file_ = std::make_unique<spdlog::logger>(
            "run", std::make_shared<spdlog::sinks::basic_file_sink_st>((folder / run_log_file).string()));
        file_->set_formatter(
            std::make_unique<spdlog::pattern_formatter>("%Y-%m-%dT%H:%M:%SZ %-7l  %v", spdlog::pattern_time_type::utc));
        file_->set_level(level_of(level_));
        file_->flush_on(spdlog::level::warn);
        file_->set_error_handler([this](const std::string& why) { trouble_ = why; });
    } catch (const spdlog::spdlog_ex& error) {
        file_.reset();
        trouble_ = error.what();
    }
    for (const auto& [level, text] : std::exchange(held_, {})) {
        write(level, text);
    }
    flush();
}

void RunLog::write(LogLevel level, std::string_view text) {
    if (!wants(level)) {
        return;
    }
    if (file_ != nullptr) {
        file_->log(level_of(level), text);
    } else if (trouble_.empty()) {
        held_.emplace_back(level, std::string(text));
    }
}

void RunLog::flush() {
    if (file_ != nullptr) {
        file_->flush();
    }
}

}  // namespace ytterby

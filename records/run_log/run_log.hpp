#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace spdlog {
class logger;
}

namespace ytterby {

/// How much a run says, from least to most.
enum class LogLevel : std::uint8_t { error, warning, info, debug };

/// "error", "warning", "info" and "debug", in this order.
const std::vector<std::string>& log_level_names();
/// Nothing for any other name.
std::optional<LogLevel> parse_log_level(std::string_view name);

inline constexpr const char* run_log_file = "run.log";

/// The diary of a run: lines with the time (UTC) and the level in `run.log` of the run's folder. No result depends on
/// it, no program reads it back, and a file that cannot be written never ends a run.
class RunLog {
public:
    explicit RunLog(LogLevel level);
    ~RunLog();
    RunLog(const RunLog&) = delete;
    RunLog& operator=(const RunLog&) = delete;

    /// Opens the file in a folder, after what an earlier part of the run left there. What was said before goes in
    /// first.
    void open(const std::filesystem::path& folder);
    bool wants(LogLevel level) const { return level <= level_; }
    void write(LogLevel level, std::string_view text);
    /// Hands on to the system what is written.
    void flush();
    /// Why the log is not complete; empty where it is.
    const std::string& trouble() const { return trouble_; }

private:
    LogLevel level_;
    std::unique_ptr<spdlog::logger> file_;
    std::vector<std::pair<LogLevel, std::string>> held_;  // until the file is open
    std::string trouble_;
};

}  // namespace ytterby

#pragma once

#include <memory>
#include <string>

#include "records/run_log/run_log.hpp"

namespace ytterby {

/// What a run says about itself: to the terminal, and into run.log of its folder.
class RunMessages {
public:
    /// `quiet`: nothing below warnings on the terminal.
    RunMessages(LogLevel level, bool quiet);
    ~RunMessages();
    RunMessages(const RunMessages&) = delete;
    RunMessages& operator=(const RunMessages&) = delete;

    void say(LogLevel level, const std::string& text);
    /// Warns on the terminal, once, where the log could not be written.
    void end();
    RunLog& log() { return log_; }

private:
    std::unique_ptr<spdlog::logger> terminal_;
    RunLog log_;
};

}  // namespace ytterby

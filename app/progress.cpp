#include "app/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <string>

#include "app/output.hpp"

namespace ytterby {
namespace {

std::string duration(double seconds) {
    const auto whole = std::lround(seconds);
    if (whole < 60) {
        return fmt::format("{} s", whole);
    }
    return whole < 3600 ? fmt::format("{} min {:02} s", whole / 60, whole % 60)
                        : fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

}  // namespace

ProgressDisplay::ProgressDisplay(bool quiet) : quiet_(quiet), terminal_(isatty(STDERR_FILENO) != 0) {}

ProgressDisplay::~ProgressDisplay() { finish(); }

void ProgressDisplay::show(const Progress& progress) {
    if (quiet_) {
        return;
    }
    const auto now = Clock::now();
    const double elapsed = std::chrono::duration<double>(now - began_).count();
    const bool last = progress.ticks_done == progress.ticks_planned;
    if (terminal_) {
        if (last || now - drawn_ > std::chrono::milliseconds(100)) {
            drawn_ = now;
            draw(progress, elapsed);
            open_line_ = true;
        }
        return;
    }
    const std::int64_t tenths = 10 * progress.ticks_done / progress.ticks_planned;
    if (tenths > tenths_ && (last || now - drawn_ > std::chrono::seconds(2))) {
        tenths_ = tenths;
        drawn_ = now;
        const double rate = static_cast<double>(progress.ticks_done) / std::max(1e-9, elapsed);
        draw_progress(fmt::format("{} tick {} of {}, {:.1f} ticks/s\n", progress.date, progress.ticks_done,
                                  progress.ticks_planned, rate));
    }
}

void ProgressDisplay::draw(const Progress& progress, double elapsed) const {
    constexpr int width = 30;
    const double share = static_cast<double>(progress.ticks_done) / static_cast<double>(progress.ticks_planned);
    const int filled = static_cast<int>(share * width);
    const double rate = static_cast<double>(progress.ticks_done) / std::max(1e-9, elapsed);
    const double left = static_cast<double>(progress.ticks_planned - progress.ticks_done) / rate;
    draw_progress(fmt::format("\r{} [{:#<{}}{:.<{}}] {:3.0f} %  {:.0f} ticks/s  {} left   ", progress.date, "", filled,
                              "", width - filled, 100.0 * share, rate, duration(left)));
}

void ProgressDisplay::finish() {
    if (open_line_) {
        draw_progress(fmt::format("\n"));
        open_line_ = false;
    }
}

}  // namespace ytterby

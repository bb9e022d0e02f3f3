#include "app/plan_display.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "app/output.hpp"
#include "app/sweep_options.hpp"

namespace ytterby {

PlanDisplay::PlanDisplay(bool quiet) : quiet_(quiet), terminal_(isatty(STDERR_FILENO) != 0) {}

void PlanDisplay::show(std::size_t checked, std::size_t cells) {
    // Small plans are checked before anything need be said.
    constexpr std::size_t stride = 64;
    if (quiet_ || checked % stride != 0) {
        return;
    }
    const auto now = Clock::now();
    if (now - drawn_ < (terminal_ ? std::chrono::milliseconds(500) : std::chrono::milliseconds(2000))) {
        return;
    }
    drawn_ = now;
    const double elapsed = std::chrono::duration<double>(now - began_).count();
    const double left = elapsed * static_cast<double>(cells - checked) / static_cast<double>(checked);
    draw_progress(fmt::format("{}{} of {} cells checked, {} left{}", terminal_ ? "\r" : "", checked, cells,
                              duration_text(left), terminal_ ? "   " : "\n"));
    open_line_ = terminal_;
}

void PlanDisplay::finish() {
    if (open_line_) {
        draw_progress(fmt::format("\n"));
        open_line_ = false;
    }
}

}  // namespace ytterby

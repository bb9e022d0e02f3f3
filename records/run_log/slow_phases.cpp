#include "records/run_log/slow_phases.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <vector>

namespace ytterby {
namespace {

// What counts as slow (technical).
constexpr std::int64_t ticks_to_learn = 6;
constexpr double slow_factor = 5.0;
constexpr double slow_seconds = 0.2;

}  // namespace

std::string SlowPhases::of_tick(const PhaseTimes& so_far) {
    std::string text;
    for (int phase = 0; phase < PhaseTimes::count; ++phase) {
        const auto which = static_cast<PhaseTimes::Phase>(phase);
        const double seconds = so_far.seconds[which] - before_.seconds[which];
        const double mean = ticks_ > 0 ? before_.seconds[which] / static_cast<double>(ticks_) : 0.0;
        if (ticks_ >= ticks_to_learn && seconds > std::max(slow_seconds, slow_factor * mean)) {
            text += fmt::format("{}{} took {:.2f} s, {:.3f} s on the mean before", text.empty() ? "slow: " : "; ",
                                PhaseTimes::name(which), seconds, mean);
        }
    }
    before_ = so_far;
    ++ticks_;
    return text;
}

std::string phases_line(const PhaseTimes& times) {
    const double all = std::accumulate(times.seconds.begin(), times.seconds.end(), 0.0);
    std::vector<PhaseTimes::Phase> order;
    for (int phase = 0; phase < PhaseTimes::count; ++phase) {
        order.push_back(static_cast<PhaseTimes::Phase>(phase));
    }
    std::stable_sort(order.begin(), order.end(),
                     [&](PhaseTimes::Phase a, PhaseTimes::Phase b) { return times.seconds[a] > times.seconds[b]; });
    std::string text;
    for (const PhaseTimes::Phase phase : order) {
        text += fmt::format("{}{} {:.2f} s ({:.0f} %)", text.empty() ? "" : ", ", PhaseTimes::name(phase),
                            times.seconds[phase], all > 0.0 ? 100.0 * times.seconds[phase] / all : 0.0);
    }
    return text;
}

}  // namespace ytterby

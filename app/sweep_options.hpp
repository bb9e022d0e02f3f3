#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "experiments/execution/sweep.hpp"

namespace ytterby {

/// Reads "2/8"; count 0 when the text is malformed.
Shard parse_shard(const std::string& text);
/// Reads "90", "90s", "45m" or "2h"; 0 when the text is malformed.
double parse_seconds(const std::string& text);
/// "12 s", "3 min 20 s", "5 h 10 min".
std::string duration_text(double seconds);
/// "12 kB", "3.4 MB".
std::string bytes_text(double bytes);
/// The shard-i-of-n folders in a sweep's folder, in order.
std::vector<std::filesystem::path> shards_in(const std::filesystem::path& folder);

/// The contents of a Slurm array script.
struct SlurmScript {
    std::string design;
    std::filesystem::path folder;
    unsigned shards = 8;
    unsigned jobs = 1;
    bool keep_runs = false;
    double seconds = 0.0;  // for one shard, from a probe
    double bytes = 0.0;    // of memory for one shard
};
std::string slurm_text(const SlurmScript& script);

/// Shows the progress of a sweep on stderr: rate, time left, failures.
class SweepDisplay {
public:
    explicit SweepDisplay(bool quiet);
    ~SweepDisplay() { finish(); }
    void show(const SweepProgress& progress);
    void finish();

private:
    using Clock = std::chrono::steady_clock;
    bool quiet_;
    bool terminal_;
    bool open_line_ = false;
    Clock::time_point began_ = Clock::now();
    Clock::time_point drawn_ = began_;
};

}  // namespace ytterby

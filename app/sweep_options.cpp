#include "app/sweep_options.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "app/output.hpp"
#include "core/config/diagnostics.hpp"
#include "core/printable.hpp"
#include "core/program_file.hpp"

namespace ytterby {
namespace {

namespace fs = std::filesystem;

std::string quoted_for_shell(const std::string& text) {
    std::string out = "'";
    for (const char letter : text) {
        out += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
    }
    return out + "'";
}

/// The path of this program.
std::string own_path() {
    const fs::path file = program_file();
    return file.empty() ? "ytterby" : file.string();
}

}  // namespace

Shard parse_shard(const std::string& text) {
    Shard shard{.number = 0, .count = 0};
    const char* end = text.data() + text.size();
    const auto first = std::from_chars(text.data(), end, shard.number);
    if (first.ec != std::errc() || first.ptr == end || *first.ptr != '/') {
        return {.number = 0, .count = 0};
    }
    const auto second = std::from_chars(first.ptr + 1, end, shard.count);
    const bool sound =
        second.ec == std::errc() && second.ptr == end && shard.number >= 1 && shard.number <= shard.count;
    return sound ? shard : Shard{.number = 0, .count = 0};
}

double parse_seconds(const std::string& text) {
    double number = 0.0;
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    if (read.ec != std::errc() || !(number > 0.0)) {
        return 0.0;
    }
    const std::string unit(read.ptr, end);
    return unit.empty() || unit == "s" ? number : unit == "m" ? 60.0 * number : unit == "h" ? 3600.0 * number : 0.0;
}

std::string duration_text(double seconds) {
    const auto whole = std::lround(seconds);
    if (whole < 60) {
        return seconds < 9.95 ? fmt::format("{:.1f} s", seconds) : fmt::format("{} s", whole);
    }
    return whole < 3600 ? fmt::format("{} min {:02} s", whole / 60, whole % 60)
                        : fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

std::string bytes_text(double bytes) {
    return bytes < 1e6   ? fmt::format("{:.0f} kB", std::ceil(bytes / 1e3))
           : bytes < 1e9 ? fmt::format("{:.1f} MB", bytes / 1e6)
                         : fmt::format("{:.1f} GB", bytes / 1e9);
}

std::vector<fs::path> shards_in(const fs::path& folder) {
    std::vector<fs::path> shards;
    std::error_code trouble;
    for (fs::directory_iterator entry(folder, trouble); !trouble && entry != fs::directory_iterator();
         entry.increment(trouble)) {
        if (entry->path().filename().string().starts_with("shard-") && fs::is_directory(entry->path())) {
            shards.push_back(entry->path());
        }
    }
    std::sort(shards.begin(), shards.end());
    return shards;
}

std::string slurm_text(const SlurmScript& script) {
    for (const std::string& name : {script.design, script.folder.string(), own_path()}) {
        // Neither comments nor directives can hold them, and what follows a line break would be a command.
        if (has_control_characters(name) || name.find_first_of("\n\t") != std::string::npos) {
            throw InputError(Problem{.key = "--emit-slurm",
                                     .what = "'" + name + "' holds a line break or another control character",
                                     .why = "the script names it, and what follows would be read as commands",
                                     .suggestion = "rename the file or folder"});
        }
    }
    // Twice the probe's figures, with a quarter of an hour and of a gigabyte to spare.
    const auto minutes = static_cast<long>(std::ceil(2.0 * script.seconds / 60.0)) + 15;
    const auto megabytes = static_cast<long>(std::ceil(2.0 * script.bytes / 1e6)) + 250;
    const std::string folder = fs::absolute(script.folder).lexically_normal().string();
    const std::string design = fs::absolute(script.design).lexically_normal().string();
    const std::string program = quoted_for_shell(own_path());
    // A directive is not read by a shell: a name without blanks or quotes needs none.
    std::string name = fs::path(script.design).stem().string();
    std::replace_if(
        name.begin(), name.end(),
        [](unsigned char letter) {
            return letter < 128 && std::isalnum(letter) == 0 && letter != '.' && letter != '_';
        },
        '-');
    return fmt::format(
        "#!/bin/sh\n"
        "# Runs {} in {} parts. Submit: sbatch THIS. Parts that were cut off continue when submitted again.\n"
        "# Afterwards: {} sweep merge {}\n"
        "#SBATCH --job-name=ytterby-{}\n"
        "#SBATCH --array=1-{}\n"
        "#SBATCH --ntasks=1\n"
        "#SBATCH --cpus-per-task={}\n"
        "#SBATCH --time={}\n"
        "#SBATCH --mem={}M\n"
        "set -eu\n"
        "exec {} sweep {} --out {} --shard \"$SLURM_ARRAY_TASK_ID/{}\" --jobs {}{} --quiet\n",
        fs::path(script.design).filename().string(), script.shards, program, quoted_for_shell(folder), name,
        script.shards, script.jobs, minutes, megabytes, program, quoted_for_shell(design), quoted_for_shell(folder),
        script.shards, script.jobs, script.keep_runs ? " --keep-runs" : "");
}

SweepDisplay::SweepDisplay(bool quiet) : quiet_(quiet), terminal_(isatty(STDERR_FILENO) != 0) {}

void SweepDisplay::show(const SweepProgress& progress) {
    const auto now = Clock::now();
    const bool last = progress.done == progress.planned;
    // A live line on a terminal, a plain one now and then elsewhere.
    if (quiet_ ||
        (!last && now - drawn_ < (terminal_ ? std::chrono::milliseconds(200) : std::chrono::milliseconds(10000)))) {
        return;
    }
    drawn_ = now;
    const double elapsed = std::max(1e-3, std::chrono::duration<double>(now - began_).count());
    const double rate = static_cast<double>(progress.done) / elapsed;
    const double left = static_cast<double>(progress.planned - progress.done) / rate;
    draw_progress(fmt::format("{}{} of {} runs, {:.1f} runs/s, {} left, {} failed{}", terminal_ ? "\r" : "",
                              progress.done, progress.planned, rate, duration_text(left), progress.failed,
                              terminal_ ? "   " : "\n"));
    open_line_ = terminal_;
}

void SweepDisplay::finish() {
    if (open_line_) {
        draw_progress(fmt::format("\n"));
        open_line_ = false;
    }
}

}  // namespace ytterby

#include "records/checkpoint/checkpoint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "records/store/sqlite.hpp"
#include "records/whole_file.hpp"

namespace ytterby {

namespace fs = std::filesystem;

namespace {

constexpr const char* subfolder = "checkpoints";
constexpr std::string_view prefix = "tick-";
constexpr std::string_view ending = ".bin";

/// The tick in a checkpoint's name; nothing for other files.
std::optional<std::int64_t> tick_in(const std::string& name) {
    if (name.size() <= prefix.size() + ending.size() || !name.starts_with(prefix) || !name.ends_with(ending)) {
        return std::nullopt;
    }
    std::int64_t tick = 0;
    const char* last = name.data() + name.size() - ending.size();
    const auto [end, error] = std::from_chars(name.data() + prefix.size(), last, tick);
    if (error != std::errc{} || end != last || tick < 0) {
        return std::nullopt;
    }
    return tick;
}

}  // namespace

fs::path checkpoint_path(const fs::path& folder, std::int64_t tick) {
    return folder / subfolder / fmt::format("{}{:06}{}", prefix, tick, ending);
}

std::vector<std::int64_t> checkpoints_in(const fs::path& folder) {
    std::vector<std::int64_t> ticks;
    std::error_code trouble;
    for (fs::directory_iterator entry(folder / subfolder, trouble); !trouble && entry != fs::directory_iterator();
         entry.increment(trouble)) {
        if (const auto tick = tick_in(entry->path().filename().string())) {
            ticks.push_back(*tick);
        }
    }
    std::sort(ticks.begin(), ticks.end());
    return ticks;
}

void remove_checkpoints_after(const fs::path& folder, std::int64_t tick) {
    std::error_code trouble;
    std::vector<fs::path> files;
    for (fs::directory_iterator entry(folder / subfolder, trouble); !trouble && entry != fs::directory_iterator();
         entry.increment(trouble)) {
        const std::string name = entry->path().filename().string();
        const auto found = tick_in(name);
        if (name.ends_with(std::string(ending) + std::string(unfinished_ending)) || (found && *found > tick)) {
            files.push_back(entry->path());
        }
    }
    for (const fs::path& file : files) {
        fs::remove(file, trouble);
    }
}

void save_checkpoint(const fs::path& folder, CheckpointOrigin origin, const StateWalk& walk, std::size_t keep) {
    std::error_code trouble;
    make_own_folder(folder / subfolder);
    write_whole_file(checkpoint_path(folder, origin.tick), [&](std::ostream& out) {
        CheckpointWriter writer(out);
        writer("origin", origin);
        walk(writer);
        writer.finish();
    });
    std::vector<std::int64_t> ticks = checkpoints_in(folder);
    if (keep == 0 || ticks.size() <= keep) {
        return;
    }
    ticks.resize(ticks.size() - keep);
    for (const std::int64_t old : ticks) {
        fs::remove(checkpoint_path(folder, old), trouble);
    }
}

Checkpoint::Checkpoint(const fs::path& folder, std::int64_t tick) {
    const fs::path path = checkpoint_path(folder, tick);
    file_ = std::make_unique<std::ifstream>(path, std::ios::binary);
    reader_ = std::make_unique<CheckpointReader>(*file_, path.string());
    (*reader_)("origin", origin_);
}

void Checkpoint::load(const StateWalk& walk) {
    walk(*reader_);
    reader_->finish();
}

std::optional<CheckpointRhythm> CheckpointRhythm::parse(const std::string& text) {
    CheckpointRhythm rhythm;
    if (text == "month") {
        rhythm.months_ = 1;
    } else if (text == "quarter") {
        rhythm.months_ = 3;
    } else if (text == "year") {
        rhythm.months_ = 12;
    } else {
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), rhythm.ticks_);
        if (error != std::errc{} || end != text.data() + text.size() || rhythm.ticks_ < 1) {
            return std::nullopt;
        }
    }
    return rhythm;
}

bool CheckpointRhythm::due(std::int64_t ticks_done, const Calendar& calendar) const {
    if (ticks_ > 0) {
        return ticks_done % ticks_ == 0;
    }
    const auto period = [&](std::int64_t tick) {
        const Date date = calendar.date_of(tick);
        return (date.year * 12 + date.month - 1) / months_;
    };
    return ticks_done > 0 && period(ticks_done) != period(ticks_done - 1);
}

}  // namespace ytterby

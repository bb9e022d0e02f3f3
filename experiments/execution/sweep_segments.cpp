#include "experiments/execution/sweep_segments.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fstream>

#include "core/config/diagnostics.hpp"
#include "core/system_message.hpp"
#include "records/csv.hpp"
#include "records/store/sqlite.hpp"
#include "records/whole_file.hpp"

namespace ytterby {
namespace {

constexpr std::string_view title = "ytterby sweep segment 1 of ";
constexpr std::size_t checksum_digits = 16;
constexpr std::size_t run_digits = 32;

std::string checksum(std::string_view text) { return Digest().add(text).hex().substr(0, checksum_digits); }

std::string segment_name(std::size_t number) {
    std::string digits = std::to_string(number);
    return "segment-" + std::string(digits.size() < 6 ? 6 - digits.size() : 0, '0') + digits + ".txt";
}

/// A text on one line, and back.
std::string escaped(std::string_view text) {
    std::string out;
    for (const char letter : text) {
        if (letter == '\\') {
            out += "\\\\";
        } else if (letter == '\n') {
            out += "\\n";
        } else if (letter == '\r') {
            out += "\\r";
        } else {
            out += letter;
        }
    }
    return out;
}

std::string unescaped(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '\\' && at + 1 < text.size()) {
            ++at;
            out += text[at] == 'n' ? '\n' : text[at] == 'r' ? '\r' : text[at];
        } else {
            out += text[at];
        }
    }
    return out;
}

}  // namespace

std::vector<std::filesystem::path> segments_of(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    std::error_code trouble;
    for (std::filesystem::directory_iterator entry(folder / "segments", trouble);
         !trouble && entry != std::filesystem::directory_iterator(); entry.increment(trouble)) {
        const std::string name = entry->path().filename().string();
        if (name.starts_with("segment-") && name.ends_with(".txt")) {
            files.push_back(entry->path());
        }
    }
    // By length first: the number may outgrow its zeros.
    std::sort(files.begin(), files.end(), [](const auto& one, const auto& other) {
        const std::string first = one.filename().string(), second = other.filename().string();
        return std::pair(first.size(), first) < std::pair(second.size(), second);
    });
    return files;
}

std::string record_line(const RunRecord& record) {
    std::string text = record.run.hex() + (record.error.empty() ? " ok" : " failed ");
    if (record.error.empty()) {
        for (const double value : record.values) {
            text += ' ';
            append_csv_number(text, value);
        }
    } else {
        text += escaped(record.error);
    }
    return checksum(text) + " " + text;
}

bool parse_record(std::string_view line, std::size_t metrics, RunRecord& record) {
    if (line.size() < checksum_digits + 1 + run_digits + 3 || line[checksum_digits] != ' ' ||
        checksum(line.substr(checksum_digits + 1)) != line.substr(0, checksum_digits)) {
        return false;
    }
    line.remove_prefix(checksum_digits + 1);
    const auto run = Fingerprint::from_hex(line.substr(0, run_digits));
    if (!run) {
        return false;
    }
    record.run = *run;
    line.remove_prefix(run_digits);
    record.error.clear();
    record.values.clear();
    constexpr std::string_view failed = " failed ";
    if (line.starts_with(failed)) {
        record.error = unescaped(line.substr(failed.size()));
        return true;
    }
    if (!line.starts_with(" ok")) {
        return false;
    }
    line.remove_prefix(3);
    while (!line.empty()) {
        const std::size_t end = std::min(line.find(' ', 1), line.size());
        double value = 0.0;
        const auto [stop, failure] = std::from_chars(line.data() + 1, line.data() + end, value);
        if (failure != std::errc() || stop != line.data() + end) {
            return false;
        }
        record.values.push_back(value);
        line.remove_prefix(end);
    }
    return record.values.size() == metrics;
}

SegmentWriter::SegmentWriter(const std::filesystem::path& folder, std::string_view identity) {
    make_own_folder(folder / "segments");
    // A new number: files of earlier sessions, torn or not, are never written to again.
    for (std::size_t number = segments_of(folder).size() + 1; file_ < 0; ++number) {
        path_ = folder / "segments" / segment_name(number);
        file_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_APPEND | O_CLOEXEC, 0644);
        if (file_ < 0 && errno != EEXIST) {
            throw RecordError("cannot write " + path_.string() + ": " + system_message(errno));
        }
    }
    write(std::string(title) + std::string(identity) + "\n");
}

SegmentWriter::~SegmentWriter() { ::close(file_); }

void SegmentWriter::append(const RunRecord& record) { write(record_line(record) + "\n"); }

void SegmentWriter::flush() {
    if (::fdatasync(file_) != 0) {
        throw RecordError("cannot write " + path_.string() + ": " + system_message(errno));
    }
}

void SegmentWriter::write(std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(file_, text.data(), text.size());
        if (written < 0 && errno != EINTR) {
            throw RecordError("cannot write " + path_.string() + ": " + system_message(errno));
        }
        text.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
    }
}

SegmentReader::SegmentReader(const std::filesystem::path& folder, std::string_view identity, std::size_t metrics)
    : metrics_(metrics) {
    for (const std::filesystem::path& file : segments_of(folder)) {
        std::ifstream in(file, std::ios::binary);
        if (!in) {
            throw RecordError("cannot read " + file.string() + ": " + system_message(errno));
        }
        std::string line;
        if (!std::getline(in, line) || in.eof()) {
            continue;  // torn in its first line: it holds nothing
        }
        if (line != std::string(title) + std::string(identity)) {
            throw InputError(Problem{.key = file.string(),
                                     .what = "belongs to another sweep",
                                     .why = "design, data or program have changed since it was written",
                                     .suggestion = "use --overwrite to begin anew, or --out for another folder"});
        }
        files_.push_back(file);
    }
}

void SegmentReader::each(const std::function<void(const RunRecord&, const RecordPlace&)>& visit) const {
    damaged_ = 0;
    for (std::size_t number = 0; number < files_.size(); ++number) {
        std::ifstream in(files_[number], std::ios::binary);
        std::string line;
        RunRecord record;
        std::getline(in, line);
        for (std::uint64_t offset = line.size() + 1; std::getline(in, line); offset += line.size() + 1) {
            if (parse_record(line, metrics_, record)) {
                visit(record, {static_cast<std::uint32_t>(number), offset});
            } else {
                ++damaged_;
            }
        }
    }
}

RunRecord SegmentReader::at(const RecordPlace& place) const {
    if (open_ != place.segment || !stream_.is_open()) {
        stream_ = std::ifstream(files_.at(place.segment), std::ios::binary);
        open_ = place.segment;
    }
    stream_.clear();
    stream_.seekg(static_cast<std::streamoff>(place.offset));
    std::string line;
    RunRecord record;
    if (!std::getline(stream_, line) || !parse_record(line, metrics_, record)) {
        throw RecordError(files_[place.segment].string() + " has changed while it was read");
    }
    return record;
}

}  // namespace ytterby

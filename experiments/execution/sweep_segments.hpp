#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/digest.hpp"

namespace ytterby {

/// What became of one run of a sweep.
struct RunRecord {
    Fingerprint run;
    std::string error;           // empty when it succeeded
    std::vector<double> values;  // one a metric
};

/// Where a record is in the segments of a folder.
struct RecordPlace {
    std::uint32_t segment = 0;
    std::uint64_t offset = 0;
};

/// Appends records to a new file of `<folder>/segments`, one a line with its checksum, so that any end of the program
/// leaves whole records and at most one torn line. Throws RecordError when a record cannot be written.
class SegmentWriter {
public:
    /// `identity` is that of the plan; segments of another sweep are not read.
    SegmentWriter(const std::filesystem::path& folder, std::string_view identity);
    ~SegmentWriter();
    SegmentWriter(const SegmentWriter&) = delete;
    SegmentWriter& operator=(const SegmentWriter&) = delete;

    void append(const RunRecord& record);
    /// Asks the system to put what was appended on the disk.
    void flush();

private:
    void write(std::string_view text);

    std::filesystem::path path_;
    int file_ = -1;
};

/// The files of the segments in a folder, in the order in which they were begun.
std::vector<std::filesystem::path> segments_of(const std::filesystem::path& folder);

/// The segments of a folder, in the order in which they were written. Torn and damaged lines are skipped: their runs
/// count as unplayed.
class SegmentReader {
public:
    /// Throws InputError when a segment belongs to another sweep.
    SegmentReader(const std::filesystem::path& folder, std::string_view identity, std::size_t metrics);

    /// Calls `visit` with every whole record once, in order.
    void each(const std::function<void(const RunRecord&, const RecordPlace&)>& visit) const;
    /// Reads one record again.
    RunRecord at(const RecordPlace& place) const;
    /// Lines that `each` has skipped.
    std::size_t damaged() const { return damaged_; }

private:
    std::vector<std::filesystem::path> files_;
    std::size_t metrics_;
    mutable std::size_t damaged_ = 0;
    mutable std::ifstream stream_;  // the segment read last
    mutable std::uint32_t open_ = 0;
};

/// A record as a line of a segment, without the line's end; and back, false when it is not whole.
std::string record_line(const RunRecord& record);
bool parse_record(std::string_view line, std::size_t metrics, RunRecord& record);

}  // namespace ytterby

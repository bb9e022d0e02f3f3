#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "experiments/execution/sweep_segments.hpp"

namespace ytterby {

/// How far a sweep is, in rows of its plan.
struct SweepCount {
    std::uint64_t planned = 0;
    std::uint64_t ok = 0;
    std::uint64_t failed = 0;
    std::uint64_t spared = 0;  // not needed: beyond the replicates that the stopping rule asked for
    std::uint64_t runs = 0;    // rows that share a run counted once
    std::uint64_t unplayed() const { return planned - ok - failed - spared; }
};

/// Which runs of a plan are done, and where their records are: 36 bytes a row. Of several records of one run a
/// successful one counts, among failures the last.
class SweepLedger {
public:
    explicit SweepLedger(std::vector<Fingerprint> runs);

    /// Takes the records of a folder. Runs that are not in the plan are skipped. Two successful records of one run with
    /// different numbers are thrown as a RecordError, since a run is a function of its plan.
    void take_all(const SegmentReader& reader);
    void take(const RunRecord& record, const RecordPlace& place, const SegmentReader* reader);

    std::size_t rows() const { return runs_.size(); }
    /// The first row of the same run, which represents all of them.
    std::size_t leader(std::size_t row) const;
    bool is_leader(std::size_t row) const { return leader(row) == row; }
    enum class State : std::uint8_t { unplayed, ok, failed, spared };
    State state(std::size_t row) const { return states_[leader(row)]; }
    const RecordPlace& place(std::size_t row) const { return places_[leader(row)]; }
    /// Marks a row, and all of its run, as not needed, whether it is done or not.
    void spare(std::size_t row) { states_[leader(row)] = State::spared; }
    SweepCount count() const;

private:
    std::optional<std::size_t> find(const Fingerprint& run) const;

    std::vector<Fingerprint> runs_;
    std::vector<std::uint32_t> order_;  // rows by run, then row
    std::vector<State> states_;
    std::vector<RecordPlace> places_;
};

}  // namespace ytterby

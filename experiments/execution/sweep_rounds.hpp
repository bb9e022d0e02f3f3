#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "experiments/design/stopping_rule.hpp"
#include "experiments/execution/sweep_folder.hpp"
#include "experiments/execution/sweep_ledger.hpp"

namespace ytterby {

/// How many replicates of each cell a sweep runs. Without a stopping rule all that are planned. With one it runs
/// rounds: the least number first; when all of them have ended, the rule is asked about every cell and returns how many
/// more all cells get, until it holds or the planned number is reached. It is asked about whole rounds only, so the
/// answer depends neither on the processes, nor on the order in which runs end, nor on interruptions.
class SweepRounds {
public:
    /// Begins with what the ledger holds; the ledger must outlive this object. `failed_are_open`: failed runs will be
    /// retried, so that their round has not ended.
    SweepRounds(const SweepState& state, const SweepLedger& ledger, const SegmentReader& reader, bool failed_are_open);

    /// Records that the run of a leader has ended.
    void settle(std::size_t leader, const RunRecord& record);

    /// Replicates of each cell in the rounds so far, the last of which may be under way.
    std::uint32_t replicates() const { return wanted_; }
    bool is_wanted(std::size_t row) const { return row % most_ < wanted_; }
    /// Whether no further round will come.
    bool is_decided() const { return decided_; }
    bool has_rule() const { return rule_.has_value(); }
    /// The rule and its last answer as text; empty where there is none or no round has ended.
    std::string rule_text() const;

private:
    std::uint32_t open_runs(std::uint32_t from) const;
    void advance();

    const SweepLedger& ledger_;
    std::optional<StoppingRule> rule_;
    std::vector<std::size_t> metrics_;  // those of the rule, each once
    std::uint32_t most_ = 1;            // replicates planned
    std::uint32_t wanted_ = 1;
    std::uint64_t open_ = 0;  // runs of the round that have not ended
    bool decided_ = true;
    bool met_ = false;
    std::string why_;
    std::vector<bool> settled_;                // by leader; empty without a rule
    std::vector<std::vector<double>> values_;  // [metric of the rule][leader], NaN where a run failed
};

/// How far the sweep in a folder is.
struct SweepStanding {
    SweepLedger ledger;
    std::uint32_t replicates = 0;  // of each cell in the rounds so far
    std::string rule;              // SweepRounds::rule_text
};

/// Asks the rule about what a ledger holds. Once no further round will come, the rows beyond are marked as spared, even
/// those that were run because a run had failed that succeeded later: tables depend on the plan alone.
SweepStanding standing_of(const SweepState& state, SweepLedger ledger, const SegmentReader& reader);

}  // namespace ytterby

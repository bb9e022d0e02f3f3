#include "experiments/execution/sweep_ledger.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

#include "records/store/sqlite.hpp"

namespace ytterby {
namespace {

bool comes_before(const Fingerprint& one, const Fingerprint& other) {
    return std::pair(one.high, one.low) < std::pair(other.high, other.low);
}

bool same_bits(const std::vector<double>& one, const std::vector<double>& other) {
    return std::equal(one.begin(), one.end(), other.begin(), other.end(), [](double a, double b) {
        return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
    });
}

}  // namespace

SweepLedger::SweepLedger(std::vector<Fingerprint> runs)
    : runs_(std::move(runs)), order_(runs_.size()), states_(runs_.size(), State::unplayed), places_(runs_.size()) {
    std::iota(order_.begin(), order_.end(), 0U);
    std::stable_sort(order_.begin(), order_.end(),
                     [&](std::uint32_t one, std::uint32_t other) { return comes_before(runs_[one], runs_[other]); });
}

std::optional<std::size_t> SweepLedger::find(const Fingerprint& run) const {
    const auto found = std::lower_bound(
        order_.begin(), order_.end(), run,
        [&](std::uint32_t row, const Fingerprint& wanted) { return comes_before(runs_[row], wanted); });
    if (found == order_.end() || !(runs_[*found] == run)) {
        return std::nullopt;
    }
    return *found;
}

std::size_t SweepLedger::leader(std::size_t row) const { return *find(runs_[row]); }

void SweepLedger::take(const RunRecord& record, const RecordPlace& place, const SegmentReader* reader) {
    const std::optional<std::size_t> row = find(record.run);
    if (!row) {
        return;
    }
    State& state = states_[*row];
    if (record.error.empty() && state == State::ok && reader != nullptr &&
        !same_bits(reader->at(places_[*row]).values, record.values)) {
        throw RecordError(
            "two records of run " + record.run.hex() +
            " differ, though their plan is the same: the machines or programs that ran them are not alike");
    }
    if (state == State::ok) {
        return;
    }
    state = record.error.empty() ? State::ok : State::failed;
    places_[*row] = place;
}

void SweepLedger::take_all(const SegmentReader& reader) {
    reader.each([&](const RunRecord& record, const RecordPlace& place) { take(record, place, &reader); });
}

SweepCount SweepLedger::count() const {
    SweepCount count;
    count.planned = rows();
    for (std::size_t place = 0; place < order_.size(); ++place) {
        // Rows of one run are together, their leader first.
        const std::size_t row = order_[place];
        const bool leads = place == 0 || !(runs_[order_[place - 1]] == runs_[row]);
        const State state = leads ? states_[row] : this->state(row);
        count.runs += leads && state != State::spared ? 1 : 0;
        count.ok += state == State::ok ? 1 : 0;
        count.failed += state == State::failed ? 1 : 0;
        count.spared += state == State::spared ? 1 : 0;
    }
    return count;
}

}  // namespace ytterby

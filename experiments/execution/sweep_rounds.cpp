#include "experiments/execution/sweep_rounds.hpp"

#include <algorithm>

#include "core/maths.hpp"

namespace ytterby {

SweepRounds::SweepRounds(const SweepState& state, const SweepLedger& ledger, const SegmentReader& reader,
                         bool failed_are_open)
    : ledger_(ledger), most_(state.replicates), wanted_(state.replicates) {
    if (state.until.empty()) {
        return;
    }
    std::vector<std::string> names;
    names.reserve(state.metrics.size());
    for (const SweepState::MetricRow& metric : state.metrics) {
        names.push_back(metric.name);
    }
    rule_ = StoppingRule::parse(state.until, names);
    metrics_ = rule_->metrics();
    std::sort(metrics_.begin(), metrics_.end());
    metrics_.erase(std::unique(metrics_.begin(), metrics_.end()), metrics_.end());
    wanted_ = std::min(most_, state.least_replicates);
    decided_ = false;
    settled_.assign(ledger.rows(), false);
    values_.assign(metrics_.size(), std::vector<double>(ledger.rows(), undefined));
    for (std::size_t row = 0; row < ledger.rows(); ++row) {
        const SweepLedger::State found = ledger.is_leader(row) ? ledger.state(row) : SweepLedger::State::unplayed;
        settled_[row] = found == SweepLedger::State::ok || (found == SweepLedger::State::failed && !failed_are_open);
        if (found == SweepLedger::State::ok) {
            const RunRecord record = reader.at(ledger.place(row));
            for (std::size_t which = 0; which < metrics_.size(); ++which) {
                values_[which][row] = record.values[metrics_[which]];
            }
        }
    }
    open_ = open_runs(0);
    advance();
}

/// Runs of the wanted replicates, from this one on, that have not ended.
std::uint32_t SweepRounds::open_runs(std::uint32_t from) const {
    std::uint32_t open = 0;
    for (std::size_t row = 0; row < settled_.size(); ++row) {
        open += row % most_ >= from && is_wanted(row) && ledger_.is_leader(row) && !settled_[row] ? 1 : 0;
    }
    return open;
}

void SweepRounds::settle(std::size_t leader, const RunRecord& record) {
    if (!rule_ || settled_[leader]) {
        return;
    }
    settled_[leader] = true;
    for (std::size_t which = 0; record.error.empty() && which < metrics_.size(); ++which) {
        values_[which][leader] = record.values[metrics_[which]];
    }
    open_ -= is_wanted(leader) ? 1 : 0;
    advance();
}

/// Asks the rule as long as no run of the round is open.
void SweepRounds::advance() {
    while (!decided_ && open_ == 0) {
        std::vector<double> of_cell(wanted_);
        const StoppingAnswer answer = rule_->ask(ledger_.rows() / most_, [&](std::size_t metric, std::size_t cell) {
            const auto which =
                static_cast<std::size_t>(std::lower_bound(metrics_.begin(), metrics_.end(), metric) - metrics_.begin());
            for (std::uint32_t replicate = 0; replicate < wanted_; ++replicate) {
                of_cell[replicate] = values_[which][ledger_.leader(cell * most_ + replicate)];
            }
            return std::span<const double>(of_cell);
        });
        why_ = answer.why;
        met_ = !answer.go_on && !answer.is_refused;
        decided_ = met_ || answer.is_refused || wanted_ == most_;
        if (!decided_) {
            const std::uint32_t before = wanted_;
            wanted_ = static_cast<std::uint32_t>(
                std::min<std::uint64_t>(most_, wanted_ + std::max<std::uint64_t>(1, answer.more)));
            open_ = open_runs(before);
        }
    }
}

std::string SweepRounds::rule_text() const {
    if (why_.empty()) {
        return {};
    }
    const std::string after = " after " + std::to_string(wanted_) + " replicates of each cell";
    return "until " + rule_->text() +
           (met_       ? ": met" + after
            : decided_ ? ": not met" + after + (wanted_ == most_ ? ", the most" : "")
                       : ": not met yet") +
           "; " + why_;
}

SweepStanding standing_of(const SweepState& state, SweepLedger ledger, const SegmentReader& reader) {
    SweepStanding standing{std::move(ledger), 0, {}};
    const SweepRounds rounds(state, standing.ledger, reader, false);
    standing.replicates = rounds.replicates();
    standing.rule = rounds.rule_text();
    for (std::size_t row = 0; rounds.is_decided() && row < standing.ledger.rows(); ++row) {
        if (!rounds.is_wanted(row)) {
            standing.ledger.spare(row);
        }
    }
    return standing;
}

}  // namespace ytterby

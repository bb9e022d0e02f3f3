#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/state/state_visitor.hpp"
#include "simulation/observer.hpp"

namespace ytterby {

/// "cleared", "withdrawn" and so on, as the table `deals` has them.
const char* name_of(DealStage stage);
const char* name_of(TargetKind kind);

/// One step of a deal as a sentence: who offers what for what, what the board says and why.
std::string deal_sentence(const Economy& economy, const Calendar& calendar, const ReviewRules& reviews,
                          const DealStep& step);

/// Keeps the story of a run's deals, a line a step, for a reader.
class DealStory final : public Observer {
public:
    void on_tick(const TickReport& report) override;
    /// What an interrupted run must keep of it.
    void visit_state(StateVisitor& visit);
    const std::vector<std::string>& lines() const { return lines_; }
    /// How many deals were offered, closed, blocked and divested.
    std::string summary() const;
    /// Writes `deals.txt` where there is anything to tell.
    void write(const std::filesystem::path& folder) const;

private:
    std::vector<std::string> lines_;
    std::uint64_t offered_ = 0, reviewed_ = 0, closed_ = 0, mitigated_ = 0, blocked_ = 0, divested_ = 0;
    double paid_usd_ = 0.0;
};

}  // namespace ytterby

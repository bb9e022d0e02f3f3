#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/state/state_visitor.hpp"
#include "simulation/observer.hpp"

namespace ytterby {

/// "cleared", "withdrawn" and so on, as in the table `deals`.
const char* name_of(DealStage stage);
const char* name_of(TargetKind kind);

/// One step of a deal as a sentence: who offers how much for what, or what the board decides and why.
std::string deal_sentence(const Economy& economy, const Calendar& calendar, const ReviewRules& reviews,
                          const DealStep& step);

/// The same with the number of the deal and its two countries before it.
std::string deal_line(const TickReport& report, const DealStep& step);

/// Keeps the story of a run's deals for a reader, one line per step.
class DealStory final : public Observer {
public:
    void on_tick(const TickReport& report) override;
    /// Walks over the state that a resumed run needs.
    void visit_state(StateVisitor& visit);
    const std::vector<std::string>& lines() const { return lines_; }
    /// How many deals were offered, closed, blocked and divested.
    std::string summary() const;
    /// Writes `deals.txt` if there were any deals.
    void write(const std::filesystem::path& folder) const;

private:
    std::vector<std::string> lines_;
    std::uint64_t offered_ = 0, reviewed_ = 0, closed_ = 0, mitigated_ = 0, blocked_ = 0, divested_ = 0;
    double paid_usd_ = 0.0;
};

}  // namespace ytterby

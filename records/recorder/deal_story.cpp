#include "records/recorder/deal_story.hpp"

#include <array>
#include <cstdio>

#include "records/whole_file.hpp"

namespace ytterby {
namespace {

std::string written(const char* form, double value) {
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), form, value);
    return text.data();
}

std::string per_cent(double share) { return written(share < 0.0995 ? "%.1f %%" : "%.0f %%", 100.0 * share); }

std::string money(double usd) {
    return "USD " + (usd < 999.5e6 ? written("%.0f m", 1e-6 * usd) : written("%.1f bn", 1e-9 * usd));
}

std::string risk_of(const Deal& deal) {
    return "risk " + written("%.2f", deal.risk()) + " = threat " + written("%.2f", deal.threat) + " x vulnerability " +
           written("%.2f", deal.vulnerability) + " x consequence " + written("%.2f", deal.consequence);
}

/// "lithium mine" for lithium_mine.
std::string process_of(const Economy& economy, const Deal& deal) {
    std::string name = economy.processes[economy.cells[deal.cell].process.index()].name;
    for (char& letter : name) {
        letter = letter == '_' ? ' ' : letter;
    }
    return name;
}

std::string boards(const Economy& economy, const ReviewRules& reviews, const Deal& deal) {
    const Cell& cell = economy.cells[deal.cell];
    std::string names;
    if (const auto review = reviews.review(deal.acquirer, cell.country, cell.process)) {
        for (const std::string& policy : review->policies) {
            names += (names.empty() ? "" : " and ") + policy;
        }
    }
    return names.empty() ? economy.countries[cell.country.index()].code : names;
}

std::string offer(const Economy& economy, const Deal& deal) {
    const std::string host = economy.countries[economy.cells[deal.cell].country.index()].code;
    const char* state = deal.kind == TargetKind::idle      ? "idle plants"
                        : deal.kind == TargetKind::project ? "projects"
                                                           : "plants";
    std::string text = "investors of " + economy.countries[deal.acquirer.index()].code + " offer " +
                       money(deal.price_usd) + " for " + per_cent(deal.stake) + " of " + state + " that are " +
                       per_cent(deal.plants_share) + " of " + host + "'s " + process_of(economy, deal) + ", with " +
                       per_cent(deal.offtake_share) + " of their output";
    if (deal.runner_up.exists()) {
        text += ", ahead of " + economy.countries[deal.runner_up.index()].code;
    }
    if (deal.after > 0) {
        text += ", in place of deal " + std::to_string(deal.after) + " that was blocked";
    }
    return text;
}

}  // namespace

const char* name_of(DealStage stage) {
    constexpr std::array names{"offered",  "declaration", "review",    "investigation", "decision",
                               "cleared",  "mitigated",   "withdrawn", "closed",        "blocked",
                               "reopened", "ordered",     "divested"};
    return names[static_cast<std::size_t>(stage)];
}

const char* name_of(TargetKind kind) {
    constexpr std::array names{"idle", "undervalued", "project"};
    return names[static_cast<std::size_t>(kind)];
}

std::string deal_sentence(const Economy& economy, const Calendar& calendar, const ReviewRules& reviews,
                          const DealStep& step) {
    const Deal& deal = step.deal;
    const std::string host = economy.countries[economy.cells[deal.cell].country.index()].code;
    switch (deal.stage) {
        case DealStage::offered:
            return offer(economy, deal);
        case DealStage::declaration:
            return (deal.refiled > 0 ? "filed again with " : "filed with ") + boards(economy, reviews, deal) + ": " +
                   risk_of(deal);
        case DealStage::review:
            return "a declaration is not enough, reviewed: " + risk_of(deal);
        case DealStage::investigation:
            return "investigated: " + risk_of(deal);
        case DealStage::decision:
            return "goes to the government for a decision: " + risk_of(deal);
        case DealStage::cleared:
            return "cleared: " + risk_of(deal);
        case DealStage::mitigated:
            return "cleared on conditions, " + per_cent(deal.stake) + " with " + per_cent(deal.offtake_share) +
                   " of output: " + risk_of(deal);
        case DealStage::withdrawn:
            return "withdrawn, to be filed again for " + per_cent(deal.stake) + " with " +
                   per_cent(deal.offtake_share) + " of output: " + risk_of(deal);
        case DealStage::closed:
            if (deal.filed_tick > deal.closed_tick) {
                return "looked at again and left to its owner: " + risk_of(deal);
            }
            return "closed: " + economy.countries[deal.acquirer.index()].code + " pays " + money(deal.price_usd) +
                   " and holds " + per_cent(deal.stake * deal.plants_share) + " more of " + host + "'s " +
                   process_of(economy, deal);
        case DealStage::blocked:
            return "blocked: " + risk_of(deal);
        case DealStage::reopened:
            return "closed in " + format_month(calendar.date_of(deal.closed_tick)) + ", looked at again by " +
                   boards(economy, reviews, deal) + ": " + risk_of(deal);
        case DealStage::ordered:
            return "to be sold again, by order: " + risk_of(deal);
        case DealStage::divested:
            return "sold back to investors of " + host;
    }
    return "";
}

std::string deal_line(const TickReport& report, const DealStep& step) {
    const Deal& deal = step.deal;
    return "deal " + std::to_string(step.number + 1) + " (" + report.economy.countries[deal.acquirer.index()].code +
           " in " + report.economy.countries[report.economy.cells[deal.cell].country.index()].code +
           "): " + deal_sentence(report.economy, report.calendar, report.regime.reviews(), step);
}

void DealStory::on_tick(const TickReport& report) {
    for (const DealStep& step : report.world.deals.steps) {
        const Deal& deal = step.deal;
        lines_.push_back(format_month(report.calendar.date_of(report.tick)) + "  " + deal_line(report, step));
        offered_ += deal.stage == DealStage::offered && deal.proposed_tick == report.tick ? 1 : 0;
        reviewed_ += deal.stage == DealStage::declaration && deal.refiled == 0 ? 1 : 0;
        mitigated_ += deal.stage == DealStage::mitigated ? 1 : 0;
        blocked_ += deal.stage == DealStage::blocked ? 1 : 0;
        divested_ += deal.stage == DealStage::divested ? 1 : 0;
        if (deal.stage == DealStage::closed && deal.closed_tick == report.tick) {
            ++closed_;
            paid_usd_ += deal.price_usd;
        }
    }
}

void DealStory::visit_state(StateVisitor& visit) {
    visit("deal_story.lines", lines_, ColumnLength::varies);
    visit("deal_story.offered", offered_);
    visit("deal_story.reviewed", reviewed_);
    visit("deal_story.closed", closed_);
    visit("deal_story.mitigated", mitigated_);
    visit("deal_story.blocked", blocked_);
    visit("deal_story.divested", divested_);
    visit("deal_story.paid_usd", paid_usd_);
}

std::string DealStory::summary() const {
    return "Deals: " + std::to_string(offered_) + " offered, " + std::to_string(reviewed_) + " reviewed, " +
           std::to_string(mitigated_) + " on conditions, " + std::to_string(blocked_) + " blocked, " +
           std::to_string(closed_) + " closed for " + money(paid_usd_) + ", " + std::to_string(divested_) + " divested";
}

void DealStory::write(const std::filesystem::path& folder) const {
    if (lines_.empty()) {
        return;
    }
    std::string text;
    for (const std::string& line : lines_) {
        text += line + "\n";
    }
    write_whole_file(folder / "deals.txt", text);
}

}  // namespace ytterby

#include "policies/subsidy/book.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/maths.hpp"

namespace ytterby {
namespace {

/// Discount rate of firms on queued claims, per year (assumed, 0.05-0.2: the hurdle rates of investors).
constexpr double waiting_discount = 0.1;
/// Amounts below this are rounding errors, USD.
constexpr double rounding_usd = 1e-3;
/// Firms judge a programme by about a year's claims (assumed, 6-24 months).
constexpr double belief_months = 12.0;

double sum_of(const std::vector<double>& values) {
    double sum = 0.0;
    for (const double value : values) {
        sum += value;
    }
    return sum;
}

}  // namespace

SubsidyBook::SubsidyBook(const PolicyView& view, const std::string& policy, SubsidyBudget budget, double clawback_years,
                         bool gives_grants)
    : view_(view), budget_(budget), clawback_years_(clawback_years), gives_grants_(gives_grants) {
    read();
    enter_last_tick(policy);
}

void SubsidyBook::read() {
    // The payments that are entered first are those of the last tick.
    year_ = view_.calendar.date_of(std::max<std::int64_t>(0, view_.tick() - 1)).year;
    if (const auto* books = view_.recall("books", 6)) {
        year_ = (*books)[0];
        paid_in_year_ = (*books)[1];
        paid_ = (*books)[2];
        clawed_back_ = (*books)[3];
        refused_ = (*books)[4];
        belief_ = (*books)[5];
    }
    if (const auto* queue = view_.recall("queue")) {
        for (std::size_t at = 0; at + 1 < queue->size(); at += 2) {
            queue_.push_back({remembered_index((*queue)[at], view_.economy.cells.size()), (*queue)[at + 1]});
        }
    }
    if (const auto* grants = view_.recall("grants")) {
        for (std::size_t at = 0; at + 2 < grants->size(); at += 3) {
            grants_.push_back({static_cast<std::int64_t>((*grants)[at]),
                               remembered_index((*grants)[at + 1], view_.economy.cells.size()), (*grants)[at + 2]});
        }
    }
}

void SubsidyBook::enter_last_tick(const std::string& policy) {
    const double months = view_.economy.months_per_tick();
    const auto found = view_.world.support.find(policy);
    if (found != view_.world.support.end() && view_.tick() > 0) {
        const SupportLedger& last = found->second;
        // Arrears are entered when they are paid, in pay_arrears().
        const double paid = sum_of(last.paid_usd) + last.buyers_usd;
        paid_ += paid;
        paid_in_year_ += paid;
        claimed_last_tick_ = sum_of(last.claimed_usd) + last.buyers_usd;
        double met = paid;
        for (std::size_t cell = 0; cell < last.claimed_usd.size(); ++cell) {
            const double short_of = last.claimed_usd[cell] - last.paid_usd[cell];
            if (short_of > rounding_usd) {
                const double accepted = std::min(short_of, std::max(0.0, total_left() - queued_usd()));
                refused_ += short_of - accepted;
                const double wait_years =
                    budget_.per_year_usd > 0.0 ? (queued_usd() + accepted) / budget_.per_year_usd : 0.0;
                met += accepted * exp(-waiting_discount * std::min(100.0, wait_years));
                if (accepted > rounding_usd) {
                    queue_.push_back({cell, accepted});
                }
            }
            if (gives_grants_ && last.paid_usd[cell] > rounding_usd) {
                grants_.push_back({view_.tick() - 1, cell, last.paid_usd[cell]});
            }
        }
        if (claimed_last_tick_ > 0.0) {
            belief_ += (1.0 - exp(-months / belief_months)) * (met / claimed_last_tick_ - belief_);
        }
    }
    const double year = view_.calendar.date_of(view_.tick()).year;
    if (year != year_) {
        year_ = year;
        paid_in_year_ = 0.0;
    }
    std::erase_if(grants_, [&](const Grant& grant) {
        return static_cast<double>(view_.tick() - grant.tick) > clawback_years_ * view_.economy.ticks_per_year;
    });
}

double SubsidyBook::queued_usd() const {
    double sum = 0.0;
    for (const QueuedClaim& claim : queue_) {
        sum += claim.usd;
    }
    return sum;
}

double SubsidyBook::total_left() const { return std::max(0.0, budget_.total_usd - paid_ + clawed_back_); }
double SubsidyBook::year_left() const {
    return std::max(0.0, std::min(budget_.per_year_usd - paid_in_year_, total_left()));
}

void SubsidyBook::spend(double usd) {
    paid_ += usd;
    paid_in_year_ += usd;
}

void SubsidyBook::claw_back(CountryId payer, Regime& regime) {
    for (std::size_t index = 0; index < view_.economy.cells.size(); ++index) {
        const CellTotals& totals = view_.world.cells[index];
        const Cell& cell = view_.economy.cells[index];
        if (totals.closed_t <= 0.0 && totals.bankrupt_now == 0) {
            continue;
        }
        const double closed = totals.closed_t > 0.0 ? totals.closed_t / (totals.capacity_t + totals.closed_t) : 0.0;
        const double share =
            std::min(1.0, closed + static_cast<double>(totals.bankrupt_now) / std::max(1U, cell.firms));
        double usd = 0.0;
        for (Grant& grant : grants_) {
            if (grant.cell == index) {
                usd += share * grant.usd;
                grant.usd *= 1.0 - share;
            }
        }
        if (usd > rounding_usd) {
            regime.pay(cell.country, cell.process, Payee::owners, -usd, payer);
            clawed_back_ += usd;
        }
    }
    std::erase_if(grants_, [](const Grant& grant) { return grant.usd <= rounding_usd; });
}

void SubsidyBook::pay_arrears(CountryId payer, Payee payee, Regime& regime) {
    std::size_t served = 0;
    for (QueuedClaim& claim : queue_) {
        const double usd = std::min(claim.usd, year_left());
        if (usd <= rounding_usd) {
            break;
        }
        const Cell& cell = view_.economy.cells[claim.cell];
        regime.pay(cell.country, cell.process, payee, usd, payer);
        spend(usd);
        if (gives_grants_) {
            grants_.push_back({view_.tick(), claim.cell, usd});
        }
        claim.usd -= usd;
        if (claim.usd > rounding_usd) {
            break;
        }
        ++served;
    }
    queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(served));
}

double SubsidyBook::left_for_new_claims() const { return queue_.empty() ? year_left() : 0.0; }
bool SubsidyBook::is_open() const { return total_left() - queued_usd() > rounding_usd; }

double SubsidyBook::lasting_months() const {
    if (claimed_last_tick_ <= 0.0) {
        return std::numeric_limits<double>::infinity();
    }
    return std::max(0.0, total_left() - queued_usd()) / claimed_last_tick_ * view_.economy.months_per_tick();
}

void SubsidyBook::write(PolicyMemory& memory) const {
    memory["books"] = {year_, paid_in_year_, paid_, clawed_back_, refused_, belief_};
    // What is recorded; nothing reads it back. What is left is infinite without a budget.
    memory["account"] = {queued_usd(), total_left() - queued_usd(), refused_};
    std::vector<double>& queue = memory["queue"];
    queue.clear();
    for (const QueuedClaim& claim : queue_) {
        queue.insert(queue.end(), {static_cast<double>(claim.cell), claim.usd});
    }
    std::vector<double>& grants = memory["grants"];
    grants.clear();
    for (const Grant& grant : grants_) {
        grants.insert(grants.end(), {static_cast<double>(grant.tick), static_cast<double>(grant.cell), grant.usd});
    }
}

}  // namespace ytterby

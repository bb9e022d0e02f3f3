#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "policies/policy.hpp"

namespace ytterby {

/// The budget of a subsidy, USD.
struct SubsidyBudget {
    double total_usd = 0.0;
    double per_year_usd = 0.0;
};

/// The books that a subsidy keeps in its memory: payments in the year and in total, claims in the queue, grants that
/// may still be reclaimed, and how far firms believe its promise. Claims are paid in the order in which they fell due.
class SubsidyBook {
public:
    /// Opens the books as the last tick left them and enters the events of that tick: payments, unpaid claims (they
    /// join the queue as far as the total budget reaches; the rest is refused) and grants.
    SubsidyBook(const PolicyView& view, const std::string& policy, SubsidyBudget budget, double clawback_years,
                bool gives_grants);

    /// Reclaims from their owners the grants of plants that closed or went bankrupt in the last tick.
    void claw_back(CountryId payer, Regime& regime);
    /// Pays queued claims, first come first served, as far as the budget reaches; the rest may pay new claims.
    void pay_arrears(CountryId payer, Payee payee, Regime& regime);
    /// Budget left for claims that fall due in this tick.
    double left_for_new_claims() const;
    /// Whether part of the total budget is neither paid nor claimed.
    bool is_open() const;
    /// Share of the promise that firms count on: the share of recent claims that was paid; queued claims count at a
    /// discount.
    double believed() const { return belief_; }
    /// Months for which the rest of the total budget lasts at the last tick's rate of claims.
    double lasting_months() const;
    /// Whether a claim is in the queue or a grant may still be reclaimed.
    bool has_open_items() const { return !queue_.empty() || !grants_.empty(); }
    /// Writes the books into the memory for the next tick.
    void write(PolicyMemory& memory) const;

private:
    struct QueuedClaim {
        std::size_t cell = 0;
        double usd = 0.0;
    };
    struct Grant {
        std::int64_t tick = 0;
        std::size_t cell = 0;
        double usd = 0.0;
    };

    void read();
    void enter_last_tick(const std::string& policy);
    double queued_usd() const;
    double year_left() const;
    double total_left() const;
    void spend(double usd);

    const PolicyView& view_;
    SubsidyBudget budget_;
    double clawback_years_;
    bool gives_grants_;
    double year_ = 0.0;
    double paid_in_year_ = 0.0;
    double paid_ = 0.0;
    double clawed_back_ = 0.0;
    double refused_ = 0.0;
    double belief_ = 1.0;
    double claimed_last_tick_ = 0.0;
    std::vector<QueuedClaim> queue_;
    std::vector<Grant> grants_;
};

}  // namespace ytterby

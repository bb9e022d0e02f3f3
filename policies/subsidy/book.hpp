#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "policies/policy.hpp"

namespace ytterby {

/// What a subsidy may spend, USD.
struct SubsidyBudget {
    double total_usd = 0.0;
    double per_year_usd = 0.0;
};

/// How a subsidy keeps its books in its memory: what it paid in the year and in all, who waits for money, which grants
/// may still be reclaimed, and what firms make of its promise. Claims are served in the order in which they fell due.
class SubsidyBook {
public:
    /// Opens the books as the last tick left them, and enters what that tick brought: payments, claims that found no
    /// money (they wait, as far as the total reaches; the rest is refused), grants given, capacity closed.
    SubsidyBook(const PolicyView& view, const std::string& policy, SubsidyBudget budget, double clawback_years,
                bool gives_grants);

    /// Takes back grants of plants that closed or went bankrupt in the last tick, from their owners.
    void claw_back(CountryId payer, Regime& regime);
    /// Pays who waits, first come first served, as far as money reaches; what is left may pay new claims.
    void pay_arrears(CountryId payer, Payee payee, Regime& regime);
    /// Money for claims that fall due in this tick.
    double left_for_new_claims() const;
    /// Whether anything of the total is not yet spoken for.
    bool is_open() const;
    /// Part of the promise that firms count on: the share of recent claims that was met, those that wait discounted.
    double believed() const { return belief_; }
    /// Months that the rest of the total lasts at the last tick's pace.
    double lasting_months() const;
    /// Whether somebody waits or a grant may still be reclaimed.
    bool has_business() const { return !queue_.empty() || !grants_.empty(); }
    /// Writes everything down for the next tick.
    void write(PolicyMemory& memory) const;

private:
    struct Waiting {
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
    double waiting_usd() const;
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
    std::vector<Waiting> queue_;
    std::vector<Grant> grants_;
};

}  // namespace ytterby

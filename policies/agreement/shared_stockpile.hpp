#pragma once

#include "policies/agreement/contributions.hpp"

namespace ytterby {

/// The clause of a stockpile that members hold together: bought evenly on their own markets up to a limit price until
/// it covers so many days of their joint need, released to members that are short of it, paid in shares.
class SharedStockpile {
public:
    void read(KeyReader& keys);
    bool on() const { return days_ > 0.0; }
    /// Says `purchase` and `release`. `name` is the policy under whose name the tonnes are kept.
    void apply(const Club& club, const std::string& name, Regime& regime) const;

private:
    double days_ = 0.0;
    double fill_months_ = 36.0;
    double buy_limit_ = 1.1;
    double release_limit_ = 1.0;
    double below_days_ = 30.0;
    double unmet_ = 0.05;
    double release_share_ = 0.5;
};

}  // namespace ytterby

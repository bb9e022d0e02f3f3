#pragma once

#include "policies/agreement/contributions.hpp"

namespace ytterby {

/// The clause of a stockpile that members hold together. It is bought evenly on their markets below a limit price until
/// it covers a number of days of their joint need, released to members that are short, and paid for in shares.
class SharedStockpile {
public:
    void read(KeyReader& keys);
    bool on() const { return days_ > 0.0; }
    /// Orders purchases and releases. The tonnes are kept under the policy's `name`.
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

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/calendar.hpp"
#include "core/config/keys.hpp"

namespace ytterby {

/// A share that changes on given days: a number to begin with, then others.
class DatedShares {
public:
    /// The keys of days and shares, and what the docs say of them.
    struct KeyTexts {
        std::string dates, shares, dates_doc, shares_doc;
        double high = 1.0;
    };

    /// Reads a list of days and a list of as many shares.
    void read(KeyReader& keys, const KeyTexts& texts);
    void resolve(const Calendar& calendar);
    /// The mean over a tick, given the share before the first day.
    double mean_in(std::int64_t tick, double first) const;
    /// The ticks that hold the days, in order.
    std::vector<std::int64_t> ticks() const;

private:
    struct Step {
        std::int64_t tick = 0;
        double part_before = 0.0;  // of that tick
        double share = 1.0;
    };

    std::vector<Date> dates_;
    std::vector<double> shares_;
    std::vector<Step> steps_;
};

}  // namespace ytterby

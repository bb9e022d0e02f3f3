#include "policies/export_control/dated_shares.hpp"

#include <cstddef>
#include <optional>

namespace ytterby {

void DatedShares::read(KeyReader& keys, const KeyTexts& texts) {
    std::vector<std::string> dates;
    keys.text_list(texts.dates, dates,
                   {.fallback = std::vector<std::string>{}, .doc = texts.dates_doc, .may_hold_dates = true});
    keys.keys_with({texts.dates}, [&](KeyReader& inner) {
        inner.number_list(texts.shares, shares_,
                          {.fallback = std::vector<double>{},
                           .low = 0.0,
                           .high = texts.high,
                           .unit = "share of usual flow",
                           .doc = texts.shares_doc});
    });
    if (keys.describing()) {
        return;
    }
    dates_.clear();
    for (const std::string& text : dates) {
        const std::optional<Date> date = parse_date(text);
        if (!date) {
            keys.problem(texts.dates, "'" + text + "' is not a date", "", "write YYYY-MM or YYYY-MM-DD");
        } else if (!dates_.empty() && *date <= dates_.back()) {
            keys.problem(texts.dates, format_date(*date) + " is not after " + format_date(dates_.back()),
                         "each step replaces the share of the one before", "put the dates in order");
        } else {
            dates_.push_back(*date);
        }
    }
    if (keys.is_sound(texts.dates) && keys.is_sound(texts.shares) && dates_.size() != shares_.size()) {
        keys.problem(
            texts.shares,
            "there are " + std::to_string(shares_.size()) + " shares for " + std::to_string(dates_.size()) + " dates",
            "each date has its share", "give " + texts.shares + " as many numbers as " + texts.dates + " has days");
    }
    shares_.resize(dates_.size());
}

void DatedShares::resolve(const Calendar& calendar) {
    steps_.clear();
    for (std::size_t number = 0; number < dates_.size(); ++number) {
        steps_.push_back(
            {calendar.tick_holding(dates_[number]), calendar.part_before(dates_[number]), shares_[number]});
    }
}

double DatedShares::mean_in(std::int64_t tick, double first) const {
    double share = first;
    double mean = 0.0;
    double passed = 0.0;
    for (const Step& step : steps_) {
        if (step.tick == tick) {
            mean += (step.part_before - passed) * share;
            passed = step.part_before;
        }
        share = step.tick <= tick ? step.share : share;
    }
    return mean + (1.0 - passed) * share;
}

std::vector<std::int64_t> DatedShares::ticks() const {
    std::vector<std::int64_t> all;
    for (const Step& step : steps_) {
        all.push_back(step.tick);
    }
    return all;
}

}  // namespace ytterby

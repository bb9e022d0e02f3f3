#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ytterby {

/// Mean days of a Gregorian year: 146,097 in 400 years.
inline constexpr double days_per_year = 365.2425;

/// A day of the proleptic Gregorian calendar.
struct Date {
    int year = 0;
    int month = 1;
    int day = 1;

    friend constexpr bool operator==(const Date&, const Date&) = default;
    friend constexpr std::strong_ordering operator<=>(const Date&, const Date&) = default;
};

/// Reads "2026", "2026-01" or "2026-01-31" (years 0001 to 9999, missing parts are 1); nothing for any other text or
/// a day that does not exist.
std::optional<Date> parse_date(std::string_view text);

/// Writes "2026-01-31".
std::string format_date(const Date& date);

/// Writes "2026-01".
std::string format_month(const Date& date);

/// Days since 1970-01-01 (negative before).
std::int64_t days_since_epoch(const Date& date);

/// The date that many days after 1970-01-01.
Date date_of_day(std::int64_t days);

/// The length of a tick.
enum class TickLength : std::uint8_t { week, month, quarter };

/// "week", "month" or "quarter".
std::string_view name_of(TickLength length);
std::optional<TickLength> parse_tick_length(std::string_view text);

/// Calendar days of a number of working days (five in seven): 45 working days are 63 calendar days.
double calendar_days_of_working(double working_days);

/// Turns ticks into dates and back. Tick 0 is the month or quarter that holds the start date, or the seven days that
/// begin on it. Ticks before the start are negative.
class Calendar {
public:
    Calendar() = default;
    Calendar(Date start, TickLength length);

    Date start() const { return start_; }
    TickLength length() const { return length_; }

    /// First day of a tick.
    Date date_of(std::int64_t tick) const;

    /// The tick from which something dated `date` is in force. Months: the tick of that month. Weeks and quarters: the
    /// first tick that starts on or after the date (quarters: its month). The start date itself is always tick 0.
    std::int64_t tick_of(const Date& date) const;

    /// The tick that holds a date, and the part of it that is over when the date begins, 0 to below 1.
    std::int64_t tick_holding(const Date& date) const;
    double part_before(const Date& date) const;

    /// Mean number of ticks in a Gregorian year: 12, 4 or 52.1775.
    double ticks_per_year() const;
    /// Mean number of days in a tick: 30.436875, 91.310625 or 7.
    double days_per_tick() const;

    /// A number of calendar days in ticks, with fractions.
    double ticks_of_days(double days) const;
    /// The same, rounded to the nearest whole tick (halves up).
    std::int64_t whole_ticks_of_days(double days) const;
    /// The same for working days.
    std::int64_t whole_ticks_of_working_days(double working_days) const;
    /// A number of years in ticks, rounded to the nearest.
    std::int64_t whole_ticks_of_years(double years) const;

    /// A flow or rate per year as an amount per tick.
    double per_tick(double per_year) const { return per_year / ticks_per_year(); }

    /// "2026-01", "2026-Q1" or the ISO 8601 week in which the tick begins, "2026-W05".
    std::string label(std::int64_t tick) const;

    /// Month in which the tick begins: 0 for January to 11 for December.
    int month_index(std::int64_t tick) const;

    friend bool operator==(const Calendar&, const Calendar&) = default;

private:
    Date start_{1970, 1, 1};
    TickLength length_ = TickLength::month;
};

}  // namespace ytterby

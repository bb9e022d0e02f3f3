#include "core/calendar.hpp"

#include <array>
#include <cmath>

#include "core/check.hpp"

namespace ytterby {

namespace {

bool is_leap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int days_in_month(int year, int month) {
    constexpr std::array<int, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[static_cast<std::size_t>(month - 1)];
}

bool exists(const Date& date) {
    return date.year >= 1 && date.year <= 9999 && date.month >= 1 && date.month <= 12 && date.day >= 1 &&
           date.day <= days_in_month(date.year, date.month);
}

/// Quotient rounded towards minus infinity.
std::int64_t floor_divide(std::int64_t dividend, std::int64_t divisor) {
    const std::int64_t quotient = dividend / divisor;
    return dividend % divisor < 0 ? quotient - 1 : quotient;
}

/// Months since January of year 0.
std::int64_t month_number(const Date& date) { return static_cast<std::int64_t>(date.year) * 12 + (date.month - 1); }

Date month_start(std::int64_t month_number) {
    const std::int64_t year = floor_divide(month_number, 12);
    return {static_cast<int>(year), static_cast<int>(month_number - year * 12) + 1, 1};
}

/// Writes a number that is not negative with at least `digits` digits.
std::string padded(int number, std::size_t digits) {
    std::string text = std::to_string(number);
    return text.size() < digits ? std::string(digits - text.size(), '0') + text : text;
}

/// Reads exactly the digits of a text.
std::optional<int> read_digits(std::string_view text) {
    int number = 0;
    for (const char character : text) {
        if (character < '0' || character > '9') {
            return std::nullopt;
        }
        number = number * 10 + (character - '0');
    }
    return number;
}

/// The ISO 8601 year and week of a day: the week belongs to the year of its Thursday.
std::string iso_week(std::int64_t day) {
    // 1970-01-01 was a Thursday; weekday 0 is Monday.
    const std::int64_t weekday = day + 3 - floor_divide(day + 3, 7) * 7;
    const std::int64_t thursday = day - weekday + 3;
    const int year = date_of_day(thursday).year;
    const std::int64_t week = (thursday - days_since_epoch({year, 1, 1})) / 7 + 1;
    return padded(year, 4) + "-W" + padded(static_cast<int>(week), 2);
}

}  // namespace

std::optional<Date> parse_date(std::string_view text) {
    if (text.size() != 4 && text.size() != 7 && text.size() != 10) {
        return std::nullopt;
    }
    if (text.size() >= 7 && text[4] != '-') {
        return std::nullopt;
    }
    if (text.size() == 10 && text[7] != '-') {
        return std::nullopt;
    }
    const std::optional<int> year = read_digits(text.substr(0, 4));
    const std::optional<int> month = text.size() >= 7 ? read_digits(text.substr(5, 2)) : 1;
    const std::optional<int> day = text.size() == 10 ? read_digits(text.substr(8, 2)) : 1;
    if (!year || !month || !day) {
        return std::nullopt;
    }
    const Date date{*year, *month, *day};
    return exists(date) ? std::optional<Date>(date) : std::nullopt;
}

std::string format_date(const Date& date) { return format_month(date) + "-" + padded(date.day, 2); }

std::string format_month(const Date& date) { return padded(date.year, 4) + "-" + padded(date.month, 2); }

// Both conversions follow Hinnant, "chrono-compatible low-level date algorithms" (2013): years begin in March and are
// counted in eras of 400 years.
std::int64_t days_since_epoch(const Date& date) {
    const std::int64_t year = date.month <= 2 ? date.year - 1 : date.year;
    const std::int64_t era = floor_divide(year, 400);
    const std::int64_t year_of_era = year - era * 400;
    const std::int64_t day_of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
    const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

Date date_of_day(std::int64_t days) {
    const std::int64_t shifted = days + 719468;
    const std::int64_t era = floor_divide(shifted, 146097);
    const std::int64_t day_of_era = shifted - era * 146097;
    const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t march_month = (5 * day_of_year + 2) / 153;
    const int day = static_cast<int>(day_of_year - (153 * march_month + 2) / 5) + 1;
    const int month = static_cast<int>(march_month < 10 ? march_month + 3 : march_month - 9);
    const std::int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
    return {static_cast<int>(year), month, day};
}

std::string_view name_of(TickLength length) {
    switch (length) {
        case TickLength::week:
            return "week";
        case TickLength::month:
            return "month";
        case TickLength::quarter:
            return "quarter";
    }
    report_bug("a tick length is week, month or quarter", std::source_location::current());
}

std::optional<TickLength> parse_tick_length(std::string_view text) {
    for (const TickLength length : {TickLength::week, TickLength::month, TickLength::quarter}) {
        if (text == name_of(length)) {
            return length;
        }
    }
    return std::nullopt;
}

double calendar_days_of_working(double working_days) { return working_days * 7.0 / 5.0; }

Calendar::Calendar(Date start, TickLength length) : start_(start), length_(length) {
    ensure(exists(start), "a calendar starts on a day that exists");
}

Date Calendar::date_of(std::int64_t tick) const {
    switch (length_) {
        case TickLength::week:
            return date_of_day(days_since_epoch(start_) + tick * 7);
        case TickLength::month:
            return month_start(month_number(start_) + tick);
        case TickLength::quarter:
            return month_start((floor_divide(month_number(start_), 3) + tick) * 3);
    }
    report_bug("a tick length is week, month or quarter", std::source_location::current());
}

std::int64_t Calendar::tick_of(const Date& date) const {
    switch (length_) {
        case TickLength::week:
            return floor_divide(days_since_epoch(date) - days_since_epoch(start_) + 6, 7);
        case TickLength::month:
            return month_number(date) - month_number(start_);
        case TickLength::quarter: {
            const std::int64_t first_month = floor_divide(month_number(start_), 3) * 3;
            const std::int64_t month = month_number(date);
            // A start inside a quarter is tick 0, although that quarter began before it.
            if (month >= first_month && month <= month_number(start_)) {
                return 0;
            }
            return floor_divide(month - first_month + 2, 3);
        }
    }
    report_bug("a tick length is week, month or quarter", std::source_location::current());
}

std::int64_t Calendar::tick_holding(const Date& date) const {
    switch (length_) {
        case TickLength::week:
            return floor_divide(days_since_epoch(date) - days_since_epoch(start_), 7);
        case TickLength::month:
            return month_number(date) - month_number(start_);
        case TickLength::quarter:
            return floor_divide(month_number(date), 3) - floor_divide(month_number(start_), 3);
    }
    report_bug("a tick length is week, month or quarter", std::source_location::current());
}

double Calendar::part_before(const Date& date) const {
    const std::int64_t tick = tick_holding(date);
    const std::int64_t first = days_since_epoch(date_of(tick));
    const std::int64_t next = days_since_epoch(date_of(tick + 1));
    return static_cast<double>(days_since_epoch(date) - first) / static_cast<double>(next - first);
}

double Calendar::ticks_per_year() const {
    switch (length_) {
        case TickLength::week:
            return days_per_year / 7.0;
        case TickLength::month:
            return 12.0;
        case TickLength::quarter:
            return 4.0;
    }
    report_bug("a tick length is week, month or quarter", std::source_location::current());
}

double Calendar::days_per_tick() const { return length_ == TickLength::week ? 7.0 : days_per_year / ticks_per_year(); }

double Calendar::ticks_of_days(double days) const { return days / days_per_tick(); }

std::int64_t Calendar::whole_ticks_of_days(double days) const {
    ensure(days >= 0.0 && days < 1e9, "a delay in days is not negative and below a billion");
    return std::llround(ticks_of_days(days));
}

std::int64_t Calendar::whole_ticks_of_working_days(double working_days) const {
    return whole_ticks_of_days(calendar_days_of_working(working_days));
}

std::int64_t Calendar::whole_ticks_of_years(double years) const { return whole_ticks_of_days(years * days_per_year); }

std::string Calendar::label(std::int64_t tick) const {
    const Date date = date_of(tick);
    switch (length_) {
        case TickLength::week:
            return iso_week(days_since_epoch(date));
        case TickLength::month:
            return format_month(date);
        case TickLength::quarter:
            return padded(date.year, 4) + "-Q" + std::to_string((date.month - 1) / 3 + 1);
    }
    report_bug("a tick length is week, month or quarter", std::source_location::current());
}

int Calendar::month_index(std::int64_t tick) const { return date_of(tick).month - 1; }

}  // namespace ytterby

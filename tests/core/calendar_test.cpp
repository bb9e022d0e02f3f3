#include "core/calendar.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace ytterby {
namespace {

TEST(Date, ReadsTheThreeForms) {
    EXPECT_EQ(parse_date("2026"), (Date{2026, 1, 1}));
    EXPECT_EQ(parse_date("2026-03"), (Date{2026, 3, 1}));
    EXPECT_EQ(parse_date("2024-02-29"), (Date{2024, 2, 29}));
    EXPECT_EQ(parse_date("2000-02-29"), (Date{2000, 2, 29}));
}

TEST(Date, RefusesEverythingElse) {
    for (const char* text : {"",           "26",         "02026",      "2026-",       "2026-1",     "2026-13",
                             "2026-00",    "2026-01-",   "2026-01-1",  "2026-01-32",  "2026-02-29", "1900-02-29",
                             "2026-04-31", "2026-01-00", "2026/01/01", "2026-01 01",  " 2026",      "-026",
                             "+026",       "2o26",       "0000",       "2026-01-01T", "2026-0a",    "2026-01-01 "}) {
        EXPECT_FALSE(parse_date(text).has_value()) << text;
    }
}

TEST(Date, WritesWhatItReads) {
    for (const char* text : {"0001-01-01", "1969-12-31", "2026-11-09", "9999-12-31"}) {
        EXPECT_EQ(format_date(*parse_date(text)), text);
    }
    EXPECT_EQ(format_month({987, 6, 5}), "0987-06");
}

TEST(Date, DayNumbersRunThroughTheWholeCalendar) {
    EXPECT_EQ(days_since_epoch({1970, 1, 1}), 0);
    EXPECT_EQ(days_since_epoch({2000, 3, 1}), 11017);
    EXPECT_EQ(days_since_epoch({2026, 1, 1}), 20454);
    Date before = date_of_day(days_since_epoch({1, 1, 1}));
    EXPECT_EQ(before, (Date{1, 1, 1}));
    for (std::int64_t day = days_since_epoch({1, 1, 2}); day <= days_since_epoch({2400, 12, 31}); ++day) {
        const Date date = date_of_day(day);
        ASSERT_EQ(days_since_epoch(date), day);
        ASSERT_LT(before, date);
        ASSERT_TRUE(parse_date(format_date(date)).has_value() || day % 50 != 0);
        before = date;
    }
}

TEST(Calendar, Months) {
    const Calendar calendar({2025, 11, 15}, TickLength::month);
    EXPECT_EQ(calendar.date_of(0), (Date{2025, 11, 1}));
    EXPECT_EQ(calendar.label(2), "2026-01");
    EXPECT_EQ(calendar.label(-11), "2024-12");
    EXPECT_EQ(calendar.month_index(0), 10);
    EXPECT_EQ(calendar.month_index(2), 0);
    EXPECT_EQ(calendar.tick_of({2025, 11, 30}), 0);
    EXPECT_EQ(calendar.tick_of({2026, 1, 1}), 2);
    EXPECT_EQ(calendar.tick_of({2026, 1, 31}), 2);
    EXPECT_EQ(calendar.tick_of({2025, 10, 31}), -1);
    EXPECT_EQ(calendar.ticks_per_year(), 12.0);
    EXPECT_DOUBLE_EQ(calendar.per_tick(24.0), 2.0);
}

TEST(Calendar, Quarters) {
    const Calendar calendar({2026, 2, 10}, TickLength::quarter);
    EXPECT_EQ(calendar.date_of(0), (Date{2026, 1, 1}));
    EXPECT_EQ(calendar.label(0), "2026-Q1");
    EXPECT_EQ(calendar.label(3), "2026-Q4");
    EXPECT_EQ(calendar.label(-1), "2025-Q4");
    EXPECT_EQ(calendar.tick_of({2026, 2, 10}), 0);
    EXPECT_EQ(calendar.tick_of({2026, 3, 1}), 1);
    EXPECT_EQ(calendar.tick_of({2026, 4, 30}), 1);
    EXPECT_EQ(calendar.tick_of({2026, 5, 1}), 2);
    EXPECT_EQ(calendar.tick_of({2025, 12, 1}), 0);
    EXPECT_EQ(calendar.tick_of({2025, 10, 1}), -1);
    EXPECT_EQ(calendar.ticks_per_year(), 4.0);
    EXPECT_EQ(calendar.month_index(1), 3);
}

TEST(Calendar, Weeks) {
    const Calendar calendar({2026, 1, 1}, TickLength::week);
    EXPECT_EQ(calendar.date_of(0), (Date{2026, 1, 1}));
    EXPECT_EQ(calendar.date_of(5), (Date{2026, 2, 5}));
    EXPECT_EQ(calendar.label(0), "2026-W01");
    EXPECT_EQ(calendar.label(52), "2026-W53");
    EXPECT_EQ(calendar.label(53), "2027-W01");
    EXPECT_EQ(calendar.tick_of({2026, 1, 1}), 0);
    EXPECT_EQ(calendar.tick_of({2026, 1, 2}), 1);
    EXPECT_EQ(calendar.tick_of({2026, 1, 8}), 1);
    EXPECT_EQ(calendar.tick_of({2025, 12, 25}), -1);
    EXPECT_EQ(calendar.tick_of({2025, 12, 26}), 0);
    EXPECT_NEAR(calendar.ticks_per_year(), 52.1775, 1e-12);
}

TEST(Calendar, IsoWeeksAtTheTurnOfYears) {
    const auto week = [](Date date) { return Calendar(date, TickLength::week).label(0); };
    EXPECT_EQ(week({2005, 1, 1}), "2004-W53");
    EXPECT_EQ(week({2005, 1, 2}), "2004-W53");
    EXPECT_EQ(week({2005, 12, 31}), "2005-W52");
    EXPECT_EQ(week({2007, 1, 1}), "2007-W01");
    EXPECT_EQ(week({2008, 12, 29}), "2009-W01");
    EXPECT_EQ(week({2010, 1, 3}), "2009-W53");
    EXPECT_EQ(week({2026, 1, 31}), "2026-W05");
}

TEST(Calendar, EveryTickHoldsFromItsOwnFirstDay) {
    for (const TickLength length : {TickLength::week, TickLength::month, TickLength::quarter}) {
        const Calendar calendar({2010, 7, 3}, length);
        for (std::int64_t tick = -200; tick < 600; ++tick) {
            ASSERT_EQ(calendar.tick_of(calendar.date_of(tick)), tick) << name_of(length);
            ASSERT_LT(calendar.date_of(tick), calendar.date_of(tick + 1));
            ASSERT_NE(calendar.label(tick), calendar.label(tick + 1));
        }
        EXPECT_EQ(calendar.tick_of(calendar.start()), 0);
    }
}

TEST(Calendar, DelaysInDays) {
    EXPECT_DOUBLE_EQ(calendar_days_of_working(45.0), 63.0);
    const Calendar months({2026, 1, 1}, TickLength::month);
    const Calendar weeks({2026, 1, 1}, TickLength::week);
    const Calendar quarters({2026, 1, 1}, TickLength::quarter);
    EXPECT_EQ(months.whole_ticks_of_working_days(45.0), 2);
    EXPECT_EQ(weeks.whole_ticks_of_working_days(45.0), 9);
    EXPECT_EQ(quarters.whole_ticks_of_working_days(45.0), 1);
    EXPECT_EQ(months.whole_ticks_of_days(0.0), 0);
    EXPECT_EQ(months.whole_ticks_of_days(15.0), 0);
    EXPECT_EQ(months.whole_ticks_of_days(16.0), 1);
    EXPECT_EQ(months.whole_ticks_of_years(15.7), 188);
    EXPECT_NEAR(months.ticks_of_days(365.2425), 12.0, 1e-12);
    EXPECT_THROW(months.whole_ticks_of_days(-1.0), std::logic_error);
}

TEST(Calendar, NamesOfTickLengths) {
    for (const TickLength length : {TickLength::week, TickLength::month, TickLength::quarter}) {
        EXPECT_EQ(parse_tick_length(name_of(length)), length);
    }
    EXPECT_FALSE(parse_tick_length("Month").has_value());
}

TEST(Calendar, StartsOnADayThatExists) { EXPECT_THROW(Calendar({2026, 2, 29}, TickLength::month), std::logic_error); }

}  // namespace
}  // namespace ytterby

#include "policies/measure.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "policies/news.hpp"
#include "tests/policies/small_world.hpp"

namespace ytterby {
namespace {

/// A measure read from the keys of a block, with the problems found.
struct Written {
    Measure measure;
    Problems problems;

    explicit Written(const std::string& keys, TickLength tick = TickLength::month) {
        const ConfigDocument document = ConfigDocument::parse("schema = 1\n" + keys, "m.toml");
        KeyReader reader(document.root(), problems);
        measure.read(reader);
        measure.resolve(SmallWorld().names, Calendar({2023, 1, 1}, tick), problems);
    }
    bool has_problem(const std::string& what, int line) const {
        const std::vector<Problem> all = problems.sorted();
        return std::any_of(all.begin(), all.end(), [&](const Problem& problem) {
            return problem.what.find(what) != std::string::npos && problem.where.line == line;
        });
    }
};

/// Ticks of the first `ticks` ticks in which a measure is in force, with the tick since which it is.
std::vector<std::pair<std::int64_t, std::int64_t>> history(
    const Measure& measure, SmallWorld& small, std::int64_t ticks,
    const std::function<void(std::int64_t)>& before = [](std::int64_t) {}) {
    std::vector<std::pair<std::int64_t, std::int64_t>> found;
    PolicySchedule::State state;
    for (small.world.tick = 0; small.world.tick < ticks; ++small.world.tick) {
        before(small.world.tick);
        state = measure.schedule().step(small.economy, small.world, state);
        if (state.in_force()) {
            found.emplace_back(small.world.tick, state.since);
        }
    }
    return found;
}

std::vector<std::int64_t> in_force(
    const Measure& measure, SmallWorld& small, std::int64_t ticks,
    const std::function<void(std::int64_t)>& before = [](std::int64_t) {}) {
    std::vector<std::int64_t> found;
    for (const auto& [tick, since] : history(measure, small, ticks, before)) {
        found.push_back(tick);
    }
    return found;
}

using Ticks = std::vector<std::int64_t>;

const std::string plain = "actor = \"CHN\"\ngoods = [\"gallium\"]\n";  // lines 2 and 3

TEST(Measure, IsInForceBetweenItsDates) {
    SmallWorld small;
    EXPECT_EQ(in_force(Written(plain).measure, small, 3), (Ticks{0, 1, 2})) << "no dates: always";
    EXPECT_EQ(in_force(Written(plain + "start = \"2023-03\"").measure, small, 5), (Ticks{2, 3, 4}));
    EXPECT_EQ(in_force(Written(plain + "end = \"2023-03\"").measure, small, 5), (Ticks{0, 1}))
        << "the end is the first day without it";
    EXPECT_EQ(in_force(Written(plain + "start = \"2023-02-20\"\nend = \"2023-04-01\"").measure, small, 6),
              (Ticks{1, 2}));
    EXPECT_EQ(in_force(Written(plain + "start = \"2010-01\"\nend = \"2011-01\"").measure, small, 3), Ticks{})
        << "over before the run";
}

TEST(Measure, DatesMustMakeSense) {
    EXPECT_TRUE(Written(plain + "start = \"2023-08\"\nend = \"2023-02\"").has_problem("end is not after start", 5));
    EXPECT_TRUE(Written(plain + "start = \"2023-08\"\nend = \"2023-08\"").has_problem("end is not after start", 5));
    EXPECT_TRUE(Written(plain + "start = \"2023-08-01\"\nend = \"2023-08-20\"")
                    .has_problem("both dates fall into the same tick", 5));
    EXPECT_TRUE(Written(plain + "start = \"2023-08-01\"\nend = \"2023-08-20\"", TickLength::week).problems.empty())
        << "two weeks and more";
}

TEST(Measure, AllUnknownNamesAreReportedAtOnce) {
    const Written bad(
        "actor = \"CHM\"\ngoods = [\"galium.refined\", \"mercury\"]\npartners = [\"PAC\", \"USB\"]\nexempt = "
        "[\"FRB\"]\nwhen = \"price(USA, tin) > 1\"");
    EXPECT_TRUE(bad.has_problem("unknown country or group 'CHM'", 2));
    EXPECT_TRUE(bad.has_problem("unknown good 'galium.refined'", 3));
    EXPECT_TRUE(bad.has_problem("unknown good 'mercury'", 3));
    EXPECT_TRUE(bad.has_problem("unknown country or group 'USB'", 4));
    EXPECT_TRUE(bad.has_problem("unknown country or group 'FRB'", 5));
    EXPECT_TRUE(bad.has_problem("unknown good 'tin'", 6));
    EXPECT_EQ(bad.problems.count(), 6U);
    EXPECT_NE(bad.problems.render().find("did you mean 'CHN'"), std::string::npos);
}

TEST(Measure, AMissingKeyIsOneProblem) {
    const Written bad("goods = [\"gallium\"]");
    EXPECT_EQ(bad.problems.count(), 1U) << bad.problems.render();
    EXPECT_NE(bad.problems.render().find("actor: missing"), std::string::npos);
    EXPECT_EQ(Written("actor = \"CHN\"\ngoods = []").problems.count(), 1U);
    EXPECT_EQ(Written("actor = \"CHN\"\ngoods = [\"gallium\"]\nwhen = 5").problems.count(), 1U);
}

TEST(Measure, CoversPartnersButNotTheExemptNorItself) {
    const SmallWorld small;
    const auto covered = [&](const std::string& more) {
        const Written written("actor = \"CHN\"\ngoods = [\"dysprosium\"]\n" + more);
        EXPECT_TRUE(written.problems.empty()) << written.problems.render();
        std::string found;
        for (const char* partner : {"USA", "CHN", "JPN", "FRA"}) {
            if (written.measure.exports().covers(small.country("CHN"), small.country(partner),
                                                 small.good("dysprosium.ore"))) {
                found += std::string(partner) + " ";
            }
        }
        EXPECT_FALSE(
            written.measure.exports().covers(small.country("USA"), small.country("JPN"), small.good("dysprosium.ore")))
            << "others' exports";
        EXPECT_FALSE(
            written.measure.exports().covers(small.country("CHN"), small.country("USA"), small.good("gallium.refined")))
            << "other metals";
        return found;
    };
    EXPECT_EQ(covered(""), "USA JPN FRA ");
    EXPECT_EQ(covered("partners = [\"PAC\"]"), "USA JPN ");
    EXPECT_EQ(covered("exempt = [\"PAC\"]"), "FRA ");
    EXPECT_EQ(covered("partners = [\"PAC\", \"FRA\", \"USA\"]\nexempt = [\"JPN\"]"), "USA FRA ");
    EXPECT_EQ(covered("partners = [\"CHN\", \"JPN\"]"), "JPN ");
}

/// In a selector an empty list of partners would mean all countries.
TEST(Measure, ExemptingAllPartnersIsAnErrorAndNotABlockade) {
    EXPECT_TRUE(Written(plain + "partners = [\"JPN\"]\nexempt = [\"PAC\"]").has_problem("no partner is left", 4));
    EXPECT_TRUE(Written(plain + "partners = [\"CHN\"]").has_problem("no partner is left", 4));
    EXPECT_TRUE(Written("actor = \"*\"\ngoods = [\"gallium\"]\n").problems.count() == 1U);
}

/// The price of each tick decides; a latched measure stays in force.
TEST(Measure, AConditionTurnsItOnAndWithoutLatchOff) {
    SmallWorld small;
    const auto price = [&](std::int64_t tick) {
        constexpr double prices[] = {1, 1, 9, 9, 1, 1, 9, 1};
        small.at(small.world.nodes.use_price, "JPN", "gallium.refined") = prices[tick];
    };
    const std::string when = plain + "when = \"price(JPN, gallium.refined) > 5\"\n";
    EXPECT_EQ(in_force(Written(when).measure, small, 8, price), (Ticks{2, 3, 4, 5, 6, 7}));
    EXPECT_EQ(in_force(Written(when + "latch = false").measure, small, 8, price), (Ticks{2, 3, 6}));
    EXPECT_EQ(in_force(Written(when + "end = \"2023-06\"").measure, small, 8, price), (Ticks{2, 3, 4}));
    EXPECT_EQ(in_force(Written(when + "start = \"2023-05\"").measure, small, 8, price), (Ticks{6, 7}))
        << "before its start nothing triggers it";
}

/// A measure that returns is in force since its last trigger, not since its first.
TEST(Measure, ReturnsWithANewTrigger) {
    SmallWorld small;
    const Written written(plain + "when = \"price(JPN, gallium.refined) > 5\"\nlatch = false");
    const std::vector<double> prices{9.0, 9.0, 1.0, 9.0, 9.0};
    Ticks since;
    for (const auto& [tick, began] : history(written.measure, small, 5, [&](std::int64_t tick) {
             small.at(small.world.nodes.use_price, "JPN", "gallium.refined") = prices[static_cast<std::size_t>(tick)];
         })) {
        since.push_back(began);
    }
    EXPECT_EQ(since, (Ticks{0, 0, 3, 3}));
}

/// What a condition has ended stays over, even if the first condition holds again.
TEST(Measure, EndsForGoodWithACondition) {
    SmallWorld small;
    const Written written(
        plain + "when = \"price(JPN, gallium.refined) > 5\"\nends_when = \"price(JPN, gallium.refined) < 2\"");
    const std::vector<double> prices{1.0, 9.0, 4.0, 1.0, 9.0};
    EXPECT_EQ(in_force(written.measure, small, 5,
                       [&](std::int64_t tick) {
                           small.at(small.world.nodes.use_price, "JPN", "gallium.refined") =
                               prices[static_cast<std::size_t>(tick)];
                       }),
              (Ticks{1, 2}));
}

/// The news of a measure and its schedule, read from one block.
struct WrittenNews {
    PolicySchedule schedule;
    News news;
    Problems problems;

    explicit WrittenNews(const std::string& keys) {
        const ConfigDocument document = ConfigDocument::parse("schema = 1\n" + keys, "m.toml");
        KeyReader reader(document.root(), problems);
        schedule.read(reader, {});
        news.read(reader);
        reader.finish();
        const Calendar calendar({2023, 1, 1}, TickLength::month);
        schedule.resolve(SmallWorld().names, calendar, problems);
        news.resolve(calendar);
    }
};

TEST(News, IsOutFromItsDateToTheStart) {
    SmallWorld small;
    const WrittenNews written("announced = \"2023-02-10\"\nstart = \"2023-05\"\nbelief = 0.7\nexpected_months = 9");
    ASSERT_TRUE(written.problems.empty()) << written.problems.render();
    const Calendar calendar({2023, 1, 1}, TickLength::month);
    const PolicyMemory nothing;
    const Selector lanes{{small.country("CHN")}, {}, {small.good("gallium.refined")}};
    for (small.world.tick = 0; small.world.tick < 6; ++small.world.tick) {
        Regime regime(4, 3);
        const PolicyView view{small.economy, small.world, calendar, nothing};
        written.news.announce(view, written.schedule, lanes, 0.4, regime);
        const bool heard = small.world.tick >= 1 && small.world.tick < 4;
        EXPECT_EQ(written.news.is_out(view, written.schedule), heard) << small.world.tick;
        ASSERT_EQ(regime.announcements().measures().size(), heard ? 1U : 0U) << small.world.tick;
        if (heard) {
            const Announcement& said = regime.announcements().measures().front().announcement;
            EXPECT_EQ(said.announced_tick, 1);
            EXPECT_EQ(said.start_tick, 4);
            EXPECT_EQ(said.belief, 0.7);
            EXPECT_EQ(said.expected_months, 9.0);
            EXPECT_EQ(said.affected_share, 0.4);
        }
    }
}

TEST(News, MustComeBeforeTheStart) {
    const auto problems = [](const std::string& keys) { return WrittenNews(keys).problems.render(); };
    EXPECT_NE(problems("start = \"2023-08\"\nannounced = \"2023-09\"").find("announced after start"),
              std::string::npos);
    EXPECT_NE(problems("announced = \"2023-09\"").find("announced without a start"), std::string::npos);
    EXPECT_EQ(problems("start = \"2023-08\"\nannounced = \"2023-08\""), "");
    EXPECT_NE(problems("belief = 0.5").find("has no effect without announced"), std::string::npos);
    const WrittenNews not_a_date("start = \"2023-13\"\nannounced = \"2023-07\"");
    EXPECT_EQ(not_a_date.problems.count(), 1U) << "a bad start is not reported as missing too\n"
                                               << not_a_date.problems.render();
}

/// The memory of a policy may come from another one: a checkpoint may have been edited, or a branch may have another
/// block of that name.
TEST(PolicyMemory, OfAnotherShapeIsIgnored) {
    SmallWorld small;
    const Calendar calendar({2023, 1, 1}, TickLength::month);
    const PolicyMemory memory{{"ledger", {2023.0, 5.0}}, {"rent", {}}};
    const PolicyView view{small.economy, small.world, calendar, memory};
    ASSERT_NE(view.recall("ledger", 2), nullptr);
    EXPECT_EQ((*view.recall("ledger", 2))[1], 5.0);
    EXPECT_EQ(view.recall("ledger", 3), nullptr);
    EXPECT_EQ(view.recall("rent", 1), nullptr);
    EXPECT_EQ(view.recall("usual", 0), nullptr);
    EXPECT_EQ(remembered_index(2.0, 3), 2U);
    for (const double number : {-1.0, 3.0, 1e300, std::nan("")}) {
        EXPECT_THROW(remembered_index(number, 3), std::logic_error) << number;
    }
}

}  // namespace
}  // namespace ytterby

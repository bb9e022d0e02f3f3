#include "policies/measure.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

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

/// Those of the first `ticks` ticks in which a measure is in force; its memory is passed from tick to tick.
std::vector<std::int64_t> in_force(
    const Measure& measure, SmallWorld& small, std::int64_t ticks,
    const std::function<void(std::int64_t)>& before = [](std::int64_t) {}) {
    std::vector<std::int64_t> found;
    const Calendar calendar({2023, 1, 1}, TickLength::month);
    PolicyMemory memory;
    for (small.world.tick = 0; small.world.tick < ticks; ++small.world.tick) {
        before(small.world.tick);
        const PolicyView view{small.economy, small.world, calendar, memory};
        Regime regime(small.names.countries.size(), small.names.goods.size());
        if (measure.in_force_since(view)) {
            found.push_back(small.world.tick);
            PolicyMemory kept = memory;
            measure.remember(view, kept);
            memory = kept;
        } else {
            Measure::forget(view, regime);
            if (!regime.memories().empty()) {
                memory = regime.memories().begin()->second;
            }
        }
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
                    .has_problem("end falls into the same tick as start", 5));
    EXPECT_TRUE(Written(plain + "start = \"2023-08-01\"\nend = \"2023-08-20\"", TickLength::week).problems.empty())
        << "two weeks and more";
    EXPECT_TRUE(
        Written(plain + "start = \"2023-08\"\nannounced = \"2023-09\"").has_problem("announced after start", 5));
    EXPECT_TRUE(Written(plain + "announced = \"2023-09\"").has_problem("announced without a start", 4));
    EXPECT_TRUE(Written(plain + "start = \"2023-08\"\nannounced = \"2023-08\"").problems.empty());
    const Written not_a_date(plain + "start = \"2023-13\"\nannounced = \"2023-07\"");
    EXPECT_TRUE(not_a_date.has_problem("not a date", 4));
    EXPECT_EQ(not_a_date.problems.count(), 1U) << "a bad start is not reported as missing too\n"
                                               << not_a_date.problems.render();
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
    Ticks since;
    const Calendar calendar({2023, 1, 1}, TickLength::month);
    PolicyMemory memory;
    for (const double price : {9.0, 9.0, 1.0, 9.0, 9.0}) {
        small.at(small.world.nodes.use_price, "JPN", "gallium.refined") = price;
        const PolicyView view{small.economy, small.world, calendar, memory};
        Regime regime(4, 3);
        if (const auto found = written.measure.in_force_since(view)) {
            since.push_back(*found);
            written.measure.remember(view, memory);
        } else {
            Measure::forget(view, regime);
            memory = regime.memories().begin()->second;
        }
        ++small.world.tick;
    }
    EXPECT_EQ(since, (Ticks{0, 0, 3, 3}));
}

TEST(Measure, IsAnnouncedFromItsDateToItsStart) {
    SmallWorld small;
    const Written written(plain + "announced = \"2023-02-10\"\nstart = \"2023-05\"\nbelief = 0.7\nexpected_months = 9");
    const Calendar calendar({2023, 1, 1}, TickLength::month);
    const PolicyMemory nothing;
    for (small.world.tick = 0; small.world.tick < 6; ++small.world.tick) {
        Regime regime(4, 3);
        written.measure.announce({small.economy, small.world, calendar, nothing}, written.measure.exports(), 0.4,
                                 regime);
        const bool heard = small.world.tick >= 1 && small.world.tick < 4;
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

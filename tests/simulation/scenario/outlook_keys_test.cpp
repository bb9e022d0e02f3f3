#include "simulation/scenario/outlook_keys.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "tests/simulation/scenario/spoilt_tables.hpp"

namespace ytterby {
namespace {

/// A scenario with one shock, into which a test puts errors.
class Shocks : public SpoiltTables {
protected:
    void shock(const std::string& text) {
        scenario("[run]\nstart = \"2022-01\"\n[[shock]]\nname = \"flood\"\n" + text);
    }
    Outlook::Shock resolved(const std::string& text, const std::vector<std::string>& overrides = {}) {
        shock(text);
        const Scenario scenario = load_scenario((folder_ / "s.toml").string(), overrides);
        EXPECT_EQ(scenario.resolved_shocks.size(), 1U);
        names_ = scenario.names;
        return scenario.resolved_shocks.at(0);
    }
    Names names_;
};

TEST_F(Shocks, ReadWhatIsWritten) {
    const Outlook::Shock shock = resolved(
        "kind = \"demand_step\"\nshare = 0.25\ngoods = [\"gallium\", \"dysprosium\"]\ncountries = [\"JPN\", "
        "\"EU27\"]\nstart = \"2022-04\"\nend = \"2023-01\"\n");
    EXPECT_EQ(shock.name, "flood");
    EXPECT_EQ(shock.kind, Outlook::Shock::Kind::demand_step);
    EXPECT_EQ(shock.share, 0.25);
    EXPECT_EQ(shock.start_tick, 3);
    EXPECT_EQ(shock.end_tick, 12);
    EXPECT_EQ(shock.goods.size(),
              names_.find_goods("gallium").value().size() + names_.find_goods("dysprosium").value().size());
    EXPECT_EQ(shock.countries.size(), 28U);
    EXPECT_TRUE(
        shock.covers(names_.find_goods("gallium.refined").value().at(0), names_.find_countries("DEU").value().at(0)));
    EXPECT_FALSE(
        shock.covers(names_.find_goods("cobalt.refined").value().at(0), names_.find_countries("DEU").value().at(0)));
    EXPECT_FALSE(
        shock.covers(names_.find_goods("gallium.refined").value().at(0), names_.find_countries("USA").value().at(0)));
}

TEST_F(Shocks, WithoutDatesAndCountriesApplyAlwaysAndEverywhere) {
    const Outlook::Shock shock = resolved("kind = \"supply_loss\"\nshare = 1\ngoods = [\"*.ore\"]\n");
    EXPECT_EQ(shock.start_tick, 0);
    EXPECT_EQ(shock.end_tick, std::numeric_limits<std::int64_t>::max());
    EXPECT_TRUE(
        shock.covers(names_.find_goods("cobalt.ore").value().at(0), names_.find_countries("COD").value().at(0)));
    EXPECT_FALSE(
        shock.covers(names_.find_goods("cobalt.refined").value().at(0), names_.find_countries("COD").value().at(0)));
}

TEST_F(Shocks, DatesBecomeTicksOfTheRunsLength) {
    const std::string text =
        "kind = \"supply_loss\"\nshare = 0.5\ngoods = [\"gallium\"]\nstart = \"2022-04\"\nend = \"2023-01\"\n";
    EXPECT_EQ(resolved(text, {"run.tick=\"quarter\""}).start_tick, 1);
    EXPECT_EQ(resolved(text, {"run.tick=\"quarter\""}).end_tick, 4);
    EXPECT_EQ(resolved(text, {"run.tick=\"week\""}).start_tick, 13);
}

TEST_F(Shocks, AtMostAllOfTheCapacityCanBeLost) {
    for (const char* share : {"1.2", "-0.1"}) {
        shock(std::string("kind = \"supply_loss\"\nshare = ") + share + "\ngoods = [\"gallium\"]\n");
        expect_one({"s.toml:8:", "error: shock.flood.share", "out of range", "at most all of the capacity can be lost",
                    "give a share between 0 and 1"});
        shock(std::string("kind = \"demand_step\"\nshare = ") + share + "\ngoods = [\"gallium\"]\n");
        EXPECT_TRUE(problems({"population.firms=100"}).empty()) << "demand may more than double, or fall";
    }
    shock("kind = \"demand_step\"\nshare = -1\ngoods = [\"gallium\"]\n");
    expect_one({"s.toml:8:", "shock.flood.share", "-1 share is below the least allowed"});
}

TEST_F(Shocks, AnEndThatIsNotAfterTheStart) {
    const std::string text = "kind = \"supply_loss\"\nshare = 0.5\ngoods = [\"gallium\"]\nstart = \"2023-05\"\n";
    for (const char* end : {"2023-04", "2023-05"}) {
        shock(text + "end = \"" + end + "\"\n");
        expect_one({"s.toml:11:", "error: shock.flood.end", "end is not after start",
                    "the shock would never take place", "give an end after 2023-05-01"});
    }
    shock(text + "end = \"2023-05-20\"\n");
    expect_one({"s.toml:11:", "shock.flood.end", "end falls into the same tick as start", "a tick is a month"});
    EXPECT_TRUE(problems({"run.tick=\"week\"", "population.firms=100"}).empty());
}

TEST_F(Shocks, UnknownNames) {
    shock("kind = \"supply_loss\"\nshare = 0.5\ngoods = [\"galium\"]\n");
    expect_one({"s.toml:9:", "error: shock.flood.goods", "unknown good 'galium'", "did you mean 'gallium'"});
    shock("kind = \"supply_loss\"\nshare = 0.5\ngoods = [\"gallium\"]\ncountries = [\"CHM\"]\n");
    expect_one({"s.toml:10:", "error: shock.flood.countries", "unknown country or group 'CHM'", "did you mean 'CHN'"});
}

TEST_F(Shocks, MissingAndMisspeltKeys) {
    shock("kind = \"supply_los\"\nshare = 0.5\ngoods = [\"gallium\"]\n");
    expect_one({"s.toml:7:", "shock.flood.kind", "did you mean 'supply_loss'"});
    shock("kind = \"supply_loss\"\ngoods = [\"gallium\"]\n");
    expect_one({"s.toml:", "shock.flood.share"});
    shock("kind = \"supply_loss\"\nshare = 0.5\n");
    expect_one({"s.toml:", "shock.flood.goods"});
    shock("kind = \"supply_loss\"\nshare = 0.5\ngoods = []\n");
    expect_one({"s.toml:9:", "shock.flood.goods"});
    shock("kind = \"supply_loss\"\nshare = 0.5\ngoods = [\"gallium\"]\ncountry = [\"CHN\"]\n");
    expect_one({"s.toml:10:1: error: shock.flood.country: unknown key",
                "known here: name, kind, share, goods, countries, start, end"});
}

TEST_F(Shocks, AnUnknownOutlook) {
    scenario("[outlook]\ndemand = \"STEP\"\n");
    expect_one({"s.toml:4:", "error: outlook.demand", "did you mean 'STEPS'"});
    scenario("[outlook]\ninvestment = \"no\"\n");
    expect_one({"s.toml:4:", "outlook.investment"});
}

}  // namespace
}  // namespace ytterby

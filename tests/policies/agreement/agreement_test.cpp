#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "policies/agreement/joint_standard.hpp"
#include "tests/laws/history.hpp"

namespace ytterby {
namespace {

/// The verbs that a scenario's policies record in each tick.
struct AgreementLog final : Observer {
    std::vector<std::vector<RecordedVerb>> ticks;
    void on_tick(const TickReport& report) override { ticks.push_back(report.regime.log().verbs()); }
    const RecordedVerb* find(std::size_t tick, const std::string& verb, const std::string& subject = "") const {
        for (const RecordedVerb& recorded : ticks.at(tick)) {
            if (recorded.policy == "club" && recorded.verb == verb &&
                recorded.subject.find(subject) != std::string::npos) {
                return &recorded;
            }
        }
        return nullptr;
    }
    /// The size of a verb that must have been recorded; throws where it was not.
    double size(std::size_t tick, const std::string& verb) const {
        const RecordedVerb* found = find(tick, verb);
        if (found == nullptr) {
            throw std::runtime_error("no verb " + verb + " in tick " + std::to_string(tick));
        }
        return found->size;
    }
};

const std::string head =
    "{kind=\"agreement\",members=[\"USA\",\"JPN\",\"AUS\"],goods=[\"gallium.refined\",\"nickel.refined\"]";

AgreementLog agreement_verbs(const std::string& keys, int ticks, std::vector<std::string> more = {}) {
    more.insert(more.end(), {"run.ticks=" + std::to_string(ticks), "run.check_laws=true", "population.firms=200",
                             "policy.gallium_licence.remove=true", "policy.club=" + keys});
    const Scenario scenario = load_scenario(shipped("gallium_control.toml"), more);
    Simulation simulation = build_simulation(scenario);
    AgreementLog verbs;
    run(scenario, simulation, verbs);
    return verbs;
}

/// Each clause uses its verbs when its key is given; without any key no verb is recorded.
TEST(Agreement, EachClauseHasAKeyOfItsOwn) {
    const std::vector<std::pair<std::string, std::vector<std::string>>> clauses = {
        {"waive_tariffs=true", {"waive_tariff"}},
        {"waive_export_controls=true", {"waive"}},
        {"guarantee_share=0.3,guarantee_below_days=3650", {"prefer"}},
        {"stockpile_days=30,stockpile_buy_limit=2,stockpile_release_below_days=0", {"purchase"}},
        {"freight_factor=0.8,freight_usd_per_year=1e6", {"freight", "spend"}},
        {"co_investment_share=0.2,co_investment_usd_per_year=1e6", {"capex_share"}},
        {"co_investment_hurdle=0.01,co_investment_usd_per_year=1e6", {"hurdle"}},
        {"permit_time_factor=0.8", {"lead_time"}},
        {"standard_ceilings={\"nickel.refined\"=1}", {"specific_tariff"}},
        {"standard_ceilings={\"nickel.refined\"=1},standard_form=\"ban\"", {"ban"}},
        {"except_investors=true", {"except_investor"}},
        {"inform_share=0.2", {"inform"}}};
    for (const auto& [keys, expected] : clauses) {
        const AgreementLog verbs = agreement_verbs(head + "," + keys + "}", 2);
        for (const std::string& verb : expected) {
            EXPECT_NE(verbs.find(1, verb), nullptr) << keys;
        }
        for (const RecordedVerb& recorded : verbs.ticks[1]) {
            EXPECT_NE(std::find(expected.begin(), expected.end(), recorded.verb), expected.end())
                << keys << " uses " << recorded.verb;
        }
    }
    EXPECT_TRUE(agreement_verbs(head + "}", 2).ticks[1].empty());
}

/// Countries join and leave by date or condition, and a founder stays; an agreement needs two members to be in force.
TEST(Agreement, CountriesJoinAndLeave) {
    const std::string clause =
        ",inform_share=0.1,accession=[{name=\"a\",countries=[\"JPN\"],from=\"2023-03\",until=\"2023-05\"},{name=\"b\","
        "countries=[\"KOR\"],when=\"price(USA, gallium.refined) > 0\",leaves_when=\"price(USA, gallium.refined) > "
        "0\"},{name=\"c\",countries=[\"EU27\"],when=\"price(USA, gallium.refined) > 1e12\"}]}";
    const AgreementLog verbs = agreement_verbs(head + clause, 6);
    for (std::size_t tick = 0; tick < 6; ++tick) {
        EXPECT_NE(verbs.find(tick, "inform", "USA"), nullptr);
        EXPECT_EQ(verbs.find(tick, "inform", "JPN") != nullptr, tick == 2 || tick == 3) << tick;
        EXPECT_EQ(verbs.find(tick, "inform", "KOR") != nullptr, tick == 0)
            << "it joins at once and leaves for good in the next tick";
        EXPECT_EQ(verbs.find(tick, "inform", "FRA"), nullptr);
    }
    const AgreementLog alone = agreement_verbs(
        "{kind=\"agreement\",members=[\"USA\"],inform_share=0.1,accession=[{name=\"a\",countries=[\"JPN\"],from=\"2023-"
        "03\",until=\"2023-05\"}]}",
        5);
    for (std::size_t tick = 0; tick < 5; ++tick) {
        EXPECT_EQ(alone.find(tick, "inform", "USA") != nullptr, tick == 2 || tick == 3)
            << "one member alone has no agreement";
    }
}

TEST(Agreement, IsInForceBetweenItsDatesAndConditions) {
    const AgreementLog dated = agreement_verbs(head + ",inform_share=0.1,start=\"2023-03\",end=\"2023-05\"}", 6);
    const AgreementLog ended = agreement_verbs(
        head +
            ",inform_share=0.1,when=\"price(USA, gallium.refined) > 0\",ends_when=\"price(USA, gallium.refined) > 0\"}",
        3);
    for (std::size_t tick = 0; tick < 6; ++tick) {
        EXPECT_EQ(dated.find(tick, "inform") != nullptr, tick == 2 || tick == 3) << tick;
    }
    EXPECT_NE(ended.find(0, "inform"), nullptr);
    EXPECT_EQ(ended.find(1, "inform"), nullptr);
    EXPECT_EQ(ended.find(2, "inform"), nullptr);
}

/// Freight falls evenly with construction, and members share the cost.
TEST(Agreement, LogisticsAreBuiltEvenlyAndPaidInShares) {
    const AgreementLog verbs =
        agreement_verbs(head + ",freight_factor=0.5,freight_months=4,freight_usd_per_year=12e6,start=\"2023-02\"}", 8);
    EXPECT_EQ(verbs.find(0, "freight"), nullptr);
    EXPECT_NEAR(verbs.size(1, "freight"), 0.875, 1e-12);
    EXPECT_NEAR(verbs.size(4, "freight"), 0.5, 1e-12);
    EXPECT_NEAR(verbs.size(7, "freight"), 0.5, 1e-12);
    double spent = 0.0;
    for (const RecordedVerb& recorded : verbs.ticks[3]) {
        spent += recorded.verb == "spend" ? recorded.size : 0.0;
    }
    EXPECT_NEAR(spent, 1e6, 1e-3);
}

/// Bad input is reported, all of it at once.
TEST(Agreement, BadInputIsReported) {
    const auto problem_of = [](const std::string& keys) -> std::string {
        try {
            load_scenario(shipped("gallium_control.toml"), std::vector<std::string>{"policy.club=" + keys});
        } catch (const InputError& problem) {
            return problem.what();
        }
        return "accepted";
    };
    const auto expect = [&](const std::string& keys, const std::string& text) {
        EXPECT_NE(problem_of(keys).find(text), std::string::npos) << problem_of(keys);
    };
    expect("{kind=\"agreement\"}", "it has no members");
    expect("{kind=\"agreement\",members=[\"USA\"]}", "one member only");
    expect("{kind=\"agreement\",members=[\"USB\",\"JPN\"],accession=[{name=\"a\",countries=[\"CAM\"]}]}",
           "unknown country or group 'USB'");
    expect("{kind=\"agreement\",members=[\"USB\",\"JPN\"],accession=[{name=\"a\",countries=[\"CAM\"]}]}",
           "unknown country or group 'CAM'");
    expect(head + ",accession=[{name=\"a\",countries=[\"KOR\"],from=\"2024-01\",until=\"2023-01\"}]}",
           "until is not after from");
    expect(head + ",accession=[{name=\"a\",countries=[\"KOR\"],from=\"2024-01-02\",until=\"2024-01-20\"}]}",
           "same tick");
    expect(head + ",accession=[{name=\"a\",countries=[\"KOR\"],when=\"price(USA, tin) > 1\"}]}", "unknown good 'tin'");
    expect(head + ",freight_factor=0.5}", "freight_usd_per_year [USD/year]: missing");
    expect(head + ",co_investment_share=0.5}", "co_investment_usd_per_year [USD/year]: missing");
    expect(head + ",standard_ceilings={\"galium\"=3}}", "unknown good 'galium'");
    // No key is ignored: one of a clause that is off names the key that switches the clause on.
    expect(head + ",guarantee_below_days=10}", "has no effect without guarantee_share");
    expect(head + ",stockpile_fill_months=10}", "has no effect without stockpile_days");
    expect(head + ",freight_months=10}", "has no effect without freight_factor");
    expect(head + ",co_investment_usd_per_year=10}", "has no effect without co_investment_share");
    expect(head + ",standard_form=\"ban\"}", "has no effect without standard_ceilings");
    expect(head + ",standard_ceilings={\"nickel.refined\"=1},standard_form=\"ban\",standard_usd_per_t_co2=5}",
           "has no effect without standard_form = \"charge\"");
    expect("{kind=\"tariff\",actor=\"USA\",goods=[\"gallium\"]}", "a tariff without a rate");
}

/// Two agreements with overlapping members and other measures give the same run in any order of the blocks.
TEST(Agreement, TheOrderOfBlocksDoesNotChangeARun) {
    std::vector<std::string> blocks = {
        "policy.a={kind=\"agreement\",members=[\"MSP\"],waive_tariffs=true,waive_export_controls=true,guarantee_share="
        "0.3,guarantee_below_days=90,stockpile_days=20,stockpile_release_below_days=50,freight_factor=0.9,freight_usd_"
        "per_year=1e7,inform_share=0.2}",
        "policy.b={kind=\"agreement\",members=[\"G7\",\"KOR\"],guarantee_share=0.1,guarantee_below_days=80,stockpile_"
        "days=10,freight_factor=0.7,freight_usd_per_year=1e7,inform_share=0.3,standard_ceilings={\"nickel.refined\"=5}"
        "}",
        "policy.c={kind=\"tariff\",actor=\"USA\",goods=[\"*\"],rate_share=0.2,rate_usd_per_t=30,start=\"2023-02\"}",
        "policy.d={kind=\"export_control\",form=\"quota\",actor=\"AUS\",goods=[\"*\"],quota_t_per_year=50000,start="
        "\"2023-03\"}"};
    std::string first;
    for (int turn = 0; turn < 4; ++turn) {
        std::vector<std::string> overrides = blocks;
        overrides.insert(overrides.end(), {"run.ticks=5", "population.firms=200", "run.check_laws=true",
                                           "run.threads=" + std::to_string(1 + turn % 3)});
        const Scenario scenario = load_scenario(shipped("gallium_control.toml"), overrides);
        Simulation simulation = build_simulation(scenario);
        AgreementLog log;
        const std::string digest = run(scenario, simulation, log).digest;
        EXPECT_EQ(digest, turn == 0 ? first = digest : first) << "turn " << turn;
        std::rotate(blocks.begin(), blocks.begin() + 1, blocks.end());
    }
}

/// Two clubs with Japan in both: a clause applies between members of one club, not between those who only share Japan,
/// and where both clubs cover a lane their clauses combine by the rule of the verb, whichever club comes first.
TEST(Agreement, OverlappingClubsAddUpAndDoNotReachThroughASharedMember) {
    struct Rules final : Observer {
        Regime last;
        void on_tick(const TickReport& report) override { last = report.regime; }
    };
    const std::string control =
        "policy.control={kind=\"export_control\",form=\"ban\",actor=\"CHN\",goods=[\"gallium.refined\"]}";
    const std::string east =
        "policy.east={kind=\"agreement\",members=[\"CHN\",\"JPN\",\"KOR\"],waive_export_controls=true,freight_factor=0."
        "5,freight_months=0,freight_usd_per_year=0,inform_share=0.2}";
    const std::string west =
        "policy.west={kind=\"agreement\",members=[\"JPN\",\"KOR\",\"USA\"],waive_export_controls=true,freight_factor=0."
        "8,freight_months=0,freight_usd_per_year=0,inform_share=0.9}";
    for (const std::vector<std::string>& order :
         {std::vector<std::string>{control, east, west}, std::vector<std::string>{west, east, control}}) {
        std::vector<std::string> overrides = order;
        overrides.insert(overrides.end(),
                         {"run.ticks=1", "population.firms=200", "policy.gallium_licence.remove=true"});
        const Scenario scenario = load_scenario(shipped("gallium_control.toml"), overrides);
        Simulation simulation = build_simulation(scenario);
        Rules rules;
        run(scenario, simulation, rules);
        const GoodId gallium = simulation.economy.good("gallium.refined");
        const auto rule = [&](const char* from, const char* to) {
            return rules.last.lanes().rule(gallium, simulation.economy.country(from), simulation.economy.country(to));
        };
        EXPECT_FALSE(rule("CHN", "JPN").closed());
        EXPECT_TRUE(rule("CHN", "USA").closed()) << "Japan belongs to both, China and the United States to one each";
        EXPECT_NEAR(rule("CHN", "JPN").freight_factor(), 0.5, 1e-9);
        EXPECT_NEAR(rule("JPN", "USA").freight_factor(), 0.8, 1e-9);
        EXPECT_NEAR(rule("JPN", "KOR").freight_factor(), 0.4, 1e-9) << "a product";
        EXPECT_EQ(rule("CHN", "USA").freight_factor(), 1.0);
        EXPECT_NEAR(rules.last.announcements().informed_share(gallium, simulation.economy.country("CHN")), 0.2, 1e-9);
        EXPECT_EQ(rules.last.announcements().informed_share(gallium, simulation.economy.country("JPN")), 1.0)
            << "a sum, at most one";
    }
}

/// The footprint of output follows the processes in the country, that of exports the origins of the stock.
TEST(JointStandard, FootprintsFollowTheProcessesAndTheOrigins) {
    const Simulation simulation = build_simulation(
        load_scenario(shipped("gallium_control.toml"), std::vector<std::string>{"population.firms=200"}));
    const Economy& economy = simulation.economy;
    const GoodId gallium = economy.good("gallium.refined");
    EXPECT_EQ(footprint_of_output(economy, simulation.world, economy.good("cobalt.ore"), economy.country("JPN")), -1.0)
        << "no mine there";
    const double china = footprint_of_output(economy, simulation.world, gallium, economy.country("CHN"));
    EXPECT_GT(china, 100.0);
    EXPECT_NEAR(footprint_of_exports(economy, simulation.world, gallium, economy.country("CHN")), china, 0.2 * china);
}

}  // namespace
}  // namespace ytterby

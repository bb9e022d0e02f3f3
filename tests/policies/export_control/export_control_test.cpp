#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <tuple>

#include "tests/laws/history.hpp"

namespace ytterby {
namespace {

/// The verbs that a scenario's policies record in each tick.
struct VerbLog final : Observer {
    std::vector<std::vector<RecordedVerb>> ticks;
    void on_tick(const TickReport& report) override { ticks.push_back(report.regime.log().verbs()); }
    const RecordedVerb* find(std::size_t tick, const std::string& verb, const std::string& subject = "") const {
        for (const RecordedVerb& recorded : ticks.at(tick)) {
            if (recorded.verb == verb && recorded.subject.find(subject) != std::string::npos) {
                return &recorded;
            }
        }
        return nullptr;
    }
    /// The size of a verb that must have been recorded; throws where it was not.
    double size(std::size_t tick, const std::string& verb, const std::string& subject = "") const {
        const RecordedVerb* found = find(tick, verb, subject);
        if (found == nullptr) {
            throw std::runtime_error("no verb " + verb + " " + subject + " in tick " + std::to_string(tick));
        }
        return found->size;
    }
};

/// A world without other measures, for the policies of the tests.
Simulation calm() {
    return build_simulation(
        load_scenario(shipped("gallium_control.toml"), {"population.firms=200", "policy.gallium_licence.remove=true"}));
}

VerbLog verbs_of(const std::string& policy, int ticks, std::vector<std::string> more = {}) {
    more.insert(more.end(), {"run.ticks=" + std::to_string(ticks), "population.firms=200",
                             "policy.gallium_licence.remove=true", "policy.p=" + policy});
    const Scenario scenario = load_scenario(shipped("gallium_control.toml"), more);
    Simulation simulation = build_simulation(scenario);
    VerbLog verbs;
    run(scenario, simulation, verbs);
    return verbs;
}

TEST(ExportControl, ABanClosesItsLanesBetweenItsDates) {
    const VerbLog verbs = verbs_of(
        "{kind=\"export_control\",form=\"ban\",actor=\"CHN\",goods=[\"gallium\"],partners=[\"JPN\",\"EU27\"],exempt=["
        "\"FRA\"],start=\"2023-03\",end=\"2023-06\"}",
        7);
    EXPECT_EQ(verbs.find(1, "ban"), nullptr);
    for (std::size_t tick = 2; tick < 5; ++tick) {
        ASSERT_NE(verbs.find(tick, "ban"), nullptr);
        EXPECT_NE(verbs.find(tick, "ban")->subject.find("JPN"), std::string::npos);
        EXPECT_EQ(verbs.find(tick, "ban")->subject.find("FRA"), std::string::npos);
        EXPECT_EQ(verbs.find(tick, "ban")->policy, "p");
    }
    EXPECT_EQ(verbs.find(5, "ban"), nullptr);
}

TEST(ExportControl, ALicenceGrantsNothingBeforeItsFirstDecisionsThenRamps) {
    const VerbLog verbs = verbs_of(
        "{kind=\"export_control\",form=\"licence\",actor=\"CHN\",goods=[\"gallium\"],start=\"2023-03\",approval_share="
        "0.5,ramp_months=2}",
        8);
    const auto ceiling = [&](std::size_t tick) { return verbs.size(tick, "cap", "CHN->JPN"); };
    EXPECT_EQ(verbs.find(1, "cap"), nullptr);
    EXPECT_EQ(ceiling(2), 0.0);
    EXPECT_EQ(ceiling(3), 0.0);  // 45 working days are two months
    const double first = ceiling(4);
    const double second = ceiling(5);
    EXPECT_GT(first, 0.0);
    // Half of the usual flow is granted, ramped in two steps.
    EXPECT_DOUBLE_EQ(second, 2.0 * first);
    EXPECT_DOUBLE_EQ(ceiling(7), second) << "it stays at half of the usual flow, whatever buyers would pay";
}

TEST(ExportControl, ALicenceOlderThanTheRunHasDecisionsPending) {
    const VerbLog verbs = verbs_of(
        "{kind=\"export_control\",form=\"licence\",actor=\"CHN\",goods=[\"gallium\"],approval_share=0."
        "75}",
        2);
    const RecordedVerb* cap = verbs.find(0, "cap", "CHN->JPN");
    ASSERT_NE(cap, nullptr);
    EXPECT_NEAR(cap->size / base_flow(calm().economy, "gallium.refined", "CHN", "JPN"), 0.75, 1e-9)
        << "three quarters of the usual flow";
}

/// However much buyers would pay under a tight licence, the ceiling is its share of the usual flow.
TEST(ExportControl, ALicenceGrantsItsShareOfTheUsualFlow) {
    const VerbLog verbs = verbs_of(
        "{kind=\"export_control\",form=\"licence\",actor=\"CHN\",goods=[\"gallium\"],start=\"2023-02\",approval_share="
        "0.2}",
        24);
    const double most = 0.2 * base_flow(calm().economy, "gallium.refined", "CHN", "JPN");
    double highest = 0.0;
    for (std::size_t tick = 1; tick < 24; ++tick) {
        const double granted = verbs.size(tick, "cap", "CHN->JPN");
        EXPECT_LE(granted, most * (1.0 + 1e-6)) << tick;
        highest = std::max(highest, granted);
    }
    EXPECT_NEAR(highest / most, 1.0, 1e-6);
}

TEST(ExportControl, ALicenceDecidedAtOnceHasNoPause) {
    const VerbLog verbs = verbs_of(
        "{kind=\"export_control\",form=\"licence\",actor=\"CHN\",goods=[\"gallium\"],start=\"2023-03\",processing_"
        "working_days=0}",
        4);
    EXPECT_GT(verbs.size(2, "cap", "CHN->JPN"), 0.0);
}

/// A licence that began a month before the run decides in the run's second month, and not before.
TEST(ExportControl, ALicenceJustBeforeTheRunHasNoDecisionsYet) {
    const VerbLog verbs =
        verbs_of("{kind=\"export_control\",form=\"licence\",actor=\"CHN\",goods=[\"gallium\"],start=\"2022-12\"}", 3);
    EXPECT_EQ(verbs.size(0, "cap", "CHN->JPN"), 0.0);
    EXPECT_GT(verbs.size(1, "cap", "CHN->JPN"), 0.0);
}

TEST(ExportControl, AQuotaCarriesOverWithinTheYearOnly) {
    const VerbLog verbs = verbs_of(
        "{kind=\"export_control\",form=\"quota\",actor=\"CHN\",goods=[\"gallium\"],start=\"2023-07\",quota_t_per_year="
        "1e6}",
        14);
    // Far from binding: released tonnes pile up to the end of the year, less what was shipped.
    const auto room = [&](std::size_t tick) { return verbs.size(tick, "shared_cap"); };
    EXPECT_EQ(verbs.find(5, "shared_cap"), nullptr);
    EXPECT_NEAR(room(6), 1e6 / 12.0, 1e-6);
    EXPECT_GT(room(11), 5.9 * 1e6 / 12.0);
    EXPECT_LT(room(11), 6.0 * 1e6 / 12.0) << "less the tonnes used";
    EXPECT_NEAR(room(12), 1e6 / 12.0, 1e-6) << "a new year, a new ledger";
}

/// A calendar year may hold 53 weeks; it still releases one quota.
TEST(ExportControl, AQuotaOfWeeksReleasesNoMoreThanItsYear) {
    const Scenario scenario = load_scenario(
        shipped("gallium_control.toml"),
        {"run.tick=\"week\"", "run.start=\"2023-01-01\"", "run.ticks=54", "population.firms=200",
         "policy.gallium_licence.remove=true",
         "policy.p={kind=\"export_control\",form=\"quota\",actor=\"CHN\",goods=[\"gallium\"],quota_t_per_year=1e6}"});
    Simulation simulation = build_simulation(scenario);
    VerbLog verbs;
    run(scenario, simulation, verbs);
    EXPECT_EQ(scenario.calendar.date_of(52), (Date{2023, 12, 31})) << "the 53rd week of 2023";
    EXPECT_GT(verbs.size(51, "shared_cap"), 0.99e6);
    EXPECT_LE(verbs.size(52, "shared_cap"), 1e6);
    EXPECT_NEAR(verbs.size(53, "shared_cap"), 1e6 / scenario.calendar.ticks_per_year(), 1e-6);
}

/// Tonnes released but not used remain available until December.
TEST(ExportControl, UnusedTonnesOfAQuotaCarryOverExactly) {
    const Scenario scenario = load_scenario(
        shipped("gallium_control.toml"),
        {"run.ticks=12", "population.firms=200", "policy.gallium_licence.remove=true",
         "policy.p={kind=\"export_control\",form=\"quota\",actor=\"CHN\",goods=[\"gallium\"],quota_t_per_year=3000}"});
    struct Ledger final : Observer {
        double used = 0.0;
        void on_tick(const TickReport& report) override {
            ASSERT_EQ(report.regime.lanes().shared_limits().size(), 1U);
            EXPECT_NEAR(report.regime.lanes().shared_limits().front().cap_t,
                        250.0 * static_cast<double>(report.tick + 1) - used, 1e-6);
            const GoodLanes& book = report.economy.network.goods[report.economy.good("gallium.refined").index()];
            for (std::size_t number = 0; number < book.lanes.size(); ++number) {
                used += book.lanes[number].origin == report.economy.country("CHN")
                            ? report.trades.lanes[book.first_lane + number].tonnes
                            : 0.0;
            }
        }
    } ledger;
    Simulation simulation = build_simulation(scenario);
    run(scenario, simulation, ledger);
    EXPECT_GT(ledger.used, 50.0);
}

TEST(ExportControl, ABanLeaksItsShare) {
    const VerbLog verbs = verbs_of(
        "{kind=\"export_control\",form=\"ban\",actor=\"CHN\",goods=[\"gallium\"],leak_share=0.15,leak_risk_share=0.3,"
        "leak_"
        "dates=[\"2023-02\"],leak_shares=[0.3]}",
        2);
    const double usual = base_flow(calm().economy, "gallium.refined", "CHN", "JPN");
    EXPECT_NEAR(verbs.size(0, "leak", "CHN->JPN"), 0.15 * usual, 1e-9 * usual) << "the most that leaks";
    EXPECT_NEAR(verbs.size(1, "leak", "CHN->JPN"), 0.3 * usual, 1e-9 * usual);
}

/// A licence tightens and loosens by dated steps; a step inside a month acts on the rest of it.
TEST(ExportControl, ALicenceTightensAndLoosensByDates) {
    const VerbLog verbs = verbs_of(
        "{kind=\"export_control\",form=\"licence\",actor=\"CHN\",goods=[\"gallium\"],approval_share=0.8,step_dates=["
        "\"2023-03-16\",\"2023-06\"],step_shares=[0.2,1.5]}",
        7);
    const double usual = base_flow(calm().economy, "gallium.refined", "CHN", "JPN");
    const auto share = [&](std::size_t tick) { return verbs.size(tick, "cap", "CHN->JPN") / usual; };
    EXPECT_NEAR(share(1), 0.8, 1e-9);
    EXPECT_NEAR(share(2), 0.8 * 15.0 / 31.0 + 0.2 * 16.0 / 31.0, 1e-9) << "half of March";
    EXPECT_NEAR(share(4), 0.2, 1e-9);
    EXPECT_NEAR(share(5), 1.5, 1e-9) << "more than flowed before";
}

/// What buyers of one country may no longer have is granted to those of others, from where it may go on.
TEST(ExportControl, ALicencePassesOnWhatAClosedLaneLeaves) {
    const Simulation simulation = calm();
    const auto granted = [&](std::vector<std::string> more) {
        more.insert(more.end(),
                    {"run.ticks=6", "population.firms=200", "policy.gallium_licence.remove=true",
                     "policy.p={kind=\"export_control\",form=\"licence\",actor=\"CHN\",goods=[\"gallium\"],approval_"
                     "share=0.9}"});
        const Scenario scenario = load_scenario(shipped("gallium_control.toml"), more);
        Simulation run_of = build_simulation(scenario);
        VerbLog verbs;
        run(scenario, run_of, verbs);
        return verbs.size(5, "cap", "CHN->JPN") / base_flow(run_of.economy, "gallium.refined", "CHN", "JPN");
    };
    EXPECT_NEAR(granted({}), 0.9, 1e-9);
    const double more =
        granted({"policy.q={kind=\"export_control\",form=\"ban\",actor=\"CHN\",goods=[\"gallium\"],"
                 "partners=[\"KOR\"],start=\"2023-02\"}"});
    double all = 0.0;
    const GoodLanes& book = lanes_of(simulation.economy, "gallium.refined");
    for (const std::size_t lane : lanes_from(simulation.economy, "gallium.refined", "CHN")) {
        all += book.lanes[lane - book.first_lane].base_flow_t;
    }
    const double shut = base_flow(simulation.economy, "gallium.refined", "CHN", "KOR");
    EXPECT_GT(shut, 0.0);
    EXPECT_NEAR(more, 0.9 * all / (all - shut), 1e-6) << "the tonnes of all together stay";
}

/// A measure that starts or ends inside a tick acts on that part of it, in months and in weeks.
TEST(ExportControl, PartsOfATickCount) {
    const Simulation simulation = calm();
    const double usual = base_flow(simulation.economy, "gallium.refined", "CHN", "JPN");
    const VerbLog ban = verbs_of(
        "{kind=\"export_control\",form=\"ban\",actor=\"CHN\",goods=[\"gallium\"],start=\"2023-03-16\",end=\"2023-05-"
        "11\"}",
        6);
    EXPECT_EQ(ban.find(2, "ban"), nullptr);
    EXPECT_NEAR(ban.size(2, "cap", "CHN->JPN"), usual * 15.0 / 31.0, 1e-6 * usual) << "1 to 15 March";
    EXPECT_NE(ban.find(3, "ban"), nullptr);
    EXPECT_NEAR(ban.size(4, "cap", "CHN->JPN"), usual * 21.0 / 31.0, 1e-6 * usual) << "11 to 31 May";
    EXPECT_EQ(ban.find(5, "cap"), nullptr);
    const VerbLog licence = verbs_of(
        "{kind=\"export_control\",form=\"licence\",actor=\"CHN\",goods=[\"gallium\"],start=\"2023-03-16\",approval_"
        "share=0.5,processing_working_days=22}",
        6);
    EXPECT_NEAR(licence.size(2, "cap", "CHN->JPN"), usual * 15.0 / 31.0, 1e-6 * usual);
    EXPECT_NEAR(licence.size(3, "cap", "CHN->JPN"), 0.5 * usual * 16.0 / 31.0, 1e-6 * usual) << "a month later";
    EXPECT_NEAR(licence.size(4, "cap", "CHN->JPN"), 0.5 * usual, 1e-6 * usual);
    const VerbLog duty = verbs_of(
        "{kind=\"export_control\",form=\"duty\",actor=\"CHN\",goods=[\"gallium\"],start=\"2023-03-16\",duty_share=0."
        "31}",
        4);
    EXPECT_NEAR(duty.size(2, "export_duty"), 0.16, 1e-12);
    EXPECT_EQ(duty.size(3, "export_duty"), 0.31);
    const VerbLog quota = verbs_of(
        "{kind=\"export_control\",form=\"quota\",actor=\"CHN\",goods=[\"gallium\"],start=\"2023-03-16\",quota_t_per_"
        "year="
        "12,reserve_share=0}",
        5);
    double all = 0.0;
    for (const std::size_t lane : lanes_from(simulation.economy, "gallium.refined", "CHN")) {
        all += lanes_of(simulation.economy, "gallium.refined")
                   .lanes[lane - lanes_of(simulation.economy, "gallium.refined").first_lane]
                   .base_flow_t;
    }
    EXPECT_NEAR(quota.size(2, "shared_cap"), all * 15.0 / 31.0 + 16.0 / 31.0, 1e-6 * all);
    EXPECT_NEAR(quota.size(3, "shared_cap"), 1.0, 1e-6) << "the days before are not counted against it";
    const VerbLog weeks = verbs_of(
        "{kind=\"export_control\",form=\"duty\",actor=\"CHN\",goods=[\"gallium\"],start=\"2023-01-12\",duty_share=0.7}",
        4, {"run.tick=\"week\"", "run.start=\"2023-01-02\""});
    EXPECT_EQ(weeks.find(0, "export_duty"), nullptr);
    EXPECT_NEAR(weeks.size(1, "export_duty"), 0.4, 1e-12) << "four days of seven";
    EXPECT_EQ(weeks.size(2, "export_duty"), 0.7);
}

TEST(ExportControl, ComplianceCostIsAFriction) {
    const VerbLog verbs = verbs_of(
        "{kind=\"export_control\",form=\"licence\",actor=\"CHN\",goods=[\"gallium\"],start=\"2023-02\",compliance_usd_"
        "per_t=700}",
        2);
    EXPECT_EQ(verbs.find(0, "friction"), nullptr);
    EXPECT_EQ(verbs.size(1, "friction"), 700.0);
}

TEST(ExportControl, ADutyIsAnExportDuty) {
    const VerbLog verbs = verbs_of(
        "{kind=\"export_control\",form=\"duty\",actor=\"COD\",goods=[\"cobalt.ore\"],start=\"2023-02\",duty_share=0.1}",
        3);
    EXPECT_EQ(verbs.find(0, "export_duty"), nullptr);
    EXPECT_EQ(verbs.size(1, "export_duty"), 0.1);
}

TEST(ExportControl, AnAnnouncementLastsUntilTheStart) {
    const VerbLog verbs = verbs_of(
        "{kind=\"export_control\",form=\"ban\",actor=\"CHN\",goods=[\"gallium\"],announced=\"2023-02\",start=\"2023-"
        "05\"}",
        6);
    EXPECT_EQ(verbs.find(0, "announce"), nullptr);
    for (std::size_t tick = 1; tick < 4; ++tick) {
        EXPECT_NE(verbs.find(tick, "announce"), nullptr) << tick;
    }
    EXPECT_EQ(verbs.find(4, "announce"), nullptr);
    EXPECT_NE(verbs.find(4, "ban"), nullptr);
}

TEST(ExportControl, WithoutLatchingAMeasureLapsesWithItsCondition) {
    const char* condition = "price(JPN, gallium.refined) > 500e3";
    const auto months = [&](const char* latch) {
        const Scenario scenario =
            load_scenario(shipped("gallium_control.toml"),
                          {"run.ticks=30", "population.firms=200", "policy.gallium_licence.end=\"2023-12\"",
                           std::string("policy.p={kind=\"export_control\",form=\"duty\",actor=\"RUS\",goods=["
                                       "\"gallium\"],duty_share=0.2,latch=") +
                               latch + ",when=\"" + condition + "\"}"});
        Simulation simulation = build_simulation(scenario);
        VerbLog verbs;
        run(scenario, simulation, verbs);
        int count = 0;
        for (std::size_t tick = 0; tick < 30; ++tick) {
            count += verbs.find(tick, "export_duty") != nullptr ? 1 : 0;
        }
        return std::pair(count, verbs.find(29, "export_duty") != nullptr);
    };
    const auto [latched, still] = months("true");
    const auto [lapsing, gone] = months("false");
    EXPECT_TRUE(still);
    EXPECT_FALSE(gone);
    EXPECT_GT(lapsing, 0);
    EXPECT_GT(latched, lapsing);
}

/// An announcement contains the share of exports that traders expect to lose, by form.
TEST(ExportControl, AnAnnouncementContainsTheAffectedShare) {
    const Simulation simulation = calm();
    const auto share = [&](const std::string& form) {
        const Scenario scenario =
            load_scenario(shipped("gallium_control.toml"), {"policy.gallium_licence.remove=true",
                                                            "policy.p={kind=\"export_control\",actor=\"CHN\",goods=["
                                                            "\"gallium\"],announced=\"2023-01\",start=\"2023-05\"," +
                                                                form + "}"});
        const Regime regime = govern(simulation.economy, simulation.world, scenario.calendar, scenario.policies);
        EXPECT_EQ(regime.announcements().measures().size(), 1U);
        return regime.announcements().measures().front().announcement.affected_share;
    };
    EXPECT_DOUBLE_EQ(share("form=\"ban\",leak_share=0.1"), 0.9);
    EXPECT_DOUBLE_EQ(share("form=\"licence\",approval_share=0.3"), 0.7);
    EXPECT_DOUBLE_EQ(share("form=\"quota\",quota_t_per_year=0"), 1.0);
    EXPECT_DOUBLE_EQ(share("form=\"quota\",quota_t_per_year=1e9"), 0.0);
    const double half = share("form=\"quota\",quota_t_per_year=30");
    EXPECT_GT(half, 0.0);
    EXPECT_LT(half, 1.0);
}

TEST(ExportControl, AFormNeedsItsOwnKey) {
    const auto error = [](const std::string& form) -> std::string {
        try {
            load_scenario(shipped("gallium_control.toml"),
                          {"policy.p={kind=\"export_control\",actor=\"CHN\",goods=[\"gallium\"]," + form + "}"});
        } catch (const InputError& problem) {
            EXPECT_EQ(problem.problems().count(), 1U) << problem.what();
            return problem.what();
        }
        return "";
    };
    EXPECT_NE(error("form=\"quota\"").find("policy.p.quota_t_per_year [t/year]: missing"), std::string::npos);
    EXPECT_NE(error("form=\"duty\"").find("policy.p.duty_share [share of FOB value]: missing"), std::string::npos);
    EXPECT_NE(error("form=\"embargo\"").find("embargo"), std::string::npos);
    EXPECT_NE(error("form=\"licence\",approval_share=1.01").find("above the most allowed"), std::string::npos);
}

/// A key of another form, or of a clause that is off, is refused with the form or clause that it belongs to.
TEST(ExportControl, NoKeyIsIgnored) {
    const auto error = [](const std::string& block) -> std::string {
        try {
            load_scenario(shipped("gallium_control.toml"),
                          {"policy.p={kind=\"export_control\",actor=\"CHN\",goods=[\"gallium\"]," + block + "}"});
        } catch (const InputError& problem) {
            EXPECT_EQ(problem.problems().count(), 1U) << problem.what();
            return problem.what();
        }
        return "";
    };
    const std::string ban = "form=\"ban\"";
    const std::string quota = "form=\"quota\",quota_t_per_year=10";
    const std::string licence = "form=\"licence\"";
    const std::string duty = "form=\"duty\",duty_share=0.1";
    struct Stray {
        std::string block;
        std::string says;
    };
    for (const Stray& stray :
         {Stray{ban + ",duty_share=0.1", "it is a key of form duty"},
          Stray{ban + ",quota_t_per_year=10", "it is a key of form quota"},
          Stray{ban + ",ramp_months=3", "write form = \"licence\""},
          Stray{ban + ",compliance_usd_per_t=3", "it is a key of form licence, quota"},
          Stray{quota + ",approval_share=0.3", "it is a key of form licence"},
          Stray{quota + ",leak_share=0.3", "it is a key of form ban"},
          Stray{licence + ",reserve_share=0.3", "it is a key of form quota"},
          Stray{duty + ",rent_to=\"treasury\"", "it is a key of form licence, quota"},
          Stray{duty + ",belief=0.5", "traders do not act ahead of a duty"},
          Stray{ban + ",belief=0.5", "has no effect without announced"},
          Stray{ban + ",leak_risk_share=0.5", "has no effect without leak_share"},
          Stray{ban + ",leak_share=0.1,leak_premium_usd_per_t=5", "write leak_risk_share"},
          Stray{licence + ",application_ceiling=1.5", "the old approval_share x application_ceiling"},
          Stray{licence + ",step_shares=[0.5]", "has no effect without step_dates"},
          Stray{ban + ",latch=false", "has no effect without when"},
          Stray{quota + ",reserve_months=5", "has no effect without reserve_share"},
          Stray{ban + ",colour=1", "unknown key"}}) {
        EXPECT_NE(error(stray.block).find(stray.says), std::string::npos) << stray.block << "\n" << error(stray.block);
    }
    for (const std::string& sound : {ban, quota, licence, duty}) {
        EXPECT_EQ(error(sound), "");
    }
}

/// Traders behind a quota know which share of usual exports may leave, and how long they expect it to last.
TEST(ExportControl, AQuotaShapesBeliefs) {
    const Simulation simulation = calm();
    const auto rule = [&](const std::string& tonnes) {
        const Scenario scenario = load_scenario(shipped("gallium_control.toml"),
                                                {"policy.gallium_licence.remove=true",
                                                 "policy.p={kind=\"export_control\",form=\"quota\",actor=\"CHN\",goods="
                                                 "[\"gallium\"],expected_months=36,quota_t_per_year=" +
                                                     tonnes + "}"});
        const Regime regime = govern(simulation.economy, simulation.world, scenario.calendar, scenario.policies);
        return regime.lanes().rule(simulation.economy.good("gallium.refined"), simulation.economy.country("CHN"),
                                   simulation.economy.country("JPN"));
    };
    EXPECT_EQ(rule("0").believed_open_share(), 0.0);
    EXPECT_EQ(rule("1e6").believed_open_share(), 1.0);
    EXPECT_EQ(rule("1e6").believed_months(), 36.0);
    const double half = rule("47").believed_open_share();
    EXPECT_GT(half, 0.1);
    EXPECT_LT(half, 0.9);
}

/// A re-export clause limits the actor's metal on its way through third countries, and only there.
TEST(ExportControl, AClauseLimitsThirdCountries) {
    const Simulation simulation = calm();
    const auto govern_with = [&](const char* clause) {
        const Scenario scenario = load_scenario(
            shipped("gallium_control.toml"),
            {"policy.gallium_licence.remove=true", std::string("policy.p={kind=\"export_control\",form=\"ban\",actor="
                                                               "\"CHN\",goods=[\"gallium\"],partners=[\"USA\"]") +
                                                       clause + "}"});
        return govern(simulation.economy, simulation.world, scenario.calendar, scenario.policies);
    };
    const GoodId gallium = simulation.economy.good("gallium.refined");
    const auto lane = [&](const Regime& regime, const char* from, const char* to) {
        return regime.lanes().rule(gallium, simulation.economy.country(from), simulation.economy.country(to));
    };
    const Regime without = govern_with("");
    EXPECT_TRUE(without.lanes().origin_limits().empty());
    EXPECT_TRUE(std::isinf(lane(without, "JPN", "USA").cap_t()));
    const Regime half = govern_with(",reexport_clause=true,enforcement_share=0.5");
    const Regime full = govern_with(",reexport_clause=true,enforcement_share=1");
    ASSERT_EQ(half.lanes().origin_limits().size(), 1U);
    EXPECT_LT(lane(full, "JPN", "USA").cap_t(), lane(half, "JPN", "USA").cap_t());
    EXPECT_GT(lane(half, "JPN", "USA").friction_usd_per_t(), 0.0) << "evasion has a risk";
    EXPECT_EQ(lane(full, "JPN", "USA").friction_usd_per_t(), 0.0) << "no evasion";
    EXPECT_TRUE(std::isinf(lane(full, "JPN", "DEU").cap_t())) << "Germany is no partner";
    EXPECT_TRUE(std::isinf(lane(full, "USA", "JPN").cap_t()));
    EXPECT_TRUE(lane(full, "CHN", "USA").closed());
}

TEST(ExportControl, EnforcementNeedsAClause) {
    try {
        load_scenario(shipped("gallium_control.toml"), {"policy.p={kind=\"export_control\",form=\"ban\",actor=\"CHN\","
                                                        "goods=[\"gallium\"],enforcement_share=0.9}"});
        FAIL() << "accepted";
    } catch (const InputError& problem) {
        EXPECT_NE(std::string(problem.what()).find("has no effect without reexport_clause"), std::string::npos)
            << problem.what();
    }
}

/// Every lane's rule, every shared limit and every recorded verb are the same in any order of the blocks.
TEST(ExportControl, TheOrderOfBlocksDoesNotChangeTheRegime) {
    Scenario scenario = load_scenario(
        shipped("gallium_control.toml"),
        {"population.firms=200",
         "policy.a={kind=\"export_control\",form=\"licence\",actor=\"CHN\",goods=[\"*\"],approval_share=0.7}",
         "policy.b={kind=\"export_control\",form=\"ban\",actor=\"CHN\",goods=[\"gallium\",\"cerium\"],partners=["
         "\"JPN\",\"G7\"],leak_share=0.1,leak_risk_share=0.9}",
         "policy.c={kind=\"export_control\",form=\"ban\",actor=\"CHN\",goods=[\"gallium\"],leak_share=0.2,leak_risk_"
         "share=0.1}",
         "policy.d={kind=\"export_control\",form=\"duty\",actor=\"CHN\",goods=[\"gallium\"],duty_share=0.1}",
         "policy.e={kind=\"export_control\",form=\"duty\",actor=\"CHN\",goods=[\"*\"],duty_share=0.07}",
         "policy.f={kind=\"export_control\",form=\"quota\",actor=\"CHN\",goods=[\"cerium\",\"lanthanum\"],quota_t_per_"
         "year=9000,compliance_usd_per_t=0.3}",
         "policy.g={kind=\"export_control\",form=\"quota\",actor=\"CHN\",goods=[\"cerium\"],quota_t_per_year=9000,"
         "compliance_usd_per_t=0.1,rent_to=\"treasury\"}",
         "policy.h={kind=\"export_control\",form=\"licence\",actor=\"CHN\",goods=[\"gallium\"],approval_share=0.7,rent_"
         "to=\"treasury\"}"});
    const Simulation simulation = calm();
    const auto rules = [&] {
        return govern(simulation.economy, simulation.world, scenario.calendar, scenario.policies);
    };
    const auto by_name = [](const auto& a, const auto& b) { return a->name() < b->name(); };
    std::sort(scenario.policies.begin(), scenario.policies.end(), by_name);
    const Regime first = rules();
    for (int turn = 0; turn < 24; ++turn) {
        std::rotate(scenario.policies.begin(), scenario.policies.begin() + 1 + turn % 5, scenario.policies.end());
        std::swap(scenario.policies[0], scenario.policies[static_cast<std::size_t>(1 + turn % 7)]);
        const Regime other = rules();
        for (std::size_t good = 0; good < simulation.economy.goods.size(); ++good) {
            for (std::size_t j = 0; j < simulation.economy.countries.size(); ++j) {
                const LaneRule& a =
                    first.lanes().rule(id_at<GoodId>(good), simulation.economy.country("CHN"), id_at<CountryId>(j));
                const LaneRule& b =
                    other.lanes().rule(id_at<GoodId>(good), simulation.economy.country("CHN"), id_at<CountryId>(j));
                ASSERT_TRUE(a == b);
            }
        }
        ASSERT_EQ(other.lanes().shared_limits().size(), 2U);
        for (std::size_t limit = 0; limit < 2; ++limit) {
            EXPECT_EQ(other.lanes().shared_limits()[limit].policy, first.lanes().shared_limits()[limit].policy);
            EXPECT_EQ(other.lanes().shared_limits()[limit].cap_t, first.lanes().shared_limits()[limit].cap_t);
        }
        EXPECT_EQ(other.memories(), first.memories());
        ASSERT_EQ(other.log().verbs().size(), first.log().verbs().size());
        for (std::size_t word = 0; word < first.log().verbs().size(); ++word) {
            EXPECT_EQ(
                other.log().verbs()[word].policy + other.log().verbs()[word].verb + other.log().verbs()[word].subject,
                first.log().verbs()[word].policy + first.log().verbs()[word].verb + first.log().verbs()[word].subject);
            EXPECT_EQ(other.log().verbs()[word].size, first.log().verbs()[word].size);
        }
    }
}

/// A measure that lapses and returns starts anew: licences have to be applied for again.
TEST(ExportControl, ALicenceThatReturnsStartsWithItsPause) {
    const Scenario scenario = load_scenario(shipped("gallium_control.toml"),
                                            {"policy.gallium_licence.remove=true",
                                             "policy.p={kind=\"export_control\",form=\"licence\",actor=\"CHN\",goods=["
                                             "\"gallium\"],latch=false,when=\"price(USA, gallium.refined) > 1e9\"}"});
    Simulation simulation = calm();
    World& world = simulation.world;
    const std::size_t node =
        simulation.economy.network.node(simulation.economy.good("gallium.refined"), simulation.economy.country("USA"))
            .index();
    std::string pattern;
    for (const bool expensive : {true, true, true, false, true, true, true}) {
        world.nodes.use_price[node] = expensive ? 2e9 : 1.0;
        const Regime regime = govern(simulation.economy, world, scenario.calendar, scenario.policies);
        const double cap = regime.lanes()
                               .rule(simulation.economy.good("gallium.refined"), simulation.economy.country("CHN"),
                                     simulation.economy.country("JPN"))
                               .cap_t();
        pattern += cap == 0.0 ? "0" : std::isinf(cap) ? "-" : "+";
        commit_memories(regime.memories(), world);
        ++world.tick;
    }
    EXPECT_EQ(pattern, "00+-00+");
}

}  // namespace
}  // namespace ytterby

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/check.hpp"
#include "tests/laws/history.hpp"

namespace ytterby {
namespace {

/// Verbs that a scenario's policies recorded in each tick, and the books of the subsidy p after it.
struct SubsidyBooks final : Observer {
    std::vector<std::vector<RecordedVerb>> said;
    std::vector<double> paid, claimed, arrears, clawed_back, treasury, queued, left, refused;
    void on_tick(const TickReport& report) override {
        said.push_back(report.regime.log().verbs());
        SupportLedger last;
        if (const auto found = report.world.support.find("p"); found != report.world.support.end()) {
            last = found->second;
        }
        claimed.push_back(std::accumulate(last.claimed_usd.begin(), last.claimed_usd.end(), last.buyers_usd));
        paid.push_back(std::accumulate(last.paid_usd.begin(), last.paid_usd.end(), last.buyers_usd + last.arrears_usd));
        arrears.push_back(last.arrears_usd);
        clawed_back.push_back(last.clawed_back_usd);
        const auto balances = report.world.treasury.find("p");
        treasury.push_back(balances == report.world.treasury.end()
                               ? 0.0
                               : std::accumulate(balances->second.begin(), balances->second.end(), 0.0));
        const auto memory = report.world.memory.find("p");
        const std::vector<double> nothing(3, 0.0);
        const std::vector<double>& account = memory != report.world.memory.end() && memory->second.contains("account")
                                                 ? memory->second.at("account")
                                                 : nothing;
        queued.push_back(account[0]);
        left.push_back(account[1]);
        refused.push_back(account[2]);
    }
    const RecordedVerb* find(std::size_t tick, const std::string& verb, const std::string& subject = "") const {
        for (const RecordedVerb& one : said.at(tick)) {
            if (one.verb == verb && one.subject.find(subject) != std::string::npos) {
                return &one;
            }
        }
        return nullptr;
    }
    static double sum(const std::vector<double>& column) { return std::accumulate(column.begin(), column.end(), 0.0); }
};

SubsidyBooks books_of(const std::string& policy, int ticks, std::vector<std::string> more = {}) {
    more.insert(more.end(), {"run.ticks=" + std::to_string(ticks), "run.check_laws=true", "population.firms=200",
                             "policy.p={kind=\"subsidy\",actor=\"USA\"," + policy + "}"});
    const Scenario scenario = load_scenario(shipped("baseline.toml"), more);
    Simulation simulation = build_simulation(scenario);
    SubsidyBooks books;
    run(scenario, simulation, books);
    return books;
}

/// Each form uses its verb between its dates, and its payments are booked on its account to the cent.
TEST(Subsidy, EachFormUsesItsVerbAndPays) {
    const std::vector<std::pair<std::string, std::string>> forms{
        {"form=\"capex_grant\",goods=[\"ndpr.refined\",\"lithium.refined\"],capex_share=0.5", "capex_share"},
        {"form=\"production_credit\",goods=[\"ndpr.refined\"],credit_usd_per_t=5000", "support"},
        {"form=\"production_credit\",goods=[\"ndpr.refined\"],credit_price_share=0.1", "support_share"},
        {"form=\"production_credit\",goods=[\"ndpr.refined\"],credit_cost_share=0.1", "support"},
        {"form=\"recycling_grant\",goods=[\"nickel.refined\"],scrap_usd_per_t=2000", "scrap_support"},
        {"form=\"loan_guarantee\",goods=[\"lithium.refined\",\"ndpr.refined\"]", "hurdle"},
        {"form=\"demand_credit\",goods=[\"nickel.refined\"],credit_usd_per_t=500,excluded_origins=[\"CHN\",\"RUS\"]",
         "buyer_credit"}};
    for (const auto& [form, verb] : forms) {
        const SubsidyBooks books = books_of(form + ",start=\"2024-03\",end=\"2024-07\"", 8);
        EXPECT_EQ(books.find(1, verb), nullptr) << form;
        for (std::size_t tick = 2; tick < 6; ++tick) {
            EXPECT_NE(books.find(tick, verb), nullptr) << form;
        }
        EXPECT_EQ(books.find(6, verb), nullptr) << form;
        EXPECT_GT(SubsidyBooks::sum(books.paid), 0.0) << form;
        EXPECT_NEAR(books.treasury.back(), -SubsidyBooks::sum(books.paid), 1e-6 * SubsidyBooks::sum(books.paid))
            << form;
        EXPECT_EQ(books.paid[1], 0.0) << form;
        EXPECT_NEAR(books.paid[7], 0.0, 1.0) << form;
    }
}

/// Claims beyond the year's budget are queued and paid first in the next year; nothing beyond the total is paid.
TEST(Subsidy, ClaimsBeyondTheYearsBudgetAreQueuedAndPaidFirst) {
    const std::string credit =
        "form=\"production_credit\",goods=[\"ndpr.refined\"],credit_usd_per_t=5000,start=\"2024-01\"";
    const SubsidyBooks rich = books_of(credit, 14);
    const double month = rich.claimed[0];
    ASSERT_GT(month, 0.0);
    EXPECT_EQ(rich.queued.back(), 0.0);
    const double year = 6.5 * month;
    const double total = 11.0 * month;
    const SubsidyBooks poor =
        books_of(credit + ",budget_usd_per_year=" + std::to_string(year) + ",budget_usd=" + std::to_string(total), 16);
    double first_year = 0.0;
    for (std::size_t tick = 0; tick < 12; ++tick) {
        first_year += poor.paid[tick];
    }
    EXPECT_NEAR(first_year, year, 1e-6 * year);
    EXPECT_GT(poor.queued[11], 2.0 * month);
    EXPECT_GT(poor.arrears[12], 2.0 * month) << "queued claims come first in January";
    EXPECT_LE(SubsidyBooks::sum(poor.paid), total * (1.0 + 1e-9));
    EXPECT_GT(poor.refused.back(), 0.0) << "claims beyond the total are not queued";
    EXPECT_EQ(poor.find(15, "support"), nullptr) << "a programme whose budget is committed is closed";
}

/// In the last three years of a phase-out over three: three quarters, a half, a quarter.
TEST(Subsidy, APhaseOutFallsInYearlySteps) {
    const SubsidyBooks books = books_of(
        "form=\"production_credit\",goods=[\"ndpr.refined\"],credit_usd_per_t=1000,end=\"2028-01\",phase_out_years=3",
        50);
    const auto rate = [&](std::size_t tick) { return books.find(tick, "support")->size; };
    EXPECT_EQ(rate(11), 1000.0);
    EXPECT_EQ(rate(12), 750.0);
    EXPECT_EQ(rate(24), 500.0);
    EXPECT_EQ(rate(47), 250.0);
    EXPECT_EQ(books.find(48, "support"), nullptr);
}

TEST(Subsidy, PaysAbroadWhereTheBeneficiariesAre) {
    const SubsidyBooks books = books_of(
        "form=\"capex_grant\",beneficiaries=[\"CAN\",\"AUS\"],goods=[\"*\"],processes=[\"mining\"],capex_share=0.3", 3);
    ASSERT_NE(books.find(0, "capex_share"), nullptr);
    EXPECT_EQ(books.find(0, "capex_share")->subject.find("USA"), std::string::npos);
    EXPECT_GT(books.paid[1], 0.0);
}

/// A condition on indicators puts it in force, as any measure.
TEST(Subsidy, WaitsForItsCondition) {
    const std::string form = "form=\"production_credit\",goods=[\"ndpr.refined\"],credit_usd_per_t=1000,when=";
    EXPECT_EQ(books_of(form + "\"import_reliance(USA, gallium.refined) > 2\"", 3).find(2, "support"), nullptr);
    EXPECT_NE(books_of(form + "\"import_reliance(USA, gallium.refined) > 0.1\"", 3).find(2, "support"), nullptr);
}

std::string problem_of(const std::string& policy) {
    try {
        load_scenario(shipped("baseline.toml"),
                      {"policy.p={kind=\"subsidy\",actor=\"USA\",goods=[\"ndpr.refined\"]," + policy + "}"});
    } catch (const InputError& error) {
        return error.what();
    }
    return "";
}

TEST(Subsidy, BadInputIsReportedWithItsRemedy) {
    EXPECT_NE(problem_of("form=\"capex_grant\"").find("add capex_share = 0.5"), std::string::npos);
    EXPECT_NE(problem_of("form=\"production_credit\"").find("add credit_usd_per_t"), std::string::npos);
    EXPECT_NE(problem_of("form=\"loan_guarantee\",capex_share=0.2").find("does not belong to this form"),
              std::string::npos);
    EXPECT_NE(problem_of("form=\"capex_grant\",capex_share=0.2,processes=[\"refinig\"]").find("refining"),
              std::string::npos);
    EXPECT_NE(problem_of("form=\"capex_grant\",capex_share=1.2").find("capex_share"), std::string::npos);
    EXPECT_NE(problem_of("form=\"demand_credit\",credit_usd_per_t=1,origins=[\"CHN\"],excluded_origins=[\"CHN\"]")
                  .find("no origin is eligible"),
              std::string::npos);
    EXPECT_NE(
        problem_of("form=\"production_credit\",credit_usd_per_t=1,phase_out_years=3").find("a phase-out needs an end"),
        std::string::npos);
    EXPECT_EQ(problem_of("form=\"production_credit\",credit_usd_per_t=1"), "");
}

/// A key of another form, or one that counts only with another, is refused.
TEST(Subsidy, NoKeyIsIgnored) {
    const std::string credit = "form=\"production_credit\",credit_usd_per_t=1";
    const std::string buyers = "form=\"demand_credit\",credit_usd_per_t=1";
    for (const auto& [block, says] : std::vector<std::pair<std::string, std::string>>{
             {credit + ",clawback_years=3", "it is a key of form capex_grant, recycling_grant"},
             {credit + ",loan_points=3", "it is a key of form loan_guarantee"},
             {credit + ",origins=[\"USA\"]", "it is a key of form demand_credit"},
             {buyers + ",credit_cost_share=0.1", "it is a key of form production_credit"},
             {buyers + ",processes=[\"mining\"]", "does not belong to this form"},
             {buyers + ",believed_share=0.5", "does not belong to this form"},
             {"form=\"recycling_grant\",capex_share=0.1,collection_usd_per_t=5", "give scrap_usd_per_t"},
             {"form=\"recycling_grant\",collect_share=0.1", "drop the key and give scrap_usd_per_t"},
             {"form=\"recycling_grant\",scrap_usd_per_t=5,clawback_years=5", "has no effect without capex_share"}}) {
        EXPECT_NE(problem_of(block).find(says), std::string::npos) << block << "\n" << problem_of(block);
    }
}

/// What a policy pays is booked under its name, so it may not have the name of one of the program's own accounts.
TEST(Subsidy, NamesOfTheProgramsAccountsAreReserved) {
    for (const std::string_view account : system_account_names) {
        const std::string name(account);
        try {
            load_scenario(shipped("baseline.toml"),
                          {"policy." + name +
                           "={kind=\"subsidy\",actor=\"USA\",goods=[\"ndpr.refined\"],form=\"production_credit\","
                           "credit_usd_per_t=1}"});
            ADD_FAILURE() << name << " is accepted";
        } catch (const InputError& error) {
            EXPECT_NE(std::string(error.what()).find("the name \"" + name + "\" is reserved"), std::string::npos)
                << error.what();
            EXPECT_NE(std::string(error.what()).find("my_" + name), std::string::npos) << error.what();
        }
    }
}

}  // namespace
}  // namespace ytterby

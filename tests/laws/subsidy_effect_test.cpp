#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "tests/laws/history.hpp"

namespace ytterby {
namespace {

/// Runs the baseline with or without a subsidy of the United States; laws are checked in every tick.
FinishedRun with(const std::string& subsidy, int ticks, std::vector<std::string> more = {}) {
    more.insert(more.end(), {"run.ticks=" + std::to_string(ticks), "population.firms=200"});
    if (!subsidy.empty()) {
        more.push_back("policy.p={kind=\"subsidy\",actor=\"USA\"," + subsidy + "}");
    }
    return run_config("baseline.toml", more);
}

/// Output of a good in the United States over the last year of a run, t.
double last_year_output(const FinishedRun& finished, const char* good, const char* country = "USA") {
    double sum = 0.0;
    for (std::size_t tick = finished.history.production.size() - 12; tick < finished.history.production.size();
         ++tick) {
        sum += finished.history.production[tick][finished.node(good, country)];
    }
    return sum;
}

double spent(const FinishedRun& finished) {
    const auto account = finished.simulation.world.treasury.find("p");
    return account == finished.simulation.world.treasury.end()
               ? 0.0
               : -std::accumulate(account->second.begin(), account->second.end(), 0.0);
}

/// Capacity of a process in a country at the end of a run, with what is under construction, t per tick.
double capacity(const FinishedRun& finished, const char* process, const char* country) {
    for (std::size_t index = 0; index < finished.simulation.economy.cells.size(); ++index) {
        const Cell& cell = finished.simulation.economy.cells[index];
        if (finished.simulation.economy.processes[cell.process.index()].name == process &&
            finished.simulation.economy.countries[cell.country.index()].code == country) {
            return finished.simulation.world.cells[index].capacity_t +
                   finished.simulation.world.plants[index].building.total();
        }
    }
    ADD_FAILURE() << "no " << process << " in " << country;
    return 0.0;
}

TEST(SubsidyEffect, AProductionCreditRaisesOutputAndLowersReliance) {
    const FinishedRun without = with("", 36);
    const FinishedRun credit =
        with("form=\"production_credit\",goods=[\"ndpr.refined\",\"nickel.refined\"],credit_price_share=0.3", 36);
    EXPECT_EQ(spent(without), 0.0);
    EXPECT_GT(spent(credit), 0.0);
    EXPECT_GT(last_year_output(credit, "ndpr.refined"), 1.02 * last_year_output(without, "ndpr.refined"));
    const auto reliance = [](const FinishedRun& finished) {
        return import_reliance(finished.simulation.economy, finished.simulation.world,
                               finished.simulation.economy.country("USA"),
                               finished.simulation.economy.good("nickel.refined"));
    };
    EXPECT_LT(reliance(credit), reliance(without));
}

TEST(SubsidyEffect, GrantsAndGuaranteesBuild) {
    const FinishedRun without = with("", 36);
    const FinishedRun grant =
        with("form=\"capex_grant\",goods=[\"ndpr.refined\"],processes=[\"separation_light\"],capex_share=0.5", 36);
    const FinishedRun loan =
        with("form=\"loan_guarantee\",goods=[\"ndpr.refined\"],processes=[\"separation_light\"],loan_share=0.8", 36);
    const double before = capacity(without, "separation_light", "USA");
    EXPECT_GT(capacity(grant, "separation_light", "USA"), 1.03 * before);
    EXPECT_GT(capacity(loan, "separation_light", "USA"), 1.002 * before);
    EXPECT_GT(spent(grant), 0.0);
    EXPECT_GT(spent(loan), 0.0);
    EXPECT_GT(spent(grant), spent(loan));
}

TEST(SubsidyEffect, ARecyclingGrantRecovers) {
    const FinishedRun without = with("", 24);
    const FinishedRun grant = with("form=\"recycling_grant\",goods=[\"nickel.refined\"],scrap_usd_per_t=6000", 24);
    EXPECT_GT(last_year_output(grant, "nickel.refined"), 1.02 * last_year_output(without, "nickel.refined"));
    EXPECT_GT(spent(grant), 0.0);
}

/// A credit in force at the first tick would be part of the base state, so this one starts later. Buyers move from
/// other origins to eligible ones.
TEST(SubsidyEffect, ADemandCreditMovesBuyersToEligibleOrigins) {
    const std::string goods =
        "form=\"demand_credit\",goods=[\"graphite.refined\"],start=\"2024-02\",credit_price_share=0.2";
    const auto imports = [](const FinishedRun& finished, const char* origin) {
        double sum = 0.0;
        for (std::size_t tick = 0; tick < finished.history.flow.size(); ++tick) {
            sum += finished.flow("graphite.refined", origin, "USA", tick);
        }
        return sum;
    };
    const FinishedRun without = with("", 18);
    for (const char* rule : {",excluded_origins=[\"CHN\"]", ",origins=[\"CAN\",\"BRA\",\"MOZ\"]"}) {
        const FinishedRun credit = with(goods + rule, 18);
        EXPECT_LT(imports(credit, "CHN"), 0.9 * imports(without, "CHN")) << rule;
        EXPECT_GT(spent(credit), 0.0) << rule;
    }
}

/// Largest queues of two subsidies with a budget, USD.
struct Queues final : Observer {
    double builders = 0.0, makers = 0.0;
    static double waiting(const World& world, const char* policy) {
        const auto memory = world.memory.find(policy);
        return memory != world.memory.end() && memory->second.contains("account") ? memory->second.at("account")[0]
                                                                                  : 0.0;
    }
    void on_tick(const TickReport& report) override {
        builders = std::max(builders, waiting(report.world, "a"));
        makers = std::max(makers, waiting(report.world, "b"));
    }
};

/// With all forms at once tonnes and dollars are conserved, and the bits are the same on any number of threads and in
/// any order of blocks.
TEST(SubsidyEffect, AllFormsTogetherKeepTheLawsTheBitsAndCommute) {
    const std::vector<std::string> forms{
        "policy.a={kind=\"subsidy\",actor=\"USA\",form=\"capex_grant\",goods=[\"*\"],capex_share=0.5,budget_usd_per_"
        "year=1e8}",
        "policy.b={kind=\"subsidy\",actor=\"USA\",form=\"production_credit\",goods=[\"*\"],credit_cost_share=0.1,"
        "budget_usd_per_year=5e7}",
        "policy.c={kind=\"subsidy\",actor=\"CAN\",form=\"capex_grant\",beneficiaries=[\"USA\",\"AUS\"],goods=[\"*\"],"
        "processes=[\"mining\"],capex_share=0.7}",
        "policy.d={kind=\"subsidy\",actor=\"JPN\",form=\"demand_credit\",goods=[\"*.refined\"],credit_price_share=0.1,"
        "excluded_origins=[\"CHN\"],budget_usd_per_year=5e7}",
        "policy.e={kind=\"subsidy\",actor=\"JPN\",form=\"recycling_grant\",goods=[\"*\"],scrap_usd_per_t="
        "500}",
        "policy.f={kind=\"subsidy\",actor=\"AUS\",form=\"loan_guarantee\",goods=[\"*\"]}"};
    const auto digest = [&](const char* threads, bool reverse) {
        std::vector<std::string> overrides{"run.ticks=14", "population.firms=3000", "run.check_laws=true",
                                           std::string("run.threads=") + threads};
        overrides.insert(overrides.end(), forms.begin(), forms.end());
        Scenario scenario = load_scenario(shipped("baseline.toml"), overrides);
        if (reverse) {
            std::reverse(scenario.policies.begin(), scenario.policies.end());
        }
        Simulation simulation = build_simulation(scenario);
        Queues queues;
        const std::string left = run(scenario, simulation, queues).digest;
        EXPECT_GT(queues.builders, 0.0) << "budgets are too large for a queue";
        EXPECT_GT(queues.makers, 0.0) << "budgets are too large for a queue";
        return left;
    };
    const std::string first = digest("1", false);
    EXPECT_EQ(digest("3", false), first);
    EXPECT_EQ(digest("2", true), first);
}

}  // namespace
}  // namespace ytterby

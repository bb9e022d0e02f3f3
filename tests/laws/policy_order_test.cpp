#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/config/registry.hpp"
#include "records/recorder/recorder.hpp"
#include "records/store/run_store.hpp"
#include "records/store/stored_run.hpp"
#include "tests/laws/history.hpp"
#include "tests/records/scratch_folder.hpp"

namespace ytterby {
namespace {

/// Policies of one kind, as blocks of a scenario. All samples concern the same lanes, plants and deals: the agreement
/// waives the tariff and the control between members, adds to the subsidies' grants and excepts a member's investors
/// from the review.
struct Sample {
    const char* kind;
    /// Queries that find rows in the records of a run only if the policies of this kind had an effect.
    std::vector<const char*> effects;
    const char* blocks;
};

/// One sample of every kind. A new kind needs a sample here, or the tests below fail.
const std::vector<Sample> samples{
    {"export_control",
     {"FROM rents WHERE policy = 'control' AND rent_usd > 0"},
     R"(
[[policy]]
name = "control"
kind = "export_control"
form = "quota"
actor = "AUS"
goods = ["lithium.ore", "nickel.ore", "nickel.refined"]
quota_t_per_year = 20000
start = "2024-02"
)"},
    {"investment_screening",
     {"FROM deals WHERE country = 'USA' AND stage = 'review'"},
     R"(
[[policy]]
name = "board"
kind = "investment_screening"
actor = "USA"
partners = ["*"]
goods = ["*"]
threat = {CHN = 1.0, JPN = 0.5}
full_vulnerability_share = 0.01
least_consequence = 0.5
clear_below = 0.0
block_above = 0.3
least_stake_share = 0.0
)"},
    {"agreement",
     {"FROM treasury WHERE account = 'club' AND usd < 0", "FROM treasury WHERE account = 'stockpile' AND usd < 0",
      "FROM treasury WHERE account = 'logistics' AND usd < 0"},
     R"(
[[policy]]
name = "club"
kind = "agreement"
members = ["USA", "CAN", "JPN", "AUS", "NOR"]
start = "2024-02"
waive_tariffs = true
waive_export_controls = true
guarantee_share = 0.3
guarantee_below_days = 90
stockpile_days = 20
stockpile_buy_limit = 2.0
freight_factor = 0.8
freight_usd_per_year = 1e7
co_investment_share = 0.2
co_investment_usd_per_year = 2e8
permit_time_factor = 0.8
except_investors = true
inform_share = 0.2
)"},
    {"subsidy",
     {"FROM subsidies WHERE policy = 'credit' AND paid_usd > 0",
      "FROM subsidies WHERE policy = 'grant' AND paid_usd > 0",
      "FROM subsidies WHERE policy = 'grant' AND waiting_usd > 0"},
     R"(
[[policy]]
name = "credit"
kind = "subsidy"
form = "production_credit"
actor = "USA"
goods = ["*.refined"]
credit_price_share = 0.1
budget_usd_per_year = 1e8
start = "2024-02"

[[policy]]
name = "grant"
kind = "subsidy"
form = "capex_grant"
actor = "USA"
beneficiaries = ["USA", "CAN", "AUS"]
goods = ["*"]
capex_share = 0.3
budget_usd_per_year = 1e8
start = "2024-02"
)"},
    {"tariff",
     {"FROM treasury WHERE account = 'tariff' AND usd > 0"},
     R"(
[[policy]]
name = "duty"
kind = "tariff"
actor = "USA"
goods = ["*.refined"]
rate_share = 0.2
rate_usd_per_t = 30
start = "2024-02"
)"}};

/// Kinds that only tests register.
const std::vector<std::string> test_kinds{"example_tariff"};

/// Numbers of the samples, one for each registered kind. A kind without a sample and a sample without a kind fail the
/// test.
std::vector<std::size_t> all_samples() {
    std::vector<std::size_t> numbers;
    std::vector<std::string> kinds = Registry<Policy>::instance().kinds();
    std::erase_if(kinds, [](const std::string& kind) {
        return std::find(test_kinds.begin(), test_kinds.end(), kind) != test_kinds.end();
    });
    for (const std::string& kind : kinds) {
        const auto found =
            std::find_if(samples.begin(), samples.end(), [&](const Sample& sample) { return sample.kind == kind; });
        if (found == samples.end()) {
            ADD_FAILURE() << "the policy kind " << kind
                          << " has no sample: add one to tests/laws/policy_order_test.cpp";
        } else {
            numbers.push_back(static_cast<std::size_t>(found - samples.begin()));
        }
    }
    EXPECT_EQ(numbers.size(), samples.size()) << "a sample has no registered kind, or a kind has two samples";
    return numbers;
}

/// A scenario with the blocks of these samples, in this order, after those of the baseline.
Scenario written(const ScratchFolder& folder, const std::vector<std::size_t>& order, int ticks) {
    std::string text = "schema = 1\ntitle = \"order\"\ninclude = [\"" + shipped("baseline.toml") + "\"]\n";
    for (const std::size_t number : order) {
        text += samples[number].blocks;
    }
    write_all(folder / "order.toml", text);
    return load_scenario(
        (folder / "order.toml").string(),
        std::vector<std::string>{"data.folder=\"" + shipped("data") + "\"", "run.ticks=" + std::to_string(ticks),
                                 "run.check_laws=true", "population.firms=200", "deals.enabled=true",
                                 "deals.offers_per_year=12", "deals.least_usd=1e5", "deals.attention=0.9"});
}

/// The results of a run: the fingerprint of its World, and every row of every table in the order of keys.
struct Results {
    std::string digest, rows;
};

std::string all_rows(const Database& run) {
    std::string text;
    for (const TableSchema& table : tables()) {
        Statement row(run, "SELECT * FROM " + std::string(table.name) + " ORDER BY " + table.key_names());
        while (row.step()) {
            text += table.name;
            for (int column = 0; column < row.columns(); ++column) {
                text += '|';
                if (!row.is_null(column)) {
                    text += row.is_text(column) ? std::string(row.text(column))
                                                : std::to_string(std::bit_cast<std::uint64_t>(row.real(column)));
                }
            }
            text += '\n';
        }
    }
    return text;
}

/// Runs a simulation with records and checks that each of the samples had its effects.
Results results_of(const Scenario& scenario, Simulation simulation, const std::vector<std::size_t>& order,
                   const std::filesystem::path& folder) {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    RunStore store(folder);
    Recorder recorder(store, {});
    Results results;
    results.digest = run(scenario, simulation, recorder).digest;
    store.finish();
    const Database database = open_run(folder);
    for (const std::size_t number : order) {
        for (const char* effect : samples[number].effects) {
            Statement found(database, std::string("SELECT count(*) ") + effect);
            EXPECT_TRUE(found.step() && found.integer(0) > 0)
                << samples[number].kind << " had no effect: no rows " << effect;
        }
    }
    results.rows = all_rows(database);
    return results;
}

std::string named(const std::vector<std::size_t>& order) {
    std::string text;
    for (const std::size_t number : order) {
        text += (text.empty() ? "" : ", ") + std::string(samples[number].kind);
    }
    return text;
}

/// Compares the results of two orders; a failure shows the first row that differs.
void expect_same(const Results& first, const Results& other, const std::vector<std::size_t>& order) {
    EXPECT_EQ(other.digest, first.digest) << named(order);
    if (other.rows != first.rows) {
        const auto [here, there] =
            std::mismatch(first.rows.begin(), first.rows.end(), other.rows.begin(), other.rows.end());
        const auto line = [](const std::string& rows, std::string::const_iterator place) {
            const std::size_t at = std::min(static_cast<std::size_t>(place - rows.begin()), rows.size() - 1);
            const std::size_t from = at == 0 ? 0 : rows.rfind('\n', at - 1) + 1;
            return rows.substr(from, rows.find('\n', at) - from);
        };
        ADD_FAILURE() << named(order) << ": first " << line(first.rows, here) << ", now " << line(other.rows, there);
    }
}

/// Any two kinds, in a file in either order, from the base state on.
TEST(PolicyOrder, PairsOfKindsGiveTheSameRowsInEitherOrder) {
    const ScratchFolder folder;
    const std::vector<std::size_t> all = all_samples();
    for (std::size_t one = 0; one < all.size(); ++one) {
        for (std::size_t other = one + 1; other < all.size(); ++other) {
            const auto results = [&](const std::vector<std::size_t>& order) {
                const Scenario scenario = written(folder, order, 4);
                return results_of(scenario, build_simulation(scenario), order, folder / "run");
            };
            expect_same(results({all[one], all[other]}), results({all[other], all[one]}), {all[other], all[one]});
        }
    }
}

/// Four kinds in all 24 orders, with each of the others at every place among them, from one base state on.
TEST(PolicyOrder, AllKindsGiveTheSameRowsInEveryOrder) {
    const ScratchFolder folder;
    const std::vector<std::size_t> all = all_samples();
    ASSERT_GE(all.size(), 4U);
    std::vector<std::size_t> four{0, 1, 2, 3};
    std::optional<Simulation> base;
    std::optional<Results> first;
    std::size_t turn = 0;
    do {
        std::vector<std::size_t> order{all[four[0]], all[four[1]], all[four[2]], all[four[3]]};
        for (std::size_t other = 4; other < all.size(); ++other) {
            const std::size_t place = turn % (order.size() + 1);
            order.insert(order.begin() + static_cast<std::ptrdiff_t>(place), all[other]);
        }
        ++turn;
        const Scenario scenario = written(folder, order, 4);
        if (!base) {
            base = build_simulation(scenario);
        }
        const Results results = results_of(scenario, *base, order, folder / "run");
        if (!first) {
            first = results;
        }
        expect_same(*first, results, order);
    } while (std::next_permutation(four.begin(), four.end()));
    EXPECT_EQ(turn, 24U);
}

}  // namespace
}  // namespace ytterby

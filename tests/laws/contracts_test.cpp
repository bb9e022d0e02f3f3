#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/laws/history.hpp"

namespace ytterby {
namespace {

const std::string half_of_all = R"(contracts.share."*"=0.5)";

/// Tonnes over one lane in every tick: under contract and in all.
class LaneWatch final : public Observer {
public:
    LaneWatch(const Economy& economy, const char* good, const char* from, const char* to)
        : lane_(lane_index(economy, good, from, to)) {}
    void on_tick(const TickReport& report) override {
        contract.push_back(report.deliveries.empty() ? 0.0 : report.deliveries.lanes[lane_].tonnes);
        all.push_back(report.world.lanes.flow[lane_]);
    }
    std::vector<double> contract, all;

private:
    std::size_t lane_;
};

LaneWatch watch(const char* config, std::vector<std::string> overrides, const char* good, const char* from,
                const char* to) {
    overrides.emplace_back("run.check_laws=true");
    const Scenario scenario = load_scenario(shipped(config), overrides);
    Simulation simulation = build_simulation(scenario);
    LaneWatch lane(simulation.economy, good, from, to);
    run(scenario, simulation, lane);
    return lane;
}

std::string contract_digest(const char* config, std::vector<std::string> overrides) {
    const Scenario scenario = load_scenario(shipped(config), overrides);
    Simulation simulation = build_simulation(scenario);
    NoObserver none;
    return run(scenario, simulation, none).digest;
}

std::string ban(const char* start, const char* end) {
    return std::string(
               "policy.ban={kind=\"export_control\",form=\"ban\",actor=\"NOR\",goods=[\"cobalt.refined\"],start=\"") +
           start + "\",end=\"" + end + "\"}";
}

/// Tonnes, dollars, caps and the market's certificate under noise, a licence, a quota and a duty, with most
/// trade under contract and owners abroad; run_config() checks the laws in every tick.
TEST(Contracts, ConserveTonnesAndDollarsAndKeepToCaps) {
    for (const char* share : {"0.3", "0.9"}) {
        const FinishedRun finished = run_config(
            "gallium_control.toml",
            {"run.ticks=40", "noise.demand_noise=0.05", "contracts.captive=true",
             std::string("contracts.share.\"*\"=") + share, "contracts.discount_share=0.05",
             "contracts.length_months=5", "contracts.lapse_months=2",
             "policy.quota={kind=\"export_control\",form=\"quota\",actor=\"CHN\",goods=[\"lanthanum.refined\","
             "\"cerium.refined\"],start=\"2023-04\",quota_t_per_year=12000}",
             "policy.duty={kind=\"export_control\",form=\"duty\",actor=\"IDN\",goods=[\"nickel\"],start=\"2023-"
             "03\",duty_share=0.2}"});
        EXPECT_EQ(finished.outcome.ticks_done, 40);
    }
}

TEST(Contracts, ConserveInWeeksToo) {
    EXPECT_NO_THROW(run_config("gallium_control.toml",
                               {"run.tick=\"week\"", "run.ticks=60", "noise.demand_noise=0.03", half_of_all}));
}

/// A contract share of 0 gives the same bits as no contracts.
TEST(Contracts, AShareOfNothingChangesNoBit) {
    const std::vector<std::string> plain = {"run.ticks=12", "noise.demand_noise=0.02"};
    std::vector<std::string> none = plain;
    none.emplace_back(R"(contracts.share."*"=0)");
    EXPECT_EQ(contract_digest("gallium_control.toml", none), contract_digest("gallium_control.toml", plain));
    std::vector<std::string> half = plain;
    half.push_back(half_of_all);
    EXPECT_NE(contract_digest("gallium_control.toml", half), contract_digest("gallium_control.toml", plain));
}

TEST(Contracts, SameBitsOnAnyNumberOfThreads) {
    const auto run_on = [](const char* threads) {
        return contract_digest("gallium_control.toml",
                               {"run.ticks=14", "population.firms=6000", "noise.demand_noise=0.02",
                                "contracts.captive=true", half_of_all, std::string("run.threads=") + threads});
    };
    EXPECT_EQ(run_on("4"), run_on("1"));
}

/// A ban of three months stops deliveries; they resume at the old volume when it ends.
TEST(Contracts, DeliveriesStopUnderABanAndResume) {
    const LaneWatch lane = watch(
        "stationary.toml", {"run.ticks=12", half_of_all, "contracts.length_months=600", ban("2024-04", "2024-07")},
        "cobalt.refined", "NOR", "USA");
    for (std::size_t tick = 0; tick < 12; ++tick) {
        const bool shut = tick >= 3 && tick < 6;
        if (shut) {
            EXPECT_EQ(lane.contract[tick], 0.0) << tick;
            EXPECT_EQ(lane.all[tick], 0.0) << tick;
        } else {
            EXPECT_NEAR(lane.contract[tick] / lane.contract[0], 1.0, 1e-6) << tick;
        }
    }
}

/// After half a year of force majeure the contracts lapse; the spot market reopens without them.
TEST(Contracts, ALongBanEndsThem) {
    const LaneWatch lane = watch(
        "stationary.toml", {"run.ticks=15", half_of_all, "contracts.length_months=600", ban("2024-04", "2024-12")},
        "cobalt.refined", "NOR", "USA");
    EXPECT_GT(lane.contract[2], 0.0);
    EXPECT_EQ(lane.contract[12], 0.0);
    EXPECT_GT(lane.all[12], 0.0);
}

/// A duty of 100 % on one lane: the contract is served to its end in March and renewed for a fraction of its volume,
/// because the lane is not profitable. (On all exports of so small a seller the duty would be in its own price at once,
/// and its lanes would go on paying until its plants stop.)
TEST(Contracts, AnUnprofitableLaneIsHardlyRenewed) {
    const LaneWatch lane = watch("stationary.toml",
                                 {"run.ticks=24", half_of_all, "contracts.length_months=6",
                                  "policy.duty={kind=\"export_control\",form=\"duty\",actor=\"NOR\",goods=[\"cobalt."
                                  "refined\"],partners=[\"USA\"],start=\"2024-02\",duty_share=1.0}"},
                                 "cobalt.refined", "NOR", "USA");
    const double volume = lane.contract[0];
    for (std::size_t tick = 1; tick < 9; ++tick) {
        if (tick < 3) {
            EXPECT_NEAR(lane.contract[tick], volume, 1e-6 * volume) << tick;
        } else {
            EXPECT_LT(lane.contract[tick], 0.2 * volume) << tick;
        }
    }
    for (const double tonnes : lane.contract) {
        EXPECT_LE(tonnes, volume * (1.0 + 1e-9));
    }
}

/// In a month of shortage the owner's country gets its share first (pattern P9): cobalt ore of the Congo, where seven
/// tenths of the mines' stock is lost, with either of two owners.
TEST(Contracts, CaptiveSharesFollowOwnership) {
    const auto share_of = [](const char* owner, bool captive, const char* buyer) {
        Scenario scenario = load_scenario(
            shipped("stationary.toml"),
            {"run.ticks=1", "run.check_laws=true", captive ? "contracts.captive=true" : "contracts.captive=false"});
        scenario.data.stakes = {{"cobalt.ore", "COD", owner, 0.8}};
        Simulation simulation = build_simulation(scenario);
        for (const Cell& cell : simulation.economy.cells) {
            for (const Position& position : cell.positions) {
                if (position.side == Side::sells && position.good == simulation.economy.good("cobalt.ore") &&
                    cell.country == simulation.economy.country("COD")) {
                    for (std::uint32_t k = 0; k < cell.firms; ++k) {
                        simulation.world.positions.stock[position.first_row + k] *= 0.3;
                    }
                }
            }
        }
        LaneWatch lane(simulation.economy, "cobalt.ore", "COD", buyer);
        const double usual = base_flow(simulation.economy, "cobalt.ore", "COD", buyer);
        run(scenario, simulation, lane);
        return lane.all[0] / usual;
    };
    for (const auto& [owner, other] : {std::pair{"FIN", "CHN"}, {"CHN", "FIN"}}) {
        const double owned = share_of(owner, true, owner);
        const double not_owned = share_of(other, true, owner);
        const double not_captive = share_of(owner, false, owner);
        std::printf(
            "cobalt ore from COD to %s in the month of a shortage, share of usual: as owner %.3f, not as owner %.3f, "
            "without captive tonnes %.3f\n",
            owner, owned, not_owned, not_captive);
        EXPECT_GT(owned, not_owned + 0.1);
        EXPECT_GT(owned, not_captive + 0.1);
    }
}

/// Unknown goods and countries and shares out of range are reported as bad input.
TEST(Contracts, UnknownNamesAreBadInput) {
    EXPECT_THROW(load_scenario(shipped("stationary.toml"), {R"(contracts.share."galium.refined"=0.5)"}), InputError);
    EXPECT_THROW(load_scenario(shipped("stationary.toml"), {R"(contracts.terms."gallium".benchmark="XYZ")"}),
                 InputError);
    EXPECT_THROW(load_scenario(shipped("stationary.toml"), {R"(contracts.share."*"=1.5)"}), InputError);
}

}  // namespace
}  // namespace ytterby

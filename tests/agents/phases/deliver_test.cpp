#include "agents/phases/deliver.hpp"
#include "agents/phases/habit.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "agents/phases/renew_contracts.hpp"
#include "core/parallel.hpp"
#include "policies/policy.hpp"
#include "tests/laws/history.hpp"

namespace ytterby {
namespace {

/// The baseline at its base date with contracts.
struct Signed {
    explicit Signed(std::vector<std::string> more = {R"(contracts.share."*"=0.5)"}) {
        more.emplace_back("population.firms=300");
        scenario = load_scenario(shipped("stationary.toml"), more);
        simulation = build_simulation(scenario);
        regime = Regime(simulation.economy.countries.size(), simulation.economy.goods.size());
    }
    const Economy& economy() const { return simulation.economy; }
    World& world() { return simulation.world; }
    Deliveries deliver() { return deliver_contracts(simulation.economy, simulation.world, regime.lanes(), workers); }
    /// The contracts over one lane.
    std::vector<std::size_t> over(const char* good, const char* from, const char* to) const {
        std::vector<std::size_t> found;
        for (std::size_t number = 0; number < economy().contracts.offtakes.size(); ++number) {
            const Offtake& offtake = economy().contracts.offtakes[number];
            if (offtake.good == economy().good(good) && offtake.origin == economy().country(from) &&
                offtake.destination == economy().country(to)) {
                found.push_back(number);
            }
        }
        return found;
    }
    Selector lane(const char* good, const char* from, const char* to) const {
        return {{economy().country(from)}, {economy().country(to)}, {economy().good(good)}};
    }
    static double sum(const std::vector<double>& values, const std::vector<std::size_t>& of) {
        return std::accumulate(of.begin(), of.end(), 0.0,
                               [&](double total, std::size_t number) { return total + values[number]; });
    }
    double volume(const std::vector<std::size_t>& of) {
        return sum({world().contracts.volume_t.begin(), world().contracts.volume_t.end()}, of);
    }

    Scenario scenario;
    Simulation simulation;
    Regime regime;
    Workers workers{1};
};

/// Cobalt from Norway to the United States: one seller, one user, an open lane at the base date.
constexpr const char* good = "cobalt.refined";
constexpr const char* from = "NOR";
constexpr const char* to = "USA";

TEST(Deliver, NothingUnderContractIsEmpty) {
    Signed signed_up{std::vector<std::string>{R"(contracts.share."*"=0)"}};
    EXPECT_TRUE(signed_up.deliver().empty());
}

TEST(Deliver, TheShareOfEveryBaseFlowAtTheBaseDate) {
    Signed signed_up;
    const Deliveries deliveries = signed_up.deliver();
    const std::vector<double> habits = habitual_flows(signed_up.economy(), signed_up.world(), deliveries);
    const TradeNetwork& network = signed_up.economy().network;
    double contract = 0.0;
    double all = 0.0;
    for (const GoodLanes& book : network.goods) {
        for (std::size_t number = 0; number < book.lanes.size(); ++number) {
            EXPECT_NEAR(deliveries.lanes[book.first_lane + number].tonnes, 0.5 * book.lanes[number].base_flow_t,
                        1e-9 * book.lanes[number].base_flow_t);
            EXPECT_NEAR(habits[book.first_lane + number], 0.5 * book.lanes[number].base_flow_t,
                        1e-9 * book.lanes[number].base_flow_t + 1e-12);
        }
    }
    for (std::size_t node = 0; node < network.node_count(); ++node) {
        contract += deliveries.nodes[node].bought_t * signed_up.economy().base_price[node];
        all += signed_up.world().nodes.bought[node] * signed_up.economy().base_price[node];
    }
    EXPECT_NEAR(contract / all, 0.5, 1e-6);
}

TEST(Deliver, PriceIsTheLaggedMeanWithDiscountFloorAndCap) {
    Signed signed_up{std::vector<std::string>{R"(contracts.share."*"=0.5)", "contracts.index_months=4"}};
    World& world = signed_up.world();
    Offtake offtake = signed_up.economy().contracts.offtakes[signed_up.over(good, from, to).at(0)];
    const std::size_t nodes = signed_up.economy().network.node_count();
    const double base = offtake.base_price_usd_per_t;
    ASSERT_EQ(offtake.index_ticks, 4U);
    EXPECT_NEAR(contract_price(signed_up.economy(), world, offtake), base, 1e-9 * base);
    // Tick 6 looks back at ticks 5, 4, 3 and 2.
    world.tick = 6;
    for (const auto& [tick, multiple] : {std::pair{2, 1.0}, {3, 1.2}, {4, 1.4}, {5, 2.0}}) {
        world.contracts.price_history[static_cast<std::size_t>(tick % 4) * nodes + offtake.benchmark.index()] =
            multiple * base;
    }
    EXPECT_NEAR(contract_price(signed_up.economy(), world, offtake), 1.4 * base, 1e-9 * base);
    offtake.discount_share = 0.1;
    EXPECT_NEAR(contract_price(signed_up.economy(), world, offtake), 1.26 * base, 1e-9 * base);
    offtake.index_ticks = 2;
    EXPECT_NEAR(contract_price(signed_up.economy(), world, offtake), 0.9 * 1.7 * base, 1e-9 * base);
    offtake.cap_usd_per_t = 1.3 * base;
    EXPECT_EQ(contract_price(signed_up.economy(), world, offtake), 1.3 * base);
    offtake.floor_usd_per_t = 1.6 * base;
    EXPECT_EQ(contract_price(signed_up.economy(), world, offtake), 1.6 * base) << "a floor above the cap holds";
    // Another benchmark moves the price by its own change, not to its own level.
    offtake = signed_up.economy().contracts.offtakes[signed_up.over(good, from, to).at(0)];
    offtake.benchmark =
        signed_up.economy().network.node(signed_up.economy().good(good), signed_up.economy().country("CHN"));
    for (std::size_t slot = 0; slot < 4; ++slot) {
        world.contracts.price_history[slot * nodes + offtake.benchmark.index()] =
            0.8 * signed_up.economy().base_price[offtake.benchmark.index()];
    }
    EXPECT_NEAR(contract_price(signed_up.economy(), world, offtake), 0.8 * base, 1e-9 * base);
}

TEST(Deliver, BuyersPayDutyFreightTariffAndFrictionOnTheIndexPrice) {
    Signed signed_up;
    signed_up.regime.export_duty(signed_up.lane(good, from, to), 0.1);
    signed_up.regime.tariff(signed_up.lane(good, from, to), 0.25);
    signed_up.regime.friction(signed_up.lane(good, from, to), 40.0);
    const Deliveries deliveries = signed_up.deliver();
    const Offtake& offtake = signed_up.economy().contracts.offtakes[signed_up.over(good, from, to).at(0)];
    const GoodLanes& book = signed_up.economy().network.goods[offtake.good.index()];
    const double freight = book.lanes[offtake.lane - book.first_lane].freight_usd_per_t;
    const double tonnes = deliveries.lanes[offtake.lane].tonnes;
    const double fob = offtake.base_price_usd_per_t;
    ASSERT_GT(tonnes, 0.0);
    EXPECT_NEAR(deliveries.lanes[offtake.lane].fob_usd / tonnes, fob, 1e-9 * fob);
    EXPECT_NEAR(deliveries.lanes[offtake.lane].export_duty_usd / tonnes, 0.1 * fob, 1e-9 * fob);
    EXPECT_NEAR(deliveries.lanes[offtake.lane].freight_usd / tonnes, freight, 1e-9 * fob);
    EXPECT_NEAR(deliveries.lanes[offtake.lane].tariff_usd / tonnes, 0.25 * (1.1 * fob + freight), 1e-9 * fob);
    EXPECT_NEAR(deliveries.lanes[offtake.lane].friction_usd / tonnes, 40.0, 1e-9 * fob);
}

TEST(Deliver, ContractsUseLaneCapsFirst) {
    Signed signed_up;
    const auto contracts = signed_up.over(good, from, to);
    const double volume = signed_up.volume(contracts);
    const Selector lane = signed_up.lane(good, from, to);
    signed_up.regime.cap(lane, 1.5 * volume);
    Deliveries deliveries = signed_up.deliver();
    EXPECT_NEAR(Signed::sum(deliveries.tonnes, contracts), volume, 1e-9 * volume);
    const LaneRules& rules = signed_up.regime.lanes();
    const std::size_t place = signed_up.economy().contracts.offtakes[contracts.at(0)].lane;
    const auto left = [&] {
        const double cap = rules.rule(lane.goods[0], lane.origins[0], lane.destinations[0]).cap_t();
        return left_of(cap, deliveries.lane_t[place]);
    };
    EXPECT_NEAR(left(), 0.5 * volume, 1e-9 * volume);
    signed_up.regime.cap(lane, 0.25 * volume);
    deliveries = signed_up.deliver();
    EXPECT_NEAR(Signed::sum(deliveries.tonnes, contracts), 0.25 * volume, 1e-9 * volume);
    EXPECT_NEAR(left(), 0.0, 1e-9 * volume);
}

TEST(Deliver, ContractsUseSharedCapsFirst) {
    Signed signed_up;
    const Selector exports{{signed_up.economy().country("CHN")},
                           {},
                           {signed_up.economy().good("ndpr.refined"), signed_up.economy().good("cerium.refined")}};
    std::vector<std::size_t> covered;
    for (std::size_t number = 0; number < signed_up.economy().contracts.offtakes.size(); ++number) {
        const Offtake& offtake = signed_up.economy().contracts.offtakes[number];
        if (exports.covers(offtake.origin, offtake.destination, offtake.good)) {
            covered.push_back(number);
        }
    }
    const double volume = signed_up.volume(covered);
    signed_up.regime.shared_cap(exports, 0.4 * volume);
    const Deliveries deliveries = signed_up.deliver();
    EXPECT_NEAR(Signed::sum(deliveries.tonnes, covered), 0.4 * volume, 1e-9 * volume);
    EXPECT_NEAR(deliveries.shared_used_t.at(0), 0.4 * volume, 1e-9 * volume);
    EXPECT_EQ(left_of(signed_up.regime.lanes().shared_limits().at(0).cap_t, deliveries.shared_used_t.at(0)), 0.0);
}

TEST(Deliver, AClosedLaneIsForceMajeure) {
    Signed signed_up;
    signed_up.regime.ban(signed_up.lane(good, from, to), BanKind::export_control);
    signed_up.regime.leak(signed_up.lane(good, from, to), 0.3, 10.0);
    const Deliveries deliveries = signed_up.deliver();
    const auto contracts = signed_up.over(good, from, to);
    EXPECT_EQ(Signed::sum(deliveries.tonnes, contracts), 0.0) << "what leaks is not under contract";
    const std::vector<double> habits = habitual_flows(signed_up.economy(), signed_up.world(), deliveries);
    EXPECT_DOUBLE_EQ(habits[signed_up.economy().contracts.offtakes[contracts.at(0)].lane],
                     signed_up.world().lanes.usual_flow[signed_up.economy().contracts.offtakes[contracts.at(0)].lane]);
    EXPECT_GT(std::accumulate(deliveries.tonnes.begin(), deliveries.tonnes.end(), 0.0), 0.0);
}

TEST(Deliver, SellersGiveWhatTheyHaveAndOwnersComeFirst) {
    Signed signed_up{std::vector<std::string>{R"(contracts.share."*"=0.5)", "contracts.captive=true"}};
    const auto to_owner = signed_up.over("cobalt.ore", "COD", "CHN");
    const auto to_finland = signed_up.over("cobalt.ore", "COD", "FIN");
    ASSERT_FALSE(to_owner.empty());
    ASSERT_FALSE(to_finland.empty());
    const Offtake& first = signed_up.economy().contracts.offtakes[to_owner.at(0)];
    const Cell& seller = signed_up.economy().cells[first.seller_cell];
    const Position& position = seller.positions[first.seller_position];
    const double captive = signed_up.volume(to_owner);
    // Every mine keeps stock for four fifths of what the owner may draw.
    for (std::uint32_t k = 0; k < seller.firms; ++k) {
        signed_up.world().positions.stock[position.first_row + k] =
            0.8 * captive / position.base_flow_t *
            base_flow_of(signed_up.economy().traits, seller.first_firm + k, position);
    }
    Deliveries deliveries = signed_up.deliver();
    EXPECT_NEAR(Signed::sum(deliveries.tonnes, to_owner), 0.8 * captive, 1e-6 * captive);
    EXPECT_NEAR(Signed::sum(deliveries.tonnes, to_finland), 0.0, 1e-6 * captive);
}

TEST(Deliver, BuyersTakeNoMoreThanTheyCanStore) {
    Signed signed_up;
    const auto contracts = signed_up.over(good, from, to);
    const Offtake& offtake = signed_up.economy().contracts.offtakes[contracts.at(0)];
    const Cell& buyer = signed_up.economy().cells[offtake.buyer_cell];
    const Position& position = buyer.positions[offtake.buyer_position];
    for (std::uint32_t k = 0; k < buyer.firms; ++k) {
        signed_up.world().positions.stock[position.first_row + k] *= 100.0;
    }
    EXPECT_EQ(Signed::sum(signed_up.deliver().tonnes, contracts), 0.0);
}

TEST(Renew, VolumesStandUntilExpiryAndThenFollowWhatThePairTrades) {
    Signed signed_up;
    World& world = signed_up.world();
    const std::size_t number = signed_up.over(good, from, to).at(0);
    const Offtake& offtake = signed_up.economy().contracts.offtakes[number];
    const double volume = world.contracts.volume_t[number];
    world.contracts.expiry_tick[number] = 3;
    world.lanes.usual_flow[offtake.lane] *= 2.0;
    for (world.tick = 0; world.tick < 2; ++world.tick) {
        renew_contracts(signed_up.economy(), world, signed_up.deliver());
        EXPECT_EQ(world.contracts.volume_t[number], volume) << world.tick;
    }
    renew_contracts(signed_up.economy(), world, signed_up.deliver());
    EXPECT_NEAR(world.contracts.volume_t[number], 2.0 * volume, 1e-9 * volume);
    EXPECT_EQ(world.contracts.expiry_tick[number], 3 + offtake.length_ticks);
}

TEST(Renew, LongForceMajeureEndsAContractUntilItsTermIsOver) {
    Signed signed_up{std::vector<std::string>{R"(contracts.share."*"=0.5)", "contracts.lapse_months=3"}};
    World& world = signed_up.world();
    const std::size_t number = signed_up.over(good, from, to).at(0);
    world.contracts.expiry_tick[number] = 6;
    signed_up.regime.ban(signed_up.lane(good, from, to), BanKind::export_control);
    for (world.tick = 0; world.tick < 2; ++world.tick) {
        renew_contracts(signed_up.economy(), world, signed_up.deliver());
    }
    EXPECT_EQ(world.contracts.idle_ticks[number], 2);
    EXPECT_GT(world.contracts.volume_t[number], 0.0);
    renew_contracts(signed_up.economy(), world, signed_up.deliver());
    EXPECT_EQ(world.contracts.volume_t[number], 0.0) << "lapsed";
    signed_up.regime = Regime(signed_up.economy().countries.size(), signed_up.economy().goods.size());
    for (world.tick = 3; world.tick < 5; ++world.tick) {
        renew_contracts(signed_up.economy(), world, signed_up.deliver());
        EXPECT_EQ(world.contracts.volume_t[number], 0.0) << "the lane is open, the term is not over";
    }
    renew_contracts(signed_up.economy(), world, signed_up.deliver());
    EXPECT_GT(world.contracts.volume_t[number], 0.0) << "signed again";
}

}  // namespace
}  // namespace ytterby

#include "market/spatial/solver.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/random.hpp"
#include "market/certificate.hpp"

namespace ytterby {
namespace {

/// A supply that rises and a use that falls linearly around a price.
Curve supply_line(double price, double quantity, double elasticity) {
    return {{0.2 * price, price, 3.0 * price},
            {quantity * (1.0 - 0.8 * elasticity > 0.0 ? 1.0 - 0.8 * elasticity : 0.0), quantity,
             quantity * (1.0 + 2.0 * elasticity)}};
}
Curve use_line(double price, double quantity, double elasticity) {
    return {{0.2 * price, price, price * (1.0 + 1.0 / elasticity)},
            {quantity * (1.0 + 0.8 * elasticity), quantity, 0.0}};
}

SpatialClearing start(const std::vector<SpatialMarket>& markets, double price) {
    SpatialClearing clearing;
    for (const SpatialMarket& market : markets) {
        SpatialMarketClearing one;
        one.supply_price.assign(market.supply.size(), price);
        one.use_price.assign(market.supply.size(), price);
        clearing.markets.push_back(one);
    }
    return clearing;
}

SpatialLane lane(std::uint32_t from, std::uint32_t to, double usual, double slope) {
    SpatialLane made;
    made.from = from;
    made.to = to;
    made.usual_flow = usual;
    made.opening_flow = 0.01 * usual + 1e-6;
    made.preference_slope = slope;
    return made;
}

/// Two nodes, one lane: at the usual flow and zero preference the prices differ by the landed cost.
TEST(SpatialSolver, TwoNodesMeetTheClosedForm) {
    std::vector<SpatialMarket> markets(1);
    markets[0].supply = {supply_line(100.0, 50.0, 0.5), {}};
    markets[0].use = {{}, use_line(131.0, 50.0, 0.5)};
    SpatialLane only = lane(0, 1, 50.0, 25.0);
    only.export_duty = 0.1;
    only.freight = 5.0;
    only.tariff = 0.1;
    only.friction = 4.5;  // (100 x 1.1 + 5) x 1.1 + 4.5 = 131
    markets[0].lanes = {only};
    SpatialClearing clearing = start(markets, 500.0);
    clear_spatial(markets, {}, clearing);
    EXPECT_NEAR(clearing.markets[0].supply_price[0], 100.0, 1e-7);
    EXPECT_NEAR(clearing.markets[0].use_price[1], 131.0, 1e-7);
    EXPECT_NEAR(clearing.markets[0].flow[0], 50.0, 1e-8);
    EXPECT_LT(certify(markets, {}, clearing).worst(), 1e-9);
}

/// Curves have values at a price of NaN, and the certificate rejects an answer with one.
TEST(SpatialSolver, APriceOfNanIsNoAnswer) {
    const double none = std::nan("");
    EXPECT_EQ(use_line(100.0, 50.0, 0.5).use_at(none).quantity, 0.0);
    EXPECT_EQ(supply_line(100.0, 50.0, 0.5).supply_at(none).quantity, 100.0);
    double worst = 0.0;
    raise(worst, none);
    raise(worst, 1.0);
    EXPECT_TRUE(std::isnan(worst));
    std::vector<SpatialMarket> markets(1);
    markets[0].supply = {supply_line(100.0, 50.0, 0.5)};
    markets[0].use = {use_line(100.0, 50.0, 0.5)};
    SpatialClearing clearing = start(markets, 90.0);
    clear_spatial(markets, {}, clearing);
    ASSERT_LT(certify(markets, {}, clearing).worst(), 1e-9);
    clearing.markets[0].supply_price[0] = none;
    EXPECT_FALSE(certify(markets, {}, clearing).worst() < 1e-9);
}

TEST(SpatialSolver, OneNodeClearsWhereItsCurvesCross) {
    std::vector<SpatialMarket> markets(1);
    markets[0].supply = {{{0.0, 100.0}, {0.0, 100.0}}};
    markets[0].use = {{{0.0, 100.0}, {60.0, 0.0}}};
    SpatialClearing clearing = start(markets, 1.0);
    clear_spatial(markets, {}, clearing);
    EXPECT_NEAR(clearing.markets[0].supply_price[0], 37.5, 1e-9);  // p = 60 - 0.6 p
    EXPECT_EQ(clearing.markets[0].supply_price[0], clearing.markets[0].use_price[0]);
    EXPECT_NEAR(clearing.markets[0].domestic_flow[0], 37.5, 1e-9);
}

/// A cap opens a gap that is the lane's rent; a cap of zero shuts it.
TEST(SpatialSolver, ACapOpensAGap) {
    std::vector<SpatialMarket> markets(1);
    markets[0].supply = {supply_line(100.0, 80.0, 0.5), supply_line(100.0, 20.0, 0.5)};
    markets[0].use = {use_line(100.0, 50.0, 0.5), use_line(100.0, 50.0, 0.5)};
    markets[0].lanes = {lane(0, 1, 30.0, 25.0)};
    SpatialClearing open = start(markets, 100.0);
    clear_spatial(markets, {}, open);
    EXPECT_NEAR(open.markets[0].use_price[1], 100.0, 1e-8);
    double last_gap = 0.0;
    for (const double cap : {20.0, 10.0, 0.0}) {
        markets[0].lanes[0].cap = cap;
        SpatialClearing capped = start(markets, 100.0);
        clear_spatial(markets, {}, capped);
        const SpatialMarketClearing& answer = capped.markets[0];
        EXPECT_LE(answer.flow[0], cap);
        EXPECT_LT(answer.supply_price[0], 100.0) << "a lower price inside";
        EXPECT_GT(answer.use_price[1], 100.0) << "a higher price outside";
        const double gap = answer.use_price[1] - answer.supply_price[0];
        EXPECT_GT(gap, last_gap);
        last_gap = gap;
        EXPECT_LT(certify(markets, {}, capped).worst(), 1e-9);
    }
}

/// One limit over two goods earns the same rent per tonne on both.
TEST(SpatialSolver, ASharedCapEarnsOneRent) {
    std::vector<SpatialMarket> markets(2);
    for (std::size_t good = 0; good < 2; ++good) {
        const double price = good == 0 ? 100.0 : 5000.0;
        markets[good].supply = {supply_line(price, 80.0, 0.5), {}};
        markets[good].use = {use_line(price, 40.0, 0.5), use_line(price, 40.0, 0.5)};
        markets[good].lanes = {lane(0, 1, 40.0, price / 4.0)};
    }
    const std::vector<SharedCap> caps = {{{{0, 0}, {1, 0}}, 50.0}};
    SpatialClearing clearing = start(markets, 300.0);
    clear_spatial(markets, caps, clearing);
    EXPECT_GT(clearing.shared_rent[0], 1.0);
    EXPECT_NEAR(clearing.markets[0].flow[0] + clearing.markets[1].flow[0], 50.0, 1e-8);
    EXPECT_LT(certify(markets, caps, clearing).worst(), 1e-9);
    EXPECT_LT(clearing.markets[0].flow[0], clearing.markets[1].flow[0]) << "the same rent hurts the cheap good more";
}

/// Random markets: every condition of the equilibrium holds, from good and from absurd starts.
struct DrawnProblem {
    std::vector<SpatialMarket> markets;
    std::vector<SharedCap> caps;
};

DrawnProblem draw(std::uint32_t seed) {
    const Random random(seed);
    std::uint32_t n = 0;
    const auto uniform = [&] { return random.uniform(0U, Purpose::test, 0, n++); };
    const auto below = [&](std::uint32_t bound) { return random.below(bound, 1U, Purpose::test, 0, n++); };
    DrawnProblem drawn;
    drawn.markets.resize(1 + below(3));
    for (SpatialMarket& market : drawn.markets) {
        const std::uint32_t nodes = 2 + below(seed % 7 == 0 ? 59 : 15);
        const double price = std::pow(10.0, 2.0 + 3.0 * uniform());
        market.supply.resize(nodes);
        market.use.resize(nodes);
        for (std::uint32_t node = 0; node < nodes; ++node) {
            const double size = std::pow(10.0, 3.0 * uniform());
            if (uniform() < 0.6) {
                market.supply[node] = supply_line(price * (0.7 + 0.6 * uniform()), size, 0.1 + 2.0 * uniform());
            }
            if (uniform() < 0.8) {
                market.use[node] =
                    use_line(price * (0.7 + 0.6 * uniform()), size * (0.3 + uniform()), 0.1 + 2.0 * uniform());
            }
        }
        for (std::uint32_t from = 0; from < nodes; ++from) {
            for (std::uint32_t to = 0; to < nodes; ++to) {
                if (from == to || uniform() < 0.4) {
                    continue;
                }
                SpatialLane made =
                    lane(from, to, uniform() < 0.3 ? 0.0 : 50.0 * uniform(), price * (uniform() < 0.2 ? 0.003 : 0.25));
                made.freight = 0.1 * price * uniform();
                made.preference = 0.1 * price * (uniform() - 0.5);
                made.export_duty = uniform() < 0.2 ? 0.5 * uniform() : 0.0;
                made.tariff = uniform() < 0.2 ? 0.5 * uniform() : 0.0;
                made.friction = uniform() < 0.2 ? 0.2 * price * uniform() : 0.0;
                if (uniform() < 0.2) {
                    made.cap = uniform() < 0.3 ? 0.0 : 30.0 * uniform();
                }
                market.lanes.push_back(made);
            }
        }
    }
    for (std::uint32_t cap = below(3); cap > 0; --cap) {
        SharedCap shared;
        for (std::uint32_t market = 0; market < drawn.markets.size(); ++market) {
            for (std::uint32_t number = 0; number < drawn.markets[market].lanes.size(); ++number) {
                if (uniform() < 0.2) {
                    shared.members.push_back({market, number});
                }
            }
        }
        shared.cap = 5.0 + 60.0 * uniform();
        drawn.caps.push_back(shared);
    }
    return drawn;
}

TEST(SpatialSolver, RandomMarketsSatisfyEveryCondition) {
    for (std::uint32_t seed = 1; seed <= 200; ++seed) {
        const DrawnProblem drawn = draw(seed);
        SpatialClearing cold = start(drawn.markets, 1000.0);
        ASSERT_NO_THROW(clear_spatial(drawn.markets, drawn.caps, cold)) << "seed " << seed;
        const Certificate certificate = certify(drawn.markets, drawn.caps, cold);
        EXPECT_LT(certificate.worst(), 1e-9)
            << "seed " << seed << " balance " << certificate.balance << " arbitrage " << certificate.arbitrage
            << " cap " << certificate.cap << " idle rent " << certificate.idle_rent;
        // A search that starts from the answer stays there.
        SpatialClearing warm = cold;
        clear_spatial(drawn.markets, drawn.caps, warm);
        for (std::size_t market = 0; market < drawn.markets.size(); ++market) {
            for (std::size_t number = 0; number < drawn.markets[market].lanes.size(); ++number) {
                EXPECT_NEAR(warm.markets[market].flow[number], cold.markets[market].flow[number],
                            1e-6 * (1.0 + cold.markets[market].flow[number]))
                    << "seed " << seed;
            }
        }
    }
}

TEST(SpatialSolver, KeepsNothingButMemoryFromMarketToMarket) {
    SpatialSolver solver;
    for (std::uint32_t seed = 1; seed <= 60; ++seed) {
        const DrawnProblem drawn = draw(seed);
        SpatialClearing fresh = start(drawn.markets, 1000.0);
        SpatialClearing again = fresh;
        clear_spatial(drawn.markets, drawn.caps, fresh);
        solver.clear(drawn.markets, drawn.caps, again);
        for (std::size_t market = 0; market < drawn.markets.size(); ++market) {
            EXPECT_EQ(again.markets[market].supply_price, fresh.markets[market].supply_price) << "seed " << seed;
            EXPECT_EQ(again.markets[market].use_price, fresh.markets[market].use_price) << "seed " << seed;
            EXPECT_EQ(again.markets[market].flow, fresh.markets[market].flow) << "seed " << seed;
        }
        EXPECT_EQ(again.shared_rent, fresh.shared_rent) << "seed " << seed;
    }
}

/// A mine whose own buyers want nothing near the price, with an import lane that hardly opens: its flow is below the
/// tolerance of the search, so the buyers' price must not depend on the start of the search.
TEST(SpatialSolver, ASideThatTradesNoMoreThanRoundingIsIdle) {
    std::vector<SpatialMarket> markets(1);
    markets[0].supply = {supply_line(1000.0, 20000.0, 0.5), supply_line(1500.0, 50.0, 0.5), {}};
    markets[0].use = {{{200.0, 900.0}, {5.0, 0.0}}, use_line(1500.0, 50.0, 0.5), use_line(1100.0, 20000.0, 0.5)};
    SpatialLane out = lane(0, 2, 20000.0, 250.0);
    out.freight = 100.0;
    SpatialLane in = lane(1, 0, 0.0, 250.0);
    in.opening_flow = 1e-9;
    in.preference = -595.0;
    markets[0].lanes = {out, in};
    std::vector<double> use_prices;
    for (const double price : {10.0, 880.0, 901.0, 990.0, 1300.0}) {
        SpatialClearing clearing = start(markets, price);
        clear_spatial(markets, {}, clearing);
        EXPECT_LT(certify(markets, {}, clearing).worst(), 1e-9) << price;
        EXPECT_EQ(clearing.markets[0].flow[1], 0.0) << price;
        use_prices.push_back(clearing.markets[0].use_price[0]);
    }
    for (const double price : use_prices) {
        EXPECT_NEAR(price, 905.0, 1e-6) << "what an import would cost";
    }
}

TEST(SpatialSolver, EmptyAndOneSidedNodesHaveDefinedAnswers) {
    std::vector<SpatialMarket> markets(1);
    markets[0].supply = {{}, supply_line(100.0, 10.0, 0.5), {}};
    markets[0].use = {{}, {}, use_line(100.0, 10.0, 0.5)};
    SpatialClearing clearing = start(markets, 70.0);
    ASSERT_NO_THROW(clear_spatial(markets, {}, clearing));
    EXPECT_EQ(clearing.markets[0].supply_price[0], 70.0) << "an empty node keeps its price";
    EXPECT_NEAR(clearing.markets[0].supplied[1], 0.0, 1e-9) << "nothing can leave, so nothing is sold";
    EXPECT_NEAR(clearing.markets[0].used[2], 0.0, 1e-9) << "nothing can arrive, so nothing is bought";
}

TEST(Certificate, CatchesEveryKindOfWrongAnswer) {
    std::vector<SpatialMarket> markets(1);
    markets[0].supply = {supply_line(100.0, 80.0, 0.5), supply_line(100.0, 20.0, 0.5)};
    markets[0].use = {use_line(100.0, 50.0, 0.5), use_line(100.0, 50.0, 0.5)};
    markets[0].lanes = {lane(0, 1, 30.0, 25.0)};
    markets[0].lanes[0].cap = 20.0;
    const std::vector<SharedCap> caps = {{{{0, 0}}, 25.0}};
    SpatialClearing right = start(markets, 100.0);
    clear_spatial(markets, caps, right);
    ASSERT_LT(certify(markets, caps, right).worst(), 1e-9);
    SpatialClearing wrong = right;
    wrong.markets[0].use_price[1] *= 1.01;
    EXPECT_GT(certify(markets, caps, wrong).balance, 1e-6);
    wrong = right;
    wrong.markets[0].lane_rent[0] = 0.0;
    EXPECT_GT(certify(markets, caps, wrong).arbitrage, 1e-6);
    wrong = right;
    wrong.markets[0].flow[0] = 21.0;
    EXPECT_GT(certify(markets, caps, wrong).cap, 1e-3);
    wrong = right;
    wrong.shared_rent[0] = 5.0;
    EXPECT_GT(certify(markets, caps, wrong).idle_rent, 1e-3);
}

}  // namespace
}  // namespace ytterby

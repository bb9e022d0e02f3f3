// Reference cases (tests/refcases): markets whose answers are published or were solved by others.
#include <gtest/gtest.h>

// Boost 1.74 warns of its own use of global placeholders.
#define BOOST_BIND_GLOBAL_PLACEHOLDERS
#include <boost/property_tree/json_parser.hpp>
#include <boost/property_tree/ptree.hpp>
#include <string>
#include <vector>

#include "market/exact_solver.hpp"

namespace ytterby {
namespace {

using Tree = boost::property_tree::ptree;
using Matrix = std::vector<std::vector<double>>;

Tree read_case(const std::string& name) {
    Tree tree;
    boost::property_tree::read_json(std::string(YTTERBY_SOURCE_DIR) + "/tests/refcases/" + name + ".json", tree);
    return tree;
}

/// A member by its whole name, which may hold dots.
const Tree& member(const Tree& tree, const std::string& name) {
    const auto found = tree.find(name);
    EXPECT_TRUE(found != tree.not_found()) << name;
    return found->second;
}
double number(const Tree& tree, const std::string& name) { return member(tree, name).get_value<double>(); }

std::vector<double> numbers(const Tree& tree) {
    std::vector<double> values;
    for (const auto& child : tree) {
        values.push_back(child.second.get_value<double>());
    }
    return values;
}
Matrix matrix(const Tree& tree) {
    Matrix rows;
    for (const auto& child : tree) {
        rows.push_back(numbers(child.second));
    }
    return rows;
}

/// price = intercept + slope x quantity, up to a quantity that no case reaches.
OrderCurve inverse_supply(double intercept, double slope) { return {{intercept, intercept + 1000.0 * slope}, {0.0, 1000.0}}; }
/// price = intercept - slope x quantity.
OrderCurve inverse_demand(double intercept, double slope) { return {{0.0, intercept}, {intercept / slope, 0.0}}; }
/// quantity = base + slope x price from a price of zero.
OrderCurve supply_line(double base, double slope) { return {{0.0, 0.0, 100.0}, {0.0, base, base + 100.0 * slope}}; }
OrderCurve demand_line(double base, double slope) { return {{0.0, base / slope}, {base, 0.0}}; }

SpatialLane lane(std::uint32_t from, std::uint32_t to, double freight) {
    SpatialLane made;
    made.from = from;
    made.to = to;
    made.freight = freight;
    return made;
}

SpatialMarketClearing clear(const ExactMarket& market) {
    SpatialClearing clearing;
    clear_exact({&market, 1}, {}, clearing);
    EXPECT_LT(certify_exact({&market, 1}, {}, clearing).worst(), 1e-9);
    return clearing.markets[0];
}

double net_exports(const SpatialMarketClearing& answer, std::size_t node) { return answer.supplied[node] - answer.used[node]; }

void expect_all_near(const std::vector<double>& found, const std::vector<double>& expected, double tolerance, const std::string& what) {
    ASSERT_EQ(found.size(), expected.size()) << what;
    for (std::size_t index = 0; index < found.size(); ++index) {
        EXPECT_NEAR(found[index], expected[index], tolerance) << what << " of node " << index + 1;
    }
}

TEST(ReferenceCase, TransportDantzigTrnsport) {
    const Tree data = read_case("transport_dantzig_trnsport");
    const Tree& inputs = member(data, "inputs");
    const std::vector<double> capacity = numbers(member(inputs, "capacity"));
    const std::vector<double> demand = numbers(member(inputs, "demand"));
    const Matrix distance = matrix(member(inputs, "distance_kmiles"));
    ExactMarket market;
    market.supply.resize(5);
    market.use.resize(5);
    for (std::size_t plant = 0; plant < 2; ++plant) {
        market.supply[plant] = make_supply_curve(std::vector<LimitOrder>{{capacity[plant], 0.0, 0.0}});
    }
    for (std::size_t place = 0; place < 3; ++place) {
        market.use[2 + place] = make_use_curve(std::vector<LimitOrder>{{demand[place], 1000.0, 1000.0}});
        for (std::size_t plant = 0; plant < 2; ++plant) {
            market.lanes.push_back(lane(static_cast<std::uint32_t>(plant), static_cast<std::uint32_t>(2 + place), 90.0 * distance[plant][place] / 1000.0));
        }
    }
    const SpatialMarketClearing answer = clear(market);
    double cost = 0.0;
    for (std::size_t number = 0; number < market.lanes.size(); ++number) {
        cost += answer.flow[number] * market.lanes[number].freight;
    }
    const Tree& expected = member(data, "expected");
    EXPECT_NEAR(cost, number(expected, "total_cost"), 1e-9);
    const auto flow = [&](std::size_t plant, std::size_t place) { return answer.flow[2 * place + plant]; };
    EXPECT_NEAR(flow(0, 1), 300.0, 1e-8);   // seattle->chicago
    EXPECT_NEAR(flow(0, 2), 0.0, 1e-8);
    EXPECT_NEAR(flow(1, 2), 275.0, 1e-8);   // san-diego->topeka
    EXPECT_NEAR(flow(1, 1), 0.0, 1e-8);
    EXPECT_NEAR(flow(0, 0) + flow(1, 0), 325.0, 1e-8);
    EXPECT_NEAR(answer.use_price[2] - answer.use_price[3], number(member(expected, "price_differences"), "new-york - chicago"), 1e-9);
    EXPECT_NEAR(answer.use_price[2] - answer.use_price[4], number(member(expected, "price_differences"), "new-york - topeka"), 1e-9);
}

ExactMarket compecon(const std::vector<double>& demand_slope) {
    const Tree data = read_case("spe_compecon_3country");
    const Tree& inputs = member(data, "inputs");
    const std::vector<double> supply_intercept = numbers(member(inputs, "inverse_supply_intercept"));
    const std::vector<double> supply_slope = numbers(member(inputs, "inverse_supply_slope"));
    const std::vector<double> demand_intercept = numbers(member(inputs, "inverse_demand_intercept"));
    const Matrix cost = matrix(member(inputs, "transport_cost_from_row_to_col"));
    ExactMarket market;
    for (std::uint32_t from = 0; from < 3; ++from) {
        market.supply.push_back(inverse_supply(supply_intercept[from], supply_slope[from]));
        market.use.push_back(inverse_demand(demand_intercept[from], demand_slope[from]));
        for (std::uint32_t to = 0; to < 3; ++to) {
            if (from != to) {
                market.lanes.push_back(lane(from, to, cost[from][to]));
            }
        }
    }
    return market;
}

TEST(ReferenceCase, SpeCompecon3Country) {
    const Tree data = read_case("spe_compecon_3country");
    for (const std::string variant : {"bd_code_3_2_1", "bd_table_2_3_1"}) {
        const std::vector<double> slopes = numbers(member(member(member(data, "inputs"), "variants"), variant));
        const Tree& expected = member(member(data, "expected"), variant);
        ExactMarket market = compecon(slopes);
        const SpatialMarketClearing answer = clear(market);
        expect_all_near(answer.supply_price, numbers(member(expected, "supply_price")), 1e-5, variant + " supply price");
        expect_all_near(answer.use_price, numbers(member(expected, "demand_price")), 1e-5, variant + " use price");
        const std::vector<double> exports = numbers(member(expected, "net_exports"));
        for (std::size_t node = 0; node < 3; ++node) {
            EXPECT_NEAR(net_exports(answer, node), exports[node], 1e-4) << variant;
        }
        for (SpatialLane& one : market.lanes) {
            one.cap = 0.0;  // autarky is a total ban
        }
        const SpatialMarketClearing alone = clear(market);
        expect_all_near(alone.supply_price, numbers(member(expected, "autarky_price")), 1e-5, variant + " autarky price");
        expect_all_near(alone.domestic_flow, numbers(member(expected, "autarky_quantity")), 1e-5, variant + " autarky quantity");
    }
}

TEST(ReferenceCase, PolicyVariantsOnCompecon3Country) {
    const Tree data = read_case("policy_variants_on_compecon_3country");
    int compared = 0;
    for (const auto& [name, expected] : member(data, "expected")) {
        ExactMarket market = compecon({2.0, 3.0, 1.0});
        const bool first = name.find("1->2") != std::string::npos;
        for (SpatialLane& one : market.lanes) {
            if (one.from != (first ? 0U : 1U) || one.to != (first ? 1U : 2U)) {
                continue;
            }
            one.cap = name.starts_with("ban") ? 0.0 : name.starts_with("quota") ? 1.0 : one.cap;
            one.friction = name.starts_with("specific") ? 1.5 : 0.0;
            one.tariff = name.starts_with("ad valorem") ? 0.1 : 0.0;
        }
        const SpatialMarketClearing answer = clear(market);
        expect_all_near(answer.supply_price, numbers(member(expected, "supply_price")), 1e-5, name + ": supply price");
        expect_all_near(answer.use_price, numbers(member(expected, "demand_price")), 1e-5, name + ": use price");
        const Matrix flows = matrix(member(expected, "flows"));
        for (std::size_t node = 0; node < 3; ++node) {
            double exports = 0.0;
            for (std::size_t other = 0; other < 3; ++other) {
                exports += flows[node][other] - flows[other][node];
            }
            EXPECT_NEAR(net_exports(answer, node), exports, 1e-5) << name;
        }
        if (name.starts_with("quota")) {
            EXPECT_NEAR(answer.lane_rent[first ? 0 : 3], number(expected, "licence_price"), 1e-5) << name;
        }
        ++compared;
    }
    EXPECT_EQ(compared, 8);
}

/// Home (node 0) and foreign (node 1) of the wheat problems, with lanes both ways.
ExactMarket wheat(double foreign_size) {
    ExactMarket market;
    market.supply = {supply_line(20.0, 20.0), supply_line(40.0 * foreign_size, 20.0 * foreign_size)};
    market.use = {demand_line(100.0, 20.0), demand_line(80.0 * foreign_size, 20.0 * foreign_size)};
    market.lanes = {lane(1, 0, 0.0), lane(0, 1, 0.0)};
    return market;
}

/// What home consumers or producers gain when a price moves along a line.
double area(double quantity_before, double quantity_after, double price_change) { return 0.5 * (quantity_before + quantity_after) * price_change; }

TEST(ReferenceCase, TariffKrugmanObstfeldWheat) {
    const Tree data = read_case("tariff_krugman_obstfeld_wheat");
    const Tree& expected = member(data, "expected");
    ExactMarket market = wheat(1.0);
    const SpatialMarketClearing free_trade = clear(market);
    EXPECT_NEAR(free_trade.use_price[0], expected.get<double>("free_trade.price"), 1e-6);
    EXPECT_NEAR(free_trade.flow[0], expected.get<double>("free_trade.trade"), 1e-6);

    const auto compare = [](const SpatialMarketClearing& answer, double home, double foreign, double imports) {
        EXPECT_NEAR(answer.use_price[0], home, 1e-5);
        EXPECT_NEAR(answer.supply_price[1], foreign, 1e-5);
        EXPECT_NEAR(answer.flow[0], imports, 1e-4);
    };
    market.lanes[0].friction = 0.5;
    const SpatialMarketClearing taxed = clear(market);
    const Tree& tariff = member(expected, "tariff_0_5");
    compare(taxed, number(tariff, "home_price"), number(tariff, "foreign_price"), number(tariff, "imports"));
    const double consumers = area(free_trade.used[0], taxed.used[0], free_trade.use_price[0] - taxed.use_price[0]);
    const double producers = area(free_trade.supplied[0], taxed.supplied[0], taxed.supply_price[0] - free_trade.supply_price[0]);
    EXPECT_NEAR(consumers, number(tariff, "dCS"), 1e-6);
    EXPECT_NEAR(producers, number(tariff, "dPS"), 1e-6);
    EXPECT_NEAR(0.5 * taxed.flow[0], number(tariff, "revenue"), 1e-6);
    EXPECT_NEAR(consumers + producers + 0.5 * taxed.flow[0], number(tariff, "net"), 1e-6);

    market.lanes[0].friction = -0.5;    // an export subsidy
    market.lanes[1].cap = 0.0;          // or what was exported would come straight back
    const Tree& subsidy = member(expected, "foreign_export_subsidy_0_5");
    compare(clear(market), number(subsidy, "home_price"), number(subsidy, "foreign_price"), number(subsidy, "trade"));

    market.lanes[0].friction = 1.0 / 3.0;
    const Tree& best = member(expected, "optimal_specific_tariff");
    compare(clear(market), number(best, "home_price"), number(best, "foreign_price"), number(best, "imports"));
    market.lanes[0].friction = 0.0;
    market.lanes[0].tariff = number(best, "ad_valorem_on_foreign_price");
    compare(clear(market), number(best, "home_price"), number(best, "foreign_price"), number(best, "imports"));

    market.lanes[0].tariff = 0.0;
    market.lanes[0].cap = 10.0;
    const Tree& quota = member(expected, "import_quota_10");
    const SpatialMarketClearing limited = clear(market);
    compare(limited, number(quota, "home_price"), number(quota, "foreign_price"), 10.0);
    EXPECT_NEAR(limited.lane_rent[0], number(quota, "licence_price"), 1e-6);
    EXPECT_NEAR(limited.lane_rent[0] * limited.flow[0], number(quota, "quota_rent"), 1e-6);

    market.lanes[0].cap = 0.0;
    const SpatialMarketClearing alone = clear(market);
    EXPECT_NEAR(alone.use_price[0], expected.get<double>("autarky_price.home"), 1e-9);
    EXPECT_NEAR(alone.use_price[1], expected.get<double>("autarky_price.foreign"), 1e-9);

    ExactMarket large = wheat(10.0);
    const Tree& facing = member(expected, "large_foreign");
    const SpatialMarketClearing open = clear(large);
    EXPECT_NEAR(open.use_price[0], number(facing, "free_trade_price"), 1e-6);
    EXPECT_NEAR(open.flow[0], number(facing, "free_trade_imports"), 1e-5);
    large.lanes[0].friction = 0.5;
    compare(clear(large), number(facing, "tariff_home_price"), number(facing, "tariff_foreign_price"), number(facing, "imports"));
}

TEST(ReferenceCase, EmbargoDiversionBathtub) {
    const Tree data = read_case("embargo_diversion_bathtub");
    for (const double freight : {0.0, 0.5}) {
        ExactMarket market;    // A, B sell to X, Y
        market.supply = {inverse_supply(2.0, 0.1), inverse_supply(2.0, 0.1), {}, {}};
        market.use = {{}, {}, inverse_demand(12.0, 0.1), inverse_demand(12.0, 0.1)};
        market.lanes = {lane(0, 2, 0.0), lane(0, 3, freight), lane(1, 2, freight), lane(1, 3, 0.0)};
        const Tree& expected = member(member(data, "expected"), freight > 0.0 ? "freight_0_5" : "freight0");
        const SpatialMarketClearing before = clear(market);
        for (std::size_t node = 0; node < 4; ++node) {
            EXPECT_NEAR(before.supply_price[node], 7.0, 1e-6);
        }
        market.lanes[0].cap = 0.0;
        const SpatialMarketClearing after = clear(market);
        const Tree& then = member(expected, "after");
        expect_all_near({after.supply_price[0], after.supply_price[1]}, numbers(member(then, "supply_price")), 1e-6, "supply price");
        expect_all_near({after.use_price[2], after.use_price[3]}, numbers(member(then, "demand_price")), 1e-6, "use price");
        const Matrix flows = matrix(member(then, "flows"));
        for (std::size_t number = 0; number < 4; ++number) {
            EXPECT_NEAR(after.flow[number], flows[number / 2][number % 2], 1e-5);
        }
    }
}

TEST(ReferenceCase, PriceFloorCeilingWheat) {
    const Tree expected = member(read_case("price_floor_ceiling_wheat"), "expected");
    ExactMarket market;
    market.supply = {supply_line(20.0, 20.0)};
    market.use = {demand_line(100.0, 20.0)};
    const SpatialMarketClearing alone = clear(market);
    EXPECT_NEAR(alone.use_price[0], expected.get<double>("home_autarky.price"), 1e-9);
    EXPECT_NEAR(alone.domestic_flow[0], expected.get<double>("home_autarky.quantity"), 1e-9);
    // Below the ceiling nobody may sell dearer: the curves at it, and how the short side is shared.
    const Tree& ceiling = member(expected, "ceiling_1_5");
    const double supplied = quantities_at(market.supply[0], 1.5).most;
    const double demanded = quantities_at(market.use[0], 1.5).most;
    EXPECT_NEAR(supplied, number(ceiling, "supplied"), 1e-9);
    EXPECT_NEAR(demanded, number(ceiling, "demanded"), 1e-9);
    EXPECT_NEAR(demanded - supplied, number(ceiling, "shortage"), 1e-9);
    EXPECT_NEAR(supplied / demanded, number(ceiling, "ration_factor"), 1e-6);
    // A floor kept by a buyer of last resort who takes whatever comes at it.
    const Tree& floor = member(expected, "floor_2_5");
    market.supply.push_back({});
    market.use.push_back(make_use_curve(std::vector<LimitOrder>{{1000.0, 2.5, 2.5}}));
    market.lanes = {lane(0, 1, 0.0)};
    const SpatialMarketClearing kept = clear(market);
    EXPECT_NEAR(kept.supply_price[0], 2.5, 1e-9);
    EXPECT_NEAR(kept.supplied[0], number(floor, "supplied"), 1e-8);
    EXPECT_NEAR(kept.used[0], number(floor, "demanded"), 1e-8);
    EXPECT_NEAR(kept.used[1], number(floor, "surplus"), 1e-8);
}

TEST(ReferenceCase, TariffRateQuotaRegimes) {
    const Tree data = read_case("tariff_rate_quota_regimes");
    const Tree& inputs = member(data, "inputs");
    for (const double quota : numbers(member(inputs, "quotas"))) {
        ExactMarket market = wheat(1.0);
        market.lanes.assign(2, lane(1, 0, 0.0));    // two lanes side by side: within the quota and over it
        market.lanes[0].friction = number(inputs, "in_quota_tariff");
        market.lanes[0].cap = quota;
        market.lanes[1].friction = number(inputs, "over_quota_tariff");
        const SpatialMarketClearing answer = clear(market);
        const Tree& expected = member(member(data, "expected"), "quota=" + std::to_string(static_cast<int>(quota)));
        EXPECT_NEAR(answer.use_price[0], number(expected, "home_price"), 1e-6);
        EXPECT_NEAR(answer.supply_price[1], number(expected, "foreign_price"), 1e-6);
        EXPECT_NEAR(answer.flow[0] + answer.flow[1], number(expected, "imports"), 1e-5);
        const double revenue = answer.flow[0] * market.lanes[0].friction + answer.flow[1] * market.lanes[1].friction;
        EXPECT_NEAR(revenue, number(expected, "tariff_revenue"), 1e-5);
        EXPECT_NEAR(answer.flow[0] * answer.lane_rent[0], number(expected, "quota_rent"), 1e-5);
    }
}

}  // namespace
}  // namespace ytterby

#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "agents/world/economy.hpp"
#include "core/column.hpp"
#include "market/market_memory.hpp"
#include "rules/accounts.hpp"
#include "rules/regime.hpp"

namespace ytterby {

/// What a tick left at a node (a good in a country); index = TradeNetwork::node.
struct NodeColumns {
    Column<double> supply_price;  // USD/t that sellers at the node get
    Column<double> use_price;     // USD/t that the marginal buyer at the node pays
    Column<double> previous_supply_price;
    Column<double> previous_use_price;
    Column<double> landed_price;   // USD/t paid on average by the node's buyers
    Column<double> supply_anchor;  // slow anchor of fundamentalists, USD/t
    Column<double> use_anchor;
    Column<double> year_price;         // 12-month exponential mean of the use price
    Column<double> risk;               // perceived supply risk, 0 = as at the base date
    Column<double> front_load_months;  // extra cover held against an announced closure
    Column<double> demand_shock;       // log deviation of the use index (named noise)
    Column<double>
        rush;  // share of the price that sellers expect to lose to an announced closure, as the start comes near
    Column<double> usual_bought;    // t per tick, follows purchases over the qualification time
    Column<double> usual_imports;   // t per tick, slow mean
    Column<double> licence_value;   // USD/t that holders at the node expect from lanes that are shut or rationed
    Column<double> need_index;      // need over that of the base date: outlook, steps, intensity and noise
    Column<double> stepped;         // need after dated steps as stocks have followed it, 12-month mean
    Column<double> stock_index;     // the same without noise: what target stocks follow
    Column<double> intensity;       // metal per product over that of the base date
    Column<double> log_adaptation;  // ln a: use that has given way to prices in months, over that of the base date
    Column<double> scarcity_mark;   // 1 while a measure or shock has left stocks or use abnormal, else 0
    Column<double>
        turnover_index;  // 12-month mean of the node's flow over that of the base date; merchants grow with it
    Column<double> slow_use_price;  // what substitution and investors look at, USD/t
    Column<double> slow_supply_price;
    Column<double> new_in_use;  // metal in products in use, first and second half of their life, t
    Column<double> old_in_use;
    // Totals of the last tick, t per tick.
    Column<double> production, consumption, need, bought, sold, imports, exports, stock;
};

/// State of a lane; index = GoodLanes::first_lane + position.
struct LaneColumns {
    Column<double> usual_flow;     // t per tick, follows flows over the qualification time
    Column<double> flow;           // t in the last tick
    Column<double> rent;           // USD/t in the last tick, lane and shared caps together
    Column<double> premium;        // USD/t that the destination would pay above the usual preference
    Column<std::uint8_t> waivers;  // kinds of ban that treaties lifted in the last tick; empty where none was
};

/// Prices that the market would have without stocks, over those under the rules of the base date; by node, empty while
/// all are 1. What they were found for is kept, so that they are found anew only when it changes.
struct ReferencePrices {
    Column<double> multiple;  // under the duties and tariffs in force
    Column<double> standing;  // and the caps in force that are expected to last
    Column<double> lasting;   // and those that are announced
    // Without measures, when the first of them was heard of; 0 while there is none.
    Column<double> plain;       // USD/t
    Column<double> plain_used;  // t per tick

    static double at(const Column<double>& column, std::size_t node) { return column.empty() ? 1.0 : column[node]; }
    double multiple_at(std::size_t node) const { return at(multiple, node); }
    double standing_at(std::size_t node) const { return at(standing, node); }
    double lasting_at(std::size_t node) const { return at(lasting, node); }
};

/// Prices in years to come over those of the base date, as investors believe: by year and node. What measures they were
/// found for is kept, per good.
struct BelievedPrices {
    Column<double> multiple;
    Column<double> imports;  // to which buyers are used then, t per tick; 0 where not found yet
    Column<std::uint64_t> found_for;
};

/// Whether a plant runs.
enum class PlantStatus : std::uint8_t { running = 0, mothballed = 1, restarting = 2, closed = 3 };

/// One row per firm.
struct FirmColumns {
    Column<float> run_rate;
    Column<double> cash;
    Column<double> capacity_t;  // as FirmTraits::capacity_t, now
    Column<PlantStatus> status;
    Column<std::uint16_t> state_ticks;  // ticks below avoidable cost while running; in its state otherwise
};

/// One row per firm and good it holds.
struct PositionColumns {
    Column<double> stock;             // t
    Column<float> trend_expectation;  // USD/t, the trend follower's view
    Column<float> expectation;        // USD/t, blended view of the last plan
};

/// Sums over a cell in the last tick; index = cell. Positions in the order of Cell::positions.
struct CellTotals {
    double throughput_t = 0.0;
    double capacity_t = 0.0;
    double run_rate_sum = 0.0;
    std::uint32_t running = 0;
    std::uint32_t mothballed = 0;      // standing idle at the end of the tick
    std::uint32_t mothballed_now = 0;  // firms that took the step in this tick
    std::uint32_t restarted_now = 0;
    std::uint32_t closed_now = 0;
    std::uint32_t bankrupt_now = 0;
    double closed_t = 0.0;  // capacity that closed for good in this tick
    double cash_usd = 0.0;
    static constexpr std::size_t most_positions = 8;
    std::array<double, most_positions> stock{};
    std::array<double, most_positions> sold{};
    std::array<double, most_positions> bought{};
    std::array<double, most_positions> disposed{};
};

/// What a policy that supports plants or buyers was asked for and paid in the last tick, for it to see.
struct SupportLedger {
    std::vector<double> claimed_usd;  // per cell: fell due in the tick
    std::vector<double> paid_usd;     // per cell: of it
    double arrears_usd = 0.0;         // paid of older claims
    double clawed_back_usd = 0.0;
    double buyers_usd = 0.0;
};

/// All state that changes: one regular value, so a copy is a fork. Money is in USD.
struct World {
    std::int64_t tick = 0;
    NodeColumns nodes;
    LaneColumns lanes;
    FirmColumns firms;
    PositionColumns positions;
    ReferencePrices references;
    BelievedPrices believed;
    std::vector<CellTotals> cells;
    Column<double> origin_share;        // [node][country]: share of the node's stock that was made in the country
    Column<double> world_demand_shock;  // per good: log deviation of world use (named noise)
    std::vector<PlantState> plants;     // per cell: projects under way, host, scrap, depletion
    ContractColumns contracts;
    std::vector<Holding> holdings;  // by cell, then as they came
    DealState deals;
    std::vector<double> shared_rents;  // warm start of the market
    MarketMemory market_memory;
    Column<double> outside;  // per country: households, labour, energy, shipping
    std::map<std::string, std::vector<double>, std::less<>> treasury;    // account -> per country, USD (account_of)
    std::map<std::string, std::vector<double>, std::less<>> stockpiles;  // policy name -> per node, t that states hold
    std::map<std::string, SupportLedger, std::less<>> support;           // policy name -> what it paid in the last tick
    std::map<std::string, PolicyMemory, std::less<>> memory;             // policy name -> its memory
};

/// Balances by country, USD, of one of the program's accounts; made on first use.
std::vector<double>& account_of(World& world, const Economy& economy, SystemAccount account);

/// Balances by country, USD, of a policy's own account; made on first use. std::logic_error for a name of the
/// program's.
std::vector<double>& policy_account_of(World& world, const Economy& economy, const std::string& policy);

/// Total money in the world, USD; it never changes.
double total_money(const World& world);

}  // namespace ytterby

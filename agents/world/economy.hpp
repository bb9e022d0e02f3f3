#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "agents/world/behaviour.hpp"
#include "agents/world/contracts.hpp"
#include "agents/world/deal_state.hpp"
#include "agents/world/expansion.hpp"
#include "agents/world/outlook.hpp"
#include "core/column.hpp"
#include "core/ids.hpp"
#include "market/network.hpp"
#include "rules/lane_rules.hpp"

namespace ytterby {

/// A traded good: metal x stage, in tonnes of the contained basis the data use (REO, Co content).
struct Good {
    std::string name;                    // "gallium.refined"
    std::string metal;                   // "gallium"
    std::string stage;                   // "ore" or "refined"
    double medium_run_elasticity = 0.3;  // of use, a year on, positive
    double demand_elasticity = 0.1;      // short run, per cent use per per cent price, positive
    double first_choke_multiple = 3.0;   // end uses begin to drop out at this multiple of the base price
    double choke_multiple = 30.0;        // the last end use drops out here
    double trade_elasticity = 4.0;       // sigma of the origin preference
    double long_run_elasticity = 0.2;    // of use, positive; what substitution adds is this less the short-run one
    double least_intensity = 0.5;        // substitution goes no further than this share of today's use per product
    double lifetime_years = 10.0;        // of the products that hold the metal
    double overhang_share = 0.0;         // stocks left over from years of surplus, over usual ones
};

/// A government and its territory.
struct Country {
    std::string code;  // ISO 3166 alpha-3 or ROW
    std::string name;
    double latitude = 0.0;
    double longitude = 0.0;
    double hurdle_rate = 0.1;  // what investors ask a year, with the country's risk
};

enum class FirmKind : std::uint8_t { miner, refiner, manufacturer, merchant };
const char* name_of(FirmKind kind);

/// An input or output of a process, t per t of throughput.
struct ProcessPort {
    GoodId good;
    double per_throughput = 1.0;
};

/// A technology. Throughput is counted in t of the (first) output, or of the ore used by a
/// joint process such as rare-earth separation.
struct Process {
    std::string name;
    FirmKind kind = FirmKind::miner;
    std::vector<ProcessPort> inputs;   // at most one in this version of the world
    std::vector<ProcessPort> outputs;  // several for a joint process with fixed shares
    double supply_elasticity = 0.13;   // short-run, of the run rate to the margin
    double minimum_run_rate = 0.3;
    std::string host;                    // by-product host ("alumina"), empty for a main product
    bool recycles = false;               // uses scrap, which is not traded
    double restart_months = 12.0;        // a mothballed plant takes this long to run again
    double footprint_t_co2_per_t = 0.0;  // of throughput
};

enum class Side : std::uint8_t { sells, buys, trades };

/// A cell's holdings of one good at its node: one row per firm in the position columns.
struct Position {
    GoodId good;
    NodeId node;
    Side side = Side::sells;
    double per_throughput = 1.0;
    std::uint32_t first_row = 0;
    double cover_months = 1.0;  // target stock in months of the base flow
    double base_flow_t = 0.0;   // t per tick over the whole cell at the base date
};

/// All firms of one process in one country; they differ only in the columns.
struct Cell {
    ProcessId process;
    CountryId country;
    FirmKind kind = FirmKind::miner;
    std::uint32_t first_firm = 0;
    std::uint32_t firms = 0;
    /// Countries abroad that get a share of the profits at the base date (ownership.csv); World::holdings has those of
    /// now.
    struct Owner {
        CountryId country;
        double share = 0.0;
    };
    std::vector<Owner> owners;
    std::vector<Position> positions;  // inputs first, then outputs
    std::uint32_t inputs = 0;
    double base_throughput_t = 0.0;                                  // t per tick
    double host_multiple = std::numeric_limits<double>::infinity();  // what the host could yield over recovery capacity
    Expansion expansion{};                                           // how capacity grows and ends; plants only
    double reference_revenue_usd_per_t = 0.0;                        // per t of throughput at base prices
    double reference_input_usd_per_t = 0.0;
    double conversion_cost_usd_per_t = 0.0;       // paid on every tonne of throughput
    double avoidable_conversion_usd_per_t = 0.0;  // part of it that stops with the plant

    /// Whether these are plants, and the good is their first output.
    bool makes_first(GoodId good) const {
        return (kind == FirmKind::miner || kind == FirmKind::refiner) && positions.size() > inputs &&
               positions[inputs].good == good;
    }
};

/// A run of firms of one cell that one thread works on at a time.
struct FirmBlock {
    std::uint32_t cell = 0;
    std::uint32_t first_firm = 0;  // offset within the cell
    std::uint32_t firms = 0;
};

/// What a firm is born with: one row per firm, constant in a run.
struct FirmTraits {
    Column<double> capacity_t;    // at the base date: throughput per tick at run rate 1; need of a manufacturer; stock
                                  // unit of a merchant
    Column<float> base_run_rate;  // 1 for manufacturers and merchants
    Column<float> run_rate_offset;       // z0: logit of the base run rate between minimum and 1
    Column<float> run_rate_response;     // kappa: per unit of relative margin
    Column<float> avoidable_cost_share;  // of the base price; no sale below it
    Column<float> fundamentalist_weight;
    Column<float> fundamentalist_pull;
    Column<float> trend_speed;  // per tick
    Column<float> trend_gain;
    Column<float> fear;         // phi
    Column<float> path_weight;  // w: of the path of prices in the firm's view
    Column<float> patience;     // where its discount rate lies among those of paths, 0 the lowest to 1 the highest
    std::size_t size() const { return capacity_t.size(); }
};

struct World;

/// The constant part of a scenario: who exists, what they can do, how they behave. Built once,
/// never changed in a run; everything that changes is in the World.
struct Economy {
    std::vector<Good> goods;
    std::vector<Country> countries;
    std::vector<Process> processes;
    std::vector<Cell> cells;
    std::vector<FirmBlock> blocks;
    FirmTraits traits;
    std::size_t position_rows = 0;
    TradeNetwork network;
    std::vector<std::uint32_t> active_nodes;  // where somebody makes, uses or trades the good, or could; in order
    std::vector<double> base_price;           // per node, USD/t; price of both sides at the base date
    std::vector<double> choke_price;          // per node, USD/t
    std::vector<double> base_turnover;        // per node, t per tick: the larger of output and use
    std::vector<double> base_imports;         // per node, t per tick
    std::vector<double>
        base_old_in_use;            // per node, t: metal in products in the second half of their life at the base date
    std::vector<double> base_risk;  // per node: restrictions that buyers have got used to by the base date
    std::vector<double> base_licence_factor;  // per node: outside value over inside price at the base date
    Behaviour behaviour;
    Outlook outlook;  // what the outside world brings, by year
    ContractBook contracts;
    DealRules deals;
    std::vector<double> affinity;  // [country][country], 0 to 1; empty without data
    LaneRules base_rules;          // of the base date
    double ticks_per_year = 12.0;

    double months_per_tick() const { return 12.0 / ticks_per_year; }
    /// Products that come to the end of their life at a node, over those of the base date.
    double end_of_life_index(const World& world, std::size_t node) const;
    CountryId country(std::string_view code) const;  // CountryId none when unknown
    GoodId good(std::string_view name) const;
};

}  // namespace ytterby

#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "core/column.hpp"
#include "core/ids.hpp"

namespace ytterby {

/// A long-term contract between the producers of one cell and the users of another: constant terms
/// (docs/contracts.md). What changes in a run is in ContractColumns.
struct Offtake {
    static constexpr std::uint32_t at_home = 0xFFFFFFFFU;

    GoodId good;
    CountryId origin;
    CountryId destination;
    std::uint32_t seller_cell = 0;
    std::uint32_t seller_position = 0;  // within the cell
    std::uint32_t buyer_cell = 0;
    std::uint32_t buyer_position = 0;
    std::uint32_t lane = at_home;  // index over all lanes of the network
    double contract_share = 0.0;   // of the trade between the two cells
    double pair_share = 1.0;       // of the trade between the two countries, at the base date
    bool captive = false;          // the owner's share of output; without expiry
    double output_share = 0.0;     // captive: of the seller's output
    // Price = clamp((1 - discount) x base price x mean of benchmark price / its base price, floor, cap).
    NodeId benchmark;                   // node whose supply price is the index
    double base_price_usd_per_t = 0.0;  // at the seller's node
    std::uint32_t index_ticks = 1;      // length of the mean
    double discount_share = 0.0;
    double floor_usd_per_t = 0.0;
    double cap_usd_per_t = std::numeric_limits<double>::infinity();
    std::int64_t length_ticks = 12;
};

/// All contracts of a scenario and the rules they share.
struct ContractBook {
    std::vector<Offtake> offtakes;
    std::uint32_t history_ticks = 0;   // the longest mean of an index
    std::int64_t lapse_ticks = 6;      // force majeure of this length ends a contract
    double force_majeure_share = 0.5;  // force majeure when the rules let through less of the volume

    bool empty() const { return offtakes.empty(); }
};

/// State of the contracts; index = place in ContractBook::offtakes unless noted otherwise.
struct ContractColumns {
    Column<double> volume_t;           // t per tick as agreed; 0 when lapsed
    Column<std::int64_t> expiry_tick;  // first tick that the present term no longer covers
    Column<std::int64_t> idle_ticks;   // of force majeure without a break
    Column<double> delivered_t;        // t in the last tick
    Column<double> usual_home_t;       // per node: home trade, follows it like a lane's usual flow
    Column<double> price_history;      // supply price, USD/t: [tick modulo history_ticks][node]
};

}  // namespace ytterby

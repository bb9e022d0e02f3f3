#pragma once

#include <cstdint>
#include <vector>

#include "agents/phases/scarcity/stock_path.hpp"
#include "agents/world/economy.hpp"
#include "agents/world/world.hpp"

namespace ytterby {

/// Plants that stand idle and what it takes to bring them back.
struct IdlePlants {
    double output_t = 0.0;  // per month, at base prices
    double months = 0.0;    // until it could come

    void add(const IdlePlants& other);
};

/// What a node makes and needs month by month once stocks play no part, at multiples of its base price.
struct NodeFlow {
    FlowCurve supply;  // t per month, with plants that stand idle
    IdlePlants idle;
    PathDemand demand;
    double output_t = 0.0;  // of the last tick, per month
    double target_t = 0.0;  // usual stocks of all holders
    double held_t = 0.0;    // with what is left over from years of surplus, which is held as long as nothing is scarce
    double stock_t = 0.0;   // without the output of the last month
};

/// Which capacity a flow curve counts.
enum class CountedCapacity : std::uint8_t { standing, with_building };

/// Adds a demand to a sum, weighting what they differ in by need.
void add_demand(const PathDemand& added, PathDemand& sum);

/// Ends demand for an input where what is made of it brings a multiple of its base price: beyond, plants stop.
void end_demand_at(double multiple, PathDemand& demand);

/// The flows of a good, by country.
std::vector<NodeFlow> node_flows(const Economy& economy, const World& world, GoodId good, CountedCapacity counted);

/// Throughput of a cell's plants, t per tick, where the price of one of its outputs is a multiple of the base price and
/// the prices of its inputs follow it: run rates as they answer to margins, without the firms whose avoidable costs are
/// not covered (docs/model.md, section 7.7).
double flow_throughput(const Economy& economy, const World& world, std::size_t cell, std::size_t output,
                       double multiple, CountedCapacity counted);

/// The same for a tonne of capacity.
double flow_rate(const Economy& economy, const World& world, std::size_t cell, std::size_t output, double multiple);

/// Throughput over capacity at the base date; of a sector that does not stand what plants usually run at.
double usual_run_rate(const Cell& cell);

}  // namespace ytterby

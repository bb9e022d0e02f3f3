#include "agents/phases/scarcity/chain.hpp"

#include <algorithm>
#include <cstddef>

namespace ytterby {
namespace {

/// Calls visit(cell number, input, output) for every pair of an input and an output of a cell.
template <class Visit>
void each_link(const Economy& economy, Visit&& visit) {
    for (std::size_t index = 0; index < economy.cells.size(); ++index) {
        const Cell& cell = economy.cells[index];
        for (std::size_t input = 0; input < cell.inputs; ++input) {
            for (std::size_t output = cell.inputs; output < cell.positions.size(); ++output) {
                visit(index, cell.positions[input], cell.positions[output]);
            }
        }
    }
}

ChainLink link_of(const Economy& economy, const World& world, std::size_t cell, const Position& input,
                  const Position& output) {
    const double base = economy.cells[cell].expansion.base_capacity_t;
    const double grown = base > 0.0 ? world.cells[cell].capacity_t / base : 1.0;
    const double throughput = world.tick == 0 ? economy.cells[cell].base_throughput_t : world.cells[cell].throughput_t;
    return {input.good, output.good, economy.cells[cell].country,
            output.per_throughput * throughput / economy.months_per_tick(),
            input.base_flow_t * grown / economy.months_per_tick()};
}

}  // namespace

std::vector<GoodId> chain_order(const Economy& economy) {
    // How many steps of processing lie before a good; chains have no cycles.
    std::vector<std::size_t> depth(economy.goods.size(), 0);
    for (std::size_t round = 0; round < economy.goods.size(); ++round) {
        bool changed = false;
        each_link(economy, [&](std::size_t, const Position& input, const Position& output) {
            std::size_t& here = depth[output.good.index()];
            const std::size_t least = depth[input.good.index()] + 1;
            changed = changed || here < least;
            here = std::max(here, least);
        });
        if (!changed) {
            break;
        }
    }
    std::vector<GoodId> order;
    for (std::size_t good = 0; good < depth.size(); ++good) {
        order.push_back(id_at<GoodId>(good));
    }
    std::stable_sort(order.begin(), order.end(),
                     [&](GoodId a, GoodId b) { return depth[a.index()] < depth[b.index()]; });
    return order;
}

std::vector<ChainLink> links_into(const Economy& economy, const World& world, GoodId good) {
    std::vector<ChainLink> links;
    each_link(economy, [&](std::size_t cell, const Position& input, const Position& output) {
        if (output.good == good) {
            links.push_back(link_of(economy, world, cell, input, output));
        }
    });
    return links;
}

std::vector<ChainLink> links_from(const Economy& economy, const World& world, GoodId good) {
    std::vector<ChainLink> links;
    each_link(economy, [&](std::size_t cell, const Position& input, const Position& output) {
        if (input.good == good) {
            links.push_back(link_of(economy, world, cell, input, output));
        }
    });
    return links;
}

}  // namespace ytterby

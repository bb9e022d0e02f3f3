#include "agents/phases/deliver.hpp"

#include "core/parallel.hpp"

namespace ytterby {
namespace {

constexpr std::size_t stride = CellTotals::most_positions;

/// Place of a contract's ends in columns over cells and positions.
std::size_t seller_of(const Offtake& offtake) { return offtake.seller_cell * stride + offtake.seller_position; }
std::size_t buyer_of(const Offtake& offtake) { return offtake.buyer_cell * stride + offtake.buyer_position; }

/// Sums of tonnes over the contracts of each position: [cell x most_positions].
struct Sums {
    std::vector<double> sold;
    std::vector<double> bought;
};
Sums sum_ends(const Economy& economy, const std::vector<double>& tonnes) {
    Sums sums{std::vector<double>(economy.cells.size() * stride, 0.0),
              std::vector<double>(economy.cells.size() * stride, 0.0)};
    for (std::size_t number = 0; number < tonnes.size(); ++number) {
        sums.sold[seller_of(economy.contracts.offtakes[number])] += tonnes[number];
        sums.bought[buyer_of(economy.contracts.offtakes[number])] += tonnes[number];
    }
    return sums;
}

/// Visits the rows of positions with contract tonnes, block by block, and adds the results in block order.
template <class ValueOfRow>
std::vector<double> sum_rows(const Economy& economy, const std::vector<double>& contract_t, Workers& workers,
                             ValueOfRow value_of_row) {
    std::vector<double> parts(economy.blocks.size() * stride, 0.0);
    workers.for_blocks(economy.blocks.size(), [&](std::size_t index) {
        const FirmBlock& block = economy.blocks[index];
        const Cell& cell = economy.cells[block.cell];
        for (std::size_t number = 0; number < cell.positions.size(); ++number) {
            const std::size_t place = block.cell * stride + number;
            if (contract_t[place] <= 0.0) {
                continue;
            }
            double sum = 0.0;
            for (std::size_t offset = block.first_firm; offset < block.first_firm + block.firms; ++offset) {
                sum += value_of_row(cell, cell.positions[number], place, offset);
            }
            parts[index * stride + number] = sum;
        }
    });
    std::vector<double> totals(contract_t.size(), 0.0);
    for (std::size_t index = 0; index < economy.blocks.size(); ++index) {
        for (std::size_t number = 0; number < stride; ++number) {
            totals[economy.blocks[index].cell * stride + number] += parts[index * stride + number];
        }
    }
    return totals;
}

/// Force majeure: nothing on a closed lane, and within its cap and all shared caps in proportion to volumes.
void keep_to_rules(const Economy& economy, const LaneRules& rules, std::vector<double>& tonnes) {
    const std::vector<Offtake>& offtakes = economy.contracts.offtakes;
    std::vector<double> on_lane(economy.network.lane_count, 0.0);
    for (std::size_t number = 0; number < offtakes.size(); ++number) {
        const Offtake& offtake = offtakes[number];
        if (offtake.lane == Offtake::at_home) {
            continue;
        }
        if (rules.rule(offtake.good, offtake.origin, offtake.destination).closed()) {
            tonnes[number] = 0.0;
        }
        on_lane[offtake.lane] += tonnes[number];
    }
    for (std::size_t number = 0; number < offtakes.size(); ++number) {
        const Offtake& offtake = offtakes[number];
        if (offtake.lane != Offtake::at_home) {
            const double cap = rules.rule(offtake.good, offtake.origin, offtake.destination).cap_t();
            if (on_lane[offtake.lane] > cap) {
                tonnes[number] *= cap / on_lane[offtake.lane];
            }
        }
    }
    std::vector<double> passed(offtakes.size(), 1.0);
    for (const SharedLimit& limit : rules.shared_limits()) {
        double sum = 0.0;
        const auto covered = [&](const Offtake& offtake) {
            return rules.binds(limit, offtake.origin, offtake.destination, offtake.good);
        };
        for (std::size_t number = 0; number < offtakes.size(); ++number) {
            sum += covered(offtakes[number]) ? tonnes[number] : 0.0;
        }
        if (sum > limit.cap_t) {
            for (std::size_t number = 0; number < offtakes.size(); ++number) {
                if (covered(offtakes[number])) {
                    passed[number] = std::min(passed[number], limit.cap_t / sum);
                }
            }
        }
    }
    for (std::size_t number = 0; number < offtakes.size(); ++number) {
        tonnes[number] *= passed[number];
    }
}

/// Buyers take no more than they can use and store: storage multiple x target + a tick's base flow - stock.
void keep_to_storage(const Economy& economy, const World& world, Workers& workers, std::vector<double>& tonnes) {
    const Sums wanted = sum_ends(economy, tonnes);
    const std::vector<double> stock = sum_rows(
        economy, wanted.bought, workers, [&](const Cell&, const Position& position, std::size_t, std::size_t offset) {
            return world.positions.stock[position.first_row + offset];
        });
    for (std::size_t number = 0; number < tonnes.size(); ++number) {
        const Offtake& offtake = economy.contracts.offtakes[number];
        const Position& position = economy.cells[offtake.buyer_cell].positions[offtake.buyer_position];
        const double cover_ticks = position.cover_months / economy.months_per_tick();
        const double most = (economy.behaviour.storage_multiple * cover_ticks + 1.0) * position.base_flow_t;
        const double room = std::max(0.0, most - stock[buyer_of(offtake)]);
        const double asked = wanted.bought[buyer_of(offtake)];
        if (asked > room) {
            tonnes[number] *= room / asked;
        }
    }
}

/// Sellers give what they have: captive tonnes first, the others in proportion. Sets the sellers' shares.
void keep_to_stock(const Economy& economy, const World& world, Workers& workers, Deliveries& deliveries) {
    std::vector<double>& tonnes = deliveries.tonnes;
    const Sums wanted = sum_ends(economy, tonnes);
    const auto set_share = [&](std::size_t cell, std::size_t number, double contract_t) {
        if (contract_t > 0.0) {
            deliveries.positions[cell * stride + number].share =
                contract_t / economy.cells[cell].positions[number].base_flow_t;
        }
    };
    for (std::size_t cell = 0; cell < economy.cells.size(); ++cell) {
        for (std::size_t number = economy.cells[cell].inputs; number < economy.cells[cell].positions.size(); ++number) {
            set_share(cell, number, wanted.sold[cell * stride + number]);
        }
    }
    const std::vector<double> given = sum_rows(
        economy, wanted.sold, workers,
        [&](const Cell& cell, const Position& position, std::size_t place, std::size_t offset) {
            return deliveries.positions[place].sold_t(base_flow_of(economy.traits, cell.first_firm + offset, position),
                                                      world.positions.stock[position.first_row + offset]);
        });
    std::vector<double> captive(wanted.sold.size(), 0.0);
    for (std::size_t number = 0; number < tonnes.size(); ++number) {
        const Offtake& offtake = economy.contracts.offtakes[number];
        captive[seller_of(offtake)] += offtake.captive ? tonnes[number] : 0.0;
    }
    for (std::size_t number = 0; number < tonnes.size(); ++number) {
        const Offtake& offtake = economy.contracts.offtakes[number];
        const std::size_t place = seller_of(offtake);
        const double first = std::min(captive[place], given[place]);
        const double asked = offtake.captive ? captive[place] : wanted.sold[place] - captive[place];
        if (asked > 0.0) {
            tonnes[number] *= (offtake.captive ? first : given[place] - first) / asked;
        }
    }
    const Sums moved = sum_ends(economy, tonnes);
    for (std::size_t cell = 0; cell < economy.cells.size(); ++cell) {
        for (std::size_t number = 0; number < economy.cells[cell].inputs; ++number) {
            set_share(cell, number, moved.bought[cell * stride + number]);
        }
    }
}

/// Values of every delivery: FOB at the index, then duty, freight, tariff and friction as on the spot market.
void book(const Economy& economy, const LaneRules& rules, Deliveries& deliveries) {
    std::vector<NodeDelivery> ends(deliveries.positions.size());
    for (std::size_t number = 0; number < deliveries.tonnes.size(); ++number) {
        const Offtake& offtake = economy.contracts.offtakes[number];
        const double tonnes = deliveries.tonnes[number];
        const double fob = tonnes * deliveries.price_usd_per_t[number];
        double landed = fob;
        NodeDelivery& from = deliveries.nodes[economy.network.node(offtake.good, offtake.origin).index()];
        NodeDelivery& to = deliveries.nodes[economy.network.node(offtake.good, offtake.destination).index()];
        if (offtake.lane == Offtake::at_home) {
            from.domestic_t += tonnes;
            from.domestic_usd += fob;
        } else {
            const LaneRule& rule = rules.rule(offtake.good, offtake.origin, offtake.destination);
            const GoodLanes& lanes = economy.network.goods[offtake.good.index()];
            const double duty = fob * rule.export_duty();
            const double freight =
                tonnes * lanes.lanes[offtake.lane - lanes.first_lane].freight_usd_per_t * rule.freight_factor();
            const double tariff = (fob + duty + freight) * rule.tariff() + tonnes * rule.specific_tariff_usd_per_t();
            const double friction = tonnes * rule.friction_usd_per_t();
            LaneTrade& trade = deliveries.lanes[offtake.lane];
            trade.tonnes += tonnes;
            trade.fob_usd += fob;
            trade.export_duty_usd += duty;
            trade.freight_usd += freight;
            trade.tariff_usd += tariff;
            trade.friction_usd += friction;
            landed += duty + freight + tariff + friction;
        }
        from.sold_t += tonnes;
        from.received_usd += fob;
        to.bought_t += tonnes;
        to.paid_usd += landed;
        ends[seller_of(offtake)].sold_t += tonnes;
        ends[seller_of(offtake)].received_usd += fob;
        ends[buyer_of(offtake)].bought_t += tonnes;
        ends[buyer_of(offtake)].paid_usd += landed;
    }
    for (std::size_t place = 0; place < ends.size(); ++place) {
        if (ends[place].sold_t + ends[place].bought_t > 0.0) {
            deliveries.positions[place].usd_per_t =
                (ends[place].received_usd + ends[place].paid_usd) / (ends[place].sold_t + ends[place].bought_t);
        }
    }
}

/// What contracts carry, for the spot market: on which lanes, and against which shared caps.
void leave_the_rest(const Economy& economy, const LaneRules& rules, Deliveries& deliveries) {
    deliveries.lane_t.assign(deliveries.lanes.size(), 0.0);
    for (std::size_t lane = 0; lane < deliveries.lanes.size(); ++lane) {
        deliveries.lane_t[lane] = deliveries.lanes[lane].tonnes;
    }
    for (const SharedLimit& limit : rules.shared_limits()) {
        double tonnes = 0.0;
        for (std::size_t number = 0; number < deliveries.tonnes.size(); ++number) {
            const Offtake& offtake = economy.contracts.offtakes[number];
            tonnes +=
                rules.binds(limit, offtake.origin, offtake.destination, offtake.good) ? deliveries.tonnes[number] : 0.0;
        }
        deliveries.shared_used_t.push_back(tonnes);
    }
}

}  // namespace

double contract_price(const Economy& economy, const World& world, const Offtake& offtake) {
    const std::size_t nodes = economy.network.node_count();
    const std::size_t benchmark = offtake.benchmark.index();
    const auto window = static_cast<std::int64_t>(economy.contracts.history_ticks);
    double sum = 0.0;
    for (std::int64_t back = 1; back <= static_cast<std::int64_t>(offtake.index_ticks); ++back) {
        const std::int64_t slot = ((world.tick - back) % window + window) % window;
        sum += world.contracts.price_history[static_cast<std::size_t>(slot) * nodes + benchmark];
    }
    const double index = sum / offtake.index_ticks / economy.base_price[benchmark];
    const double price = (1.0 - offtake.discount_share) * offtake.base_price_usd_per_t * index;
    return std::clamp(price, offtake.floor_usd_per_t, std::max(offtake.floor_usd_per_t, offtake.cap_usd_per_t));
}

Deliveries deliver_contracts(const Economy& economy, const World& world, const LaneRules& rules, Workers& workers) {
    Deliveries deliveries;
    if (economy.contracts.empty()) {
        return deliveries;
    }
    deliveries.positions.resize(economy.cells.size() * stride);
    deliveries.nodes.resize(economy.network.node_count());
    deliveries.lanes.resize(economy.network.lane_count);
    deliveries.tonnes.assign(world.contracts.volume_t.begin(), world.contracts.volume_t.end());
    for (const Offtake& offtake : economy.contracts.offtakes) {
        deliveries.price_usd_per_t.push_back(contract_price(economy, world, offtake));
    }
    keep_to_rules(economy, rules, deliveries.tonnes);
    deliveries.allowed_t = deliveries.tonnes;
    keep_to_storage(economy, world, workers, deliveries.tonnes);
    keep_to_stock(economy, world, workers, deliveries);
    book(economy, rules, deliveries);
    leave_the_rest(economy, rules, deliveries);
    return deliveries;
}

}  // namespace ytterby

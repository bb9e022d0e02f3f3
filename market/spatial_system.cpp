#include "market/spatial_system.hpp"

#include <algorithm>
#include <cmath>

namespace ytterby {
namespace {

/// Two prices of a node that differ by less count as one.
constexpr double price_tolerance = 1e-13;

}  // namespace

SpatialSystem::SpatialSystem(std::span<const SpatialMarket> markets, std::span<const SharedCap> caps, SpatialClearing& clearing)
    : markets_(markets), caps_(caps), clearing_(clearing) {
    list_nodes();
    list_lanes();
    clearing_.shared_rent.resize(caps_.size(), 0.0);
    clearing_.newton_steps = 0;
    clearing_.sweeps = 0;
}

void SpatialSystem::list_nodes() {
    first_node_.clear();
    for (std::size_t market = 0; market < markets_.size(); ++market) {
        first_node_.push_back(nodes_.size());
        SpatialMarketClearing& start = clearing_.markets[market];
        double volume = 0.0;
        for (std::size_t place = 0; place < markets_[market].supply.size(); ++place) {
            Node node;
            node.market = static_cast<std::uint32_t>(market);
            node.place = static_cast<std::uint32_t>(place);
            node.sells = markets_[market].supply[place].most() > 0.0;
            node.buys = markets_[market].use[place].most() > 0.0;
            node.supply_price = std::max(1e-9, start.supply_price[place]);
            node.use_price = std::max(1e-9, start.use_price[place]);
            if (node.sells && node.buys) {
                node.split = node.supply_price != node.use_price;
            }
            volume += markets_[market].use[place].most();
            nodes_.push_back(std::move(node));
        }
        volume_.push_back(volume);
    }
}

void SpatialSystem::list_lanes() {
    lane_of_.resize(markets_.size());
    for (std::size_t market = 0; market < markets_.size(); ++market) {
        lane_of_[market].assign(markets_[market].lanes.size(), none);
        for (std::size_t number = 0; number < markets_[market].lanes.size(); ++number) {
            const SpatialLane& lane = markets_[market].lanes[number];
            const std::size_t from = first_node_[market] + lane.from;
            const std::size_t to = first_node_[market] + lane.to;
            if (lane.cap > 0.0 && nodes_[from].sells && nodes_[to].buys) {
                lane_of_[market][number] = static_cast<std::uint32_t>(lanes_.size());
                nodes_[from].out.push_back(static_cast<std::uint32_t>(lanes_.size()));
                nodes_[to].in.push_back(static_cast<std::uint32_t>(lanes_.size()));
                lanes_.push_back({LaneTerms(lane), static_cast<std::uint32_t>(market), static_cast<std::uint32_t>(number),
                                  static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(to), 0.0, {}, {}});
            }
        }
    }
    binding_.assign(caps_.size(), false);
    cap_members_.resize(caps_.size());
    for (std::size_t cap = 0; cap < caps_.size(); ++cap) {
        binding_[cap] = cap < clearing_.shared_rent.size() && clearing_.shared_rent[cap] > 0.0;
        for (const SharedCap::Member& member : caps_[cap].members) {
            const std::uint32_t lane = lane_of_[member.market][member.lane];
            if (lane != none) {
                lanes_[lane].caps.push_back(static_cast<std::uint32_t>(cap));
                cap_members_[cap].push_back(lane);
            }
        }
    }
}

const SpatialMarket& SpatialSystem::market_of(const Node& node) const { return markets_[node.market]; }

void SpatialSystem::refresh_rents() {
    for (Lane& lane : lanes_) {
        lane.rent = 0.0;
        for (const std::uint32_t cap : lane.caps) {
            lane.rent += clearing_.shared_rent[cap];
        }
    }
}

void SpatialSystem::evaluate() {
    refresh_rents();
    for (Node& node : nodes_) {
        node.exported = node.imported = node.export_slope = node.import_slope = 0.0;
        node.supply = market_of(node).supply[node.place].supply_at(node.supply_price);
        node.use = market_of(node).use[node.place].use_at(node.use_price);
    }
    for (Lane& lane : lanes_) {
        Node& from = nodes_[lane.from];
        Node& to = nodes_[lane.to];
        lane.now = flow_at(lane.terms, from.supply_price, to.use_price, lane.rent);
        from.exported += lane.now.flow;
        to.imported += lane.now.flow;
        from.export_slope += lane.now.slope * lane.terms.pass_through;
        to.import_slope += lane.now.slope;
    }
    error_ = 0.0;
    merit_ = 0.0;
    for (const Node& node : nodes_) {
        const double through = std::max(node.supply.quantity, node.exported) + std::max(node.use.quantity, node.imported);
        const double allowed = node_tolerance * through + market_tolerance * volume_[node.market] + 1e-300;
        const auto count = [&](double left) {
            error_ = std::max(error_, std::abs(left) / allowed);
            merit_ += std::abs(left) / (volume_[node.market] + 1e-300);
        };
        if (node.sells && node.buys && !node.split) {
            count(node.supply.quantity - node.exported - node.use.quantity + node.imported);
        } else {
            if (node.sells) {
                count(node.supply.quantity - node.exported);
            }
            if (node.buys) {
                count(node.use.quantity - node.imported);
            }
        }
    }
    for (std::size_t cap = 0; cap < caps_.size(); ++cap) {
        if (binding_[cap]) {
            const double left = caps_[cap].cap - used_of(cap);
            error_ = std::max(error_, std::abs(left) / (node_tolerance * caps_[cap].cap + 1e-300 + market_tolerance * volume_[0]));
            merit_ += std::abs(left) / (volume_[0] + 1e-300);
        }
    }
}

double SpatialSystem::used_of(std::size_t cap) const {
    double used = 0.0;
    for (const std::uint32_t lane : cap_members_[cap]) {
        used += lanes_[lane].now.flow;
    }
    return used;
}

double SpatialSystem::home_slack(const Node& node) const { return node_tolerance * volume_[node.market]; }

bool SpatialSystem::choose_active_set() {
    bool changed = false;
    for (Node& node : nodes_) {
        if (!node.sells || !node.buys) {
            continue;
        }
        if (!node.split && node.supply.quantity - node.exported < -home_slack(node)) {
            node.split = true;
            changed = true;
        } else if (node.split && node.supply_price < node.use_price * (1.0 - price_tolerance)) {
            // The use price may be anything where nothing is wanted; the node's own balance tells.
            solve_node(node, few_halvings);
            changed = true;
        }
    }
    for (std::size_t cap = 0; cap < caps_.size(); ++cap) {
        double& rent = clearing_.shared_rent[cap];
        if (!binding_[cap] && used_of(cap) > caps_[cap].cap * (1.0 + node_tolerance)) {
            binding_[cap] = true;
            changed = true;
        } else if (binding_[cap] && (rent < 0.0 || (rent == 0.0 && used_of(cap) < caps_[cap].cap))) {
            binding_[cap] = false;
            rent = 0.0;
            changed = true;
        }
    }
    return changed;
}

void SpatialSystem::solve_node(Node& node, int halvings) {
    const auto sold_abroad = [&](double price) {
        double sum = 0.0;
        for (const std::uint32_t lane : node.out) {
            sum += flow_at(lanes_[lane].terms, price, nodes_[lanes_[lane].to].use_price, lanes_[lane].rent).flow;
        }
        return sum;
    };
    const auto bought_abroad = [&](double price) {
        double sum = 0.0;
        for (const std::uint32_t lane : node.in) {
            sum += flow_at(lanes_[lane].terms, nodes_[lanes_[lane].from].supply_price, price, lanes_[lane].rent).flow;
        }
        return sum;
    };
    const Curve& supply = market_of(node).supply[node.place];
    const Curve& use = market_of(node).use[node.place];
    const auto sellers = [&](double price) { return supply.supply_at(price).quantity - sold_abroad(price); };
    const auto buyers = [&](double price) { return bought_abroad(price) - use.use_at(price).quantity; };
    if (node.sells && node.buys) {
        const double tied = rising_root([&](double price) { return sellers(price) + buyers(price); }, node.supply_price, halvings);
        if (sellers(tied) >= -home_slack(node)) {
            node.split = false;
            node.supply_price = node.use_price = tied;
        } else {
            node.split = true;
            node.supply_price = rising_root(sellers, tied, halvings);
            node.use_price = rising_root(buyers, tied, halvings);
        }
    } else if (node.sells) {
        node.supply_price = node.use_price = rising_root(sellers, node.supply_price, halvings);
    } else if (node.buys) {
        node.supply_price = node.use_price = rising_root(buyers, node.use_price, halvings);
    }
}

void SpatialSystem::finish() {
    for (std::size_t market = 0; market < markets_.size(); ++market) {
        SpatialMarketClearing& out = clearing_.markets[market];
        const std::size_t count = markets_[market].supply.size();
        out.supply_price.resize(count);
        out.use_price.resize(count);
        out.supplied.assign(count, 0.0);
        out.used.assign(count, 0.0);
        out.domestic_flow.assign(count, 0.0);
        out.flow.assign(markets_[market].lanes.size(), 0.0);
        out.lane_rent.assign(markets_[market].lanes.size(), 0.0);
    }
    for (const Node& node : nodes_) {
        SpatialMarketClearing& out = clearing_.markets[node.market];
        out.supply_price[node.place] = node.supply_price;
        out.use_price[node.place] = node.use_price;
        out.supplied[node.place] = node.supply.quantity;
        out.used[node.place] = node.use.quantity;
        const bool home = node.sells && node.buys && !node.split;
        // Both sides say the same up to rounding; the mean treats them alike.
        out.domestic_flow[node.place] =
            home ? std::max(0.0, 0.5 * (node.supply.quantity - node.exported + node.use.quantity - node.imported)) : 0.0;
    }
    for (const Lane& lane : lanes_) {
        SpatialMarketClearing& out = clearing_.markets[lane.market];
        out.flow[lane.number] = lane.now.flow;
        if (lane.now.flow >= lane.terms.lane->cap) {
            const double margin = nodes_[lane.to].use_price - lane.terms.lane->delivered(nodes_[lane.from].supply_price) - lane.rent;
            out.lane_rent[lane.number] = std::max(0.0, margin - lane.terms.lane->wedge(lane.now.flow));
        }
    }
}

}  // namespace ytterby

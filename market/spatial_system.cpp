#include "market/spatial_system.hpp"

#include <algorithm>
#include <cmath>

#include "core/maths.hpp"

namespace ytterby {
namespace {

/// Two prices of a node that differ by less count as one.
constexpr double price_tolerance = 1e-13;
/// Flows carry the rounding of the prices they are computed from.
constexpr double rounding = 1e-15;

}  // namespace

SpatialSystem::SpatialSystem(std::span<const SpatialMarket> markets, std::span<const SharedCap> caps, SpatialClearing& clearing)
    : markets_(markets), caps_(caps), clearing_(clearing) {
    clearing_.shared_rent.resize(caps_.size(), 0.0);
    list_nodes();
    list_lanes();
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
    // A limit of nothing shuts its lanes.
    std::vector<std::vector<bool>> shut(markets_.size());
    for (const SharedCap& cap : caps_) {
        for (const SharedCap::Member& member : cap.members) {
            shut[member.market].resize(markets_[member.market].lanes.size(), false);
            shut[member.market][member.lane] = shut[member.market][member.lane] || cap.cap <= 0.0;
        }
    }
    for (std::size_t market = 0; market < markets_.size(); ++market) {
        lane_of_[market].assign(markets_[market].lanes.size(), none);
        for (std::size_t number = 0; number < markets_[market].lanes.size(); ++number) {
            const SpatialLane& lane = markets_[market].lanes[number];
            const std::size_t from = first_node_[market] + lane.from;
            const std::size_t to = first_node_[market] + lane.to;
            const bool is_shut = !shut[market].empty() && shut[market][number];
            if (lane.cap > 0.0 && !is_shut && nodes_[from].sells && nodes_[to].buys) {
                lane_of_[market][number] = static_cast<std::uint32_t>(lanes_.size());
                lanes_.push_back({LaneTerms(lane), static_cast<std::uint32_t>(market), static_cast<std::uint32_t>(number),
                                  static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(to), 0.0, {}, {}});
            }
        }
    }
    list_lanes_of_nodes();
    binding_.assign(caps_.size(), false);
    give_.assign(caps_.size(), 0.0);
    cap_members_.resize(caps_.size());
    for (std::size_t cap = 0; cap < caps_.size(); ++cap) {
        clearing_.shared_rent[cap] = caps_[cap].cap > 0.0 ? clearing_.shared_rent[cap] : 0.0;
        binding_[cap] = clearing_.shared_rent[cap] > 0.0;
        for (const SharedCap::Member& member : caps_[cap].members) {
            const std::uint32_t lane = lane_of_[member.market][member.lane];
            if (lane != none) {
                lanes_[lane].caps.push_back(static_cast<std::uint32_t>(cap));
                cap_members_[cap].push_back(lane);
            }
        }
    }
}

void SpatialSystem::list_lanes_of_nodes() {
    for (const Lane& lane : lanes_) {
        ++nodes_[lane.from].last_out;
        ++nodes_[lane.to].last_in;
    }
    std::size_t outs = 0;
    std::size_t ins = 0;
    for (Node& node : nodes_) {
        node.first_out = outs;
        node.first_in = ins;
        outs += node.last_out;
        ins += node.last_in;
        node.last_out = node.first_out;
        node.last_in = node.first_in;
    }
    out_.resize(lanes_.size());
    in_.resize(lanes_.size());
    for (std::uint32_t lane = 0; lane < lanes_.size(); ++lane) {
        out_[nodes_[lanes_[lane].from].last_out++] = lane;
        in_[nodes_[lanes_[lane].to].last_in++] = lane;
    }
}

const SpatialMarket& SpatialSystem::market_of(const Node& node) const { return markets_[node.market]; }

void SpatialSystem::refresh_rents() {
    if (caps_.empty()) {
        return;
    }
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
    // Exponents of all lanes first, so that the exponentials are taken several at a time.
    open_.clear();
    powers_.clear();
    for (std::uint32_t number = 0; number < lanes_.size(); ++number) {
        Lane& lane = lanes_[number];
        lane.now = {};
        const double exponent = exponent_at(lane.terms, nodes_[lane.from].supply_price, nodes_[lane.to].use_price, lane.rent);
        if (!shut_at(lane.terms, exponent)) {
            open_.push_back(number);
            powers_.push_back(std::max(std::min(exponent, most_exponent), least_exponent));
        }
    }
    exp_each(powers_);
    for (std::size_t index = 0; index < open_.size(); ++index) {
        Lane& lane = lanes_[open_[index]];
        Node& from = nodes_[lane.from];
        Node& to = nodes_[lane.to];
        lane.now = flow_of(lane.terms, powers_[index]);
        from.exported += lane.now.flow;
        to.imported += lane.now.flow;
        from.export_slope += lane.now.slope * lane.terms.pass_through;
        to.import_slope += lane.now.slope;
    }
    error_ = 0.0;
    merit_ = 0.0;
    for (const Node& node : nodes_) {
        const double through = std::max(node.supply.quantity, node.exported) + std::max(node.use.quantity, node.imported);
        const double allowed = node_tolerance * through + market_tolerance * volume_[node.market] +
                               rounding * (node.export_slope * node.supply_price + node.import_slope * node.use_price) + 1e-300;
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
            const double left = room_of(cap);
            double allowed = node_tolerance * caps_[cap].cap + 1e-300;
            double volume = 1e-300;
            for (const std::uint32_t lane : cap_members_[cap]) {
                allowed += rounding * lanes_[lane].now.slope * nodes_[lanes_[lane].to].use_price;
                volume = std::max(volume, volume_[lanes_[lane].market]);
            }
            error_ = std::max(error_, std::abs(left) / (allowed + market_tolerance * volume));
            merit_ += std::abs(left) / volume;
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

double SpatialSystem::room_of(std::size_t cap) const { return caps_[cap].cap - used_of(cap) + give_[cap] * clearing_.shared_rent[cap]; }

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
        if (!binding_[cap] && room_of(cap) < -caps_[cap].cap * node_tolerance) {
            binding_[cap] = true;
            changed = true;
        } else if (binding_[cap] && (rent < 0.0 || (rent == 0.0 && room_of(cap) > 0.0))) {
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
        for (const std::uint32_t lane : lanes_out(node)) {
            sum += flow_at(lanes_[lane].terms, price, nodes_[lanes_[lane].to].use_price, lanes_[lane].rent).flow;
        }
        return sum;
    };
    const auto bought_abroad = [&](double price) {
        double sum = 0.0;
        for (const std::uint32_t lane : lanes_in(node)) {
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

void SpatialSystem::start_over() {
    middle_price_.assign(markets_.size(), 1.0);
    for (std::size_t index = 0; index < markets_.size(); ++index) {
        const SpatialMarket& market = markets_[index];
        double highest = 0.0;
        for (std::size_t node = 0; node < market.supply.size(); ++node) {
            highest = std::max(highest, market.use[node].empty() ? 0.0 : market.use[node].price.back());
            highest = std::max(highest, market.supply[node].empty() ? 0.0 : market.supply[node].price.back());
        }
        if (highest <= 0.0) {
            continue;
        }
        const auto surplus = [&](double price) {
            double sum = 0.0;
            for (std::size_t node = 0; node < market.supply.size(); ++node) {
                sum += market.supply[node].supply_at(price).quantity - market.use[node].use_at(price).quantity;
            }
            return sum;
        };
        middle_price_[index] = rising_root(surplus, highest, few_halvings);
    }
    for (Node& node : nodes_) {
        if (node.sells || node.buys) {
            node.supply_price = node.use_price = middle_price_[node.market];
            node.split = false;
        }
    }
    std::fill(clearing_.shared_rent.begin(), clearing_.shared_rent.end(), 0.0);
    binding_.assign(caps_.size(), false);
    evaluate();
}

void SpatialSystem::soften_lanes(double gentleness) {
    for (Lane& lane : lanes_) {
        const double least = gentleness > 0.0 ? gentleness * middle_price_[lane.market] : 0.0;
        lane.terms.per_slope = 1.0 / std::max(lane.terms.lane->preference_slope, least);
    }
    for (std::size_t cap = 0; cap < caps_.size(); ++cap) {
        give_[cap] = cap_members_[cap].empty() ? 0.0 : gentleness * caps_[cap].cap / middle_price_[lanes_[cap_members_[cap].front()].market];
    }
    evaluate();
}

void SpatialSystem::follow_trading_sides() {
    // Where nothing flows, a preference costs its least.
    const auto least_wedge = [](const SpatialLane& lane) { return lane.wedge(0.0); };
    for (Node& node : nodes_) {
        if (!node.sells || !node.buys || !node.split) {
            continue;
        }
        const Curve& supply = market_of(node).supply[node.place];
        const Curve& use = market_of(node).use[node.place];
        const bool supply_idle = node.exported == 0.0 && supply.supply_at(node.supply_price).quantity <= 0.0;
        const bool use_idle = node.imported == 0.0 && use.use_at(node.use_price).quantity <= 0.0;
        if (supply_idle == use_idle) {
            continue;
        }
        double price = supply_idle ? node.use_price : node.supply_price;
        for (const std::uint32_t number : supply_idle ? lanes_out(node) : lanes_in(node)) {
            const Lane& lane = lanes_[number];
            const SpatialLane& terms = *lane.terms.lane;
            if (terms.cap > 0.0) {
                const double cost = terms.delivered(0.0) + least_wedge(terms) + lane.rent;
                price = supply_idle ? std::max(price, (nodes_[lane.to].use_price - cost) / terms.pass_through())
                                    : std::min(price, nodes_[lane.from].supply_price * terms.pass_through() + cost);
            }
        }
        if (supply_idle && supply.supply_at(price).quantity <= 0.0) {
            node.supply_price = price;
        } else if (use_idle && price > 0.0 && use.use_at(price).quantity <= 0.0) {
            node.use_price = price;
        }
    }
}

void SpatialSystem::finish() {
    follow_trading_sides();
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
    for (std::size_t cap = 0; cap < caps_.size(); ++cap) {
        for (const SharedCap::Member& member : caps_[cap].cap > 0.0 ? std::vector<SharedCap::Member>() : caps_[cap].members) {
            const SpatialLane& lane = markets_[member.market].lanes[member.lane];
            const Node& from = nodes_[first_node_[member.market] + lane.from];
            const Node& to = nodes_[first_node_[member.market] + lane.to];
            if (lane.cap > 0.0 && from.sells && to.buys) {
                const double margin = to.use_price - lane.delivered(from.supply_price) - lane.wedge(0.0);
                clearing_.shared_rent[cap] = std::max(clearing_.shared_rent[cap], margin);
            }
        }
    }
}

}  // namespace ytterby

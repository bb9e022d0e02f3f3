#include "market/spatial/detail/system.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/maths.hpp"

namespace ytterby {
namespace {

/// Two prices of a node that differ by less count as one.
constexpr double price_tolerance = 1e-13;
/// Flows carry the rounding of the prices they are computed from.
constexpr double rounding = 1e-15;
/// So do supply and use, on the segment of a curve that a price lies on; twice, since its place there is rounded too.
constexpr double curve_rounding = 4e-15;

}  // namespace

void SpatialSystem::list(std::span<const SpatialMarket> markets, std::span<const SharedCap> caps,
                         SpatialClearing& clearing) {
    markets_ = markets;
    caps_ = caps;
    clearing_ = &clearing;
    clearing_->shared_rent.resize(caps_.size(), 0.0);
    list_nodes();
    list_lanes();
    list_lanes_of_nodes();
    list_caps();
    clearing_->newton_steps = 0;
    clearing_->sweeps = 0;
}

const SpatialMarket& SpatialSystem::market_of(const Node& node) const { return markets_[node.market]; }

void SpatialSystem::refresh_rents() {
    for (std::size_t lane = 0; lane < caps_of_.size(); ++lane) {
        lanes_.rent[lane] = 0.0;
        for (const std::uint32_t cap : caps_of_[lane]) {
            lanes_.rent[lane] += clearing_->shared_rent[cap];
        }
    }
}

LaneFlow SpatialSystem::flow_at(std::uint32_t lane, double supply_price, double use_price, double rent) const {
    const double exponent = (use_price - supply_price * lanes_.pass_through[lane] - lanes_.fixed_cost[lane] - rent) *
                            lanes_.per_slope[lane];
    // e^-z <= 1 / (1 + z): most lanes that are shut need no exponential.
    if (exponent < 0.0 && exponent > -40.0 && lanes_.scale[lane] <= (1.0 - exponent) * lanes_.opening[lane]) {
        return {};
    }
    return limited_flow(lanes_.scale[lane] * exp(std::max(std::min(exponent, most_exponent), least_exponent)),
                        lanes_.opening[lane], lanes_.cap[lane], lanes_.per_slope[lane]);
}

void SpatialSystem::evaluate() {
    refresh_rents();
    for (std::size_t index = 0; index < nodes_.size(); ++index) {
        Node& node = nodes_[index];
        const SpatialMarket& market = market_of(node);
        node.exported = node.imported = node.export_slope = node.import_slope = 0.0;
        node.supply = market.supply[node.place].supply_at(node.supply_price, node.supply_knot);
        node.use = market.use[node.place].use_at(node.use_price, node.use_knot);
        supply_prices_[index] = node.supply_price;
        use_prices_[index] = node.use_price;
    }
    evaluate_lanes();
    measure();
}

void SpatialSystem::evaluate_lanes() {
    exponents_of(lanes_.size(), lanes_.from.data(), lanes_.to.data(), supply_prices_.data(), use_prices_.data(),
                 lanes_.pass_through.data(), lanes_.fixed_cost.data(), lanes_.rent.data(), lanes_.per_slope.data(),
                 powers_.data());
    exp_each(std::span(powers_).first(lanes_.size()));
    flows_of(lanes_.size(), powers_.data(), lanes_.scale.data(), lanes_.opening.data(), lanes_.cap.data(),
             lanes_.per_slope.data(), lanes_.flow.data(), lanes_.slope.data());
    // Lanes stand in the order of their origins. Those that carry nothing add nothing, and are not worth a branch.
    imports_.assign(nodes_.size(), Inflow{});
    open_.resize(std::max(open_.size(), lanes_.size()));
    const std::size_t lanes = lanes_.size();
    const std::uint32_t* const from = lanes_.from.data();
    const std::uint32_t* const to = lanes_.to.data();
    const double* const flow = lanes_.flow.data();
    const double* const slope = lanes_.slope.data();
    const double* const pass_through = lanes_.pass_through.data();
    Inflow* const imports = imports_.data();
    std::uint32_t* open = open_.data();
    for (std::uint32_t lane = 0; lane < lanes;) {
        const std::uint32_t origin = from[lane];
        double exported = 0.0;
        double slopes = 0.0;
        for (; lane < lanes && from[lane] == origin; ++lane) {
            exported += flow[lane];
            slopes += slope[lane] * pass_through[lane];
            Inflow& into = imports[to[lane]];
            into.tonnes += flow[lane];
            into.slope += slope[lane];
            *open = lane;
            open += slope[lane] > 0.0 ? 1 : 0;
        }
        nodes_[origin].exported += exported;
        nodes_[origin].export_slope += slopes;
    }
    open_count_ = static_cast<std::size_t>(open - open_.data());
    for (std::size_t index = 0; index < nodes_.size(); ++index) {
        nodes_[index].imported = imports_[index].tonnes;
        nodes_[index].import_slope = imports_[index].slope;
    }
}

void SpatialSystem::measure() {
    error_ = 0.0;
    merit_ = 0.0;
    for (const Node& node : nodes_) {
        const double volume = volume_[node.market];
        const double through =
            std::max(node.supply.quantity, node.exported) + std::max(node.use.quantity, node.imported);
        const double allowed =
            node_tolerance * through + market_tolerance * volume +
            rounding * (node.export_slope * node.supply_price + node.import_slope * node.use_price) +
            curve_rounding * (node.supply.slope * node.supply_price - node.use.slope * node.use_price) + 1e-300;
        // Where a side is missing, its balance is nothing.
        const double sellers = node.sells ? node.supply.quantity - node.exported : 0.0;
        const double buyers = node.buys ? node.use.quantity - node.imported : 0.0;
        const bool home = node.sells && node.buys && !node.split;
        const double worst = home ? std::abs(sellers - buyers) : std::max(std::abs(sellers), std::abs(buyers));
        if (!(worst <= allowed * error_)) {  // also where it is no number
            error_ = std::isnan(worst) ? std::numeric_limits<double>::infinity() : worst / allowed;
        }
        merit_ += (home ? worst : std::abs(sellers) + std::abs(buyers)) / (volume + 1e-300);
    }
    for (std::size_t cap = 0; cap < caps_.size(); ++cap) {
        if (binding_[cap]) {
            const double left = room_of(cap);
            double allowed = node_tolerance * caps_[cap].cap + 1e-300;
            double volume = 1e-300;
            for (const std::uint32_t lane : cap_members_[cap]) {
                allowed += rounding * lanes_.slope[lane] * nodes_[lanes_.to[lane]].use_price;
                volume = std::max(volume, volume_[market_of_lane(lane)]);
            }
            error_ = std::max(error_, std::abs(left) / (allowed + market_tolerance * volume));
            merit_ += std::abs(left) / volume;
        }
    }
}

double SpatialSystem::used_of(std::size_t cap) const {
    double used = 0.0;
    for (const std::uint32_t lane : cap_members_[cap]) {
        used += lanes_.flow[lane];
    }
    return used;
}

double SpatialSystem::room_of(std::size_t cap) const {
    return caps_[cap].cap - used_of(cap) + give_[cap] * clearing_->shared_rent[cap];
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
            solve_node(node, meeting_price(node), NodeRoot::rough);
            changed = true;
        }
    }
    for (std::size_t cap = 0; cap < caps_.size(); ++cap) {
        double& rent = clearing_->shared_rent[cap];
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
        node.supply_price = node.use_price = middle_price_[node.market];
        node.split = false;
    }
    std::fill(clearing_->shared_rent.begin(), clearing_->shared_rent.end(), 0.0);
    binding_.assign(caps_.size(), false);
    evaluate();
}

void SpatialSystem::soften_lanes(double gentleness) {
    for (std::uint32_t lane = 0; lane < lanes_.size(); ++lane) {
        const double least = gentleness > 0.0 ? gentleness * middle_price_[market_of_lane(lane)] : 0.0;
        lanes_.per_slope[lane] = 1.0 / std::max(lanes_.lane[lane]->preference_slope, least);
    }
    for (std::size_t cap = 0; cap < caps_.size(); ++cap) {
        give_[cap] = cap_members_[cap].empty()
                         ? 0.0
                         : gentleness * caps_[cap].cap / middle_price_[market_of_lane(cap_members_[cap].front())];
    }
    evaluate();
}

void SpatialSystem::follow_trading_sides() {
    // Where nothing flows, a preference costs its least.
    const auto least_wedge = [](const SpatialLane& lane) { return lane.wedge(0.0); };
    const auto stop_lanes = [this](std::span<const std::uint32_t> lanes) {
        for (const std::uint32_t lane : lanes) {
            lanes_.flow[lane] = 0.0;
        }
    };
    for (Node& node : nodes_) {
        if (!node.sells || !node.buys || !node.split) {
            continue;
        }
        const Curve& supply = market_of(node).supply[node.place];
        const Curve& use = market_of(node).use[node.place];
        // What a side may be out of balance by is nothing: else its price would tell how the search ended, not what
        // anybody asks.
        const double nothing = home_slack(node);
        const bool supply_idle = node.exported <= nothing && node.supply.quantity <= nothing;
        const bool use_idle = node.imported <= nothing && node.use.quantity <= nothing;
        if (supply_idle == use_idle) {
            continue;
        }
        double price = supply_idle ? node.use_price : node.supply_price;
        for (const std::uint32_t number : supply_idle ? lanes_out(node) : lanes_in(node)) {
            const SpatialLane& terms = *lanes_.lane[number];
            const double cost = terms.delivered(0.0) + least_wedge(terms) + lanes_.rent[number];
            price = supply_idle
                        ? std::max(price, (nodes_[lanes_.to[number]].use_price - cost) / terms.pass_through())
                        : std::min(price, nodes_[lanes_.from[number]].supply_price * terms.pass_through() + cost);
        }
        if (supply_idle && supply.supply_at(price).quantity <= nothing) {
            node.supply_price = price;
            node.supply = {};
            node.exported = 0.0;
            stop_lanes(lanes_out(node));
        } else if (use_idle && price > 0.0 && use.use_at(price).quantity <= nothing) {
            node.use_price = price;
            node.use = {};
            node.imported = 0.0;
            stop_lanes(lanes_in(node));
        }
    }
}

double SpatialSystem::imbalance() const {
    std::vector<double> volume(markets_.size(), 1e-300);
    for (const Node& node : nodes_) {
        volume[node.market] += node.use.quantity;
    }
    double worst = 0.0;
    for (const Node& node : nodes_) {
        const double sellers = node.sells ? std::abs(node.supply.quantity - node.exported) : 0.0;
        const double buyers = node.buys ? std::abs(node.use.quantity - node.imported) : 0.0;
        const bool home = node.sells && node.buys && !node.split;
        const double left = home ? std::abs(node.supply.quantity - node.exported - (node.use.quantity - node.imported))
                                 : std::max(sellers, buyers);
        worst = left <= worst * volume[node.market] ? worst : left / volume[node.market];
        if (!std::isfinite(worst)) {
            return std::numeric_limits<double>::infinity();
        }
    }
    for (std::size_t cap = 0; cap < caps_.size(); ++cap) {
        if (binding_[cap] && caps_[cap].cap > 0.0) {
            worst =
                std::max(worst, std::abs(caps_[cap].cap - used_of(cap)) / std::max(caps_[cap].cap, 1e-12 * volume[0]));
        }
    }
    return worst;
}

void SpatialSystem::finish() {
    clearing_->imbalance = imbalance();
    follow_trading_sides();
    for (std::size_t market = 0; market < markets_.size(); ++market) {
        SpatialMarketClearing& out = clearing_->markets[market];
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
        SpatialMarketClearing& out = clearing_->markets[node.market];
        out.supply_price[node.place] = node.supply_price;
        out.use_price[node.place] = node.use_price;
        out.supplied[node.place] = node.supply.quantity;
        out.used[node.place] = node.use.quantity;
        const bool home = node.sells && node.buys && !node.split;
        // Both sides say the same up to rounding; the mean treats them alike.
        out.domestic_flow[node.place] =
            home ? std::max(0.0, 0.5 * (node.supply.quantity - node.exported + node.use.quantity - node.imported))
                 : 0.0;
    }
    for (std::size_t market = 0; market < markets_.size(); ++market) {
        SpatialMarketClearing& out = clearing_->markets[market];
        for (std::size_t number = 0; number < out.flow.size(); ++number) {
            const std::uint32_t lane = lane_at_[first_lane_[market] + number];
            if (lane == none) {
                continue;
            }
            out.flow[number] = lanes_.flow[lane];
            if (lanes_.flow[lane] >= lanes_.cap[lane]) {
                const SpatialLane& terms = *lanes_.lane[lane];
                const double margin = nodes_[lanes_.to[lane]].use_price -
                                      terms.delivered(nodes_[lanes_.from[lane]].supply_price) - lanes_.rent[lane];
                out.lane_rent[number] = std::max(0.0, margin - terms.wedge(lanes_.flow[lane]));
            }
        }
    }
    for (std::size_t cap = 0; cap < caps_.size(); ++cap) {
        for (const SharedCap::Member& member :
             caps_[cap].cap > 0.0 ? std::vector<SharedCap::Member>() : caps_[cap].members) {
            const SpatialLane& lane = markets_[member.market].lanes[member.lane];
            const std::uint32_t from = node_at_[first_place_[member.market] + lane.from];
            const std::uint32_t to = node_at_[first_place_[member.market] + lane.to];
            if (lane.cap > 0.0 && from != none && to != none && nodes_[from].sells && nodes_[to].buys) {
                const double margin =
                    nodes_[to].use_price - lane.delivered(nodes_[from].supply_price) - lane.wedge(0.0);
                clearing_->shared_rent[cap] = std::max(clearing_->shared_rent[cap], margin);
            }
        }
    }
}

}  // namespace ytterby

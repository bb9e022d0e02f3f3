#include "market/spatial/detail/system.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/maths.hpp"

namespace ytterby {
namespace {

/// Two prices of a node that differ by less are equal.
constexpr double price_tolerance = 1e-13;
/// Flows carry the rounding of the prices from which they are computed.
constexpr double rounding = 1e-15;
/// So do supply and use on a segment of a curve; twice, since the position within the segment is rounded, too.
constexpr double curve_rounding = 4e-15;

/// The imbalance that a rough root may leave, as a share of what passes through the node; a last Newton step removes
/// most of it (technical).
constexpr double rough_share = 1e-3;
/// Most evaluations per root; more than bisection alone needs.
constexpr int most_evaluations = 300;
/// A step changes the price by at most this factor; a first step without a slope changes it by this share (technical).
constexpr double most_step = 4.0;
constexpr double blind_step = 1e-3;

/// Root of a non-decreasing function from a guess, which is returned if it is a root: Newton steps within the bracket
/// of prices known to be too low and too high, and bisection of the bracket after a step that does not halve the
/// imbalance.
template <class F>
double newton_root(F&& f, double guess, double allowed) {
    double price = guess;
    double low = 0.0;
    double high = std::numeric_limits<double>::infinity();
    double blind = blind_step;
    double left_before = std::numeric_limits<double>::infinity();
    bool halve = false;
    for (int count = 0; count < most_evaluations; ++count) {
        const auto [left, slope] = f(price);
        (left < 0.0 ? low : high) = price;
        const double newton =
            slope > 0.0 ? std::clamp(price - left / slope, price / most_step, price * most_step) : price;
        const bool inside = newton > low && newton < high;
        if (std::abs(left) <= allowed || (slope > 0.0 && newton == price)) {
            return inside ? newton : price;
        }
        double next = newton;
        if (!inside || halve) {
            if (low > 0.0 && high < std::numeric_limits<double>::infinity()) {
                next = 0.5 * (low + high);
            } else if (slope <= 0.0) {
                next = left < 0.0 ? price * (1.0 + blind) : price / (1.0 + blind);
                blind = std::min(blind * 4.0, most_step);
            }
        }
        if (next == price || next <= low || next >= high) {
            break;
        }
        halve = !halve && std::abs(left) > 0.5 * left_before;
        left_before = std::abs(left);
        price = next;
    }
    return price;
}

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

void SpatialSystem::list_nodes() {
    first_place_.clear();
    node_at_.clear();
    nodes_.clear();
    volume_.clear();
    for (std::size_t market = 0; market < markets_.size(); ++market) {
        first_place_.push_back(node_at_.size());
        const SpatialMarketClearing& start = clearing_->markets[market];
        double volume = 0.0;
        for (std::size_t place = 0; place < markets_[market].supply.size(); ++place) {
            const bool sells = markets_[market].supply[place].most() > 0.0;
            const bool buys = markets_[market].use[place].most() > 0.0;
            if (!sells && !buys) {
                node_at_.push_back(none);
                continue;
            }
            node_at_.push_back(static_cast<std::uint32_t>(nodes_.size()));
            Node& node = nodes_.emplace_back();
            node.sells = sells;
            node.buys = buys;
            node.market = static_cast<std::uint32_t>(market);
            node.place = static_cast<std::uint32_t>(place);
            node.supply_price = std::max(1e-9, start.supply_price[place]);
            node.use_price = std::max(1e-9, start.use_price[place]);
            if (node.sells && node.buys) {
                node.split = node.supply_price != node.use_price;
            }
            volume += markets_[market].use[place].most();
        }
        volume_.push_back(volume);
    }
    supply_prices_.resize(nodes_.size());
    use_prices_.resize(nodes_.size());
}

void SpatialSystem::list_lanes() {
    std::size_t all = 0;
    first_lane_.clear();
    for (const SpatialMarket& market : markets_) {
        first_lane_.push_back(all);
        all += market.lanes.size();
    }
    lane_at_.assign(all, none);
    // A limit of zero shuts its lanes.
    std::vector<bool> shut;
    for (const SharedCap& cap : caps_) {
        shut.resize(all, false);
        for (const SharedCap::Member& member : cap.members) {
            shut[first_lane_[member.market] + member.lane] =
                shut[first_lane_[member.market] + member.lane] || cap.cap <= 0.0;
        }
    }
    lanes_.make_room(all);
    powers_.resize(std::max(powers_.size(), all));
    std::size_t count = 0;
    for (std::size_t market = 0; market < markets_.size(); ++market) {
        const std::uint32_t* const node_at = node_at_.data() + first_place_[market];
        for (std::size_t number = 0; number < markets_[market].lanes.size(); ++number) {
            const SpatialLane& lane = markets_[market].lanes[number];
            const std::uint32_t from = node_at[lane.from];
            const std::uint32_t to = node_at[lane.to];
            const std::size_t at = first_lane_[market] + number;
            if (from != none && to != none && nodes_[from].sells && nodes_[to].buys && lane.cap > 0.0 &&
                (shut.empty() || !shut[at])) {
                lane_at_[at] = static_cast<std::uint32_t>(count);
                lanes_.lane[count] = &lane;
                lanes_.from[count] = from;
                lanes_.to[count] = to;
                lanes_.pass_through[count] = lane.pass_through();
                lanes_.fixed_cost[count] = lane.delivered(0.0) + lane.preference;
                lanes_.per_slope[count] = 1.0 / lane.preference_slope;
                lanes_.scale[count] = lane.usual_flow + lane.opening_flow;
                lanes_.opening[count] = lane.opening_flow;
                lanes_.cap[count] = lane.cap;
                lanes_.rent[count] = 0.0;
                ++nodes_[from].last_out;
                ++nodes_[to].last_in;
                ++count;
            }
        }
    }
    lanes_.count = count;
}

void SpatialSystem::Lanes::make_room(std::size_t lanes) {
    if (lanes <= from.size()) {
        return;
    }
    lane.resize(lanes);
    from.resize(lanes);
    to.resize(lanes);
    for (std::vector<double>* column :
         {&pass_through, &fixed_cost, &per_slope, &scale, &opening, &cap, &rent, &flow, &slope}) {
        column->resize(lanes);
    }
}

void SpatialSystem::list_caps() {
    binding_.assign(caps_.size(), false);
    give_.assign(caps_.size(), 0.0);
    cap_members_.assign(caps_.size(), {});
    caps_of_.assign(caps_.empty() ? 0 : lanes_.size(), {});
    for (std::size_t cap = 0; cap < caps_.size(); ++cap) {
        clearing_->shared_rent[cap] = caps_[cap].cap > 0.0 ? clearing_->shared_rent[cap] : 0.0;
        binding_[cap] = clearing_->shared_rent[cap] > 0.0;
        for (const SharedCap::Member& member : caps_[cap].members) {
            const std::uint32_t lane = lane_at_[first_lane_[member.market] + member.lane];
            if (lane != none) {
                caps_of_[lane].push_back(static_cast<std::uint32_t>(cap));
                cap_members_[cap].push_back(lane);
            }
        }
    }
}

void SpatialSystem::list_lanes_of_nodes() {
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
        out_[nodes_[lanes_.from[lane]].last_out++] = lane;
        in_[nodes_[lanes_.to[lane]].last_in++] = lane;
    }
}

// Flows and balances at trial prices.

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
    // e^-z <= 1 / (1 + z): most lanes without flow need no exponential.
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
    exponents_of(lanes_.costs(), {lanes_.from.data(), lanes_.to.data(), supply_prices_.data(), use_prices_.data()},
                 powers_.data());
    exp_each(std::span(powers_).first(lanes_.size()));
    flows_of(lanes_.scales(), powers_.data(), lanes_.flow.data(), lanes_.slope.data());
    // Lanes are sorted by origin. Those without flow add zero; a branch to skip them would cost more.
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
        // The balance of a missing side is zero.
        const double sellers = node.sells ? node.supply.quantity - node.exported : 0.0;
        const double buyers = node.buys ? node.use.quantity - node.imported : 0.0;
        const bool home = node.sells && node.buys && !node.split;
        const double worst = home ? std::abs(sellers - buyers) : std::max(std::abs(sellers), std::abs(buyers));
        if (!(worst <= allowed * error_)) {  // also true of NaN
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

// The balance of one node, all other prices given.

void SpatialSystem::NodeLanes::make_room(std::size_t lanes) {
    count = lanes;
    for (std::vector<double>* column :
         {&other_end, &pass_through, &fixed_cost, &rent, &per_slope, &scale, &opening, &cap, &power, &flow, &slope}) {
        column->resize(std::max(column->size(), lanes));
    }
}

void SpatialSystem::gather(std::span<const std::uint32_t> lanes, bool leaving, NodeLanes& side) {
    side.make_room(lanes.size());
    for (std::size_t place = 0; place < lanes.size(); ++place) {
        const std::uint32_t lane = lanes[place];
        side.other_end[place] = leaving ? nodes_[lanes_.to[lane]].use_price
                                        : nodes_[lanes_.from[lane]].supply_price * lanes_.pass_through[lane];
        side.pass_through[place] = lanes_.pass_through[lane];
        side.fixed_cost[place] = lanes_.fixed_cost[lane];
        side.rent[place] = lanes_.rent[lane];
        side.per_slope[place] = lanes_.per_slope[lane];
        side.scale[place] = lanes_.scale[lane];
        side.opening[place] = lanes_.opening[lane];
        side.cap[place] = lanes_.cap[lane];
    }
}

void SpatialSystem::trade_at(double price, bool leaving, NodeLanes& side) {
    exponents_at(side.costs(), {leaving, price, side.other_end.data()}, side.power.data());
    exp_each(std::span(side.power).first(side.count));
    flows_of(side.scales(), side.power.data(), side.flow.data(), side.slope.data());
}

SpatialSystem::Imbalance SpatialSystem::sellers_imbalance(const Node& node, double price) {
    const Curve::Point offered = market_of(node).supply[node.place].supply_at(price);
    Imbalance left{offered.quantity, offered.slope};
    trade_at(price, true, leaving_);
    for (std::size_t lane = 0; lane < leaving_.count; ++lane) {
        left.quantity -= leaving_.flow[lane];
        left.slope += leaving_.slope[lane] * leaving_.pass_through[lane];
    }
    return left;
}

SpatialSystem::Imbalance SpatialSystem::buyers_imbalance(const Node& node, double price) {
    const Curve::Point wanted = market_of(node).use[node.place].use_at(price);
    Imbalance left{-wanted.quantity, -wanted.slope};
    trade_at(price, false, entering_);
    for (std::size_t lane = 0; lane < entering_.count; ++lane) {
        left.quantity += entering_.flow[lane];
        left.slope += entering_.slope[lane];
    }
    return left;
}

double SpatialSystem::meeting_price(const Node& node) {
    const double sellers = node.supply.slope + node.export_slope;
    const double buyers = node.import_slope - node.use.slope;
    if (!(sellers + buyers > 0.0)) {
        return node.supply_price;
    }
    const double left = node.supply.quantity - node.exported + node.imported - node.use.quantity;
    const double meeting = (sellers * node.supply_price + buyers * node.use_price - left) / (sellers + buyers);
    return std::clamp(meeting, std::min(node.supply_price, node.use_price),
                      std::max(node.supply_price, node.use_price));
}

void SpatialSystem::solve_node(Node& node, double guess, NodeRoot how) {
    const double through = std::max(node.supply.quantity, node.exported) + std::max(node.use.quantity, node.imported);
    gather(lanes_out(node), true, leaving_);
    gather(lanes_in(node), false, entering_);
    // The exact root is found by bisection alone: where the balance is flat it stays near the guess, and sweeps of such
    // solutions depend on where it ends.
    const auto root_of = [&](const auto& left, double from) {
        return how == NodeRoot::rough
                   ? newton_root(left, from, rough_share * through)
                   : rising_root([&](double price) { return left(price).quantity; }, from, most_halvings);
    };
    const auto sellers = [&](double price) { return sellers_imbalance(node, price); };
    const auto buyers = [&](double price) { return buyers_imbalance(node, price); };
    if (node.sells && node.buys) {
        const auto both = [&](double price) {
            const Imbalance sold = sellers(price);
            const Imbalance bought = buyers(price);
            return Imbalance{sold.quantity + bought.quantity, sold.slope + bought.slope};
        };
        const double tied = root_of(both, guess);
        if (sellers(tied).quantity >= -home_slack(node)) {
            node.split = false;
            node.supply_price = node.use_price = tied;
        } else {
            node.split = true;
            node.supply_price = root_of(sellers, tied);
            node.use_price = root_of(buyers, tied);
        }
    } else if (node.sells) {
        node.supply_price = node.use_price = root_of(sellers, node.supply_price);
    } else if (node.buys) {
        node.supply_price = node.use_price = root_of(buyers, node.use_price);
    }
}

// Which nodes trade at home and which caps bind; starts and the answer.

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
            // Where nothing is wanted the use price is arbitrary; the balance of the node decides.
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
    // The wedge of a lane without flow.
    const auto least_wedge = [](const SpatialLane& lane) { return lane.wedge(0.0); };
    const auto stop_lanes = [this](std::span<const std::uint32_t> lanes) {
        for (const std::uint32_t lane : lanes) {
            lanes_.flow[lane] = 0.0;
        }
    };
    const std::vector<double> used = used_by_market();
    for (Node& node : nodes_) {
        if (!node.sells || !node.buys || !node.split) {
            continue;
        }
        const Curve& supply = market_of(node).supply[node.place];
        const Curve& use = market_of(node).use[node.place];
        // Quantities within the tolerance of the balance count as zero: otherwise the price would depend on how the
        // search ended, not on any order.
        const double nothing = node_tolerance * used[node.market];
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

std::vector<double> SpatialSystem::used_by_market() const {
    std::vector<double> used(markets_.size(), 1e-300);
    for (const Node& node : nodes_) {
        used[node.market] += node.use.quantity;
    }
    return used;
}

double SpatialSystem::imbalance() const {
    const std::vector<double> volume = used_by_market();
    double worst = 0.0;
    for (const Node& node : nodes_) {
        const double sellers = node.sells ? std::abs(node.supply.quantity - node.exported) : 0.0;
        const double buyers = node.buys ? std::abs(node.use.quantity - node.imported) : 0.0;
        const bool home = node.sells && node.buys && !node.split;
        // Home trade below zero would be goods that pass through.
        const double kept = node.supply.quantity - node.exported;
        const double own = node.use.quantity - node.imported;
        const double left = home ? std::max({std::abs(kept - own), -kept, -own}) : std::max(sellers, buyers);
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
        // Both sides give the same up to rounding; the mean treats them alike.
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

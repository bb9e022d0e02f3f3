// The balance of one node alone, all other prices given.
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/maths.hpp"
#include "market/spatial/detail/system.hpp"

namespace ytterby {
namespace {

/// Part of what passes through a node that a rough root may leave over; a last step of Newton's takes most of it
/// (technical).
constexpr double rough_share = 1e-3;
/// Evaluations of a root; more than bisections alone need.
constexpr int most_evaluations = 300;
/// A step changes the price by at most this factor, and one without a slope by this share at first (technical).
constexpr double most_step = 4.0;
constexpr double blind_step = 1e-3;

/// Root of a non-decreasing function from a guess, which it is where the function is nothing there: Newton's steps,
/// kept between the prices known to be too low and too high, and halving these where a step does not bring it half-way.
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

void SpatialSystem::NodeLanes::make_room(std::size_t lanes) {
    count = lanes;
    for (std::vector<double>* column :
         {&other_end, &pass_through, &fixed_cost, &rent, &per_slope, &scale, &opening, &cap, &power, &flow, &slope}) {
        column->resize(std::max(column->size(), lanes));
    }
}

void SpatialSystem::take_up(std::span<const std::uint32_t> lanes, bool leaving, NodeLanes& side) {
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
    exponents_at(side.count, leaving, price, side.other_end.data(), side.pass_through.data(), side.fixed_cost.data(),
                 side.rent.data(), side.per_slope.data(), side.power.data());
    exp_each(std::span(side.power).first(side.count));
    flows_of(side.count, side.power.data(), side.scale.data(), side.opening.data(), side.cap.data(),
             side.per_slope.data(), side.flow.data(), side.slope.data());
}

SpatialSystem::LeftOver SpatialSystem::sellers_left(const Node& node, double price) {
    const Curve::Point offered = market_of(node).supply[node.place].supply_at(price);
    LeftOver left{offered.quantity, offered.slope};
    trade_at(price, true, leaving_);
    for (std::size_t lane = 0; lane < leaving_.count; ++lane) {
        left.quantity -= leaving_.flow[lane];
        left.slope += leaving_.slope[lane] * leaving_.pass_through[lane];
    }
    return left;
}

SpatialSystem::LeftOver SpatialSystem::buyers_left(const Node& node, double price) {
    const Curve::Point wanted = market_of(node).use[node.place].use_at(price);
    LeftOver left{-wanted.quantity, -wanted.slope};
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
    take_up(lanes_out(node), true, leaving_);
    take_up(lanes_in(node), false, entering_);
    // To the last bits by halving alone: where the balance is flat it stays near the guess, and rounds of such
    // solutions depend on where it ends.
    const auto root_of = [&](const auto& left, double from) {
        return how == NodeRoot::rough
                   ? newton_root(left, from, rough_share * through)
                   : rising_root([&](double price) { return left(price).quantity; }, from, most_halvings);
    };
    const auto sellers = [&](double price) { return sellers_left(node, price); };
    const auto buyers = [&](double price) { return buyers_left(node, price); };
    if (node.sells && node.buys) {
        const auto both = [&](double price) {
            const LeftOver sold = sellers(price);
            const LeftOver bought = buyers(price);
            return LeftOver{sold.quantity + bought.quantity, sold.slope + bought.slope};
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

}  // namespace ytterby

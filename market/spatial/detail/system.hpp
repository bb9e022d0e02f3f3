#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "market/lane_flow.hpp"
#include "market/spatial_market.hpp"

namespace ytterby {

/// Allowed imbalance of a node, relative to what passes through it and to the whole market.
inline constexpr double node_tolerance = 1e-12;
inline constexpr double market_tolerance = 1e-15;
/// Bisections per root: to the last bit, and roughly, where Newton steps follow.
inline constexpr int most_halvings = 200;
inline constexpr int few_halvings = 12;

/// Root of a non-decreasing function of a positive price, from a guess: brackets outwards, then bisects.
template <class F>
double rising_root(F&& f, double guess, int halvings) {
    double low = guess;
    double high = guess;
    double step = 1e-7;
    if (f(guess) < 0.0) {
        for (int k = 0; k < 40; ++k, step *= 4.0) {
            high = guess * (1.0 + step);
            if (f(high) >= 0.0) {
                break;
            }
            low = high;
        }
    } else {
        for (int k = 0; k < 40; ++k, step *= 4.0) {
            low = guess / (1.0 + step);
            if (f(low) <= 0.0) {
                break;
            }
            high = low;
        }
    }
    for (int k = 0; k < halvings && high - low > 1e-16 * high; ++k) {
        const double middle = 0.5 * (low + high);
        if (middle <= low || middle >= high) {
            break;
        }
        (f(middle) < 0.0 ? low : high) = middle;
    }
    return 0.5 * (low + high);
}

/// A group of coupled markets at trial prices: flows, balances, which nodes trade at home and which shared caps bind.
/// This class holds the equations, market/spatial/solver.cpp solves them. One object may treat one group after another;
/// it keeps nothing of earlier groups but allocated memory.
class SpatialSystem {
protected:
    SpatialSystem() = default;
    ~SpatialSystem() = default;
    /// Lists the nodes, lanes and caps of a group of markets; the arguments must outlive the use of the group.
    void list(std::span<const SpatialMarket> markets, std::span<const SharedCap> caps, SpatialClearing& clearing);

    struct Node {
        std::uint32_t market = 0;
        std::uint32_t place = 0;  // node number within its market
        bool sells = false;
        bool buys = false;
        bool split = false;  // nothing sold at home: two prices
        double supply_price = 0.0;
        double use_price = 0.0;
        double exported = 0.0, imported = 0.0;
        double export_slope = 0.0, import_slope = 0.0;  // of flows in the node's own price, positive
        Curve::Point supply, use;
        std::size_t supply_knot = 0, use_knot = 0;  // the segments of the curves where prices were found last
        std::size_t unknown = 0;                    // number of its first unknown
        std::size_t first_out = 0, last_out = 0;    // its lanes in out_ and in_
        std::size_t first_in = 0, last_in = 0;
    };
    /// Columns of the lanes that may carry something, so that their flows are computed as vectors.
    struct Lanes {
        std::vector<const SpatialLane*> lane;
        std::vector<std::uint32_t> from, to;  // nodes of the group
        std::vector<double> pass_through;     // of the origin's price into the delivered price
        std::vector<double> fixed_cost;       // delivered price at an origin price of zero, plus the preference, USD/t
        std::vector<double> per_slope;        // 1 / preference slope
        std::vector<double> scale;            // usual + opening flow
        std::vector<double> opening;
        std::vector<double> cap;
        std::vector<double> rent;  // of all its shared caps
        std::vector<double> flow;
        std::vector<double> slope;  // t per USD/t of margin
        std::size_t count = 0;      // of lanes; columns may be longer, so that they are not filled again for each group
        std::size_t size() const { return count; }
        void make_room(std::size_t lanes);
        LaneCosts costs() const {
            return {count, pass_through.data(), fixed_cost.data(), rent.data(), per_slope.data()};
        }
        LaneScales scales() const { return {count, scale.data(), opening.data(), cap.data(), per_slope.data()}; }
    };

    /// Columns of the lanes on one side of a node, for trial prices of the node.
    struct NodeLanes {
        std::size_t count = 0;
        std::vector<double> other_end, pass_through, fixed_cost, rent, per_slope, scale, opening, cap, power, flow,
            slope;
        void make_room(std::size_t lanes);
        LaneCosts costs() const {
            return {count, pass_through.data(), fixed_cost.data(), rent.data(), per_slope.data()};
        }
        LaneScales scales() const { return {count, scale.data(), opening.data(), cap.data(), per_slope.data()}; }
    };
    /// Gathers the lanes that leave a node, or those that enter it, with the prices at their other ends.
    void gather(std::span<const std::uint32_t> lanes, bool leaving, NodeLanes& side);
    /// Computes their flows and slopes at a price of the node.
    static void trade_at(double price, bool leaving, NodeLanes& side);

    void list_nodes();
    void list_lanes();
    void list_caps();
    void list_lanes_of_nodes();
    std::span<const std::uint32_t> lanes_out(const Node& node) const {
        return std::span(out_).subspan(node.first_out, node.last_out - node.first_out);
    }
    std::span<const std::uint32_t> lanes_in(const Node& node) const {
        return std::span(in_).subspan(node.first_in, node.last_in - node.first_in);
    }
    const SpatialMarket& market_of(const Node& node) const;
    std::uint32_t market_of_lane(std::uint32_t lane) const { return nodes_[lanes_.from[lane]].market; }
    void refresh_rents();
    /// The flow of one lane at given prices; `evaluate` does the same for all.
    LaneFlow flow_at(std::uint32_t lane, double supply_price, double use_price, double rent) const;
    /// Computes flows, curves and balances at the current prices; `error_` is the largest imbalance over its tolerance.
    void evaluate();
    void evaluate_lanes();
    void measure();
    double used_of(std::size_t cap) const;
    /// The room that a cap leaves, including what it gives way to its rent.
    double room_of(std::size_t cap) const;
    /// How far exports may exceed supply before a node counts as split; within that, home trade is zero.
    double home_slack(const Node& node) const;
    /// Decides which nodes trade at home and which shared caps bind at the current prices; true if that changed.
    bool choose_active_set();
    /// How exactly a node's own balance is solved: to the last bits, or roughly, where Newton steps follow.
    enum class NodeRoot { exact, rough };
    /// Solves one node's own balance, all other prices given: tied if it then trades at home, else split. The search
    /// for a node with two sides starts at `guess`.
    void solve_node(Node& node, double guess, NodeRoot how);
    /// The price between a node's two prices at which its linearised balances add up to zero.
    static double meeting_price(const Node& node);
    /// The imbalance of a side at a trial price, and how fast it rises with the price.
    struct Imbalance {
        double quantity = 0.0;
        double slope = 0.0;
    };
    Imbalance sellers_imbalance(const Node& node, double price);
    Imbalance buyers_imbalance(const Node& node, double price);
    /// Starts again from one price for all nodes of a market, at which its total supply equals its total use; no rents.
    void start_over();
    /// Raises preference slopes to at least this share of their market's price, and lets shared caps give way to their
    /// rent; zero restores both.
    void soften_lanes(double gentleness);
    /// Where only one side of a node trades, moves the other's price as near to it as curve and lanes allow, so that
    /// the answer does not depend on the start of the search.
    void follow_trading_sides();
    /// Writes the answer.
    void finish();
    /// What is used in each market, t.
    std::vector<double> used_by_market() const;
    /// The largest imbalance of a node over its market's volume, or of a binding cap over the cap.
    double imbalance() const;

    static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

    std::span<const SpatialMarket> markets_;
    std::span<const SharedCap> caps_;
    SpatialClearing* clearing_ = nullptr;
    std::vector<Node> nodes_;  // those where something is offered or wanted
    Lanes lanes_;
    std::vector<std::uint32_t> out_, in_;  // lanes sorted by origin, and by destination
    struct Inflow {
        double tonnes = 0.0;
        double slope = 0.0;  // t per USD/t
    };
    std::span<const std::uint32_t> open_lanes() const { return std::span(open_).first(open_count_); }
    std::vector<std::uint32_t> open_;  // lanes whose flow changes with its margin, in order
    std::size_t open_count_ = 0;
    std::vector<double> supply_prices_, use_prices_, powers_;  // work space of `evaluate`
    std::vector<Inflow> imports_;                              // per node
    NodeLanes leaving_, entering_;                             // of the node that is being solved
    std::vector<std::size_t> first_place_;                     // per market: its first place in node_at_
    std::vector<std::uint32_t> node_at_;               // by market and place; none if nothing is offered or wanted
    std::vector<std::size_t> first_lane_;              // per market: its first place in lane_at_
    std::vector<std::uint32_t> lane_at_;               // by market and number; none if nothing can move
    std::vector<std::vector<std::uint32_t>> caps_of_;  // per lane; empty without shared caps
    std::vector<std::vector<std::uint32_t>> cap_members_;
    std::vector<bool> binding_;
    std::vector<double> volume_;
    std::vector<double> give_;          // per shared cap, t per USD/t of rent
    std::vector<double> middle_price_;  // per market, from the last start_over
    double error_ = 0.0;
    double merit_ = 0.0;
};

}  // namespace ytterby

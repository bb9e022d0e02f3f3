#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "market/lane_flow.hpp"
#include "market/linear/sparse_solver.hpp"
#include "market/spatial_market.hpp"

namespace ytterby {

/// A curve whose jumps become ramps of a given resistance around a centre quantity: the price of a knot shifts by
/// resistance x (quantity - centre), up for a supply, down for a use. At the centre nothing shifts, so repeated
/// solutions become exact (proximal point, Rockafellar 1976).
struct BalanceSide {
    std::span<const double> knot_price;
    std::span<const double> knot_quantity;
    bool supply = true;
    bool endless = false;  // see OrderCurve
    std::uint32_t market = 0;
    double resistance = 1.0;  // USD/t per t, positive
    double centre = 0.0;      // t
    double price = 0.0;       // the unknown, USD/t
    double anchor = 0.0;      // the price stays near it where nothing else determines it
    double quantity = 0.0;
    double slope = 0.0;  // t per USD/t
    double moved = 0.0;  // by lanes, t

    bool present() const { return !knot_price.empty(); }
    void evaluate();
    /// Whether the quantity differs from that of every knot by more than `nothing`.
    bool between_knots(double nothing) const;
};

/// A connection from a supply to a use. The flow is its centre plus margin / resistance, within its bounds; the margin
/// is use price - pass_through x supply price - cost - rents. The cost of an elastic lane includes its preference; the
/// rest of its wedge adds to the resistance.
struct BalanceLink {
    std::uint32_t from = 0;  // sides
    std::uint32_t to = 0;
    double pass_through = 1.0;
    double cost = 0.0;
    double resistance = 1.0;
    double centre = 0.0;
    double least = 0.0;
    double most = std::numeric_limits<double>::infinity();
    const SpatialLane* elastic = nullptr;
    bool home = false;  // connects the two sides of a node
    std::vector<std::uint32_t> caps = {};
    double rent = 0.0;  // of all its caps
    LaneFlow now = {};
};

/// A limit on the sum of some links; `exact` where the sum must equal it.
struct BalanceCap {
    std::vector<std::uint32_t> links;
    double cap = 0.0;
    bool exact = false;
    double rent = 0.0;
    double anchor = 0.0;
    double used = 0.0;
};

/// What numbers of a market are measured against.
struct BalanceScale {
    double volume = 1.0;  // t
    double price = 1.0;   // USD/t
};

/// A network in which every side must balance with its links. It is piecewise linear and, thanks to the anchors, has
/// exactly one solution; balances fall in the others' prices (an M-function), and the sum of imbalances falls along a
/// Newton step until the next kink (Katzenelson 1965).
class BalanceNetwork {
public:
    std::vector<BalanceSide> sides;
    std::vector<BalanceLink> links;
    std::vector<BalanceCap> caps;
    std::vector<BalanceScale> scales;  // per market
    double pull = 1e-6;                // strength of anchors: share of the volume per share of the price

    /// Finds the prices; true if no imbalance exceeds `tolerance` of its market's volume.
    bool solve(double tolerance, int most_steps);
    int steps = 0;

    /// Solves and makes the answer the next centre. Returns how far that moved, in shares of the price scale and the
    /// volume; infinity if no balance was found, and then centres stay.
    double move_on(double tolerance, bool move_sides, bool move_links);
    /// Moves on until the answer stays: then resistances and anchors no longer matter. True on success. An answer that
    /// keeps moving by the same small amount, at most `drift`, counts too: rounding leaves imbalances of that size.
    bool settle(double tolerance, int most_rounds, bool move_sides, bool move_links, double drift = 0.0);
    /// Prices of sides, then rents of caps.
    using Prices = std::vector<double>;
    Prices prices() const;
    void set_prices(const Prices& prices);
    /// Resets the record of how fast rounds move; call it after a change of resistances.
    void reset_pace() { pace_ = {}; }
    /// Computes flows, quantities and imbalances at the present prices.
    void evaluate();
    /// Newton's step to prices that alone account for every flow: all centres become zero, and links that carry more
    /// than their least are assumed to stay within their bounds. Exact if those links close no circle. For networks
    /// without elastic links.
    void leap_from_centres();
    /// Whether the rents of all caps without room are determined: none can change without changing flows. Call it at a
    /// settled answer.
    bool rents_are_determined();

private:
    /// Like `evaluate`, for the watched links alone; the others carry nothing.
    void update();
    void watch_links();
    /// Evaluates all links and watches those that have opened, too; true if there are any.
    bool watch_opened();
    /// The imbalance of a side, t; it rises with the side's own price.
    double imbalance(const BalanceSide& side) const;
    double room(const BalanceCap& cap) const;
    double pull_of(const BalanceSide& side) const {
        return pull * scales[side.market].volume / scales[side.market].price;
    }
    double own_slope(const BalanceSide& side, double damping) const;
    /// How many more rounds like the last can be taken at once: as many as rounds that shrink by the same factor would
    /// take to end, or until a flow reaches a bound or a knot. Routes of almost equal cost would otherwise take
    /// thousands of rounds.
    double steps_ahead(bool move_sides, bool move_links) const;
    /// The volume per price of its first link's market.
    double cap_size(const BalanceCap& cap) const;
    double cap_pull(const BalanceCap& cap) const { return pull * cap_size(cap); }
    double cap_volume(const BalanceCap& cap) const {
        return scales[sides[links[cap.links.front()].from].market].volume;
    }
    bool binds(const BalanceCap& cap) const;
    /// Newton's direction at the present prices, into direction_. False if there is none.
    bool find_direction(double damping);
    bool factor_prices(double damping);
    void border_caps();
    bool solve_bordered(std::vector<double>& right_side);
    std::vector<double> change_along(double damping) const;
    /// One Newton step with a line search; false if it did not help.
    bool step(double damping);
    void keep_prices();
    void move_along(double length);
    /// How far the step has moved prices and rents, in price scales.
    double distance_moved() const;
    /// Imbalances times the direction. The work rises with the length of the step; where it is zero the step has done
    /// what it can (for costs that do not depend on prices, at the minimum of a convex function).
    double work_along() const;
    /// Solves each side's own balance in turn, all other prices given.
    void sweep();
    double solve_side(std::size_t index, double guess);

    std::vector<std::size_t> unknown_;
    std::vector<std::vector<std::uint32_t>> links_of_;
    std::vector<double> direction_;  // prices of present sides, then rents
    std::vector<double> before_;
    SparseSolver solver_;
    std::vector<std::uint32_t> binding_;  // caps
    std::vector<bool> is_binding_;
    std::vector<std::vector<double>> by_rent_;  // per binding cap: how much prices fall with its rent
    std::vector<double> rent_matrix_;           // binding caps: how their room rises with rents
    std::vector<std::uint32_t> watched_;        // links, ascending
    bool careful_ = false;                      // whether the next step is careful, see own_slope
    /// How fast rounds move.
    struct Pace {
        double moved = 0.0, ratio = 0.0, ratio_before = 0.0, before_leap = 0.0;
        int since_leap = 0;
        bool tired = false;  // a leap gained nothing
        void note(double now, bool leapt);
    };
    Pace pace_;
    double strayed_ = 0.0;  // how far prices moved since all links were evaluated, in price scales
    double error_ = 0.0;
    double merit_ = 0.0;
};

}  // namespace ytterby

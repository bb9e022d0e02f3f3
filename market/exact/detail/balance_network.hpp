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

/// A curve whose jumps are made into ramps of a given resistance around a centre quantity: the price of a
/// knot shifts by resistance x (quantity - centre), up for a supply, down for a use. At the centre nothing
/// changes, which is what lets repeated solutions become exact (Rockafellar 1976, proximal point).
struct BalanceSide {
    std::span<const double> knot_price;
    std::span<const double> knot_quantity;
    bool supply = true;
    bool endless = false;  // see OrderCurve
    std::uint32_t market = 0;
    double resistance = 1.0;  // USD/t per t, positive
    double centre = 0.0;      // t
    double price = 0.0;       // the unknown, USD/t
    double anchor = 0.0;      // the price stays near it where nothing else tells
    double quantity = 0.0;
    double slope = 0.0;  // t per USD/t
    double moved = 0.0;  // by lanes, t

    bool present() const { return !knot_price.empty(); }
    void evaluate();
    /// Whether the quantity is more than `nothing` away from every knot's.
    bool between_knots(double nothing) const;
};

/// A way from a supply to a use: the flow rises with the margin, use price - pass_through x supply price -
/// cost - rents, by margin / resistance from its centre, between its bounds. An elastic lane's wedge, less
/// its preference, which the cost holds, comes on top of the resistance.
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
    bool home = false;  // trade within a node
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

/// Sizes by which numbers of a market are judged.
struct BalanceScale {
    double volume = 1.0;  // t
    double price = 1.0;   // USD/t
};

/// A network in which every side must balance with its links. Piecewise linear and, thanks to the anchors,
/// with exactly one solution; balances fall in the others' prices (an M-function), and the sum of what is
/// out of balance falls along a Newton step until the next kink (Katzenelson 1965).
class BalanceNetwork {
public:
    std::vector<BalanceSide> sides;
    std::vector<BalanceLink> links;
    std::vector<BalanceCap> caps;
    std::vector<BalanceScale> scales;  // per market
    double pull = 1e-6;                // of an anchor: share of the volume per share of the price

    /// Finds the prices; true when no side is out of balance by more than `tolerance` of its market's volume.
    bool solve(double tolerance, int most_steps);
    int steps = 0;

    /// Solves, and takes the answer as the next centre. How far that moved, in shares of the price scale and the
    /// volume; infinity if nothing balanced, and then centres stay.
    double move_on(double tolerance, bool move_sides, bool move_links);
    /// Moves on until the answer stays where it is: then resistances and anchors no longer matter. True on
    /// success. An answer that goes on moving by the same little, `drift` at most, counts too: rounding leaves
    /// some balance open by as much.
    bool settle(double tolerance, int most_rounds, bool move_sides, bool move_links, double drift = 0.0);
    /// Prices of sides, then rents of caps.
    using Prices = std::vector<double>;
    Prices prices() const;
    void set_prices(const Prices& prices);
    /// Forgets how fast the last rounds moved; after a change of resistances.
    void change_pace() { pace_ = {}; }
    /// Flows, quantities and what is left over at the present prices.
    void evaluate();
    /// Newton's step to where prices alone carry every flow: all centres become zero, and links that carry more
    /// than their least now are taken to stay between their bounds. Exact where those close no circle. For
    /// networks without elastic links.
    void leap_from_centres();
    /// Whether the rents of all caps without room are determined: none can change without changing flows. At a
    /// settled answer.
    bool rents_are_determined();

private:
    /// As evaluate, but for the watched links alone; the others carry nothing.
    void update();
    void watch_links();
    /// Also watches links that opened unseen, after a look at all of them; true if there are any.
    bool watch_opened();
    double left_over(const BalanceSide& side) const;
    double room(const BalanceCap& cap) const;
    double pull_of(const BalanceSide& side) const {
        return pull * scales[side.market].volume / scales[side.market].price;
    }
    double own_slope(const BalanceSide& side, double damping) const;
    /// How many more rounds like the last can be taken at once: as many as there would be until rounds that
    /// shrink by the same factor end, or a flow comes to a bound or a knot. Routes that cost almost the same
    /// would else take thousands of rounds.
    double steps_ahead(bool move_sides, bool move_links) const;
    /// The volume per price of its first link's market.
    double cap_size(const BalanceCap& cap) const;
    double cap_pull(const BalanceCap& cap) const { return pull * cap_size(cap); }
    double cap_volume(const BalanceCap& cap) const {
        return scales[sides[links[cap.links.front()].from].market].volume;
    }
    bool binds(const BalanceCap& cap) const;
    /// Newton's direction at the present prices, into direction_; in balance_direction.cpp. False if there is none.
    bool find_direction(double damping);
    bool factor_prices(double damping);
    void border_caps();
    bool solve_bordered(std::vector<double>& right_side);
    std::vector<double> change_along(double damping) const;
    bool step(double damping);
    void sweep();
    double solve_side(std::size_t index, double guess);

    std::vector<std::size_t> unknown_;
    std::vector<std::vector<std::uint32_t>> links_of_;
    std::vector<double> direction_;  // prices of present sides, then rents
    std::vector<double> before_;
    SparseSolver solver_;
    std::vector<std::uint32_t> binding_;  // caps
    std::vector<bool> is_binding_;
    std::vector<std::vector<double>> by_rent_;  // per binding cap: how far prices fall with its rent
    std::vector<double> rent_matrix_;           // binding caps: how their room rises with the rents
    std::vector<std::uint32_t> watched_;        // links, ascending
    bool careful_ = false;                      // whether the next direction is held back
    /// How fast rounds move.
    struct Pace {
        double moved = 0.0, ratio = 0.0, ratio_before = 0.0, before_leap = 0.0;
        int since_leap = 0;
        bool tired = false;  // a leap brought nothing
        void note(double now, bool leapt);
    };
    Pace pace_;
    double strayed_ = 0.0;  // how far prices moved since all links were looked at, in price scales
    double error_ = 0.0;
    double merit_ = 0.0;
};

}  // namespace ytterby

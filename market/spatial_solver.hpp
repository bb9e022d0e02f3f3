#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "market/curve.hpp"

namespace ytterby {

/// One route of one good as the market sees it this tick. Delivered price of a tonne:
/// (price (1 + export_duty) + freight) (1 + tariff) + friction. The origin preference is a wedge that
/// rises with the flow x: preference + preference_slope ln((x + opening) / (usual + opening)); it is
/// not paid. preference_slope must be positive.
struct SpatialLane {
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    double export_duty = 0.0;  // ad valorem shares
    double freight = 0.0;      // USD/t
    double tariff = 0.0;
    double friction = 0.0;          // USD/t, with reserve rent and specific tariff
    double reserve_rent = 0.0;      // part of it that holders of quota rights get
    double specific_tariff = 0.0;   // part of it that the destination's treasury gets
    double preference = 0.0;        // USD/t
    double preference_slope = 0.0;  // USD/t
    double usual_flow = 0.0;        // t per tick
    double opening_flow = 0.0;      // t per tick, positive
    double cap = std::numeric_limits<double>::infinity();

    double delivered(double price) const { return (price * (1.0 + export_duty) + freight) * (1.0 + tariff) + friction; }
    /// How fast the delivered price rises with the origin's price.
    double pass_through() const { return (1.0 + export_duty) * (1.0 + tariff); }
    /// The wedge at a flow, USD/t.
    double wedge(double flow) const;
};

/// One good: a supply and a use curve per node (either may be empty) and the lanes between nodes.
struct SpatialMarket {
    std::vector<Curve> supply;
    std::vector<Curve> use;
    std::vector<SpatialLane> lanes;
};

/// A limit on the sum of flows over lanes of one or several markets, t per tick.
struct SharedCap {
    struct Member {
        std::uint32_t market = 0;
        std::uint32_t lane = 0;
    };
    std::vector<Member> members;
    double cap = 0.0;
};

/// Prices and flows of one market. Nothing passes through a node within a tick: what leaves a node
/// was offered there. A node's supply price and use price are equal where it trades at home.
struct SpatialMarketClearing {
    std::vector<double> supply_price;  // per node, USD/t
    std::vector<double> use_price;
    std::vector<double> domestic_flow;  // t
    std::vector<double> supplied;       // the curves at these prices
    std::vector<double> used;
    std::vector<double> flow;       // per lane, t
    std::vector<double> lane_rent;  // per lane, USD/t: value of the lane's own cap
};

/// The answer for a group of markets that shared caps couple, with what it took.
struct SpatialClearing {
    std::vector<SpatialMarketClearing> markets;
    std::vector<double> shared_rent;  // per shared cap, USD/t
    double imbalance =
        0.0;  // largest left, as a share of its market's volume or of its cap; infinite where it is no number
    int newton_steps = 0;
    int sweeps = 0;  // fallback rounds, node by node
};

/// Spatial price equilibrium (Samuelson 1952; Takayama and Judge 1971) with elastic lanes, in prices:
/// flows are explicit functions of prices, balances rise in the own price and fall in the others'
/// (an M-function), so the prices are unique. Solved by a damped Newton method on the active set
/// (which nodes trade at home, which shared caps bind), with rounds of exact one-node solutions where
/// Newton does not make progress, and with gentler lanes first where that does not help. The prices in
/// `clearing` are where the search begins; any positive prices do, and bad ones cost little more than
/// good ones. A shared cap of nothing shuts its lanes; its rent is the least that does. Nodes without
/// supply or use keep their start prices. Throws std::runtime_error if no equilibrium is found within
/// the limit of steps.
void clear_spatial(std::span<const SpatialMarket> markets, std::span<const SharedCap> caps, SpatialClearing& clearing);

/// Does the same again and again, and keeps its memory from one group of markets to the next.
class SpatialSolver {
public:
    SpatialSolver();
    ~SpatialSolver();
    SpatialSolver(SpatialSolver&&) noexcept;
    SpatialSolver& operator=(SpatialSolver&&) noexcept;
    /// False, with prices and flows as they were, where no equilibrium is found within the limit of steps.
    bool clear(std::span<const SpatialMarket> markets, std::span<const SharedCap> caps, SpatialClearing& clearing);

private:
    class Search;
    std::unique_ptr<Search> search_;
};

}  // namespace ytterby

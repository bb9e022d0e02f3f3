#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "market/curve.hpp"

namespace ytterby {

/// One route of one good as the market sees it this tick. Delivered price of a tonne: (price (1 + export_duty) +
/// freight) (1 + tariff) + friction. The origin preference is a wedge that rises with the flow x: preference +
/// preference_slope ln((x + opening) / (usual + opening)); it is not paid. preference_slope must be positive.
struct SpatialLane {
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    double export_duty = 0.0;  // ad valorem shares
    double freight = 0.0;      // USD/t
    double tariff = 0.0;
    double friction = 0.0;          // USD/t, reserve rent and specific tariff included
    double reserve_rent = 0.0;      // the part that holders of quota rights get
    double specific_tariff = 0.0;   // the part that the destination's treasury gets
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

/// Prices and flows of one market. Nothing passes through a node within a tick: what leaves a node was offered there. A
/// node's supply price and use price are equal where it trades at home.
struct SpatialMarketClearing {
    std::vector<double> supply_price;  // per node, USD/t
    std::vector<double> use_price;
    std::vector<double> domestic_flow;  // t
    std::vector<double> supplied;       // the curves at these prices
    std::vector<double> used;
    std::vector<double> flow;       // per lane, t
    std::vector<double> lane_rent;  // per lane, USD/t: value of the lane's own cap
};

/// The answer for a group of markets that shared caps couple, and the effort of finding it.
struct SpatialClearing {
    std::vector<SpatialMarketClearing> markets;
    std::vector<double> shared_rent;  // per shared cap, USD/t
    double imbalance = 0.0;           // the largest, as a share of the market's volume or of the cap; infinite for NaN
    int newton_steps = 0;
    int sweeps = 0;  // fallback rounds, node by node
};

}  // namespace ytterby

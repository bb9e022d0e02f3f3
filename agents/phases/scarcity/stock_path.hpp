#pragma once

#include <cstddef>
#include <vector>

namespace ytterby {

/// A quantity per month over the price as a multiple of the base price, between two multiples; constant beyond them.
/// Points are spread evenly in logarithms, so a value is found without a search.
struct FlowCurve {
    static constexpr std::size_t points = 33;
    static constexpr double lowest = 0.1;
    static constexpr double highest = 60.0;

    std::vector<double> quantity_t = std::vector<double>(points, 0.0);

    /// The multiple of a point.
    static double multiple(std::size_t point);
    /// The quantity at the natural logarithm of a multiple.
    double at_log(double log_multiple) const;
};

/// Demand of a group of nodes. Use at a price P and adaptation a is need x P^-short x e^a, and nothing beyond the last
/// choke price; a moves towards -(medium - short) ln P (docs/model.md, section 7.3).
struct PathDemand {
    double need_t = 0.0;  // per month at the base price
    double log_adaptation = 0.0;
    double cost_share = 1.0;  // of the good in the price that users see: below one for an input of what they use
    double short_elasticity = 0.1;
    double medium_elasticity = 0.3;
    double first_choke = 3.0;  // multiples of the base price
    double last_choke = 30.0;
    double adjustment_months = 6.0;
};

/// Use per month at a multiple of the base price once users have adapted.
double adapted_use(const PathDemand& demand, double multiple);

/// Trade with the other side of a wall in one step of time.
struct WallStep {
    double months = 1.0;
    bool open = false;       // no cap: both sides are one market
    double cap_in_t = 0.0;   // per month, of what comes in
    double cap_out_t = 0.0;  // of what goes out
    double need_share = 1.0;
    double supply_share = 1.0;
    double other_supply_share = 1.0;
};

/// Months ahead in steps: twelve of a month, then quarters.
std::vector<double> path_months(double horizon);

/// A group of nodes behind the same walls, over the months to come. Quantities in tonnes, prices as multiples of the
/// base price.
struct PathQuestion {
    double stock_t = 0.0;   // without the last month's output; with what the other side lets go before a wall closes
    double target_t = 0.0;  // usual
    double output_t = 0.0;  // of the last month, which is sold in this one
    PathDemand demand;
    const FlowCurve* supply = nullptr;
    PathDemand other_demand;
    const FlowCurve* other_supply = nullptr;
    double other_output_t = 0.0;
    std::vector<WallStep> steps;
    double terminal = 1.0;  // price that is expected after the last step
};

/// The price now that, rising with interest and carrying cost, spreads stocks over the months. Competitive storage
/// (Williams and Wright 1991; Deaton and Laroque 1992): with q = 1 + discount per month, the higher of the least price
/// up to the terminal one at which no more is used up than stocks above their targets until the path reaches it, and
/// the least price at which no month ends empty (docs/model.md, section 7.16).
double path_price(const PathQuestion& question, double discount);

/// Where a path ends.
struct PathEnd {
    double stock_t = 0.0;
    double log_adaptation = 0.0;
};

/// What is left at the end of the steps along the path from a price.
PathEnd path_end(const PathQuestion& question, double price, double discount);

/// What is missing in this month at a price: use less output and imports, t.
double missing_now(const PathQuestion& question, double price);

}  // namespace ytterby

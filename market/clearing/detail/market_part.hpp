#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "market/clearing/detail/case_question.hpp"
#include "market/clearing/detail/complementarity.hpp"

namespace ytterby {

/// All orders of one side of a node at one limit.
struct OrderStep {
    double limit = 0.0;                      // USD/t
    Wide quantity;                           // t
    std::vector<std::uint32_t> orders = {};  // of the case
};

/// One side of a node: its orders, best first, and its curves.
struct CaseSide {
    std::vector<OrderStep> steps;
    std::vector<std::uint32_t> curves;  // of the case
    Wide fixed;                         // t at any price

    bool empty() const { return steps.empty() && curves.empty(); }
};

/// Supply sides at even indices, use sides at odd ones; quantities of zero are left out.
std::vector<CaseSide> sides_of(const MarketCase& source);

/// What an activity of a part stands for.
enum class PartKind : std::uint8_t {
    asks,          // all orders of a supply side
    bids,          // all orders of a use side
    level,         // a curve with a slope of zero
    slope,         // a curve with a slope
    bend,          // a curve of constant elasticity
    home,          // trade at a node
    access,        // where goods may pass through: from sellers that have a floor, to buyers that have a ceiling
    lane,          // `number` is a lane of the CaseQuestion
    floor,         // supply that a floor leaves without a buyer
    ceiling,       // demand that a ceiling leaves without a seller
    fixed_supply,  // a fixed supply that may be left unsold at a price of zero
};

/// Something that moves goods from one side of a market to another, or into or out of the market.
struct PartActivity {
    static constexpr std::uint32_t nowhere = std::numeric_limits<std::uint32_t>::max();

    PartKind kind = PartKind::home;
    std::uint32_t side = 0;    // of the case, 2 x node or 2 x node + 1; of a lane and of home trade the first of both
    std::uint32_t number = 0;  // curve or lane
    std::uint32_t from = nowhere;  // places of the part; likewise `to`
    std::uint32_t to = nowhere;
    Wide pass_through = Wide(1.0);
    std::vector<std::uint32_t> caps = {};  // of the part

    bool is_link() const { return from != nowhere && to != nowhere; }
};

/// How far prices and quantities may lie from the largest that a part names, as powers of ten, and how they are found.
struct PartReach {
    int lowest_price = -30;  // at which curves of constant elasticity are followed
    int highest_price = 30;
    int endless_rent = 35;   // a rent above this is more than any price
    int bound = 40;          // of prices; demand that is not met at this price is met at none
    int least_tonnes = -36;  // a curve that comes to less than this comes to nothing
    int most = 30;           // more than anything without a bound of its own may come to
    Tolerance tolerance = {};
    int noise = -170;  // power of two that breaks ties
    int limbs = Wide::least_limbs;
};

/// Quantities at which every variable of a part is in its response.
struct PartPoint {
    std::vector<Wide> quantity, drive;  // per variable
    std::vector<VariableState> states;
};

/// The sides, lanes and shared caps that are connected with each other, as a problem in units of their own: the largest
/// price and the largest quantity are between a tenth and one. Its variables are first the prices of its places, then
/// the rents of its caps, then its activities.
class MarketPart {
public:
    MarketPart(const CaseQuestion& question, const std::vector<CaseSide>& sides);

    /// Forgets the knots of an earlier reach.
    void change_reach(const PartReach& reach);
    /// States the problem anew.
    void build();
    /// Splits the pieces of smooth responses that an answer is in; false if there are none left to split.
    bool refine(const std::vector<VariableState>& states);
    /// Takes curves of constant elasticity that trade next to nothing as straight there: supplies at a price of zero,
    /// and demands that nobody serves at any price.
    void straighten_idle(const ComplementarityPath& path);
    /// What such a curve trades counts as nothing.
    void leave_out_idle(ComplementarityAnswer& answer) const;
    /// Whether a curve trades beyond the prices up to which it is followed.
    bool is_beyond(const std::vector<VariableState>& states) const;
    /// Likewise for an answer, which may lie beyond the chords that led to it.
    bool is_beyond(const ComplementarityAnswer& answer) const;
    /// Takes curves whose prices are beyond the reach as vertical there; their prices count as zero or as none.
    void cut_off(const std::vector<VariableState>& states);
    bool is_cut_off(std::size_t activity) const;
    bool any_cut_off() const { return !cut_off_.empty(); }

    bool through() const { return question->source.through_shipment; }
    /// The place of a side of the case.
    std::uint32_t place(std::size_t side) const { return place_[side]; }
    /// Where goods are that leave a node over a lane; where they may pass through, also those that arrive.
    std::uint32_t place_of_leaving(std::size_t node) const { return through() ? hub_[node] : place_[2 * node]; }
    std::size_t places() const { return inflow.size(); }
    std::uint32_t rent_of(std::size_t cap) const { return static_cast<std::uint32_t>(places() + cap); }
    std::uint32_t variable_of(std::size_t activity) const {
        return static_cast<std::uint32_t>(places() + caps.size() + activity);
    }
    Wide ten_to(int power) const { return power_of_ten(power, reach.limbs); }
    /// What drives an activity at the given prices and rents of the part.
    Wide drive_of(std::size_t activity, const std::vector<Wide>& prices, const std::vector<Wide>& rents) const;
    /// Below what a difference between its drive and its response counts as none.
    Wide tolerance_of(std::size_t activity, const std::vector<Wide>& prices, const std::vector<Wide>& rents) const;
    const Response& response_of(std::size_t activity) const {
        return problem.variables[variable_of(activity)].response;
    }
    const SmoothResponse& smooth_of(std::size_t activity) const {
        return problem.variables[variable_of(activity)].smooth;
    }
    Wide price(double value) const { return decimal_of(value, reach.limbs) * from_price_.with_limbs(reach.limbs); }
    Wide tonnes(double value) const { return decimal_of(value, reach.limbs) * from_quantity_.with_limbs(reach.limbs); }
    double price_out(const Wide& value) const { return rounded(value * to_price_); }
    double tonnes_out(const Wide& value) const { return rounded(value * to_quantity_); }
    void find_units();

    const CaseQuestion* question;
    const std::vector<CaseSide>* case_sides;
    std::vector<std::uint32_t> sides;  // of the case, ascending
    std::vector<std::uint32_t> lanes;  // of the question
    std::vector<std::uint32_t> caps;   // of the question
    std::vector<bool> has_side;        // per side of the case: whether it is in this part and present
    PartReach reach;
    bool free_disposal = false;  // whether fixed supplies are not sold below a price of zero
    /// Whether prices below zero are allowed where goods may pass through: there an ad valorem duty is a subsidy, and
    /// goods may go round without end.
    bool negative_prices = false;
    ComplementarityProblem problem;
    std::vector<PartActivity> activities;
    std::vector<Wide> inflow;  // per place: what is sold at any price
    std::vector<Wide> unmet;   // per place: what is wanted at any price

private:
    void add(PartActivity activity, Response response);
    void set_places();
    void build_side(std::uint32_t side);
    void add_orders(std::uint32_t side);
    void add_curve(std::uint32_t side, std::uint32_t number);
    void add_bend(std::uint32_t side, std::uint32_t number);
    void add_rules(std::uint32_t side);
    void add_lanes();
    void add_lane(std::uint32_t number);
    void couple();
    void bound_prices();
    Response bend_response(const CaseCurve& curve, std::vector<double>& knots) const;
    bool is_beyond(std::size_t activity, const VariableState& state) const;
    bool is_idle(std::size_t activity, const ComplementarityPath& path) const;
    Response wedge_response(const SpatialLane& lane, const Wide& cost, std::vector<double>& knots) const;
    PartActivity at(PartKind kind, std::uint32_t side, std::uint32_t number) const;

    std::vector<std::uint32_t> place_;              // per side of the case
    std::vector<std::uint32_t> hub_;                // per node, where goods may pass through
    std::vector<std::uint32_t> cut_off_;            // activities
    std::vector<std::vector<double>> curve_knots_;  // per curve of the case: prices
    std::vector<std::vector<double>> lane_knots_;   // per lane of the question: flows
    Wide to_price_, from_price_, to_quantity_, from_quantity_;
    double price_scale_ = 1.0;  // the same as doubles, for knots
    double quantity_scale_ = 1.0;
};

/// The parts of a case, in the order of their first sides. A side without orders and curves belongs to none unless
/// goods may pass through its node.
std::vector<MarketPart> parts_of(const CaseQuestion& question, const std::vector<CaseSide>& sides);

}  // namespace ytterby

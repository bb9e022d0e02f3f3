#pragma once

#include <limits>
#include <vector>

#include "market/clearing/case.hpp"
#include "market/exact/solver.hpp"

namespace ytterby {

/// A case in the form that the exact kernel takes. After the nodes of the case comes one node for each floor (it buys
/// what is left at the floor) and each ceiling (it sells what is missing at the ceiling).
class KernelQuestion {
public:
    static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

    explicit KernelQuestion(const MarketCase& source);

    /// Solves with increasingly exact curves and, if necessary, wider bounds.
    void solve();

    /// The price of fixed quantities in their side's curve, USD/t.
    double any_price(bool supply) const { return supply ? (free_disposal_ ? 0.0 : lowest) : highest; }

    /// Whether a price is undefined: beyond the bounds, or where a supply of constant elasticity has no buyer.
    bool is_undefined(double price, std::size_t node) const;

    const MarketCase& source;
    ExactMarket market;
    std::vector<SharedCap> caps;            // shared caps of the case, then caps of lanes with a rate quota
    std::vector<std::size_t> lane_in;       // per lane of the case: its lane of the market
    std::vector<std::size_t> lane_over;     // per lane: the tier above its rate quota; none without
    std::vector<std::size_t> floor_lane;    // per node: where excess supply goes; none without a floor
    std::vector<std::size_t> ceiling_lane;  // per node: where a shortage comes from; none without a ceiling
    std::vector<std::size_t> quota_cap;     // per lane: its cap over both tiers; none without
    SpatialClearing cleared;
    double highest = 0.0;  // bounds of prices; those near them represent any price
    double lowest = 0.0;
    std::vector<bool> unpinned;  // per node: whether nothing determines its price

private:
    void add_lanes();
    void find_bounds();
    void make_curves();
    double level_quantity(const CaseCurve& level) const;
    void add_curve(const CaseCurve& curve, std::size_t number, std::vector<LimitOrder>& orders, bool& endless);
    /// Clears the market with its present curves. False if no answer was found; throws then unless `may_fail`.
    bool clear(bool may_fail);
    void find_first_answer();
    /// Sets windows around the prices of the answer. Curves are cut off outside them, so that their scale is that of
    /// what is traded.
    void narrow_windows(double share);
    bool within_windows() const;
    /// A level curve that traded its whole quantity, although it has no limit; null if there is none.
    const CaseCurve* exhausted_level() const;
    void require_bounded() const;
    void trim_curves();
    bool add_knots(double share);
    /// Adds knots and clears until curves are exact to a share of the volume.
    void refine_curves(double share);
    bool left_unsold() const;
    void fix_price_level();
    void round_answer();
    bool has_shortage() const;
    bool widen_bounds(double factor);

    std::vector<std::vector<double>> knots_;  // per curve: prices at which a bent curve is exact
    struct Window {
        double low = 0.0;  // USD/t
        double high = 0.0;
    };
    std::vector<Window> supply_window_;  // per node; empty: no windows
    std::vector<Window> use_window_;
    std::vector<double> most_sold_;  // per node, t: limit of a level supply
    std::vector<double> most_bought_;
    double span_ = 30.0;          // see add_curve
    double level_factor_ = 2.0;   // see level_quantity
    bool free_disposal_ = false;  // whether fixed supplies are not sold below a price of zero
};

}  // namespace ytterby

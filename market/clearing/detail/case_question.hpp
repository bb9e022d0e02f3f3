#pragma once

#include <limits>
#include <vector>

#include "market/clearing/case.hpp"
#include "market/exact/solver.hpp"

namespace ytterby {

/// A case as the exact kernel takes it. Nodes come first, then one node for each floor (it takes what nobody else
/// buys at the floor) and each ceiling (it gives what nobody else sells at the ceiling).
class CaseQuestion {
public:
    static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

    explicit CaseQuestion(const MarketCase& source);

    /// Solves with ever closer curves and, if need be, wider bounds.
    void solve();

    /// Where a fixed quantity stands in its side's curve, USD/t.
    double any_price(bool supply) const { return supply ? (free_disposal_ ? 0.0 : lowest) : highest; }

    /// Whether a price says nothing: beyond the bounds, or where a supply of constant elasticity has no buyer at all.
    bool is_undefined(double price, std::size_t node) const;

    const MarketCase& source;
    ExactMarket market;
    std::vector<SharedCap> caps;            // the case's shared caps, then the lane caps of rate quotas
    std::vector<std::size_t> lane_in;       // per lane of the case: lane of the market
    std::vector<std::size_t> lane_over;     // the tier above a rate quota; none without
    std::vector<std::size_t> floor_lane;    // per node: where excess supply goes; none without a floor
    std::vector<std::size_t> ceiling_lane;  // per node: where a shortage is made good
    std::vector<std::size_t> quota_cap;     // per lane: its cap over both tiers; none without
    SpatialClearing cleared;
    double highest = 0.0;  // prices beyond these stand for any price
    double lowest = 0.0;
    std::vector<bool> unpinned;  // per node: nothing says at what price it trades

private:
    void state_lanes();
    void find_bounds();
    void state_curves();
    double level_quantity(const CaseCurve& level) const;
    void add_curve(const CaseCurve& curve, std::size_t number, std::vector<LimitOrder>& orders, bool& endless);
    /// Solves the market as stated; a failure to meet the conditions is kept for later where `may_fail`.
    bool clear(bool may_fail);
    /// A first answer, from curves that reach more or less far.
    void begin();
    /// Cuts off what no price near the answer can bring to market, so that the kernel works in the market's own size.
    void narrow(double share);
    bool within_windows() const;
    /// A level curve that traded all it was given, though it should trade without limit; null if there is none.
    const CaseCurve* sold_out_level() const;
    void require_bounded() const;
    void trim_curves();
    bool closer(double share);
    void come_to_rest(double share);
    bool left_unsold() const;
    void level_prices();
    void round_answer();
    bool comes_short() const;
    bool wider(double factor);

    std::vector<std::vector<double>> knots_;  // per curve: prices at which a curve that bends is exact
    struct Window {
        double low = 0.0;  // USD/t
        double high = 0.0;
    };
    std::vector<Window> supply_window_;  // per node; empty: no limits
    std::vector<Window> use_window_;
    std::vector<double> most_sold_;  // per node, t: at most this from a level supply
    std::vector<double> most_bought_;
    double span_ = 30.0;          // see add_curve
    double level_factor_ = 2.0;   // see level_quantity
    bool free_disposal_ = false;  // a fixed supply is not sold below nothing
};

}  // namespace ytterby

#include "market/exact/detail/flow_choice.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "market/exact/detail/prices.hpp"

namespace ytterby {
namespace {

/// Strength of the last anchors of a choice (see BalanceNetwork::pull).
constexpr double last_pull = 1e-8;
/// Imbalance to which the networks of a choice are choice_tolerance, as a share of the volume.
constexpr double choice_tolerance = 1e-11;
/// What filling a seller earns. It exceeds what any share of marginal orders can cost at either end of any chain of
/// swaps, so the volume comes first.
constexpr double reward = 4.0;
/// Shadow prices are whole numbers; below this they are zero.
constexpr double least_shadow_price = 1e-3;

/// One attempt at a choice: a network of its own, in which prices are shadow prices of the choice. Anchors have the
/// strength `first_pull` at first. `gently`: resistances relate to what the ends of each link carry and fall step by
/// step; else they are small and relate to the volume.
class FlowChoice {
public:
    FlowChoice(BalanceNetwork& network, std::span<const double> weights, double tolerance, double first_pull,
               bool gently)
        : network_(network), weights_(weights), tolerance_(tolerance), first_pull_(first_pull), gently_(gently) {
        choice_.scales = network.scales;
        for (BalanceScale& scale : choice_.scales) {
            scale.price = 1.0;
        }
        add_sides();
        add_links();
        add_caps();
    }

    /// True on success; the network then has the chosen flows.
    bool choose() {
        const bool found = find();
        network_.steps += choice_.steps;
        if (found) {
            write_back();
        }
        return found;
    }

private:
    bool find() {
        if (!settle(true)) {
            return false;
        }
        keep_quantities();
        prefer_home();
        if (!settle(true)) {
            return false;
        }
        keep_what_pays();
        choice_.leap_from_centres();
        return settle(false);
    }

    /// The marginal quantities of each side become a jump of their own.
    void add_sides() {
        knot_price_.resize(network_.sides.size());
        knot_quantity_.resize(network_.sides.size());
        for (std::size_t index = 0; index < network_.sides.size(); ++index) {
            const BalanceSide& side = network_.sides[index];
            BalanceSide marginal;
            marginal.supply = side.supply;
            marginal.market = side.market;
            if (side.present()) {
                const auto [least, most] = marginal_quantities(side);
                const double floor = side.supply ? -reward : 0.0;
                knot_price_[index] = {floor, floor};
                knot_quantity_[index] = side.supply ? std::array{least, most} : std::array{most, least};
                marginal.resistance = most > least ? 1.0 / (most - least) : 1.0 / network_.scales[side.market].volume;
                marginal.centre = least;
                marginal.knot_price = knot_price_[index];
                marginal.knot_quantity = knot_quantity_[index];
            }
            choice_.sides.push_back(marginal);
        }
    }

    /// The least and the most that a side may come to at its price, t.
    std::array<double, 2> marginal_quantities(const BalanceSide& side) const {
        const double width = tolerance_ * network_.scales[side.market].price;
        const auto first = std::lower_bound(side.knot_price.begin(), side.knot_price.end(), side.price - width);
        const auto beyond = std::upper_bound(side.knot_price.begin(), side.knot_price.end(), side.price + width);
        double least = side.quantity;
        double most = side.quantity;
        if (beyond - first >= 2) {
            const double one = side.knot_quantity[static_cast<std::size_t>(first - side.knot_price.begin())];
            const double other = side.knot_quantity[static_cast<std::size_t>(beyond - side.knot_price.begin()) - 1];
            least = std::min({least, one, other});
            most = std::max({most, one, other});
        }
        if (most - least <= negligible_share * network_.scales[side.market].volume) {
            least = most = side.quantity;
        }
        return {least, most};
    }

    /// Only links whose ends' prices differ by exactly their cost may change their flow.
    void add_links() {
        for (const BalanceLink& link : network_.links) {
            const BalanceSide& from = network_.sides[link.from];
            const BalanceSide& to = network_.sides[link.to];
            const double scale =
                std::max({network_.scales[from.market].price, std::abs(from.price), std::abs(to.price)});
            const double margin = to.price - link.pass_through * from.price - link.cost - link.rent;
            BalanceLink tied = link;
            tied.pass_through = 1.0;
            tied.cost = 0.0;
            tied.elastic = nullptr;
            tied.centre = link.now.flow;
            if (link.elastic != nullptr) {
                tied.least = tied.most = link.now.flow;
            } else if (std::abs(margin) > tolerance_ * scale) {
                tied.least = tied.most = margin < 0.0 ? link.least : link.most;  // up to rounding, the flow
            }
            choice_.links.push_back(tied);
        }
    }

    void add_caps() {
        for (const BalanceCap& cap : network_.caps) {
            BalanceCap same = cap;
            same.exact =
                !cap.links.empty() &&
                cap.rent >
                    tolerance_ * network_.scales[network_.sides[network_.links[cap.links.front()].from].market].price;
            same.cap = same.exact ? cap.used : std::max(cap.cap, cap.used);
            same.rent = same.anchor = 0.0;
            choice_.caps.push_back(same);
        }
    }

    void set_resistance(double share) {
        for (BalanceLink& link : choice_.links) {
            const BalanceSide& from = network_.sides[link.from];
            const double size = std::min(from.quantity, network_.sides[link.to].quantity);
            const double volume = choice_.scales[from.market].volume;
            link.resistance = share / (gently_ && size > negligible_share * volume ? size : volume);
        }
    }

    /// Finds shadow prices and flows.
    bool settle(bool move_links) {
        choice_.pull = first_pull_;
        for (const double share : {1.0, 0.1}) {
            if (move_links && gently_) {
                set_resistance(share);
                choice_.settle(choice_tolerance, 1, false, true);
            }
        }
        if (move_links) {
            set_resistance(0.01);
        }
        for (; choice_.pull > 1.1 * last_pull; choice_.pull *= 0.1) {
            choice_.settle(choice_tolerance, 1, false, move_links);
        }
        choice_.pull = last_pull;
        return choice_.settle(choice_tolerance, 60, false, move_links, 10.0 * choice_tolerance);
    }

    /// Fixes the quantities of all sides.
    void keep_quantities() {
        for (std::size_t index = 0; index < choice_.sides.size(); ++index) {
            BalanceSide& side = choice_.sides[index];
            if (side.present()) {
                knot_quantity_[index] = {side.quantity, side.quantity};
                side.centre = side.quantity;
                side.price = side.anchor = 0.0;
            }
        }
    }

    /// Makes home trade worth more than any lane.
    void prefer_home() {
        for (BalanceLink& link : choice_.links) {
            link.cost = link.home ? -1.0 : 0.0;
        }
    }

    /// Fixes the flows that pay, or do not, at the shadow prices; the other links share what is left by weight.
    void keep_what_pays() {
        for (std::size_t number = 0; number < choice_.links.size(); ++number) {
            BalanceLink& link = choice_.links[number];
            const double margin = choice_.sides[link.to].price - choice_.sides[link.from].price - link.cost - link.rent;
            if (std::abs(margin) > least_shadow_price && std::isfinite(margin < 0.0 ? link.least : link.most)) {
                link.least = link.most = margin < 0.0 ? link.least : link.most;
            }
            link.cost = 0.0;
            link.centre = link.now.flow;
            link.resistance = 1.0 / weights_[number];
        }
        for (BalanceCap& cap : choice_.caps) {
            if (cap.rent > least_shadow_price) {
                cap.exact = true;
                cap.cap = cap.used;
            }
            cap.rent = cap.anchor = 0.0;
        }
        for (BalanceSide& side : choice_.sides) {
            side.price = side.anchor = 0.0;
        }
    }

    void write_back() {
        for (std::size_t index = 0; index < network_.sides.size(); ++index) {
            network_.sides[index].quantity = choice_.sides[index].quantity;
            network_.sides[index].moved = choice_.sides[index].moved;
        }
        for (std::size_t number = 0; number < network_.links.size(); ++number) {
            network_.links[number].now.flow = choice_.links[number].now.flow;
        }
    }

    BalanceNetwork& network_;
    std::span<const double> weights_;
    double tolerance_;
    double first_pull_;
    bool gently_;
    BalanceNetwork choice_;
    std::vector<std::array<double, 2>> knot_price_, knot_quantity_;  // per side of the choice
};

}  // namespace

bool choose_flows(BalanceNetwork& network, std::span<const double> weights, double tolerance) {
    // Weak anchors need few rounds, strong ones keep Newton's method from diverging.
    for (const double pull : {last_pull, 1e-5, 1e-2, 1.0}) {
        for (const bool gently : {false, true}) {
            if (FlowChoice(network, weights, tolerance, pull, gently).choose()) {
                return true;
            }
        }
    }
    return false;
}

}  // namespace ytterby

#include "market/spatial/solver.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "market/linear/dense_solver.hpp"
#include "market/linear/dominant_solver.hpp"
#include "market/spatial/detail/system.hpp"

namespace ytterby {
namespace {

constexpr int most_newton_steps = 300;
constexpr int most_sweeps = 4000;
/// Newton steps and sweeps before gentler markets are tried first.
constexpr int patience = 40;
/// Keeps a matrix regular where a node has neither slope nor open lanes.
constexpr double least_damping = 1e-14;
/// Imbalance, as a share of the volume, above which the start is no better than one price for all.
constexpr double start_over_merit = 0.3;
/// If no part of a step helps, a search that is near the answer may take the whole step so many times to pass the kinks
/// of the curves, although the imbalance grows by up to this factor.
constexpr int most_leaps = 2;
constexpr double most_worsening = 1e3;
constexpr double leap_merit = 0.01;
/// A search cycles if its active set changed so many times in a row without reducing the imbalance by a tenth; a sweep
/// breaks the cycle.
constexpr int most_turns = 3;
/// A Newton step changes no price by more than this factor.
constexpr double most_change = 4.0;

}  // namespace

/// Finds the prices at which a spatial system balances.
class SpatialSolver::Search final : SpatialSystem {
public:
    bool solve(std::span<const SpatialMarket> markets, std::span<const SharedCap> caps, SpatialClearing& clearing) {
        list(markets, caps, clearing);
        order_nodes();
        is_factored_ = false;
        evaluate();
        if (merit_ > start_over_merit) {
            start_over();
        }
        if (find(patience, patience)) {
            finish();
            return true;
        }
        // Far from the answer Newton's method fails on steep lanes: start with gentle ones and make them steeper.
        start_over();
        for (double gentleness = 1.0; gentleness > 1e-7; gentleness *= 0.25) {
            soften_lanes(gentleness);
            find(patience, patience);
        }
        soften_lanes(0.0);
        if (!find(most_newton_steps, most_sweeps)) {
            return false;
        }
        finish();
        return true;
    }

private:
    /// Newton steps on the active set, with sweeps where they stall; true when everything balances.
    bool find(int newton_steps, int sweeps) {
        is_factored_ = false;
        leaps_left_ = most_leaps;
        const int last_step = clearing_->newton_steps + newton_steps;
        const int last_sweep = clearing_->sweeps + sweeps;
        double best_merit = std::numeric_limits<double>::infinity();
        int turns = 0;
        while (true) {
            const bool changed = choose_active_set();
            if (changed) {
                is_factored_ = false;
                evaluate();
            }
            if (error_ <= 1.0 && !changed) {
                return true;
            }
            turns = changed && !(merit_ < 0.9 * best_merit) ? turns + 1 : 0;
            best_merit = std::min(best_merit, merit_);
            const bool circles = turns >= most_turns && clearing_->sweeps < last_sweep;
            const bool stepped =
                !circles && clearing_->newton_steps < last_step &&
                (old_matrix_step() || newton_step(least_damping) || newton_step(0.03 * merit_) || newton_step(merit_));
            if (!stepped) {
                turns = 0;
                if (!sweep_until_better(last_sweep)) {
                    return false;
                }
            }
        }
    }

    /// Orders nodes by number of lanes, fewest first, which keeps elimination short.
    void order_nodes() {
        const auto lanes = [&](std::uint32_t node) {
            return nodes_[node].last_out - nodes_[node].first_out + nodes_[node].last_in - nodes_[node].first_in;
        };
        order_.resize(nodes_.size());
        std::iota(order_.begin(), order_.end(), 0U);
        std::sort(order_.begin(), order_.end(),
                  [&](std::uint32_t a, std::uint32_t b) { return lanes(a) != lanes(b) ? lanes(a) < lanes(b) : a < b; });
    }

    std::size_t number_unknowns() {
        std::size_t count = 0;
        supply_unknown_.resize(nodes_.size());
        use_unknown_.resize(nodes_.size());
        for (const std::uint32_t index : order_) {
            Node& node = nodes_[index];
            node.unknown = count;
            supply_unknown_[index] = static_cast<std::uint32_t>(supply_unknown(node));
            use_unknown_[index] = static_cast<std::uint32_t>(use_unknown(node));
            count += node.sells && node.buys && node.split ? 2 : 1;
        }
        return count;
    }

    /// The unknown of a node's price on a side; a tied or one-sided node has only one.
    static std::size_t supply_unknown(const Node& node) { return node.unknown; }
    static std::size_t use_unknown(const Node& node) {
        return node.sells && node.buys && node.split ? node.unknown + 1 : node.unknown;
    }

    /// Sets the right side to the imbalances.
    void fill_right_side(std::size_t size) {
        right_.assign(size, 0.0);
        for (const Node& node : nodes_) {
            if (node.sells) {
                right_[supply_unknown(node)] -= node.supply.quantity - node.exported;
            }
            if (node.buys) {
                right_[use_unknown(node)] -= node.imported - node.use.quantity;
            }
        }
    }

    /// Passes the entries of the matrix to two functions. Balances rise in the node's own price: supply - exports for
    /// sellers, imports - use for buyers.
    template <class Diagonal, class Pair>
    void assemble_nodes(double damping, Diagonal&& diagonal, Pair&& pair) {
        for (const Node& node : nodes_) {
            if (node.sells) {
                diagonal(supply_unknown(node),
                         node.supply.slope + node.export_slope + damping * volume_[node.market] / node.supply_price);
            }
            if (node.buys) {
                diagonal(use_unknown(node),
                         node.import_slope - node.use.slope + damping * volume_[node.market] / node.use_price);
            }
        }
        for (const std::uint32_t lane : open_lanes()) {
            const double slope = lanes_.slope[lane];
            pair(supply_unknown_[lanes_.from[lane]], use_unknown_[lanes_.to[lane]], -slope,
                 -slope * lanes_.pass_through[lane]);
        }
    }

    /// Solves for the changes of all prices and of the rents of binding caps; false if the matrix is singular.
    bool solve_changes(std::size_t prices, double damping) {
        if (std::none_of(binding_.begin(), binding_.end(), [](bool binds) { return binds; })) {
            solver_.reset(prices);
            fill_right_side(prices);
            assemble_nodes(
                damping, [&](std::size_t row, double value) { solver_.add_diagonal(row, value); },
                [&](std::size_t row, std::size_t column, double value, double mirrored) {
                    solver_.add_pair(row, column, value, mirrored);
                });
            is_factored_ = solver_.solve(right_);
            return is_factored_;
        }
        std::vector<std::size_t> rent_unknown(caps_.size(), none);
        std::size_t size = prices;
        for (std::size_t cap = 0; cap < caps_.size(); ++cap) {
            if (binding_[cap]) {
                rent_unknown[cap] = size++;
            }
        }
        matrix_.assign(size * size, 0.0);
        fill_right_side(size);
        const auto at = [&](std::size_t row, std::size_t column) -> double& { return matrix_[row * size + column]; };
        assemble_nodes(
            damping, [&](std::size_t row, double value) { at(row, row) += value; },
            [&](std::size_t row, std::size_t column, double value, double mirrored) {
                at(row, column) += value;
                at(column, row) += mirrored;
            });
        for (std::size_t cap = 0; cap < caps_.size(); ++cap) {
            if (!binding_[cap]) {
                continue;
            }
            const std::size_t rent = rent_unknown[cap];
            for (const std::uint32_t lane : cap_members_[cap]) {
                const double slope = lanes_.slope[lane];
                if (slope <= 0.0) {
                    continue;
                }
                const std::size_t seller = supply_unknown(nodes_[lanes_.from[lane]]);
                const std::size_t buyer = use_unknown(nodes_[lanes_.to[lane]]);
                at(seller, rent) += slope;
                at(buyer, rent) -= slope;
                at(rent, buyer) -= slope;
                at(rent, seller) += slope * lanes_.pass_through[lane];
                for (const std::uint32_t other : caps_of_[lane]) {
                    if (rent_unknown[other] != none) {
                        at(rent, rent_unknown[other]) += slope;
                    }
                }
            }
            right_[rent] -= room_of(cap);
            at(rent, rent) += give_[cap] + 1e-14 * caps_[cap].cap;
        }
        return solve_dense(matrix_, right_);
    }

    /// One Newton step on the active set; false if no step length improves the balances and none is taken all the same.
    /// `damping` is a slope that is added to every balance, in shares of the volume per share of the price: it bounds
    /// the common price of a group of nodes with flat curves.
    bool newton_step(double damping) {
        ++clearing_->newton_steps;
        const std::size_t unknowns = number_unknowns();
        is_factored_ = false;
        if (!solve_changes(unknowns, damping)) {
            return false;
        }
        keep_prices();
        const std::vector<double> rents_before = clearing_->shared_rent;
        const double merit_before = merit_;
        const auto go = [&](double length) {
            std::size_t next = unknowns;
            for (std::size_t cap = 0; cap < caps_.size(); ++cap) {
                if (binding_[cap]) {
                    clearing_->shared_rent[cap] = rents_before[cap] + length * right_[next++];
                }
            }
            move_prices(length);
            evaluate();
            progress_ = merit_ / merit_before;
        };
        for (double length = 1.0; length > 0.02; length *= 0.5) {
            go(length);
            if (progress_ < 1.0 - 0.1 * length || error_ <= 1.0) {
                return true;
            }
        }
        if (damping == least_damping && merit_before < leap_merit && leaps_left_ > 0) {
            --leaps_left_;
            go(1.0);
            if (progress_ < most_worsening) {
                return true;
            }
        }
        restore_prices();
        clearing_->shared_rent = rents_before;
        is_factored_ = false;
        evaluate();
        return false;
    }

    /// A step with the matrix of the last one, if at most two such steps can end the search: each reduces the error by
    /// about twice the factor of the last step. False, with nothing changed, if it does not help.
    bool old_matrix_step() {
        const double factor = 2.0 * progress_;
        if (!is_factored_ || !(error_ * factor * factor <= 1.0)) {
            return false;
        }
        ++clearing_->newton_steps;
        fill_right_side(right_.size());
        solver_.solve_again(right_);
        keep_prices();
        const double merit_before = merit_;
        move_prices(1.0);
        evaluate();
        if (error_ <= 1.0 || merit_ < 0.1 * merit_before) {
            return true;
        }
        restore_prices();
        is_factored_ = false;
        evaluate();
        return false;
    }

    void keep_prices() {
        before_.resize(nodes_.size());
        for (std::size_t index = 0; index < nodes_.size(); ++index) {
            before_[index] = {nodes_[index].supply_price, nodes_[index].use_price};
        }
    }

    void restore_prices() {
        for (std::size_t index = 0; index < nodes_.size(); ++index) {
            nodes_[index].supply_price = before_[index].supply;
            nodes_[index].use_price = before_[index].use;
        }
    }

    /// Moves all prices by a share of the changes.
    void move_prices(double length) {
        for (std::size_t index = 0; index < nodes_.size(); ++index) {
            Node& node = nodes_[index];
            node.supply_price = moved(before_[index].supply, length * right_[supply_unknown(node)]);
            node.use_price = moved(before_[index].use, length * right_[use_unknown(node)]);
            if (node.sells && node.buys && !node.split) {
                node.use_price = node.supply_price;
            }
        }
    }

    static double moved(double price, double change) {
        return std::clamp(price + change, price / most_change, price * most_change);
    }

    bool sweep_until_better(int last_sweep) {
        is_factored_ = false;
        const double merit_before = merit_;
        while (clearing_->sweeps < last_sweep) {
            sweep();
            evaluate();
            if (merit_ < 0.9 * merit_before || error_ <= 1.0) {
                return true;
            }
            choose_active_set();
        }
        return false;
    }

    /// Solves each node's own balance exactly in turn, all other prices given; then the rent of each shared cap.
    void sweep() {
        ++clearing_->sweeps;
        for (Node& node : nodes_) {
            solve_node(node, node.supply_price, NodeRoot::exact);
        }
        for (std::size_t cap = 0; cap < caps_.size(); ++cap) {
            if (!binding_[cap]) {
                continue;
            }
            const double now = clearing_->shared_rent[cap];
            const auto room = [&](double rent) {
                double used = 0.0;
                for (const std::uint32_t lane : cap_members_[cap]) {
                    used += flow_at(lane, nodes_[lanes_.from[lane]].supply_price, nodes_[lanes_.to[lane]].use_price,
                                    lanes_.rent[lane] - now + rent)
                                .flow;
                }
                return caps_[cap].cap - used + give_[cap] * rent;
            };
            clearing_->shared_rent[cap] =
                room(0.0) >= 0.0 ? 0.0 : rising_root(room, std::max(1e-9, now), most_halvings);
            refresh_rents();
        }
    }

    std::vector<std::uint32_t> order_;                         // nodes in the order in which prices are numbered
    std::vector<std::uint32_t> supply_unknown_, use_unknown_;  // per node: numbers of its prices
    DominantSolver solver_;
    bool is_factored_ = false;  // whether the solver holds the matrix of the last step and the active set is the same
    double progress_ = 1.0;     // merit after the last step over merit before it
    int leaps_left_ = 0;        // steps that may still be taken although they do not help
    std::vector<double> matrix_, right_;
    struct Prices {
        double supply = 0.0;
        double use = 0.0;
    };
    std::vector<Prices> before_;  // prices at the start of a Newton step
};

SpatialSolver::SpatialSolver() : search_(std::make_unique<Search>()) {}
SpatialSolver::~SpatialSolver() = default;
SpatialSolver::SpatialSolver(SpatialSolver&&) noexcept = default;
SpatialSolver& SpatialSolver::operator=(SpatialSolver&&) noexcept = default;

bool SpatialSolver::clear(std::span<const SpatialMarket> markets, std::span<const SharedCap> caps,
                          SpatialClearing& clearing) {
    return search_->solve(markets, caps, clearing);
}

void clear_spatial(std::span<const SpatialMarket> markets, std::span<const SharedCap> caps, SpatialClearing& clearing) {
    if (!SpatialSolver().clear(markets, caps, clearing)) {
        throw std::runtime_error("the spatial market found no equilibrium within its limit of steps");
    }
}

}  // namespace ytterby

#include "market/exact/solver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "market/exact/detail/balance_network.hpp"
#include "market/exact/detail/flow_choice.hpp"
#include "market/exact/detail/prices.hpp"
#include "market/exact/detail/start.hpp"

namespace ytterby {
namespace {

/// Imbalance of a solution, as a share of the volume; well above the rounding of flows over tied lanes.
constexpr double tolerance = 1e-12;
/// The same for solutions on the way to the answer.
constexpr double roughly = 1e-6;
/// Every answer meets its conditions to this.
constexpr double exact_promise = 1e-9;
/// Resistances, in shares of the price per size of a side or lane: the first in a cold and in a warm search, and the
/// ratio of one to the one before (assumed; with a third Newton's method needs only a few steps from one to the next).
constexpr double most_resistance = 1.0;
constexpr double warm_share = 0.03;
constexpr double lower = 0.3;
/// The highest, where even the first round fails (assumed, range 100 to 10,000).
constexpr double highest = 1e3;
/// Those of exact answers; smaller ones lose digits.
constexpr double fine = 1e-3;
constexpr double finest = 1e-4;
/// Rounds and failed rounds before stronger anchors are tried.
constexpr int most_rounds = 200;
constexpr int most_failures = 12;
/// A volume below this share of what could be traded is rounding.
constexpr double nothing_traded = 1e-9;
/// Strengths of anchors to try in turn (see BalanceNetwork::pull).
constexpr double pulls[] = {1e-8, 1e-6, 1e-4, 1e-3};

/// Builds the network of a group of markets and reads the answer from it.
class ExactSolver {
public:
    ExactSolver(std::span<const ExactMarket> markets, std::span<const SharedCap> caps, SpatialClearing& clearing,
                bool warm)
        : markets_(markets), shared_(caps), clearing_(clearing) {
        warm_ = warm && clearing.markets.size() == markets.size() && clearing.shared_rent.size() == caps.size();
        for (std::size_t market = 0; warm_ && market < markets.size(); ++market) {
            const SpatialMarketClearing& start = clearing.markets[market];
            const std::size_t nodes = markets[market].supply.size();
            warm_ = start.supply_price.size() == nodes && start.use_price.size() == nodes &&
                    start.supplied.size() == nodes && start.used.size() == nodes &&
                    start.domestic_flow.size() == nodes && start.flow.size() == markets[market].lanes.size();
        }
        for (std::size_t market = 0; market < markets_.size(); ++market) {
            add_market(market);
        }
        add_caps();
    }

    bool warm() const { return warm_; }
    int steps() const { return network_.steps; }

    /// How a search ended.
    enum class Outcome { none, some, chosen };

    /// Finds an equilibrium with anchors of the given strength, and from it the one that the rules choose. `some`: an
    /// equilibrium whose flows could not be chosen by the rules.
    Outcome solve(double pull) {
        network_.pull = pull;
        if (!warm_) {
            start_over();
        }
        if (!descend(warm_ ? warm_share : most_resistance) ||
            (warm_ && !shared_.empty() && !network_.rents_are_determined())) {
            return Outcome::none;
        }
        if (rescale()) {
            descend(fine);
        }
        centre_prices(network_);
        snap_prices();
        const bool chosen = choose_flows(network_, weights_, 1e-10);
        clear_dust();
        follow_trading_side(network_);
        report();
        if (!(certify_exact(markets_, shared_, clearing_).worst() <= exact_promise)) {
            return Outcome::none;
        }
        return chosen ? Outcome::chosen : Outcome::some;
    }

private:
    void add_market(std::size_t number) {
        first_side_.push_back(network_.sides.size());
        measure_market(number);
        make_room(number);
        add_sides(number);
        add_home_trade(number);
        add_lanes(number);
    }

    /// Checks the curves of a market and finds its price and its scales.
    void measure_market(std::size_t number) {
        const ExactMarket& market = markets_[number];
        double offered = 0.0;
        double wanted = 0.0;
        for (std::size_t node = 0; node < market.supply.size(); ++node) {
            check_curve(market.supply[node], true);
            check_curve(market.use[node], false);
            offered += market.supply[node].most();
            wanted += market.use[node].most();
        }
        crossing_.push_back(crossing_price(market));
        double size = std::abs(crossing_.back());
        double costs = 0.0;
        for (const SpatialLane& lane : market.lanes) {
            costs += std::abs(lane.delivered(0.0)) + std::abs(lane.preference);
        }
        size += market.lanes.empty() ? 0.0 : costs / static_cast<double>(market.lanes.size());
        const double volume = std::min(offered, wanted) > 0.0 ? std::min(offered, wanted) : std::max(offered, wanted);
        network_.scales.push_back({volume > 0.0 ? volume : 1.0, size > 0.0 ? size : 1.0});
    }

    /// Sizes the answer of a market; what it holds already is kept.
    void make_room(std::size_t number) {
        const std::size_t nodes = markets_[number].supply.size();
        clearing_.markets.resize(markets_.size());
        SpatialMarketClearing& start = clearing_.markets[number];
        for (std::vector<double>* column :
             {&start.supply_price, &start.use_price, &start.supplied, &start.used, &start.domestic_flow}) {
            column->resize(nodes, 0.0);
        }
        start.flow.resize(markets_[number].lanes.size(), 0.0);
    }

    void add_sides(std::size_t number) {
        const ExactMarket& market = markets_[number];
        const SpatialMarketClearing& start = clearing_.markets[number];
        const double crossing = crossing_[number];
        for (std::size_t node = 0; node < market.supply.size(); ++node) {
            BalanceSide side;
            side.market = static_cast<std::uint32_t>(number);
            side.knot_price = market.supply[node].price;
            side.knot_quantity = market.supply[node].quantity;
            side.endless = market.supply[node].endless;
            side.price = side.anchor = warm_ ? start.supply_price[node] : crossing;
            side.centre = warm_ ? start.supplied[node] : 0.0;
            network_.sides.push_back(side);
            side.supply = false;
            side.knot_price = market.use[node].price;
            side.knot_quantity = market.use[node].quantity;
            side.endless = market.use[node].endless;
            side.price = side.anchor = warm_ ? start.use_price[node] : crossing;
            side.centre = warm_ ? start.used[node] : 0.0;
            network_.sides.push_back(side);
        }
    }

    void add_home_trade(std::size_t number) {
        const ExactMarket& market = markets_[number];
        home_.emplace_back(market.supply.size(), none);
        for (std::size_t node = 0; node < market.supply.size(); ++node) {
            if (market.supply[node].empty() || market.use[node].empty()) {
                continue;
            }
            home_[number][node] = network_.links.size();
            BalanceLink link;
            link.from = static_cast<std::uint32_t>(first_side_[number] + 2 * node);
            link.to = link.from + 1;
            link.centre = clearing_.markets[number].domestic_flow[node];
            link.home = true;
            if (market.through_shipment) {
                link.least = -std::numeric_limits<double>::infinity();
            }
            network_.links.push_back(link);
            weights_.push_back(network_.scales[number].volume);
        }
    }

    void add_lanes(std::size_t number) {
        const ExactMarket& market = markets_[number];
        lane_.emplace_back(market.lanes.size(), none);
        for (std::size_t index = 0; index < market.lanes.size(); ++index) {
            const SpatialLane& lane = market.lanes[index];
            if (!(lane.cap > 0.0) || market.supply[lane.from].empty() || market.use[lane.to].empty()) {
                continue;
            }
            lane_[number][index] = network_.links.size();
            BalanceLink link;
            link.from = static_cast<std::uint32_t>(first_side_[number] + std::size_t{2} * lane.from);
            link.to = static_cast<std::uint32_t>(first_side_[number] + std::size_t{2} * lane.to + 1);
            link.pass_through = lane.pass_through();
            link.cost = lane.delivered(0.0) + lane.preference;
            link.most = lane.cap;
            link.centre = std::clamp(clearing_.markets[number].flow[index], 0.0, lane.cap);
            if (lane.preference_slope > 0.0) {
                link.elastic = &lane;
            }
            network_.links.push_back(link);
            const double weight = lane.usual_flow + lane.opening_flow;
            weights_.push_back(weight > 0.0 ? weight : network_.scales[number].volume);
        }
    }

    void add_caps() {
        clearing_.shared_rent.resize(shared_.size(), 0.0);
        for (std::size_t number = 0; number < shared_.size(); ++number) {
            BalanceCap cap;
            cap.cap = std::max(0.0, shared_[number].cap);
            cap.rent = cap.anchor = warm_ ? clearing_.shared_rent[number] : 0.0;
            for (const SharedCap::Member& member : shared_[number].members) {
                const std::size_t link = lane_[member.market][member.lane];
                if (link != none) {
                    cap.links.push_back(static_cast<std::uint32_t>(link));
                    network_.links[link].caps.push_back(static_cast<std::uint32_t>(number));
                }
            }
            network_.caps.push_back(std::move(cap));
        }
    }

    /// Sets resistances to a share of the price scale per size: the most that a side comes to, or that a link can carry
    /// between its sides.
    void set_resistance(double share) {
        for (BalanceSide& side : network_.sides) {
            side.resistance = share * network_.scales[side.market].price / size_of(side);
        }
        for (BalanceLink& link : network_.links) {
            const BalanceSide& from = network_.sides[link.from];
            const double size = std::min({size_of(from), size_of(network_.sides[link.to]), link.most});
            link.resistance = share * network_.scales[from.market].price / size;
        }
    }

    double size_of(const BalanceSide& side) const {
        const double most = side.present() ? std::max(side.knot_quantity.front(), side.knot_quantity.back()) : 0.0;
        const double volume = network_.scales[side.market].volume;
        return most > 0.0 ? std::min(most, volume) : volume;
    }

    /// Where only a small part of the possible volume is traded, answers are measured against what is traded. True if
    /// that changed any scale.
    bool rescale() {
        std::vector<double> traded(markets_.size(), 0.0);
        for (const BalanceSide& side : network_.sides) {
            traded[side.market] += side.supply ? side.moved : 0.0;
        }
        bool any = false;
        for (std::size_t market = 0; market < traded.size(); ++market) {
            double& volume = network_.scales[market].volume;
            if (traded[market] < 0.1 * volume && traded[market] > nothing_traded * volume) {
                volume = traded[market];
                any = true;
            }
        }
        return any;
    }

    void start_over() {
        for (BalanceSide& side : network_.sides) {
            side.centre = 0.0;
            side.price = side.anchor = crossing_[side.market];
        }
        for (BalanceCap& cap : network_.caps) {
            cap.rent = cap.anchor = 0.0;
        }
        for (BalanceLink& link : network_.links) {
            link.centre = 0.0;
        }
    }

    /// From an answer with the resistance `first` to the exact one: with less in every round, but with more again after
    /// a round that failed, since rounds with any resistance lead there in the end.
    bool descend(double first) {
        double share = first;
        int held = 0;  // rounds before the next attempt with less
        int failures = 0;
        for (int round = 0; round < most_rounds && failures < most_failures; ++round) {
            set_resistance(share);
            const BalanceNetwork::Prices before = network_.prices();
            const double moved = network_.move_on(share > fine ? roughly : tolerance, true, true);
            if (!std::isfinite(moved)) {
                network_.set_prices(before);
                share = std::min(highest, share / lower);
                held = 2 << std::min(failures, 5);
                ++failures;
                network_.reset_pace();
            } else if (share <= fine && moved <= tolerance) {
                return true;
            } else if (held > 0) {
                --held;
            } else if (share > fine || (round % 40 == 39 && share > finest)) {
                share = share > fine ? std::max(fine, share * lower) : share * lower;
                network_.reset_pace();
            }
        }
        return false;
    }

    /// Makes prices equal to the last digit: those of marginal orders and their side, and the two of a node that trades
    /// at home.
    void snap_prices() {
        for (BalanceSide& side : network_.sides) {
            if (!side.present()) {
                continue;
            }
            const double width = 1e-11 * std::max(network_.scales[side.market].price, std::abs(side.price));
            const auto near = std::lower_bound(side.knot_price.begin(), side.knot_price.end(), side.price - width);
            if (near != side.knot_price.end() && *near <= side.price + width) {
                side.price = *near;
            }
        }
        for (std::size_t market = 0; market < markets_.size(); ++market) {
            for (const std::size_t link : home_[market]) {
                if (link != none && (markets_[market].through_shipment || network_.links[link].now.flow > 0.0)) {
                    BalanceSide& to = network_.sides[network_.links[link].to];
                    BalanceSide& from = network_.sides[network_.links[link].from];
                    const bool on_knot = std::binary_search(to.knot_price.begin(), to.knot_price.end(), to.price);
                    (on_knot ? from.price : to.price) = on_knot ? to.price : from.price;
                }
            }
        }
    }

    /// Sets flows over links of fixed cost to zero where they are only rounding.
    void clear_dust() {
        for (BalanceLink& link : network_.links) {
            if (link.elastic == nullptr &&
                std::abs(link.now.flow) < tolerance * network_.scales[network_.sides[link.from].market].volume) {
                link.now.flow = 0.0;
            }
        }
    }

    void report() {
        clearing_.sweeps = 0;
        for (std::size_t market = 0; market < markets_.size(); ++market) {
            SpatialMarketClearing& out = clearing_.markets[market];
            const std::size_t nodes = markets_[market].supply.size();
            for (std::size_t node = 0; node < nodes; ++node) {
                const BalanceSide& supply = network_.sides[first_side_[market] + 2 * node];
                const BalanceSide& use = network_.sides[first_side_[market] + 2 * node + 1];
                if (supply.present() || use.present()) {
                    out.supply_price[node] = supply.present() ? supply.price : use.price;
                    out.use_price[node] = use.present() ? use.price : supply.price;
                }
                out.domestic_flow[node] =
                    home_[market][node] == none ? 0.0 : network_.links[home_[market][node]].now.flow;
            }
            out.supplied = out.domestic_flow;  // flows are final; supply and use are their sums
            out.used = out.domestic_flow;
            out.flow.assign(markets_[market].lanes.size(), 0.0);
            out.lane_rent.assign(markets_[market].lanes.size(), 0.0);
            for (std::size_t index = 0; index < markets_[market].lanes.size(); ++index) {
                if (lane_[market][index] == none) {
                    continue;
                }
                const SpatialLane& lane = markets_[market].lanes[index];
                const BalanceLink& link = network_.links[lane_[market][index]];
                out.flow[index] = link.now.flow;
                out.supplied[lane.from] += link.now.flow;
                out.used[lane.to] += link.now.flow;
                if (link.now.flow >= lane.cap) {
                    const double wedge = lane.preference_slope > 0.0 ? lane.wedge(link.now.flow) : lane.preference;
                    out.lane_rent[index] = std::max(
                        0.0, out.use_price[lane.to] - lane.delivered(out.supply_price[lane.from]) - wedge - link.rent);
                }
            }
        }
        for (std::size_t cap = 0; cap < shared_.size(); ++cap) {
            clearing_.shared_rent[cap] = std::max(0.0, network_.caps[cap].rent);
        }
    }

    static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

    std::span<const ExactMarket> markets_;
    std::span<const SharedCap> shared_;
    SpatialClearing& clearing_;
    BalanceNetwork network_;
    std::vector<double> weights_;
    std::vector<double> crossing_;  // per market, USD/t
    std::vector<std::size_t> first_side_;
    std::vector<std::vector<std::size_t>> lane_;  // per market and lane: its link
    std::vector<std::vector<std::size_t>> home_;  // per market and node: the link of its home trade
    bool warm_ = true;                            // whether to start from the last answer
};

}  // namespace

void clear_exact(std::span<const ExactMarket> markets, std::span<const SharedCap> caps, SpatialClearing& clearing) {
    const SpatialClearing start = clearing;
    SpatialClearing some;
    bool any = false;
    int steps = 0;
    const auto attempt = [&](bool warm, double pull) {
        clearing = start;
        ExactSolver solver(markets, caps, clearing, warm);
        const ExactSolver::Outcome outcome = warm && !solver.warm() ? ExactSolver::Outcome::none : solver.solve(pull);
        steps += solver.steps();
        if (outcome == ExactSolver::Outcome::some && !any) {
            some = clearing;
            any = true;
        }
        return outcome == ExactSolver::Outcome::chosen;
    };
    bool chosen = attempt(true, pulls[0]);
    for (const double pull : pulls) {
        chosen = chosen || attempt(false, pull);
    }
    if (!chosen && any) {
        clearing = some;
    }
    clearing.newton_steps = steps;
    if (!chosen && !any) {
        throw std::runtime_error("the exact market found no equilibrium within its limit of steps");
    }
}

}  // namespace ytterby

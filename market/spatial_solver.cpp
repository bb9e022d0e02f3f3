#include "market/spatial_solver.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "core/maths.hpp"
#include "market/dense_solver.hpp"

namespace ytterby {
namespace {

constexpr int most_newton_steps = 300;
constexpr int most_sweeps = 4000;
/// Balance left over at a node, relative to what passes through it, and to the whole market.
constexpr double node_tolerance = 1e-12;
constexpr double market_tolerance = 1e-15;
/// Two prices of a node that differ by less count as one.
constexpr double price_tolerance = 1e-13;
/// Bisections of a one-node solution: to the last bit, and roughly, where Newton follows.
constexpr int most_halvings = 200;
constexpr int few_halvings = 12;
/// A Newton step changes no price by more than this factor.
constexpr double most_change = 4.0;
/// The exponent of the preference is limited so that flows stay finite; far beyond any real wedge.
constexpr double most_exponent = 200.0;

struct LaneFlow {
    double flow = 0.0;
    double slope = 0.0;     // t per USD/t of margin
};

/// A lane with what its flow is computed from again and again.
struct LaneTerms {
    const SpatialLane* lane = nullptr;
    double pass_through = 1.0;      // of the origin's price into the delivered price
    double fixed_cost = 0.0;        // delivered price of a tonne that is free at the origin, plus the preference, USD/t
    double per_slope = 0.0;         // 1 / preference slope
    double scale = 0.0;             // usual + opening flow
    double shut_exponent = 0.0;     // at or below it nothing flows: e^-z <= 1 / (1 + z)

    explicit LaneTerms(const SpatialLane& source)
        : lane(&source),
          pass_through(source.pass_through()),
          fixed_cost(source.delivered(0.0) + source.preference),
          per_slope(1.0 / source.preference_slope),
          scale(source.usual_flow + source.opening_flow),
          shut_exponent(std::max(-40.0, -source.usual_flow / source.opening_flow)) {}
};

LaneFlow flow_at(const LaneTerms& terms, double supply_price, double use_price, double rent) {
    const double exponent = (use_price - supply_price * terms.pass_through - terms.fixed_cost - rent) * terms.per_slope;
    if (exponent <= terms.shut_exponent && (exponent > -40.0 || terms.scale <= 1e15 * terms.lane->opening_flow)) {
        return {};
    }
    const double scaled = terms.scale * exp(std::min(exponent, most_exponent));
    const double flow = scaled - terms.lane->opening_flow;
    if (flow <= 0.0) {
        return {};
    }
    if (flow >= terms.lane->cap) {
        return {terms.lane->cap, 0.0};
    }
    return {flow, scaled * terms.per_slope};
}

/// Prices, residuals and structure of the group while it is being solved.
class Solver {
public:
    Solver(std::span<const SpatialMarket> markets, std::span<const SharedCap> caps, SpatialClearing& clearing)
        : markets_(markets), caps_(caps), clearing_(clearing) {
        list_nodes();
        list_lanes();
        clearing_.shared_rent.resize(caps_.size(), 0.0);
        clearing_.newton_steps = 0;
        clearing_.sweeps = 0;
    }

    void solve() {
        evaluate();
        for (int step = 0; step < most_newton_steps; ++step) {
            const bool changed = choose_active_set();
            if (changed) {
                evaluate();
            }
            if (error_ <= 1.0 && !changed) {
                finish();
                return;
            }
            if (!newton_step() && !sweep_until_better()) {
                break;
            }
        }
        // The last resort: node by node until everything fits.
        while (clearing_.sweeps < most_sweeps) {
            choose_active_set();
            sweep();
            evaluate();
            if (error_ <= 1.0 && !choose_active_set()) {
                finish();
                return;
            }
        }
        throw std::runtime_error("the spatial market found no equilibrium within its limit of steps");
    }

private:
    struct Node {
        std::uint32_t market = 0;
        std::uint32_t place = 0;        // node number within its market
        bool sells = false;
        bool buys = false;
        bool split = false;             // nothing sold at home: two prices
        double supply_price = 0.0;
        double use_price = 0.0;
        double exported = 0.0, imported = 0.0;
        double export_slope = 0.0, import_slope = 0.0;   // of flows in the own price, positive
        Curve::Point supply, use;
        std::size_t unknown = 0;        // number of its first unknown
        std::vector<std::uint32_t> out, in;   // lanes
    };
    struct Lane {
        LaneTerms terms;
        std::uint32_t market = 0;
        std::uint32_t number = 0;
        std::uint32_t from = 0, to = 0; // nodes of the group
        double rent = 0.0;              // of all shared caps it counts under
        LaneFlow now;
        std::vector<std::uint32_t> caps;
    };

    void list_nodes() {
        first_node_.clear();
        for (std::size_t market = 0; market < markets_.size(); ++market) {
            first_node_.push_back(nodes_.size());
            SpatialMarketClearing& start = clearing_.markets[market];
            double volume = 0.0;
            for (std::size_t place = 0; place < markets_[market].supply.size(); ++place) {
                Node node;
                node.market = static_cast<std::uint32_t>(market);
                node.place = static_cast<std::uint32_t>(place);
                node.sells = markets_[market].supply[place].most() > 0.0;
                node.buys = markets_[market].use[place].most() > 0.0;
                node.supply_price = std::max(1e-9, start.supply_price[place]);
                node.use_price = std::max(1e-9, start.use_price[place]);
                if (node.sells && node.buys) {
                    node.split = node.supply_price != node.use_price;
                }
                volume += markets_[market].use[place].most();
                nodes_.push_back(std::move(node));
            }
            volume_.push_back(volume);
        }
    }

    void list_lanes() {
        lane_of_.resize(markets_.size());
        for (std::size_t market = 0; market < markets_.size(); ++market) {
            lane_of_[market].assign(markets_[market].lanes.size(), none);
            for (std::size_t number = 0; number < markets_[market].lanes.size(); ++number) {
                const SpatialLane& lane = markets_[market].lanes[number];
                const std::size_t from = first_node_[market] + lane.from;
                const std::size_t to = first_node_[market] + lane.to;
                if (lane.cap > 0.0 && nodes_[from].sells && nodes_[to].buys) {
                    lane_of_[market][number] = static_cast<std::uint32_t>(lanes_.size());
                    nodes_[from].out.push_back(static_cast<std::uint32_t>(lanes_.size()));
                    nodes_[to].in.push_back(static_cast<std::uint32_t>(lanes_.size()));
                    lanes_.push_back({LaneTerms(lane), static_cast<std::uint32_t>(market), static_cast<std::uint32_t>(number),
                                      static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(to), 0.0, {}, {}});
                }
            }
        }
        binding_.assign(caps_.size(), false);
        cap_members_.resize(caps_.size());
        for (std::size_t cap = 0; cap < caps_.size(); ++cap) {
            binding_[cap] = cap < clearing_.shared_rent.size() && clearing_.shared_rent[cap] > 0.0;
            for (const SharedCap::Member& member : caps_[cap].members) {
                const std::uint32_t lane = lane_of_[member.market][member.lane];
                if (lane != none) {
                    lanes_[lane].caps.push_back(static_cast<std::uint32_t>(cap));
                    cap_members_[cap].push_back(lane);
                }
            }
        }
    }

    const SpatialMarket& market_of(const Node& node) const { return markets_[node.market]; }

    void refresh_rents() {
        for (Lane& lane : lanes_) {
            lane.rent = 0.0;
            for (const std::uint32_t cap : lane.caps) {
                lane.rent += clearing_.shared_rent[cap];
            }
        }
    }

    /// Flows, curves and balances at the current prices; `error_` is the largest imbalance over its tolerance.
    void evaluate() {
        refresh_rents();
        for (Node& node : nodes_) {
            node.exported = node.imported = node.export_slope = node.import_slope = 0.0;
            node.supply = market_of(node).supply[node.place].at(node.supply_price);
            node.use = market_of(node).use[node.place].at(node.use_price);
        }
        for (Lane& lane : lanes_) {
            Node& from = nodes_[lane.from];
            Node& to = nodes_[lane.to];
            lane.now = flow_at(lane.terms, from.supply_price, to.use_price, lane.rent);
            from.exported += lane.now.flow;
            to.imported += lane.now.flow;
            from.export_slope += lane.now.slope * lane.terms.pass_through;
            to.import_slope += lane.now.slope;
        }
        error_ = 0.0;
        merit_ = 0.0;
        for (const Node& node : nodes_) {
            const double through = std::max(node.supply.quantity, node.exported) + std::max(node.use.quantity, node.imported);
            const double allowed = node_tolerance * through + market_tolerance * volume_[node.market] + 1e-300;
            const auto count = [&](double left) {
                error_ = std::max(error_, std::abs(left) / allowed);
                merit_ += std::abs(left) / (volume_[node.market] + 1e-300);
            };
            if (node.sells && node.buys && !node.split) {
                count(node.supply.quantity - node.exported - node.use.quantity + node.imported);
            } else {
                if (node.sells) {
                    count(node.supply.quantity - node.exported);
                }
                if (node.buys) {
                    count(node.use.quantity - node.imported);
                }
            }
        }
        for (std::size_t cap = 0; cap < caps_.size(); ++cap) {
            if (binding_[cap]) {
                const double left = caps_[cap].cap - used_of(cap);
                error_ = std::max(error_, std::abs(left) / (node_tolerance * caps_[cap].cap + 1e-300 + market_tolerance * volume_[0]));
                merit_ += std::abs(left) / (volume_[0] + 1e-300);
            }
        }
    }

    double used_of(std::size_t cap) const {
        double used = 0.0;
        for (const std::uint32_t lane : cap_members_[cap]) {
            used += lanes_[lane].now.flow;
        }
        return used;
    }

    /// How far exports may exceed supply before a node counts as split; within it, nothing is sold at home.
    double home_slack(const Node& node) const { return node_tolerance * volume_[node.market]; }

    /// Which nodes trade at home and which shared caps bind, by what the prices say; true if that changed.
    bool choose_active_set() {
        bool changed = false;
        for (Node& node : nodes_) {
            if (!node.sells || !node.buys) {
                continue;
            }
            if (!node.split && node.supply.quantity - node.exported < -home_slack(node)) {
                node.split = true;
                changed = true;
            } else if (node.split && node.supply_price < node.use_price * (1.0 - price_tolerance)) {
                // The use price may be anything where nothing is wanted; the node's own balance tells.
                solve_node(node, few_halvings);
                changed = true;
            }
        }
        for (std::size_t cap = 0; cap < caps_.size(); ++cap) {
            double& rent = clearing_.shared_rent[cap];
            if (!binding_[cap] && used_of(cap) > caps_[cap].cap * (1.0 + node_tolerance)) {
                binding_[cap] = true;
                changed = true;
            } else if (binding_[cap] && (rent < 0.0 || (rent == 0.0 && used_of(cap) < caps_[cap].cap))) {
                binding_[cap] = false;
                rent = 0.0;
                changed = true;
            }
        }
        return changed;
    }

    std::size_t number_unknowns() {
        std::size_t count = 0;
        for (Node& node : nodes_) {
            node.unknown = count;
            if (node.sells || node.buys) {
                count += node.sells && node.buys && node.split ? 2 : 1;
            }
        }
        return count;
    }

    /// Column of a node's price on a side; a tied or one-sided node has one.
    static std::size_t supply_unknown(const Node& node) { return node.unknown; }
    static std::size_t use_unknown(const Node& node) { return node.sells && node.buys && node.split ? node.unknown + 1 : node.unknown; }

    /// Balances rise in the own price: sellers' balance S - exports, buyers' balance imports - D.
    void assemble(std::size_t unknowns) {
        const std::size_t prices = unknowns;
        std::vector<std::size_t> rent_unknown(caps_.size(), none);
        std::size_t size = prices;
        for (std::size_t cap = 0; cap < caps_.size(); ++cap) {
            if (binding_[cap]) {
                rent_unknown[cap] = size++;
            }
        }
        matrix_.assign(size * size, 0.0);
        right_.assign(size, 0.0);
        const auto at = [&](std::size_t row, std::size_t column) -> double& { return matrix_[row * size + column]; };
        for (const Node& node : nodes_) {
            if (node.sells) {
                const std::size_t row = supply_unknown(node);
                at(row, row) += node.supply.slope + node.export_slope + 1e-14 * volume_[node.market] / node.supply_price;
                right_[row] -= node.supply.quantity - node.exported;
            }
            if (node.buys) {
                const std::size_t row = use_unknown(node);
                at(row, row) += node.import_slope - node.use.slope + 1e-14 * volume_[node.market] / node.use_price;
                right_[row] -= node.imported - node.use.quantity;
            }
        }
        for (const Lane& lane : lanes_) {
            if (lane.now.slope <= 0.0) {
                continue;
            }
            const std::size_t seller = supply_unknown(nodes_[lane.from]);
            const std::size_t buyer = use_unknown(nodes_[lane.to]);
            at(seller, buyer) -= lane.now.slope;
            at(buyer, seller) -= lane.now.slope * lane.terms.pass_through;
            for (const std::uint32_t cap : lane.caps) {
                if (rent_unknown[cap] == none) {
                    continue;
                }
                const std::size_t rent = rent_unknown[cap];
                at(seller, rent) += lane.now.slope;
                at(buyer, rent) -= lane.now.slope;
                at(rent, buyer) -= lane.now.slope;
                at(rent, seller) += lane.now.slope * lane.terms.pass_through;
                for (const std::uint32_t other : lane.caps) {
                    if (rent_unknown[other] != none) {
                        at(rent, rent_unknown[other]) += lane.now.slope;
                    }
                }
            }
        }
        for (std::size_t cap = 0; cap < caps_.size(); ++cap) {
            if (binding_[cap]) {
                right_[rent_unknown[cap]] -= caps_[cap].cap - used_of(cap);
                at(rent_unknown[cap], rent_unknown[cap]) += 1e-14 * caps_[cap].cap;
            }
        }
    }

    /// One damped Newton step on the active set; false when no step length improves the balances.
    bool newton_step() {
        ++clearing_.newton_steps;
        const std::size_t unknowns = number_unknowns();
        assemble(unknowns);
        if (!solve_dense(matrix_, right_)) {
            return false;
        }
        before_.resize(nodes_.size());
        for (std::size_t index = 0; index < nodes_.size(); ++index) {
            before_[index] = {nodes_[index].supply_price, nodes_[index].use_price};
        }
        const std::vector<double> rents_before = clearing_.shared_rent;
        const double merit_before = merit_;
        for (double length = 1.0; length > 0.02; length *= 0.5) {
            std::size_t next = unknowns;
            for (std::size_t cap = 0; cap < caps_.size(); ++cap) {
                if (binding_[cap]) {
                    clearing_.shared_rent[cap] = rents_before[cap] + length * right_[next++];
                }
            }
            for (std::size_t index = 0; index < nodes_.size(); ++index) {
                Node& node = nodes_[index];
                if (node.sells || node.buys) {
                    node.supply_price = moved(before_[index].supply, length * right_[supply_unknown(node)]);
                    node.use_price = moved(before_[index].use, length * right_[use_unknown(node)]);
                    if (node.sells && node.buys && !node.split) {
                        node.use_price = node.supply_price;
                    }
                }
            }
            evaluate();
            if (merit_ < (1.0 - 0.1 * length) * merit_before || error_ <= 1.0) {
                return true;
            }
        }
        for (std::size_t index = 0; index < nodes_.size(); ++index) {
            nodes_[index].supply_price = before_[index].supply;
            nodes_[index].use_price = before_[index].use;
        }
        clearing_.shared_rent = rents_before;
        evaluate();
        return false;
    }

    static double moved(double price, double change) { return std::clamp(price + change, price / most_change, price * most_change); }

    bool sweep_until_better() {
        const double merit_before = merit_;
        for (int round = 0; round < 20; ++round) {
            sweep();
            evaluate();
            if (merit_ < 0.9 * merit_before || error_ <= 1.0) {
                return true;
            }
            choose_active_set();
        }
        return clearing_.sweeps < most_sweeps;
    }

    /// Solves one node's own balance exactly, all other prices given: tied if it then trades at home, else split.
    void solve_node(Node& node, int halvings) {
        const auto sold_abroad = [&](double price) {
            double sum = 0.0;
            for (const std::uint32_t lane : node.out) {
                sum += flow_at(lanes_[lane].terms, price, nodes_[lanes_[lane].to].use_price, lanes_[lane].rent).flow;
            }
            return sum;
        };
        const auto bought_abroad = [&](double price) {
            double sum = 0.0;
            for (const std::uint32_t lane : node.in) {
                sum += flow_at(lanes_[lane].terms, nodes_[lanes_[lane].from].supply_price, price, lanes_[lane].rent).flow;
            }
            return sum;
        };
        const Curve& supply = market_of(node).supply[node.place];
        const Curve& use = market_of(node).use[node.place];
        const auto sellers = [&](double price) { return supply.at(price).quantity - sold_abroad(price); };
        const auto buyers = [&](double price) { return bought_abroad(price) - use.at(price).quantity; };
        if (node.sells && node.buys) {
            const double tied = rising_root([&](double price) { return sellers(price) + buyers(price); }, node.supply_price, halvings);
            if (sellers(tied) >= -home_slack(node)) {
                node.split = false;
                node.supply_price = node.use_price = tied;
            } else {
                node.split = true;
                node.supply_price = rising_root(sellers, tied, halvings);
                node.use_price = rising_root(buyers, tied, halvings);
            }
        } else if (node.sells) {
            node.supply_price = node.use_price = rising_root(sellers, node.supply_price, halvings);
        } else if (node.buys) {
            node.supply_price = node.use_price = rising_root(buyers, node.use_price, halvings);
        }
    }

    /// Solves each node's own balance exactly, the others' prices given, in order; then each shared cap's rent.
    void sweep() {
        ++clearing_.sweeps;
        for (Node& node : nodes_) {
            solve_node(node, most_halvings);
        }
        for (std::size_t cap = 0; cap < caps_.size(); ++cap) {
            if (!binding_[cap]) {
                continue;
            }
            const double now = clearing_.shared_rent[cap];
            const auto room = [&](double rent) {
                double used = 0.0;
                for (const std::uint32_t lane : cap_members_[cap]) {
                    const Lane& member = lanes_[lane];
                    used += flow_at(member.terms, nodes_[member.from].supply_price, nodes_[member.to].use_price, member.rent - now + rent).flow;
                }
                return caps_[cap].cap - used;
            };
            clearing_.shared_rent[cap] = room(0.0) >= 0.0 ? 0.0 : rising_root(room, std::max(1e-9, now), most_halvings);
            refresh_rents();
        }
    }

    /// Root of a non-decreasing function of a positive price, from a guess: brackets outwards, then bisects.
    template <class F>
    static double rising_root(F&& f, double guess, int halvings) {
        double low = guess;
        double high = guess;
        double step = 1e-7;
        if (f(guess) < 0.0) {
            for (int k = 0; k < 40; ++k, step *= 4.0) {
                high = guess * (1.0 + step);
                if (f(high) >= 0.0) {
                    break;
                }
                low = high;
            }
        } else {
            for (int k = 0; k < 40; ++k, step *= 4.0) {
                low = guess / (1.0 + step);
                if (f(low) <= 0.0) {
                    break;
                }
                high = low;
            }
        }
        for (int k = 0; k < halvings && high - low > 1e-16 * high; ++k) {
            const double middle = 0.5 * (low + high);
            if (middle <= low || middle >= high) {
                break;
            }
            (f(middle) < 0.0 ? low : high) = middle;
        }
        return 0.5 * (low + high);
    }

    void finish() {
        for (std::size_t market = 0; market < markets_.size(); ++market) {
            SpatialMarketClearing& out = clearing_.markets[market];
            const std::size_t count = markets_[market].supply.size();
            out.supply_price.resize(count);
            out.use_price.resize(count);
            out.supplied.assign(count, 0.0);
            out.used.assign(count, 0.0);
            out.domestic_flow.assign(count, 0.0);
            out.flow.assign(markets_[market].lanes.size(), 0.0);
            out.lane_rent.assign(markets_[market].lanes.size(), 0.0);
        }
        for (const Node& node : nodes_) {
            SpatialMarketClearing& out = clearing_.markets[node.market];
            out.supply_price[node.place] = node.supply_price;
            out.use_price[node.place] = node.use_price;
            out.supplied[node.place] = node.supply.quantity;
            out.used[node.place] = node.use.quantity;
            const bool home = node.sells && node.buys && !node.split;
            // Both sides say the same up to rounding; the mean treats them alike.
            out.domestic_flow[node.place] =
                home ? std::max(0.0, 0.5 * (node.supply.quantity - node.exported + node.use.quantity - node.imported)) : 0.0;
        }
        for (const Lane& lane : lanes_) {
            SpatialMarketClearing& out = clearing_.markets[lane.market];
            out.flow[lane.number] = lane.now.flow;
            if (lane.now.flow >= lane.terms.lane->cap) {
                const double margin = nodes_[lane.to].use_price - lane.terms.lane->delivered(nodes_[lane.from].supply_price) - lane.rent;
                out.lane_rent[lane.number] = std::max(0.0, margin - lane.terms.lane->wedge(lane.now.flow));
            }
        }
    }

    static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

    std::span<const SpatialMarket> markets_;
    std::span<const SharedCap> caps_;
    SpatialClearing& clearing_;
    std::vector<Node> nodes_;
    std::vector<Lane> lanes_;
    std::vector<std::size_t> first_node_;
    std::vector<std::vector<std::uint32_t>> lane_of_;
    std::vector<std::vector<std::uint32_t>> cap_members_;
    std::vector<bool> binding_;
    std::vector<double> volume_;
    std::vector<double> matrix_, right_;
    struct Prices {
        double supply = 0.0;
        double use = 0.0;
    };
    std::vector<Prices> before_;        // prices at the start of a Newton step
    double error_ = 0.0;
    double merit_ = 0.0;
};

}  // namespace

double SpatialLane::wedge(double flow) const {
    return preference + preference_slope * log((flow + opening_flow) / (usual_flow + opening_flow));
}

void clear_spatial(std::span<const SpatialMarket> markets, std::span<const SharedCap> caps, SpatialClearing& clearing) {
    Solver(markets, caps, clearing).solve();
}

}  // namespace ytterby

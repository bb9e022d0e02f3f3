#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "core/config/keys.hpp"
#include "core/config/registry.hpp"
#include "core/parallel.hpp"
#include "market/certificate.hpp"
#include "market/coupled_goods.hpp"
#include "market/mechanism.hpp"
#include "market/spatial/kernels.hpp"

namespace ytterby {
namespace {

/// Sets a curve to one side of a node's depth; an empty side gives an empty curve.
void set_curve(Curve& curve, const PricePoints& points, const double* quantity) {
    // Offers rise and wants fall with the price, so the ends tell, as in `Curve::most`.
    const bool empty = quantity[0] <= 0.0 && quantity[schedule_points - 1] <= 0.0;
    curve.price.resize(empty ? 0 : schedule_points);
    curve.quantity.resize(curve.price.size());
    if (!empty) {
        std::copy_n(points.price, schedule_points, curve.price.begin());
        std::copy_n(quantity, schedule_points, curve.quantity.begin());
    }
}

/// What the schedules of a node's traders come to at a price: the cleared quantity within their price points, the
/// quantity of the nearest point outside them.
double scheduled_at(const Curve& curve, double price, double cleared) {
    const bool within = curve.empty() || (price >= curve.price.front() && price <= curve.price.back());
    return within ? cleared : curve.at(price).quantity;
}

/// The largest change of a price per tick that a search expects, a factor (technical).
constexpr double most_expected_change = 1.1;

/// What leaks is found to this share of the most that may leak, within so many rounds; a step moves it by at least this
/// share of the way (technical).
constexpr double leak_tolerance = 1e-9;
constexpr int most_leak_rounds = 60;
constexpr double least_leak_step = 0.02;

/// The last price, extrapolated by its last change.
double extrapolated(double last, double previous) {
    const double change = last / previous;
    return change > 0.0 ? last * std::clamp(change, 1.0 / most_expected_change, most_expected_change) : last;
}

/// The two prices of a node, USD/t.
struct NodePrices {
    double supply;
    double use;
};

/// Start prices for a node: the last prices extrapolated by their last change, which saves a quarter of the steps. Only
/// a price that an offer or a want determines is extrapolated, since others would drift for ever: the price of an idle
/// side stays, that of a missing side keeps its distance from the other.
NodePrices starting_prices(const Curve& supply, const Curve& use, const NodePrices& last, const NodePrices& previous) {
    const bool offers = supply.supply_at(last.supply).quantity > 0.0;
    const bool wants = use.use_at(last.use).quantity > 0.0;
    NodePrices start = last;
    if (wants) {
        start.use = extrapolated(last.use, previous.use);
    }
    if (offers) {
        start.supply = extrapolated(last.supply, previous.supply);
    }
    if (last.supply == last.use) {
        // A node that trades at home has one price.
        start.supply = start.use = wants ? start.use : start.supply;
    } else if (supply.most() <= 0.0) {
        start.supply += start.use - last.use;
    } else if (use.most() <= 0.0) {
        start.use += start.supply - last.supply;
    }
    return start;
}

/// A sealed-bid uniform-price call auction at every node, coupled by arbitrage over lanes: spatial price equilibrium
/// (Samuelson 1952; Takayama and Judge 1971) with an origin preference that makes flows unique. Goods that a shared cap
/// couples are cleared together, all others alone.
class SpatialAuction final : public Mechanism {
public:
    void read(KeyReader& keys) {
        keys.choice("kernel", kernel_, {{"automatic", Kernel::automatic}, {"exact", Kernel::exact}},
                    {.fallback = "automatic",
                     .doc = "exact: the exact kernel (docs/exact_market.md) for every market; automatic: that kernel "
                            "only where a lane has no preference slope, else a faster one"});
    }

    void clear(const MarketInput& input, Trades& trades) override {
        if (trades.lanes.size() != input.network.lane_count ||
            trades.nodes.sold_t.size() != input.network.node_count()) {
            trades.lanes.resize(input.network.lane_count);  // all are written below
            trades.nodes.resize(input.network.node_count());
        }
        trades.shared_rents.assign(input.rules.shared_limits().size(), 0.0);
        trades.shared_used_t = trades.shared_rents;
        trades.quality = {};
        // Groups share no lane, node or limit, so each may be cleared by any thread. Each thread takes its part of them
        // in one and the same space, which so stays near the processor.
        const std::vector<CoupledGoods> groups = couple_goods(input.rules.shared_limits(), input.network.goods.size());
        const std::size_t parts =
            input.workers == nullptr ? 1 : std::clamp<std::size_t>(groups.size(), 1, input.workers->threads());
        if (spaces_.size() < parts) {
            spaces_.resize(parts);
        }
        found_.assign(groups.size(), Found{});
        const auto clear_part = [&](std::size_t part) {
            for (std::size_t number = groups.size() * part / parts; number < groups.size() * (part + 1) / parts;
                 ++number) {
                found_[number] = clear_group(input, groups[number], spaces_[part], trades);
            }
        };
        if (parts > 1) {
            input.workers->for_blocks(parts, clear_part);
        } else {
            clear_part(0);
        }
        for (const Found& found : found_) {
            raise(trades.quality.worst_balance, found.certificate.balance);
            raise(trades.quality.worst_arbitrage, found.certificate.arbitrage);
            raise(trades.quality.worst_cap, found.certificate.cap);
            raise(trades.quality.worst_cap, found.certificate.idle_rent);
            trades.quality.iterations += found.steps;
            ++trades.quality.markets;
        }
    }

private:
    /// Work space for a group of goods; kept between groups and ticks only to reuse its memory.
    struct WorkSpace {
        std::vector<SpatialMarket> markets;
        SpatialClearing cleared;
        SpatialSolver solver;
    };
    /// The certificate of a group's answer and the effort of finding it.
    struct Found {
        Certificate certificate;
        int steps = 0;
    };

    Found clear_group(const MarketInput& input, const CoupledGoods& group, WorkSpace& space, Trades& trades) const {
        std::vector<SpatialMarket>& markets = space.markets;
        SpatialClearing& cleared = space.cleared;
        markets.resize(group.goods.size());
        cleared.markets.resize(group.goods.size());
        for (std::size_t number = 0; number < group.goods.size(); ++number) {
            set_up_market(input, group.goods[number], markets[number], cleared.markets[number]);
        }
        const std::vector<SharedCap> caps = shared_caps_of(input, group);
        for (const SharedCap& cap : caps) {
            for (const SharedCap::Member& member : cap.members) {
                if (cap.cap <= 0.0) {
                    markets[member.market].lanes[member.lane].cap = 0.0;  // a limit of zero shuts its lanes exactly
                }
            }
        }
        cleared.shared_rent.assign(caps.size(), 0.0);
        for (std::size_t cap = 0; cap < caps.size(); ++cap) {
            const std::size_t limit = group.limits[cap];
            cleared.shared_rent[cap] = limit < input.last_shared_rents.size() ? input.last_shared_rents[limit] : 0.0;
        }
        Found found;
        const std::vector<LeakLane> leaking = leak_lanes(input, group);
        try {
            found = clear_with_leaks(caps, leaking, input.certify, space);
        } catch (const std::exception& error) {
            throw MarketFailure(group.goods, error.what());
        }
        for (std::size_t cap = 0; cap < caps.size(); ++cap) {
            trades.shared_rents[group.limits[cap]] = cleared.shared_rent[cap];
            for (const SharedCap::Member& member : caps[cap].members) {
                trades.shared_used_t[group.limits[cap]] += cleared.markets[member.market].flow[member.lane];
            }
        }
        for (std::size_t number = 0; number < group.goods.size(); ++number) {
            book_lanes(input, group.goods[number], markets[number], cleared.markets[number], trades);
            book_shared_rents(input, group, caps, cleared, number, trades);
            book_leaks(input, group, leaking, number, trades);
            book_nodes(input, group.goods[number], markets[number], cleared.markets[number], trades);
        }
        return found;
    }

    /// A closed lane of a group over which something may leak.
    struct LeakLane {
        std::size_t market = 0;  // number of its good within the group
        std::size_t lane = 0;
        const LaneRule* rule = nullptr;
    };

    static std::vector<LeakLane> leak_lanes(const MarketInput& input, const CoupledGoods& group) {
        std::vector<LeakLane> found;
        for (std::size_t number = 0; number < group.goods.size(); ++number) {
            const GoodId good = group.goods[number];
            const std::vector<TradeLane>& lanes = input.network.goods[good.index()].lanes;
            for (std::size_t lane = 0; lane < lanes.size() && input.rules.has_rules(good); ++lane) {
                const LaneRule* rule = input.rules.find_rule(good, lanes[lane].origin, lanes[lane].destination);
                if (rule != nullptr && leaks(*rule)) {
                    found.push_back({number, lane, rule});
                }
            }
        }
        return found;
    }

    /// Clears a group. What leaks over closed lanes and the prices determine each other: they are found in turn, with
    /// steps as long as the last one taught (Barzilai and Borwein 1988).
    Found clear_with_leaks(std::span<const SharedCap> caps, std::span<const LeakLane> leaking, bool certified,
                           WorkSpace& space) const {
        Found found;
        std::vector<double> gap(leaking.size(), 0.0);   // what the prices let pass less what passes
        std::vector<double> step(leaking.size(), 0.0);  // change of what passes
        double length = 0.5;
        for (int round = 0; round < most_leak_rounds; ++round) {
            found.certificate = clear_curves(space.markets, caps, kernel_, space.solver, certified, space.cleared);
            found.steps += space.cleared.newton_steps + space.cleared.sweeps;
            double worst = 0.0;
            double moved = 0.0;
            double turned = 0.0;
            for (std::size_t number = 0; number < leaking.size(); ++number) {
                const LeakLane& leak = leaking[number];
                const SpatialLane& lane = space.markets[leak.market].lanes[leak.lane];
                const SpatialMarketClearing& prices = space.cleared.markets[leak.market];
                const double now =
                    leaking_t(lane, *leak.rule, prices.supply_price[lane.from], prices.use_price[lane.to]) - lane.cap;
                moved += step[number] * step[number];
                turned += step[number] * (gap[number] - now);
                gap[number] = now;
                worst = std::max(worst, std::abs(now) / leak.rule->leak_t);
            }
            if (worst <= leak_tolerance) {
                return found;
            }
            length = turned > 0.0 ? std::clamp(moved / turned, least_leak_step, 1.0) : length;
            for (std::size_t number = 0; number < leaking.size(); ++number) {
                const LeakLane& leak = leaking[number];
                SpatialLane& lane = space.markets[leak.market].lanes[leak.lane];
                const double next = std::clamp(lane.cap + length * gap[number], 0.0, leak.rule->leak_t);
                step[number] = next - lane.cap;
                carry_leak(next, lane);
            }
        }
        found.certificate = clear_curves(space.markets, caps, kernel_, space.solver, certified, space.cleared);
        return found;
    }

    static void set_up_market(const MarketInput& input, GoodId good, SpatialMarket& market,
                              SpatialMarketClearing& warm) {
        const std::size_t countries = input.network.countries;
        market.supply.resize(countries);
        market.use.resize(countries);
        warm.supply_price.resize(countries);
        warm.use_price.resize(countries);
        for (std::size_t country = 0; country < countries; ++country) {
            const std::size_t node = input.network.node(good, id_at<CountryId>(country)).index();
            const PricePoints& points = input.orders.points[node];
            set_curve(market.supply[country], points, input.orders.depth[node].offered);
            set_curve(market.use[country], points, input.orders.depth[node].wanted);
            const auto start = starting_prices(market.supply[country], market.use[country],
                                               {input.last_supply_price[node], input.last_use_price[node]},
                                               {input.previous_supply_price[node], input.previous_use_price[node]});
            warm.supply_price[country] = start.supply;
            warm.use_price[country] = start.use;
        }
        const GoodLanes& book = input.network.goods[good.index()];
        market.lanes.resize(book.lanes.size());
        const bool ruled = input.rules.has_rules(good);
        const bool used = !input.use.delivered_t.empty() || !input.use.owner_prefers.empty();
        for (std::size_t number = 0; number < book.lanes.size(); ++number) {
            const TradeLane& lane = book.lanes[number];
            if (used || (ruled && input.rules.find_rule(good, lane.origin, lane.destination) != nullptr)) {
                market.lanes[number] = lane_terms(input, good, number);
            } else {
                free_lane_terms(lane, input.usual_flow[book.first_lane + number], market.lanes[number]);
            }
        }
    }

    /// Books the flow over each lane and the parts of its price.
    static void book_lanes(const MarketInput& input, GoodId good, const SpatialMarket& market,
                           const SpatialMarketClearing& cleared, Trades& trades) {
        const GoodLanes& book = input.network.goods[good.index()];
        for (std::size_t number = 0; number < book.lanes.size(); ++number) {
            const SpatialLane& lane = market.lanes[number];
            const double price = cleared.supply_price[lane.from];
            const double border = price * (1.0 + lane.export_duty) + lane.freight;
            const double premium = cleared.use_price[lane.to] -
                                   (border * (1.0 + lane.tariff) + lane.friction - lane.reserve_rent) - lane.preference;
            // Prices are finite, so a lane without flow books zeros. Two lanes in five have none, so a branch would
            // often be mispredicted.
            const double flow = cleared.flow[number];
            const double fob = flow * price;
            const double duty = fob * lane.export_duty;
            const double freight = flow * lane.freight;
            const double tariff = flow * border * lane.tariff + flow * lane.specific_tariff;
            const double friction = flow * (lane.friction - lane.reserve_rent - lane.specific_tariff);
            const double cap = lane.cap;
            const double rent = cleared.lane_rent[number];
            // Written in place, part by part: a local copy would have to wait for its own stores.
            LaneTrade& trade = trades.lanes[book.first_lane + number];
            trade.tonnes = flow;
            trade.fob_usd = fob;
            trade.export_duty_usd = duty;
            trade.freight_usd = freight;
            trade.tariff_usd = tariff;
            trade.friction_usd = friction;
            trade.rent_usd = trade.rent_to_treasury_usd = trade.rent_usd_per_t = 0.0;
            trade.cap_t = cap;
            trade.premium_usd_per_t = premium;
            if (rent != 0.0) {
                const LaneRule& rule =
                    input.rules.rule(good, book.lanes[number].origin, book.lanes[number].destination);
                trade.rent_usd_per_t = rent;
                trade.rent_usd = flow * rent;
                trade.rent_to_treasury_usd = rule.rent_holder() == RentHolder::treasury ? trade.rent_usd : 0.0;
            }
        }
    }

    static void book_shared_rents(const MarketInput& input, const CoupledGoods& group,
                                  const std::vector<SharedCap>& caps, const SpatialClearing& cleared,
                                  std::size_t market, Trades& trades) {
        const std::uint32_t first = input.network.goods[group.goods[market].index()].first_lane;
        for (std::size_t cap = 0; cap < caps.size(); ++cap) {
            const SharedLimit& limit = input.rules.shared_limits()[group.limits[cap]];
            const bool treasury = limit.rent_holder == RentHolder::treasury;
            const double asked = cleared.shared_rent[cap] + limit.reserve_rent_usd_per_t;
            for (const SharedCap::Member& member : caps[cap].members) {
                if (member.market == market) {
                    LaneTrade& trade = trades.lanes[first + member.lane];
                    const double rent = asked * trade.tonnes;
                    trade.rent_usd += rent;
                    trade.rent_usd_per_t += asked;
                    trade.rent_to_treasury_usd += treasury ? rent : 0.0;
                }
            }
        }
    }

    /// What leaks earns no rent: the difference between the prices goes to whoever carries it, as a cost of the way.
    static void book_leaks(const MarketInput& input, const CoupledGoods& group, std::span<const LeakLane> leaking,
                           std::size_t market, Trades& trades) {
        const GoodLanes& book = input.network.goods[group.goods[market].index()];
        for (const LeakLane& leak : leaking) {
            if (leak.market == market) {
                LaneTrade& trade = trades.lanes[book.first_lane + leak.lane];
                trade.friction_usd += trade.rent_usd;
                trade.rent_usd = trade.rent_to_treasury_usd = trade.rent_usd_per_t = 0.0;
                trade.premium_usd_per_t -= book.lanes[leak.lane].preference_usd_per_t;
            }
        }
    }

    /// Books prices, volumes, and mean receipts and landed prices of nodes. Fills are scaled to the flows by a factor
    /// that differs from 1 only by rounding.
    static void book_nodes(const MarketInput& input, GoodId good, const SpatialMarket& market,
                           const SpatialMarketClearing& cleared, Trades& trades) {
        const std::size_t countries = input.network.countries;
        const GoodLanes& book = input.network.goods[good.index()];
        std::vector<double> sold(cleared.domestic_flow), bought(cleared.domestic_flow), receipts(countries, 0.0),
            paid(countries, 0.0);
        for (std::size_t country = 0; country < countries; ++country) {
            receipts[country] = paid[country] = cleared.domestic_flow[country] * cleared.supply_price[country];
        }
        for (std::size_t number = 0; number < book.lanes.size(); ++number) {
            const LaneTrade& trade = trades.lanes[book.first_lane + number];
            const std::uint32_t from = market.lanes[number].from;
            const std::uint32_t to = market.lanes[number].to;
            sold[from] += trade.tonnes;
            bought[to] += trade.tonnes;
            receipts[from] += trade.fob_usd + trade.rent_usd - trade.rent_to_treasury_usd;
            paid[to] += trade.fob_usd + trade.export_duty_usd + trade.freight_usd + trade.tariff_usd +
                        trade.friction_usd + trade.rent_usd;
        }
        for (std::size_t country = 0; country < countries; ++country) {
            const std::size_t node = input.network.node(good, id_at<CountryId>(country)).index();
            NodeTrades& nodes = trades.nodes;
            nodes.supply_price[node] = cleared.supply_price[country];
            nodes.use_price[node] = cleared.use_price[country];
            nodes.sold_t[node] = sold[country];
            nodes.bought_t[node] = bought[country];
            nodes.domestic_t[node] = cleared.domestic_flow[country];
            // Beyond the price points, where there are no schedules, the quantities at the nearest point are scaled.
            const double offered =
                scheduled_at(market.supply[country], cleared.supply_price[country], cleared.supplied[country]);
            const double wanted = scheduled_at(market.use[country], cleared.use_price[country], cleared.used[country]);
            nodes.sold_scale[node] = offered > 0.0 ? sold[country] / offered : 0.0;
            nodes.bought_scale[node] = wanted > 0.0 ? bought[country] / wanted : 0.0;
            nodes.receipt_usd_per_t[node] =
                sold[country] > 0.0 ? receipts[country] / sold[country] : cleared.supply_price[country];
            nodes.landed_usd_per_t[node] =
                bought[country] > 0.0 ? paid[country] / bought[country] : cleared.use_price[country];
        }
    }

    Kernel kernel_ = Kernel::automatic;
    std::vector<WorkSpace> spaces_;  // per thread
    std::vector<Found> found_;       // per group
};

const Registered<Mechanism, SpatialAuction> registered_auction{
    "spatial_auction", "uniform-price call auctions at every node, coupled by arbitrage over lanes"};

}  // namespace
}  // namespace ytterby

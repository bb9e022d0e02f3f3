#include "agents/phases/plan/foresight.hpp"

#include <algorithm>
#include <cmath>

#include "core/maths.hpp"

namespace ytterby {
namespace {

/// Fall of the price, in per cent, that sellers expect from 1 % of sales that cannot leave any more: the response of
/// base metals to supply (0.9-3.3 between quartiles; GLOMBO).
constexpr double price_response = 2.1;

/// Calls visit(good, lane, row, rule) for every lane with a rule; all others are open.
template <class Visit>
void for_ruled_lanes(const TradeNetwork& network, const Regime& regime, Visit&& visit) {
    for (std::size_t index = 0; index < network.goods.size(); ++index) {
        const GoodId good = id_at<GoodId>(index);
        const GoodLanes& book = network.goods[index];
        if (!regime.lanes().has_rules(good)) {
            continue;
        }
        for (std::size_t number = 0; number < book.lanes.size(); ++number) {
            const TradeLane& lane = book.lanes[number];
            if (const LaneRule* const rule = regime.lanes().find_rule(good, lane.origin, lane.destination)) {
                visit(good, lane, book.first_lane + number, *rule);
            }
        }
    }
}

/// Whether the rent of caps on a lane goes to those who sell over it; where a treasury takes it, a tonne that may leave
/// is worth no more to its holder than one that may not.
bool sellers_earn(const LaneRules& rules, GoodId good, const TradeLane& lane, const LaneRule& rule) {
    if (std::isfinite(rule.cap_t()) && rule.rent_holder() != RentHolder::seller) {
        return false;
    }
    return std::none_of(rules.shared_limits().begin(), rules.shared_limits().end(), [&](const SharedLimit& limit) {
        return limit.rent_holder != RentHolder::seller && rules.binds(limit, lane.origin, lane.destination, good);
    });
}

/// Sellers look no further ahead than this (assumed, 6-24 months).
constexpr double seller_horizon_months = 12.0;

/// Usual supply of a node: imports over all lanes plus sales at home, t per tick.
double usual_supply(const World& world, std::size_t node) { return std::max(1e-12, world.nodes.usual_bought[node]); }

/// Share of the usual flow that the rules shut out: 1 for a ban, 1 - cap / usual for a cap.
double shut_share(const LaneRule& rule, double usual) {
    if (usual <= 0.0) {
        return 0.0;
    }
    const double open = rule.closed() ? (rule.has_leak ? rule.leak_t : 0.0) : usual;
    return 1.0 - std::min({usual, open, rule.cap_t()}) / usual;
}

/// Share of each node's usual purchases, or of its usual sales, that goes over those of the selected lanes that are
/// `covered`.
template <class Covers>
std::vector<double> shares_over(const Economy& economy, const World& world, const Selector& lanes,
                                CountryId TradeLane::*end, Covers covers) {
    const TradeNetwork& network = economy.network;
    std::vector<double> covered(network.node_count(), 0.0);
    std::vector<double> total(network.node_count(), 0.0);
    const auto add_lanes = [&](GoodId good) {
        const GoodLanes& book = network.goods[good.index()];
        for (std::size_t number = 0; number < book.lanes.size(); ++number) {
            const TradeLane& lane = book.lanes[number];
            const std::size_t node = network.node(good, lane.*end).index();
            const double usual = world.lanes.usual_flow[book.first_lane + number];
            total[node] += usual;
            covered[node] += covers(lane.origin, lane.destination, good) ? usual : 0.0;
        }
    };
    // A good that is listed twice is still one good.
    std::vector<bool> named(network.goods.size(), lanes.goods.empty());
    for (const GoodId good : lanes.goods) {
        named[good.index()] = true;
    }
    for (std::size_t good = 0; good < named.size(); ++good) {
        if (named[good]) {
            add_lanes(id_at<GoodId>(good));
        }
    }
    for (std::size_t node = 0; node < covered.size(); ++node) {
        if (covered[node] > 0.0) {
            const double domestic = std::max(0.0, world.nodes.sold[node] - world.nodes.exports[node]);
            covered[node] /= total[node] + domestic;
        }
    }
    return covered;
}

/// The same for an announced measure, on the lanes where nothing lifts it.
std::vector<double> threatened_shares(const Economy& economy, const World& world, const Regime& regime,
                                      const AnnouncedMeasure& measure, CountryId TradeLane::*end) {
    return shares_over(economy, world, measure.lanes, end, [&](CountryId origin, CountryId destination, GoodId good) {
        return threatens(measure, regime.lanes(), origin, destination, good);
    });
}

}  // namespace

std::vector<double> exposures(const Economy& economy, const World& world, const Selector& lanes) {
    return shares_over(
        economy, world, lanes, &TradeLane::destination,
        [&](CountryId origin, CountryId destination, GoodId good) { return lanes.covers(origin, destination, good); });
}

std::vector<double> exposures(const Economy& economy, const World& world, const Regime& regime,
                              const AnnouncedMeasure& measure) {
    return threatened_shares(economy, world, regime, measure, &TradeLane::destination);
}

std::vector<double> next_front_load(const Economy& economy, const World& world, const Regime& regime) {
    const double months = economy.months_per_tick();
    const double horizon = economy.behaviour.front_load_horizon_months;
    std::vector<double> next(world.nodes.front_load_months.begin(), world.nodes.front_load_months.end());
    for (double& extra : next) {
        extra = std::max(0.0, extra - months);  // used up at the rate of use once it is not renewed
    }
    for (const AnnouncedMeasure& measure : regime.announcements().measures()) {
        const Announcement& what = measure.announcement;
        if (world.tick >= what.start_tick) {
            continue;
        }
        const double lead = static_cast<double>(what.start_tick - what.announced_tick);
        const double elapsed = static_cast<double>(world.tick + 1 - what.announced_tick);
        const double built = lead > 0.0 ? std::clamp(elapsed / lead, 0.0, 1.0) : 1.0;
        const std::vector<double> shares = exposures(economy, world, regime, measure);
        for (std::size_t node = 0; node < shares.size(); ++node) {
            if (shares[node] > 0.0) {
                const double wanted =
                    what.belief * what.affected_share * shares[node] * std::min(what.expected_months, horizon) * built;
                next[node] = std::max(next[node], wanted);
            }
        }
    }
    return next;
}

SellersView next_rush(const Economy& economy, const World& world, const Regime& regime) {
    SellersView view{std::vector<double>(economy.network.node_count(), 0.0),
                     std::vector<double>(economy.network.node_count(), 0.0)};
    // With all lanes closed the price at home falls towards what it costs to go on.
    const double deepest_fall = 1.0 - economy.behaviour.avoidable_cost_share;
    for (const AnnouncedMeasure& measure : regime.announcements().measures()) {
        const Announcement& what = measure.announcement;
        const double months_left = static_cast<double>(what.start_tick - world.tick) * economy.months_per_tick();
        if (months_left <= 0.0 || months_left > seller_horizon_months) {
            continue;
        }
        const double notice =
            std::min(seller_horizon_months,
                     static_cast<double>(what.start_tick - what.announced_tick) * economy.months_per_tick());
        const double passed =
            notice > 0.0 ? std::clamp(1.0 - (months_left - economy.months_per_tick()) / notice, 0.0, 1.0) : 1.0;
        const std::vector<double> sales = threatened_shares(economy, world, regime, measure, &TradeLane::origin);
        for (std::size_t node = 0; node < sales.size(); ++node) {
            // What cannot leave any more presses on the rest of the market at the usual response of prices to supply.
            const double shut = std::min(1.0, what.affected_share * sales[node]);
            const double fall = what.belief * std::min(deepest_fall, 1.0 - pow(1.0 - shut, price_response));
            view.expected_fall[node] = std::max(view.expected_fall[node], fall);
            view.destock[node] = std::max(view.destock[node], fall * passed);
        }
    }
    return view;
}

void update_risk(const Economy& economy, World& world, const Regime& regime) {
    const Behaviour& behaviour = economy.behaviour;
    NodeColumns& nodes = world.nodes;
    std::vector<double> restricted(economy.network.node_count(), 0.0);
    for_ruled_lanes(economy.network, regime,
                    [&](GoodId good, const TradeLane& lane, std::size_t index, const LaneRule& rule) {
                        const double reference = std::max(world.lanes.usual_flow[index], lane.base_flow_t);
                        if (reference <= 0.0) {
                            return;
                        }
                        const std::size_t node = economy.network.node(good, lane.destination).index();
                        const double share = reference / usual_supply(world, node);
                        restricted[node] += std::min(1.0, share) * shut_share(rule, reference);
                    });
    for (const AnnouncedMeasure& measure : regime.announcements().measures()) {
        const std::vector<double> shares = exposures(economy, world, regime, measure);
        for (std::size_t node = 0; node < shares.size(); ++node) {
            restricted[node] += behaviour.announced_risk_share * measure.announcement.belief *
                                measure.announcement.affected_share * shares[node];
        }
    }
    const double slowly = 1.0 - exp(-economy.months_per_tick() / behaviour.usual_flow_months);
    const double kept = exp(-0.6931471805599453 * economy.months_per_tick() / behaviour.risk_half_life_months);
    for (std::size_t node = 0; node < restricted.size(); ++node) {
        const double rise = std::max(0.0, nodes.use_price[node] / nodes.year_price[node] - 1.0);
        double felt =
            std::min(1.0, restricted[node]) + behaviour.momentum_gain * std::min(1.0, rise) - economy.base_risk[node];
        if (regime.announcements().has_information()) {
            felt *= 1.0 - regime.announcements().informed_share(economy.network.good_of(node),
                                                                economy.network.country_of(node));
        }
        nodes.usual_bought[node] += slowly * (nodes.bought[node] - nodes.usual_bought[node]);
        nodes.risk[node] = std::max(kept * nodes.risk[node], std::max(0.0, felt));
    }
}

void update_licence_value(const Economy& economy, World& world, const Regime& regime) {
    const std::size_t count = economy.network.node_count();
    std::vector<double> worth(count, 0.0);
    std::vector<double> rationed(count, 0.0);
    for_ruled_lanes(
        economy.network, regime, [&](GoodId good, const TradeLane& lane, std::size_t index, const LaneRule& rule) {
            const double premium = world.lanes.premium[index];
            if (rule.believed_open_share() >= 1.0 || lane.base_flow_t <= 0.0 || premium <= 0.0 ||
                !sellers_earn(regime.lanes(), good, lane, rule)) {
                return;
            }
            const std::size_t node = economy.network.node(good, lane.origin).index();
            const double netback = premium / ((1.0 + rule.tariff()) * (1.0 + rule.export_duty()));
            worth[node] += lane.base_flow_t * rule.believed_open_share() * (world.nodes.supply_price[node] + netback);
            rationed[node] += lane.base_flow_t;
        });
    for (std::size_t node = 0; node < count; ++node) {
        const double price = world.nodes.supply_price[node];
        double factor = 1.0;
        if (rationed[node] > 0.0 && price > 0.0) {
            // A tonne held at home has the chance of the export share to leave under a licence.
            const double chance =
                std::min(1.0, rationed[node] / std::max(rationed[node], world.nodes.production[node]));
            factor += chance * std::max(0.0, worth[node] / rationed[node] / price - 1.0);
        }
        world.nodes.licence_value[node] = std::max(1.0, factor / economy.base_licence_factor[node]);
    }
}

}  // namespace ytterby

#include "market/coupled_goods.hpp"

#include <algorithm>
#include <cstdint>

namespace ytterby {

std::vector<CoupledGoods> couple_goods(std::span<const SharedLimit> limits, std::size_t count) {
    std::vector<std::size_t> leader(count);
    for (std::size_t good = 0; good < count; ++good) {
        leader[good] = good;
    }
    const auto covers = [](const SharedLimit& limit, std::size_t good) {
        const auto& goods = limit.lanes.goods;
        return goods.empty() || std::find(goods.begin(), goods.end(), id_at<GoodId>(good)) != goods.end();
    };
    for (const SharedLimit& limit : limits) {
        std::size_t first = count;
        for (std::size_t good = 0; good < count; ++good) {
            if (covers(limit, good)) {
                first = std::min(first, leader[good]);
            }
        }
        for (std::size_t good = 0; good < count; ++good) {
            if (covers(limit, good)) {
                const std::size_t old = leader[good];
                std::replace(leader.begin(), leader.end(), old, first);
            }
        }
    }
    std::vector<CoupledGoods> groups;
    for (std::size_t good = 0; good < count; ++good) {
        if (leader[good] != good) {
            continue;
        }
        CoupledGoods group;
        for (std::size_t other = good; other < count; ++other) {
            if (leader[other] == good) {
                group.goods.push_back(id_at<GoodId>(other));
            }
        }
        for (std::size_t limit = 0; limit < limits.size(); ++limit) {
            if (covers(limits[limit], good) || std::any_of(group.goods.begin(), group.goods.end(), [&](GoodId id) {
                    return covers(limits[limit], id.index());
                })) {
                group.limits.push_back(limit);
            }
        }
        groups.push_back(std::move(group));
    }
    return groups;
}

SpatialLane lane_terms(const TradeLane& lane, const LaneRule& rule, double usual_flow, double delivered_t) {
    SpatialLane terms;
    free_lane_terms(lane, usual_flow, terms);
    terms.export_duty = rule.export_duty();
    terms.freight *= rule.freight_factor();
    terms.tariff = rule.tariff();
    terms.reserve_rent = rule.reserve_rent_usd_per_t();
    terms.specific_tariff = rule.specific_tariff_usd_per_t();
    terms.friction = rule.friction_usd_per_t() + terms.reserve_rent + terms.specific_tariff;
    terms.preference -= rule.prefer_usd_per_t();
    terms.cap = left_of(rule.cap_t(), delivered_t);
    if (leaks(rule)) {
        terms.export_duty = terms.reserve_rent = terms.preference = 0.0;
        terms.friction = terms.specific_tariff;
        carry_leak(rule.leak_t, terms);
    } else if (rule.closed()) {
        terms.cap = 0.0;
    }
    return terms;
}

double leaking_t(const SpatialLane& terms, const LaneRule& rule, double inside_price, double outside_price) {
    const double cost = terms.delivered(inside_price) + rule.leak_risk_share() * inside_price;
    return outside_price > cost ? rule.leak_t * (1.0 - cost / outside_price) : 0.0;
}

void carry_leak(double tonnes, SpatialLane& terms) { terms.cap = terms.usual_flow = tonnes; }

SpatialLane lane_terms(const MarketInput& input, GoodId good, std::size_t number) {
    const GoodLanes& book = input.network.goods[good.index()];
    const TradeLane& lane = book.lanes[number];
    const std::size_t place = book.first_lane + number;
    const auto at = [place](std::span<const double> values) { return values.empty() ? 0.0 : values[place]; };
    const LaneRule& rule = input.rules.rule(good, lane.origin, lane.destination);
    SpatialLane terms = lane_terms(lane, rule, input.usual_flow[place], at(input.use.delivered_t));
    if (leaks(rule)) {
        const double inside = input.last_supply_price[input.network.node(good, lane.origin).index()];
        const double outside = input.last_use_price[input.network.node(good, lane.destination).index()];
        carry_leak(leaking_t(terms, rule, inside, outside), terms);
    } else {
        terms.preference -= at(input.use.owner_prefers);
    }
    return terms;
}

std::vector<SharedCap> shared_caps_of(const MarketInput& input, const CoupledGoods& group) {
    std::vector<SharedCap> caps;
    for (const std::size_t limit : group.limits) {
        const SharedLimit& shared = input.rules.shared_limits()[limit];
        SharedCap cap;
        cap.cap = input.use.shared_delivered_t.empty() ? shared.cap_t
                                                       : left_of(shared.cap_t, input.use.shared_delivered_t[limit]);
        for (std::size_t number = 0; number < group.goods.size(); ++number) {
            const GoodLanes& book = input.network.goods[group.goods[number].index()];
            for (std::size_t lane = 0; lane < book.lanes.size(); ++lane) {
                if (input.rules.binds(shared, book.lanes[lane].origin, book.lanes[lane].destination,
                                      group.goods[number])) {
                    cap.members.push_back({static_cast<std::uint32_t>(number), static_cast<std::uint32_t>(lane)});
                }
            }
        }
        caps.push_back(std::move(cap));
    }
    return caps;
}

}  // namespace ytterby

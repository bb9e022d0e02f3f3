#include "agents/phases/scarcity/components.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace ytterby {
namespace {

/// A flow below this share of what its destination usually buys ties no prices (technical).
constexpr double least_tie = 1e-4;

/// Whether it restricts now or later.
bool restricts(const Expectation& expectation, std::int64_t now) {
    return expectation.open_share(now) < 1.0 ||
           std::any_of(expectation.steps.begin(), expectation.steps.end(),
                       [&](const Expectation::Step& step) { return step.from_tick > now && step.open_share < 1.0; });
}

std::uint32_t leader_of(std::vector<std::uint32_t>& leaders, std::uint32_t country) {
    while (leaders[country] != country) {
        leaders[country] = leaders[leaders[country]];
        country = leaders[country];
    }
    return country;
}

}  // namespace

double Wall::open_share(std::int64_t now, std::int64_t tick, bool awaited_too) const {
    double share = 1.0;
    for (const ExpectedMeasure* measure : measures) {
        const bool in_force =
            !measure->expectation.steps.empty() && measure->expectation.steps.front().from_tick <= now;
        if (in_force || awaited_too) {
            share = std::min(share, measure->expectation.open_share(tick));
        }
    }
    return share;
}

std::vector<Wall> walls_of(const Regime& regime, GoodId good, std::int64_t now) {
    std::map<std::pair<CountryId, CountryId>, Wall> walls;
    for (const ExpectedMeasure& measure : regime.announcements().expected()) {
        if (!restricts(measure.expectation, now)) {
            continue;
        }
        for (const ExpectedLane& lane : measure.lanes) {
            if (lane.good != good || regime.lanes().rule(good, lane.origin, lane.destination).lifts(measure.kind)) {
                continue;
            }
            Wall& wall = walls[{lane.origin, lane.destination}];
            wall.origin = lane.origin;
            wall.destination = lane.destination;
            wall.usual_t = std::max(wall.usual_t, lane.usual_t);
            wall.measures.push_back(&measure);
        }
    }
    std::vector<Wall> list;
    list.reserve(walls.size());
    for (auto& [lane, wall] : walls) {
        list.push_back(std::move(wall));
    }
    return list;
}

std::vector<std::uint32_t> tied_countries(const Economy& economy, const World& world, GoodId good,
                                          const std::vector<Wall>& walls) {
    const std::size_t countries = economy.countries.size();
    std::vector<std::uint32_t> leaders(countries);
    for (std::uint32_t country = 0; country < countries; ++country) {
        leaders[country] = country;
    }
    const auto is_wall = [&](CountryId origin, CountryId destination) {
        const auto found = std::lower_bound(walls.begin(), walls.end(), std::pair{origin, destination},
                                            [](const Wall& wall, const std::pair<CountryId, CountryId>& ends) {
                                                return std::pair{wall.origin, wall.destination} < ends;
                                            });
        return found != walls.end() && found->origin == origin && found->destination == destination;
    };
    const GoodLanes& book = economy.network.goods[good.index()];
    const auto usual_flow = [&](std::size_t number) {
        return std::max(book.lanes[number].base_flow_t, world.lanes.usual_flow[book.first_lane + number]);
    };
    // Exports over walls less imports: a country that walls keep with a surplus imports nothing.
    std::vector<double> surplus(countries, 0.0);
    std::vector<bool> walled(countries, false);
    for (const Wall& wall : walls) {
        surplus[wall.origin.index()] += wall.usual_t;
        walled[wall.origin.index()] = true;
    }
    for (std::size_t number = 0; number < book.lanes.size(); ++number) {
        surplus[book.lanes[number].destination.index()] -= usual_flow(number);
    }
    for (std::size_t number = 0; number < book.lanes.size(); ++number) {
        const TradeLane& lane = book.lanes[number];
        const std::size_t node = economy.network.node(good, lane.destination).index();
        const std::size_t destination = lane.destination.index();
        const double flow = usual_flow(number);
        if (flow > least_tie * world.nodes.usual_bought[node] && flow > 0.0 &&
            !is_wall(lane.origin, lane.destination) && !(walled[destination] && surplus[destination] > 0.0)) {
            const std::uint32_t a = leader_of(leaders, lane.origin.value);
            const std::uint32_t b = leader_of(leaders, lane.destination.value);
            leaders[std::max(a, b)] = std::min(a, b);
        }
    }
    std::vector<std::uint32_t> group(countries);
    std::vector<std::uint32_t> number_of(countries, static_cast<std::uint32_t>(countries));
    std::uint32_t count = 0;
    for (std::uint32_t country = 0; country < countries; ++country) {
        std::uint32_t& number = number_of[leader_of(leaders, country)];
        if (number == countries) {
            number = count++;
        }
        group[country] = number;
    }
    return group;
}

}  // namespace ytterby

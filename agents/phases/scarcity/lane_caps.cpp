#include "agents/phases/scarcity/lane_caps.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

namespace ytterby {
namespace {

constexpr double no_cap = std::numeric_limits<double>::infinity();

/// The place of a lane in the book of a good.
std::optional<std::size_t> place_of(const ExpectedLane& lane, const std::vector<TradeLane>& lanes) {
    const auto found =
        std::lower_bound(lanes.begin(), lanes.end(), lane, [](const TradeLane& a, const ExpectedLane& b) {
            return std::pair{a.origin, a.destination} < std::pair{b.origin, b.destination};
        });
    if (found == lanes.end() || found->origin != lane.origin || found->destination != lane.destination) {
        return std::nullopt;
    }
    return static_cast<std::size_t>(found - lanes.begin());
}

}  // namespace

LaneCaps base_caps(const Economy& economy, GoodId good) {
    LaneCaps caps;
    if (!economy.base_rules.has_rules(good)) {
        return caps;
    }
    const std::vector<TradeLane>& lanes = economy.network.goods[good.index()].lanes;
    for (std::size_t number = 0; number < lanes.size(); ++number) {
        const double cap = economy.base_rules.rule(good, lanes[number].origin, lanes[number].destination).cap_t();
        if (cap < no_cap) {
            caps.resize(lanes.size(), no_cap);
            // A lane uses its cap of the base date, but for what does not matter then.
            caps[number] = std::max(cap, lanes[number].base_flow_t);
        }
    }
    return caps;
}

LaneCaps with_base_caps(const Economy& economy, const World& world, const Regime& regime, GoodId good, LaneCaps caps) {
    const LaneCaps base = base_caps(economy, good);
    if (base.empty()) {
        return caps;
    }
    const std::vector<TradeLane>& lanes = economy.network.goods[good.index()].lanes;
    caps.resize(lanes.size(), no_cap);
    for (const ExpectedMeasure& measure : regime.announcements().expected()) {
        if (measure.expectation.steps.front().from_tick > world.tick) {
            continue;
        }
        for (const ExpectedLane& lane : measure.lanes) {
            if (const auto place = lane.good == good ? place_of(lane, lanes) : std::nullopt) {
                caps[*place] = std::min(caps[*place], base[*place]);
            }
        }
    }
    return caps;
}

void add_caps(const Economy& economy, const Regime& regime, GoodId good, const ExpectedMeasure& measure, double share,
              LaneCaps& caps) {
    const std::vector<TradeLane>& lanes = economy.network.goods[good.index()].lanes;
    for (const ExpectedLane& lane : measure.lanes) {
        if (lane.good != good || regime.lanes().rule(good, lane.origin, lane.destination).lifts(measure.kind)) {
            continue;
        }
        caps.resize(lanes.size(), no_cap);
        if (const auto place = place_of(lane, lanes)) {
            caps[*place] = std::min(caps[*place], share * lane.usual_t);
        }
    }
}

}  // namespace ytterby

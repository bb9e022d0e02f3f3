#include "market/running_lanes.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/maths.hpp"

namespace ytterby {
namespace {

/// Least part of its flow that a lane carries before others are looked at again (assumed, 0.005-0.05): it moves the
/// preference by this share of its slope, half a per cent of the price at a trade elasticity of 4.
constexpr double least_part = 0.02;

/// Room below this share of what a cap already carries is rounding.
constexpr double no_room = 1e-12;

/// Lists by owner, one after the other: `first[owner]` to `first[owner + 1]`.
void list_by(std::size_t owners, std::span<const std::pair<std::uint32_t, std::uint32_t>> pairs, std::vector<std::uint32_t>& all, std::vector<std::uint32_t>& first) {
    first.assign(owners + 1, 0);
    for (const auto& [owner, thing] : pairs) {
        ++first[owner + 1];
    }
    for (std::size_t owner = 0; owner < owners; ++owner) {
        first[owner + 1] += first[owner];
    }
    all.resize(pairs.size());
    std::vector<std::uint32_t> next(first.begin(), first.end() - 1);
    for (const auto& [owner, thing] : pairs) {
        all[next[owner]++] = thing;
    }
}

}  // namespace

RunningLanes::RunningLanes(const StatedMarket& market)
    : market_(market), flow_(market.lanes.size(), 0.0), used_(market.caps.size(), 0.0), preference_(market.lanes.size(), 0.0), reserve_(market.lanes.size(), 0.0), room_before_(market.lanes.size(), 0.0) {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> into, out_of, caps;
    for (std::uint32_t lane = 0; lane < market.lanes.size(); ++lane) {
        into.emplace_back(market.lanes[lane].to, lane);
        out_of.emplace_back(market.lanes[lane].from, lane);
    }
    for (std::uint32_t cap = 0; cap < market.caps.size(); ++cap) {
        for (const SharedCap::Member& member : market.caps[cap].members) {
            caps.emplace_back(member.lane, cap);
        }
    }
    list_by(market.nodes, into, into_, first_into_);
    list_by(market.nodes, out_of, out_of_, first_out_of_);
    list_by(market.lanes.size(), caps, caps_, first_caps_);
    begin_round(0, 1);
}

void RunningLanes::begin_round(std::uint32_t round, std::uint32_t rounds) {
    share_so_far_ = static_cast<double>(round + 1) / static_cast<double>(rounds);
    for (std::uint32_t lane = 0; lane < flow_.size(); ++lane) {
        update_preference(lane);
        room_before_[lane] = room(lane);
    }
}

bool RunningLanes::capped(std::uint32_t lane) const {
    return market_.lanes[lane].cap < std::numeric_limits<double>::infinity() || first_caps_[lane + 1] > first_caps_[lane];
}

double RunningLanes::room(std::uint32_t lane) const {
    const auto left = [this](double whole, double used) {
        const double cap = share_so_far_ * whole;
        return cap - used > no_room * used ? cap - used : 0.0;
    };
    double room = left(market_.lanes[lane].cap, flow_[lane]);
    for (const std::uint32_t cap : slice(caps_, first_caps_, lane)) {
        room = std::min(room, left(market_.caps[cap].cap, used_[cap]));
    }
    return room;
}

double RunningLanes::until(std::uint32_t lane, double preference) const {
    const SpatialLane& terms = market_.lanes[lane];
    if (!(terms.preference_slope > 0.0)) {
        return std::numeric_limits<double>::infinity();
    }
    const double now = projected(lane) + terms.opening_flow;
    const double then = (terms.usual_flow + terms.opening_flow) * exp((preference - terms.preference) / terms.preference_slope);
    return std::max(then - now, least_part * now);
}

void RunningLanes::carry(std::uint32_t lane, double tonnes) {
    flow_[lane] = std::max(0.0, flow_[lane] + tonnes);
    for (const std::uint32_t cap : slice(caps_, first_caps_, lane)) {
        used_[cap] = std::max(0.0, used_[cap] + tonnes);
    }
    update_preference(lane);
}

void RunningLanes::update_preference(std::uint32_t lane) {
    const SpatialLane& terms = market_.lanes[lane];
    preference_[lane] = terms.preference_slope > 0.0 ? terms.wedge(projected(lane)) : terms.preference;
}

}  // namespace ytterby

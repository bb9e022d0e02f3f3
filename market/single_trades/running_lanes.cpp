#include "market/single_trades/running_lanes.hpp"

#include <algorithm>
#include <utility>

#include "core/maths.hpp"

namespace ytterby {
namespace {

/// The least part of its flow that a lane carries before other lanes are compared again (assumed, 0.005-0.05): it
/// moves the preference by this share of its slope, half a per cent of the price at a trade elasticity of 4.
constexpr double least_part = 0.02;

/// Room below this share of what a cap already carries is rounding.
constexpr double no_room = 1e-12;

/// Sorts the second members of pairs by owner, the first member: those of an owner go from `first[owner]` to
/// `first[owner + 1]`.
void list_by(std::size_t owners, std::span<const std::pair<std::uint32_t, std::uint32_t>> pairs,
             std::vector<std::uint32_t>& all, std::vector<std::uint32_t>& first) {
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

RunningLanes::RunningLanes(const SingleOrderMarket& market)
    : market_(market), preference_(market.lanes.size(), 0.0), rent_(market.lanes.size(), 0.0) {
    for (const SpatialLane& lane : market.lanes) {
        own_.push_back({.cap = lane.cap});
    }
    for (const SharedCap& cap : market.caps) {
        shared_.push_back({.cap = cap.cap});
    }
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
    for (std::uint32_t lane = 0; lane < own_.size(); ++lane) {
        update_preference(lane);
        own_[lane].room_before = room_under(own_[lane]);
    }
    for (Limit& limit : shared_) {
        limit.room_before = room_under(limit);
    }
}

double RunningLanes::room_under(const Limit& limit) const {
    const double cap = share_so_far_ * limit.cap;
    return cap - limit.used > no_room * limit.used ? cap - limit.used : 0.0;
}

double RunningLanes::room(std::uint32_t lane) const {
    double room = room_under(own_[lane]);
    for (const std::uint32_t cap : slice(caps_, first_caps_, lane)) {
        room = std::min(room, room_under(shared_[cap]));
    }
    return room;
}

void RunningLanes::start_rents(std::span<const double> supply_price, std::span<const double> use_price,
                               std::span<const double> shared_rents) {
    for (std::size_t cap = 0; cap < shared_.size() && cap < shared_rents.size(); ++cap) {
        shared_[cap].rent = std::max(0.0, shared_rents[cap]);
    }
    update_rents();
    for (std::uint32_t lane = 0; lane < own_.size(); ++lane) {
        const SpatialLane& terms = market_.lanes[lane];
        if (own_[lane].cap < infinite && terms.from < supply_price.size() && terms.to < use_price.size()) {
            own_[lane].rent = std::max(
                0.0, use_price[terms.to] - terms.delivered(supply_price[terms.from]) - terms.preference - rent_[lane]);
        }
    }
    update_rents();
}

void RunningLanes::move_rents(std::span<const double> gap, double follow, double concession) {
    const auto move = [&](Limit& limit, double widest) {
        const double room = room_under(limit);
        if (room > 0.0) {
            limit.rent *= 1.0 - concession * room / std::max(room, limit.room_before);
        } else {
            limit.rent += follow * widest;
        }
    };
    for (std::uint32_t lane = 0; lane < own_.size(); ++lane) {
        if (own_[lane].cap < infinite) {
            move(own_[lane], std::max(0.0, gap[lane]));
        }
    }
    for (std::uint32_t cap = 0; cap < shared_.size(); ++cap) {
        double widest = 0.0;
        for (const SharedCap::Member& member : market_.caps[cap].members) {
            // A lane whose own cap is full would not use more shared room.
            widest = room_under(own_[member.lane]) > 0.0 ? std::max(widest, gap[member.lane]) : widest;
        }
        move(shared_[cap], widest);
    }
    update_rents();
}

void RunningLanes::update_rents() {
    for (std::uint32_t lane = 0; lane < own_.size(); ++lane) {
        rent_[lane] = own_[lane].rent;
        for (const std::uint32_t cap : slice(caps_, first_caps_, lane)) {
            rent_[lane] += shared_[cap].rent;
        }
    }
}

double RunningLanes::until(std::uint32_t lane, double preference) const {
    const SpatialLane& terms = market_.lanes[lane];
    if (!(terms.preference_slope > 0.0)) {
        return infinite;
    }
    const double now = projected(lane) + terms.opening_flow;
    const double then =
        (terms.usual_flow + terms.opening_flow) * exp((preference - terms.preference) / terms.preference_slope);
    return std::max(then - now, least_part * now);
}

void RunningLanes::carry(std::uint32_t lane, double tonnes) {
    own_[lane].used = std::max(0.0, own_[lane].used + tonnes);
    for (const std::uint32_t cap : slice(caps_, first_caps_, lane)) {
        shared_[cap].used = std::max(0.0, shared_[cap].used + tonnes);
    }
    update_preference(lane);
}

void RunningLanes::update_preference(std::uint32_t lane) {
    const SpatialLane& terms = market_.lanes[lane];
    preference_[lane] = terms.preference_slope > 0.0 ? terms.wedge(projected(lane)) : terms.preference;
}

}  // namespace ytterby

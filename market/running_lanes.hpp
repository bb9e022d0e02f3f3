#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "market/stated_market.hpp"

namespace ytterby {

/// The lanes of a stated market while its traders deal one by one: what flowed so far, what room the caps leave, and
/// what the origin preference is at that flow. The tick passes in rounds; the preference is evaluated at the flow
/// that the lane would have at the end if the rounds to come brought their part of the usual flow, so it is the
/// preference of a whole tick from the first tonne to the last (with one round, of the running flow alone). The room
/// of a cap comes in equal parts with the rounds. Who holds room on a capped lane prices to market: it lets nothing go
/// there below a reserve, which starts at what the destination paid last and moves with what happens to the room.
class RunningLanes {
public:
    explicit RunningLanes(const StatedMarket& market);

    /// Starts round r of n.
    void begin_round(std::uint32_t round, std::uint32_t rounds);

    std::span<const std::uint32_t> into(std::uint32_t node) const { return slice(into_, first_into_, node); }
    std::span<const std::uint32_t> out_of(std::uint32_t node) const { return slice(out_of_, first_out_of_, node); }

    /// Whether a lane has room under its own and the shared caps, and how much, t.
    bool open(std::uint32_t lane) const { return room(lane) > 0.0; }
    double room(std::uint32_t lane) const;
    /// The preference now, USD/t.
    double preference(std::uint32_t lane) const { return preference_[lane]; }
    /// Whether any cap is on a lane, and the least that its room is sold for at the origin, USD/t (0 without a cap).
    bool capped(std::uint32_t lane) const;
    double reserve(std::uint32_t lane) const { return reserve_[lane]; }
    void set_reserve(std::uint32_t lane, double price) { reserve_[lane] = price; }
    /// The share of the room at the beginning of the round that nobody took.
    double unused(std::uint32_t lane) const { return room_before_[lane] > 0.0 ? room(lane) / room_before_[lane] : 0.0; }
    /// What a buyer counts for a tonne that its seller gets `price` for, USD/t, and the other way round.
    double cost(std::uint32_t lane, double price) const { return market_.lanes[lane].delivered(price) + preference_[lane]; }
    double netback(std::uint32_t lane, double cost) const {
        const SpatialLane& terms = market_.lanes[lane];
        return (cost - preference_[lane] - terms.delivered(0.0)) / terms.pass_through();
    }
    /// The same at the usual flow, before anything moved.
    double usual_netback(std::uint32_t lane, double cost) const {
        const SpatialLane& terms = market_.lanes[lane];
        return (cost - terms.preference - terms.delivered(0.0)) / terms.pass_through();
    }
    /// Tonnes until the preference has risen to a level; at least a small part of the flow, so that lanes that cost
    /// the same take turns in small parts and not in nothings. Infinite on a lane whose preference does not rise.
    double until(std::uint32_t lane, double preference) const;
    /// Puts tonnes onto a lane, or takes back (negative) what did not go after all.
    void carry(std::uint32_t lane, double tonnes);
    double flow(std::uint32_t lane) const { return flow_[lane]; }

private:
    static std::span<const std::uint32_t> slice(const std::vector<std::uint32_t>& all, const std::vector<std::uint32_t>& first, std::uint32_t at) {
        return std::span(all).subspan(first[at], first[at + 1] - first[at]);
    }
    double projected(std::uint32_t lane) const { return flow_[lane] + (1.0 - share_so_far_) * market_.lanes[lane].usual_flow; }
    void update_preference(std::uint32_t lane);

    const StatedMarket& market_;
    double share_so_far_ = 1.0;             // of the tick, with this round
    std::vector<double> flow_;              // t so far
    std::vector<double> used_;              // t so far, per shared cap
    std::vector<double> preference_;        // USD/t
    std::vector<double> reserve_;           // USD/t
    std::vector<double> room_before_;       // t, when the round began
    std::vector<std::uint32_t> into_, first_into_, out_of_, first_out_of_;
    std::vector<std::uint32_t> caps_, first_caps_;  // shared caps of each lane
};

}  // namespace ytterby

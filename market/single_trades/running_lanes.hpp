#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "market/single_order_market.hpp"

namespace ytterby {

/// The lanes of a stated market while its traders deal one by one: what flowed so far, what room the caps leave, and
/// what the origin preference is at that flow. The tick passes in rounds; the preference is evaluated at the flow
/// that the lane would have at the end if the rounds to come brought their part of the usual flow, so it is the
/// preference of a whole tick from the first tonne to the last (with one round, of the running flow alone). The room
/// of a cap comes in equal parts with the rounds, and each cap has a rent that who ships under it charges: it moves
/// with what happens to the room.
class RunningLanes {
public:
    explicit RunningLanes(const SingleOrderMarket& market);

    /// Starts round r of n.
    void begin_round(std::uint32_t round, std::uint32_t rounds);

    std::span<const std::uint32_t> into(std::uint32_t node) const { return slice(into_, first_into_, node); }
    std::span<const std::uint32_t> out_of(std::uint32_t node) const { return slice(out_of_, first_out_of_, node); }

    /// Whether a lane has room under its own and the shared caps, and how much, t.
    bool open(std::uint32_t lane) const { return room(lane) > 0.0; }
    double room(std::uint32_t lane) const;
    /// The preference now, USD/t.
    double preference(std::uint32_t lane) const { return preference_[lane]; }
    /// What a tonne over a lane is charged for the room under all its caps, USD/t.
    double rent(std::uint32_t lane) const { return rent_[lane]; }
    /// Starts the rents from the prices of the last tick: shared caps' as given, lanes' own by the gap that is left.
    void start_rents(std::span<const double> supply_price, std::span<const double> use_price,
                     std::span<const double> shared_rents);
    /// Moves rents when a round is over. `gap` says per lane how much more than its cost its next tonne would bring,
    /// USD/t (not positive, or no gap to be seen: 0): the rent of a cap without room goes `follow` of the way to close
    /// its widest gap, that of a cap with room falls by `concession` times the unused share of what the round had.
    void move_rents(std::span<const double> gap, double follow, double concession);
    /// What a buyer counts for a tonne that its seller gets `price` for, USD/t, and the other way round.
    double cost(std::uint32_t lane, double price) const {
        return market_.lanes[lane].delivered(price) + preference_[lane] + rent_[lane];
    }
    double netback(std::uint32_t lane, double cost) const {
        const SpatialLane& terms = market_.lanes[lane];
        return (cost - preference_[lane] - rent_[lane] - terms.delivered(0.0)) / terms.pass_through();
    }
    /// Tonnes until the preference has risen to a level; at least a small part of the flow, so that lanes that cost
    /// the same take turns in small parts and not in nothings. Infinite on a lane whose preference does not rise.
    double until(std::uint32_t lane, double preference) const;
    /// Puts tonnes onto a lane, or takes back (negative) what did not go after all.
    void carry(std::uint32_t lane, double tonnes);
    double flow(std::uint32_t lane) const { return own_[lane].used; }

private:
    static std::span<const std::uint32_t> slice(const std::vector<std::uint32_t>& all,
                                                const std::vector<std::uint32_t>& first, std::uint32_t at) {
        return std::span(all).subspan(first[at], first[at + 1] - first[at]);
    }
    double projected(std::uint32_t lane) const {
        return own_[lane].used + (1.0 - share_so_far_) * market_.lanes[lane].usual_flow;
    }
    void update_preference(std::uint32_t lane);

    const SingleOrderMarket& market_;
    double share_so_far_ = 1.0;       // of the tick, with this round
    std::vector<double> preference_;  // USD/t
    /// Room and rent of one limit: a lane's own cap, or a shared one.
    struct Limit {
        double cap = 0.0;          // t
        double used = 0.0;         // t so far
        double room_before = 0.0;  // t, when the round began
        double rent = 0.0;         // USD/t
    };
    double room_under(const Limit& limit) const;
    void update_rents();

    std::vector<Limit> own_;     // per lane
    std::vector<Limit> shared_;  // per shared cap
    std::vector<double> rent_;   // USD/t, per lane, of all its limits
    std::vector<std::uint32_t> into_, first_into_, out_of_, first_out_of_;
    std::vector<std::uint32_t> caps_, first_caps_;  // shared caps of each lane
};

}  // namespace ytterby

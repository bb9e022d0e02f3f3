#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "market/single_order_market.hpp"

namespace ytterby {

/// The lanes of a market of single orders while its traders deal one by one: the flow so far, the room that caps leave,
/// and the origin preference at that flow. The tick passes in rounds. The preference is evaluated at the flow that the
/// lane would have at the end if each round to come brought its part of the usual flow, so it is the preference of a
/// whole tick from the first tonne to the last (with one round, that of the flow so far). Each round adds an equal part
/// of a cap's room, and each cap has a rent that sellers charge for room under it; the rent moves with the room left.
class RunningLanes {
public:
    explicit RunningLanes(const SingleOrderMarket& market);

    /// Starts a round; rounds count from 0.
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
    /// Sets the rents from last tick's prices: those of shared caps as given, those of lanes' own caps to the gap that
    /// is left.
    void start_rents(std::span<const double> supply_price, std::span<const double> use_price,
                     std::span<const double> shared_rents);
    /// Moves rents at the end of a round. `gap` per lane: how much more than its cost the next tonne would bring,
    /// USD/t, or 0. The rent of a cap without room goes `follow` of the way to close its widest gap, that of a cap with
    /// room falls by `concession` times the unused share of the round's room.
    void move_rents(std::span<const double> gap, double follow, double concession);
    /// What a buyer counts for a tonne whose seller gets `price`, USD/t, and the inverse.
    double cost(std::uint32_t lane, double price) const {
        return market_.lanes[lane].delivered(price) + preference_[lane] + rent_[lane];
    }
    double netback(std::uint32_t lane, double cost) const {
        const SpatialLane& terms = market_.lanes[lane];
        return (cost - preference_[lane] - rent_[lane] - terms.delivered(0.0)) / terms.pass_through();
    }
    /// Tonnes until the preference has risen to a level, but at least a small part of the flow, so that lanes of equal
    /// cost take turns in small parts. Infinite on a lane whose preference does not rise.
    double until(std::uint32_t lane, double preference) const;
    /// Adds tonnes to a lane's flow, or takes back (negative) tonnes that were not sold after all.
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
    double share_so_far_ = 1.0;       // of the tick, this round included
    std::vector<double> preference_;  // USD/t
    /// Room and rent of one limit: a lane's own cap, or a shared one.
    struct Limit {
        double cap = 0.0;          // t
        double used = 0.0;         // t so far
        double room_before = 0.0;  // t, at the start of the round
        double rent = 0.0;         // USD/t
    };
    double room_under(const Limit& limit) const;
    void update_rents();

    std::vector<Limit> own_;     // per lane
    std::vector<Limit> shared_;  // per shared cap
    std::vector<double> rent_;   // USD/t, per lane: sum over its limits
    std::vector<std::uint32_t> into_, first_into_, out_of_, first_out_of_;
    std::vector<std::uint32_t> caps_, first_caps_;  // shared caps of each lane
};

}  // namespace ytterby

#include <algorithm>

#include "market/spatial/detail/system.hpp"

namespace ytterby {

void SpatialSystem::list_nodes() {
    first_place_.clear();
    node_at_.clear();
    nodes_.clear();
    volume_.clear();
    for (std::size_t market = 0; market < markets_.size(); ++market) {
        first_place_.push_back(node_at_.size());
        const SpatialMarketClearing& start = clearing_->markets[market];
        double volume = 0.0;
        for (std::size_t place = 0; place < markets_[market].supply.size(); ++place) {
            const bool sells = markets_[market].supply[place].most() > 0.0;
            const bool buys = markets_[market].use[place].most() > 0.0;
            if (!sells && !buys) {
                node_at_.push_back(none);
                continue;
            }
            node_at_.push_back(static_cast<std::uint32_t>(nodes_.size()));
            Node& node = nodes_.emplace_back();
            node.sells = sells;
            node.buys = buys;
            node.market = static_cast<std::uint32_t>(market);
            node.place = static_cast<std::uint32_t>(place);
            node.supply_price = std::max(1e-9, start.supply_price[place]);
            node.use_price = std::max(1e-9, start.use_price[place]);
            if (node.sells && node.buys) {
                node.split = node.supply_price != node.use_price;
            }
            volume += markets_[market].use[place].most();
        }
        volume_.push_back(volume);
    }
    supply_prices_.resize(nodes_.size());
    use_prices_.resize(nodes_.size());
}

void SpatialSystem::list_lanes() {
    std::size_t all = 0;
    first_lane_.clear();
    for (const SpatialMarket& market : markets_) {
        first_lane_.push_back(all);
        all += market.lanes.size();
    }
    lane_at_.assign(all, none);
    // A limit of nothing shuts its lanes.
    std::vector<bool> shut;
    for (const SharedCap& cap : caps_) {
        shut.resize(all, false);
        for (const SharedCap::Member& member : cap.members) {
            shut[first_lane_[member.market] + member.lane] =
                shut[first_lane_[member.market] + member.lane] || cap.cap <= 0.0;
        }
    }
    lanes_.make_room(all);
    powers_.resize(std::max(powers_.size(), all));
    std::size_t count = 0;
    for (std::size_t market = 0; market < markets_.size(); ++market) {
        const std::uint32_t* const node_at = node_at_.data() + first_place_[market];
        for (std::size_t number = 0; number < markets_[market].lanes.size(); ++number) {
            const SpatialLane& lane = markets_[market].lanes[number];
            const std::uint32_t from = node_at[lane.from];
            const std::uint32_t to = node_at[lane.to];
            const std::size_t at = first_lane_[market] + number;
            if (from != none && to != none && nodes_[from].sells && nodes_[to].buys && lane.cap > 0.0 &&
                (shut.empty() || !shut[at])) {
                lane_at_[at] = static_cast<std::uint32_t>(count);
                lanes_.lane[count] = &lane;
                lanes_.from[count] = from;
                lanes_.to[count] = to;
                lanes_.pass_through[count] = lane.pass_through();
                lanes_.fixed_cost[count] = lane.delivered(0.0) + lane.preference;
                lanes_.per_slope[count] = 1.0 / lane.preference_slope;
                lanes_.scale[count] = lane.usual_flow + lane.opening_flow;
                lanes_.opening[count] = lane.opening_flow;
                lanes_.cap[count] = lane.cap;
                lanes_.rent[count] = 0.0;
                ++nodes_[from].last_out;
                ++nodes_[to].last_in;
                ++count;
            }
        }
    }
    lanes_.count = count;
}

void SpatialSystem::Lanes::make_room(std::size_t lanes) {
    if (lanes <= from.size()) {
        return;
    }
    lane.resize(lanes);
    from.resize(lanes);
    to.resize(lanes);
    for (std::vector<double>* column :
         {&pass_through, &fixed_cost, &per_slope, &scale, &opening, &cap, &rent, &flow, &slope}) {
        column->resize(lanes);
    }
}

void SpatialSystem::list_caps() {
    binding_.assign(caps_.size(), false);
    give_.assign(caps_.size(), 0.0);
    cap_members_.assign(caps_.size(), {});
    caps_of_.assign(caps_.empty() ? 0 : lanes_.size(), {});
    for (std::size_t cap = 0; cap < caps_.size(); ++cap) {
        clearing_->shared_rent[cap] = caps_[cap].cap > 0.0 ? clearing_->shared_rent[cap] : 0.0;
        binding_[cap] = clearing_->shared_rent[cap] > 0.0;
        for (const SharedCap::Member& member : caps_[cap].members) {
            const std::uint32_t lane = lane_at_[first_lane_[member.market] + member.lane];
            if (lane != none) {
                caps_of_[lane].push_back(static_cast<std::uint32_t>(cap));
                cap_members_[cap].push_back(lane);
            }
        }
    }
}

void SpatialSystem::list_lanes_of_nodes() {
    std::size_t outs = 0;
    std::size_t ins = 0;
    for (Node& node : nodes_) {
        node.first_out = outs;
        node.first_in = ins;
        outs += node.last_out;
        ins += node.last_in;
        node.last_out = node.first_out;
        node.last_in = node.first_in;
    }
    out_.resize(lanes_.size());
    in_.resize(lanes_.size());
    for (std::uint32_t lane = 0; lane < lanes_.size(); ++lane) {
        out_[nodes_[lanes_.from[lane]].last_out++] = lane;
        in_[nodes_[lanes_.to[lane]].last_in++] = lane;
    }
}

}  // namespace ytterby

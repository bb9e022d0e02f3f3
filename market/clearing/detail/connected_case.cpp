#include "market/clearing/detail/connected_case.hpp"

#include <algorithm>
#include <map>
#include <numeric>

namespace ytterby {
namespace {

/// Groups of nodes; the least node of a group is its root.
class Groups {
public:
    explicit Groups(std::size_t count) : above_(count) { std::iota(above_.begin(), above_.end(), 0U); }
    std::uint32_t root(std::uint32_t node) {
        while (above_[node] != node) {
            above_[node] = above_[above_[node]];
            node = above_[node];
        }
        return node;
    }
    void join(std::uint32_t left, std::uint32_t right) {
        left = root(left);
        right = root(right);
        above_[std::max(left, right)] = std::min(left, right);
    }

private:
    std::vector<std::uint32_t> above_;
};

Groups groups_of(const MarketCase& source) {
    Groups groups(source.nodes.size());
    for (const CaseLane& lane : source.lanes) {
        groups.join(lane.terms.from, lane.terms.to);
    }
    for (const CaseSharedCap& cap : source.caps) {
        for (const std::uint32_t lane : cap.lanes) {
            groups.join(source.lanes[cap.lanes.front()].terms.from, source.lanes[lane].terms.from);
        }
    }
    return groups;
}

}  // namespace

std::vector<ConnectedCase> connected_cases_of(const MarketCase& source) {
    Groups groups = groups_of(source);
    std::vector<ConnectedCase> made;
    std::vector<std::size_t> part(source.nodes.size());  // per node
    std::vector<std::uint32_t> node_in(source.nodes.size());
    std::vector<std::uint32_t> lane_in(source.lanes.size());
    for (std::uint32_t node = 0; node < source.nodes.size(); ++node) {
        const std::uint32_t root = groups.root(node);
        if (root == node) {
            part[node] = made.size();
            made.emplace_back().source.through_shipment = source.through_shipment;
        }
        part[node] = part[root];
        ConnectedCase& one = made[part[node]];
        node_in[node] = static_cast<std::uint32_t>(one.nodes.size());
        one.nodes.push_back(node);
        one.source.nodes.push_back(source.nodes[node]);
    }
    for (std::uint32_t number = 0; number < source.orders.size(); ++number) {
        ConnectedCase& one = made[part[source.orders[number].node]];
        one.orders.push_back(number);
        one.source.orders.push_back(source.orders[number]);
        one.source.orders.back().node = node_in[source.orders[number].node];
    }
    for (const CaseCurve& curve : source.curves) {
        ConnectedCase& one = made[part[curve.node]];
        one.source.curves.push_back(curve);
        one.source.curves.back().node = node_in[curve.node];
    }
    for (std::uint32_t number = 0; number < source.lanes.size(); ++number) {
        ConnectedCase& one = made[part[source.lanes[number].terms.from]];
        lane_in[number] = static_cast<std::uint32_t>(one.lanes.size());
        one.lanes.push_back(number);
        SpatialLane& terms = one.source.lanes.emplace_back(source.lanes[number]).terms;
        terms.from = node_in[terms.from];
        terms.to = node_in[terms.to];
    }
    for (std::uint32_t number = 0; number < source.caps.size(); ++number) {
        const CaseSharedCap& cap = source.caps[number];
        if (cap.lanes.empty()) {
            continue;
        }
        ConnectedCase& one = made[part[source.lanes[cap.lanes.front()].terms.from]];
        one.caps.push_back(number);
        CaseSharedCap& kept = one.source.caps.emplace_back(cap);
        for (std::uint32_t& lane : kept.lanes) {
            lane = lane_in[lane];
        }
    }
    return made;
}

ClearedCase empty_answer(const CaseQuestion& question) {
    ClearedCase out;
    out.sides.resize(2 * question.source.nodes.size());
    out.home.assign(question.source.nodes.size(), 0.0);
    out.leaving_price.assign(question.source.nodes.size(), 0.0);
    out.flow.assign(question.lanes.size(), 0.0);
    out.rent.assign(question.lanes.size(), 0.0);
    out.cap_rent.assign(question.caps.size(), 0.0);
    out.filled.assign(question.source.orders.size(), 0.0);
    out.largest_price = 0.0;
    return out;
}

void add_connected(const ConnectedCase& connected, const CaseQuestion& asked, const ClearedCase& cleared,
                   const CaseQuestion& whole, ClearedCase& out) {
    for (std::size_t node = 0; node < connected.nodes.size(); ++node) {
        const std::size_t place = connected.nodes[node];
        out.sides[2 * place] = cleared.sides[2 * node];
        out.sides[2 * place + 1] = cleared.sides[2 * node + 1];
        out.home[place] = cleared.home[node];
        out.leaving_price[place] = cleared.leaving_price[node];
    }
    for (std::size_t order = 0; order < connected.orders.size(); ++order) {
        out.filled[connected.orders[order]] = cleared.filled[order];
    }
    for (std::size_t lane = 0; lane < connected.lanes.size(); ++lane) {
        const std::size_t place = connected.lanes[lane];
        for (const auto& [from, to] : {std::pair{asked.lane_in[lane], whole.lane_in[place]},
                                       std::pair{asked.lane_over[lane], whole.lane_over[place]}}) {
            if (from != CaseQuestion::none) {
                out.flow[to] = cleared.flow[from];
                out.rent[to] = cleared.rent[from];
            }
        }
        if (asked.quota_cap[lane] != CaseQuestion::none) {
            out.cap_rent[whole.quota_cap[place]] = cleared.cap_rent[asked.quota_cap[lane]];
        }
    }
    for (std::size_t cap = 0; cap < connected.caps.size(); ++cap) {
        out.cap_rent[connected.caps[cap]] = cleared.cap_rent[cap];
    }
    out.steps += cleared.steps;
    out.largest_price = std::max(out.largest_price, cleared.largest_price);
}

}  // namespace ytterby

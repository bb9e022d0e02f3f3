#include "market/bilateral/detail/seller_search.hpp"

#include <algorithm>

namespace ytterby {
namespace {

/// A seller's weight among those of its node, t.
double size_of(const Ladder& seller) { return seller.at_known + SellerSearch::opening_share * seller.total; }

/// The first place whose running sum exceeds the share `draw` of the last sum; `draw` becomes the position of the
/// target within that place.
std::size_t place_of(const std::vector<double>& sums, std::size_t first, std::size_t end, double& draw) {
    const double target = draw * sums[end - 1];
    const auto begin = sums.begin() + static_cast<std::ptrdiff_t>(first);
    const auto found = std::upper_bound(begin, sums.begin() + static_cast<std::ptrdiff_t>(end), target);
    const std::size_t place = std::min(static_cast<std::size_t>(found - sums.begin()), end - 1);
    const double below = place > first ? sums[place - 1] : 0.0;
    const double width = sums[place] - below;
    draw = width > 0.0 ? std::clamp((target - below) / width, 0.0, 1.0) : 0.5;
    return place;
}

}  // namespace

SellerSearch::SellerSearch(const SingleOrderMarket& market, const LadderSide& sellers, const LadderSide& buyers) {
    std::vector<double> offered(market.nodes, 0.0), wanted(market.nodes, 0.0);
    for (const Ladder& buyer : buyers.ladders) {
        wanted[buyer.node] += buyer.at_known;
    }
    first_seller_.assign(market.nodes + 1, 0);
    for (const Ladder& seller : sellers.ladders) {
        offered[seller.node] += size_of(seller);
        ++first_seller_[seller.node + 1];
    }
    for (std::size_t node = 0; node < market.nodes; ++node) {
        first_seller_[node + 1] += first_seller_[node];
    }
    node_sellers_.resize(sellers.ladders.size());
    std::vector<std::size_t> fill(first_seller_.begin(), first_seller_.end() - 1);
    for (std::size_t seller = 0; seller < sellers.ladders.size(); ++seller) {
        node_sellers_[fill[sellers.ladders[seller].node]++] = static_cast<std::uint32_t>(seller);
    }
    size_sum_.assign(node_sellers_.size(), 0.0);
    if (!sellers.ladders.empty()) {
        first_trader_ = sellers.ladders.front().trader;
        seller_of_.assign(sellers.ladders.back().trader - first_trader_ + std::size_t{1}, none);
        for (std::size_t seller = sellers.ladders.size(); seller-- > 0;) {
            seller_of_[sellers.ladders[seller].trader - first_trader_] = static_cast<std::uint32_t>(seller);
        }
    }

    std::vector<double> usual_exports(market.nodes, 0.0), usual_imports(market.nodes, 0.0);
    first_route_.assign(market.nodes + 1, 1);
    first_route_[0] = 0;
    for (const SpatialLane& lane : market.lanes) {
        usual_exports[lane.from] += lane.usual_flow;
        usual_imports[lane.to] += lane.usual_flow;
        ++first_route_[lane.to + 1];
    }
    for (std::size_t node = 0; node < market.nodes; ++node) {
        first_route_[node + 1] += first_route_[node];
    }
    routes_.resize(first_route_.back());
    fill.assign(first_route_.begin(), first_route_.end() - 1);
    for (std::uint32_t node = 0; node < market.nodes; ++node) {
        const double home = std::max(std::min(offered[node] - usual_exports[node], wanted[node] - usual_imports[node]),
                                     opening_share * offered[node]);
        routes_[fill[node]++] = {node, SingleTrade::at_home, home};
    }
    for (std::size_t number = 0; number < market.lanes.size(); ++number) {
        const SpatialLane& lane = market.lanes[number];
        const double known = lane.usual_flow + lane.opening_flow;
        routes_[fill[lane.to]++] = {lane.from, static_cast<std::uint32_t>(number),
                                    known > 0.0 ? known : offered[lane.from]};
    }
    for (std::size_t node = 0; node < market.nodes; ++node) {
        std::stable_sort(routes_.begin() + static_cast<std::ptrdiff_t>(first_route_[node]),
                         routes_.begin() + static_cast<std::ptrdiff_t>(first_route_[node + 1]),
                         [](const SupplyRoute& left, const SupplyRoute& right) { return left.from < right.from; });
    }
    route_sum_.assign(routes_.size(), 0.0);
}

void SellerSearch::open_round(const LadderSide& sellers, const std::vector<double>& room) {
    const std::size_t nodes = first_seller_.size() - 1;
    for (std::size_t node = 0; node < nodes; ++node) {
        double sum = 0.0;
        for (std::size_t place = first_seller_[node]; place < first_seller_[node + 1]; ++place) {
            const Ladder& seller = sellers.ladders[node_sellers_[place]];
            sum += seller.done() ? 0.0 : size_of(seller);
            size_sum_[place] = sum;
        }
    }
    for (std::size_t node = 0; node < nodes; ++node) {
        double sum = 0.0;
        for (std::size_t route = first_route_[node]; route < first_route_[node + 1]; ++route) {
            const std::uint32_t from = routes_[route].from;
            const bool has_sellers =
                first_seller_[from + 1] > first_seller_[from] && size_sum_[first_seller_[from + 1] - 1] > 0.0;
            const bool open = routes_[route].lane == SingleTrade::at_home || room[routes_[route].lane] > 0.0;
            sum += has_sellers && open ? routes_[route].familiarity : 0.0;
            route_sum_[route] = sum;
        }
    }
}

SellerSearch::Met SellerSearch::meet(std::uint32_t node, double draw) const {
    const std::size_t first = first_route_[node];
    const std::size_t end = first_route_[node + 1];
    if (first == end || route_sum_[end - 1] <= 0.0) {
        return {};
    }
    const SupplyRoute& route = routes_[place_of(route_sum_, first, end, draw)];
    const std::size_t seller = place_of(size_sum_, first_seller_[route.from], first_seller_[route.from + 1], draw);
    return {node_sellers_[seller], route.lane};
}

SellerSearch::Met SellerSearch::find(std::uint32_t node, std::uint32_t trader, const LadderSide& sellers) const {
    const std::uint32_t place = trader - first_trader_;  // wraps round below the first one
    if (place >= seller_of_.size() || seller_of_[place] == none) {
        return {};
    }
    const std::uint32_t from = sellers.ladders[seller_of_[place]].node;
    const auto begin = routes_.begin() + static_cast<std::ptrdiff_t>(first_route_[node]);
    const auto end = routes_.begin() + static_cast<std::ptrdiff_t>(first_route_[node + 1]);
    const auto route = std::lower_bound(
        begin, end, from, [](const SupplyRoute& candidate, std::uint32_t origin) { return candidate.from < origin; });
    if (route == end || route->from != from) {
        return {};
    }
    return {seller_of_[place], route->lane};
}

}  // namespace ytterby

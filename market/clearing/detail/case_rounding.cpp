#include <algorithm>
#include <cmath>

#include "market/clearing/detail/case_question.hpp"

namespace ytterby {
namespace {

/// Decimal digits of the answer, counted from the market's largest price and its volume.
constexpr int price_digits = 12;
constexpr int volume_digits = 11;
/// A price this close to a bound (as a share of it) may be the bound's doing.
constexpr double near_bound = 0.5;

}  // namespace

/// Where only fixed quantities trade with each other, prices are known but for their level: the lowest is set to zero.
/// A node that trades with nobody else has no price then.
void CaseQuestion::level_prices() {
    const SpatialMarketClearing& answer = cleared.markets.front();
    const std::size_t nodes = source.nodes.size();
    unpinned.assign(nodes, false);
    std::vector<bool> flat(nodes, true);
    std::vector<bool> alone(nodes, true);
    bool all_flat = true;
    for (std::size_t node = 0; node < nodes; ++node) {
        for (const OrderCurve* curve : {&market.supply[node], &market.use[node]}) {
            const QuantityRange range = quantities_between(*curve, 0.99 * lowest, 0.99 * highest);
            flat[node] = flat[node] && range.most == range.least;
        }
        flat[node] = flat[node] && floor_lane[node] == none && ceiling_lane[node] == none;
        all_flat = all_flat && flat[node];
    }
    for (const SpatialLane& lane : market.lanes) {
        alone[lane.from] = alone[lane.to] = false;
    }
    double least = highest;
    for (std::size_t node = 0; node < nodes; ++node) {
        unpinned[node] = flat[node] && alone[node];
        least = std::min({least, answer.supply_price[node], answer.use_price[node]});
    }
    if (!all_flat || least < near_bound * lowest || least > near_bound * highest) {
        return;
    }
    SpatialClearing shifted = cleared;
    for (std::vector<double>* prices : {&shifted.markets.front().supply_price, &shifted.markets.front().use_price}) {
        for (double& price : *prices) {
            price -= least;
        }
    }
    if (certify_exact({&market, 1}, caps, shifted).worst() <= 1e-9) {
        cleared = std::move(shifted);
    }
}

/// Gives the answer no more digits than it has, so that 499.99999999999994 t are 500 t. A price at which orders stand
/// stays what it is.
void CaseQuestion::round_answer() {
    SpatialMarketClearing& answer = cleared.markets.front();
    double volume = 0.0;
    double price = 0.0;
    for (std::size_t node = 0; node < answer.used.size(); ++node) {
        volume += answer.used[node];
        price = std::max({price, std::abs(answer.supply_price[node]), std::abs(answer.use_price[node])});
    }
    // How many of the last digit make one: a power of ten, exact as long as it is below 10^22.
    const auto parts = [](double scale, int digits) {
        for (double whole = 1.0; whole < scale; whole *= 10.0) {
            --digits;
        }
        double power = 1.0;
        for (; digits > 0; --digits) {
            power *= 10.0;
        }
        return power;
    };
    const double price_unit = parts(price, price_digits);
    const double volume_unit = parts(volume, volume_digits);
    const auto round = [](double& value, double whole) { value = std::round(value * whole) / whole; };
    for (std::size_t node = 0; node < answer.used.size(); ++node) {
        const auto stands = [&](double where) {
            const auto& at = market.supply[node].price;
            const auto& wanted = market.use[node].price;
            return std::binary_search(at.begin(), at.end(), where) ||
                   std::binary_search(wanted.begin(), wanted.end(), where);
        };
        for (double* one : {&answer.supply_price[node], &answer.use_price[node]}) {
            if (!stands(*one)) {
                round(*one, price_unit);
            }
        }
        round(answer.domestic_flow[node], volume_unit);
    }
    answer.supplied = answer.used = answer.domestic_flow;
    for (std::size_t lane = 0; lane < answer.flow.size(); ++lane) {
        if (!(market.lanes[lane].preference_slope > 0.0)) {  // there a flow tells its price
            round(answer.flow[lane], volume_unit);
        }
        round(answer.lane_rent[lane], price_unit);
        answer.supplied[market.lanes[lane].from] += answer.flow[lane];
        answer.used[market.lanes[lane].to] += answer.flow[lane];
    }
    for (double& rent : cleared.shared_rent) {
        round(rent, price_unit);
    }
}

}  // namespace ytterby

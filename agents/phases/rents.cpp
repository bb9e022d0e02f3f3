#include "agents/phases/rents.hpp"

#include <limits>
#include <map>
#include <tuple>

namespace ytterby {
namespace {

using RowKey = std::tuple<std::string, GoodId, CountryId>;

double moved_over(const Deliveries& deliveries, const Trades& trades, std::size_t row) {
    return trades.lanes[row].tonnes + (deliveries.empty() ? 0.0 : deliveries.lanes[row].tonnes);
}

}  // namespace

std::vector<LicenceRent> licence_rents(const Economy& economy, const Regime& regime, const Deliveries& deliveries,
                                       const Trades& trades) {
    std::map<RowKey, LicenceRent> rows;
    const auto row_of = [&](const std::string& policy, GoodId good, CountryId origin,
                            RentHolder holder) -> LicenceRent& {
        LicenceRent& row = rows[{policy, good, origin}];
        row.policy = policy;
        row.good = good;
        row.origin = origin;
        row.holder = holder;
        return row;
    };
    for (std::size_t index = 0; index < economy.network.goods.size(); ++index) {
        const GoodId good = id_at<GoodId>(index);
        const GoodLanes& book = economy.network.goods[index];
        if (regime.shared_limits().empty() && !regime.has_rules(good)) {
            continue;
        }
        for (std::size_t number = 0; number < book.lanes.size(); ++number) {
            const TradeLane& lane = book.lanes[number];
            const LaneRule* const rule = regime.find_rule(good, lane.origin, lane.destination);
            const bool capped = rule != nullptr && rule->cap_t() < std::numeric_limits<double>::infinity();
            if (!capped && regime.shared_limits().empty()) {
                continue;
            }
            const std::size_t place = book.first_lane + number;
            const double moved = moved_over(deliveries, trades, place);
            double left = trades.lanes[place].rent_usd;
            for (std::size_t limit = 0; limit < regime.shared_limits().size(); ++limit) {
                const SharedLimit& shared = regime.shared_limits()[limit];
                if (!regime.binds(shared, lane.origin, lane.destination, good)) {
                    continue;
                }
                const double rent = std::min(
                    left, trades.lanes[place].tonnes * (trades.shared_rents[limit] + shared.reserve_rent_usd_per_t));
                const double used =
                    trades.shared_used_t[limit] + (deliveries.empty() ? 0.0 : deliveries.shared_used_t[limit]);
                left -= rent;
                LicenceRent& row = row_of(shared.policy, good, lane.origin, shared.rent_holder);
                row.tonnes += moved;
                row.rent_usd += rent;
                row.allowed_t = shared.cap_t;
                row.used_share = shared.cap_t > 0.0 ? used / shared.cap_t : 0.0;
            }
            if (!capped) {
                continue;
            }
            if (const RecordedCap* source = regime.cap_source(good, lane.origin, lane.destination)) {
                LicenceRent& row = row_of(source->policy, good, lane.origin, source->rent_holder);
                row.tonnes += moved;
                row.rent_usd += left;
                row.allowed_t += source->cap_t;
                row.used_share = row.allowed_t > 0.0 ? row.tonnes / row.allowed_t : 0.0;
            }
        }
    }
    std::vector<LicenceRent> list;
    list.reserve(rows.size());
    for (auto& [key, row] : rows) {
        list.push_back(std::move(row));
    }
    return list;
}

}  // namespace ytterby

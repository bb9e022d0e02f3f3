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

/// Rents of a tick as they are added up, by policy, good and origin.
class RentBook {
public:
    RentBook(const LaneRules& rules, const Deliveries& deliveries, const Trades& trades)
        : rules_(rules), deliveries_(deliveries), trades_(trades) {}

    /// Adds the rents of one lane; `place` is its number over all goods.
    void add_lane(GoodId good, const TradeLane& lane, std::size_t place) {
        const LaneRule* const rule = rules_.find_rule(good, lane.origin, lane.destination);
        const bool capped = rule != nullptr && rule->cap_t() < std::numeric_limits<double>::infinity();
        if (!capped && rules_.shared_limits().empty()) {
            return;
        }
        const double moved = moved_over(deliveries_, trades_, place);
        const double left = add_shared_limits(good, lane, place, moved);
        if (!capped) {
            return;
        }
        if (const RecordedCap* source = rules_.cap_source(good, lane.origin, lane.destination)) {
            LicenceRent& row = row_of(source->policy, good, lane.origin, source->rent_holder);
            row.tonnes += moved;
            row.rent_usd += left;
            row.allowed_t += source->cap_t;
            row.used_share = row.allowed_t > 0.0 ? row.tonnes / row.allowed_t : 0.0;
        }
    }

    std::vector<LicenceRent> list() && {
        std::vector<LicenceRent> list;
        list.reserve(rows_.size());
        for (auto& [key, row] : rows_) {
            list.push_back(std::move(row));
        }
        return list;
    }

private:
    /// Adds the rents of shared limits; the rent that is left for the lane's own cap, USD.
    double add_shared_limits(GoodId good, const TradeLane& lane, std::size_t place, double moved) {
        double left = trades_.lanes[place].rent_usd;
        for (std::size_t limit = 0; limit < rules_.shared_limits().size(); ++limit) {
            const SharedLimit& shared = rules_.shared_limits()[limit];
            if (!rules_.binds(shared, lane.origin, lane.destination, good)) {
                continue;
            }
            const double rent = std::min(
                left, trades_.lanes[place].tonnes * (trades_.shared_rents[limit] + shared.reserve_rent_usd_per_t));
            const double used =
                trades_.shared_used_t[limit] + (deliveries_.empty() ? 0.0 : deliveries_.shared_used_t[limit]);
            left -= rent;
            LicenceRent& row = row_of(shared.policy, good, lane.origin, shared.rent_holder);
            row.tonnes += moved;
            row.rent_usd += rent;
            row.allowed_t = shared.cap_t;
            row.used_share = shared.cap_t > 0.0 ? used / shared.cap_t : 0.0;
        }
        return left;
    }

    LicenceRent& row_of(const std::string& policy, GoodId good, CountryId origin, RentHolder holder) {
        LicenceRent& row = rows_[{policy, good, origin}];
        row.policy = policy;
        row.good = good;
        row.origin = origin;
        row.holder = holder;
        return row;
    }

    const LaneRules& rules_;
    const Deliveries& deliveries_;
    const Trades& trades_;
    std::map<RowKey, LicenceRent> rows_;
};

}  // namespace

std::vector<LicenceRent> licence_rents(const Economy& economy, const LaneRules& rules, const Deliveries& deliveries,
                                       const Trades& trades) {
    RentBook book(rules, deliveries, trades);
    for (std::size_t index = 0; index < economy.network.goods.size(); ++index) {
        const GoodId good = id_at<GoodId>(index);
        const GoodLanes& lanes = economy.network.goods[index];
        if (rules.shared_limits().empty() && !rules.has_rules(good)) {
            continue;
        }
        for (std::size_t number = 0; number < lanes.lanes.size(); ++number) {
            book.add_lane(good, lanes.lanes[number], lanes.first_lane + number);
        }
    }
    return std::move(book).list();
}

}  // namespace ytterby

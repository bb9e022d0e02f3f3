#include "rules/announcements.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "rules/detail/fixed_point.hpp"

namespace ytterby {

using fixed_point::share_scale;

void Announcements::announce(const Author& author, const Selector& lanes, const Announcement& announcement) {
    measures_.push_back({author.policy, lanes, announcement, author.kind});
}

double Expectation::open_share(std::int64_t tick) const {
    if (end_tick && tick >= *end_tick) {
        return 1.0;
    }
    double share = 1.0;
    for (const Step& step : steps) {
        share = tick >= step.from_tick ? step.open_share : share;
    }
    return share;
}

void Announcements::expect(const Author& author, Expectation expectation, std::vector<ExpectedLane> lanes) {
    expected_.push_back({author.policy, author.kind, std::move(expectation), std::move(lanes)});
}

void Announcements::inform(CountryId country, const std::vector<GoodId>& goods, double share) {
    inform_units_.resize(countries_ * goods_, 0);
    const std::int64_t units = fixed_point::to_units(share, share_scale);
    for (std::size_t good = 0; good < goods_; ++good) {
        if (goods.empty() || std::find(goods.begin(), goods.end(), id_at<GoodId>(good)) != goods.end()) {
            inform_units_[good * countries_ + country.index()] += units;
        }
    }
}

void Announcements::settle_order() {
    std::stable_sort(measures_.begin(), measures_.end(),
                     [](const AnnouncedMeasure& a, const AnnouncedMeasure& b) { return a.policy < b.policy; });
    std::stable_sort(expected_.begin(), expected_.end(), [](const ExpectedMeasure& a, const ExpectedMeasure& b) {
        return std::tie(a.policy, a.expectation, a.lanes) < std::tie(b.policy, b.expectation, b.lanes);
    });
}

double Announcements::informed_share(GoodId good, CountryId country) const {
    if (inform_units_.empty()) {
        return 0.0;
    }
    const std::int64_t units = inform_units_[good.index() * countries_ + country.index()];
    return std::min(1.0, fixed_point::from_units(units, share_scale));
}

bool threatens(const AnnouncedMeasure& measure, const LaneRules& rules, CountryId origin, CountryId destination,
               GoodId good) {
    return measure.lanes.covers(origin, destination, good) &&
           !rules.rule(good, origin, destination).lifts(measure.kind);
}

}  // namespace ytterby

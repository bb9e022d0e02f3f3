#include "rules/announcements.hpp"

#include <algorithm>

#include "rules/detail/fixed_point.hpp"

namespace ytterby {

using fixed_point::share_scale;

void Announcements::announce(const Author& author, const Selector& lanes, const Announcement& announcement) {
    measures_.push_back({author.policy, lanes, announcement, author.kind});
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

#include "report/patterns/pattern_watch.hpp"

#include <algorithm>
#include <cmath>

namespace ytterby {

PatternWatch::PatternWatch(const Economy& economy, CountryId country)
    : economy_(economy),
      country_(country),
      months_(static_cast<std::size_t>(std::max(1L, std::lround(economy.ticks_per_year)))) {}

void PatternWatch::on_tick(const TickReport& report) {
    const World& world = report.world;
    Month& month = months_[static_cast<std::size_t>(seen_) % months_.size()];
    month.flow.assign(world.lanes.flow.begin(), world.lanes.flow.end());
    month.production.assign(world.nodes.production.begin(), world.nodes.production.end());
    month.consumption.assign(world.nodes.consumption.begin(), world.nodes.consumption.end());
    ++seen_;
    if (!country_.exists()) {
        return;
    }
    std::vector<YearBalance>& year = balances_[report.calendar.date_of(report.tick).year];
    year.resize(economy_.goods.size());
    for (std::size_t good = 0; good < year.size(); ++good) {
        const std::size_t node = economy_.network.node(id_at<GoodId>(good), country_).index();
        year[good].production_t += world.nodes.production[node];
        year[good].imports_t += world.nodes.imports[node];
        year[good].exports_t += world.nodes.exports[node];
        year[good].consumption_t += world.nodes.consumption[node];
        year[good].paid_usd += world.nodes.bought[node] * world.nodes.landed_price[node];
        year[good].bought_t += world.nodes.bought[node];
        ++year[good].ticks;
    }
}

void PatternWatch::visit_state(StateVisitor& visit) {
    visit("patterns.months", months_);
    visit("patterns.seen", seen_);
    visit("patterns.balances", balances_);
}

LastYear PatternWatch::last_year() const {
    LastYear sum;
    sum.ticks = std::min(seen_, static_cast<std::int64_t>(months_.size()));
    if (sum.ticks == 0) {
        return sum;
    }
    const double per_year = economy_.ticks_per_year / static_cast<double>(sum.ticks);
    const auto add = [&](std::vector<double>& total, const std::vector<double>& part) {
        total.resize(part.size(), 0.0);
        for (std::size_t index = 0; index < part.size(); ++index) {
            total[index] += part[index] * per_year;
        }
    };
    for (std::size_t number = 0; number < static_cast<std::size_t>(sum.ticks); ++number) {
        const Month& month = months_[number];
        add(sum.flow, month.flow);
        add(sum.production, month.production);
        add(sum.consumption, month.consumption);
    }
    return sum;
}

}  // namespace ytterby

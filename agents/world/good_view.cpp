#include "agents/world/good_view.hpp"

#include <algorithm>
#include <limits>

#include "agents/world/definitions.hpp"
#include "core/maths.hpp"

namespace ytterby {

GoodView::GoodView(const Economy& economy, const World& world, GoodId good, std::span<const CountryId> countries)
    : economy_(&economy), world_(&world), good_(good), countries_(countries) {
    const NodeColumns& nodes = world.nodes;
    for (const CountryId country : countries) {
        const std::size_t node = economy.network.node(good, country).index();
        const double missing = unmet_need(nodes.need[node], nodes.consumption[node]);
        output += nodes.production[node];
        use += nodes.consumption[node];
        need += nodes.need[node];
        unmet += missing;
        stock += nodes.stock[node];
        imports += nodes.imports[node];
        exports += nodes.exports[node];
        paid_usd += nodes.consumption[node] * nodes.use_price[node];
        use_base_usd += nodes.consumption[node] * economy.base_price[node];
        need_usd += nodes.need[node] * economy.base_price[node];
        unmet_usd += missing * economy.base_price[node];
        felt_risk += nodes.need[node] * nodes.risk[node];
    }
    for (std::size_t country = 0; country < economy.countries.size(); ++country) {
        world_output += nodes.production[economy.network.node(good, id_at<CountryId>(country)).index()];
    }
}

void GoodView::count_at(double usd_per_t) {
    for (double* tonnes : {&output, &use, &need, &unmet, &stock, &imports, &exports, &world_output, &felt_risk}) {
        *tonnes *= usd_per_t;
    }
}

void GoodView::add(const GoodView& other) {
    for (double GoodView::*sum :
         {&GoodView::output, &GoodView::use, &GoodView::need, &GoodView::unmet, &GoodView::stock, &GoodView::imports,
          &GoodView::exports, &GoodView::world_output, &GoodView::paid_usd, &GoodView::use_base_usd,
          &GoodView::need_usd, &GoodView::unmet_usd, &GoodView::felt_risk}) {
        this->*sum += other.*sum;
    }
}

double GoodView::price() const {
    if (countries_.size() == 1) {
        return world_->nodes.use_price[economy_->network.node(good_, countries_.front()).index()];
    }
    return ratio_or(paid_usd, use, std::numeric_limits<double>::quiet_NaN());
}

std::vector<double> GoodView::output_by_country() const {
    std::vector<double> made(economy_->countries.size());
    for (std::size_t country = 0; country < made.size(); ++country) {
        made[country] = world_->nodes.production[economy_->network.node(good_, id_at<CountryId>(country)).index()];
    }
    return made;
}

std::vector<double> GoodView::imports_by_origin() const {
    std::vector<double> from(economy_->countries.size(), 0.0);
    std::vector<bool> inside(economy_->countries.size(), false);
    for (const CountryId country : countries_) {
        inside[country.index()] = true;
    }
    const GoodLanes& book = economy_->network.goods[good_.index()];
    for (std::size_t number = 0; number < book.lanes.size(); ++number) {
        const TradeLane& lane = book.lanes[number];
        if (inside[lane.destination.index()] && !inside[lane.origin.index()]) {
            from[lane.origin.index()] += world_->lanes.flow[book.first_lane + number];
        }
    }
    return from;
}

bool GoodView::holds(CountryId country) const {
    return std::find(countries_.begin(), countries_.end(), country) != countries_.end();
}

double GoodView::capacity_a_year() const {
    CompensatedSum sum;
    for (std::size_t index = 0; index < economy_->cells.size(); ++index) {
        const Cell& cell = economy_->cells[index];
        if (cell.makes_first(good_) && holds(cell.country)) {
            sum.add(world_->cells[index].capacity_t * cell.positions[cell.inputs].per_throughput *
                    economy_->ticks_per_year);
        }
    }
    return sum.total();
}

double GoodView::emissions_t_co2() const {
    CompensatedSum sum;
    for (std::size_t index = 0; index < economy_->cells.size(); ++index) {
        const Cell& cell = economy_->cells[index];
        if (cell.makes_first(good_) && holds(cell.country)) {
            sum.add(world_->cells[index].throughput_t *
                    economy_->processes[cell.process.index()].footprint_t_co2_per_t);
        }
    }
    return sum.total();
}

}  // namespace ytterby

#include "experiments/metrics/metric.hpp"

#include <algorithm>
#include <cmath>

#include "agents/world/indicators.hpp"
#include "core/maths.hpp"
#include "simulation/calibration/base_state.hpp"

namespace ytterby {
namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
/// Mean days of a Gregorian year.
constexpr double days_per_year = 365.2425;
/// Relative rounding of schedules, which are floats: a need that is met to within it is met (as in the records).
constexpr double rounding_share = 1e-6;

/// Totals of one good over the countries of a metric in one tick.
struct Totals {
    double production = 0.0, consumption = 0.0, need = 0.0, stock = 0.0, imports = 0.0, exports = 0.0;
    double paid_usd = 0.0;   // consumption at use prices
    double unmet_usd = 0.0;  // at base prices
    double need_usd = 0.0;
    double flow = 0.0;  // the larger of need and production at each node
};

Totals totals_of(const Economy& economy, const World& world, GoodId good, const std::vector<CountryId>& countries) {
    Totals sum;
    const NodeColumns& nodes = world.nodes;
    for (const CountryId country : countries) {
        const std::size_t node = economy.network.node(good, country).index();
        const double missing = nodes.need[node] - nodes.consumption[node];
        sum.production += nodes.production[node];
        sum.consumption += nodes.consumption[node];
        sum.need += nodes.need[node];
        sum.stock += nodes.stock[node];
        sum.imports += nodes.imports[node];
        sum.exports += nodes.exports[node];
        sum.paid_usd += nodes.consumption[node] * nodes.use_price[node];
        sum.need_usd += nodes.need[node] * economy.base_price[node];
        sum.unmet_usd += missing > rounding_share * nodes.need[node] ? missing * economy.base_price[node] : 0.0;
        sum.flow += std::max(nodes.need[node], nodes.production[node]);
    }
    return sum;
}

double import_concentration(const Economy& economy, const World& world, GoodId good,
                            const std::vector<CountryId>& countries) {
    std::vector<double> from(economy.countries.size(), 0.0);
    std::vector<bool> inside(economy.countries.size(), false);
    for (const CountryId country : countries) {
        inside[country.index()] = true;
    }
    const GoodLanes& book = economy.network.goods[good.index()];
    double total = 0.0;
    for (std::size_t number = 0; number < book.lanes.size(); ++number) {
        const TradeLane& lane = book.lanes[number];
        if (inside[lane.destination.index()] && !inside[lane.origin.index()]) {
            from[lane.origin.index()] += world.lanes.flow[book.first_lane + number];
            total += world.lanes.flow[book.first_lane + number];
        }
    }
    double index = 0.0;
    for (const double tonnes : from) {
        index += total > 0.0 ? (tonnes / total) * (tonnes / total) : 0.0;
    }
    return total > 0.0 ? index : nothing;
}

bool contains(const auto& list, auto id) { return std::find(list.begin(), list.end(), id) != list.end(); }

/// Emissions (t CO2) or capacity (t a year of the first output) of the plants of a metric.
double sum_over_plants(const Metric& metric, const TickReport& report, bool emissions) {
    CompensatedSum sum;
    for (std::size_t index = 0; index < report.economy.cells.size(); ++index) {
        const Cell& cell = report.economy.cells[index];
        if ((cell.kind != FirmKind::miner && cell.kind != FirmKind::refiner) || cell.positions.size() <= cell.inputs) {
            continue;
        }
        const Position& output = cell.positions[cell.inputs];
        if (contains(metric.goods, output.good) && contains(metric.countries, cell.country)) {
            const CellTotals& totals = report.world.cells[index];
            sum.add(emissions
                        ? totals.throughput_t * report.economy.processes[cell.process.index()].footprint_t_co2_per_t
                        : totals.capacity_t * output.per_throughput * report.economy.ticks_per_year);
        }
    }
    return sum.total();
}

}  // namespace

MetricWatch::MetricWatch(std::vector<Metric> metrics, const Economy& economy, const BaseState& base)
    : metrics_(std::move(metrics)), series_(metrics_.size()), economy_(economy) {
    for (const Metric& metric : metrics_) {
        Weights weights;
        for (const GoodId good : metric.goods) {
            const GoodBase& source = base.goods[good.index()];
            double use = 0.0, value = 0.0, world_use = 0.0, world_value = 0.0;
            for (std::size_t country = 0; country < source.use.size(); ++country) {
                world_use += source.use[country];
                world_value += source.use[country] * source.price[country];
                if (contains(metric.countries, id_at<CountryId>(country))) {
                    use += source.use[country];
                    value += source.use[country] * source.price[country];
                }
            }
            weights.use_usd.push_back(value);
            weights.world_price.push_back(ratio_or(world_value, world_use, nothing));
            weights.own_price.push_back(ratio_or(value, use, nothing));
        }
        weights_.push_back(std::move(weights));
        treasury_wanted_ = treasury_wanted_ || metric.of == "receipts_usd" || metric.of == "fiscal_cost_usd";
    }
}

bool is_defined(const Metric& metric, const BaseState& base) {
    if (!contains(std::vector<std::string>{"import_reliance", "price", "price_index", "unmet_share", "import_hhi"},
                  metric.of)) {
        return true;
    }
    for (const GoodId good : metric.goods) {
        for (const CountryId country : metric.countries) {
            if (base.goods[good.index()].use[country.index()] * base.goods[good.index()].price[country.index()] > 0.0) {
                return true;
            }
        }
    }
    return false;
}

/// Weighted by the value of use at the base date; goods without a value in this tick are left out.
double MetricWatch::mean_over_goods(std::size_t which, const std::vector<double>& by_good) const {
    CompensatedSum sum, weight;
    for (std::size_t good = 0; good < by_good.size(); ++good) {
        const double share = weights_[which].use_usd[good];
        if (share > 0.0 && !std::isnan(by_good[good])) {
            sum.add(share * by_good[good]);
            weight.add(share);
        }
    }
    return ratio_or(sum.total(), weight.total(), nothing);
}

double MetricWatch::receipts(const Metric& metric, const TickReport& report) const {
    CompensatedSum sum;
    for (const auto& [account, balances] : report.world.treasury) {
        if (!metric.accounts.empty() && !contains(metric.accounts, account)) {
            continue;
        }
        const auto before = last_treasury_.find(account);
        for (const CountryId country : metric.countries) {
            if (country.index() < balances.size()) {
                sum.add(balances[country.index()]);
                sum.add(before != last_treasury_.end() && country.index() < before->second.size()
                            ? -before->second[country.index()]
                            : 0.0);
            }
        }
    }
    return sum.total();
}

double MetricWatch::level(std::size_t which, const TickReport& report) {
    const Metric& metric = metrics_[which];
    const Weights& weights = weights_[which];
    if (metric.of == "receipts_usd" || metric.of == "fiscal_cost_usd") {
        return metric.of == "receipts_usd" ? receipts(metric, report) : -receipts(metric, report);
    }
    if (metric.of == "emissions_t_co2" || metric.of == "capacity_t") {
        return sum_over_plants(metric, report, metric.of == "emissions_t_co2");
    }
    std::vector<double> by_good;
    CompensatedSum above, below;  // of metrics that are one quotient of sums
    for (std::size_t place = 0; place < metric.goods.size(); ++place) {
        const GoodId good = metric.goods[place];
        const Totals totals = totals_of(economy_, report.world, good, metric.countries);
        const double base_price = std::isnan(weights.world_price[place]) ? 0.0 : weights.world_price[place];
        if (metric.of == "import_reliance") {
            by_good.push_back(totals.consumption > 0.0 ? clamp_share(1.0 - totals.production / totals.consumption)
                                                       : nothing);
        } else if (metric.of == "price") {
            by_good.push_back(ratio_or(totals.paid_usd, totals.consumption, nothing));
        } else if (metric.of == "price_index") {
            by_good.push_back(ratio_or(totals.paid_usd, totals.consumption, nothing) / weights.own_price[place]);
        } else if (metric.of == "import_hhi") {
            by_good.push_back(import_concentration(economy_, report.world, good, metric.countries));
        } else if (metric.of == "output_hhi") {
            by_good.push_back(production_concentration(economy_, report.world, good));
        } else if (metric.of == "shortage_usd") {
            above.add(totals.unmet_usd);
        } else if (metric.of == "unmet_share") {
            above.add(totals.unmet_usd);
            below.add(totals.need_usd);
        } else if (metric.of == "output_share") {
            double world = 0.0;
            for (std::size_t country = 0; country < economy_.countries.size(); ++country) {
                world += report.world.nodes.production[economy_.network.node(good, id_at<CountryId>(country)).index()];
            }
            above.add(totals.production * base_price);
            below.add(world * base_price);
        } else if (metric.of == "stock_days") {
            above.add(totals.stock * base_price);
            below.add(totals.flow * base_price * economy_.ticks_per_year / days_per_year);
        } else {
            above.add(metric.of == "output_t"    ? totals.production
                      : metric.of == "use_t"     ? totals.consumption
                      : metric.of == "imports_t" ? totals.imports
                                                 : totals.exports);
        }
    }
    if (!by_good.empty()) {
        return mean_over_goods(which, by_good);
    }
    const bool is_quotient = metric.of == "unmet_share" || metric.of == "output_share" || metric.of == "stock_days";
    return is_quotient ? ratio_or(above.total(), below.total(), nothing) : above.total();
}

void MetricWatch::on_tick(const TickReport& report) {
    for (std::size_t which = 0; which < metrics_.size(); ++which) {
        const Metric& metric = metrics_[which];
        if (report.tick < metric.first_tick || report.tick > metric.last_tick) {
            continue;
        }
        const double value = level(which, report);
        if (std::isnan(value)) {
            continue;
        }
        Series& series = series_[which];
        switch (metric.take) {
            case Take::mean:
            case Take::sum:
                series.sum.add(value);
                break;
            case Take::max:
                series.value = series.count == 0 ? value : std::max(series.value, value);
                break;
            case Take::min:
                series.value = series.count == 0 ? value : std::min(series.value, value);
                break;
            case Take::last:
                series.value = value;
                break;
            case Take::first:
                series.value = series.count == 0 ? value : series.value;
                break;
        }
        ++series.count;
    }
    if (treasury_wanted_) {
        for (const auto& [account, balances] : report.world.treasury) {
            last_treasury_[account] = balances;
        }
    }
}

std::vector<double> MetricWatch::values() const {
    std::vector<double> list;
    for (std::size_t which = 0; which < metrics_.size(); ++which) {
        const Series& series = series_[which];
        switch (metrics_[which].take) {
            case Take::mean:
                list.push_back(series.count > 0 ? series.sum.total() / static_cast<double>(series.count) : nothing);
                break;
            case Take::sum:
                list.push_back(series.count > 0 ? series.sum.total() : nothing);
                break;
            default:
                list.push_back(series.value);
                break;
        }
    }
    return list;
}

}  // namespace ytterby

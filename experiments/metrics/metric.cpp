#include "experiments/metrics/metric.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "agents/world/indicators.hpp"
#include "core/maths.hpp"
#include "simulation/calibration/base_state.hpp"

namespace ytterby {
namespace {

bool contains(const auto& list, auto id) { return std::find(list.begin(), list.end(), id) != list.end(); }

}  // namespace

MetricWatch::MetricWatch(std::vector<Metric> metrics, const Economy& economy, const BaseState& base)
    : metrics_(std::move(metrics)), series_(metrics_.size()), economy_(economy) {
    for (const Metric& metric : metrics_) {
        Weights weights;
        for (const GoodId good : metric.goods) {
            const GoodBase& source = base.goods[good.index()];
            double value = 0.0, world_use = 0.0, world_value = 0.0;
            for (std::size_t country = 0; country < source.use.size(); ++country) {
                world_use += source.use[country];
                world_value += source.use[country] * source.price[country];
                if (contains(metric.countries, id_at<CountryId>(country))) {
                    value += source.use[country] * source.price[country];
                }
            }
            weights.use_usd.push_back(value);
            weights.world_price.push_back(ratio_or(world_value, world_use, undefined));
        }
        weights_.push_back(std::move(weights));
        treasury_wanted_ = treasury_wanted_ || metric.of == "receipts_usd" || metric.of == "fiscal_cost_usd";
    }
}

bool is_defined(const Metric& metric, const BaseState& base) {
    const Indicator* indicator = find_indicator(metric.of);
    if (indicator == nullptr || (indicator->across != AcrossGoods::mean && metric.of != "unmet_share")) {
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
    return ratio_or(sum.total(), weight.total(), undefined);
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
    const Indicator& indicator = *find_indicator(metric.of);
    std::vector<double> by_good;
    CompensatedSum sum;
    std::optional<GoodView> together;
    for (std::size_t place = 0; place < metric.goods.size(); ++place) {
        GoodView view(economy_, report.world, metric.goods[place], metric.countries);
        switch (indicator.across) {
            case AcrossGoods::sum:
                sum.add(indicator.value(view));
                break;
            case AcrossGoods::mean:
                by_good.push_back(indicator.value(view));
                break;
            case AcrossGoods::together:
                view.count_at(std::isnan(weights.world_price[place]) ? 0.0 : weights.world_price[place]);
                if (together) {
                    together->add(view);
                } else {
                    together = view;
                }
                break;
        }
    }
    if (indicator.across == AcrossGoods::mean) {
        return mean_over_goods(which, by_good);
    }
    return together ? indicator.value(*together) : sum.total();
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
                list.push_back(series.count > 0 ? series.sum.total() / static_cast<double>(series.count) : undefined);
                break;
            case Take::sum:
                list.push_back(series.count > 0 ? series.sum.total() : undefined);
                break;
            default:
                list.push_back(series.value);
                break;
        }
    }
    return list;
}

}  // namespace ytterby

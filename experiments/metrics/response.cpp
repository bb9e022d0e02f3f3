#include "experiments/metrics/response.hpp"

#include <algorithm>
#include <cmath>

#include "core/check.hpp"
#include "core/maths.hpp"

namespace ytterby {
namespace {

using Levels = std::array<double, response_count>;

double& at(Levels& levels, Response response) { return levels[static_cast<std::size_t>(response)]; }

Levels levels_of(const Economy& economy, const GoodBase& base, const NodeHistory::Tick& tick, GoodId good,
                 CountryId inside) {
    Levels levels{};
    CompensatedSum value_all, weight_all, value_outside, weight_outside;
    for (std::size_t country = 0; country < economy.countries.size(); ++country) {
        const std::size_t node = economy.network.node(good, id_at<CountryId>(country)).index();
        const bool is_inside = country == inside.index();
        value_all.add(base.use[country] * tick.use_price[node]);
        weight_all.add(base.use[country]);
        at(levels, Response::output_world) += tick.production[node];
        at(levels, Response::use_world) += tick.consumption[node];
        at(levels, Response::stock_world) += tick.stock[node];
        if (is_inside) {
            at(levels, Response::price_inside) = tick.use_price[node];
            at(levels, Response::output_inside) = tick.production[node];
            at(levels, Response::use_inside) = tick.consumption[node];
            at(levels, Response::stock_inside) = tick.stock[node];
        } else {
            value_outside.add(base.use[country] * tick.use_price[node]);
            weight_outside.add(base.use[country]);
            at(levels, Response::use_outside) += tick.consumption[node];
        }
    }
    at(levels, Response::price_world) = ratio_or(value_all.total(), weight_all.total(), undefined);
    at(levels, Response::price_outside) = ratio_or(value_outside.total(), weight_outside.total(), undefined);
    return levels;
}

/// Ticks from `begins` until all later deviations are within the bound; 0 where all are, -1 where the last is not.
std::ptrdiff_t ticks_until_within(const std::vector<double>& deviation, std::size_t begins, double bound) {
    std::size_t after = begins;
    for (std::size_t tick = begins; tick < deviation.size(); ++tick) {
        if (std::abs(deviation[tick]) > bound) {
            after = tick + 1;
        }
    }
    if (after == deviation.size() && after > begins) {
        return -1;
    }
    return static_cast<std::ptrdiff_t>(after - begins);
}

}  // namespace

std::string_view name_of(Response response) {
    constexpr std::string_view names[] = {"price_world",   "price_inside", "price_outside", "output_world",
                                          "output_inside", "use_world",    "use_inside",    "use_outside",
                                          "stock_world",   "stock_inside"};
    static_assert(std::size(names) == response_count);
    return names[static_cast<std::size_t>(response)];
}

ResponsePath follow_response(const Economy& economy, const BaseState& base, const NodeHistory& with,
                             const NodeHistory& without, GoodId good, CountryId country) {
    ensure(with.ticks().size() == without.ticks().size(), "both runs of a response are equally long");
    ResponsePath path{.good = good, .country = country, .dates = {}, .with = {}, .without = {}, .deviation = {}};
    const GoodBase& good_base = base.goods[good.index()];
    for (std::size_t tick = 0; tick < with.ticks().size(); ++tick) {
        path.dates.push_back(with.ticks()[tick].date);
        const Levels disturbed = levels_of(economy, good_base, with.ticks()[tick], good, country);
        const Levels undisturbed = levels_of(economy, good_base, without.ticks()[tick], good, country);
        for (std::size_t which = 0; which < response_count; ++which) {
            path.with[which].push_back(disturbed[which]);
            path.without[which].push_back(undisturbed[which]);
            path.deviation[which].push_back(
                undisturbed[which] > 0.0 ? 100.0 * (disturbed[which] / undisturbed[which] - 1.0) : undefined);
        }
    }
    return path;
}

ResponseSummary summarise(const ResponsePath& path, double ticks_per_year) {
    ResponseSummary summary;
    const std::size_t count = path.dates.size();
    summary.begins = count;
    for (const std::vector<double>& deviation : path.deviation) {
        const auto first = std::find_if(deviation.begin(), deviation.end(),
                                        [](double percent) { return std::abs(percent) > least_deviation_percent; });
        summary.begins = std::min(summary.begins, static_cast<std::size_t>(first - deviation.begin()));
    }
    summary.is_response = summary.begins < count;
    if (!summary.is_response) {
        return summary;
    }
    const std::size_t end =
        std::min(count, summary.begins + static_cast<std::size_t>(std::max(1L, std::lround(ticks_per_year))));
    summary.ticks_averaged = end - summary.begins;
    for (std::size_t which = 0; which < response_count; ++which) {
        const std::vector<double>& deviation = path.deviation[which];
        ResponsePeak& peak = summary.peaks[which];
        CompensatedSum with, without;
        for (std::size_t tick = summary.begins; tick < count; ++tick) {
            if (std::abs(deviation[tick]) > std::abs(peak.percent)) {
                peak.percent = deviation[tick];
                peak.tick = tick;
            }
            if (tick < end) {
                with.add(path.with[which][tick]);
                without.add(path.without[which][tick]);
            }
        }
        peak.ticks_to_10 = ticks_until_within(deviation, summary.begins, 10.0);
        peak.ticks_to_2 = ticks_until_within(deviation, summary.begins, 2.0);
        summary.first_year[which] = 100.0 * (ratio_or(with.total(), without.total(), undefined) - 1.0);
    }
    const auto ratio = [&](Response price, Response supply) {
        const double change = summary.first_year[static_cast<std::size_t>(supply)];
        return std::abs(change) >= least_supply_percent ? summary.first_year[static_cast<std::size_t>(price)] / change
                                                        : undefined;
    };
    summary.price_on_output = ratio(Response::price_world, Response::output_world);
    summary.price_on_outside_use = ratio(Response::price_outside, Response::use_outside);
    return summary;
}

GoodId most_moved(const Economy& economy, const BaseState& base, const NodeHistory& with, const NodeHistory& without,
                  const std::vector<GoodId>& goods) {
    GoodId moved = goods.front();
    double most = -1.0;
    for (const GoodId good : goods) {
        const ResponsePath path = follow_response(economy, base, with, without, good, id_at<CountryId>(0));
        double largest = 0.0;
        for (const double percent : path.of(Response::price_world)) {
            largest = std::max(largest, std::isnan(percent) ? 0.0 : std::abs(percent));
        }
        if (largest > most) {
            most = largest;
            moved = good;
        }
    }
    return moved;
}

}  // namespace ytterby

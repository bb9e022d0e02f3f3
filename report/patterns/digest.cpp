#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/patterns/report.hpp"

namespace ytterby {
namespace {

/// Origins shown per good, and the smallest share that is shown, per cent.
constexpr std::size_t shown_origins = 4;
constexpr double least_shown_percent = 1.0;

std::string money(double usd_per_t) {
    return usd_per_t >= 20000.0 ? fmt::format("{:.4g}/kg", usd_per_t / 1000.0) : fmt::format("{:.5g}/t", usd_per_t);
}

/// A number beside the published one, which may be missing.
std::string beside(double model, double data, const char* form) {
    const std::string first = fmt::format(fmt::runtime(form), model);
    return std::isnan(data) ? first + " (-)" : first + fmt::format(" ({})", fmt::format(fmt::runtime(form), data));
}

std::string goods_digest(const Patterns& patterns) {
    std::string text = fmt::format("{:<25} {:>11} {:>11} {:>7}   {:<14} {:<9} {}\n", "good, model (data)", "USD, data",
                                   "USD, model", "change", "first supplier", "share, %", "concentration");
    for (std::size_t good = 0; good < patterns.prices.size(); ++good) {
        const PricePair& price = patterns.prices[good];
        const SupplyPattern& supply = patterns.supply[good];
        text += fmt::format("{:<25} {:>11} {:>11} {:>+6.1f}%   {:<14} {:<9} {}\n", price.good, money(price.data),
                            money(price.model), 100.0 * (price.model / price.data - 1.0),
                            fmt::format("{} ({})", supply.model_first, supply.data_first),
                            beside(supply.model_first_percent, supply.data_first_percent, "{:.0f}"),
                            beside(supply.model_concentration, supply.data_concentration, "{:.2f}"));
    }
    return text + fmt::format("  {}; concentration: Herfindahl-Hirschman, ROW as one\n", PatternOrigin::prices);
}

std::string reliance_digest(const Patterns& patterns) {
    if (patterns.reliance.empty()) {
        return "";
    }
    std::string text = "\nNet import reliance of the United States, %: model (USGS)\n";
    std::size_t column = 0;
    std::size_t agreeing = 0;
    for (const ReliancePair& pair : patterns.reliance) {
        const bool is_sign = pair.bound.empty() || pair.bound == ">" || pair.bound == "<";
        const std::string data = is_sign                        ? fmt::format("{}{:.0f}", pair.bound, pair.data)
                                 : pair.bound == "net exporter" ? "exporter"
                                                                : pair.bound;
        const std::string model = pair.model > 0.0 ? fmt::format("{:.0f}", pair.model) : "exporter";
        text +=
            fmt::format("{:<28} {:<20}", pair.metal, fmt::format("{} ({}){}", model, data, pair.agrees ? "" : " *"));
        column = (column + 1) % 2;
        text += column == 0 ? "\n" : "";
        agreeing += pair.agrees ? 1 : 0;
    }
    text += column == 0 ? "" : "\n";
    return text + fmt::format("  {} of {} within the bound or {:.0f} points (* others); {}\n", agreeing,
                              patterns.reliance.size(), reliance_tolerance, PatternOrigin::reliance);
}

std::string sources_digest(const Patterns& patterns) {
    if (patterns.sources.empty()) {
        return "";
    }
    std::string text = fmt::format("\n{:<25} {:<52} {:>5} {:>12}\n", "US imports, %", "first origins: model (USGS)",
                                   "rank", "not made, %");
    for (const ImportSources& sources : patterns.sources) {
        std::string origins;
        for (std::size_t rank = 0; rank < std::min(shown_origins, sources.origins.size()); ++rank) {
            const SharePair& origin = sources.origins[rank];
            if (origin.model >= least_shown_percent) {
                origins += fmt::format("{} {}  ", origin.name, beside(origin.model, origin.data, "{:.0f}"));
            }
        }
        text += fmt::format("{:<25} {:<52} {:>5} {:>12.0f}\n", sources.good, origins,
                            std::isnan(sources.rank_agreement) ? "-" : fmt::format("{:.2f}", sources.rank_agreement),
                            100.0 - sources.percent_of_makers);
    }
    text += fmt::format("  rank: Spearman; all {} pairs {:.2f}, mean miss {:.0f} points; {}\n", patterns.sources_pairs,
                        patterns.sources_rank_agreement, patterns.sources_mean_miss, PatternOrigin::sources);
    return text + "  not made: share of the data's named origins without output in the model (re-exporters)\n";
}

std::string distance_digest(const Patterns& patterns) {
    const auto find = [&](const std::string& group, bool fixed_effects) {
        const auto found =
            std::find_if(patterns.distance.begin(), patterns.distance.end(), [&](const DistanceEstimate& estimate) {
                return estimate.group == group && estimate.fixed_effects == fixed_effects;
            });
        return found == patterns.distance.end() ? nullptr : &*found;
    };
    const auto shown = [](const DistanceEstimate& estimate) {
        return estimate.is_identified ? fmt::format("{:.2f} ({:.2f})", estimate.elasticity, estimate.standard_error)
                                      : std::string("-");
    };
    std::string rows;
    for (const char* group : {"all goods", "ores", "refined goods"}) {
        const DistanceEstimate* sizes = find(group, false);
        const DistanceEstimate* effects = find(group, true);
        if (sizes != nullptr && effects != nullptr) {
            rows += fmt::format("{:<25} {:>22} {:>30} {:>10}\n", group, shown(*sizes), shown(*effects), sizes->flows);
        }
    }
    if (rows.empty()) {
        return "";
    }
    constexpr DistanceLiterature papers;
    return fmt::format("\n{:<25} {:>22} {:>30} {:>10}\n{}", "Distance elasticity (s.e.)", "output and consumption",
                       "exporter and importer effects", "flows", rows) +
           fmt::format(
               "  literature: {} ({} to {}; Disdier and Head 2008), structural {} (Head and Mayer 2014)\n  {}\n",
               papers.mean, papers.low, papers.high, papers.structural, PatternOrigin::distance);
}

/// The text without blanks at the ends of lines.
std::string trimmed(const std::string& text) {
    std::string lines;
    for (const char letter : text) {
        if (letter == '\n') {
            lines.erase(lines.find_last_not_of(' ') + 1);
        }
        lines += letter;
    }
    return lines;
}

std::string yttrium_digest(const Patterns& patterns) {
    if (patterns.yttrium.empty()) {
        return "";
    }
    std::string text = fmt::format("\n{:<25} {:<14} {:<12} {:<14} {:<16} {}\n", "US yttrium, model (USGS)",
                                   "imports, t", "exports, t", "consumption, t", "USD/kg landed", "reliance, %");
    for (const YttriumYear& year : patterns.yttrium) {
        text += fmt::format("{:<25} {:<14} {:<12} {:<14} {:<16} {}\n", year.year,
                            beside(year.imports_t, year.data.imports_t, "{:.0f}"),
                            beside(year.exports_t, year.data.exports_t, "{:.0f}"),
                            beside(year.consumption_t, year.data.apparent_consumption_t, "{:.0f}"),
                            beside(year.price_usd_per_kg, year.data.price_usd_per_kg, "{:.3g}"),
                            beside(year.reliance_percent, year.data.reliance_percent, "{:.0f}"));
    }
    return text + fmt::format("  {}; published price: FOB China\n", PatternOrigin::yttrium);
}

}  // namespace

std::string patterns_digest(const Scenario& scenario, const Simulation& simulation, const Patterns& patterns) {
    const std::int64_t tick = simulation.world.tick;
    return trimmed(fmt::format("\nWorld of {} after {} ticks ({}); flows and outputs are the mean of the last {}\n\n",
                               scenario.base_year, tick, format_month(scenario.calendar.date_of(tick - 1)),
                               patterns.ticks) +
                   goods_digest(patterns) + reliance_digest(patterns) + sources_digest(patterns) +
                   distance_digest(patterns) + yttrium_digest(patterns) +
                   "\nEvery producer, origin and good: patterns.md and patterns.csv in the run's folder\n");
}

}  // namespace ytterby

#include "report/patterns/report.hpp"

#include <fmt/format.h>

#include <cmath>

#include "records/csv.hpp"
#include "records/whole_file.hpp"

namespace ytterby {
namespace {

std::string shown(double value, const char* form) {
    return std::isnan(value) ? "-" : fmt::format(fmt::runtime(form), value);
}

std::string prices_section(const Patterns& patterns) {
    std::string text = fmt::format(
        "## Prices at the end\n\nMean weighted by consumption in the base year: {}.\n\n| good | data, USD/t | model, "
        "USD/t | "
        "change, % |\n|---|---|---|---|\n",
        PatternOrigin::prices);
    for (const PricePair& pair : patterns.prices) {
        text += fmt::format("| {} | {:.5g} | {:.5g} | {:+.2f} |\n", pair.good, pair.data, pair.model,
                            100.0 * (pair.model / pair.data - 1.0));
    }
    return text;
}

std::string supply_section(const Patterns& patterns) {
    std::string text = fmt::format(
        "\n## Output and its concentration\n\nHerfindahl-Hirschman index by country, the rest of the world as one: "
        "{}.\n\n"
        "| good | output, data, t | output, model, t | index, data | index, model | shares, model (data), % "
        "|\n|---|---|---|---|---|---|\n",
        PatternOrigin::supply);
    for (const SupplyPattern& supply : patterns.supply) {
        std::string shares;
        for (const SharePair& supplier : supply.suppliers) {
            shares += fmt::format("{}{} {} ({})", shares.empty() ? "" : ", ", supplier.name,
                                  shown(supplier.model, "{:.1f}"), shown(supplier.data, "{:.1f}"));
        }
        text += fmt::format("| {} | {:.5g} | {:.5g} | {} | {} | {} |\n", supply.good, supply.data_output_t,
                            supply.model_output_t, shown(supply.data_concentration, "{:.3f}"),
                            shown(supply.model_concentration, "{:.3f}"), shares);
    }
    return text;
}

std::string reliance_section(const Patterns& patterns) {
    std::string text = fmt::format(
        "\n## Net import reliance of the United States\n\nUse that own output does not cover (USGS: net imports and "
        "stocks drawn down over apparent consumption): {}.\n\n| metal | "
        "USGS, % | model, % | agrees |\n|---|---|---|---|\n",
        PatternOrigin::reliance);
    for (const ReliancePair& pair : patterns.reliance) {
        text += fmt::format("| {} | {} | {:.1f} | {} |\n", pair.metal,
                            pair.bound.size() > 1 ? pair.bound : fmt::format("{}{:.0f}", pair.bound, pair.data),
                            pair.model, pair.agrees ? "yes" : "no");
    }
    return text;
}

std::string sources_section(const Patterns& patterns) {
    std::string text = fmt::format(
        "\n## Import sources of the United States\n\n{}. An origin in brackets produces none in the model: what the "
        "data "
        "name there is re-exported.\n\n"
        "| good | shares, model (USGS), % | rank agreement |\n|---|---|---|\n",
        PatternOrigin::sources);
    for (const ImportSources& sources : patterns.sources) {
        std::string shares;
        for (const SharePair& origin : sources.origins) {
            shares += fmt::format("{}{} {:.1f} ({})", shares.empty() ? "" : ", ",
                                  origin.produces ? origin.name : "[" + origin.name + "]", origin.model,
                                  shown(origin.data, "{:.0f}"));
        }
        text += fmt::format("| {} | {} | {} |\n", sources.good, shares, shown(sources.rank_agreement, "{:.2f}"));
    }
    return text + fmt::format(
                      "\nOver all {} pairs of a good and a named origin: rank agreement {}, mean absolute difference "
                      "{} points.\n",
                      patterns.sources_pairs, shown(patterns.sources_rank_agreement, "{:.2f}"),
                      shown(patterns.sources_mean_miss, "{:.1f}"));
}

std::string distance_section(const Patterns& patterns) {
    constexpr DistanceLiterature papers;
    std::string text = fmt::format(
        "\n## Trade and distance\n\nOrdinary least squares of the logarithm of flows between countries (the rest of "
        "the world left out) on the logarithm of great-circle "
        "distance, beside output of the origin, consumption of the destination and the good, or beside effects of "
        "exporter x "
        "good and importer x good. Standard errors allow for "
        "unequal variances. Flows of zero are left out. Input or result: {}. Literature: mean {} ({} to {}), {} "
        "structural.\n\n"
        "| group | beside | elasticity | standard error | of output | of consumption | flows "
        "|\n|---|---|---|---|---|---|---|\n",
        PatternOrigin::distance, papers.mean, papers.low, papers.high, papers.structural);
    for (const DistanceEstimate& estimate : patterns.distance) {
        const auto number = [&](double value) {
            return estimate.is_identified ? shown(value, "{:.3f}") : std::string("-");
        };
        text += fmt::format("| {} | {} | {} | {} | {} | {} | {} |\n", estimate.group,
                            estimate.fixed_effects ? "effects" : "sizes", number(estimate.elasticity),
                            number(estimate.standard_error), number(estimate.output_elasticity),
                            number(estimate.use_elasticity), estimate.flows);
    }
    return text;
}

std::string yttrium_section(const Patterns& patterns) {
    if (patterns.yttrium.empty()) {
        return "";
    }
    std::string text = fmt::format(
        "\n## Yttrium in the United States\n\nModel (USGS): {}.\n\n| year | imports, t | exports, t | consumption, t | "
        "landed "
        "price, USD/kg (free on board in China) | reliance, % |\n|---|---|---|---|---|---|\n",
        PatternOrigin::yttrium);
    for (const YttriumYear& year : patterns.yttrium) {
        text += fmt::format("| {} | {:.1f} ({}) | {:.1f} ({}) | {:.1f} ({}) | {:.2f} ({}) | {:.1f} ({}) |\n", year.year,
                            year.imports_t, shown(year.data.imports_t, "{:.0f}"), year.exports_t,
                            shown(year.data.exports_t, "{:.0f}"), year.consumption_t,
                            shown(year.data.apparent_consumption_t, "{:.0f}"), year.price_usd_per_kg,
                            shown(year.data.price_usd_per_kg, "{:.3g}"), year.reliance_percent,
                            shown(year.data.reliance_percent, "{:.0f}"));
    }
    return text;
}

}  // namespace

std::string patterns_markdown(const Scenario& scenario, const Simulation& simulation, const Patterns& patterns) {
    const std::int64_t tick = simulation.world.tick;
    return fmt::format(
               "# Patterns of a run\n\n{}World of {} after {} ticks ({}). Flows and outputs are the mean of the last "
               "{}.\n\n",
               scenario.title.empty() ? "" : scenario.title + ". ", scenario.base_year, tick,
               format_month(scenario.calendar.date_of(tick - 1)), patterns.ticks) +
           prices_section(patterns) + supply_section(patterns) + reliance_section(patterns) +
           sources_section(patterns) + distance_section(patterns) + yttrium_section(patterns);
}

std::string patterns_csv(const Patterns& patterns) {
    std::string text = "pattern,item,detail,model,data,unit,note\r\n";
    const auto row = [&](std::string_view pattern, std::string_view item, std::string_view detail, double model,
                         double data, std::string_view unit, std::string_view note = {}) {
        for (const std::string_view name : {pattern, item, detail}) {
            append_csv_text(text, name);
            text += ',';
        }
        append_csv_number(text, model);
        text += ',';
        append_csv_number(text, data);
        text += ',';
        append_csv_text(text, unit);
        text += ',';
        append_csv_text(text, note);
        text += "\r\n";
    };
    constexpr DistanceLiterature papers;
    for (const PricePair& pair : patterns.prices) {
        row("price", pair.good, "use_weighted", pair.model, pair.data, "USD/t");
    }
    for (const SupplyPattern& supply : patterns.supply) {
        row("output", supply.good, "world", supply.model_output_t, supply.data_output_t, "t/year");
        row("concentration", supply.good, "herfindahl_hirschman", supply.model_concentration, supply.data_concentration,
            "index");
        for (const SharePair& supplier : supply.suppliers) {
            row("supplier_share", supply.good, supplier.name, supplier.model, supplier.data, "%");
        }
    }
    for (const ReliancePair& pair : patterns.reliance) {
        row("us_reliance", pair.metal, "net_import_reliance", pair.model, pair.data, "%", pair.bound);
    }
    for (const ImportSources& sources : patterns.sources) {
        for (const SharePair& origin : sources.origins) {
            row("us_import_source", sources.good, origin.name, origin.model, origin.data, "%",
                origin.produces ? "" : "makes none in the model");
        }
        row("us_import_rank_agreement", sources.good, "spearman", sources.rank_agreement, 1.0, "correlation");
    }
    for (const DistanceEstimate& estimate : patterns.distance) {
        const std::string note =
            fmt::format("{} flows{}", estimate.flows,
                        estimate.is_identified ? fmt::format(", standard error {:.4f}", estimate.standard_error)
                                               : ", not identified");
        row("distance_elasticity", estimate.group, estimate.fixed_effects ? "fixed_effects" : "sizes",
            estimate.is_identified ? estimate.elasticity : std::nan(""), papers.mean, "elasticity", note);
    }
    for (const YttriumYear& year : patterns.yttrium) {
        const std::string name = fmt::format("{}", year.year);
        row("us_yttrium", name, "imports", year.imports_t, year.data.imports_t, "t");
        row("us_yttrium", name, "exports", year.exports_t, year.data.exports_t, "t");
        row("us_yttrium", name, "use", year.consumption_t, year.data.apparent_consumption_t, "t");
        row("us_yttrium", name, "price", year.price_usd_per_kg, year.data.price_usd_per_kg, "USD/kg");
        row("us_yttrium", name, "reliance", year.reliance_percent, year.data.reliance_percent, "%");
    }
    return text;
}

void write_patterns(const Scenario& scenario, const Simulation& simulation, const Patterns& patterns,
                    const std::filesystem::path& folder) {
    write_whole_file(folder / "patterns.md", patterns_markdown(scenario, simulation, patterns));
    write_whole_file(folder / "patterns.csv", patterns_csv(patterns));
}

}  // namespace ytterby

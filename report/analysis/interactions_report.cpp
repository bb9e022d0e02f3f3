#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "core/config/diagnostics.hpp"
#include "core/maths.hpp"
#include "report/analysis/analysis_report.hpp"
#include "report/plots/svg_heat_map.hpp"

namespace ytterby {
namespace {

constexpr std::size_t most_pairs_shown = 10;
constexpr std::size_t most_undecided_shown = 3;
constexpr std::size_t most_effects_shown = 5;

/// "screening*licence"
std::string name_of_effect(std::uint64_t mask, const TwoLevelLayout& layout) {
    std::string name;
    for (std::size_t lever = 0; lever < layout.levers.size(); ++lever) {
        if ((mask >> lever & 1U) != 0) {
            name += (name.empty() ? "" : "*") + layout.levers[lever];
        }
    }
    return name;
}

/// The two levels between which effects are measured, where they are not just off and on.
std::string levels_text(const TwoLevelLayout& layout) {
    std::string text;
    for (std::size_t lever = 0; lever < layout.levers.size(); ++lever) {
        if (layout.off[lever] != "off" || layout.on[lever] != "on") {
            text += (text.empty() ? "\neffects are of going from the first level to the second: " : ", ") +
                    layout.levers[lever] + " " + layout.off[lever] + " -> " + layout.on[lever];
        }
    }
    return text.empty() ? text : text + "\n";
}

void add_estimate(std::vector<TableCell>& row, const Estimate& estimate) {
    row.insert(row.end(), {estimate.mean, estimate.low(), estimate.high()});
}

/// One sentence about a pair.
std::string sentence(const PairSynergy& pair, const TwoLevelLayout& layout, const std::string& metric, double level,
                     bool has_corner) {
    const std::string names = layout.levers[pair.first] + " and " + layout.levers[pair.second];
    if (pair.averaged_kind == PairKind::undecided) {
        return fmt::format("  {}: undecided for {}, synergy averaged over the others {}, p = {}\n", names, metric,
                           estimate_text(pair.averaged, level), short_text(pair.averaged_p));
    }
    std::string text = fmt::format("  {} are {} for {}", names, name_of(pair.averaged_kind), metric);
    text += fmt::format(":\n    synergy averaged over the others {}, p = {}\n", estimate_text(pair.averaged, level),
                        short_text(pair.averaged_p));
    if (has_corner) {
        text += fmt::format(
            "    with the others off, together {}, apart {} in sum; synergy {}, p = {}{}\n",
            signed_text(pair.together.mean), signed_text(pair.apart.mean), estimate_text(pair.corner, level),
            short_text(pair.corner_p),
            pair.corner_kind != pair.averaged_kind ? fmt::format(": {} there", name_of(pair.corner_kind)) : "");
    }
    return text;
}

struct MetricFindings {
    std::vector<FactorialEffect> effects;  // full factorial: of every order; else main effects only
    std::vector<PairSynergy> pairs;
    double explained = undefined;
};

MetricFindings find(const SweepResults& results, const TwoLevelLayout& layout, const WholeMetric& metric,
                    const PairQuestion& question) {
    MetricFindings found;
    if (layout.is_full) {
        const FactorialResponse response = factorial_response(layout, metric);
        found.effects = factorial_effects(response, question.level);
        found.pairs = pair_synergies(response, question);
        return found;
    }
    FractionalEffects fraction = fractional_effects(fraction_response(layout, metric), question);
    if (!fraction.aliased.empty()) {
        const Aliased& first = fraction.aliased.front();
        throw InputError(
            Problem{.what = fmt::format(
                        "{} effects cannot be separated from others, the first that of {}", fraction.aliased.size(),
                        first.first == first.second ? layout.levers[first.first]
                                                    : layout.levers[first.first] + "*" + layout.levers[first.second]),
                    .why = fmt::format("{} cells for {} levers mix main effects and pairs", layout.masks.size(),
                                       layout.levers.size()),
                    .suggestion = "sweep a design of kind two_level, or fractional (resolution V)",
                    .where = {.file = results.folder}});
    }
    for (std::size_t lever = 0; lever < layout.levers.size(); ++lever) {
        found.effects.push_back(
            {.levers = std::uint64_t{1} << lever, .effect = fraction.main[lever], .variance_share = undefined});
    }
    found.pairs = std::move(fraction.pairs);
    found.explained = fraction.explained;
    return found;
}

/// Shares of variance by order, and the largest effects.
std::string effects_text(const MetricFindings& found, const TwoLevelLayout& layout, double level) {
    std::string text = "  main effects:";
    for (const FactorialEffect& effect : found.effects) {
        if (std::has_single_bit(effect.levers)) {
            text += fmt::format("\n    {:<28} {}", name_of_effect(effect.levers, layout),
                                estimate_text(effect.effect, level));
        }
    }
    if (!layout.is_full) {
        return text + fmt::format(
                          "\n  main effects and pairs explain {:.1f} % of the variance of cell means; higher orders "
                          "are taken to be nil\n",
                          100.0 * found.explained);
    }
    double shares[3] = {};
    std::vector<const FactorialEffect*> higher;
    for (const FactorialEffect& effect : found.effects) {
        const int order = std::popcount(effect.levers);
        shares[std::min(order, 3) - 1] += effect.variance_share;
        if (order > 2) {
            higher.push_back(&effect);
        }
    }
    text += fmt::format(
        "\n  of the variance of cell means: {:.1f} % main effects, {:.1f} % pairs, {:.1f} % higher orders\n",
        100.0 * shares[0], 100.0 * shares[1], 100.0 * shares[2]);
    std::stable_sort(higher.begin(), higher.end(), [](const FactorialEffect* one, const FactorialEffect* other) {
        return std::abs(one->effect.mean) > std::abs(other->effect.mean);
    });
    for (std::size_t which = 0;
         which < std::min(most_effects_shown, higher.size()) && higher[which]->variance_share >= 0.01; ++which) {
        text += fmt::format("    {} {}\n", name_of_effect(higher[which]->levers, layout),
                            estimate_text(higher[which]->effect, level));
    }
    return text;
}

/// Decided pairs first, then the largest synergies first.
std::vector<const PairSynergy*> by_importance(const std::vector<PairSynergy>& pairs) {
    std::vector<const PairSynergy*> order;
    order.reserve(pairs.size());
    for (const PairSynergy& pair : pairs) {
        order.push_back(&pair);
    }
    std::stable_sort(order.begin(), order.end(), [](const PairSynergy* one, const PairSynergy* other) {
        return std::pair(one->averaged_kind == PairKind::undecided, -std::abs(one->averaged.mean)) <
               std::pair(other->averaged_kind == PairKind::undecided, -std::abs(other->averaged.mean));
    });
    return order;
}

/// The largest decided pairs and some undecided ones.
std::string pairs_text(const MetricFindings& found, const TwoLevelLayout& layout, const std::string& metric,
                       const PairQuestion& question) {
    const std::vector<const PairSynergy*> order = by_importance(found.pairs);
    const auto is_decided = [](const PairSynergy* pair) { return pair->averaged_kind != PairKind::undecided; };
    std::string text = fmt::format("  {} of {} pairs are decided at {} (p-values corrected over the pairs by {}):\n",
                                   std::count_if(order.begin(), order.end(), is_decided), order.size(),
                                   level_text(question.level), name_of(question.correction));
    std::size_t shown = 0;
    for (; shown < std::min(order.size(), most_pairs_shown) && is_decided(order[shown]); ++shown) {
        text += sentence(*order[shown], layout, metric, question.level, layout.is_full);
    }
    for (std::size_t undecided = 0;
         shown < order.size() && undecided < most_undecided_shown && !is_decided(order[shown]); ++shown, ++undecided) {
        text += sentence(*order[shown], layout, metric, question.level, false);
    }
    if (order.size() > shown) {
        text += fmt::format("  ... and {} more in interactions_pairs.csv\n", order.size() - shown);
    }
    return text;
}

void add_effect_rows(const std::string& metric, const MetricFindings& found, const TwoLevelLayout& layout,
                     AnalysisTable& table) {
    for (const FactorialEffect& effect : found.effects) {
        std::vector<TableCell> row{metric, name_of_effect(effect.levers, layout),
                                   std::int64_t{std::popcount(effect.levers)}};
        add_estimate(row, effect.effect);
        row.insert(row.end(), {effect.effect.p_value, effect.variance_share});
        table.rows.push_back(std::move(row));
    }
}

void add_pair_rows(const std::string& metric, const MetricFindings& found, const TwoLevelLayout& layout,
                   AnalysisTable& table) {
    for (const PairSynergy& pair : found.pairs) {
        std::vector<TableCell> row{metric, layout.levers[pair.first], layout.levers[pair.second],
                                   std::string(name_of(pair.averaged_kind))};
        add_estimate(row, pair.averaged);
        row.emplace_back(pair.averaged_p);
        if (layout.is_full) {
            row.insert(row.end(), {std::string(name_of(pair.corner_kind)), pair.first_alone.mean,
                                   pair.second_alone.mean, pair.together.mean, pair.apart.mean});
            add_estimate(row, pair.corner);
            row.emplace_back(pair.corner_p);
        } else {
            row.insert(row.end(), {std::string(), undefined, undefined, undefined, undefined, undefined, undefined,
                                   undefined, undefined});
        }
        table.rows.push_back(std::move(row));
    }
}

SvgHeatMap synergy_map(const std::string& metric, const MetricFindings& found, const TwoLevelLayout& layout) {
    SvgHeatMap map{
        .title = metric + ": synergy averaged over the others", .names = layout.levers, .values = {}, .is_sure = {}};
    for (const PairSynergy& pair : found.pairs) {
        map.values.push_back(pair.averaged.mean);
        map.is_sure.push_back(pair.averaged_kind != PairKind::undecided);
    }
    return map;
}

}  // namespace

AnalysisReport report_interactions(const SweepResults& results, const AnalysisQuestion& question) {
    const TwoLevelLayout layout = two_level_layout(results);
    AnalysisReport report;
    report.text = levels_text(layout);
    AnalysisTable effects{
        .name = "interactions_effects",
        .columns = {"metric", "effect_of", "order", "effect", "low", "high", "p_value", "variance_share"},
        .rows = {}};
    AnalysisTable pairs{.name = "interactions_pairs",
                        .columns = {"metric", "first", "second", "kind", "synergy", "low", "high", "corrected_p",
                                    "corner_kind", "first_alone", "second_alone", "together", "apart", "corner_synergy",
                                    "corner_low", "corner_high", "corner_corrected_p"},
                        .rows = {}};
    std::vector<SvgHeatMap> maps;
    for (const std::size_t which : question.metrics) {
        const std::string& name = results.metrics[which].name;
        const WholeMetric metric = whole_metric(results, which, question.holes);
        const PairQuestion pair_question{.level = question.level,
                                         .is_better_higher = question.is_better_higher[which],
                                         .correction = question.correction};
        const MetricFindings found = find(results, layout, metric, pair_question);
        report.text += fmt::format("\n{} ({} is better), {}, {} cells of {} two-level factors:\n", name,
                                   pair_question.is_better_higher ? "more" : "less", replicates_text(metric),
                                   layout.masks.size(), layout.levers.size());
        report.text += effects_text(found, layout, question.level);
        report.text += pairs_text(found, layout, name, pair_question);
        add_effect_rows(name, found, layout, effects);
        add_pair_rows(name, found, layout, pairs);
        maps.push_back(synergy_map(name, found, layout));
    }
    report.tables = {std::move(effects), std::move(pairs)};
    if (layout.levers.size() > 1) {
        report.drawings.emplace_back(
            "interactions.svg", svg_heat_maps("Interactions of pairs",
                                              "framed: decided at " + level_text(question.level) + ", corrected by " +
                                                  std::string(name_of(question.correction)),
                                              maps));
    }
    return report;
}

}  // namespace ytterby

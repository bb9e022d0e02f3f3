#include "experiments/design/sweep_design.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include "core/config/config_merge.hpp"
#include "experiments/design/stopping_rule.hpp"

namespace ytterby {
namespace {

const std::vector<std::string> part_kinds = {
    "full_factorial", "two_level", "fractional", "one_at_a_time", "latin_hypercube",
    "sobol",          "saltelli",  "morris",     "zip",           "table"};

/// Columns of the tables that factors and metrics cannot be called.
const std::set<std::string> reserved_columns = {"run_id", "cell", "replicate", "status", "error", "part"};

std::string relative_to(const std::string& file, const std::string& written) {
    const std::filesystem::path path = written;
    return path.is_absolute() ? written
                              : (std::filesystem::path(file).parent_path() / path).lexically_normal().string();
}

void check_column_name(KeyReader& keys, const std::string& name, const std::string& kind) {
    const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '_';
    }) && (name.front() < '0' || name.front() > '9');
    const bool is_role = name.starts_with("saltelli_") || name.starts_with("morris_");
    if (!plain || is_role || reserved_columns.contains(name)) {
        keys.problem("name", "'" + name + "' cannot be the name of a " + kind,
                     plain ? "a column of the tables is called so" : "it becomes a column of the tables",
                     "use lower-case letters, digits and _, such as approval_share");
    }
}

/// Reads a pair or triple that makes a distribution, if it is there.
void read_spread(KeyReader& keys, const std::string& name, Distribution::Kind kind, std::size_t count,
                 const std::string& doc, double low, Factor& factor, std::vector<std::string>& given) {
    std::vector<double> numbers;
    keys.number_list(name, numbers, {.fallback = std::vector<double>{}, .low = low, .most_count = count, .doc = doc});
    if (keys.describing() || !keys.has(name)) {
        return;
    }
    given.push_back(name);
    if (!keys.is_sound(name)) {
        return;
    }
    if (numbers.size() != count) {
        keys.problem(name, "holds " + std::to_string(numbers.size()) + " numbers", doc,
                     "write " + std::to_string(count) + " of them");
        return;
    }
    Distribution spread{.kind = kind, .first = numbers[0], .second = numbers[1], .third = count > 2 ? numbers[2] : 0.0};
    const bool of_moments = kind == Distribution::Kind::normal || kind == Distribution::Kind::lognormal;
    const bool empty = of_moments
                           ? !(numbers[1] > 0.0)
                           : !(numbers.back() > numbers.front()) || !std::is_sorted(numbers.begin(), numbers.end());
    const bool no_logarithm =
        (kind == Distribution::Kind::log_uniform || kind == Distribution::Kind::lognormal) && !(numbers[0] > 0.0);
    if (no_logarithm) {
        keys.problem(name, "begins at " + toml_text(ConfigValue::make_number(numbers[0])),
                     "a logarithm needs numbers above 0", "raise it, or write range");
    } else if (empty) {
        keys.problem(name, "is empty", doc,
                     of_moments ? "write a deviation above 0" : "write the numbers in rising order");
    }
    factor.distribution = spread;
}

void read_list(KeyReader& keys, const ConfigValue* raw, Factor& factor, std::vector<std::string>& given) {
    // Texts or numbers; each kind is read, and echoed, by its own call.
    std::vector<std::string> texts;
    std::vector<double> numbers;
    const bool of_texts = raw != nullptr && raw->kind == ConfigKind::array && !raw->items.empty() &&
                          raw->items.front().kind == ConfigKind::text;
    const std::string doc = "levels: numbers, or texts as --set takes them";
    if (of_texts) {
        keys.text_list("list", texts, {.fallback = std::vector<std::string>{}, .doc = doc});
    } else {
        keys.number_list("list", numbers, {.fallback = std::vector<double>{}, .doc = doc});
    }
    if (keys.describing() || !keys.has("list")) {
        return;
    }
    given.emplace_back("list");
    if (!keys.is_sound("list")) {
        return;
    }
    for (const ConfigValue& item : raw->items) {
        factor.list.push_back(item.kind == ConfigKind::text ? item.text : toml_text(item));
    }
    std::set<std::string> once(factor.list.begin(), factor.list.end());
    const bool breaks = std::any_of(texts.begin(), texts.end(), [](const std::string& text) {
        return text.find_first_of("\r\n") != std::string::npos;
    });
    if (breaks) {
        keys.problem("list", "holds a line break", "levels are cells of a table with one line a row",
                     "write the value on one line");
    } else if (factor.list.empty()) {
        keys.problem("list", "is empty", "a factor needs levels", "write some, or take the factor out");
    } else if (once.size() < factor.list.size()) {
        keys.problem("list", "names a level twice", "cells would be the same", "take one out");
    }
}

void read_factor(KeyReader& keys, const ConfigValue* raw, bool is_table_design, Factor& factor) {
    factor.name = keys.entry_name();
    keys.text("key", factor.key, TextKey{.fallback = "", .doc = "key of the scenario, as --set takes it"});
    keys.text_list(
        "switch", factor.blocks,
        {.fallback = std::vector<std::string>{},
         .doc =
             "measures that are taken out together (off) or left in (on): names of [[policy]] blocks, or shock.NAME"});
    std::vector<std::string> given;
    read_list(keys, raw != nullptr ? raw->find("list") : nullptr, factor, given);
    const double any = -std::numeric_limits<double>::infinity();
    read_spread(keys, "range", Distribution::Kind::uniform, 2, "low and high", any, factor, given);
    read_spread(keys, "log_range", Distribution::Kind::log_uniform, 2, "low and high, evenly spread in the logarithm",
                any, factor, given);
    read_spread(keys, "normal", Distribution::Kind::normal, 2, "mean and standard deviation", any, factor, given);
    read_spread(keys, "lognormal", Distribution::Kind::lognormal, 2, "median and standard deviation of the logarithm",
                any, factor, given);
    read_spread(keys, "triangular", Distribution::Kind::triangular, 3, "low, most likely and high", any, factor, given);
    keys.integer("levels", factor.levels,
                 {.fallback = 2,
                  .low = 2,
                  .high = 1000,
                  .doc = "levels of a range or distribution in designs of levels, from end to end (5 % to 95 % where "
                         "it has no ends)"});
    if (keys.describing()) {
        return;
    }
    check_column_name(keys, factor.name, "factor");
    factor.where = keys.location(factor.is_switch() ? "switch" : "key");
    if (factor.key.empty() == factor.blocks.empty()) {
        keys.problem("key", factor.key.empty() ? "missing" : "stands beside 'switch'",
                     "a factor is either a key that takes values or a switch of measures",
                     "write key = \"...\" or switch = [\"...\"]");
    } else if (factor.is_switch() ? !given.empty() : given.size() != 1 && !(is_table_design && given.empty())) {
        keys.problem(given.empty() ? "key" : given.back(),
                     given.empty() ? "no levels" : "more than one thing says which values it takes",
                     factor.is_switch() ? "a switch is off or on" : "a factor has one list, range or distribution",
                     "write one of list, range, log_range, normal, lognormal, triangular");
    }
    if (!factor.key.empty() && !split_config_path(factor.key)) {
        keys.problem("key", "malformed path", "a path is names with dots between, quoted where a name holds dots",
                     "write it like 'good.\"gallium.refined\".demand_elasticity'");
    }
    for (std::string& block : factor.blocks) {
        if (block.find('.') == std::string::npos) {
            block = "policy." + block;
        }
    }
}

void read_part(KeyReader& keys, bool is_main, const std::string& path, DesignPart& part) {
    std::vector<std::string> kinds = part_kinds;
    if (is_main) {
        kinds.insert(kinds.end(), {"product", "union"});
    }
    keys.choice("kind", part.kind, kinds, {.fallback = "full_factorial", .doc = "how the cells are laid out"});
    keys.text_list("factors", part.factors,
                   {.fallback = std::vector<std::string>{}, .doc = "factors that it varies; all by default"});
    keys.integer(
        "samples", part.samples,
        {.fallback = 0, .low = 0, .high = 100000000, .doc = "points of latin_hypercube and sobol, rows of saltelli"});
    keys.integer("trajectories", part.trajectories, {.fallback = 10, .low = 1, .high = 1000000, .doc = "of morris"});
    keys.integer("levels", part.levels, {.fallback = 4, .low = 2, .high = 100, .doc = "of the grid of morris; even"});
    keys.integer("seed", part.seed,
                 {.fallback = 1, .low = 0, .doc = "of latin_hypercube and morris; it moves no run's own noise"});
    keys.boolean("second_order", part.second_order,
                 {.fallback = true, .doc = "saltelli: blocks for second-order indices too"});
    keys.text(
        "file", part.file,
        TextKey{.fallback = "", .doc = "of table: CSV with a column for each factor, relative to the design file"});
    if (is_main) {
        keys.text_list(
            "of", part.parts,
            {.fallback = std::vector<std::string>{}, .doc = "of product and union: names of [[part]] blocks"});
    }
    if (keys.describing()) {
        return;
    }
    part.where = keys.location("kind");
    const bool sampled = part.kind == "latin_hypercube" || part.kind == "sobol" || part.kind == "saltelli";
    if (sampled && part.samples == 0) {
        keys.problem("samples", keys.has("samples") ? "is 0" : "missing",
                     part.kind + " has as many points as one asks for", "write samples = 64 or the like");
    }
    if (part.kind == "morris" && part.levels % 2 != 0) {
        keys.problem("levels", "is odd", "the steps of a trajectory then do not reach all levels alike",
                     "write an even number, such as 4");
    }
    if ((part.kind == "table") == part.file.empty()) {
        keys.problem("file", part.file.empty() ? "missing" : "is not read by " + part.kind,
                     "a table holds the cells of kind = \"table\"",
                     part.file.empty() ? "write file = \"cells.csv\"" : "take it out, or write kind = \"table\"");
    }
    if (!part.file.empty()) {
        part.file = relative_to(path, part.file);
    }
    if ((part.kind == "product" || part.kind == "union") && part.parts.size() < 2) {
        keys.problem("of", "names " + std::to_string(part.parts.size()) + " parts",
                     "a " + part.kind + " puts several together", "add [[part]] blocks and name them in of");
    }
}

/// Tables by name are read in the order of names; factors and metrics keep that of the file.
template <class Entry>
void sort_by_place(std::vector<Entry>& entries) {
    std::stable_sort(entries.begin(), entries.end(), [](const Entry& one, const Entry& other) {
        return std::pair(one.where.line, one.where.column) < std::pair(other.where.line, other.where.column);
    });
}

void read_design_keys(KeyReader& keys, const ConfigValue* root, SweepDesign& design) {
    keys.text("title", design.title, {.fallback = "", .doc = "what the experiment is called", .may_be_empty = true});
    keys.text("purpose", design.purpose, {.fallback = "", .doc = "the question it answers", .may_be_empty = true});
    keys.text("scenario", design.scenario, TextKey{.doc = "scenario file that is varied, relative to this file"});
    design.scenario_where = keys.location("scenario");
    keys.text_list("set", design.set,
                   {.fallback = std::vector<std::string>{}, .doc = "overrides of every run, as --set takes them"});
    keys.integer("replicates", design.replicates,
                 {.fallback = 1,
                  .low = 1,
                  .high = 1000000,
                  .doc = "runs of each cell that differ in their noise only; with until the most"});
    design.replicates_where = keys.location("replicates");
    keys.text("until", design.until,
              TextKey{.fallback = "",
                      .doc = "stopping rule: replicates are played in rounds until it holds for every cell, as "
                             "\"ci(import_reliance) < 0.01\""});
    design.until_where = keys.location("until");
    keys.integer("least_replicates", design.least_replicates,
                 {.fallback = static_cast<std::int64_t>(StoppingRule::least_replicates),
                  .low = static_cast<std::int64_t>(StoppingRule::least_replicates),
                  .high = 1000000,
                  .doc = "of each cell before the rule of until is asked"});
    if (!keys.describing() && design.until.empty() && keys.has("least_replicates")) {
        keys.problem("least_replicates", "stands without 'until'", "without a stopping rule all replicates are played",
                     "write until = \"ci(METRIC) < X\", or take it out");
    }
    keys.boolean(
        "common_random_numbers", design.common_random_numbers,
        {.fallback = true,
         .doc = "replicate r has the same noise in every cell, so that differences between cells are not noise"});
    bool is_table = false;
    keys.table("design",
               [&](KeyReader& inner) {
                   read_part(inner, true, design.path, design.main);
                   is_table = design.main.kind == "table";
               },
               {.doc = "which cells are run"});
    keys.table_list("part",
                    [&](KeyReader& inner) {
                        DesignPart part;
                        read_part(inner, false, design.path, part);
                        part.name = inner.entry_name();
                        is_table = is_table || part.kind == "table";
                        design.parts[part.name] = part;
                    },
                    {.doc = "parts of a product or union, one block each"});
    for (const bool is_lever : {false, true}) {
        const std::string table = is_lever ? "levers" : "uncertainties";
        const ConfigValue* raw = root != nullptr ? root->find(table) : nullptr;
        keys.table_map(table,
                       [&](KeyReader& inner) {
                           Factor factor;
                           factor.is_lever = is_lever;
                           read_factor(inner, raw != nullptr ? raw->find(inner.entry_name()) : nullptr, is_table,
                                       factor);
                           design.factors.push_back(std::move(factor));
                       },
                       {.doc = is_lever ? "what somebody can decide" : "what nobody knows"});
    }
    keys.table_map("metrics",
                   [&](KeyReader& inner) {
                       MetricKeys metric;
                       read(inner, metric);
                       if (!inner.describing()) {
                           check_column_name(inner, metric.name, "metric");
                       }
                       design.metrics.push_back(std::move(metric));
                   },
                   {.doc = "what is measured in each run, one number each"});
}

/// What a factor sets, in one form of words, for the comparison of factors.
std::vector<std::string> subjects_of(const Factor& factor) {
    std::vector<std::string> subjects = factor.blocks;
    if (!factor.key.empty()) {
        std::string joined;
        for (const std::string& part : split_config_path(factor.key).value_or(std::vector<std::string>{factor.key})) {
            joined = join_path(joined, part);
        }
        // A key that takes a block out does what a switch of the block does.
        constexpr std::string_view taken_out = ".remove";
        subjects.push_back(joined.ends_with(taken_out) ? joined.substr(0, joined.size() - taken_out.size()) : joined);
    }
    return subjects;
}

void check_design(const SweepDesign& design, Problems& problems) {
    const auto complain = [&](const SourceLocation& where, const std::string& key, std::string what, std::string why,
                              std::string suggestion) {
        problems.add({.key = key,
                      .what = std::move(what),
                      .why = std::move(why),
                      .suggestion = std::move(suggestion),
                      .where = where});
    };
    if (design.factors.empty()) {
        complain(design.scenario_where, "levers", "nothing is varied", "a design has levers or uncertainties",
                 "add a [levers.NAME] or [uncertainties.NAME] table; for seeds alone there is `ytterby ensemble`");
    }
    if (design.metrics.empty()) {
        complain(design.scenario_where, "metrics", "nothing is measured",
                 "a sweep keeps the metrics of its runs and nothing else",
                 "add [metrics] with NAME = { of = \"price\", ... }");
    }
    std::map<std::string, std::string> owner;
    std::map<std::string, SourceLocation> names;
    std::vector<std::string> known;
    for (const Factor& factor : design.factors) {
        known.push_back(factor.name);
        const std::string path = (factor.is_lever ? "levers." : "uncertainties.") + factor.name;
        if (!names.emplace(factor.name, factor.where).second) {
            complain(factor.where, path, "a lever and an uncertainty share a name", "names are columns of the tables",
                     "rename one");
        }
        for (const std::string& subject : subjects_of(factor)) {
            if (subject == "run.replicate" || subject == "run.threads") {
                complain(factor.where, path, "varies " + subject, "the sweep sets it in every run itself",
                         subject == "run.replicate" ? "write replicates = 8 or the like" : "take it out");
            }
            const auto [first, is_new] = owner.emplace(subject, factor.name);
            if (!is_new) {
                complain(factor.where, path, "'" + first->second + "' sets " + subject + " already",
                         "a run can follow only one of them", "take one out, or make them one factor");
            }
        }
    }
    for (const MetricKeys& metric : design.metrics) {
        if (names.contains(metric.name)) {
            complain(metric.where, "metrics." + metric.name, "a factor has the same name",
                     "names are columns of the tables", "rename one");
        }
    }
    if (!design.until.empty()) {
        std::vector<std::string> metrics;
        metrics.reserve(design.metrics.size());
        for (const MetricKeys& metric : design.metrics) {
            metrics.push_back(metric.name);
        }
        try {
            StoppingRule::parse(design.until, metrics, "until", design.until_where);
        } catch (const InputError& error) {
            problems.add_all(error.problems());
        }
        if (design.replicates < design.least_replicates) {
            complain(design.replicates_where, "replicates",
                     std::to_string(design.replicates) + " are fewer than least_replicates (" +
                         std::to_string(design.least_replicates) + ")",
                     "with 'until' they are the most of each cell, and no rule is met before the least",
                     "raise replicates, such as to 100");
        }
    }
    const auto check_part = [&](const DesignPart& part) {
        for (const std::string& factor : part.factors) {
            if (std::find(known.begin(), known.end(), factor) == known.end()) {
                complain(part.where, "factors", "unknown factor '" + factor + "'",
                         "neither [levers] nor [uncertainties] has it", suggest_name(factor, known));
            }
        }
    };
    check_part(design.main);
    std::vector<std::string> parts;
    for (const auto& [name, part] : design.parts) {
        parts.push_back(name);
        check_part(part);
    }
    // Only a table says itself which values a factor takes.
    std::vector<const DesignPart*> laid_out;
    if (design.main.parts.empty()) {
        laid_out.push_back(&design.main);
    }
    for (const std::string& name : design.main.parts) {
        if (const auto found = design.parts.find(name); found != design.parts.end()) {
            laid_out.push_back(&found->second);
        }
    }
    for (const Factor& factor : design.factors) {
        const bool has_values = factor.is_switch() || factor.distribution || !factor.list.empty();
        const auto tells = [&](const DesignPart* part) {
            return part->kind == "table" &&
                   (part->factors.empty() ||
                    std::find(part->factors.begin(), part->factors.end(), factor.name) != part->factors.end());
        };
        // In a product each factor has one part; the cells of a union are those of one part each.
        const bool is_told = design.main.kind == "product" ? std::any_of(laid_out.begin(), laid_out.end(), tells)
                                                           : std::all_of(laid_out.begin(), laid_out.end(), tells);
        if (!has_values && !is_told) {
            complain(factor.where, (factor.is_lever ? "levers." : "uncertainties.") + factor.name, "no levels",
                     "only a table that holds it can say which values it takes, and not all parts are such",
                     "write one of list, range, log_range, normal, lognormal, triangular");
        }
    }
    std::set<std::string> varied;
    for (const std::string& name : design.main.parts) {
        const auto found = design.parts.find(name);
        if (found == design.parts.end()) {
            complain(design.main.where, "of", "there is no [[part]] named '" + name + "'", "",
                     suggest_name(name, parts));
            continue;
        }
        for (const std::string& factor : found->second.factors.empty() ? known : found->second.factors) {
            if (!varied.insert(factor).second && design.main.kind == "product") {
                complain(found->second.where, "factors", "'" + factor + "' stands in two parts of a product",
                         "each combination would set it twice", "give each part factors of its own");
            }
        }
    }
}

}  // namespace

SweepDesign read_design(const std::string& path) {
    Problems problems;
    const ConfigDocument document = ConfigDocument::load(path, {}, problems);
    SweepDesign design;
    design.path = path;
    KeyReader keys(document.root(), problems);
    read_design_keys(keys, &document.root(), design);
    keys.finish();
    sort_by_place(design.factors);
    sort_by_place(design.metrics);
    design.files = document.files();
    design.record = keys.record();
    if (problems.empty()) {
        check_design(design, problems);
    }
    problems.throw_if_any();
    design.scenario = relative_to(path, design.scenario);
    const std::string policy = "policy.";
    for (const Factor& factor : design.factors) {
        for (const std::string& block : factor.blocks) {
            if (block.starts_with(policy)) {
                for (MetricKeys& metric : design.metrics) {
                    metric.switched.push_back(block.substr(policy.size()));
                }
            }
        }
    }
    return design;
}

KeyRecord describe_design() {
    KeyReader keys = KeyReader::for_describing();
    SweepDesign design;
    read_design_keys(keys, nullptr, design);
    return keys.record();
}

}  // namespace ytterby

#include "experiments/design/sweep_design.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include "core/config/config_merge.hpp"
#include "experiments/design/stopping_rule.hpp"

namespace ytterby {
namespace {

/// Columns of the tables: no factor or metric may have one of these names.
const std::set<std::string> reserved_columns = {"run_id", "cell", "replicate", "status", "error", "part"};

std::string relative_to(const std::string& file, const std::string& written) {
    const std::filesystem::path path = written;
    return path.is_absolute() ? written
                              : (std::filesystem::path(file).parent_path() / path).lexically_normal().string();
}

void check_column_name(KeyReader& keys, const std::string& name, const std::string& kind) {
    const bool plain = is_column_name(name);
    const bool is_role = name.starts_with("saltelli_") || name.starts_with("morris_");
    if (!plain || is_role || reserved_columns.contains(name)) {
        keys.problem("name", "'" + name + "' cannot be the name of a " + kind,
                     plain ? "a column of the tables has this name" : "it becomes a column of the tables",
                     "use lower-case letters, digits and _, such as approval_share");
    }
}

/// A key that gives a distribution by two or three numbers.
struct DistributionKey {
    const char* name;
    Distribution::Kind kind;
    std::size_t count;  // of numbers
    const char* doc;
};
constexpr DistributionKey distribution_keys[] = {
    {"range", Distribution::Kind::uniform, 2, "low and high"},
    {"log_range", Distribution::Kind::log_uniform, 2, "low and high, evenly spread in the logarithm"},
    {"normal", Distribution::Kind::normal, 2, "mean and standard deviation"},
    {"lognormal", Distribution::Kind::lognormal, 2, "median and standard deviation of the logarithm"},
    {"triangular", Distribution::Kind::triangular, 3, "low, most likely and high"}};

/// Reports numbers that make no distribution.
void check_distribution(KeyReader& keys, const DistributionKey& key, const std::vector<double>& numbers) {
    const bool of_moments = key.kind == Distribution::Kind::normal || key.kind == Distribution::Kind::lognormal;
    const bool of_logarithms = key.kind == Distribution::Kind::log_uniform || key.kind == Distribution::Kind::lognormal;
    const bool empty = of_moments
                           ? !(numbers[1] > 0.0)
                           : !(numbers.back() > numbers.front()) || !std::is_sorted(numbers.begin(), numbers.end());
    if (of_logarithms && !(numbers[0] > 0.0)) {
        keys.problem(key.name, "begins at " + toml_number(numbers[0]), "a logarithm needs numbers above 0",
                     "raise it, or write range");
    } else if (empty) {
        keys.problem(key.name, "is empty", key.doc,
                     of_moments ? "write a deviation above 0" : "write the numbers in rising order");
    }
}

/// Reads a distribution if the design gives it by this key, and adds the key's name to those given.
void read_distribution(KeyReader& keys, const DistributionKey& key, Factor& factor, std::vector<std::string>& given) {
    std::vector<double> numbers;
    keys.number_list(key.name, numbers, {.fallback = std::vector<double>{}, .most_count = key.count, .doc = key.doc});
    if (keys.describing() || !keys.has(key.name)) {
        return;
    }
    given.emplace_back(key.name);
    if (!keys.is_sound(key.name)) {
        return;
    }
    if (numbers.size() != key.count) {
        keys.problem(key.name, "holds " + std::to_string(numbers.size()) + " numbers", key.doc,
                     "write " + std::to_string(key.count) + " of them");
        return;
    }
    check_distribution(keys, key, numbers);
    factor.distribution = Distribution{
        .kind = key.kind, .first = numbers[0], .second = numbers[1], .third = key.count > 2 ? numbers[2] : 0.0};
}

void read_list(KeyReader& keys, const ConfigValue* raw, Factor& factor, std::vector<std::string>& given) {
    // Texts or numbers; each kind is read, and echoed, by its own call.
    std::vector<std::string> texts;
    std::vector<double> numbers;
    const auto is_text = [](const ConfigValue& item) {
        return item.kind == ConfigKind::text || item.kind == ConfigKind::date;
    };
    const bool of_texts =
        raw != nullptr && raw->kind == ConfigKind::array && std::any_of(raw->items.begin(), raw->items.end(), is_text);
    const std::string doc = "levels: numbers, dates, or texts as --set takes them";
    if (of_texts) {
        keys.text_list("list", texts, {.fallback = std::vector<std::string>{}, .doc = doc, .may_hold_dates = true});
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
    for (const DistributionKey& key : distribution_keys) {
        read_distribution(keys, key, factor, given);
    }
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
        keys.problem("key", factor.key.empty() ? "missing" : "is given together with 'switch'",
                     "a factor is either a key that takes values or a switch of measures",
                     "write key = \"...\" or switch = [\"...\"]");
    } else if (factor.is_switch() ? !given.empty() : given.size() != 1 && !(is_table_design && given.empty())) {
        keys.problem(given.empty() ? "key" : given.back(),
                     given.empty() ? "no levels" : "more than one key gives its values",
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
    std::vector<std::string> kinds;
    for (const DesignKind& kind : design_kinds()) {
        if (is_main || !kind.is_of_parts) {
            kinds.emplace_back(kind.name);
        }
    }
    keys.choice("kind", part.kind, kinds, {.fallback = "full_factorial", .doc = "how the cells are laid out"});
    keys.text_list("factors", part.factors,
                   {.fallback = std::vector<std::string>{}, .doc = "factors that it varies; all by default"});
    keys.integer(
        "samples", part.samples,
        {.fallback = 0, .low = 0, .high = 100000000, .doc = "points of latin_hypercube and sobol, rows of saltelli"});
    keys.integer("trajectories", part.trajectories, {.fallback = 10, .low = 1, .high = 1000000, .doc = "of morris"});
    keys.integer("levels", part.levels, {.fallback = 4, .low = 2, .high = 100, .doc = "of the grid of morris; even"});
    keys.integer(
        "seed", part.seed,
        {.fallback = 1, .low = 0, .doc = "of latin_hypercube and morris; it does not change the noise of runs"});
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
        keys.problem("samples", keys.has("samples") ? "is 0" : "missing", part.kind + " needs the number of its points",
                     "write samples = 64 or the like");
    }
    if (part.kind == "morris" && part.levels % 2 != 0) {
        keys.problem("levels", "is odd", "the steps of a trajectory then do not reach all levels equally often",
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
                     "a " + part.kind + " combines several", "add [[part]] blocks and name them in of");
    }
}

/// Tables by name are read in the order of names; factors and metrics keep that of the file.
template <class Entry>
void sort_by_place(std::vector<Entry>& entries) {
    std::stable_sort(entries.begin(), entries.end(), [](const Entry& one, const Entry& other) {
        return std::pair(one.where.line, one.where.column) < std::pair(other.where.line, other.where.column);
    });
}

void read_replicates(KeyReader& keys, SweepDesign& design) {
    keys.integer("replicates", design.replicates,
                 {.fallback = 1,
                  .low = 1,
                  .high = 1000000,
                  .doc = "runs of each cell that differ in their noise only; with until the most"});
    design.replicates_where = keys.location("replicates");
    keys.text("until", design.until,
              TextKey{.fallback = "",
                      .doc = "stopping rule: replicates are run in rounds until it holds for every cell, as "
                             "\"ci(import_reliance) < 0.01\""});
    design.until_where = keys.location("until");
    keys.integer("least_replicates", design.least_replicates,
                 {.fallback = static_cast<std::int64_t>(StoppingRule::least_replicates),
                  .low = static_cast<std::int64_t>(StoppingRule::least_replicates),
                  .high = 1000000,
                  .doc = "of each cell before the rule of until is asked"});
    if (!keys.describing() && design.until.empty() && keys.has("least_replicates")) {
        keys.problem("least_replicates", "is given without 'until'", "without a stopping rule all replicates are run",
                     "write until = \"ci(METRIC) < X\", or take it out");
    }
    keys.boolean(
        "common_random_numbers", design.common_random_numbers,
        {.fallback = true,
         .doc = "replicate r has the same noise in every cell, so that differences between cells are not noise"});
}

/// Reads [design] and the [[part]] blocks; returns whether any of them is a table.
bool read_parts(KeyReader& keys, SweepDesign& design) {
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
    return is_table;
}

void read_factors(KeyReader& keys, const ConfigValue* root, bool is_table_design, SweepDesign& design) {
    for (const bool is_lever : {false, true}) {
        const std::string table = is_lever ? "levers" : "uncertainties";
        const ConfigValue* raw = root != nullptr ? root->find(table) : nullptr;
        keys.table_map(table,
                       [&](KeyReader& inner) {
                           Factor factor;
                           factor.is_lever = is_lever;
                           read_factor(inner, raw != nullptr ? raw->find(inner.entry_name()) : nullptr, is_table_design,
                                       factor);
                           design.factors.push_back(std::move(factor));
                       },
                       {.doc = is_lever ? "what can be decided" : "what is uncertain"});
    }
}

void read_design_keys(KeyReader& keys, const ConfigValue* root, SweepDesign& design) {
    keys.text("title", design.title, {.fallback = "", .doc = "what the experiment is called", .may_be_empty = true});
    keys.text("purpose", design.purpose, {.fallback = "", .doc = "the question it answers", .may_be_empty = true});
    keys.text("scenario", design.scenario, TextKey{.doc = "scenario file that is varied, relative to this file"});
    design.scenario_where = keys.location("scenario");
    keys.text_list("set", design.set,
                   {.fallback = std::vector<std::string>{}, .doc = "overrides of every run, as --set takes them"});
    read_replicates(keys, design);
    const bool is_table_design = read_parts(keys, design);
    read_factors(keys, root, is_table_design, design);
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

/// Checks a design as a whole, beyond the form of each key.
class DesignCheck {
public:
    DesignCheck(const SweepDesign& design, Problems& problems) : design_(design), problems_(problems) {
        for (const Factor& factor : design.factors) {
            factor_names_.push_back(factor.name);
        }
    }

    void run() const {
        check_presence();
        check_factors();
        check_metric_names();
        check_stopping_rule();
        check_factors_of_parts();
        check_levels();
        check_product_or_union();
    }

private:
    static std::string path_of(const Factor& factor) {
        return (factor.is_lever ? "levers." : "uncertainties.") + factor.name;
    }

    /// What a factor sets: paths in one spelling, so that factors can be compared.
    static std::vector<std::string> targets_of(const Factor& factor) {
        std::vector<std::string> targets = factor.blocks;
        if (!factor.key.empty()) {
            std::string path;
            for (const std::string& part :
                 split_config_path(factor.key).value_or(std::vector<std::string>{factor.key})) {
                path = join_path(path, part);
            }
            // A key that takes a block out does what a switch of the block does.
            constexpr std::string_view removal = ".remove";
            targets.push_back(path.ends_with(removal) ? path.substr(0, path.size() - removal.size()) : path);
        }
        return targets;
    }

    void report(const SourceLocation& where, const std::string& key, std::string what, std::string why,
                std::string suggestion) const {
        problems_.add({.key = key,
                       .what = std::move(what),
                       .why = std::move(why),
                       .suggestion = std::move(suggestion),
                       .where = where});
    }

    void check_presence() const {
        if (design_.factors.empty()) {
            report(design_.scenario_where, "levers", "nothing is varied", "a design has levers or uncertainties",
                   "add a [levers.NAME] or [uncertainties.NAME] table; for seeds alone there is `ytterby ensemble`");
        }
        if (design_.metrics.empty()) {
            report(design_.scenario_where, "metrics", "nothing is measured",
                   "a sweep keeps the metrics of its runs and nothing else",
                   "add [metrics] with NAME = { of = \"price\", ... }");
        }
    }

    /// Names are unique, and no two factors set the same thing, nor what the sweep itself sets.
    void check_factors() const {
        std::map<std::string, std::string> owner;
        std::set<std::string> names;
        for (const Factor& factor : design_.factors) {
            const std::string path = path_of(factor);
            if (!names.insert(factor.name).second) {
                report(factor.where, path, "a lever and an uncertainty share a name", "names are columns of the tables",
                       "rename one");
            }
            for (const std::string& target : targets_of(factor)) {
                if (target == "run.replicate" || target == "run.threads") {
                    report(factor.where, path, "varies " + target, "the sweep sets it in every run itself",
                           target == "run.replicate" ? "write replicates = 8 or the like" : "take it out");
                }
                const auto [first, is_new] = owner.emplace(target, factor.name);
                if (!is_new) {
                    report(factor.where, path, "'" + first->second + "' sets " + target + " already",
                           "a run can follow only one of them", "take one out, or make them one factor");
                }
            }
        }
    }

    void check_metric_names() const {
        for (const MetricKeys& metric : design_.metrics) {
            if (is_factor(metric.name)) {
                report(metric.where, "metrics." + metric.name, "a factor has the same name",
                       "names are columns of the tables", "rename one");
            }
        }
    }

    void check_stopping_rule() const {
        if (design_.until.empty()) {
            return;
        }
        std::vector<std::string> metrics;
        metrics.reserve(design_.metrics.size());
        for (const MetricKeys& metric : design_.metrics) {
            metrics.push_back(metric.name);
        }
        try {
            StoppingRule::parse(design_.until, metrics, "until", design_.until_where);
        } catch (const InputError& error) {
            problems_.add_all(error.problems());
        }
        if (design_.replicates < design_.least_replicates) {
            report(design_.replicates_where, "replicates",
                   std::to_string(design_.replicates) + " are fewer than least_replicates (" +
                       std::to_string(design_.least_replicates) + ")",
                   "with 'until' they are the most of each cell, and no rule is met before the least",
                   "raise replicates, such as to 100");
        }
    }

    void check_factors_of_parts() const {
        check_factors_of(design_.main);
        for (const auto& [name, part] : design_.parts) {
            check_factors_of(part);
        }
    }

    void check_factors_of(const DesignPart& part) const {
        for (const std::string& factor : part.factors) {
            if (!is_factor(factor)) {
                report(part.where, "factors", "unknown factor '" + factor + "'",
                       "neither [levers] nor [uncertainties] has it", suggest_name(factor, factor_names_));
            }
        }
    }

    /// A factor without levels needs a table that gives its values.
    void check_levels() const {
        const std::vector<const DesignPart*> parts = parts_laid_out();
        for (const Factor& factor : design_.factors) {
            const bool has_levels = factor.is_switch() || factor.distribution || !factor.list.empty();
            const auto gives_values = [&](const DesignPart* part) {
                return part->kind == "table" &&
                       (part->factors.empty() ||
                        std::find(part->factors.begin(), part->factors.end(), factor.name) != part->factors.end());
            };
            // In a product each factor has one part; the cells of a union are those of one part each.
            const bool is_given = design_.main.kind == "product"
                                      ? std::any_of(parts.begin(), parts.end(), gives_values)
                                      : std::all_of(parts.begin(), parts.end(), gives_values);
            if (!has_levels && !is_given) {
                report(factor.where, path_of(factor), "no levels",
                       "only a table that holds it can give its values, and not all parts are such tables",
                       "write one of list, range, log_range, normal, lognormal, triangular");
            }
        }
    }

    std::vector<const DesignPart*> parts_laid_out() const {
        if (design_.main.parts.empty()) {
            return {&design_.main};
        }
        std::vector<const DesignPart*> parts;
        for (const std::string& name : design_.main.parts) {
            if (const auto found = design_.parts.find(name); found != design_.parts.end()) {
                parts.push_back(&found->second);
            }
        }
        return parts;
    }

    /// Parts that are named exist, and those of a product share no factor.
    void check_product_or_union() const {
        std::vector<std::string> part_names;
        part_names.reserve(design_.parts.size());
        for (const auto& [name, part] : design_.parts) {
            part_names.push_back(name);
        }
        std::set<std::string> varied;
        for (const std::string& name : design_.main.parts) {
            const auto found = design_.parts.find(name);
            if (found == design_.parts.end()) {
                report(design_.main.where, "of", "there is no [[part]] named '" + name + "'", "",
                       suggest_name(name, part_names));
                continue;
            }
            const DesignPart& part = found->second;
            for (const std::string& factor : part.factors.empty() ? factor_names_ : part.factors) {
                if (!varied.insert(factor).second && design_.main.kind == "product") {
                    report(part.where, "factors", "'" + factor + "' is in two parts of a product",
                           "each combination would set it twice", "give each part factors of its own");
                }
            }
        }
    }

    bool is_factor(const std::string& name) const {
        return std::find(factor_names_.begin(), factor_names_.end(), name) != factor_names_.end();
    }

    const SweepDesign& design_;
    Problems& problems_;
    std::vector<std::string> factor_names_;
};

}  // namespace

bool is_column_name(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '_';
    }) && (name.front() < '0' || name.front() > '9');
}

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
        DesignCheck(design, problems).run();
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

const std::vector<DesignKind>& design_kinds() {
    static const std::vector<DesignKind> kinds = {
        {"full_factorial", "every combination of levels", false},
        {"two_level", "every combination of the two ends", false},
        {"fractional", "two-level fraction of resolution V: no interaction of two factors is aliased", false},
        {"one_at_a_time", "the base, then each factor alone at each other level", false},
        {"latin_hypercube", "one point in each stratum of every factor", false},
        {"sobol", "Sobol's sequence with its origin", false},
        {"saltelli", "blocks A, AB_i, BA_i and B for variance-based indices", false},
        {"morris", "trajectories for elementary effects", false},
        {"zip", "all factors move together, level by level", false},
        {"table", "a CSV file with a column for each factor", false},
        {"product", "every combination of cells of several parts", true},
        {"union", "the cells of several parts, one after another", true}};
    return kinds;
}

KeyRecord describe_design() {
    KeyReader keys = KeyReader::for_describing();
    SweepDesign design;
    read_design_keys(keys, nullptr, design);
    return keys.record();
}

}  // namespace ytterby

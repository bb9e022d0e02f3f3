#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/commands.hpp"
#include "core/config/diagnostics.hpp"
#include "records/whole_file.hpp"
#include "report/analysis/analysis_report.hpp"

namespace ytterby {
namespace {

struct AnalyzeOptions {
    std::string folder, out, correction = "holm";
    std::vector<std::string> questions, metrics, higher, where;
    bool whole_replicates = false;
    AnalysisQuestion question;
};

/// A question that can be asked, and who answers it.
struct Analysis {
    std::string name;
    AnalysisReport (*answer)(const SweepResults&, const AnalysisQuestion&);
};

const std::vector<Analysis> analyses{{"interactions", report_interactions}, {"attribution", report_attribution},
                                     {"sensitivity", report_sensitivity},   {"discovery", report_discovery},
                                     {"tradeoffs", report_tradeoffs},       {"convergence", report_convergence}};

/// What a design is made for, and what else was asked by an option.
std::vector<std::string> fitting(const SweepResults& results, const AnalyzeOptions& words) {
    std::vector<std::string> names;
    switch (kind_of(results)) {
        case DesignKind::full_two_level:
            names = {"interactions", "attribution"};
            break;
        case DesignKind::part_of_two_level:
            names = {"interactions"};
            break;
        case DesignKind::saltelli:
        case DesignKind::morris:
            names = {"sensitivity"};
            break;
        case DesignKind::other:
            break;
    }
    if (!words.question.fails.empty()) {
        names.emplace_back("discovery");
    }
    if (!words.question.budget.empty()) {
        names.emplace_back("tradeoffs");
    }
    if (names.empty() || !words.question.until.empty()) {
        names.emplace_back("convergence");
    }
    return names;
}

std::vector<std::size_t> numbers_of(const std::vector<std::string>& wanted, const std::vector<std::string>& known,
                                    const std::string& option, Problems& problems) {
    std::vector<std::size_t> numbers;
    for (const std::string& name : wanted) {
        const auto found = std::find(known.begin(), known.end(), name);
        if (found == known.end()) {
            problems.add({.key = option,
                          .what = "unknown metric '" + name + "'",
                          .why = "the sweep's results have no such column",
                          .suggestion = suggest_name(name, known),
                          .where = {option}});
        } else if (const auto number = static_cast<std::size_t>(found - known.begin());
                   std::find(numbers.begin(), numbers.end(), number) == numbers.end()) {
            numbers.push_back(number);
        }
    }
    return numbers;
}

std::vector<FixedLevel> fixed_levels(const std::vector<std::string>& words) {
    std::vector<FixedLevel> fixed;
    for (const std::string& word : words) {
        const std::size_t equals = word.find('=');
        if (equals == std::string::npos || equals == 0) {
            throw InputError(Problem{.key = "--where",
                                     .what = "'" + word + "' names no level",
                                     .why = "cells are chosen by the level of a factor",
                                     .suggestion = "write FACTOR=LEVEL",
                                     .where = {"--where"}});
        }
        fixed.emplace_back(word.substr(0, equals), word.substr(equals + 1));
    }
    return fixed;
}

int analyze(const AnalyzeOptions& words) {
    const SweepResults results = read_sweep(words.folder, fixed_levels(words.where));
    AnalysisQuestion question = words.question;
    Problems problems;
    const std::vector<std::string> known = results.metric_names();
    question.metrics = numbers_of(words.metrics.empty() ? known : words.metrics, known, "--metric", problems);
    question.is_better_higher.assign(known.size(), false);
    for (const std::size_t metric : numbers_of(words.higher, known, "--maximise", problems)) {
        question.is_better_higher[metric] = true;
    }
    problems.throw_if_any();
    question.correction = words.correction == "holm" ? Correction::holm : Correction::benjamini_hochberg;
    question.holes = words.whole_replicates ? Holes::whole_replicates_only : Holes::refuse;
    question.bootstrap.level = question.level;
    const std::filesystem::path out =
        words.out.empty() ? std::filesystem::path(words.folder) / "analysis" : std::filesystem::path(words.out);
    // All answers before the first file, so that bad input leaves nothing behind.
    std::string text = fmt::format("{}: {}; {} cells, {} replicates\n", words.folder, counts_text(results.counts),
                                   results.cells.size(), results.replicates.size());
    std::vector<AnalysisTable> tables;
    std::vector<std::pair<std::string, std::string>> drawings;
    for (const std::string& name : words.questions.empty() ? fitting(results, words) : words.questions) {
        const auto analysis =
            std::find_if(analyses.begin(), analyses.end(), [&](const Analysis& one) { return one.name == name; });
        AnalysisReport report = analysis->answer(results, question);
        text += fmt::format("\n== {} ==\n{}", name, report.text.substr(report.text.starts_with('\n') ? 1 : 0));
        std::move(report.tables.begin(), report.tables.end(), std::back_inserter(tables));
        std::move(report.drawings.begin(), report.drawings.end(), std::back_inserter(drawings));
    }
    write_tables(out, tables);
    for (const auto& [name, drawing] : drawings) {
        write_whole_file(out / name, drawing);
    }
    fmt::print("{}\nTables (CSV, analysis.sqlite){} in {}\n", text, drawings.empty() ? "" : " and drawings",
               out.string());
    return exit_ok;
}

}  // namespace

void add_analyze_command(CLI::App& app, int& exit_code) {
    auto words = std::make_shared<AnalyzeOptions>();
    CLI::App* command = app.add_subcommand(
        "analyze", "Analyse a sweep: interactions, attribution, sensitivity, discovery, trade-offs, convergence");
    std::vector<std::string> names;
    names.reserve(analyses.size());
    for (const Analysis& analysis : analyses) {
        names.push_back(analysis.name);
    }
    command->add_option("folder", words->folder, "Folder of a sweep")->required();
    command
        ->add_option("questions", words->questions,
                     "What to ask (default: what the design is made for): " + join_names(names))
        ->check(CLI::IsMember(names));
    const auto list = [&](const std::string& name, std::vector<std::string>& value, const std::string& meaning) {
        command->add_option(name, value, meaning)
            ->take_all()
            ->expected(1)
            ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    };
    list("--metric", words->metrics, "Metric to look at (again for more; default: all)");
    list("--maximise", words->higher, "Metric of which more is better (again for more; default: less is better)");
    list("--where", words->where,
         "Only cells in which a factor stands at a level: FACTOR=LEVEL, also part=NAME (again for more)");
    command->add_option("--level", words->question.level, "Level of intervals and decisions (default 0.95)")
        ->check(CLI::Range(0.5, 0.9999));
    command
        ->add_option("--correction", words->correction, "For testing many pairs: holm (default) or benjamini-hochberg")
        ->check(CLI::IsMember({"holm", "benjamini-hochberg"}));
    command->add_flag("--whole-replicates", words->whole_replicates,
                      "Use only replicates without holes, instead of refusing");
    command->add_option("--fails", words->question.fails,
                        "Discovery: when a run counts as failing, such as \"reliance > 0.5\"");
    command->add_option("--boxes", words->question.prim.most_boxes, "Discovery: at most so many boxes (default 3)")
        ->check(CLI::Range(1, 100));
    command
        ->add_option("--least-mass", words->question.prim.least_mass,
                     "Discovery: least share of all cells in a box (default 0.05)")
        ->check(CLI::Range(0.0001, 0.9));
    command
        ->add_option("--most-quasi-p", words->question.prim.most_quasi_p,
                     "Discovery: limits of a box that are less sure are dropped (default 0.05)")
        ->check(CLI::Range(0.0, 1.0));
    command->add_option("--budget", words->question.budget, "Trade-offs: metric or factor that is the cost");
    command->add_option("--until", words->question.until,
                        "Convergence: a stopping rule, such as \"ci(reliance) < 0.01\"");
    command
        ->add_option("--resamples", words->question.bootstrap.resamples, "Sensitivity: bootstrap samples (default 500)")
        ->check(CLI::Range(20, 1000000));
    command->add_option("--seed", words->question.bootstrap.seed, "Sensitivity: seed of the bootstrap (default 1)");
    command->add_option("--out", words->out, "Folder for tables and drawings (default FOLDER/analysis)");
    command->callback([words, &exit_code] { exit_code = analyze(*words); });
}

}  // namespace ytterby

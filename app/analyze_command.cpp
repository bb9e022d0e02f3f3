#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/command_line.hpp"
#include "app/commands.hpp"
#include "app/output.hpp"
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

/// An analysis that can be asked for, and the function that does it.
struct Analysis {
    std::string name;
    AnalysisReport (*report)(const SweepResults&, const AnalysisQuestion&);
};

const std::vector<Analysis> analyses{{"interactions", report_interactions}, {"attribution", report_attribution},
                                     {"sensitivity", report_sensitivity},   {"discovery", report_discovery},
                                     {"tradeoffs", report_tradeoffs},       {"convergence", report_convergence}};

/// The analyses that the sweep's design is made for, and those that an option asks for.
std::vector<std::string> fitting_analyses(const SweepResults& results, const AnalyzeOptions& options) {
    std::vector<std::string> names;
    switch (kind_of(results)) {
        case DesignClass::full_two_level:
            names = {"interactions", "attribution"};
            break;
        case DesignClass::part_of_two_level:
            names = {"interactions"};
            break;
        case DesignClass::saltelli:
        case DesignClass::morris:
            names = {"sensitivity"};
            break;
        case DesignClass::other:
            break;
    }
    if (!options.question.fails.empty()) {
        names.emplace_back("discovery");
    }
    if (!options.question.budget.empty()) {
        names.emplace_back("tradeoffs");
    }
    if (names.empty() || !options.question.until.empty()) {
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

std::vector<FixedLevel> fixed_levels(const std::vector<std::string>& conditions) {
    std::vector<FixedLevel> fixed;
    for (const std::string& condition : conditions) {
        const std::size_t equals = condition.find('=');
        if (equals == std::string::npos || equals == 0) {
            throw InputError(Problem{.key = "--where",
                                     .what = "'" + condition + "' names no level",
                                     .why = "cells are chosen by the level of a factor",
                                     .suggestion = "write FACTOR=LEVEL",
                                     .where = {"--where"}});
        }
        fixed.emplace_back(condition.substr(0, equals), condition.substr(equals + 1));
    }
    return fixed;
}

/// The question with the options that need the names of the sweep's metrics resolved.
AnalysisQuestion question_of(const AnalyzeOptions& options, const SweepResults& results) {
    AnalysisQuestion question = options.question;
    Problems problems;
    const std::vector<std::string> known = results.metric_names();
    question.metrics = numbers_of(options.metrics.empty() ? known : options.metrics, known, "--metric", problems);
    question.is_better_higher.assign(known.size(), false);
    for (const std::size_t metric : numbers_of(options.higher, known, "--maximise", problems)) {
        question.is_better_higher[metric] = true;
    }
    problems.throw_if_any();
    question.correction = options.correction == "holm" ? Correction::holm : Correction::benjamini_hochberg;
    question.holes = options.whole_replicates ? Holes::whole_replicates_only : Holes::refuse;
    question.bootstrap.level = question.level;
    return question;
}

int analyze(const AnalyzeOptions& options) {
    const SweepResults results = read_sweep(options.folder, fixed_levels(options.where));
    const AnalysisQuestion question = question_of(options, results);
    const std::filesystem::path out =
        options.out.empty() ? std::filesystem::path(options.folder) / "analysis" : std::filesystem::path(options.out);
    // All analyses run before the first file is written, so that bad input leaves nothing behind.
    std::string text = fmt::format("{}: {}; {} cells, {} replicates\n", options.folder, counts_text(results.counts),
                                   results.cells.size(), results.replicates.size());
    std::vector<AnalysisTable> tables;
    std::vector<std::pair<std::string, std::string>> drawings;
    for (const std::string& name : options.questions.empty() ? fitting_analyses(results, options) : options.questions) {
        const auto analysis =
            std::find_if(analyses.begin(), analyses.end(), [&](const Analysis& one) { return one.name == name; });
        AnalysisReport report = analysis->report(results, question);
        text += fmt::format("\n== {} ==\n{}", name, report.text.substr(report.text.starts_with('\n') ? 1 : 0));
        std::move(report.tables.begin(), report.tables.end(), std::back_inserter(tables));
        std::move(report.drawings.begin(), report.drawings.end(), std::back_inserter(drawings));
    }
    write_tables(out, tables);
    for (const auto& [name, drawing] : drawings) {
        write_whole_file(out / name, drawing);
    }
    print_text("{}\nTables (CSV, analysis.sqlite){} in {}\n", text, drawings.empty() ? "" : " and drawings",
               out.string());
    return exit_ok;
}

}  // namespace

void add_analyze_command(Command program) {
    auto options = std::make_shared<AnalyzeOptions>();
    Command command = program.subcommand(
        "analyze", "Analyse a sweep: interactions, attribution, sensitivity, discovery, trade-offs, convergence");
    std::vector<std::string> names;
    names.reserve(analyses.size());
    for (const Analysis& analysis : analyses) {
        names.push_back(analysis.name);
    }
    AnalysisQuestion& question = options->question;
    command.option("folder", options->folder, "Folder of a sweep").required();
    command
        .option("questions", options->questions,
                "What to ask (default: what the design is made for): " + join_names(names))
        .one_of(names);
    command.option("--metric", options->metrics, "Metric to look at (again for more; default: all)").repeatable();
    command
        .option("--maximise", options->higher,
                "Metric of which more is better (again for more; default: less is better)")
        .repeatable();
    command
        .option("--where", options->where,
                "Only cells in which a factor stands at a level: FACTOR=LEVEL, also part=NAME (again for more)")
        .repeatable();
    command.option("--level", question.level, "Level of intervals and decisions (default 0.95)").between(0.5, 0.9999);
    command.option("--correction", options->correction, "For testing many pairs: holm (default) or benjamini-hochberg")
        .one_of({"holm", "benjamini-hochberg"});
    command.flag("--whole-replicates", options->whole_replicates,
                 "Use only replicates without holes, instead of refusing");
    command.option("--fails", question.fails, "Discovery: when a run counts as failing, such as \"reliance > 0.5\"");
    command.option("--boxes", question.prim.most_boxes, "Discovery: at most so many boxes (default 3)").between(1, 100);
    command
        .option("--least-mass", question.prim.least_mass, "Discovery: least share of all cells in a box (default 0.05)")
        .between(0.0001, 0.9);
    command
        .option("--most-quasi-p", question.prim.most_quasi_p,
                "Discovery: limits of a box that are less sure are dropped (default 0.05)")
        .between(0.0, 1.0);
    command.option("--budget", question.budget, "Trade-offs: metric or factor that is the cost");
    command.option("--until", question.until, "Convergence: a stopping rule, such as \"ci(reliance) < 0.01\"");
    command.option("--resamples", question.bootstrap.resamples, "Sensitivity: bootstrap samples (default 500)")
        .between(20, 1000000);
    command.option("--seed", question.bootstrap.seed, "Sensitivity: seed of the bootstrap (default 1)");
    command.option("--out", options->out, "Folder for tables and drawings (default FOLDER/analysis)");
    command.action([options] { return analyze(*options); });
}

}  // namespace ytterby

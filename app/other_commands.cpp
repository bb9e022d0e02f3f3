#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "app/command_line.hpp"
#include "app/commands.hpp"
#include "app/output.hpp"
#include "core/calendar.hpp"
#include "core/config/diagnostics.hpp"
#include "records/diff/diff.hpp"
#include "simulation/calibration/build.hpp"
#include "simulation/scenario/scenario.hpp"

namespace ytterby {
namespace {

int validate(const std::string& config, const std::vector<std::string>& sets, bool echo) {
    const Scenario scenario = load_scenario(config, sets);
    const Simulation simulation = build_simulation(scenario);
    if (echo) {
        print_text("{}", echo_toml(scenario.record));
        return exit_ok;
    }
    print_text("{}: ok ({} policies, {} goods, {} countries, {} firms, {} ticks from {})\n", config,
               scenario.policies.size(), simulation.economy.goods.size(), simulation.economy.countries.size(),
               simulation.economy.traits.size(), scenario.run.ticks, format_month(scenario.run.start));
    return exit_ok;
}

/// Full paths of all keys and tables of that name, at any depth.
void collect_paths(const KeyRecord& table, const std::string& name, const std::string& above,
                   std::vector<std::string>& paths) {
    for (const KeyRecord& child : table.children) {
        const std::string path = above + child.name;
        if (child.name == name) {
            paths.push_back(path);
        }
        collect_paths(child, name, path + ".", paths);
    }
}

/// The table or key of a topic such as policy.export_control, each part one level down; null where there is none, after
/// a message that names what there is.
const KeyRecord* find_topic(const KeyRecord& all, const std::string& topic) {
    const KeyRecord* found = &all;
    for (std::size_t begin = 0; begin <= topic.size();) {
        const std::size_t end = std::min(topic.find('.', begin), topic.size());
        const std::string part = topic.substr(begin, end - begin);
        const KeyRecord* child = found->find(part);
        if (child == nullptr) {
            std::vector<std::string> known;
            known.reserve(found->children.size());
            for (const KeyRecord& other : found->children) {
                known.push_back(other.name);
            }
            std::vector<std::string> deeper;
            collect_paths(*found, part, topic.substr(0, begin), deeper);
            std::cerr << "ytterby: nothing called '" << topic.substr(0, end) << "' to describe; "
                      << (!deeper.empty() ? "did you mean " + join_names(deeper) + "?" : suggest_name(part, known))
                      << '\n';
            return nullptr;
        }
        found = child;
        begin = end + 1;
    }
    return found;
}

int describe(const std::string& topic, const std::string& format) {
    const KeyRecord all = describe_scenario();
    KeyRecord shown = all;
    if (!topic.empty()) {
        const KeyRecord* found = find_topic(all, topic);
        if (found == nullptr) {
            return exit_usage;
        }
        shown = KeyRecord{};
        shown.children.push_back(*found);
    }
    if (format == "json") {
        print_text("{}\n", describe_json(shown));
    } else if (format == "markdown") {
        print_text("{}", describe_markdown(shown));
    } else {
        print_text("{}", describe_text(shown));
    }
    return exit_ok;
}

struct DiffCommandOptions {
    std::string first, second, format = "text";
    DiffOptions compared;
};

int diff(const DiffCommandOptions& options) {
    const RunDiff found = compare_runs(options.first, options.second, options.compared);
    std::ostringstream out;
    if (options.format == "json") {
        render_diff_json(found, out);
    } else if (options.format == "csv") {
        render_diff_csv(found, out);
    } else {
        render_diff_text(found, out, options.compared);
    }
    print_text("{}", out.str());
    return exit_ok;
}

/// What is wrong with a month of the command line; empty when nothing is.
std::string problem_of_month(const std::string& text) {
    return text.size() == 7 && parse_date(text) ? "" : "'" + text + "' is not a month; write it as 2023-10";
}

}  // namespace

void add_validate_command(Command program) {
    struct Options {
        std::string config;
        std::vector<std::string> sets;
        bool echo = false;
    };
    auto options = std::make_shared<Options>();
    Command command = program.subcommand("validate", "Check a scenario and its data without running it");
    command.option("config", options->config, "Scenario file (TOML)").required();
    command.option("--set", options->sets, "Override a key").repeatable();
    command.flag("--echo", options->echo, "Print the effective configuration with the origin of each value");
    command.action([options] { return validate(options->config, options->sets, options->echo); });
}

void add_describe_command(Command program) {
    struct Options {
        std::string topic;
        std::string format = "text";
    };
    auto options = std::make_shared<Options>();
    Command command = program.subcommand("describe", "List every key: meaning, unit, default, bounds");
    command.option("topic", options->topic,
                   "A table such as policy, market, stocks, or a path such as policy.export_control");
    command.option("--format", options->format, "text, markdown or json").one_of({"text", "markdown", "json"});
    command.action([options] { return describe(options->topic, options->format); });
}

void add_diff_command(Command program) {
    auto options = std::make_shared<DiffCommandOptions>();
    Command command = program.subcommand("diff", "What differs between two runs, by good and country");
    command.option("first", options->first, "Folder of the first run").required();
    command.option("second", options->second, "Folder of the second run").required();
    command.option("--from", options->compared.from, "First month compared, YYYY-MM").check(problem_of_month);
    command.option("--to", options->compared.to, "Last month compared, YYYY-MM").check(problem_of_month);
    command.option("--last", options->compared.last, "Only the last n ticks");
    command.option("--rows", options->compared.rows_per_good, "Rows shown per good (0: all)");
    command.option("--format", options->format, "text, json or csv").one_of({"text", "json", "csv"});
    command.action([options] { return diff(*options); });
}

}  // namespace ytterby

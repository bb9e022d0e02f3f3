#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "app/commands.hpp"
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
        fmt::print("{}", echo_toml(scenario.record));
        return exit_ok;
    }
    fmt::print("{}: ok ({} policies, {} goods, {} countries, {} firms, {} ticks from {})\n", config,
               scenario.policies.size(), simulation.economy.goods.size(), simulation.economy.countries.size(),
               simulation.economy.traits.size(), scenario.run.ticks, format_month(scenario.run.start));
    return exit_ok;
}

/// Full paths of all keys and tables of that name, wherever they stand.
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

/// The table or key of a topic such as policy.export_control, each part one level down; null after saying what else
/// there is.
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
        fmt::print("{}\n", describe_json(shown));
    } else if (format == "markdown") {
        fmt::print("{}", describe_markdown(shown));
    } else {
        fmt::print("{}", describe_text(shown));
    }
    return exit_ok;
}

}  // namespace

void add_validate_command(CLI::App& app, int& exit_code) {
    struct Words {
        std::string config;
        std::vector<std::string> sets;
        bool echo = false;
    };
    auto words = std::make_shared<Words>();
    CLI::App* command = app.add_subcommand("validate", "Check a scenario and its data without running it");
    command->add_option("config", words->config, "Scenario file (TOML)")->required();
    command->add_option("--set", words->sets, "Override a key")
        ->take_all()
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    command->add_flag("--echo", words->echo, "Print the effective configuration with the origin of each value");
    command->callback([words, &exit_code] { exit_code = validate(words->config, words->sets, words->echo); });
}

void add_describe_command(CLI::App& app, int& exit_code) {
    struct Words {
        std::string topic;
        std::string format = "text";
    };
    auto words = std::make_shared<Words>();
    CLI::App* command = app.add_subcommand("describe", "List every key: meaning, unit, default, bounds");
    command->add_option("topic", words->topic,
                        "A table such as policy, market, stocks, or a path such as policy.export_control");
    command->add_option("--format", words->format, "text, markdown or json")
        ->check(CLI::IsMember({"text", "markdown", "json"}));
    command->callback([words, &exit_code] { exit_code = describe(words->topic, words->format); });
}

void add_diff_command(CLI::App& app, int& exit_code) {
    struct Words {
        std::string first, second, format = "text";
        DiffOptions options;
    };
    auto words = std::make_shared<Words>();
    CLI::App* command = app.add_subcommand("diff", "What differs between two runs, by good and country");
    command->add_option("first", words->first, "Folder of the first run")->required();
    command->add_option("second", words->second, "Folder of the second run")->required();
    const auto is_month = [](const std::string& word) {
        return word.size() == 7 && parse_date(word) ? std::string()
                                                    : "'" + word + "' is not a month; write it as 2023-10";
    };
    command->add_option("--from", words->options.from, "First month compared, YYYY-MM")->check(is_month);
    command->add_option("--to", words->options.to, "Last month compared, YYYY-MM")->check(is_month);
    command->add_option("--last", words->options.last, "Only the last n ticks");
    command->add_option("--rows", words->options.rows_per_good, "Rows shown per good (0: all)");
    command->add_option("--format", words->format, "text, json or csv")->check(CLI::IsMember({"text", "json", "csv"}));
    command->callback([words, &exit_code] {
        const RunDiff diff = compare_runs(words->first, words->second, words->options);
        if (words->format == "json") {
            render_diff_json(diff, std::cout);
        } else if (words->format == "csv") {
            render_diff_csv(diff, std::cout);
        } else {
            render_diff_text(diff, std::cout, words->options);
        }
        exit_code = exit_ok;
    });
}

}  // namespace ytterby

#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "app/command_line.hpp"
#include "app/commands.hpp"
#include "app/output.hpp"
#include "core/config/diagnostics.hpp"
#include "report/comparison_table.hpp"

namespace ytterby {
namespace {

struct CompareOptions {
    std::string config;
    std::string key = "market.mechanism";
    std::vector<std::string> values;
    std::vector<std::string> sets;
    ComparisonView view;
};

void check_view(const Scenario& scenario, const ComparisonView& view) {
    Problems problems;
    const auto good = scenario.names.find_goods(view.good);
    if (!good || good->size() != 1) {
        problems.add({.key = "--good",
                      .what = good ? "'" + view.good + "' means several goods" : "unknown good '" + view.good + "'",
                      .why = "the table looks at one",
                      .suggestion = scenario.names.suggest_good(view.good),
                      .where = {"--good"}});
    }
    for (const std::string& code : view.countries) {
        const auto found = scenario.names.find_countries(code);
        if (!found || found->size() != 1) {
            problems.add({.key = "--countries",
                          .what = "unknown country '" + code + "'",
                          .why = "the data folder does not list it",
                          .suggestion = scenario.names.suggest_country(code),
                          .where = {"--countries"}});
        }
    }
    problems.throw_if_any();
}

int compare(CompareOptions options) {
    if (options.values.empty()) {
        if (options.key != "market.mechanism") {
            throw_missing("--values");
        }
        options.values = mechanism_kinds();
    }
    std::vector<ComparedRun> runs;
    for (const std::string& value : options.values) {
        std::vector<std::string> overrides = options.sets;
        overrides.push_back(options.key + "=" + value);
        const Scenario scenario = load_scenario(options.config, overrides);
        check_view(scenario, options.view);
        Simulation simulation = build_simulation(scenario);
        runs.emplace_back(simulation.economy, options.view);
        run(scenario, simulation, runs.back());
    }
    print_text("{}", comparison_table(options.view, options.values, runs));
    return exit_ok;
}

}  // namespace

void add_compare_command(Command program) {
    auto options = std::make_shared<CompareOptions>();
    Command command =
        program.subcommand("compare", "One scenario under several values of one key, side by side, nothing recorded");
    command.option("config", options->config, "Scenario file").required();
    command.option("--key", options->key, "Key that is varied (default market.mechanism)");
    command.option("--values", options->values, "Its values, comma-separated (default: every mechanism)")
        .comma_separated();
    command.option("--set", options->sets, "Override a key in all runs: path=value").repeatable();
    command.option("--good", options->view.good, "Good that is looked at, such as gallium.refined").required();
    command
        .option("--countries", options->view.countries,
                "Countries, comma-separated; the others are compared with the first")
        .comma_separated()
        .required();
    command.option("--months", options->view.months, "Months shown, comma-separated YYYY-MM (default: every sixth)")
        .comma_separated();
    command.action([options] { return compare(*options); });
}

}  // namespace ytterby

#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "app/commands.hpp"
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

int compare(CompareOptions words) {
    if (words.values.empty() && words.key == "market.mechanism") {
        words.values = mechanism_kinds();
    }
    std::vector<ComparedRun> runs;
    for (const std::string& value : words.values) {
        std::vector<std::string> overrides = words.sets;
        overrides.push_back(words.key + "=" + value);
        const Scenario scenario = load_scenario(words.config, overrides);
        check_view(scenario, words.view);
        Simulation simulation = build_simulation(scenario);
        runs.emplace_back(simulation.economy, words.view);
        run(scenario, simulation, runs.back());
    }
    std::cout << comparison_table(words.view, words.values, runs);
    return exit_ok;
}

}  // namespace

void add_compare_command(CLI::App& app, int& exit_code) {
    auto words = std::make_shared<CompareOptions>();
    CLI::App* command =
        app.add_subcommand("compare", "One scenario under several values of one key, side by side, nothing recorded");
    command->add_option("config", words->config, "Scenario file")->required();
    command->add_option("--key", words->key, "Key that is varied (default market.mechanism)");
    command->add_option("--values", words->values, "Its values, comma-separated (default: every mechanism)")
        ->delimiter(',');
    command->add_option("--set", words->sets, "Override a key in all runs: path=value");
    command->add_option("--good", words->view.good, "Good that is looked at, such as gallium.refined")->required();
    command
        ->add_option("--countries", words->view.countries,
                     "Countries, comma-separated; the others are compared with the first")
        ->delimiter(',')
        ->required();
    command->add_option("--months", words->view.months, "Months shown, comma-separated YYYY-MM (default: every sixth)")
        ->delimiter(',');
    command->callback([words, &exit_code] {
        if (words->values.empty() && words->key != "market.mechanism") {
            throw CLI::RequiredError("--values");
        }
        exit_code = compare(*words);
    });
}

}  // namespace ytterby

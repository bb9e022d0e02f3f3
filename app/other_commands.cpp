#include <fmt/format.h>

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

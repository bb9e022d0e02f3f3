#include <CLI/CLI.hpp>

#include <exception>
#include <iostream>

#include "app/commands.hpp"
#include "core/config/diagnostics.hpp"
#include "records/manifest.hpp"

namespace {

std::string version_text() {
    const ytterby::BuildInfo build = ytterby::this_build();
    return "ytterby " + build.version + " (commit " + build.commit + ", " + build.compiler + ")";
}

}  // namespace

int main(int count, char** words) {
    CLI::App app{"Ytterby: agent-based model of strategic-metals trade under geo-economic policy", "ytterby"};
    app.set_version_flag("--version", version_text());
    app.require_subcommand(1);
    app.set_help_all_flag("--help-all", "Help for all subcommands");
    app.footer(
        "Start with: ytterby run configs/baseline.toml\nExit codes: 0 ok, 1 failure while running, 2 usage, 3 bad "
        "configuration or data, 5 stopped with a checkpoint to go on from, 130 interrupted");
    int exit_code = ytterby::exit_ok;
    ytterby::add_run_command(app, exit_code);
    ytterby::add_validate_command(app, exit_code);
    ytterby::add_describe_command(app, exit_code);
    ytterby::add_diff_command(app, exit_code);
    ytterby::add_compare_command(app, exit_code);
    ytterby::add_clear_command(app, exit_code);
    ytterby::add_ensemble_command(app, exit_code);
    ytterby::add_respond_command(app, exit_code);
    ytterby::add_analyze_command(app, exit_code);
    ytterby::add_sweep_command(app, exit_code);
    try {
        app.parse(count, words);
    } catch (const CLI::ParseError& error) {
        const int shown = app.exit(error, std::cout, std::cerr);
        return shown == 0 ? ytterby::exit_ok : ytterby::exit_usage;
    } catch (const ytterby::InputError& error) {
        std::cerr << error.problems().render();
        return ytterby::exit_bad_config;
    } catch (const std::exception& error) {
        std::cerr << "ytterby: " << error.what() << '\n';
        return ytterby::exit_failed;
    }
    return exit_code;
}

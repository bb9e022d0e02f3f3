#pragma once

#include <string>

namespace CLI {
class App;
}

namespace ytterby {

/// Exit codes of the program (README, "Exit codes").
enum ExitCode : int {
    exit_ok = 0,
    exit_failed = 1,
    exit_usage = 2,
    exit_bad_config = 3,
    exit_resumable = 5,
    exit_interrupted = 130
};

/// Each adds its subcommand to the program; the subcommand's callback sets `exit_code`.
void add_run_command(CLI::App& app, int& exit_code);
void add_validate_command(CLI::App& app, int& exit_code);
void add_describe_command(CLI::App& app, int& exit_code);
void add_diff_command(CLI::App& app, int& exit_code);
void add_compare_command(CLI::App& app, int& exit_code);
void add_clear_command(CLI::App& app, int& exit_code);
void add_ensemble_command(CLI::App& app, int& exit_code);
void add_respond_command(CLI::App& app, int& exit_code);
void add_analyze_command(CLI::App& app, int& exit_code);
void add_sweep_command(CLI::App& app, int& exit_code);

}  // namespace ytterby

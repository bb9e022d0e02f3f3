#pragma once

namespace ytterby {

class Command;

/// Exit codes of the program (README, "Exit codes").
enum ExitCode : int {
    exit_ok = 0,
    exit_failed = 1,
    exit_usage = 2,
    exit_bad_config = 3,
    exit_resumable = 5,
    exit_interrupted = 130
};

/// Each adds its command to the program.
void add_run_command(Command program);
void add_validate_command(Command program);
void add_describe_command(Command program);
void add_diff_command(Command program);
void add_compare_command(Command program);
void add_clear_command(Command program);
void add_ensemble_command(Command program);
void add_respond_command(Command program);
void add_analyze_command(Command program);
void add_sweep_command(Command program);

}  // namespace ytterby

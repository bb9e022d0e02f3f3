#include <exception>
#include <new>
#include <string>

#include "app/command_line.hpp"
#include "app/commands.hpp"
#include "app/output.hpp"
#include "core/config/diagnostics.hpp"
#include "core/memory_use.hpp"
#include "records/manifest.hpp"

namespace {

std::string version_text() {
    const ytterby::BuildInfo build = ytterby::this_build();
    return "ytterby " + build.version + " (commit " + build.commit + ", " + build.compiler + ")";
}

}  // namespace

int main(int count, char** arguments) {
    ytterby::guard_standard_streams();
    ytterby::CommandLine command_line(
        {.name = "ytterby",
         .meaning = "Ytterby: agent-based model of strategic-metals trade under geo-economic policy",
         .version = version_text(),
         .footer =
             "Start with: ytterby run configs/baseline.toml\nExit codes: 0 ok, 1 failure while running, 2 usage, 3 "
             "bad configuration or data, 5 stopped with a checkpoint to go on from, 130 interrupted"});
    const ytterby::Command program = command_line.program();
    ytterby::add_run_command(program);
    ytterby::add_validate_command(program);
    ytterby::add_describe_command(program);
    ytterby::add_diff_command(program);
    ytterby::add_compare_command(program);
    ytterby::add_clear_command(program);
    ytterby::add_ensemble_command(program);
    ytterby::add_respond_command(program);
    ytterby::add_analyze_command(program);
    ytterby::add_sweep_command(program);
    try {
        const int code = command_line.run(count, arguments);
        ytterby::finish_output();
        return code;
    } catch (const ytterby::InputError& error) {
        ytterby::print_note("{}", error.problems().render());
        return ytterby::exit_bad_config;
    } catch (const std::bad_alloc&) {
        ytterby::print_note("ytterby: {}\n", ytterby::out_of_memory_text());
        return ytterby::exit_failed;
    } catch (const std::exception& error) {
        ytterby::print_note("ytterby: {}\n", error.what());
        return ytterby::exit_failed;
    }
}

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace ytterby {

// The command line as the commands see it. Only command_line.cpp includes the parser, which takes long to compile.

/// An option of a command, or a positional argument.
class CommandOption {
public:
    explicit CommandOption(CLI::Option& option) : option_(&option) {}

    CommandOption& required();
    /// Takes one value each time it is given, any number of times; never the argument after it.
    CommandOption& repeatable();
    /// The same, and each value may be several with commas between.
    CommandOption& comma_separated();
    /// May be given without a value; the help text shows `placeholder` for the value.
    CommandOption& optional_value(const std::string& placeholder);
    /// What the help text shows for the value, instead of its type.
    CommandOption& placeholder(const std::string& text);
    CommandOption& one_of(const std::vector<std::string>& choices);
    CommandOption& between(int least, int most);
    CommandOption& between(double least, double most);
    /// Refuses values for which `problem_of` returns a text: what is wrong with them.
    CommandOption& check(std::function<std::string(const std::string&)> problem_of);
    CommandOption& excludes(const CommandOption& other);
    CommandOption& needs(const CommandOption& other);

private:
    CLI::Option* option_;
};

/// A command of the program, or one of a command's subcommands.
class Command {
public:
    /// `exit_code` is where the command's action leaves its exit code.
    Command(CLI::App& parser, int& exit_code) : parser_(&parser), exit_code_(&exit_code) {}

    Command subcommand(const std::string& name, const std::string& meaning);
    /// Adds an option ("--out,--output") or, named without dashes, a positional argument. The value must outlive the
    /// parsing; it keeps what it is (its default) unless the option is given.
    CommandOption option(const std::string& names, std::string& value, const std::string& meaning);
    CommandOption option(const std::string& names, std::vector<std::string>& value, const std::string& meaning);
    CommandOption option(const std::string& names, double& value, const std::string& meaning);
    CommandOption option(const std::string& names, std::int64_t& value, const std::string& meaning);
    CommandOption option(const std::string& names, std::uint32_t& value, const std::string& meaning);
    CommandOption option(const std::string& names, std::uint64_t& value, const std::string& meaning);
    CommandOption option(const std::string& names, std::optional<std::int64_t>& value, const std::string& meaning);
    CommandOption option(const std::string& names, std::optional<std::uint32_t>& value, const std::string& meaning);
    CommandOption option(const std::string& names, std::optional<std::uint64_t>& value, const std::string& meaning);
    CommandOption flag(const std::string& names, bool& value, const std::string& meaning);
    bool has(const std::string& option) const;

    /// What the command does once the options are read; returns the exit code. Where a subcommand was given, that one
    /// acts alone.
    void action(std::function<int()> run);

private:
    CLI::App* parser_;
    int* exit_code_;
};

/// Texts about the program for help and version.
struct ProgramTexts {
    std::string name;
    std::string meaning;
    std::string version;
    std::string footer;  // of the help text
};

/// The whole command line of the program.
class CommandLine {
public:
    explicit CommandLine(const ProgramTexts& texts);
    ~CommandLine();
    CommandLine(const CommandLine&) = delete;
    CommandLine& operator=(const CommandLine&) = delete;

    /// The program itself, to which commands are added.
    Command program();
    /// Parses the arguments and runs the command that they name; prints help and wrong uses. Returns the exit code.
    /// What a command throws passes through.
    int run(int count, const char* const* arguments);

private:
    std::unique_ptr<CLI::App> parser_;
    int exit_code_ = 0;
};

/// Wrong uses that show only when all options are known: something is missing, or an option does not fit the others.
[[noreturn]] void throw_missing(const std::string& name);
[[noreturn]] void throw_wrong_option(const std::string& option, const std::string& why);

}  // namespace ytterby

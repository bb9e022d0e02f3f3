#include "app/command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <iostream>
#include <string_view>
#include <utility>

#include "app/commands.hpp"
#include "core/config/diagnostics.hpp"
#include "core/number_text.hpp"

namespace ytterby {

namespace {

/// A wrong use that is worded already.
class WrongUse : public CLI::ParseError {
public:
    explicit WrongUse(const std::string& text) : CLI::ParseError("WrongUse", text, CLI::ExitCodes::ValidationError) {}
};

std::string text_between(double least, double most, const std::string& written) {
    double value = 0.0;
    if (!read_number(written, value)) {
        return "'" + written + "' is not a number";
    }
    return value >= least && value <= most
               ? ""
               : "'" + written + "' is not between " + fmt::format("{}", least) + " and " + fmt::format("{}", most);
}

/// The names of all options of a command, as a user types them.
std::vector<std::string> names_of_options(const CLI::App& command) {
    std::vector<std::string> names;
    for (const CLI::Option* option : command.get_options()) {
        for (const std::string& name : option->get_lnames()) {
            names.push_back("--" + name);
        }
    }
    return names;
}

std::vector<std::string> names_of_commands(const CLI::App& command) {
    std::vector<std::string> names;
    for (const CLI::App* one : command.get_subcommands([](const CLI::App*) { return true; })) {
        names.push_back(one->get_name());
    }
    return names;
}

/// The option that a message of the parser begins with, and the name by which it does.
std::pair<const CLI::Option*, std::string> option_of(const CLI::App& command, const std::string& message) {
    const std::string name = message.substr(0, message.find_first_of(": "));
    return {command.get_option_no_throw(name), name};
}

std::string text_of_extras(const CLI::App& command) {
    const std::vector<std::string> left = command.remaining(true);
    const std::string first = left.empty() ? "" : left.front();
    if (first.starts_with("-")) {
        const std::string name = first.substr(0, first.find('='));
        return "unknown option '" + name + "'; " + suggest_name(name, names_of_options(command));
    }
    const std::vector<std::string> commands = names_of_commands(command);
    return commands.empty() ? "'" + first + "' is one argument too many"
                            : "unknown command '" + first + "'; " + suggest_name(first, commands);
}

std::string text_of_required(const CLI::App& command, const std::string& message) {
    if (message.starts_with("A subcommand")) {
        return "a command is missing; use one of: " + join_names(names_of_commands(command));
    }
    const auto [option, name] = option_of(command, message);
    return option != nullptr ? name + " is missing (" + option->get_description() + ")" : message;
}

std::string text_of_conversion(const CLI::App& command, const std::string& message) {
    const std::string begins = "Could not convert: ";
    const std::size_t equals = message.find(" = ");
    if (!message.starts_with(begins) || equals == std::string::npos) {
        return message;
    }
    const std::string name = message.substr(begins.size(), equals - begins.size());
    const CLI::Option* option = command.get_option_no_throw(name);
    const std::string type = option != nullptr ? option->get_type_name() : "";
    return name + ": '" + message.substr(equals + 3) + "' is not " +
           (type.starts_with("UINT")  ? "a whole number of at least 0"
            : type.starts_with("INT") ? "a whole number"
                                      : "a number");
}

/// What is wrong with the command line, in words of ours.
std::string text_of(const CLI::ParseError& error, const CLI::App& command) {
    const std::string message = error.what();
    const auto halves = [&](std::string_view middle, const std::string& ours) {
        const std::size_t at = message.find(middle);
        return at == std::string::npos ? message : message.substr(0, at) + ours + message.substr(at + middle.size());
    };
    const std::string kind = error.get_name();
    // What is left over is often what is missing, misspelt.
    if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr ||
        (kind == "RequiredError" && !command.remaining(true).empty())) {
        return text_of_extras(command);
    }
    if (kind == "RequiredError") {
        return text_of_required(command, message);
    }
    if (kind == "ConversionError") {
        return text_of_conversion(command, message);
    }
    if (kind == "ArgumentMismatch") {
        const std::string name = option_of(command, message).second;
        return message.find("missing") != std::string::npos ? name + " needs a value"
                                                            : name + " is given more than once";
    }
    if (kind == "ExcludesError") {
        return halves(" excludes ", " cannot be given together with ");
    }
    return kind == "RequiresError" ? halves(" requires ", " needs ") : message;
}

/// The command that the arguments named, however deep.
std::pair<const CLI::App*, std::string> named_command(const CLI::App& program) {
    const CLI::App* command = &program;
    std::string name = program.get_name();
    while (!command->get_subcommands().empty()) {
        command = command->get_subcommands().front();
        name += " " + command->get_name();
    }
    return {command, name};
}

}  // namespace

CommandOption& CommandOption::required() {
    option_->required();
    return *this;
}

CommandOption& CommandOption::repeatable() {
    option_->take_all()->allow_extra_args(false);
    return *this;
}

CommandOption& CommandOption::comma_separated() {
    option_->delimiter(',')->take_all()->allow_extra_args(false);
    return *this;
}

CommandOption& CommandOption::optional_value(const std::string& placeholder) {
    option_->type_name(placeholder)->expected(0, 1);
    return *this;
}

CommandOption& CommandOption::placeholder(const std::string& text) {
    option_->type_name(text);
    return *this;
}

CommandOption& CommandOption::one_of(const std::vector<std::string>& choices) {
    option_->check([choices](const std::string& text) {
        return std::find(choices.begin(), choices.end(), text) != choices.end()
                   ? std::string()
                   : "'" + text + "' is none of them; " + suggest_name(text, choices);
    });
    return *this;
}

CommandOption& CommandOption::between(int least, int most) {
    return between(static_cast<double>(least), static_cast<double>(most));
}

CommandOption& CommandOption::between(double least, double most) {
    option_->check([least, most](const std::string& text) { return text_between(least, most, text); });
    return *this;
}

CommandOption& CommandOption::check(std::function<std::string(const std::string&)> problem_of) {
    option_->check(std::move(problem_of));
    return *this;
}

CommandOption& CommandOption::excludes(const CommandOption& other) {
    option_->excludes(other.option_);
    return *this;
}

CommandOption& CommandOption::needs(const CommandOption& other) {
    option_->needs(other.option_);
    return *this;
}

Command Command::subcommand(const std::string& name, const std::string& meaning) {
    return Command(*parser_->add_subcommand(name, meaning), *exit_code_);
}

CommandOption Command::option(const std::string& names, std::string& value, const std::string& meaning) {
    return CommandOption(*parser_->add_option(names, value, meaning));
}

CommandOption Command::option(const std::string& names, std::vector<std::string>& value, const std::string& meaning) {
    return CommandOption(*parser_->add_option(names, value, meaning));
}

CommandOption Command::option(const std::string& names, double& value, const std::string& meaning) {
    return CommandOption(*parser_->add_option(names, value, meaning));
}

CommandOption Command::option(const std::string& names, std::int64_t& value, const std::string& meaning) {
    return CommandOption(*parser_->add_option(names, value, meaning));
}

CommandOption Command::option(const std::string& names, std::uint32_t& value, const std::string& meaning) {
    return CommandOption(*parser_->add_option(names, value, meaning));
}

CommandOption Command::option(const std::string& names, std::uint64_t& value, const std::string& meaning) {
    return CommandOption(*parser_->add_option(names, value, meaning));
}

CommandOption Command::option(const std::string& names, std::optional<std::int64_t>& value,
                              const std::string& meaning) {
    return CommandOption(*parser_->add_option(names, value, meaning));
}

CommandOption Command::option(const std::string& names, std::optional<std::uint32_t>& value,
                              const std::string& meaning) {
    return CommandOption(*parser_->add_option(names, value, meaning));
}

CommandOption Command::option(const std::string& names, std::optional<std::uint64_t>& value,
                              const std::string& meaning) {
    return CommandOption(*parser_->add_option(names, value, meaning));
}

CommandOption Command::flag(const std::string& names, bool& value, const std::string& meaning) {
    return CommandOption(*parser_->add_flag(names, value, meaning));
}

bool Command::has(const std::string& option) const { return parser_->count(option) > 0; }

void Command::action(std::function<int()> run) {
    parser_->callback([parser = parser_, exit_code = exit_code_, run = std::move(run)] {
        if (parser->get_subcommands().empty()) {
            *exit_code = run();
        }
    });
}

CommandLine::CommandLine(const ProgramTexts& texts) : parser_(std::make_unique<CLI::App>(texts.meaning, texts.name)) {
    // Commands inherit what is set before they are added.
    parser_->set_version_flag("--version", texts.version);
    parser_->require_subcommand(1);
    parser_->set_help_all_flag("--help-all", "Help for all subcommands");
    parser_->footer(texts.footer);
}

CommandLine::~CommandLine() = default;

Command CommandLine::program() { return Command(*parser_, exit_code_); }

int CommandLine::run(int count, const char* const* arguments) {
    exit_code_ = exit_ok;
    try {
        parser_->parse(count, arguments);
    } catch (const CLI::Success& asked) {
        return parser_->exit(asked, std::cout, std::cerr) == 0 ? exit_ok : exit_usage;
    } catch (const CLI::ParseError& error) {
        const auto [command, name] = named_command(*parser_);
        std::cerr << "ytterby: " << text_of(error, *command) << "\nSee: " << name << " --help\n";
        return exit_usage;
    }
    return exit_code_;
}

void throw_missing(const std::string& name) { throw WrongUse(name + " is missing"); }

void throw_wrong_option(const std::string& option, const std::string& why) { throw WrongUse(option + ": " + why); }

}  // namespace ytterby

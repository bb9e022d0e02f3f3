#include "app/command_line.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <utility>

#include "app/commands.hpp"

namespace ytterby {

CommandOption& CommandOption::required() {
    option_->required();
    return *this;
}

CommandOption& CommandOption::repeatable() {
    option_->take_all()->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    return *this;
}

CommandOption& CommandOption::comma_separated() {
    option_->delimiter(',');
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
    option_->check(CLI::IsMember(choices));
    return *this;
}

CommandOption& CommandOption::between(int least, int most) {
    option_->check(CLI::Range(least, most));
    return *this;
}

CommandOption& CommandOption::between(double least, double most) {
    option_->check(CLI::Range(least, most));
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
    } catch (const CLI::ParseError& error) {
        return parser_->exit(error, std::cout, std::cerr) == 0 ? exit_ok : exit_usage;
    }
    return exit_code_;
}

void throw_missing(const std::string& name) { throw CLI::RequiredError(name); }

void throw_wrong_option(const std::string& option, const std::string& why) { throw CLI::ValidationError(option, why); }

}  // namespace ytterby

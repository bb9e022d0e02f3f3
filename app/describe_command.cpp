#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "app/command_line.hpp"
#include "app/commands.hpp"
#include "app/listings.hpp"
#include "app/output.hpp"
#include "core/config/diagnostics.hpp"
#include "simulation/scenario/scenario.hpp"

namespace ytterby {
namespace {

/// Full paths of all keys and tables of that name, at any depth.
void collect_paths(const KeyRecord& table, const std::string& name, const std::string& above,
                   std::vector<std::string>& paths) {
    for (const KeyRecord& child : table.children) {
        const std::string path = above + child.name;
        if (child.name == name) {
            paths.push_back(path);
        }
        collect_paths(child, name, path + ".", paths);
    }
}

/// The table or key of a topic such as policy.export_control, each part one level down; null where there is none, after
/// a message that names what there is.
const KeyRecord* find_topic(const KeyRecord& all, const std::string& topic) {
    const KeyRecord* found = &all;
    for (std::size_t begin = 0; begin <= topic.size();) {
        const std::size_t end = std::min(topic.find('.', begin), topic.size());
        const std::string part = topic.substr(begin, end - begin);
        const KeyRecord* child = found->find(part);
        if (child == nullptr) {
            std::vector<std::string> known;
            known.reserve(found->children.size());
            for (const KeyRecord& other : found->children) {
                known.push_back(other.name);
            }
            if (begin == 0) {
                known.insert(known.end(), listing_topics().begin(), listing_topics().end());
            }
            std::vector<std::string> deeper;
            collect_paths(*found, part, topic.substr(0, begin), deeper);
            std::cerr << "ytterby: nothing called '" << topic.substr(0, end) << "' to describe; "
                      << (!deeper.empty() ? "did you mean " + join_names(deeper) + "?" : suggest_name(part, known))
                      << '\n';
            return nullptr;
        }
        found = child;
        begin = end + 1;
    }
    return found;
}

struct DescribeOptions {
    std::string topic, config;
    std::string format = "text";
};

/// The tables that a list is of: those of a scenario, or those that come with the program.
BaseData data_of(const DescribeOptions& options) {
    if (!options.config.empty()) {
        return load_scenario(options.config, {}).data;
    }
    const std::string folder = shipped_data_folder();
    if (folder.empty()) {
        throw InputError(Problem{.key = options.topic,
                                 .what = "there are no tables beside the program",
                                 .why = "this list is of names that the data define",
                                 .suggestion = "name a scenario: --config FILE"});
    }
    Problems problems;
    BaseData data = read_base_data(folder, Scenario().base_year, problems);
    problems.throw_if_any();
    return data;
}

int print_listing(const DescribeOptions& options) {
    const Listing listing = listing_of(options.topic, is_of_data(options.topic) ? data_of(options) : BaseData());
    print_text("{}", options.format == "json"       ? listing_json(listing)
                     : options.format == "markdown" ? listing_markdown(listing)
                                                    : listing_text(listing));
    return exit_ok;
}

int describe(const DescribeOptions& options) {
    const std::vector<std::string>& lists = listing_topics();
    if (std::find(lists.begin(), lists.end(), options.topic) != lists.end()) {
        return print_listing(options);
    }
    const KeyRecord all = describe_scenario();
    KeyRecord shown = all;
    if (!options.topic.empty()) {
        const KeyRecord* found = find_topic(all, options.topic);
        if (found == nullptr) {
            return exit_usage;
        }
        shown = KeyRecord{};
        shown.children.push_back(*found);
    }
    if (options.format == "json") {
        print_text("{}\n", describe_json(shown));
    } else if (options.format == "markdown") {
        print_text("{}", describe_markdown(shown));
    } else {
        print_text("{}", describe_text(shown));
    }
    return exit_ok;
}

}  // namespace

void add_describe_command(Command program) {
    auto options = std::make_shared<DescribeOptions>();
    Command command = program.subcommand("describe", "List every key, and the names that a scenario or sweep may use");
    command.option("topic", options->topic,
                   "A table such as policy, market, stocks, a path such as policy.export_control, or a list: " +
                       join_names(listing_topics()));
    command.option("--config", options->config, "Scenario whose data the list is of (default: the shipped data)");
    command.option("--format", options->format, "text, markdown or json").one_of({"text", "markdown", "json"});
    command.action([options] { return describe(*options); });
}

}  // namespace ytterby

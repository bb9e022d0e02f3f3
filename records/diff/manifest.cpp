#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string_view>
#include <vector>

#include "core/config/diagnostics.hpp"
#include "core/config/json.hpp"
#include "records/diff/diff.hpp"
#include "records/manifest.hpp"

namespace ytterby {

namespace {

constexpr std::string_view not_set = "not set";

/// Facts, besides the config and the input files, that may explain why results differ.
constexpr std::array compared_facts{"seed",          "replicate",    "branch_of",      "status",     "ticks_done",
                                    "build.version", "build.commit", "build.compiler", "build.flags"};

/// A value and where it was written.
struct Fact {
    std::string value;
    std::string origin;
};

using Facts = std::map<std::string, Fact>;

/// Splits "policy.ga_licence.start.value[0]" into key and element, if it belongs to a value whose origin is known.
bool read_config_leaf(const std::string& path, const std::string& value,
                      const std::map<std::string, std::string>& leaves, Facts& facts) {
    constexpr std::string_view config = "config.", held = ".value";
    if (!path.starts_with(config)) {
        return false;
    }
    for (std::size_t at = path.find(held); at != std::string::npos; at = path.find(held, at + 1)) {
        const std::size_t end = at + held.size();
        if (end < path.size() && path[end] != '[' && path[end] != '.') {
            continue;
        }
        const auto origin = leaves.find(path.substr(0, at) + ".origin");
        if (origin == leaves.end()) {
            continue;
        }
        facts[path.substr(config.size(), at - config.size()) + path.substr(end)] = {value, origin->second};
        return true;
    }
    return false;
}

/// Names for input files that do not depend on the place from which a run was started: the fewest last parts of each
/// path that tell it from the others.
std::map<std::string, std::string> short_names(const std::vector<std::string>& paths) {
    std::map<std::string, std::string> names;
    for (const std::string& path : paths) {
        std::size_t begin = path.size();
        std::string name = path;
        while (begin > 0) {
            begin = path.rfind('/', begin - 1);
            begin = begin == std::string::npos ? 0 : begin;
            name = path.substr(begin == 0 ? 0 : begin + 1);
            const auto shared = std::count_if(paths.begin(), paths.end(), [&](const std::string& other) {
                return other == name || other.ends_with("/" + name);
            });
            if (shared <= 1) {
                break;
            }
        }
        names[path] = name;
    }
    return names;
}

Facts facts_of(const std::filesystem::path& folder) {
    std::ifstream in(folder / manifest_file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    if (!in.good() && text.empty()) {
        return {};
    }
    const std::optional<Json> json = parse_json(text);
    if (!json) {
        throw InputError(Problem{.what = (folder / manifest_file).string() + " is not JSON",
                                 .suggestion = "the file is damaged; compare another run"});
    }
    std::map<std::string, std::string> leaves;
    for (JsonLeaf& leaf : json_leaves(*json)) {
        leaves.emplace(std::move(leaf.path), std::move(leaf.value));
    }

    Facts facts;
    for (const char* name : compared_facts) {
        const auto found = leaves.find(name);
        if (found != leaves.end()) {
            facts[name] = {found->second, ""};
        }
    }
    constexpr std::string_view input = "input_files[", path_member = ".path";
    const auto is_input = [&](const std::string& path) {
        return path.starts_with(input) && path.ends_with(path_member);
    };
    std::vector<std::string> files;
    for (const auto& [path, value] : leaves) {
        if (is_input(path)) {
            files.push_back(value);
        }
    }
    const std::map<std::string, std::string> names = short_names(files);
    for (const auto& [path, value] : leaves) {
        if (is_input(path)) {
            const auto hash = leaves.find(path.substr(0, path.size() - path_member.size()) + ".xxh3_128");
            facts["input file " + names.at(value)] = {hash == leaves.end() ? "" : hash->second, ""};
        } else if (!read_config_leaf(path, value, leaves, facts) && path.starts_with("config.") &&
                   !path.ends_with(".origin") && !path.ends_with(".unit")) {
            facts[path.substr(7)] = {value, ""};  // a config without origins
        }
    }
    return facts;
}

}  // namespace

std::vector<KeyDifference> compare_manifests(const std::filesystem::path& first, const std::filesystem::path& second) {
    const Facts ours = facts_of(first), theirs = facts_of(second);
    std::set<std::string> keys;
    for (const Facts* facts : {&ours, &theirs}) {
        for (const auto& [key, fact] : *facts) {
            keys.insert(key);
        }
    }
    std::vector<KeyDifference> differences;
    for (const std::string& key : keys) {
        const auto a = ours.find(key), b = theirs.find(key);
        const Fact nothing{std::string(not_set), ""};
        const Fact& before = a == ours.end() ? nothing : a->second;
        const Fact& after = b == theirs.end() ? nothing : b->second;
        const bool only_one = (a == ours.end()) != (b == theirs.end());
        // The defaults of a block that the other run does not have add nothing to the block itself.
        if (only_one && (before.origin == "default" || after.origin == "default")) {
            continue;
        }
        if (before.value != after.value || only_one) {
            differences.push_back({key, before.value, after.value, before.origin, after.origin});
        }
    }
    return differences;
}

}  // namespace ytterby

#include "records/checkpoint/match.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "core/check.hpp"
#include "core/config/json.hpp"

namespace ytterby {

namespace {

/// Effective values by key; the items of a list are joined.
std::map<std::string, std::string> values_of(std::string_view text) {
    constexpr std::string_view mark = ".value";
    const std::optional<Json> json = parse_json(text);
    ensure(json.has_value(), "a resolved config is JSON");
    std::map<std::string, std::string> values;
    for (const JsonLeaf& leaf : json_leaves(*json)) {
        const std::size_t at = leaf.path.rfind(mark);
        if (at == std::string::npos) {
            continue;
        }
        const std::string rest = leaf.path.substr(at + mark.size());
        if (!rest.empty() && rest.front() != '[' && rest.front() != '.') {
            continue;
        }
        std::string& value = values[leaf.path.substr(0, at)];
        value += (value.empty() ? "" : ", ") + (rest.starts_with('.') ? rest.substr(1) + " = " : "") + leaf.value;
    }
    return values;
}

}  // namespace

std::vector<ConfigDifference> config_differences(std::string_view before_json, std::string_view after_json) {
    const auto before = values_of(before_json);
    const auto after = values_of(after_json);
    std::set<std::string> keys;
    for (const auto* values : {&before, &after}) {
        for (const auto& [key, value] : *values) {
            keys.insert(key);
        }
    }
    std::vector<ConfigDifference> list;
    for (const std::string& key : keys) {
        const auto one = before.find(key);
        const auto other = after.find(key);
        if (one != before.end() && other != after.end() && one->second == other->second) {
            continue;
        }
        list.push_back({key, one == before.end() ? "" : one->second, other == after.end() ? "" : other->second});
    }
    return list;
}

void require_same_config(const CheckpointOrigin& origin, std::string_view config_json,
                         bool (*may_change)(std::string_view key), const std::string& suggestion) {
    Problems problems;
    const auto shown = [](const std::string& value) {
        return value.empty() ? std::string("not set") : "'" + value + "'";
    };
    for (const ConfigDifference& difference : config_differences(origin.config_json, config_json)) {
        if (may_change(difference.key)) {
            continue;
        }
        problems.add({.key = difference.key,
                      .what = "it is " + shown(difference.after) + ", the checkpoint of tick " +
                              std::to_string(origin.tick) + " was made with " + shown(difference.before),
                      .why = "what was built from it no longer fits",
                      .suggestion = suggestion});
    }
    problems.throw_if_any();
}

void require_same_data(const CheckpointOrigin& origin, const std::vector<std::string>& data) {
    std::vector<std::string> changed;
    std::set_symmetric_difference(origin.data.begin(), origin.data.end(), data.begin(), data.end(),
                                  std::back_inserter(changed));
    if (changed.empty()) {
        return;
    }
    const std::string name = changed.front().substr(0, changed.front().find(' '));
    throw InputError(Problem{
        .key = "data.folder",
        .what = name + " is not as it was when the checkpoint of tick " + std::to_string(origin.tick) + " was made",
        .why = "the economy is built from it",
        .suggestion = "put the old table back, or start the run anew"});
}

std::string program_difference(const CheckpointOrigin& origin, const BuildInfo& build) {
    if (origin.version != build.version) {
        return "version " + origin.version + ", this program is " + build.version;
    }
    if (origin.commit != build.commit) {
        return "commit " + origin.commit + ", this program is of " + build.commit;
    }
    if (origin.compiler != build.compiler) {
        return "one compiled by " + origin.compiler + ", this program is by " + build.compiler;
    }
    return "";
}

std::vector<std::string> data_facts(const Manifest& manifest, const std::vector<std::string>& files) {
    std::vector<std::string> facts;
    for (const InputFile& file : manifest.input_files) {
        if (std::find(files.begin(), files.end(), file.path) != files.end()) {
            facts.push_back(std::filesystem::path(file.path).filename().string() + " " + file.hash);
        }
    }
    std::sort(facts.begin(), facts.end());
    return facts;
}

}  // namespace ytterby

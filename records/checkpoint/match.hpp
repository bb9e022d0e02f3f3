#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "records/checkpoint/checkpoint.hpp"

namespace ytterby {

/// A key whose values differ between two resolved configs; empty where it is missing.
struct ConfigDifference {
    std::string key = {};
    std::string before = {};
    std::string after = {};
};

/// Compares two resolved configs (echo_json) value by value, in the order of keys; the origins of values are ignored.
std::vector<ConfigDifference> config_differences(std::string_view before_json, std::string_view after_json);

/// Throws InputError when keys that may not change have other values; the message names each and a remedy.
void require_same_config(const CheckpointOrigin& origin, std::string_view config_json,
                         bool (*may_change)(std::string_view key), const std::string& suggestion);

/// Throws InputError when the tables of data are not those of the checkpoint's run.
void require_same_data(const CheckpointOrigin& origin, const std::vector<std::string>& data);

/// How the program that wrote the checkpoint differs from another in ways that may change results; "" if it does not.
std::string program_difference(const CheckpointOrigin& origin, const BuildInfo& build);

/// Name and fingerprint, from a manifest, of each of the given files.
std::vector<std::string> data_facts(const Manifest& manifest, const std::vector<std::string>& files);

}  // namespace ytterby

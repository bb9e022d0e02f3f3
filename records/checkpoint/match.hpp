#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "records/checkpoint/checkpoint.hpp"

namespace ytterby {

/// A key that has another value in one of two resolved configs; empty where it is missing.
struct ConfigDifference {
    std::string key = {};
    std::string before = {};
    std::string after = {};
};

/// Compares two resolved configs (echo_json) value by value, in the order of keys; where values come from is no
/// difference.
std::vector<ConfigDifference> config_differences(std::string_view before_json, std::string_view after_json);

/// Throws InputError when values differ of keys that may not: names each and what may be done.
void require_same_config(const CheckpointOrigin& origin, std::string_view config_json,
                         bool (*may_change)(std::string_view key), const std::string& suggestion);

/// Throws InputError when the tables of data are not those of the checkpoint's run.
void require_same_data(const CheckpointOrigin& origin, const std::vector<std::string>& data);

/// In what the program that wrote the checkpoint differs from another so that results may: "" when in nothing.
std::string program_difference(const CheckpointOrigin& origin, const BuildInfo& build);

/// Name and fingerprint of each of the given files among those of a manifest.
std::vector<std::string> data_facts(const Manifest& manifest, const std::vector<std::string>& files);

}  // namespace ytterby

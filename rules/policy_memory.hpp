#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace ytterby {

/// A policy's own memory: named series of numbers, kept in the World under the policy's name.
using PolicyMemory = std::map<std::string, std::vector<double>, std::less<>>;

/// Memories of all policies after a tick, by name.
using PolicyMemories = std::map<std::string, PolicyMemory, std::less<>>;

}  // namespace ytterby

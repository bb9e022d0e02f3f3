#pragma once

#include <map>
#include <string>
#include <vector>

#include "agents/world/deal_state.hpp"
#include "agents/world/names.hpp"
#include "core/config/config.hpp"
#include "core/config/keys.hpp"

namespace ytterby {

/// [deals]: whether stakes in plants are traded across borders, and on which terms.
struct DealKeys {
    DealRules rules;
    std::vector<std::string> state_backed;          // countries or groups
    std::vector<std::string> closed_hosts;          // countries or groups
    std::map<std::string, double> extra_funds_usd;  // country -> USD a year
};

void read(KeyReader& keys, DealKeys& deals);

/// Resolves the countries; unknown names become problems.
void resolve(const ConfigDocument& document, const std::string& path, const Names& names, DealKeys& deals,
             Problems& problems);

}  // namespace ytterby

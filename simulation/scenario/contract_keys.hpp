#pragma once

#include <map>
#include <optional>
#include <string>

#include "agents/world/names.hpp"
#include "core/config/config.hpp"
#include "core/config/keys.hpp"

namespace ytterby {

/// Terms of the contracts of one good that replace the common ones.
struct OfftakeTerms {
    std::optional<double> index_months;
    std::optional<double> discount_share;
    std::optional<double> floor_usd_per_t;
    std::optional<double> cap_usd_per_t;
    std::optional<double> length_months;
    std::string benchmark;  // country whose price is the index; empty = the seller's
};

/// [contracts]: the share of trade under long-term contract, and its terms.
struct ContractKeys {
    std::map<std::string, double> share;  // good, metal or * -> share of the base flows
    bool captive = false;
    double index_months = 3.0;
    double discount_share = 0.0;
    double length_months = 12.0;
    double lapse_months = 6.0;
    double force_majeure_share = 0.5;
    std::map<std::string, OfftakeTerms> terms;
};

void read(KeyReader& keys, ContractKeys& contracts);

/// Reports names of goods and benchmark countries that the data do not list.
void check_contracts(const ConfigDocument& document, const std::string& path, const ContractKeys& contracts,
                     const Names& names, Problems& problems);

}  // namespace ytterby

#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/diagnostics.hpp"
#include "core/ids.hpp"

namespace ytterby {

/// The names that a scenario may use for countries and goods, and their meaning.
struct Names {
    std::vector<std::string> countries;                    // codes, by CountryId
    std::vector<std::string> goods;                        // "metal.stage", by GoodId
    std::vector<std::string> processes;                    // of the data's plants
    std::map<std::string, std::vector<CountryId>> groups;  // "EU27", "G7", "MSP": members

    /// A country code or a group; nothing when unknown. "*" is every country.
    std::optional<std::vector<CountryId>> find_countries(std::string_view name) const;
    /// A good, "metal" or "metal.*" for all its stages, "*.ore" for all ores, "*" for all goods.
    std::optional<std::vector<GoodId>> find_goods(std::string_view name) const;
    /// "did you mean ...?" for a misspelt name, or a list of the known ones.
    std::string suggest_country(std::string_view name) const;
    std::string suggest_good(std::string_view name) const;
};

/// A key's text and where it was written, kept until its meaning can be checked.
struct WrittenNames {
    std::string key;
    SourceLocation where;
    std::vector<std::string> words;
};

/// Looks up each name; unknown ones become problems with the nearest known name.
std::vector<CountryId> resolve_countries(const WrittenNames& written, const Names& names, Problems& problems);
std::vector<GoodId> resolve_goods(const WrittenNames& written, const Names& names, Problems& problems);

}  // namespace ytterby

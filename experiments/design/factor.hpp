#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/config/diagnostics.hpp"
#include "statistics/distribution.hpp"

namespace ytterby {

/// Something that a design varies: an uncertainty, or a lever that a government can pull. It has either a list of
/// levels (values of a key, or measures taken out and left in) or a distribution.
struct Factor {
    std::string name;
    bool is_lever = false;
    std::string key;                  // path as `--set` takes it; empty for a switch
    std::vector<std::string> blocks;  // paths of the blocks that a switch takes out, such as policy.gallium_licence
    std::vector<std::string> list;    // values in TOML
    std::optional<Distribution> distribution;
    std::uint32_t levels = 2;  // of a distribution, in designs of levels
    bool is_whole = false;     // the key takes whole numbers only
    SourceLocation where;

    bool is_switch() const { return !blocks.empty(); }
    /// Levels in a design of levels.
    std::uint32_t level_count() const;
    /// The point of the unit interval of a level.
    double level_unit(std::uint32_t level) const;
    /// The point of the low (false) or high (true) level in a design of two levels.
    double end_unit(bool high) const;
    /// The point at which it stays while others move: the first level of a list, the median of a distribution.
    double base_unit() const;
    /// The value at a point of the unit interval, as TOML; "off" or "on" for a switch.
    std::string value(double unit) const;
};

/// A value in TOML as it is written in tables: texts without quotes.
std::string plain_value(const std::string& toml);

}  // namespace ytterby

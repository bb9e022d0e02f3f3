#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/diagnostics.hpp"

namespace ytterby {

struct ConfigMember;

/// The types a configuration value can have; `date` is a bare TOML date or time, kept as its text.
enum class ConfigKind { table, array, text, integer, number, boolean, date };

/// One value of a configuration and where it was written.
struct ConfigValue {
    ConfigKind kind = ConfigKind::table;
    std::string text = {};
    std::int64_t integer = 0;
    double number = 0.0;
    bool boolean = false;
    std::vector<ConfigValue> items = {};  ///< elements of an array, in order
    std::vector<ConfigMember> members;    ///< entries of a table, sorted by key
    SourceLocation where = {};

    /// Returns the member of a table, or null.
    const ConfigValue* find(std::string_view key) const;
    ConfigValue* find(std::string_view key);
    /// Returns the entry of a table with the location of its key, or null.
    const ConfigMember* find_member(std::string_view key) const;
    /// Sets a member of a table, replacing an earlier one.
    ConfigValue& assign(std::string_view key, SourceLocation key_where, ConfigValue value);
    /// Removes a member of a table if it is there.
    void erase(std::string_view key);
    /// The `name` of a table that has one, else an empty string.
    std::string_view name() const;
    /// True for a non-empty array that holds nothing but tables.
    bool is_table_array() const;

    static ConfigValue make_table(SourceLocation where = {});
    static ConfigValue make_text(std::string text, SourceLocation where = {});
    static ConfigValue make_integer(std::int64_t integer, SourceLocation where = {});
    static ConfigValue make_number(double number, SourceLocation where = {});
    static ConfigValue make_boolean(bool boolean, SourceLocation where = {});
    static ConfigValue make_array(std::vector<ConfigValue> items, SourceLocation where = {});
};

/// One entry of a table: its key, the key's location, and its value.
struct ConfigMember {
    std::string key = {};
    SourceLocation where = {};
    ConfigValue value = {};
};

/// Names a kind with its article for messages: "a table", "a whole number".
std::string_view describe_kind(ConfigKind kind);

/// Renders a value as TOML on one line, doubles in shortest form that reads back the same.
std::string toml_text(const ConfigValue& value);
/// Renders a double in the shortest form that reads back the same, with a point or an exponent.
std::string toml_number(double number);
/// Renders a string as a quoted TOML string.
std::string toml_quoted(std::string_view text);
/// Renders a key bare where TOML allows it, else quoted.
std::string toml_key(std::string_view key);

/// Returns the text of a file for inclusion, or nothing when it cannot be read, with the reason in `why`.
using ConfigFileReader = std::function<std::optional<std::string>(const std::string& path, std::string& why)>;

/// A configuration: one file with everything it includes and the `--set` overrides, merged into one tree in which each
/// value has its origin. `schema` and `include` are checked and removed from the tree.
class ConfigDocument {
public:
    /// Reads a file with its includes, then applies the overrides. Throws InputError with every problem found.
    static ConfigDocument load(const std::string& path, std::span<const std::string> overrides = {});

    /// The same, but only unreadable or malformed files throw; other problems (an unknown name in `--set`, say) are
    /// added to `problems`, so that a caller can find the rest in the same pass.
    static ConfigDocument load(const std::string& path, std::span<const std::string> overrides, Problems& problems);

    /// Reads a configuration from text; `file` names it in messages and is what includes are relative to.
    /// Includes are read with `reader` (from disk when it is empty). Throws InputError.
    static ConfigDocument parse(std::string_view text, const std::string& file = "text",
                                std::span<const std::string> overrides = {}, const ConfigFileReader& reader = {});

    /// Reads a file in which the `schema` line may be missing, such as a market case that was written elsewhere.
    /// Throws InputError with every problem found.
    static ConfigDocument load_case(const std::string& path);
    /// The same from text.
    static ConfigDocument parse_case(std::string_view text, const std::string& file);

    /// The merged tree.
    const ConfigValue& root() const { return root_; }

    /// Every file read, the main one first, then in the order of first inclusion.
    const std::vector<std::string>& files() const { return files_; }

    /// Returns the value at a path such as `policy.ga_licence.start` or `good."gallium.refined".price`, or null.
    const ConfigValue* find(std::string_view path) const;

    /// Applies `path=value` overrides; the value is TOML, and a bare word that is not TOML counts as text.
    /// `policy.NAME.key` addresses a named entry of an array of tables, `policy.NAME.remove=true` drops it.
    /// The origin of a value set here is `--set argument N`, N counting from 1.
    void apply_overrides(std::span<const std::string> overrides, Problems& problems);

    static constexpr int schema = 1;
    static constexpr std::size_t most_bytes = 16u << 20;  ///< largest file accepted
    static constexpr int deepest_nesting = 32;  ///< nested arrays or inline tables, and parts of one dotted key

private:
    ConfigValue root_;
    std::vector<std::string> files_;
};

/// Splits a path such as `good."gallium.refined".key` at dots outside quotes; nothing when it is malformed.
std::optional<std::vector<std::string>> split_config_path(std::string_view path);

}  // namespace ytterby

#include "core/config/config_override.hpp"

#include <charconv>
#include <system_error>
#include <utility>

#include "core/config/config_merge.hpp"
#include "core/config/toml_reader.hpp"

namespace ytterby {

namespace {

/// The first `=` outside quotes, where the path of an override ends, or npos.
std::size_t find_equals(std::string_view text) {
    char quote = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char letter = text[i];
        if (quote != 0) {
            if (letter == quote) {
                quote = 0;
            }
        } else if (letter == '"' || letter == '\'') {
            quote = letter;
        } else if (letter == '=') {
            return i;
        }
    }
    return std::string_view::npos;
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
        text.remove_prefix(1);
    }
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) {
        text.remove_suffix(1);
    }
    return text;
}

/// Applies one override and reports what is wrong with it.
class Override {
public:
    Override(SourceLocation where, Problems& problems) : where_(std::move(where)), problems_(problems) {}

    void apply(ConfigValue& root, std::string_view argument) {
        const std::size_t equals = find_equals(argument);
        if (equals == std::string_view::npos) {
            return report(std::string(argument), "no '=' in it", "an override is path=value",
                          "write it like market.mechanism=bilateral or policy.NAME.start=2026-01");
        }
        const std::string_view path = trim(argument.substr(0, equals));
        const auto parts = split_config_path(path);
        if (!parts || parts->size() > static_cast<std::size_t>(ConfigDocument::deepest_nesting)) {
            return report(std::string(path), "malformed path",
                          "a path is names with dots between, quoted where a name holds dots",
                          "write it like good.\"gallium.refined\".price_usd_per_t=300000");
        }
        if (parts->front() == "schema" || parts->front() == "include") {
            return report(std::string(path), "cannot be set", "it controls how the file itself is read",
                          "edit the file");
        }
        if (auto value = read_value(path, trim(argument.substr(equals + 1)))) {
            set(root, *parts, std::move(*value));
        }
    }

private:
    void report(std::string key, std::string what, std::string why, std::string suggestion) {
        problems_.add({.key = std::move(key),
                       .what = std::move(what),
                       .why = std::move(why),
                       .suggestion = std::move(suggestion),
                       .where = where_});
    }

    std::optional<ConfigValue> read_value(std::string_view path, std::string_view text) {
        if (text.empty()) {
            report(std::string(path), "no value after '='", "", "write \"\" for an empty text");
            return std::nullopt;
        }
        if (auto value = parse_toml_value(text, where_)) {
            return value;
        }
        if (std::string_view("[{\"'").find(text.front()) != std::string_view::npos) {
            report(std::string(path), "the value is not valid TOML: " + std::string(text.substr(0, 80)),
                   "a value that begins with a bracket or quote is read as TOML",
                   "check the brackets and quotes, and that the shell did not eat them: put the whole argument in "
                   "single quotes");
            return std::nullopt;
        }
        return ConfigValue::make_text(std::string(text), where_);
    }

    /// Walks to the table that holds the last part and makes tables that are not there yet (a key at its default).
    /// Whether such keys exist is checked when they are read; the message then names this argument.
    void set(ConfigValue& root, const std::vector<std::string>& parts, ConfigValue value) {
        ConfigValue* node = &root;
        std::string path;
        for (std::size_t i = 0; i < parts.size(); ++i) {
            const std::string& part = parts[i];
            const bool last = i + 1 == parts.size();
            if (node->kind == ConfigKind::table) {
                path = join_path(path, part);
                if (last) {
                    node->assign(part, where_, std::move(value));
                    return;
                }
                ConfigValue* child = node->find(part);
                if (child == nullptr) {
                    child = &node->assign(part, where_, ConfigValue::make_table(where_));
                }
                node = child;
                continue;
            }
            if (node->kind != ConfigKind::array || (!node->items.empty() && !node->is_table_array())) {
                return report(path, "is " + std::string(describe_kind(node->kind)) + ", so nothing can be set below it",
                              "set at " + render(node->where), "end the path here");
            }
            const std::size_t index = entry_index(*node, part);
            const std::string list = path;
            path = join_path(path, part);
            if (index == node->items.size()) {
                if (last && value.kind == ConfigKind::table) {
                    return add_entry(*node, part, std::move(value));
                }
                return report(path, "there is no [[" + list + "]] named \"" + part + "\"", "",
                              suggest_name(part, entry_names(*node)));
            }
            if (last) {
                return set_entry(*node, index, path, value);
            }
            if (i + 2 == parts.size() && parts.back() == "remove" && value.kind == ConfigKind::boolean) {
                if (value.boolean) {
                    node->items.erase(node->items.begin() + static_cast<std::ptrdiff_t>(index));
                }
                return;
            }
            node = &node->items[index];
        }
    }

    void add_entry(ConfigValue& array, const std::string& name, ConfigValue value) {
        value.assign("name", where_, ConfigValue::make_text(name, where_));
        array.items.push_back(std::move(value));
    }

    void set_entry(ConfigValue& array, std::size_t index, const std::string& path, const ConfigValue& value) {
        if (value.kind != ConfigKind::table) {
            return report(path, "is a whole block, but the value is " + std::string(describe_kind(value.kind)), "",
                          "name the key to set: " + path + ".KEY=" + toml_text(value));
        }
        merge_tables(array.items[index], value, path, problems_);
    }

    SourceLocation where_;
    Problems& problems_;
};

}  // namespace

std::size_t entry_index(const ConfigValue& array, std::string_view part) {
    const std::size_t by_name = find_entry(array, part);
    if (by_name < array.items.size()) {
        return by_name;
    }
    std::size_t number = 0;
    const auto [end, failure] = std::from_chars(part.data(), part.data() + part.size(), number);
    const bool is_number = failure == std::errc() && end == part.data() + part.size();
    return is_number && number < array.items.size() ? number : array.items.size();
}

std::optional<std::vector<std::string>> split_config_path(std::string_view path) {
    std::vector<std::string> parts;
    std::string part;
    bool quoted = false;
    for (std::size_t i = 0; i < path.size(); ++i) {
        const char letter = path[i];
        if (letter == '"' || letter == '\'') {
            const std::size_t end = path.find(letter, i + 1);
            if (end == std::string_view::npos || !part.empty() || quoted) {
                return std::nullopt;
            }
            part = path.substr(i + 1, end - i - 1);
            quoted = true;
            i = end;
        } else if (letter == '.') {
            if (part.empty() && !quoted) {
                return std::nullopt;
            }
            parts.push_back(std::exchange(part, {}));
            quoted = false;
        } else {
            if (quoted) {
                return std::nullopt;
            }
            part += letter;
        }
    }
    if (part.empty() && !quoted) {
        return std::nullopt;
    }
    parts.push_back(std::move(part));
    return parts;
}

void apply_override(ConfigValue& root, std::string_view argument, const SourceLocation& where, Problems& problems) {
    Override(where, problems).apply(root, argument);
}

}  // namespace ytterby

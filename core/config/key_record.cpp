#include "core/config/key_record.hpp"

#include <cmath>

#include "core/config/config_merge.hpp"
#include "core/config/json.hpp"
#include "core/number_text.hpp"

namespace ytterby {

namespace {

/// "required", "optional" or the default of a key.
std::string default_text(const KeyRecord& key) {
    if (key.required) {
        return "required";
    }
    return key.fallback ? "default " + toml_text(*key.fallback) : "optional";
}

bool holds_tables(const KeyRecord& key) {
    return key.type == KeyType::table || key.type == KeyType::table_list || key.type == KeyType::kind_list ||
           key.type == KeyType::table_map;
}

std::string heading(const KeyRecord& key, const std::string& path) {
    const bool list = key.type == KeyType::table_list || key.type == KeyType::kind_list;
    if (list) {
        return "[[" + path + "]]";
    }
    return key.type == KeyType::table_map ? "[" + path + ".NAME]" : "[" + path + "]";
}

void describe_key(const KeyRecord& key, std::string& out) {
    out += "  " + toml_key(key.name) + "  (" + std::string(describe_type(key.type));
    if (!key.unit.empty()) {
        out += ", " + key.unit;
    }
    out += "; " + default_text(key);
    if (!range_text(key).empty()) {
        out += "; " + range_text(key);
    }
    out += ")\n";
    if (!doc_text(key).empty()) {
        out += "      " + doc_text(key) + "\n";
    }
    if (!key.allowed.empty()) {
        out += "      one of: " + join_names(key.allowed, key.allowed.size()) + "\n";
    }
    if (!key.source.empty()) {
        out += "      source: " + key.source + "\n";
    }
}

/// Calls `visit` with the heading, doc and keys of each table of a tree, outermost first.
template <class Visit>
void for_each_table(const KeyRecord& holder, const std::string& path, const Visit& visit) {
    for (const KeyRecord& child : holder.children) {
        if (!holds_tables(child)) {
            continue;
        }
        const std::string child_path = join_path(path, child.name);
        if (child.type == KeyType::table) {
            visit(heading(child, child_path), child.doc, child);
            for_each_table(child, child_path, visit);
            continue;
        }
        for (const KeyRecord& entry : child.children) {
            std::string title = heading(child, child_path);
            if (child.type == KeyType::kind_list) {
                title += " kind = \"" + entry.name + "\"";
            }
            visit(title, child.doc, entry);
            for_each_table(entry, child.type == KeyType::table_map ? child_path + ".NAME" : child_path, visit);
        }
    }
}

bool has_plain_keys(const KeyRecord& table) {
    for (const KeyRecord& child : table.children) {
        if (!holds_tables(child)) {
            return true;
        }
    }
    return false;
}

std::string table_cell(std::string text) {
    for (std::size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2)) {
        text.insert(at, "\\");
    }
    return text;
}

Json json_of(const ConfigValue& value) {
    switch (value.kind) {
        case ConfigKind::integer:
            return value.integer;
        case ConfigKind::number:
            return value.number;
        case ConfigKind::boolean:
            return value.boolean;
        case ConfigKind::text:
        case ConfigKind::date:
            return value.text;
        case ConfigKind::array: {
            Json items = Json::array();
            for (const ConfigValue& item : value.items) {
                items.push_back(json_of(item));
            }
            return items;
        }
        case ConfigKind::table:
            break;
    }
    Json members = Json::object();
    for (const ConfigMember& member : value.members) {
        members[member.key] = json_of(member.value);
    }
    return members;
}

Json description_of(const KeyRecord& key) {
    Json json = {{"name", key.name}, {"type", describe_type(key.type)}};
    if (!key.unit.empty()) {
        json["unit"] = key.unit;
    }
    json["required"] = key.required;
    if (key.fallback) {
        json["default"] = json_of(*key.fallback);
    }
    if (std::isfinite(key.low)) {
        json["low"] = key.low;
    }
    if (std::isfinite(key.high)) {
        json["high"] = key.high;
    }
    if (!key.allowed.empty()) {
        json["allowed"] = key.allowed;
    }
    if (!key.doc.empty()) {
        json["doc"] = key.doc;
    }
    if (!key.forms.empty()) {
        json["forms"] = key.forms;
    }
    if (!key.only_with.empty()) {
        json["only_with"] = key.only_with;
    }
    if (!key.source.empty()) {
        json["source"] = key.source;
    }
    for (const KeyRecord& child : key.children) {
        json["children"].push_back(description_of(child));
    }
    return json;
}

/// A comment with unit and origin; an origin is a file name, so control characters are left out.
std::string origin_comment(const KeyRecord& key) {
    std::string text = "  # " + (key.unit.empty() ? "" : key.unit + ", ");
    for (const char letter : render(key.value->where)) {
        if (static_cast<unsigned char>(letter) >= 0x20 && letter != 0x7f) {
            text += letter;
        }
    }
    return text;
}

void echo_table(const KeyRecord& table, const std::string& path, std::string& out) {
    for (const KeyRecord& key : table.children) {
        if (holds_tables(key)) {
            continue;
        }
        if (key.value) {
            out += toml_key(key.name) + " = " + toml_text(*key.value) + origin_comment(key) + "\n";
        } else {
            out += "# " + toml_key(key.name) + ": not set\n";
        }
    }
    for (const KeyRecord& key : table.children) {
        if (!holds_tables(key)) {
            continue;
        }
        const std::string child_path = join_path(path, key.name);
        if (key.type == KeyType::table) {
            if (key.children.empty()) {
                continue;
            }
            out += "\n[" + child_path + "]\n";
            echo_table(key, child_path, out);
            continue;
        }
        for (const KeyRecord& entry : key.children) {
            const bool mapped = key.type == KeyType::table_map;
            const std::string entry_path = mapped ? join_path(child_path, entry.name) : child_path;
            out += mapped ? "\n[" + entry_path + "]\n" : "\n[[" + entry_path + "]]\n";
            echo_table(entry, entry_path, out);
        }
    }
}

Json echo_of(const KeyRecord& table) {
    Json json = Json::object();
    for (const KeyRecord& key : table.children) {
        if (key.type == KeyType::table) {
            json[key.name] = echo_of(key);
        } else if (holds_tables(key)) {
            Json& entries = json[key.name] = Json::object();
            for (const KeyRecord& entry : key.children) {
                entries[entry.name] = echo_of(entry);
            }
        } else if (key.value) {
            Json& held = json[key.name] = Json{{"value", json_of(*key.value)}};
            if (!key.unit.empty()) {
                held["unit"] = key.unit;
            }
            held["origin"] = render(key.value->where);
        }
    }
    return json;
}

}  // namespace

std::string with_unit(const std::string& text, const std::string& unit) {
    return unit.empty() ? text : text + " " + unit;
}

std::string_view describe_type(KeyType type) {
    switch (type) {
        case KeyType::number:
            return "number";
        case KeyType::integer:
            return "whole number";
        case KeyType::boolean:
            return "true or false";
        case KeyType::text:
            return "text";
        case KeyType::choice:
            return "choice";
        case KeyType::date:
            return "date";
        case KeyType::text_list:
            return "list of texts";
        case KeyType::number_list:
            return "list of numbers";
        case KeyType::number_map:
            return "numbers by name";
        case KeyType::table:
            return "section";
        case KeyType::table_list:
            return "list of blocks";
        case KeyType::kind_list:
            return "list of blocks by kind";
        case KeyType::table_map:
            return "sections by name";
    }
    return "value";
}

const KeyRecord* KeyRecord::find(std::string_view child) const {
    for (const KeyRecord& record : children) {
        if (record.name == child) {
            return &record;
        }
    }
    return nullptr;
}

std::string doc_text(const KeyRecord& key) {
    std::string head = key.forms.empty() ? "" : "form " + join_names(key.forms, key.forms.size());
    if (!key.only_with.empty()) {
        head += (head.empty() ? "with " : ", with ") + key.only_with;
    }
    return head.empty() ? key.doc : head + ": " + key.doc;
}

std::string range_text(const KeyRecord& key) {
    const bool has_low = std::isfinite(key.low);
    const bool has_high = std::isfinite(key.high);
    if (has_low && has_high) {
        return with_unit("from " + number_text(key.low) + " to " + number_text(key.high), key.unit);
    }
    if (has_low) {
        return with_unit("at least " + number_text(key.low), key.unit);
    }
    if (has_high) {
        return with_unit("at most " + number_text(key.high), key.unit);
    }
    return {};
}

std::string describe_text(const KeyRecord& root) {
    std::string out;
    const auto list_keys = [&out](const std::string& title, const std::string& doc, const KeyRecord& table) {
        if (!has_plain_keys(table) && doc.empty()) {
            return;
        }
        if (!out.empty()) {
            out += "\n";
        }
        out += title + (doc.empty() ? "" : "  " + doc) + "\n";
        for (const KeyRecord& key : table.children) {
            if (!holds_tables(key)) {
                describe_key(key, out);
            }
        }
    };
    if (has_plain_keys(root)) {
        list_keys("top level", "", root);
    }
    for_each_table(root, "", list_keys);
    return out;
}

std::string describe_markdown(const KeyRecord& root) {
    std::string out;
    const auto list_keys = [&out](const std::string& title, const std::string& doc, const KeyRecord& table) {
        out += "## `" + title + "`\n\n" + (doc.empty() ? "" : doc + "\n\n");
        if (!has_plain_keys(table)) {
            return;
        }
        out += "| key | type | unit | default | range or values | meaning | source |\n|---|---|---|---|---|---|---|\n";
        for (const KeyRecord& key : table.children) {
            if (holds_tables(key)) {
                continue;
            }
            const std::string range =
                key.allowed.empty() ? range_text(key) : join_names(key.allowed, key.allowed.size());
            const std::string fallback = key.fallback ? "`" + toml_text(*key.fallback) + "`" : default_text(key);
            out += "| `" + table_cell(key.name) + "` | " + std::string(describe_type(key.type)) + " | " +
                   table_cell(key.unit) + " | " + table_cell(fallback) + " | " + table_cell(range) + " | " +
                   table_cell(doc_text(key)) + " | " + table_cell(key.source) + " |\n";
        }
        out += "\n";
    };
    if (has_plain_keys(root)) {
        list_keys("top level", "", root);
    }
    for_each_table(root, "", list_keys);
    return out;
}

std::string describe_json(const KeyRecord& root) {
    Json keys = Json::array();
    for (const KeyRecord& child : root.children) {
        keys.push_back(description_of(child));
    }
    return json_text({{"schema", ConfigDocument::schema}, {"keys", std::move(keys)}});
}

std::string echo_toml(const KeyRecord& root) {
    std::string out = "schema = " + std::to_string(ConfigDocument::schema) + "\n";
    echo_table(root, "", out);
    return out;
}

std::string echo_json(const KeyRecord& root) { return json_text(echo_of(root)); }

}  // namespace ytterby

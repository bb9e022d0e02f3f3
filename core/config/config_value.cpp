#include <algorithm>
#include <cmath>

#include "core/config/config.hpp"
#include "core/number_text.hpp"

namespace ytterby {

namespace {

auto lower_bound(const std::vector<ConfigMember>& members, std::string_view key) {
    return std::lower_bound(members.begin(), members.end(), key,
                            [](const ConfigMember& member, std::string_view wanted) { return member.key < wanted; });
}

}  // namespace

const ConfigMember* ConfigValue::find_member(std::string_view key) const {
    const auto found = lower_bound(members, key);
    return found != members.end() && found->key == key ? &*found : nullptr;
}

const ConfigValue* ConfigValue::find(std::string_view key) const {
    const ConfigMember* member = find_member(key);
    return member == nullptr ? nullptr : &member->value;
}

ConfigValue* ConfigValue::find(std::string_view key) {
    return const_cast<ConfigValue*>(static_cast<const ConfigValue*>(this)->find(key));
}

ConfigValue& ConfigValue::assign(std::string_view key, SourceLocation key_where, ConfigValue value) {
    const auto found = lower_bound(members, key);
    const auto place = members.begin() + (found - members.cbegin());
    if (place != members.end() && place->key == key) {
        place->where = std::move(key_where);
        place->value = std::move(value);
        return place->value;
    }
    return members.insert(place, ConfigMember{std::string(key), std::move(key_where), std::move(value)})->value;
}

void ConfigValue::erase(std::string_view key) {
    const auto found = lower_bound(members, key);
    if (found != members.end() && found->key == key) {
        members.erase(members.begin() + (found - members.cbegin()));
    }
}

std::string_view ConfigValue::name() const {
    const ConfigValue* named = find("name");
    return named != nullptr && named->kind == ConfigKind::text ? std::string_view(named->text) : std::string_view();
}

bool ConfigValue::is_table_array() const {
    return kind == ConfigKind::array && !items.empty() &&
           std::all_of(items.begin(), items.end(),
                       [](const ConfigValue& item) { return item.kind == ConfigKind::table; });
}

ConfigValue ConfigValue::make_table(SourceLocation where) {
    ConfigValue value;
    value.where = std::move(where);
    return value;
}

ConfigValue ConfigValue::make_text(std::string text, SourceLocation where) {
    ConfigValue value = make_table(std::move(where));
    value.kind = ConfigKind::text;
    value.text = std::move(text);
    return value;
}

ConfigValue ConfigValue::make_integer(std::int64_t integer, SourceLocation where) {
    ConfigValue value = make_table(std::move(where));
    value.kind = ConfigKind::integer;
    value.integer = integer;
    return value;
}

ConfigValue ConfigValue::make_number(double number, SourceLocation where) {
    ConfigValue value = make_table(std::move(where));
    value.kind = ConfigKind::number;
    value.number = number;
    return value;
}

ConfigValue ConfigValue::make_boolean(bool boolean, SourceLocation where) {
    ConfigValue value = make_table(std::move(where));
    value.kind = ConfigKind::boolean;
    value.boolean = boolean;
    return value;
}

ConfigValue ConfigValue::make_array(std::vector<ConfigValue> items, SourceLocation where) {
    ConfigValue value = make_table(std::move(where));
    value.kind = ConfigKind::array;
    value.items = std::move(items);
    return value;
}

std::string_view describe_kind(ConfigKind kind) {
    switch (kind) {
        case ConfigKind::table:
            return "a table";
        case ConfigKind::array:
            return "a list";
        case ConfigKind::text:
            return "text";
        case ConfigKind::integer:
            return "a whole number";
        case ConfigKind::number:
            return "a number";
        case ConfigKind::boolean:
            return "true or false";
        case ConfigKind::date:
            return "a date";
    }
    return "a value";
}

std::string toml_number(double number) {
    if (std::isnan(number)) {
        return "nan";
    }
    if (std::isinf(number)) {
        return number > 0 ? "inf" : "-inf";
    }
    std::string text = number_text(number);
    if (text.find_first_of(".e") == std::string::npos) {
        text += ".0";
    }
    return text;
}

std::string toml_quoted(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out = "\"";
    for (const char letter : text) {
        const auto byte = static_cast<unsigned char>(letter);
        if (letter == '"' || letter == '\\') {
            out += '\\';
            out += letter;
        } else if (letter == '\n') {
            out += "\\n";
        } else if (letter == '\t') {
            out += "\\t";
        } else if (byte < 0x20 || byte == 0x7f) {
            out += "\\u00";
            out += digits[byte >> 4];
            out += digits[byte & 15];
        } else {
            out += letter;
        }
    }
    return out + "\"";
}

std::string toml_key(std::string_view key) {
    const auto is_bare = [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
               (letter >= '0' && letter <= '9') || letter == '_' || letter == '-';
    };
    const bool bare = !key.empty() && std::all_of(key.begin(), key.end(), is_bare);
    return bare ? std::string(key) : toml_quoted(key);
}

std::string toml_text(const ConfigValue& value) {
    switch (value.kind) {
        case ConfigKind::text:
            return toml_quoted(value.text);
        case ConfigKind::integer:
            return std::to_string(value.integer);
        case ConfigKind::number:
            return toml_number(value.number);
        case ConfigKind::boolean:
            return value.boolean ? "true" : "false";
        case ConfigKind::date:
            return value.text;
        case ConfigKind::array: {
            std::string out = "[";
            for (std::size_t i = 0; i < value.items.size(); ++i) {
                out += (i > 0 ? ", " : "") + toml_text(value.items[i]);
            }
            return out + "]";
        }
        case ConfigKind::table: {
            std::string out = "{";
            for (std::size_t i = 0; i < value.members.size(); ++i) {
                out +=
                    (i > 0 ? ", " : " ") + toml_key(value.members[i].key) + " = " + toml_text(value.members[i].value);
            }
            return out + (value.members.empty() ? "}" : " }");
        }
    }
    return {};
}

}  // namespace ytterby

#include "core/config/keys.hpp"

#include <cmath>

#include "core/check.hpp"
#include "core/config/config_merge.hpp"

namespace ytterby {

namespace {

const SourceLocation from_default{.file = std::string(default_origin)};

/// Shows a value in a message, cut to a readable length.
std::string shown(const ConfigValue& value) {
    if (value.kind == ConfigKind::table || value.kind == ConfigKind::array) {
        return std::string(describe_kind(value.kind));
    }
    constexpr std::size_t most_shown = 60;
    std::string text = toml_text(value);
    if (text.size() > most_shown) {
        text = text.substr(0, most_shown) + "...";
    }
    return text;
}

/// An example of a value, for "write key = ...".
std::string example(const KeyRecord& key) {
    if (key.fallback) {
        return toml_text(*key.fallback);
    }
    switch (key.type) {
        case KeyType::number:
            return std::isfinite(key.low) ? toml_number(key.low) : "1.0";
        case KeyType::integer:
            return std::abs(key.low) < 1e9 ? std::to_string(static_cast<std::int64_t>(key.low)) : "1";
        case KeyType::boolean:
            return "true";
        case KeyType::choice:
            return key.allowed.empty() ? "\"...\"" : toml_quoted(key.allowed.front());
        case KeyType::date:
            return "\"2026-01\"";
        case KeyType::text_list:
            return key.allowed.empty() ? "[\"...\"]" : "[" + toml_quoted(key.allowed.front()) + "]";
        case KeyType::number_list:
            return "[1.0]";
        case KeyType::number_map:
            return "{ NAME = 1.0 }";
        default:
            return "\"...\"";
    }
}

ConfigValue list_value(const std::vector<std::string>& texts) {
    ConfigValue list = ConfigValue::make_array({}, from_default);
    for (const std::string& text : texts) {
        list.items.push_back(ConfigValue::make_text(text, from_default));
    }
    return list;
}

ConfigValue list_value(const std::vector<double>& numbers) {
    ConfigValue list = ConfigValue::make_array({}, from_default);
    for (const double number : numbers) {
        list.items.push_back(ConfigValue::make_number(number, from_default));
    }
    return list;
}

double number_of(const ConfigValue& value) {
    return value.kind == ConfigKind::integer ? static_cast<double>(value.integer) : value.number;
}

}  // namespace

bool KeyReader::has(const std::string& name) const { return table_ != nullptr && table_->find(name) != nullptr; }

std::optional<Date> KeyReader::date_given(const std::string& name) const {
    const ConfigValue* value = table_ == nullptr ? nullptr : table_->find(name);
    const bool is_text = value != nullptr && (value->kind == ConfigKind::text || value->kind == ConfigKind::date);
    return is_text ? parse_date(value->text) : std::nullopt;
}

SourceLocation KeyReader::location(const std::string& name) const {
    if (table_ == nullptr) {
        return {};
    }
    const ConfigValue* value = table_->find(name);
    return value != nullptr ? value->where : table_->where;
}

std::string KeyReader::path_of(const std::string& name) const { return join_path(path_, name); }

void KeyReader::problem(const std::string& name, std::string what, std::string why, std::string suggestion) {
    if (describing()) {
        return;
    }
    unsound_.insert(name);
    const KeyRecord* declared = record_.find(name);
    problems_->add({.key = path_of(name),
                    .what = std::move(what),
                    .why = std::move(why),
                    .suggestion = std::move(suggestion),
                    .unit = declared == nullptr ? "" : declared->unit,
                    .where = location(name)});
}

std::string KeyReader::heading() const { return path_.empty() ? "at the top of the file" : "under [" + path_ + "]"; }

void KeyReader::finish() {
    if (describing() || !knows_its_keys_) {
        return;
    }
    for (const ConfigMember& member : table_->members) {
        if (declared_.count(member.key) == 0) {
            report_unknown(member);
        }
    }
}

void KeyReader::report_unknown(const ConfigMember& member) {
    unsound_.insert(member.key);
    if (const auto found = misplaced_.find(member.key); found != misplaced_.end()) {
        problems_->add({.key = path_of(member.key),
                        .what = found->second.what,
                        .why = found->second.why,
                        .suggestion = found->second.suggestion,
                        .where = member.where});
        return;
    }
    std::vector<std::string> known;
    known.reserve(record_.children.size());
    for (const KeyRecord& child : record_.children) {
        known.push_back(child.name);
    }
    const std::string nearest = nearest_name(member.key, known);
    problems_->add({.key = path_of(member.key),
                    .what = member.value.kind == ConfigKind::table ? "unknown section" : "unknown key",
                    .why = "there is none of this name " + (path_.empty() ? "at the top level" : "in [" + path_ + "]"),
                    .suggestion = !nearest.empty() ? "did you mean '" + nearest + "'?"
                                  : known.empty()  ? "remove it: nothing can be set here"
                                                   : "known here: " + join_names(known),
                    .where = member.where});
}

// Returns the document's value of a key, or null; reports a required key that is missing.
const ConfigValue* KeyReader::take(const KeyRecord& declared, bool may_be_absent) {
    ensure(declared_.insert(declared.name).second, "key '" + path_of(declared.name) + "' is declared twice");
    if (describing()) {
        return nullptr;
    }
    const ConfigValue* value = table_->find(declared.name);
    if (value == nullptr && !declared.fallback && !may_be_absent) {
        reject(declared, table_->where, "missing, and it has no default",
               "add `" + toml_key(declared.name) + " = " + example(declared) + "` " + heading());
    }
    return value;
}

// Records the key with its effective value: the one read, else the fallback.
void KeyReader::conclude(KeyRecord declared, std::optional<ConfigValue> value) {
    if (!describing()) {
        declared.value = value ? std::move(value) : declared.fallback;
    }
    record_.children.push_back(std::move(declared));
}

void KeyReader::reject(const KeyRecord& declared, const SourceLocation& where, std::string what,
                       std::string suggestion) {
    unsound_.insert(declared.name);
    problems_->add({.key = path_of(declared.name),
                    .what = std::move(what),
                    .why = declared.doc,
                    .suggestion = std::move(suggestion),
                    .unit = declared.unit,
                    .where = where});
}

void KeyReader::reject_kind(const KeyRecord& declared, const ConfigValue& value) {
    const bool numeric = declared.type == KeyType::number || declared.type == KeyType::integer;
    const std::string key = toml_key(declared.name);
    std::string suggestion =
        "write " + key + " = " + example(declared) + (declared.fallback ? " (the default)" : " or the like");
    if (numeric && value.kind == ConfigKind::text && !value.text.empty() &&
        value.text.find_first_not_of("0123456789.-") == std::string::npos) {
        suggestion = "take off the quotes: " + key + " = " + value.text;
    } else if (declared.type == KeyType::integer && value.kind == ConfigKind::number && std::abs(value.number) < 1e15) {
        suggestion = "write a whole number: " + key + " = " + std::to_string(std::llround(value.number));
    } else if (declared.type == KeyType::date && value.kind == ConfigKind::integer) {
        suggestion = "write the month too, as text: " + key + " = \"" + std::to_string(value.integer) + "-01\"";
    } else if ((declared.type == KeyType::text_list && value.kind == ConfigKind::text) ||
               (declared.type == KeyType::number_list &&
                (value.kind == ConfigKind::number || value.kind == ConfigKind::integer))) {
        suggestion = "put it in brackets: " + key + " = [" + toml_text(value) + "]";
    }
    reject(declared, value.where, "expected " + std::string(describe_type(declared.type)) + ", found " + shown(value),
           suggestion);
}

bool KeyReader::check_number(const KeyRecord& declared, const ConfigValue& value) {
    const double number = number_of(value);
    std::string what;
    if (!std::isfinite(number)) {
        what = toml_text(value) + " is not a finite number";
    } else if (number < declared.low) {
        what = with_unit(toml_text(value), declared.unit) + " is below the least allowed, " + toml_number(declared.low);
    } else if (number > declared.high) {
        what = with_unit(toml_text(value), declared.unit) + " is above the most allowed, " + toml_number(declared.high);
    } else {
        return true;
    }
    std::string suggestion = "use a value " + range_text(declared);
    if (range_text(declared).empty()) {
        suggestion = "use a finite number";
    }
    if (declared.high == 1.0 && declared.low >= 0.0 && number > 1.0 && number <= 100.0) {
        suggestion += "; for " + toml_text(value) + " per cent write " + toml_number(std::round(number * 1e8) / 1e10);
    } else if (declared.fallback && declared.fallback->kind != ConfigKind::array) {
        suggestion += "; the default is " + toml_text(*declared.fallback);
    }
    reject(declared, value.where, what, suggestion);
    return false;
}

bool KeyReader::check_allowed(const KeyRecord& declared, const ConfigValue& value) {
    for (const std::string& text : declared.allowed) {
        if (text == value.text) {
            return true;
        }
    }
    const std::string nearest = nearest_name(value.text, declared.allowed);
    const std::string choices =
        declared.allowed.empty() ? "nothing is allowed here" : "allowed: " + join_names(declared.allowed);
    reject(declared, value.where, shown(value) + " is not one of the allowed values",
           nearest.empty() ? choices : "did you mean '" + nearest + "'? " + choices);
    return false;
}

bool KeyReader::check_count(const KeyRecord& declared, const ConfigValue& list, std::size_t least, std::size_t most) {
    const std::size_t count = list.items.size();
    if (count >= least && count <= most) {
        return true;
    }
    const std::string wanted = least == most   ? "exactly " + std::to_string(least)
                               : count < least ? "at least " + std::to_string(least)
                                               : "at most " + std::to_string(most);
    reject(declared, list.where, "the list has " + std::to_string(count) + " values", "give " + wanted);
    return false;
}

std::optional<double> KeyReader::read_number(const std::string& name, const NumberKey& key, bool may_be_absent) {
    KeyRecord declared{.name = name,
                       .type = KeyType::number,
                       .unit = key.unit,
                       .doc = key.doc,
                       .source = key.source,
                       .required = !key.fallback && !may_be_absent,
                       .low = key.low,
                       .high = key.high};
    if (key.fallback) {
        ensure(*key.fallback >= key.low && *key.fallback <= key.high,
               "default of '" + path_of(name) + "' is out of its bounds");
        declared.fallback = ConfigValue::make_number(*key.fallback, from_default);
    }
    std::optional<ConfigValue> read;
    if (const ConfigValue* value = take(declared, may_be_absent)) {
        if (value->kind != ConfigKind::number && value->kind != ConfigKind::integer) {
            reject_kind(declared, *value);
        } else if (check_number(declared, *value)) {
            read = ConfigValue::make_number(number_of(*value), value->where);
        }
    }
    const std::optional<double> result = read ? std::optional(read->number) : key.fallback;
    conclude(std::move(declared), std::move(read));
    return result;
}

std::optional<std::int64_t> KeyReader::read_integer(const std::string& name, const IntegerKey& key,
                                                    bool may_be_absent) {
    KeyRecord declared{.name = name,
                       .type = KeyType::integer,
                       .unit = key.unit,
                       .doc = key.doc,
                       .source = key.source,
                       .required = !key.fallback && !may_be_absent};
    if (key.low != std::numeric_limits<std::int64_t>::min()) {
        declared.low = static_cast<double>(key.low);
    }
    if (key.high != std::numeric_limits<std::int64_t>::max()) {
        declared.high = static_cast<double>(key.high);
    }
    if (key.fallback) {
        ensure(*key.fallback >= key.low && *key.fallback <= key.high,
               "default of '" + path_of(name) + "' is out of its bounds");
        declared.fallback = ConfigValue::make_integer(*key.fallback, from_default);
    }
    std::optional<ConfigValue> read;
    if (const ConfigValue* value = take(declared, may_be_absent)) {
        if (value->kind != ConfigKind::integer) {
            reject_kind(declared, *value);
        } else if (check_number(declared, *value)) {
            read = *value;
        }
    }
    const std::optional<std::int64_t> result = read ? std::optional(read->integer) : key.fallback;
    conclude(std::move(declared), std::move(read));
    return result;
}

std::optional<std::string> KeyReader::read_text(const std::string& name, const TextKey& key, KeyType type,
                                                const std::vector<std::string>& allowed, bool may_be_absent) {
    KeyRecord declared{.name = name,
                       .type = type,
                       .unit = key.unit,
                       .doc = key.doc,
                       .source = key.source,
                       .required = !key.fallback && !may_be_absent,
                       .allowed = allowed};
    if (key.fallback) {
        declared.fallback = ConfigValue::make_text(*key.fallback, from_default);
    }
    std::optional<ConfigValue> read;
    if (const ConfigValue* value = take(declared, may_be_absent)) {
        const bool is_text =
            value->kind == ConfigKind::text || (type == KeyType::date && value->kind == ConfigKind::date);
        if (!is_text) {
            reject_kind(declared, *value);
        } else if (type == KeyType::choice) {
            if (check_allowed(declared, *value)) {
                read = *value;
            }
        } else if (type == KeyType::date) {
            if (parse_date(value->text)) {
                read = ConfigValue::make_text(value->text, value->where);
            } else {
                reject(declared, value->where, shown(*value) + " is not a date",
                       "write \"YYYY-MM\" or \"YYYY-MM-DD\", as in " + toml_key(name) + " = \"2026-01\"");
            }
        } else if (value->text.empty() && !key.may_be_empty && key.fallback != "") {
            reject(declared, value->where, "the text is empty",
                   "write something between the quotes, or leave the line out");
        } else {
            read = *value;
        }
    }
    std::optional<std::string> result = read ? std::optional(read->text) : key.fallback;
    conclude(std::move(declared), std::move(read));
    return result;
}

std::optional<Date> KeyReader::read_date(const std::string& name, const TextKey& key, bool may_be_absent) {
    ensure(!key.fallback || parse_date(*key.fallback), "default of '" + path_of(name) + "' is not a date");
    const auto text = read_text(name, key, KeyType::date, {}, may_be_absent);
    return text ? parse_date(*text) : std::nullopt;
}

void KeyReader::number(const std::string& name, double& out, const NumberKey& key) {
    if (const auto value = read_number(name, key, false)) {
        out = *value;
    }
}

void KeyReader::number(const std::string& name, std::optional<double>& out, const NumberKey& key) {
    out = read_number(name, key, true);
}

void KeyReader::boolean(const std::string& name, bool& out, const BooleanKey& key) {
    KeyRecord declared{
        .name = name, .type = KeyType::boolean, .doc = key.doc, .source = key.source, .required = !key.fallback};
    if (key.fallback) {
        declared.fallback = ConfigValue::make_boolean(*key.fallback, from_default);
    }
    std::optional<ConfigValue> read;
    if (const ConfigValue* value = take(declared, false)) {
        if (value->kind == ConfigKind::boolean) {
            read = *value;
        } else {
            reject_kind(declared, *value);
        }
    }
    if (read || key.fallback) {
        out = read ? read->boolean : *key.fallback;
    }
    conclude(std::move(declared), std::move(read));
}

void KeyReader::text(const std::string& name, std::string& out, const TextKey& key) {
    if (auto value = read_text(name, key, KeyType::text, {}, false)) {
        out = std::move(*value);
    }
}

void KeyReader::text(const std::string& name, std::optional<std::string>& out, const TextKey& key) {
    out = read_text(name, key, KeyType::text, {}, true);
}

void KeyReader::date(const std::string& name, Date& out, const TextKey& key) {
    if (const auto value = read_date(name, key, false)) {
        out = *value;
    }
}

void KeyReader::date(const std::string& name, std::optional<Date>& out, const TextKey& key) {
    out = read_date(name, key, true);
}

void KeyReader::choice(const std::string& name, std::string& out, const std::vector<std::string>& allowed,
                       const TextKey& key) {
    if (auto value = read_text(name, key, KeyType::choice, allowed, false)) {
        out = std::move(*value);
    }
}

void KeyReader::choice(const std::string& name, std::optional<std::string>& out,
                       const std::vector<std::string>& allowed, const TextKey& key) {
    out = read_text(name, key, KeyType::choice, allowed, true);
}

void KeyReader::text_list(const std::string& name, std::vector<std::string>& out, const TextListKey& key) {
    KeyRecord declared{.name = name,
                       .type = KeyType::text_list,
                       .doc = key.doc,
                       .source = key.source,
                       .required = !key.fallback,
                       .allowed = key.allowed};
    if (key.fallback) {
        declared.fallback = list_value(*key.fallback);
    }
    std::optional<ConfigValue> read;
    if (const ConfigValue* value = take(declared, false)) {
        bool sound = value->kind == ConfigKind::array;
        if (!sound) {
            reject_kind(declared, *value);
        }
        for (const ConfigValue& item : value->items) {
            if (item.kind != ConfigKind::text && !(key.may_hold_dates && item.kind == ConfigKind::date)) {
                reject(declared, item.where, "expected text in the list, found " + shown(item), "put it in quotes");
                sound = false;
            } else if (!key.allowed.empty() && !check_allowed(declared, item)) {
                sound = false;
            }
        }
        if (sound && check_count(declared, *value, key.least_count, key.most_count)) {
            read = *value;
        }
    }
    if (read) {
        out.clear();
        for (const ConfigValue& item : read->items) {
            out.push_back(item.text);
        }
    } else if (key.fallback) {
        out = *key.fallback;
    }
    conclude(std::move(declared), std::move(read));
}

void KeyReader::number_list(const std::string& name, std::vector<double>& out, const NumberListKey& key) {
    KeyRecord declared{.name = name,
                       .type = KeyType::number_list,
                       .unit = key.unit,
                       .doc = key.doc,
                       .source = key.source,
                       .required = !key.fallback,
                       .low = key.low,
                       .high = key.high};
    if (key.fallback) {
        declared.fallback = list_value(*key.fallback);
    }
    std::optional<ConfigValue> read;
    if (const ConfigValue* value = take(declared, false)) {
        bool sound = value->kind == ConfigKind::array;
        if (!sound) {
            reject_kind(declared, *value);
        }
        for (const ConfigValue& item : value->items) {
            if (item.kind != ConfigKind::number && item.kind != ConfigKind::integer) {
                reject(declared, item.where, "expected a number in the list, found " + shown(item),
                       "write numbers without quotes");
                sound = false;
            } else if (!check_number(declared, item)) {
                sound = false;
            }
        }
        if (sound && check_count(declared, *value, key.least_count, key.most_count)) {
            read = *value;
        }
    }
    if (read) {
        out.clear();
        for (const ConfigValue& item : read->items) {
            out.push_back(number_of(item));
        }
    } else if (key.fallback) {
        out = *key.fallback;
    }
    conclude(std::move(declared), std::move(read));
}

void KeyReader::number_map(const std::string& name, std::map<std::string, double>& out, const NumberMapKey& key) {
    KeyRecord declared{.name = name,
                       .type = KeyType::number_map,
                       .unit = key.unit,
                       .doc = key.doc,
                       .source = key.source,
                       .low = key.low,
                       .high = key.high,
                       .allowed = key.allowed};
    declared.fallback = ConfigValue::make_table(from_default);
    out.clear();
    std::optional<ConfigValue> read;
    const ConfigValue* value = take(declared, true);
    if (value != nullptr && value->kind != ConfigKind::table) {
        reject_kind(declared, *value);
    } else if (value != nullptr) {
        for (const ConfigMember& member : value->members) {
            const bool numeric = member.value.kind == ConfigKind::number || member.value.kind == ConfigKind::integer;
            if (!numeric) {
                reject(declared, member.value.where,
                       "expected a number for '" + member.key + "', found " +
                           std::string(describe_kind(member.value.kind)),
                       "write " + toml_key(member.key) + " = 1.0 or the like");
            } else if (!key.allowed.empty() &&
                       !check_allowed(declared, ConfigValue::make_text(member.key, member.where))) {
                continue;
            } else if (check_number(declared, member.value)) {
                out[member.key] = number_of(member.value);
            }
        }
        read = *value;
    }
    conclude(std::move(declared), std::move(read));
}

// Reads one table with a reader of its own and adds its record to the parent's.
void KeyReader::read_sub_table(KeyRecord& parent, const ConfigValue* table, std::string path, std::string entry_name,
                               const std::function<void(KeyReader&)>& read_entry) {
    KeyReader keys(table, problems_, std::move(path), std::move(entry_name));
    keys.record_.name = "NAME";
    read_entry(keys);
    keys.finish();
    if (!keys.is_sound()) {
        unsound_.insert(parent.name);
    }
    if (!keys.entry_name_.empty()) {
        keys.record_.name = keys.entry_name_;
    }
    parent.children.push_back(std::move(keys.record_));
}

void KeyReader::note_absent_table(const std::string& name, const TableKey& key) {
    KeyRecord declared{.name = name, .type = KeyType::table, .doc = key.doc};
    take(declared, true);
    conclude(std::move(declared), std::nullopt);
}

void KeyReader::table(const std::string& name, const std::function<void(KeyReader&)>& read_table, const TableKey& key) {
    KeyRecord declared{.name = name, .type = KeyType::table, .doc = key.doc, .required = key.required};
    const ConfigValue* value = take(declared, true);
    const ConfigValue absent = ConfigValue::make_table(describing() ? SourceLocation{} : table_->where);
    if (!describing() && value == nullptr && key.required) {
        reject(declared, table_->where, "missing section", "add a [" + path_of(name) + "] section");
    } else if (value != nullptr && value->kind != ConfigKind::table) {
        reject(declared, value->where, "expected a section, found " + std::string(describe_kind(value->kind)),
               "write a [" + path_of(name) + "] section with its keys below");
    } else {
        KeyRecord holder{.name = name};
        const ConfigValue* source = describing() ? nullptr : value != nullptr ? value : &absent;
        read_sub_table(holder, source, path_of(name), {}, read_table);
        declared.children = std::move(holder.children.front().children);
    }
    conclude(std::move(declared), std::nullopt);
}

bool KeyReader::is_list_of_tables(const KeyRecord& declared, const ConfigValue& value) {
    const std::string block = "[[" + path_of(declared.name) + "]]";
    if (value.kind == ConfigKind::array) {
        bool sound = true;
        for (const ConfigValue& item : value.items) {
            if (item.kind == ConfigKind::table) {
                continue;
            }
            reject(declared, item.where, "expected a block, found " + std::string(describe_kind(item.kind)),
                   "write a " + block + " block with its keys below");
            sound = false;
        }
        return sound;
    }
    if (value.kind == ConfigKind::table && value.where.line == 0 && !value.members.empty()) {
        reject(declared, value.where, "there is no " + block + " named \"" + value.members.front().key + "\"",
               "the configuration has no " + block + " at all: add one to the file first");
    } else if (value.kind == ConfigKind::table) {
        reject(declared, value.where, "expected a list of blocks, found one section",
               "write double brackets, " + block + ", and a name");
    } else {
        reject(declared, value.where, "expected a list of blocks, found " + std::string(describe_kind(value.kind)),
               "write a " + block + " block with its keys below");
    }
    return false;
}

// Reads the `name` of this entry, which is required and unique.
void KeyReader::read_entry_name(std::set<std::string>& taken) {
    std::string name;
    text("name", name, {.doc = "unique name; --set and later files address the block by it"});
    if (describing() || name.empty()) {
        return;
    }
    if (!taken.insert(name).second) {
        problem("name", "the name \"" + name + "\" is taken", "an earlier block has it", "give this one another name");
    }
    entry_name_ = name;
}

void KeyReader::read_entry_list(KeyRecord list, const TableKey& key, bool named,
                                const std::function<void(KeyReader&)>& read_entry) {
    const ConfigValue* value = take(list, true);
    if (!describing() && value == nullptr && key.required) {
        reject(list, table_->where, "missing: at least one block is needed",
               "add a [[" + path_of(list.name) + "]] block");
    }
    if (value != nullptr && is_list_of_tables(list, *value)) {
        std::set<std::string> taken;
        for (std::size_t i = 0; i < value->items.size(); ++i) {
            const ConfigValue& entry = value->items[i];
            const std::string label = entry.name().empty() ? std::to_string(i) : std::string(entry.name());
            read_sub_table(list, &entry, join_path(path_of(list.name), label), {}, [&](KeyReader& keys) {
                if (named) {
                    keys.read_entry_name(taken);
                }
                read_entry(keys);
            });
        }
    }
    conclude(std::move(list), std::nullopt);
}

void KeyReader::table_list(const std::string& name, const std::function<void(KeyReader&)>& read_entry,
                           const TableKey& key) {
    KeyRecord list{.name = name, .type = KeyType::table_list, .doc = key.doc, .required = key.required};
    if (describing()) {
        std::set<std::string> taken;
        read_sub_table(list, nullptr, path_of(name) + ".NAME", {}, [&](KeyReader& keys) {
            keys.read_entry_name(taken);
            read_entry(keys);
        });
    }
    read_entry_list(std::move(list), key, true, read_entry);
}

void KeyReader::block_list(const std::string& name, const std::function<void(KeyReader&)>& read_entry,
                           const TableKey& key) {
    KeyRecord list{.name = name, .type = KeyType::table_list, .doc = key.doc, .required = key.required};
    if (describing()) {
        read_sub_table(list, nullptr, path_of(name), {}, read_entry);
    }
    read_entry_list(std::move(list), key, false, read_entry);
}

void KeyReader::kind_list(const std::string& name, const std::vector<std::string>& kinds,
                          const std::function<void(KeyReader&, const std::string& kind)>& read_entry,
                          const TableKey& key, const TextKey& kind_key) {
    KeyRecord list{
        .name = name, .type = KeyType::kind_list, .doc = key.doc, .required = key.required, .allowed = kinds};
    if (describing()) {
        for (const std::string& kind : kinds) {
            std::set<std::string> taken;
            read_sub_table(list, nullptr, path_of(name) + ".NAME", {}, [&](KeyReader& keys) {
                keys.record_.name = kind;
                std::string declared_kind;
                keys.read_entry_name(taken);
                keys.choice("kind", declared_kind, kinds, kind_key);
                read_entry(keys, kind);
            });
        }
    }
    read_entry_list(std::move(list), key, true, [&](KeyReader& keys) {
        std::string kind;
        keys.choice("kind", kind, kinds, kind_key);
        keys.knows_its_keys_ = keys.is_sound("kind");
        if (keys.knows_its_keys_) {
            read_entry(keys, kind);
        }
    });
}

void KeyReader::note_misplaced(const std::string& name, std::string what, std::string why, std::string suggestion) {
    misplaced_.try_emplace(name, Misplaced{std::move(what), std::move(why), std::move(suggestion)});
}

void KeyReader::form(const std::string& name, const std::vector<std::string>& forms,
                     const std::function<void(KeyReader&, const std::string& form)>& read_form, const TextKey& key) {
    std::string chosen;
    choice(name, chosen, forms, key);
    knows_its_keys_ = knows_its_keys_ && is_sound(name);
    if (!describing() && !is_sound(name)) {
        return;
    }
    if (!describing()) {
        read_form(*this, chosen);
    }
    std::map<std::string, std::vector<std::string>> forms_of;
    std::vector<KeyRecord> found;
    for (const std::string& form : forms) {
        KeyReader reader = for_describing();
        read_form(reader, form);
        for (KeyRecord& record : reader.record_.children) {
            std::vector<std::string>& known = forms_of[record.name];
            known.push_back(form);
            if (known.size() == 1) {
                found.push_back(std::move(record));
            }
        }
    }
    for (KeyRecord& record : found) {
        const std::vector<std::string>& known = forms_of[record.name];
        if (describing()) {
            ensure(declared_.insert(record.name).second, "key '" + path_of(record.name) + "' is declared twice");
            record.forms = known.size() == forms.size() ? std::vector<std::string>{} : known;
            record_.children.push_back(std::move(record));
        } else if (declared_.count(record.name) == 0) {
            note_misplaced(record.name, "does not belong to this form",
                           "it is a key of " + name + " " + join_names(known, known.size()),
                           "drop the key, or write " + name + " = \"" + known.front() + "\"");
        }
    }
}

void KeyReader::keys_with(const std::vector<std::string>& switches, const std::function<void(KeyReader&)>& read_keys) {
    bool is_given = false;
    std::string wanted;
    for (const std::string& name : switches) {
        is_given = is_given || has(name);
        wanted += (wanted.empty() ? "" : " or ") + name;
    }
    keys_with(is_given, wanted, read_keys);
}

void KeyReader::keys_with(bool on, const std::string& wanted, const std::function<void(KeyReader&)>& read_keys) {
    if (on || describing()) {
        const std::size_t first = record_.children.size();
        read_keys(*this);
        for (std::size_t number = first; number < record_.children.size() && describing(); ++number) {
            if (record_.children[number].only_with.empty()) {
                record_.children[number].only_with = wanted;
            }
        }
        return;
    }
    KeyReader reader = for_describing();
    read_keys(reader);
    for (const KeyRecord& record : reader.record_.children) {
        note_misplaced(record.name, "has no effect without " + wanted, record.doc,
                       "add " + wanted + ", or drop the key");
    }
}

void KeyReader::refuse(const std::string& name, std::string why, std::string suggestion) {
    note_misplaced(name, "has no effect here", std::move(why), std::move(suggestion));
}

void KeyReader::table_map(const std::string& name, const std::function<void(KeyReader&)>& read_entry,
                          const TableKey& key) {
    KeyRecord map{.name = name, .type = KeyType::table_map, .doc = key.doc, .required = key.required};
    const ConfigValue* value = take(map, true);
    if (describing()) {
        read_sub_table(map, nullptr, path_of(name) + ".NAME", "NAME", read_entry);
    } else if (value == nullptr) {
        if (key.required) {
            reject(map, table_->where, "missing section", "add a [" + path_of(name) + ".NAME] section");
        }
    } else if (value->kind != ConfigKind::table) {
        reject(map, value->where, "expected sections by name, found " + std::string(describe_kind(value->kind)),
               "write [" + path_of(name) + ".NAME] with its keys below");
    } else {
        for (const ConfigMember& member : value->members) {
            const std::string path = join_path(path_of(name), member.key);
            if (member.value.kind == ConfigKind::table) {
                read_sub_table(map, &member.value, path, member.key, read_entry);
            } else {
                reject(map, member.where,
                       "expected a section for '" + member.key + "', found " +
                           std::string(describe_kind(member.value.kind)),
                       "write [" + path + "] with its keys below");
            }
        }
    }
    conclude(std::move(map), std::nullopt);
}

}  // namespace ytterby

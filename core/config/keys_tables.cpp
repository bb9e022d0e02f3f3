#include "core/check.hpp"
#include "core/config/config_merge.hpp"
#include "core/config/keys.hpp"

namespace ytterby {

void KeyReader::number_map(const std::string& name, std::map<std::string, double>& out, const NumberMapKey& key) {
    KeyRecord declared{.name = name,
                       .type = KeyType::number_map,
                       .unit = key.unit,
                       .doc = key.doc,
                       .source = key.source,
                       .low = key.low,
                       .high = key.high,
                       .allowed = key.allowed};
    declared.fallback = ConfigValue::make_table({.file = std::string(default_origin)});
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
                out[member.key] = member.value.kind == ConfigKind::integer ? static_cast<double>(member.value.integer)
                                                                           : member.value.number;
            }
        }
        read = *value;
    }
    conclude(std::move(declared), std::move(read));
}

// Reads one table with a reader of its own and files its record below the parent's.
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

// Reads the `name` of this entry, which must be there and unlike its neighbours'.
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

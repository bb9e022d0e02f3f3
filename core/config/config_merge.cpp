#include "core/config/config_merge.hpp"

#include <algorithm>
#include <map>

namespace ytterby {

namespace {

/// Removes the `remove` mark from an entry and returns whether it was set.
bool take_removal(ConfigValue& entry, const std::string& path, Problems& problems) {
    const ConfigValue* mark = entry.find("remove");
    if (mark == nullptr) {
        return false;
    }
    if (mark->kind != ConfigKind::boolean) {
        problems.add({.key = path + ".remove",
                      .what = "expected true or false, found " + std::string(describe_kind(mark->kind)),
                      .why = "remove = true drops the entry of this name that an included file defines",
                      .suggestion = "write remove = true, or leave the line out",
                      .where = mark->where});
    }
    const bool removes = mark->kind == ConfigKind::boolean && mark->boolean;
    entry.erase("remove");
    return removes;
}

/// Merges an array of tables by name; entries without a name are appended (their reader reports them).
void merge_arrays(ConfigValue& base, const ConfigValue& later, const std::string& path, Problems& problems) {
    std::map<std::string, std::size_t, std::less<>> index_of;
    for (std::size_t i = 0; i < base.items.size(); ++i) {
        index_of.emplace(base.items[i].name(), i);
    }
    std::vector<bool> removed(base.items.size(), false);

    for (const ConfigValue& later_entry : later.items) {
        ConfigValue entry = later_entry;
        const std::string name(entry.name());
        const std::string entry_path = join_path(path, name);
        const bool removes = take_removal(entry, entry_path, problems);
        const auto found = name.empty() ? index_of.end() : index_of.find(name);
        const bool known = found != index_of.end() && !removed[found->second];
        if (removes && known) {
            removed[found->second] = true;
        } else if (removes) {
            problems.add({.key = entry_path,
                          .what = "there is no earlier [[" + path + "]] of this name to remove",
                          .why = "remove = true drops an entry that an included file defines",
                          .suggestion = suggest_name(name, entry_names(base)),
                          .where = later_entry.where});
        } else if (known) {
            merge_tables(base.items[found->second], entry, entry_path, problems);
        } else {
            ConfigValue added = ConfigValue::make_table(entry.where);
            merge_tables(added, entry, entry_path, problems);
            index_of.insert_or_assign(name, base.items.size());
            base.items.push_back(std::move(added));
            removed.push_back(false);
        }
    }

    std::size_t kept = 0;
    for (std::size_t i = 0; i < base.items.size(); ++i) {
        if (removed[i]) {
            continue;
        }
        if (kept != i) {
            base.items[kept] = std::move(base.items[i]);
        }
        ++kept;
    }
    base.items.resize(kept);
}

bool has_names(const ConfigValue& array) {
    return array.is_table_array() && std::any_of(array.items.begin(), array.items.end(),
                                                 [](const ConfigValue& entry) { return !entry.name().empty(); });
}

}  // namespace

std::string join_path(const std::string& path, std::string_view key) {
    return path.empty() ? toml_key(key) : path + "." + toml_key(key);
}

std::vector<std::string> entry_names(const ConfigValue& array) {
    std::vector<std::string> names;
    for (const ConfigValue& entry : array.items) {
        if (!entry.name().empty()) {
            names.emplace_back(entry.name());
        }
    }
    return names;
}

std::size_t find_entry(const ConfigValue& array, std::string_view name) {
    std::size_t i = 0;
    while (i < array.items.size() && (name.empty() || array.items[i].name() != name)) {
        ++i;
    }
    return i;
}

void merge_tables(ConfigValue& base, const ConfigValue& later, const std::string& path, Problems& problems) {
    base.where = later.where;
    for (const ConfigMember& member : later.members) {
        const std::string member_path = join_path(path, member.key);
        ConfigValue* existing = base.find(member.key);
        if (member.value.kind == ConfigKind::table) {
            if (existing == nullptr || existing->kind != ConfigKind::table) {
                existing = &base.assign(member.key, member.where, ConfigValue::make_table(member.value.where));
            }
            merge_tables(*existing, member.value, member_path, problems);
        } else if (has_names(member.value)) {
            if (existing == nullptr || !has_names(*existing)) {
                existing = &base.assign(member.key, member.where, ConfigValue::make_array({}, member.value.where));
            }
            merge_arrays(*existing, member.value, member_path, problems);
        } else {
            base.assign(member.key, member.where, member.value);
        }
    }
}

void drop_repeated_names(ConfigValue& table, const std::string& path, Problems& problems) {
    for (ConfigMember& member : table.members) {
        const std::string member_path = join_path(path, member.key);
        if (member.value.kind == ConfigKind::table) {
            drop_repeated_names(member.value, member_path, problems);
        }
        if (!member.value.is_table_array()) {
            continue;
        }

        std::map<std::string, SourceLocation, std::less<>> first_of;
        std::vector<ConfigValue> kept;
        for (ConfigValue& entry : member.value.items) {
            const std::string name(entry.name());
            drop_repeated_names(entry, join_path(member_path, name), problems);
            const auto [first, is_new] = first_of.emplace(name, entry.where);
            if (is_new || name.empty()) {
                kept.push_back(std::move(entry));
                continue;
            }
            problems.add({.key = join_path(member_path, name),
                          .what = "a second [[" + member_path + "]] with the name \"" + name + "\"",
                          .why = "the first is at " + render(first->second) +
                                 "; names address entries, so they are unique in a file",
                          .suggestion = "give this one another name",
                          .where = entry.find("name")->where});
        }
        member.value.items = std::move(kept);
    }
}

}  // namespace ytterby

#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/calendar.hpp"
#include "core/config/config.hpp"
#include "core/config/diagnostics.hpp"
#include "core/config/key_record.hpp"

namespace ytterby {

/// A number. Without a fallback the key is required (an `std::optional` target may stay empty).
struct NumberKey {
    std::optional<double> fallback = {};
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();
    std::string unit = {};
    std::string doc = {};
    std::string source = {};
};

/// A whole number.
struct IntegerKey {
    std::optional<std::int64_t> fallback = {};
    std::int64_t low = std::numeric_limits<std::int64_t>::min();
    std::int64_t high = std::numeric_limits<std::int64_t>::max();
    std::string unit = {};
    std::string doc = {};
    std::string source = {};
};

/// True or false.
struct BooleanKey {
    std::optional<bool> fallback = {};
    std::string doc = {};
    std::string source = {};
};

/// A text, a choice or a date ("YYYY-MM" or "YYYY-MM-DD").
struct TextKey {
    std::optional<std::string> fallback = {};
    std::string doc = {};
    std::string source = {};
    std::string unit = {};
    bool may_be_empty = false;  ///< implied by an empty fallback
};

/// A list of texts; with `allowed`, each must be one of them.
struct TextListKey {
    std::optional<std::vector<std::string>> fallback = {};
    std::vector<std::string> allowed = {};
    std::size_t least_count = 0;
    std::size_t most_count = std::numeric_limits<std::size_t>::max();
    std::string doc = {};
    std::string source = {};
    bool may_hold_dates = false;  ///< without quotes, as TOML writes them
};

/// A list of numbers, each within bounds.
struct NumberListKey {
    std::optional<std::vector<double>> fallback = {};
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();
    std::size_t least_count = 0;
    std::size_t most_count = std::numeric_limits<std::size_t>::max();
    std::string unit = {};
    std::string doc = {};
    std::string source = {};
};

/// A table of numbers by name, such as shares by country; with `allowed`, each name must be one of them.
struct NumberMapKey {
    std::vector<std::string> allowed = {};
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();
    std::string unit = {};
    std::string doc = {};
    std::string source = {};
};

/// A table or a list of tables; a missing one is read as empty unless it is required.
struct TableKey {
    std::string doc = {};
    bool required = false;
};

/// Reads the keys of one table strictly: each is declared in one call, with its default, bounds, unit, doc and source.
///
/// The same declarations serve two purposes. Reading from a document fills the targets and collects every problem.
/// Describing (no document) lists the keys. Both make a KeyRecord: each key with its effective value and the value's
/// origin. After a problem the target holds the fallback, so that reading can go on.
class KeyReader {
public:
    /// Reads the given table; `path` prefixes its keys in messages. Table and problems must outlive the reader.
    KeyReader(const ConfigValue& table, Problems& problems, std::string path = {})
        : KeyReader(&table, &problems, std::move(path), {}) {}

    /// Makes a reader without a document, for describing.
    static KeyReader for_describing() { return KeyReader(nullptr, nullptr, {}, {}); }

    bool describing() const { return table_ == nullptr; }

    void number(const std::string& name, double& out, const NumberKey& key);
    void number(const std::string& name, std::optional<double>& out, const NumberKey& key);
    void boolean(const std::string& name, bool& out, const BooleanKey& key);
    void text(const std::string& name, std::string& out, const TextKey& key);
    void text(const std::string& name, std::optional<std::string>& out, const TextKey& key);
    void date(const std::string& name, Date& out, const TextKey& key);
    void date(const std::string& name, std::optional<Date>& out, const TextKey& key);
    void text_list(const std::string& name, std::vector<std::string>& out, const TextListKey& key);
    void number_list(const std::string& name, std::vector<double>& out, const NumberListKey& key);
    void number_map(const std::string& name, std::map<std::string, double>& out, const NumberMapKey& key);

    /// A whole number into any integral type; the type's range bounds it too.
    template <std::integral Integer>
        requires(!std::same_as<Integer, bool>)
    void integer(const std::string& name, Integer& out, const IntegerKey& key) {
        if (const auto value = read_integer(name, within<Integer>(key), false)) {
            out = static_cast<Integer>(*value);
        }
    }
    template <std::integral Integer>
        requires(!std::same_as<Integer, bool>)
    void integer(const std::string& name, std::optional<Integer>& out, const IntegerKey& key) {
        out.reset();
        if (const auto value = read_integer(name, within<Integer>(key), true)) {
            out = static_cast<Integer>(*value);
        }
    }

    /// One of the allowed texts.
    void choice(const std::string& name, std::string& out, const std::vector<std::string>& allowed, const TextKey& key);
    void choice(const std::string& name, std::optional<std::string>& out, const std::vector<std::string>& allowed,
                const TextKey& key);

    /// One of the allowed texts, each with its value of an enumeration; `fallback` is a text.
    template <class Enumeration>
        requires std::is_enum_v<Enumeration>
    void choice(const std::string& name, Enumeration& out,
                const std::vector<std::pair<std::string, Enumeration>>& allowed, const TextKey& key) {
        std::vector<std::string> names;
        names.reserve(allowed.size());
        for (const auto& [text, value] : allowed) {
            names.push_back(text);
        }
        std::string chosen;
        choice(name, chosen, names, key);
        for (const auto& [text, value] : allowed) {
            if (text == chosen) {
                out = value;
            }
        }
    }

    /// A sub-table, read by a function; unknown keys in it are reported when the function returns.
    void table(const std::string& name, const std::function<void(KeyReader&)>& read_table, const TableKey& key);

    /// A sub-table read by `read(KeyReader&, Section&)`.
    template <class Section>
        requires requires(KeyReader& keys, Section& section) { read(keys, section); }
    void table(const std::string& name, Section& out, const TableKey& key) {
        table(
            name, [&out](KeyReader& keys) { read(keys, out); }, key);
    }

    /// A sub-table that may be missing as a whole, then the target stays empty.
    template <class Section>
        requires requires(KeyReader& keys, Section& section) { read(keys, section); }
    void table(const std::string& name, std::optional<Section>& out, const TableKey& key) {
        out.reset();
        if (!describing() && !has(name)) {
            return note_absent_table(name, key);
        }
        table(
            name, [&out](KeyReader& keys) { read(keys, out.emplace()); }, key);
    }

    /// An array of tables (`[[name]]`), each with a unique `name` that is read here and returned by `entry_name()`.
    /// While describing, the function is called once.
    void table_list(const std::string& name, const std::function<void(KeyReader&)>& read_entry, const TableKey& key);
    template <class Section>
        requires requires(KeyReader& keys, Section& section) { read(keys, section); }
    void table_list(const std::string& name, std::vector<Section>& out, const TableKey& key) {
        out.clear();
        table_list(
            name, [&out](KeyReader& keys) { read(keys, out.emplace_back()); }, key);
    }

    /// An array of tables that need no names (`[[order]]`), for data rather than settings: no `--set` addresses them.
    void block_list(const std::string& name, const std::function<void(KeyReader&)>& read_entry, const TableKey& key);

    /// An array of named tables whose `kind` decides which keys they have: `[[policy]] kind = "tariff"`. The function
    /// gets each entry with its kind, which is one of `kinds`; while describing it is called once for each kind.
    /// Without a fallback the kind is required; its doc and source are those of `kind_key`.
    void kind_list(const std::string& name, const std::vector<std::string>& kinds,
                   const std::function<void(KeyReader&, const std::string& kind)>& read_entry, const TableKey& key,
                   const TextKey& kind_key = {.doc = "which module reads this block"});

    /// A choice that decides which further keys the table has (`form = "quota"`): `read_form` declares those of one
    /// form. A key of another form is an error that names the forms that have it. While describing it is called once
    /// for each form, and each key tells its forms.
    void form(const std::string& name, const std::vector<std::string>& forms,
              const std::function<void(KeyReader&, const std::string& form)>& read_form, const TextKey& key);

    /// Keys that count only where one of some other keys is given (`leak_premium_usd_per_t` with `leak_share`). Without
    /// any of them such a key is an error that says what to add. A switch that is given as 0 or false is given: a sweep
    /// may step through such a value.
    void keys_with(const std::vector<std::string>& switches, const std::function<void(KeyReader&)>& read_keys);
    /// The same for a condition of the caller's, named in the error by `wanted`.
    void keys_with(bool on, const std::string& wanted, const std::function<void(KeyReader&)>& read_keys);

    /// A key that users may expect here and that has no effect, or had another meaning in an earlier version.
    void refuse(const std::string& name, std::string why, std::string suggestion);

    /// Tables by name (`[good."gallium.refined"]`), in name order; `entry_name()` gives each one's name.
    void table_map(const std::string& name, const std::function<void(KeyReader&)>& read_entry, const TableKey& key);
    template <class Section>
        requires requires(KeyReader& keys, Section& section) { read(keys, section); }
    void table_map(const std::string& name, std::map<std::string, Section>& out, const TableKey& key) {
        out.clear();
        table_map(
            name, [&out](KeyReader& keys) { read(keys, out[keys.entry_name()]); }, key);
    }

    /// The name of this entry of a table list or map; empty elsewhere.
    const std::string& entry_name() const { return entry_name_; }
    /// True when the document gives the key.
    bool has(const std::string& name) const;
    /// The date that the document gives for a key, where it gives one.
    std::optional<Date> date_given(const std::string& name) const;
    /// True when no problem was found with this key (and below it).
    bool is_sound(const std::string& name) const { return unsound_.count(name) == 0; }
    /// True when no problem was found in this table yet.
    bool is_sound() const { return unsound_.empty(); }
    /// The location of the key's value; for a missing key, that of its table.
    SourceLocation location(const std::string& name) const;
    /// The key's full path, as `--set` takes it.
    std::string path_of(const std::string& name) const;
    /// Adds a problem that the caller found with a key (its meaning, not its form); while describing this does nothing.
    void problem(const std::string& name, std::string what, std::string why = {}, std::string suggestion = {});

    /// Reports the keys of this table that were not declared. Sub-tables do so by themselves; call it on the root.
    void finish();

    /// What was declared and read so far, as a tree.
    const KeyRecord& record() const { return record_; }

private:
    KeyReader(const ConfigValue* table, Problems* problems, std::string path, std::string entry_name)
        : table_(table), problems_(problems), path_(std::move(path)), entry_name_(std::move(entry_name)) {}

    template <std::integral Integer>
    static IntegerKey within(IntegerKey key) {
        constexpr auto least = std::numeric_limits<Integer>::min();
        constexpr auto most = std::numeric_limits<Integer>::max();
        if (std::cmp_less(key.low, least)) {
            key.low = static_cast<std::int64_t>(least);
        }
        if (std::cmp_greater(key.high, most)) {
            key.high = static_cast<std::int64_t>(most);
        }
        return key;
    }

    const ConfigValue* take(const KeyRecord& declared, bool may_be_absent);
    void conclude(KeyRecord declared, std::optional<ConfigValue> value);
    void reject(const KeyRecord& declared, const SourceLocation& where, std::string what, std::string suggestion);
    void reject_kind(const KeyRecord& declared, const ConfigValue& value);
    bool check_number(const KeyRecord& declared, const ConfigValue& value);
    bool check_allowed(const KeyRecord& declared, const ConfigValue& value);
    bool check_count(const KeyRecord& declared, const ConfigValue& list, std::size_t least, std::size_t most);
    void report_unknown(const ConfigMember& member);
    void note_misplaced(const std::string& name, std::string what, std::string why, std::string suggestion);
    std::string heading() const;

    void note_absent_table(const std::string& name, const TableKey& key);
    void read_sub_table(KeyRecord& parent, const ConfigValue* table, std::string path, std::string entry_name,
                        const std::function<void(KeyReader&)>& read_entry);
    void read_entry_list(KeyRecord list, const TableKey& key, bool named,
                         const std::function<void(KeyReader&)>& read_entry);
    void read_entry_name(std::set<std::string>& taken);
    bool is_list_of_tables(const KeyRecord& declared, const ConfigValue& value);

    std::optional<double> read_number(const std::string& name, const NumberKey& key, bool may_be_absent);
    std::optional<std::int64_t> read_integer(const std::string& name, const IntegerKey& key, bool may_be_absent);
    std::optional<std::string> read_text(const std::string& name, const TextKey& key, KeyType type,
                                         const std::vector<std::string>& allowed, bool may_be_absent);
    std::optional<Date> read_date(const std::string& name, const TextKey& key, bool may_be_absent);

    /// Why a key cannot stand in this table though it has a meaning elsewhere.
    struct Misplaced {
        std::string what;
        std::string why;
        std::string suggestion;
    };

    const ConfigValue* table_ = nullptr;
    Problems* problems_ = nullptr;
    std::string path_;
    std::string entry_name_;
    std::set<std::string> declared_;
    std::map<std::string, Misplaced> misplaced_;
    bool knows_its_keys_ = true;  // false when the kind of a block is unknown, so that its keys cannot be checked
    std::set<std::string> unsound_;
    KeyRecord record_;
};

/// Reads a whole document into a section type with `read(KeyReader&, Section&)`, adding every problem to `problems`.
/// Returns the record of what was read, for the echo.
template <class Section>
KeyRecord read_document(const ConfigDocument& document, Section& out, Problems& problems) {
    KeyReader keys(document.root(), problems);
    read(keys, out);
    keys.finish();
    return keys.record();
}

/// Loads a file with overrides into a section type; every problem found in one pass is thrown as one InputError.
template <class Section>
KeyRecord read_config(const std::string& path, std::span<const std::string> overrides, Section& out) {
    Problems problems;
    const ConfigDocument document = ConfigDocument::load(path, overrides, problems);
    KeyRecord record = read_document(document, out, problems);
    problems.throw_if_any();
    return record;
}

/// Lists the keys of a section type without any document.
template <class Section>
KeyRecord describe_section() {
    KeyReader keys = KeyReader::for_describing();
    Section section{};
    read(keys, section);
    return keys.record();
}

}  // namespace ytterby

#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/check.hpp"
#include "core/config/keys.hpp"
#include "tests/fuzz/small_scenario.hpp"

namespace ytterby {

namespace fuzz {

/// Declares one key of every kind in the current table.
inline void declare_keys(KeyReader& keys) {
    double number = 0.0;
    std::optional<double> maybe;
    int whole = 0;
    bool flag = false;
    std::string text;
    Date date;
    std::vector<std::string> texts;
    std::vector<double> numbers;
    std::map<std::string, double> shares;
    keys.number("number", number, {.fallback = 1.0, .low = 0, .high = 100, .unit = "t", .doc = "a number"});
    keys.number("maybe", maybe, {.doc = "may be absent"});
    keys.integer("whole", whole, {.fallback = 1, .low = -5, .doc = "a whole number"});
    keys.boolean("flag", flag, {.fallback = false});
    keys.text("text", text, {.fallback = "x"});
    keys.choice("mode", text, {"sea", "air"}, {.fallback = "sea"});
    keys.date("start", date, {.fallback = "2024-01"});
    keys.text_list("texts", texts, {.fallback = std::vector<std::string>{}});
    keys.number_list("numbers", numbers, {.fallback = std::vector<double>{}});
    keys.number_map("shares", shares, {.low = 0});
}

inline void declare_all(KeyReader& keys) {
    declare_keys(keys);
    keys.table("run", declare_keys, {.doc = "a section"});
    keys.table_map("good", declare_keys, {.doc = "sections by name"});
    keys.table_list("shock", declare_keys, {.doc = "blocks"});
    keys.kind_list("policy", {"ban", "tariff"}, [](KeyReader& entry, const std::string&) { declare_keys(entry); }, {});
}

inline KeyRecord read_all(const ConfigDocument& document, Problems& problems) {
    KeyReader keys(document.root(), problems);
    declare_all(keys);
    keys.finish();
    return keys.record();
}

inline ConfigDocument parse(std::string_view text, const std::vector<std::string>& overrides) {
    const ConfigFileReader no_files = [](const std::string&, std::string& why) -> std::optional<std::string> {
        why = "no files here";
        return std::nullopt;
    };
    return ConfigDocument::parse(text, "fuzz.toml", overrides, no_files);
}

}  // namespace fuzz

/// Reads bytes as a configuration: the text up to a NUL, then `--set` arguments, each up to the next NUL. A document is
/// also read by a set of keys and echoed, and used as a scenario with small tables, of which two ticks are run. Only
/// InputError may be thrown, and it is caught here; anything else, a broken law, or an echo that does not read back, is
/// a bug.
inline void try_config(const std::uint8_t* bytes, std::size_t count) {
    std::string_view input(reinterpret_cast<const char*>(bytes), count);
    const std::string_view text = input.substr(0, input.find('\0'));
    std::vector<std::string> overrides;
    for (std::size_t at = text.size(); at < input.size();) {
        const std::size_t end = std::min(input.find('\0', at + 1), input.size());
        overrides.emplace_back(input.substr(at + 1, end - at - 1));
        at = end;
    }
    try {
        const ConfigDocument document = fuzz::parse(text, overrides);
        Problems problems;
        const KeyRecord record = fuzz::read_all(document, problems);
        const std::string echo = echo_toml(record);
        ensure(!echo_json(record).empty(), "an echo holds something");
        problems.throw_if_any();

        Problems none;
        const std::string again = echo_toml(fuzz::read_all(fuzz::parse(echo, {}), none));
        ensure(none.empty(), "an echo reads back without problems");
    } catch (const InputError& error) {
        ensure(error.problems().count() > 0 && *error.what() != '\0', "an InputError says what is wrong");
    }
    try {
        run_two_ticks(load_scenario(SmallTables::shared().scenario(text), overrides));
    } catch (const InputError& error) {
        ensure(error.problems().count() > 0 && *error.what() != '\0', "a refused scenario says what is wrong");
    }
}

}  // namespace ytterby

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/check.hpp"
#include "policies/condition.hpp"
#include "simulation/calibration/scenario_family.hpp"
#include "tests/fuzz/small_scenario.hpp"
#include "tests/policies/small_world.hpp"

namespace ytterby {

/// Runs two ticks of a scenario with a ban whose `when` is this text, if it can be read. It is refused with reasons, or
/// runs with all laws.
inline void try_when(std::string_view text) {
    static const ScenarioFamily family(
        SmallTables::shared().scenario(
            "schema = 1\n[population]\nfirms = 20\n[[policy]]\nname = \"ban\"\nkind = \"export_control\"\nform = "
            "\"ban\"\nactor = \"CHN\"\ngoods = [\"gallium.refined\"]\n"),
        {});
    static const Names names = family.member({}).names;
    if (Problems problems;
        Condition::parse(text, names, "when", {"fuzz.toml", 1, 1}, problems).always() || !problems.empty()) {
        return;
    }
    try {
        run_two_ticks(family.member({"policy.ban.when=" + toml_quoted(text)}));
    } catch (const InputError& error) {
        ensure(error.problems().count() > 0 && *error.what() != '\0', "a refused condition says what is wrong");
    }
}

/// Reads bytes as a condition. One that is refused gives exactly one problem, with a place inside the text; one that is
/// read has the same value twice. Then it is the condition of a policy.
inline void try_condition(const std::uint8_t* bytes, std::size_t count) {
    static const SmallWorld small;
    const std::string_view text(reinterpret_cast<const char*>(bytes), count);
    try_when(text);
    Problems problems;
    const Condition condition = Condition::parse(text, small.names, "when", {"fuzz.toml", 1, 1}, problems);
    if (!problems.empty()) {
        ensure(problems.count() == 1, "reading stops at the first error");
        ensure(condition.always(), "a refused condition is empty");
        const std::string what = problems.sorted().front().what;
        const std::string mark = " at character ";
        const std::size_t at = what.find(mark);
        ensure(at != std::string::npos, "an error has a place");
        const std::size_t column = std::stoul(what.substr(at + mark.size()));
        ensure(column >= 1 && column <= count + 1, "an error has a place inside the text");
        return;
    }
    ensure(condition.holds(small.economy, small.world) == condition.holds(small.economy, small.world),
           "a condition has no memory");
}

}  // namespace ytterby

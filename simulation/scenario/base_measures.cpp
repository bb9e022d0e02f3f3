#include "simulation/scenario/base_measures.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "simulation/scenario/data_folder.hpp"

namespace ytterby {
namespace {

/// Where a key is written, or the main file where it is not.
SourceLocation place_of(const ConfigDocument& document, const std::string& path, const std::string& key) {
    const ConfigValue* found = document.find(key);
    return found != nullptr && !found->where.file.empty() ? found->where : SourceLocation{path};
}

std::string title_of(const BaseData::BaseMeasure& row) {
    return "the " + row.form + " of " + row.actor + " on " + row.good + " (" + row.policy + ")";
}

/// The policy of the scenario that is this measure: one that is in force at the base date if there is any, else
/// another.
const Policy* policy_for(const Scenario& scenario, const MeasureIdentity& measure) {
    const Policy* found = nullptr;
    for (const auto& policy : scenario.policies) {
        if (policy->is(measure) && (found == nullptr || policy->schedule().in_force_at_base_date())) {
            found = policy.get();
        }
    }
    return found;
}

/// What is wrong where the scenario does not say what became of a measure.
Problem unaccounted(const BaseData::BaseMeasure& row, const Policy* policy, const Scenario& scenario) {
    const std::string base_year = std::to_string(scenario.base_year);
    const std::string start = format_month(scenario.run.start);
    const std::string name = policy != nullptr ? policy->name() : row.policy;
    Problem problem;
    problem.key = "policy." + name;
    problem.what =
        policy == nullptr ? title_of(row) + " is missing" : title_of(row) + " is not in force at the base date";
    problem.why = "it has been in force since " + format_date(row.since) + " and the data of " + base_year +
                  " were made under it: without it the gap between prices inside and abroad would be taken for a taste "
                  "of buyers and never close";
    problem.suggestion = policy == nullptr ? "keep its block (configs/stationary.toml has it)"
                                           : "drop its start, or write since when it is in force: start = \"" +
                                                 format_date(row.since) + "\"";
    problem.suggestion += "; to end it at the base date keep the block and write end = \"" + start +
                          "\" in it (--set policy." + name + ".end='\"" + start +
                          "\"'); for a world in which it never was remove the block and write [base] never = [\"" +
                          row.policy + "\"]";
    return problem;
}

void check_names(const ConfigDocument& document, const std::string& path, const BaseData& data,
                 const Scenario& scenario, Problems& problems) {
    std::vector<std::string> known;
    for (const BaseData::BaseMeasure& row : data.base_measures) {
        known.push_back(row.policy);
    }
    for (const std::string& name : scenario.never_existed) {
        if (std::find(known.begin(), known.end(), name) == known.end()) {
            problems.add(
                {.key = "base.never",
                 .what = "no measure '" + name + "' was in force through " + std::to_string(scenario.base_year),
                 .why = "base_measures.csv lists the measures that the data of a base year were made under",
                 .suggestion = known.empty() ? "drop it" : suggest_name(name, known),
                 .where = place_of(document, path, "base.never")});
        }
    }
}

}  // namespace

void check_base_measures(const ConfigDocument& document, const std::string& path, const BaseData& data,
                         Scenario& scenario, Problems& problems) {
    if (!problems.empty()) {
        return;  // a block with a problem may be the measure that would be missed
    }
    if (document.find("policy") == nullptr && scenario.never_existed.empty()) {
        return;  // a scenario that has no policies, and none that were removed, changes nothing of the law
    }
    check_names(document, path, data, scenario, problems);
    for (const BaseData::BaseMeasure& row : data.base_measures) {
        const auto actor = scenario.names.find_countries(row.actor);
        const auto good = scenario.names.find_goods(row.good);
        if (!actor || actor->size() != 1 || !good || good->size() != 1) {
            continue;  // reported where the table is read
        }
        const MeasureIdentity measure{row.kind, row.form, actor->front(), good->front()};
        const Policy* policy = policy_for(scenario, measure);
        const bool never = std::find(scenario.never_existed.begin(), scenario.never_existed.end(), row.policy) !=
                           scenario.never_existed.end();
        if (never && policy != nullptr) {
            problems.add({.key = "base.never",
                          .what = title_of(row) + " never existed and yet is a policy of the scenario",
                          .why = "a measure cannot be both",
                          .suggestion = "remove the block (--set policy." + policy->name() +
                                        ".remove=true), or drop the name from [base] never",
                          .where = place_of(document, path, "base.never")});
        } else if (never) {
            scenario.ended_at_start.push_back(measure);
        } else if (policy == nullptr || !policy->schedule().in_force_at_base_date()) {
            Problem problem = unaccounted(row, policy, scenario);
            problem.where = place_of(document, path, policy == nullptr ? "base_year" : problem.key + ".start");
            problems.add(std::move(problem));
        }
    }
}

void read_base_measures(DataFolder& folder, const KnownNames& known, int base_year, BaseData& data) {
    const auto table = folder.open_if_there("base_measures.csv");
    if (!table) {
        return;
    }
    const auto policy = table->column("policy");
    const auto kind = table->column("kind");
    const auto form = table->column("form");
    const auto actor = table->column("actor");
    const auto good = table->column("good");
    const auto since = table->column("since");
    for (std::size_t row = 0; row < table->rows(); ++row) {
        BaseData::BaseMeasure measure{std::string(table->required_text(row, policy)),
                                      std::string(table->required_text(row, kind)),
                                      std::string(table->required_text(row, form)),
                                      known.country(*table, row, actor),
                                      known.good(*table, row, good),
                                      {}};
        const std::optional<Date> date = parse_date(table->required_text(row, since));
        if (!date) {
            table->problem(row, since, "not a date", "a measure acts on the data of a year that it was in force in",
                           "write YYYY-MM-DD");
            continue;
        }
        measure.since = *date;
        // A measure that began within the base year is in its data only in part; a scenario of that year has its start.
        if (*date <= Date{base_year, 1, 1}) {
            data.base_measures.push_back(std::move(measure));
        }
    }
}

}  // namespace ytterby

#include "experiments/execution/sweep_plan.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "core/config/config.hpp"
#include "records/csv.hpp"
#include "records/manifest.hpp"

namespace ytterby {
namespace {

/// Whether a key belongs to the identity of a run. All do but names, the number of threads, and files that sweeps do
/// not write; the replicate enters the identity by itself. Keys that may change when a run is resumed are not left out:
/// the number of ticks decides what a metric sees, and checked laws may end a run.
bool is_part_of_identity(const std::string& path) {
    constexpr std::array names{"title", "purpose", "run.threads", "run.replicate", "records.csv"};
    return std::find(names.begin(), names.end(), path) == names.end();
}

/// Whether replicates of a scenario surely differ sooner or later: it has noise, or deals, which are drawn.
bool draws_in_time(const Scenario& scenario) {
    const Behaviour& b = scenario.behaviour;
    return b.demand_noise > 0.0 || b.world_demand_noise > 0.0 || b.supply_noise > 0.0 || scenario.deals.rules.enabled;
}

/// Adds every key with its value, in the order in which they are declared.
void digest_keys(const KeyRecord& record, const std::string& path, Digest& digest) {
    for (const KeyRecord& child : record.children) {
        const std::string child_path = path.empty() ? child.name : path + "." + child.name;
        if (child.value && is_part_of_identity(child_path)) {
            digest.add(child_path).add(toml_text(*child.value));
        }
        digest_keys(child, child_path, digest);
    }
}

/// The record of a key of the scenario, or null.
const KeyRecord* find_key(const KeyRecord& root, const std::string& path) {
    const KeyRecord* found = &root;
    for (const std::string& part : split_config_path(path).value_or(std::vector<std::string>{})) {
        found = found != nullptr ? found->find(part) : nullptr;
    }
    return found;
}

/// Number of the override that a problem is about, from 1; 0 where it is about something else.
std::size_t override_of(const SourceLocation& where) {
    constexpr std::string_view origin = "--set argument ";
    return where.file.starts_with(origin) ? static_cast<std::size_t>(std::stoul(where.file.substr(origin.size()))) : 0;
}

}  // namespace

SweepPlan::SweepPlan(SweepDesign design, const ScenarioFamily& family, const OnCell& on_cell)
    : design_(std::move(design)) {
    cells_ = lay_out(design_);
    find_whole_number_keys(family);
    runs_.resize(rows());
    facts_.resize(cells_.points);
    Problems problems;
    for (std::size_t cell = 0; cell < cells_.points; ++cell) {
        check_cell(family, cell, problems);
        on_cell(cell + 1, cells_.points);
        if (problems.count() > 20) {
            break;  // one wrong level is wrong in many cells
        }
    }
    problems.throw_if_any();
    Digest digest, bytes;
    const auto add_line = [&](const std::string& text) {
        digest.add(text);
        bytes.add_bytes(text.data(), text.size());
    };
    add_line(header_line());
    for (std::size_t row = 0; row < rows(); ++row) {
        add_line(line(row));
    }
    file_digest_ = bytes.hex();
    for (const MetricKeys& metric : design_.metrics) {
        digest.add(metric.name).add(metric.of).add(metric.over).add(metric.take);
        for (const auto* names : {&metric.goods.words, &metric.countries.words, &metric.accounts}) {
            digest.add(static_cast<std::uint64_t>(names->size()));
            for (const std::string& name : *names) {
                digest.add(name);
            }
        }
    }
    if (!design_.until.empty()) {
        digest.add(design_.until).add(std::uint64_t{design_.least_replicates});
    }
    // Cells may read other tables than the first.
    std::vector<std::string> files;
    const auto add_files = [&](const std::vector<std::string>& more) {
        for (const std::string& file : more) {
            if (std::find(files.begin(), files.end(), file) == files.end()) {
                files.push_back(file);
            }
        }
    };
    for (const auto& [tables, cell] : cell_of_tables_) {
        const Scenario scenario = family.member(settings(cell));
        add_files(scenario.files);
        add_files(scenario.data.files);
    }
    for (const std::string& file : files) {
        const auto print = digest_file(file);
        digest.add(print ? print->hex() : "unreadable");
    }
    digest.add(this_build().version).add(this_build().commit);
    identity_ = digest.hex();
}

/// Finds the factors whose keys take whole numbers only, so that ranges give them such numbers.
void SweepPlan::find_whole_number_keys(const ScenarioFamily& family) {
    Problems problems;
    const Scenario scenario = family.outline(settings(0), problems);
    base_replicate_ = scenario.run.replicate;
    Problems indistinct;
    for (Factor& factor : design_.factors) {
        const KeyRecord* key = factor.key.empty() ? nullptr : find_key(scenario.record, factor.key);
        factor.is_whole = key != nullptr && key->type == KeyType::integer;
        if (factor.is_whole && factor.distribution &&
            factor.value(factor.end_unit(false)) == factor.value(factor.end_unit(true))) {
            indistinct.add({.key = (factor.is_lever ? "levers." : "uncertainties.") + factor.name,
                            .what = "takes one value only, " + factor.value(0.5),
                            .why = factor.key + " takes whole numbers, and all of the range round to it",
                            .suggestion = "widen the range, or take the factor out",
                            .where = factor.where});
        }
    }
    indistinct.throw_if_any();
}

std::vector<std::string> SweepPlan::settings(std::size_t cell) const {
    std::vector<std::string> list = design_.set;
    // Keys first: a measure that is taken out may have had one of them.
    for (std::size_t factor = 0; factor < design_.factors.size(); ++factor) {
        if (!design_.factors[factor].is_switch()) {
            list.push_back(design_.factors[factor].key + "=" + setting(design_, cells_, cell, factor));
        }
    }
    for (std::size_t factor = 0; factor < design_.factors.size(); ++factor) {
        if (design_.factors[factor].is_switch()) {
            const bool off = setting(design_, cells_, cell, factor) == "off";
            for (const std::string& block : design_.factors[factor].blocks) {
                list.push_back(block + ".remove=" + (off ? "true" : "false"));
            }
        }
    }
    return list;
}

std::uint64_t SweepPlan::replicate_number(std::size_t row) const {
    return base_replicate_ + (design_.common_random_numbers ? std::uint64_t{replicate_of(row)} : std::uint64_t{row});
}

std::vector<std::string> SweepPlan::overrides(std::size_t row) const {
    std::vector<std::string> list = settings(cell_of(row));
    list.push_back("run.replicate=" + std::to_string(replicate_number(row)));
    list.emplace_back("run.threads=1");
    return list;
}

void SweepPlan::check_cell(const ScenarioFamily& family, std::size_t cell, Problems& problems) {
    // Where each override comes from: the design's own list, then the factors as `settings` puts them.
    std::vector<std::pair<std::string, SourceLocation>> origins(design_.set.size(), {"set", design_.scenario_where});
    for (const bool of_switches : {false, true}) {
        for (std::size_t which = 0; which < design_.factors.size(); ++which) {
            const Factor& factor = design_.factors[which];
            if (factor.is_switch() == of_switches) {
                const std::string name = (factor.is_lever ? "levers." : "uncertainties.") + factor.name;
                origins.insert(origins.end(), of_switches ? factor.blocks.size() : 1,
                               {name + " = " + setting(design_, cells_, cell, which), factor.where});
            }
        }
    }
    Problems found;
    std::optional<Scenario> scenario;
    try {
        scenario = family.outline(settings(cell), found);
        if (found.empty()) {
            for (const MetricKeys& metric : design_.metrics) {
                resolve(metric, *scenario, found);
            }
        }
    } catch (const InputError& error) {
        found.add_all(error.problems());
    }
    for (Problem problem : found.sorted()) {
        if (const std::size_t number = override_of(problem.where); number > 0 && number <= origins.size()) {
            problem.why += (problem.why.empty() ? "" : "; ") + ("it comes from " + origins[number - 1].first);
            problem.where = origins[number - 1].second;
        }
        problems.add(std::move(problem));
    }
    if (!found.empty()) {
        return;
    }
    Digest digest;
    const std::size_t first =
        cell_of_tables_.emplace(std::pair(scenario->data_folder, scenario->base_year), cell).first->second;
    facts_[cell] = {.ticks = scenario->run.ticks, .first_of_tables = first, .draws_in_time = draws_in_time(*scenario)};
    digest_keys(scenario->record, "", digest);
    const std::string resolved = digest.hex();
    for (std::uint32_t replicate = 0; replicate < design_.replicates; ++replicate) {
        const std::size_t row = cell * design_.replicates + replicate;
        runs_[row] = Digest().add(resolved).add(replicate_number(row)).fingerprint();
    }
}

std::string SweepPlan::header_line() const {
    std::string text = "run_id,cell,replicate";
    for (const std::string& role : cells_.role_names) {
        text += "," + role;
    }
    for (const Factor& factor : design_.factors) {
        text += "," + factor.name;
    }
    return text + "\r\n";
}

std::string SweepPlan::line(std::size_t row) const {
    const std::size_t cell = cell_of(row);
    std::string text = run_id(row) + "," + std::to_string(cell) + "," + std::to_string(replicate_of(row));
    for (std::size_t role = 0; role < cells_.role_names.size(); ++role) {
        text += ',';
        append_csv_text(text, cells_.role(cell, role));
    }
    for (std::size_t factor = 0; factor < design_.factors.size(); ++factor) {
        text += ',';
        append_csv_text(text, plain_value(setting(design_, cells_, cell, factor)));
    }
    return text + "\r\n";
}

}  // namespace ytterby

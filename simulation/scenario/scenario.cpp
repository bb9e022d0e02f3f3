#include "simulation/scenario/scenario.hpp"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <utility>

#include "core/config/registry.hpp"
#include "core/program_file.hpp"
#include "market/mechanism.hpp"
#include "rules/accounts.hpp"
#include "simulation/scenario/behaviour_keys.hpp"

namespace ytterby {
namespace {

void read_run(KeyReader& keys, RunKeys& run) {
    keys.date("start", run.start, {.fallback = "2024-01", .doc = "first month of the run", .unit = "date"});
    keys.integer("ticks", run.ticks,
                 {.fallback = 24, .low = 1, .high = 100000, .unit = "ticks", .doc = "length of the run"});
    keys.choice("tick", run.tick,
                {{"week", TickLength::week}, {"month", TickLength::month}, {"quarter", TickLength::quarter}},
                {.fallback = "month", .doc = "length of a tick"});
    keys.integer("seed", run.seed, {.fallback = 1, .low = 0, .doc = "seed of all random numbers"});
    keys.integer("replicate", run.replicate,
                 {.fallback = 0, .low = 0, .doc = "replicate of an ensemble; 0 is the base run"});
    keys.integer("threads", run.threads,
                 {.fallback = 1, .low = 1, .high = 256, .doc = "number of threads; it never changes a result"});
    keys.boolean(
        "check_laws", run.check_laws,
        {.fallback = false, .doc = "check conservation of tonnes and dollars and the market's certificate every tick"});
}

void read_records(KeyReader& keys, RecordKeys& records) {
    keys.boolean("csv", records.csv, {.fallback = false, .doc = "also write tidy CSV files"});
    keys.text_list("tables", records.tables,
                   {.fallback = std::vector<std::string>{},
                    .allowed = {"prices", "flows", "production", "capacity", "stocks", "indicators", "verbs",
                                "treasury", "events", "rents", "subsidies", "deals"},
                    .doc = "tables to record; empty records all"});
    keys.integer(
        "every_ticks", records.every_ticks,
        {.fallback = 1, .low = 1, .high = 100000, .unit = "ticks", .doc = "record every n-th tick (and the last)"});
}

void read_good(KeyReader& keys, GoodOverride& good) {
    keys.number("demand_elasticity", good.demand_elasticity,
                {.low = 0.0, .high = 5.0, .doc = "short-run price elasticity of demand, positive"});
    keys.number("choke_multiple", good.choke_multiple,
                {.low = 1.1,
                 .high = 1000.0,
                 .unit = "x base price",
                 .doc = "price at which the last end use drops out",
                 .source = "assumed, 10-40: cerium rose 30-fold in 2011 (episode rare_earths_2010)"});
    keys.number("first_choke_multiple", good.first_choke_multiple,
                {.low = 1.05,
                 .high = 1000.0,
                 .unit = "x base price",
                 .doc = "price at which end uses begin to drop out",
                 .source = "assumed, 2-5"});
    keys.number(
        "trade_elasticity", good.trade_elasticity,
        {.low = 0.1, .high = 50.0, .doc = "sigma of the origin preference", .source = "assumed, 2-8; 4 by default"});
    keys.number(
        "medium_run_elasticity", good.medium_run_elasticity,
        {.low = 0.0, .high = 5.0, .doc = "price elasticity of demand a year on, positive; at least the short-run one"});
    keys.number("overhang_months", good.overhang_months,
                {.low = 0.0,
                 .high = 60.0,
                 .unit = "months of world use",
                 .doc = "stocks left over from years of surplus, held beside the usual ones until a measure or a shock "
                        "makes the good scarce"});
}

void read_process(KeyReader& keys, ProcessOverride& process) {
    keys.number("supply_elasticity", process.supply_elasticity,
                {.low = 0.0, .high = 5.0, .doc = "short-run elasticity of the run rate to the margin"});
    keys.number("minimum_run_rate", process.minimum_run_rate,
                {.low = 0.0, .high = 0.95, .unit = "share", .doc = "lowest run rate of a running plant"});
    keys.number("utilisation_share", process.utilisation_share,
                {.low = 0.05, .high = 0.99, .unit = "share", .doc = "run rate at the base date"});
}

void read_population(KeyReader& keys, Scenario& scenario) {
    keys.integer("firms", scenario.firms,
                 {.fallback = 1000,
                  .low = 1,
                  .high = 200000000,
                  .unit = "firms",
                  .doc = "number of firms that the economy is split into; totals do not change"});
    read_parameters(keys, "population", scenario.behaviour);
}

void read_data_folder(KeyReader& keys, Scenario& scenario) {
    keys.text(
        "folder", scenario.data_folder,
        {.fallback = "data",
         .doc = "folder of the baseline tables, relative to the file that names it; by default the one beside the "
                "scenario, beside a file that it includes, or beside the program"});
}

void read_shocks_and_overrides(KeyReader& keys, Scenario& scenario) {
    scenario.shocks.clear();
    keys.table_list("shock", scenario.shocks,
                    {.doc = "dated external shocks, one block each: plants that fail, demand that jumps"});
    keys.table_map("good", [&](KeyReader& inner) { read_good(inner, scenario.goods[inner.entry_name()]); },
                   {.doc = "values of one good that replace the data's"});
    keys.table_map("process", [&](KeyReader& inner) { read_process(inner, scenario.processes[inner.entry_name()]); },
                   {.doc = "values of one process that replace the data's"});
}

void read_policies(KeyReader& keys, Scenario& scenario) {
    scenario.policies.clear();
    keys.kind_list("policy", Registry<Policy>::instance().kinds(),
                   [&](KeyReader& inner, const std::string& kind) {
                       if (is_system_account(inner.entry_name())) {
                           inner.problem("name", "the name \"" + inner.entry_name() + "\" is reserved",
                                         "the program keeps a treasury account of this name, and what the policy pays "
                                         "or earns is booked under its own",
                                         "give the policy another name, such as \"my_" + inner.entry_name() + "\"");
                       }
                       scenario.policies.push_back(Registry<Policy>::instance().make(kind, inner));
                   },
                   {.doc = "the measures of the scenario, one block each; their order does not matter"},
                   {.doc = "which instrument the block is"});
}

/// Declares and reads all keys; loading and describing share it.
void read_scenario(KeyReader& keys, Scenario& scenario) {
    keys.text("title", scenario.title, {.fallback = "", .doc = "title of the scenario", .may_be_empty = true});
    keys.text("purpose", scenario.purpose, {.fallback = "", .doc = "the question it answers", .may_be_empty = true});
    keys.integer("base_year", scenario.base_year,
                 {.fallback = 2024,
                  .low = 2020,
                  .high = 2024,
                  .unit = "year",
                  .doc = "year whose data the initial state is derived from"});
    keys.table("run", [&](KeyReader& inner) { read_run(inner, scenario.run); },
               {.doc = "start, length, seed and threads of the run"});
    keys.table("data", [&](KeyReader& inner) { read_data_folder(inner, scenario); }, {.doc = "baseline tables"});
    keys.table("population", [&](KeyReader& inner) { read_population(inner, scenario); },
               {.doc = "how finely the economy is split into firms"});
    keys.table("market",
               [&](KeyReader& inner) {
                   std::string chosen;
                   scenario.mechanism = read_mechanism(inner, chosen);
               },
               {.doc = "market mechanism"});
    read(keys, scenario.behaviour);
    keys.table("contracts", [&](KeyReader& inner) { read(inner, scenario.contracts); },
               {.doc = "long-term contracts, settled before the spot market"});
    keys.table("deals", [&](KeyReader& inner) { read(inner, scenario.deals); },
               {.doc = "purchases of stakes in plants across borders"});
    keys.table("outlook", [&](KeyReader& inner) { read(inner, scenario.outlook); },
               {.doc = "growth of demand and capacity over the years"});
    read_shocks_and_overrides(keys, scenario);
    keys.table("records", [&](KeyReader& inner) { read_records(inner, scenario.records); },
               {.doc = "what the run records"});
    read_policies(keys, scenario);
}

/// Reports fear that is too strong for the stabilising forces (docs/model.md, section 7.5): shocks would amplify
/// themselves.
void check_stability(KeyReader& keys, const Scenario& scenario, const BaseData& data) {
    const Behaviour& b = scenario.behaviour;
    for (const auto& good : data.goods) {
        const double cover = data.find(data.cover_months, good.name, "manufacturer", 2.0);
        const double merchants = data.find(data.cover_months, good.name, "merchant", 1.0);
        const double elasticity = data.find(data.elasticities, good.name, "demand_short_run", 0.1);
        const double push = b.fear * b.momentum_gain * cover / b.restock_months;
        const double damping = (elasticity + b.stock_elasticity * (cover / b.restock_months + merchants)) / 2.0;
        if (push > damping) {
            keys.problem("fear", "fear is too strong for the stabilising forces of " + good.name,
                         "phi x momentum gain x cover / restocking time is " + std::to_string(push) + ", above " +
                             std::to_string(damping) + ": shocks would amplify themselves",
                         "lower fear.fear or fear.momentum_gain, or raise stocks.restock_months");
            return;
        }
    }
}

/// Reports [good.NAME] and [process.NAME] blocks whose names the data do not list.
void check_overrides(const ConfigDocument& document, const std::string& path, const Scenario& scenario,
                     const BaseData& data, Problems& problems) {
    const auto unknown = [&](const std::string& table, const std::string& name, std::string suggestion) {
        const ConfigValue* found = document.find(table + ".\"" + name + "\"");
        problems.add({.key = table + "." + name,
                      .what = "unknown " + table + " '" + name + "'",
                      .why = "the data folder does not list it",
                      .suggestion = std::move(suggestion),
                      .where = found != nullptr ? found->where : SourceLocation{path}});
    };
    for (const auto& [name, change] : scenario.goods) {
        if (!scenario.names.find_goods(name)) {
            unknown("good", name, scenario.names.suggest_good(name));
        }
    }
    std::vector<std::string> processes;
    processes.reserve(data.processes.size());
    for (const BaseData::ProcessRow& row : data.processes) {
        processes.push_back(row.name);
    }
    for (const auto& [name, change] : scenario.processes) {
        if (!processes.empty() && std::find(processes.begin(), processes.end(), name) == processes.end()) {
            unknown("process", name, suggest_name(name, processes));
        }
    }
}

/// The folder of that name in a folder or in one of the four above it, so that a scenario elsewhere in the tree still
/// finds the shipped tables; empty where there is none.
std::filesystem::path nearest_folder(std::filesystem::path from, const std::filesystem::path& name) {
    for (int up = 0; up < 5; ++up) {
        std::error_code trouble;
        if (std::filesystem::is_directory(from / name, trouble)) {
            return (from / name).lexically_normal();
        }
        from /= "..";
    }
    return {};
}

/// The folder that `data.folder` means: beside the file that names it; where none does, beside the scenario, beside the
/// files that it includes, or the one that comes with the program.
std::string data_path(const ConfigDocument& document, const Scenario& scenario, const std::string& main_file) {
    const std::filesystem::path written = scenario.data_folder;
    const ConfigValue* key = document.find("data.folder");
    std::filesystem::path base = std::filesystem::path(main_file).parent_path();
    if (key != nullptr && key->where.line > 0 && !key->where.file.empty()) {
        base = std::filesystem::path(key->where.file).parent_path();
    }
    std::filesystem::path found = written.is_absolute() ? written : nearest_folder(base, written);
    if (key == nullptr) {
        for (const std::string& file : scenario.files) {
            found = found.empty() ? nearest_folder(std::filesystem::path(file).parent_path(), written) : found;
        }
        found = found.empty() ? std::filesystem::path(shipped_data_folder()) : found;
    }
    return found.empty() ? (base / written).lexically_normal().string() : found.string();
}

/// Reports a data folder that is not there, and goes no further: without the lists of names every name would be
/// unknown.
void require_data_folder(const ConfigDocument& document, const std::string& path, const Scenario& scenario,
                         Problems& problems) {
    if (std::error_code trouble; std::filesystem::is_directory(scenario.data_folder, trouble)) {
        return;
    }
    const ConfigValue* key = document.find("data.folder");
    problems.add({.key = "data.folder",
                  .what = "there is no folder " + scenario.data_folder,
                  .why = "the baseline tables are read from it",
                  .suggestion = "write [data] folder = \"...\" with the path of the shipped configs/data",
                  .where = key != nullptr ? key->where : SourceLocation{path}});
    problems.throw_if_any();
}

/// Reads the document, without the tables that it names.
void begin_scenario(const ConfigDocument& document, const std::string& path, KeyReader& keys, Scenario& scenario) {
    read_scenario(keys, scenario);
    keys.finish();
    scenario.files = document.files();
    scenario.calendar = Calendar(scenario.run.start, scenario.run.tick);
    scenario.data_folder = data_path(document, scenario, path);
}

/// Resolves names and checks the scenario against the tables.
void finish_scenario(const ConfigDocument& document, const std::string& path, const BaseData& data, KeyReader& keys,
                     Scenario& scenario, Problems& problems) {
    if (scenario.names.countries.empty() || scenario.names.goods.empty()) {
        problems.throw_if_any();  // without the lists of names every name would be unknown
    }
    for (const auto& policy : scenario.policies) {
        policy->resolve(scenario.names, scenario.calendar, problems);
    }
    for (const ShockKeys& shock : scenario.shocks) {
        scenario.resolved_shocks.push_back(shock.resolve(scenario.names, scenario.calendar, problems));
    }
    if (const ConfigValue* demand = document.find("outlook.demand");
        scenario.outlook.demand != "constant" && !data.outlook.has_scenario(scenario.outlook.demand)) {
        problems.add({.key = "outlook.demand",
                      .what = "the data folder has no scenario " + scenario.outlook.demand,
                      .why = "end_uses.csv and demand_index.csv give the growth of demand",
                      .suggestion = "add them, or write demand = \"constant\"",
                      .where = demand != nullptr ? demand->where : SourceLocation{path}});
    }
    check_overrides(document, path, scenario, data, problems);
    resolve(document, path, scenario.names, scenario.deals, problems);
    check_contracts(document, path, scenario.contracts, scenario.names, problems);
    check_stability(keys, scenario, data);
    scenario.record = keys.record();
}

}  // namespace

std::string shipped_data_folder() {
    const std::filesystem::path program = program_file();
    return program.empty() ? "" : nearest_folder(program.parent_path(), "configs/data").string();
}

Scenario read_scenario(const ConfigDocument& document, const std::string& path, const TablesSource& tables_of,
                       Problems& problems) {
    Scenario scenario;
    KeyReader keys(document.root(), problems);
    begin_scenario(document, path, keys, scenario);
    require_data_folder(document, path, scenario, problems);
    const std::shared_ptr<const ScenarioTables> tables = tables_of(scenario.data_folder, scenario.base_year, problems);
    scenario.names = tables->names;
    finish_scenario(document, path, tables->data, keys, scenario, problems);
    return scenario;
}

Scenario load_scenario(const std::string& path, const std::vector<std::string>& overrides) {
    Problems problems;
    const ConfigDocument document = ConfigDocument::load(path, overrides, problems);
    const auto tables = std::make_shared<ScenarioTables>();
    const auto read_tables = [&](const std::string& folder, int base_year, Problems& found) {
        tables->data = read_base_data(folder, base_year, found);
        tables->names = names_of(tables->data);
        return tables;
    };
    Scenario scenario = read_scenario(document, path, read_tables, problems);
    problems.throw_if_any();
    scenario.data = std::move(tables->data);
    return scenario;
}

KeyRecord describe_scenario() {
    KeyReader keys = KeyReader::for_describing();
    Scenario scenario;
    read_scenario(keys, scenario);
    return keys.record();
}

}  // namespace ytterby

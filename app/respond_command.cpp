#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "app/commands.hpp"
#include "core/config/diagnostics.hpp"
#include "records/whole_file.hpp"
#include "report/response_report.hpp"
#include "simulation/run.hpp"
#include "simulation/world_state.hpp"

namespace ytterby {
namespace {

struct RespondOptions {
    std::string config, block, good, country, svg, csv;
    std::vector<std::string> sets;
};

/// A block of the scenario that can be left out.
struct Block {
    std::string table;                          // "policy" or "shock"
    std::string path;                           // as an override names it
    std::vector<std::string> goods, countries;  // what it says of itself, unresolved
};

/// The texts that stand under a key: one, or a list of them.
std::vector<std::string> words_under(const ConfigValue& block, std::string_view key) {
    std::vector<std::string> words;
    if (const ConfigValue* value = block.find(key); value != nullptr) {
        if (value->kind == ConfigKind::text) {
            words.push_back(value->text);
        }
        for (const ConfigValue& item : value->items) {
            if (item.kind == ConfigKind::text) {
                words.push_back(item.text);
            }
        }
    }
    return words;
}

Block find_block(const RespondOptions& words) {
    const ConfigDocument document = ConfigDocument::load(words.config, words.sets);
    std::vector<std::string> known;
    for (const char* table : {"policy", "shock"}) {
        const ConfigValue* list = document.find(table);
        if (list == nullptr) {
            continue;
        }
        for (const ConfigValue& entry : list->items) {
            known.emplace_back(entry.name());
            if (entry.name() != words.block) {
                continue;
            }
            Block block{table, std::string(table) + "." + toml_key(words.block), {}, {}};
            for (const char* key : {"goods", "good"}) {
                for (std::string& word : words_under(entry, key)) {
                    block.goods.push_back(std::move(word));
                }
            }
            for (const char* key : {"actor", "country", "countries", "origin"}) {
                for (std::string& word : words_under(entry, key)) {
                    block.countries.push_back(std::move(word));
                }
            }
            return block;
        }
    }
    throw InputError(Problem{.key = "--to",
                             .what = "no block named '" + words.block + "'",
                             .why = words.config + " has no [[policy]] or [[shock]] of that name",
                             .suggestion = known.empty()
                                               ? "add one to the scenario, or with --set 'shock=[{name=\"NAME\", ...}]'"
                                               : suggest_name(words.block, known),
                             .where = {"--to"}});
}

struct FinishedRun {
    Scenario scenario;
    Simulation simulation;
    std::string first_world;  // fingerprint of the base state
    NodeHistory history;
};

FinishedRun run_to_end(const RespondOptions& words, const std::vector<std::string>& more) {
    std::vector<std::string> overrides = words.sets;
    overrides.insert(overrides.end(), more.begin(), more.end());
    Scenario scenario = load_scenario(words.config, overrides);
    Simulation simulation = build_simulation(scenario);
    std::string first_world = digest_of(simulation.world);
    return {std::move(scenario), std::move(simulation), std::move(first_world), {}};
}

/// Whether a block changes what the base state is inverted to.
bool start_apart(const FinishedRun& with, const FinishedRun& without) {
    return with.first_world != without.first_world ||
           with.simulation.economy.base_price != without.simulation.economy.base_price ||
           with.simulation.economy.base_risk != without.simulation.economy.base_risk ||
           with.simulation.economy.base_licence_factor != without.simulation.economy.base_licence_factor;
}

/// The goods a response may be about: the one asked for, else those the block names, else all.
std::vector<GoodId> goods_of(const RespondOptions& words, const Block& block, const Names& names) {
    if (!words.good.empty()) {
        const auto found = names.find_goods(words.good);
        if (!found || found->size() != 1) {
            throw InputError(Problem{
                .key = "--good",
                .what = found ? "'" + words.good + "' means several goods" : "unknown good '" + words.good + "'",
                .why = "a response is about one",
                .suggestion = names.suggest_good(words.good),
                .where = {"--good"}});
        }
        return *found;
    }
    std::vector<GoodId> list;
    for (const std::string& word : block.goods) {
        if (const auto found = names.find_goods(word)) {
            list.insert(list.end(), found->begin(), found->end());
        }
    }
    return list.empty() ? *names.find_goods("*") : list;
}

/// The country inside: the one asked for, else the first that the block names, else the largest maker of the good.
CountryId country_of(const RespondOptions& words, const Block& block, const FinishedRun& with, GoodId good) {
    const Names& names = with.scenario.names;
    if (!words.country.empty()) {
        const auto found = names.find_countries(words.country);
        if (!found || found->size() != 1) {
            throw InputError(Problem{.key = "--country",
                                     .what = found ? "'" + words.country + "' means several countries"
                                                   : "unknown country '" + words.country + "'",
                                     .why = "the price inside is that of one",
                                     .suggestion = names.suggest_country(words.country),
                                     .where = {"--country"}});
        }
        return found->front();
    }
    for (const std::string& word : block.countries) {
        if (const auto found = names.find_countries(word); found && found->size() == 1) {
            return found->front();
        }
    }
    const std::vector<double>& made = with.simulation.base->goods[good.index()].production;
    return id_at<CountryId>(static_cast<std::size_t>(std::max_element(made.begin(), made.end()) - made.begin()));
}

int respond(const RespondOptions& words) {
    const Block block = find_block(words);
    FinishedRun with = run_to_end(words, {});
    FinishedRun without = run_to_end(words, {block.path + ".remove=true"});
    const std::vector<GoodId> goods = goods_of(words, block, with.scenario.names);
    country_of(words, block, with, goods.front());  // a misspelt one is told before the runs
    const bool apart = start_apart(with, without);
    run(with.scenario, with.simulation, with.history);
    run(without.scenario, without.simulation, without.history);
    const Economy& economy = with.simulation.economy;
    const GoodId good = goods.size() == 1
                            ? goods.front()
                            : most_moved(economy, *without.simulation.base, with.history, without.history, goods);
    const CountryId country = country_of(words, block, with, good);
    const ResponsePath path =
        follow_response(economy, *without.simulation.base, with.history, without.history, good, country);
    const ResponseQuestion question{.title = with.scenario.title,
                                    .block = block.table + " " + words.block,
                                    .good = economy.goods[good.index()].name,
                                    .country = economy.countries[country.index()].code,
                                    .other_base = apart};
    if (!words.csv.empty()) {
        write_whole_file(words.csv, response_csv(path));
    }
    if (!words.svg.empty()) {
        write_whole_file(words.svg, svg_lines(response_chart(question, path)));
    }
    fmt::print("{}", response_text(question, path, summarise(path, economy.ticks_per_year)));
    return exit_ok;
}

}  // namespace

void add_respond_command(CLI::App& app, int& exit_code) {
    auto words = std::make_shared<RespondOptions>();
    CLI::App* command = app.add_subcommand(
        "respond", "Impulse response: a scenario with and without one block, same random numbers, month by month");
    command->add_option("config", words->config, "Scenario file (TOML)")->required();
    command->add_option("--to", words->block, "Name of the [[policy]] or [[shock]] block that is taken out")
        ->required();
    command->add_option("--good", words->good,
                        "Good that is looked at (default: the one of the block whose price moves most)");
    command->add_option("--country", words->country,
                        "Country whose price is the one inside (default: the block's actor, else the largest maker)");
    command->add_option("--set", words->sets, "Override a key in both runs: path=value")
        ->take_all()
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    command->add_option("--svg", words->svg, "Draw prices and quantities as % of the undisturbed run");
    command->add_option("--csv", words->csv, "Write every month and series, levels and deviations");
    command->callback([words, &exit_code] { exit_code = respond(*words); });
}

}  // namespace ytterby

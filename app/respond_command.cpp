#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "app/command_line.hpp"
#include "app/commands.hpp"
#include "app/output.hpp"
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
    std::vector<std::string> goods, countries;  // that it names, unresolved
};

/// The texts under a key: one, or a list of them.
std::vector<std::string> texts_under(const ConfigValue& block, std::string_view key) {
    std::vector<std::string> texts;
    if (const ConfigValue* value = block.find(key); value != nullptr) {
        if (value->kind == ConfigKind::text) {
            texts.push_back(value->text);
        }
        for (const ConfigValue& item : value->items) {
            if (item.kind == ConfigKind::text) {
                texts.push_back(item.text);
            }
        }
    }
    return texts;
}

Block find_block(const RespondOptions& options) {
    const ConfigDocument document = ConfigDocument::load(options.config, options.sets);
    std::vector<std::string> known;
    for (const char* table : {"policy", "shock"}) {
        const ConfigValue* list = document.find(table);
        if (list == nullptr) {
            continue;
        }
        for (const ConfigValue& entry : list->items) {
            known.emplace_back(entry.name());
            if (entry.name() != options.block) {
                continue;
            }
            Block block{table, std::string(table) + "." + toml_key(options.block), {}, {}};
            for (const char* key : {"goods", "good"}) {
                for (std::string& name : texts_under(entry, key)) {
                    block.goods.push_back(std::move(name));
                }
            }
            for (const char* key : {"actor", "country", "countries", "origin"}) {
                for (std::string& name : texts_under(entry, key)) {
                    block.countries.push_back(std::move(name));
                }
            }
            return block;
        }
    }
    throw InputError(Problem{.key = "--to",
                             .what = "no block named '" + options.block + "'",
                             .why = options.config + " has no [[policy]] or [[shock]] of that name",
                             .suggestion = known.empty()
                                               ? "add one to the scenario, or with --set 'shock=[{name=\"NAME\", ...}]'"
                                               : suggest_name(options.block, known),
                             .where = {"--to"}});
}

/// One of the two runs that are compared.
struct ComparedWorld {
    Scenario scenario;
    Simulation simulation;
    std::string first_world;  // fingerprint of the base state
    NodeHistory history;
};

ComparedWorld build_world(const RespondOptions& options, const std::vector<std::string>& more) {
    std::vector<std::string> overrides = options.sets;
    overrides.insert(overrides.end(), more.begin(), more.end());
    Scenario scenario = load_scenario(options.config, overrides);
    Simulation simulation = build_simulation(scenario);
    std::string first_world = digest_of(simulation.world);
    return {std::move(scenario), std::move(simulation), std::move(first_world), {}};
}

/// Settings that take the block out. A measure that the data of the base date were made under then never existed: both
/// runs start from the same base state.
std::vector<std::string> without_block(const RespondOptions& options, const Block& block, const Scenario& with) {
    std::vector<std::string> settings{block.path + ".remove=true"};
    std::vector<std::string> never = with.never_existed;
    for (const BaseData::BaseMeasure& measure : with.data.base_measures) {
        if (block.table == "policy" && measure.policy == options.block) {
            never.push_back(measure.policy);
        }
    }
    if (never.size() > with.never_existed.size()) {
        std::string list;
        for (const std::string& name : never) {
            list += (list.empty() ? "" : ", ") + toml_quoted(name);
        }
        settings.push_back("base.never=[" + list + "]");
    }
    return settings;
}

/// Whether the block changes the base state that calibration finds.
bool have_other_base(const ComparedWorld& with, const ComparedWorld& without) {
    return with.first_world != without.first_world ||
           with.simulation.economy.base_price != without.simulation.economy.base_price ||
           with.simulation.economy.base_risk != without.simulation.economy.base_risk ||
           with.simulation.economy.base_licence_factor != without.simulation.economy.base_licence_factor;
}

/// The goods whose response may be shown: the one asked for, else those that the block names, else all.
std::vector<GoodId> goods_of(const RespondOptions& options, const Block& block, const Names& names) {
    if (!options.good.empty()) {
        const auto found = names.find_goods(options.good);
        if (!found || found->size() != 1) {
            throw InputError(Problem{
                .key = "--good",
                .what = found ? "'" + options.good + "' means several goods" : "unknown good '" + options.good + "'",
                .why = "a response is about one",
                .suggestion = names.suggest_good(options.good),
                .where = {"--good"}});
        }
        return *found;
    }
    std::vector<GoodId> list;
    for (const std::string& name : block.goods) {
        if (const auto found = names.find_goods(name)) {
            list.insert(list.end(), found->begin(), found->end());
        }
    }
    return list.empty() ? *names.find_goods("*") : list;
}

/// The country inside: the one asked for, else the first that the block names, else the largest producer of the good.
CountryId country_of(const RespondOptions& options, const Block& block, const ComparedWorld& with, GoodId good) {
    const Names& names = with.scenario.names;
    if (!options.country.empty()) {
        const auto found = names.find_countries(options.country);
        if (!found || found->size() != 1) {
            throw InputError(Problem{.key = "--country",
                                     .what = found ? "'" + options.country + "' means several countries"
                                                   : "unknown country '" + options.country + "'",
                                     .why = "the price inside is that of one",
                                     .suggestion = names.suggest_country(options.country),
                                     .where = {"--country"}});
        }
        return found->front();
    }
    for (const std::string& name : block.countries) {
        if (const auto found = names.find_countries(name); found && found->size() == 1) {
            return found->front();
        }
    }
    const std::vector<double>& output = with.simulation.base->goods[good.index()].production;
    return id_at<CountryId>(static_cast<std::size_t>(std::max_element(output.begin(), output.end()) - output.begin()));
}

int respond(const RespondOptions& options) {
    const Block block = find_block(options);
    ComparedWorld with = build_world(options, {});
    ComparedWorld without = build_world(options, without_block(options, block, with.scenario));
    const std::vector<GoodId> goods = goods_of(options, block, with.scenario.names);
    country_of(options, block, with, goods.front());  // a misspelt one is reported before the runs
    const bool other_base = have_other_base(with, without);
    run(with.scenario, with.simulation, with.history);
    run(without.scenario, without.simulation, without.history);
    const Economy& economy = with.simulation.economy;
    const GoodId good = goods.size() == 1
                            ? goods.front()
                            : most_moved(economy, *without.simulation.base, with.history, without.history, goods);
    const CountryId country = country_of(options, block, with, good);
    const ResponsePath path =
        follow_response(economy, *without.simulation.base, with.history, without.history, good, country);
    const ResponseQuestion question{.title = with.scenario.title,
                                    .block = block.table + " " + options.block,
                                    .good = economy.goods[good.index()].name,
                                    .country = economy.countries[country.index()].code,
                                    .other_base = other_base};
    if (!options.csv.empty()) {
        write_whole_file(options.csv, response_csv(path));
    }
    if (!options.svg.empty()) {
        write_whole_file(options.svg, svg_lines(response_chart(question, path)));
    }
    print_text("{}", response_text(question, path, summarise(path, economy.ticks_per_year)));
    return exit_ok;
}

}  // namespace

void add_respond_command(Command program) {
    auto options = std::make_shared<RespondOptions>();
    Command command = program.subcommand(
        "respond", "Impulse response: a scenario with and without one block, same random numbers, month by month");
    command.option("config", options->config, "Scenario file (TOML)").required();
    command.option("--to", options->block, "Name of the [[policy]] or [[shock]] block that is taken out").required();
    command.option("--good", options->good,
                   "Good that is looked at (default: the one of the block whose price moves most)");
    command.option("--country", options->country,
                   "Country whose price is the one inside (default: the block's actor, else the largest maker)");
    command.option("--set", options->sets, "Override a key in both runs: path=value").repeatable();
    command.option("--svg", options->svg, "Draw prices and quantities as % of the undisturbed run");
    command.option("--csv", options->csv, "Write every month and series, levels and deviations");
    command.action([options] { return respond(*options); });
}

}  // namespace ytterby

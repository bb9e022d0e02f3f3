#pragma once

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/check.hpp"
#include "core/config/table.hpp"
#include "simulation/calibration/build.hpp"
#include "simulation/run.hpp"

namespace ytterby {

/// A folder with the shipped tables reduced to a few countries and goods, so that a scenario is read, built and run in
/// milliseconds; by-products, mines, refineries, recycling and separation are all there. The folder is removed at the
/// end.
class SmallTables {
public:
    /// The countries and goods that are kept.
    static inline const std::set<std::string> countries{"USA", "CHN", "JPN", "COD", "AUS"};
    static inline const std::set<std::string> goods{"gallium.refined", "cobalt.ore", "cobalt.refined",
                                                    "rare_earths_light.ore", "ndpr.refined"};
    static constexpr int base_year = 2024;

    SmallTables() {
        std::filesystem::remove_all(folder_);
        std::filesystem::create_directories(folder_ / "data");
        for (const auto& entry :
             std::filesystem::directory_iterator(std::filesystem::path(YTTERBY_SOURCE_DIR) / "configs/data")) {
            if (entry.path().extension() == ".csv") {
                tables_[entry.path().filename().string()] = cut_down(entry.path());
            }
        }
        for (const auto& [name, text] : tables_) {
            write(folder_ / "data" / name, text);
        }
        std::filesystem::copy(std::filesystem::path(YTTERBY_SOURCE_DIR) / "configs/behaviour.toml",
                              folder_ / "behaviour.toml");
    }
    ~SmallTables() {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    SmallTables(const SmallTables&) = delete;
    SmallTables& operator=(const SmallTables&) = delete;

    /// The one that all targets of a program share.
    static SmallTables& shared() {
        static SmallTables tables;
        return tables;
    }

    /// Tables by file name.
    const std::map<std::string, std::string>& tables() const { return tables_; }

    /// Writes a scenario next to the tables; returns its path.
    std::string scenario(std::string_view text) const {
        write(folder_ / "scenario.toml", text);
        return (folder_ / "scenario.toml").string();
    }
    /// Replaces the text of a table until `restore`.
    void replace(const std::string& name, std::string_view text) const { write(folder_ / "data" / name, text); }
    void restore(const std::string& name) const { write(folder_ / "data" / name, tables_.at(name)); }

private:
    static void write(const std::filesystem::path& file, std::string_view text) {
        std::ofstream(file, std::ios::binary).write(text.data(), static_cast<std::streamsize>(text.size()));
    }

    static std::string quoted(std::string_view cell) {
        if (cell.find_first_of(",\"\n") == std::string_view::npos) {
            return std::string(cell);
        }
        std::string text = "\"";
        for (const char letter : cell) {
            text += letter == '"' ? "\"\"" : std::string(1, letter);
        }
        return text + "\"";
    }

    /// Whether a row names only countries, goods and processes that are kept.
    static bool is_kept(const Table& table, std::size_t row, const std::set<std::string>& processes) {
        // Scenarios of the fuzzers say nothing of measures of the base date.
        if (table.file().ends_with("base_measures.csv")) {
            return false;
        }
        const std::map<std::string, const std::set<std::string>*> lists{
            {"country", &countries},     {"country_a", &countries}, {"country_b", &countries}, {"origin", &countries},
            {"destination", &countries}, {"owner", &countries},     {"good", &goods},          {"ore_good", &goods},
            {"good_in", &goods},         {"good_out", &goods},      {"goods", &goods},         {"process", &processes}};
        for (const auto& [column, names] : lists) {
            if (!table.has_column(column)) {
                continue;
            }
            const std::string name(table.text(row, table.column(column)));
            if (!name.empty() && name != "*" && name != "OTH" && !names->contains(name)) {
                return false;
            }
        }
        if (table.has_column("year") && !table.file().ends_with("_index.csv") && !table.file().ends_with("plan.csv")) {
            const std::string year(table.text(row, table.column("year")));
            if (year != std::to_string(base_year)) {
                return false;
            }
        }
        return true;
    }

    static std::string cut_down(const std::filesystem::path& file) {
        static const std::set<std::string> processes{"gallium_recovery", "cobalt_mine",           "cobalt_refinery",
                                                     "cobalt_recycling", "rare_earth_mine_light", "separation_light"};
        std::ifstream in(file, std::ios::binary);
        Problems problems;
        const Table table = Table::parse({std::istreambuf_iterator<char>(in), {}}, file.filename().string(), problems);
        const std::set<std::string> dropped{"note", "description", "low", "high", "status", "basis"};
        std::string text;
        const auto add_row = [&](auto&& cell_of) {
            std::string_view comma = "";
            for (const std::string& name : table.column_names()) {
                if (dropped.contains(name)) {
                    continue;
                }
                text.append(comma).append(cell_of(name));
                comma = ",";
            }
            text += "\n";
        };
        add_row([](const std::string& name) { return name; });
        for (std::size_t row = 0; row < table.rows(); ++row) {
            if (is_kept(table, row, processes)) {
                add_row([&](const std::string& name) {
                    return name == "source" ? "shipped" : quoted(table.text(row, table.column(name)));
                });
            }
        }
        return text;
    }

    std::filesystem::path folder_ =
        std::filesystem::temp_directory_path() / ("ytterby-small-" + std::to_string(::getpid()));
    std::map<std::string, std::string> tables_;
};

/// Reduces a scenario to two ticks on one thread with the laws on. False when it has too many firms for a test.
inline bool make_small(Scenario& scenario) {
    constexpr std::uint64_t most_firms = 2000;
    scenario.run.ticks = 2;
    scenario.run.threads = 1;
    scenario.run.check_laws = true;
    return scenario.firms <= most_firms;
}

/// Builds a scenario and runs two ticks of it. Bad input may be found at building too; nothing else may be thrown.
inline void run_two_ticks(Scenario scenario) {
    if (!make_small(scenario)) {
        return;
    }
    Simulation simulation = build_simulation(scenario);
    NoObserver nobody;
    const RunOutcome outcome = run(scenario, simulation, nobody);
    ensure(outcome.ticks_done == 2, "a scenario that is accepted runs");
}

}  // namespace ytterby

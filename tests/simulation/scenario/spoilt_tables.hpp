#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "simulation/calibration/build.hpp"
#include "tests/laws/history.hpp"
#include "tests/records/scratch_folder.hpp"

namespace ytterby {

/// A copy of the shipped tables and a scenario, into which a test puts errors.
class SpoiltTables : public ::testing::Test {
protected:
    SpoiltTables() {
        std::filesystem::create_directories(folder_ / "data");
        for (const auto& entry : std::filesystem::directory_iterator(shipped("data"))) {
            if (entry.path().extension() == ".csv") {
                std::filesystem::copy(entry.path(), folder_ / "data" / entry.path().filename());
            }
        }
        scenario("");
    }
    void scenario(const std::string& text) { write_all(folder_ / "s.toml", "schema = 1\nbase_year = 2022\n" + text); }
    std::string table(const std::string& name) const { return read_all(folder_ / ("data/" + name)); }
    void write_table(const std::string& name, const std::string& text) const {
        write_all(folder_ / ("data/" + name), text);
    }
    void remove_table(const std::string& name) const { std::filesystem::remove(folder_ / ("data/" + name)); }
    /// Replaces the first occurrence; fails when there is none.
    void spoil(const std::string& name, const std::string& from, const std::string& to) const {
        std::string text = table(name);
        const std::size_t at = text.find(from);
        ASSERT_NE(at, std::string::npos) << name << " holds no " << from;
        write_table(name, text.replace(at, from.size(), to));
    }
    /// Replaces the entry of a column in the first line that begins with `row`.
    void set_cell(const std::string& name, const std::string& row, const std::string& column,
                  const std::string& value) {
        const std::string text = table(name);
        std::size_t begin = text.find("\n" + row);
        ASSERT_NE(begin, std::string::npos) << name << " has no row " << row;
        ++begin;
        const std::string header = text.substr(0, text.find('\n'));
        const std::size_t place = header.find(column);
        ASSERT_NE(place, std::string::npos) << name << " has no column " << column;
        for (auto comma = std::count(header.begin(), header.begin() + static_cast<std::ptrdiff_t>(place), ',');
             comma > 0; --comma) {
            begin = text.find(',', begin) + 1;
        }
        const std::size_t end = text.find_first_of(",\n", begin);
        write_table(name, text.substr(0, begin) + value + text.substr(end));
    }
    /// Loads and builds the scenario; returns the problems as rendered, without the path of the test's folder.
    std::vector<std::string> problems(const std::vector<std::string>& overrides = {}) {
        std::vector<std::string> lines;
        try {
            build_simulation(load_scenario((folder_ / "s.toml").string(), overrides));
        } catch (const InputError& error) {
            for (const Problem& problem : error.problems().sorted()) {
                std::string line = render(problem);
                const std::string here = folder_.path().string() + "/";
                while (line.find(here) != std::string::npos) {
                    line.erase(line.find(here), here.size());
                }
                lines.push_back(line);
            }
        }
        return lines;
    }
    /// Expects exactly one problem, which contains all the pieces.
    void expect_one(const std::vector<std::string>& pieces, const std::vector<std::string>& overrides = {}) {
        const std::vector<std::string> lines = problems(overrides);
        ASSERT_EQ(lines.size(), 1U) << pieces[0] << "\n"
                                    << (lines.empty() ? "no problem" : lines[0] + "\n" + lines.back());
        for (const std::string& piece : pieces) {
            EXPECT_NE(lines[0].find(piece), std::string::npos) << piece << " in\n" << lines[0];
        }
    }

    ScratchFolder folder_;
};

}  // namespace ytterby

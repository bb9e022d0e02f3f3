#include "simulation/calibration/scenario_family.hpp"

#include "simulation/calibration/base_state.hpp"

namespace ytterby {

ScenarioFamily::ScenarioFamily(std::string path, std::vector<std::string> overrides)
    : path_(std::move(path)), document_(ConfigDocument::load(path_, overrides, common_problems_)) {}

std::shared_ptr<const ScenarioTables> ScenarioFamily::tables(const std::string& folder, int base_year,
                                                             Problems& problems) const {
    Shared& shared = shared_[{folder, base_year}];
    if (shared.tables != nullptr) {
        return shared.tables;
    }
    Problems found;
    auto tables = std::make_shared<ScenarioTables>();
    tables->data = read_base_data(folder, base_year, found);
    tables->names = names_of(tables->data);
    problems.add_all(found);
    if (found.empty()) {
        shared.tables = tables;
    }
    return tables;
}

Scenario ScenarioFamily::read(const std::vector<std::string>& overrides, Problems& problems) const {
    problems.add_all(common_problems_);
    ConfigDocument document = document_;
    document.apply_overrides(overrides, problems);
    const auto tables_of = [this](const std::string& folder, int base_year, Problems& found) {
        return tables(folder, base_year, found);
    };
    return read_scenario(document, path_, tables_of, problems);
}

Scenario ScenarioFamily::member(const std::vector<std::string>& overrides) const {
    Problems problems;
    Scenario scenario = read(overrides, problems);
    problems.throw_if_any();
    Shared& shared = shared_[{scenario.data_folder, scenario.base_year}];
    if (shared.balanced == nullptr) {
        auto balanced = std::make_shared<const BaseState>(balance_base_state(shared.tables->data, problems));
        problems.throw_if_any();
        shared.balanced = std::move(balanced);
    }
    scenario.data = shared.tables->data;
    scenario.balanced = shared.balanced;
    return scenario;
}

Scenario ScenarioFamily::outline(const std::vector<std::string>& overrides, Problems& problems) const {
    return read(overrides, problems);
}

}  // namespace ytterby

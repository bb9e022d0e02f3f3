#include "app/listings.hpp"

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

#include "agents/world/indicators.hpp"
#include "core/config/diagnostics.hpp"
#include "core/config/json.hpp"
#include "experiments/design/sweep_design.hpp"
#include "experiments/metrics/metric.hpp"

namespace ytterby {
namespace {

std::string joined(const std::vector<std::string>& words) { return join_names(words, words.size()); }

Listing countries_of(const BaseData& data) {
    Listing listing{{"country", "name", "groups"}, {}};
    for (const BaseData::CountryRow& country : data.countries) {
        std::vector<std::string> groups;
        for (const auto& [group, member] : country.groups) {
            if (member) {
                groups.push_back(group);
            }
        }
        listing.rows.push_back({country.code, country.name, joined(groups)});
    }
    return listing;
}

Listing groups_of(const BaseData& data) {
    Listing listing{{"group", "members"}, {}};
    const Names names = names_of(data);
    for (const auto& [group, members] : names.groups) {
        std::vector<std::string> codes;
        for (const CountryId member : members) {
            codes.push_back(names.countries[member.index()]);
        }
        listing.rows.push_back({group, joined(codes)});
    }
    return listing;
}

Listing goods_of(const BaseData& data) {
    Listing listing{{"good", "metal", "stage", "made by"}, {}};
    for (const BaseData::GoodRow& good : data.goods) {
        std::vector<std::string> makers;
        for (const BaseData::ProcessRow& process : data.processes) {
            const std::vector<std::string> outputs = outputs_of(data, process.name);
            if (std::find(outputs.begin(), outputs.end(), good.name) != outputs.end()) {
                makers.push_back(process.name);
            }
        }
        listing.rows.push_back({good.name, good.metal, good.stage, joined(makers)});
    }
    return listing;
}

Listing processes_of(const BaseData& data) {
    Listing listing{{"process", "kind", "input", "outputs", "host"}, {}};
    for (const BaseData::ProcessRow& process : data.processes) {
        listing.rows.push_back(
            {process.name, process.kind, process.input_good, joined(outputs_of(data, process.name)), process.host});
    }
    return listing;
}

template <class Rows>
Listing with_units(const char* first, const Rows& rows) {
    Listing listing{{first, "unit", "meaning"}, {}};
    for (const auto& row : rows) {
        listing.rows.push_back({row.name, row.unit, row.meaning});
    }
    return listing;
}

Listing designs_of(const BaseData&) {
    Listing listing{{"design", "cells"}, {}};
    for (const DesignKind& kind : design_kinds()) {
        listing.rows.push_back({kind.name, kind.meaning});
    }
    return listing;
}

struct Topic {
    std::string name;
    bool of_data = false;
    std::function<Listing(const BaseData&)> list;
};

const std::vector<Topic>& topics() {
    static const std::vector<Topic> all = {
        {"countries", true, countries_of},
        {"groups", true, groups_of},
        {"goods", true, goods_of},
        {"processes", true, processes_of},
        {"indicators", false, [](const BaseData&) { return with_units("indicator", indicators()); }},
        {"metrics", false, [](const BaseData&) { return with_units("metric", metric_kinds()); }},
        {"designs", false, designs_of}};
    return all;
}

}  // namespace

const std::vector<std::string>& listing_topics() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> list;
        for (const Topic& topic : topics()) {
            list.push_back(topic.name);
        }
        return list;
    }();
    return names;
}

bool is_of_data(const std::string& topic) {
    return std::any_of(topics().begin(), topics().end(),
                       [&](const Topic& one) { return one.of_data && one.name == topic; });
}

Listing listing_of(const std::string& topic, const BaseData& data) {
    const auto found =
        std::find_if(topics().begin(), topics().end(), [&](const Topic& one) { return one.name == topic; });
    return found == topics().end() ? Listing{} : found->list(data);
}

std::string listing_text(const Listing& listing) {
    std::vector<std::size_t> widths(listing.columns.size(), 0);
    std::vector<std::vector<std::string>> lines = {listing.columns};
    lines.insert(lines.end(), listing.rows.begin(), listing.rows.end());
    for (const auto& line : lines) {
        for (std::size_t column = 0; column < line.size(); ++column) {
            widths[column] = std::max(widths[column], line[column].size());
        }
    }
    std::string text;
    for (const auto& line : lines) {
        std::string row;
        for (std::size_t column = 0; column < line.size(); ++column) {
            row += line[column] + std::string(widths[column] - line[column].size() + 2, ' ');
        }
        text += row.substr(0, row.find_last_not_of(' ') + 1) + "\n";
    }
    return text;
}

std::string listing_markdown(const Listing& listing) {
    const auto row = [](const std::vector<std::string>& cells) {
        std::string text = "|";
        for (const std::string& cell : cells) {
            text += " " + cell + " |";
        }
        return text + "\n";
    };
    std::string text = row(listing.columns) + "|";
    for (std::size_t column = 0; column < listing.columns.size(); ++column) {
        text += "---|";
    }
    text += "\n";
    for (const auto& cells : listing.rows) {
        text += row(cells);
    }
    return text;
}

std::string listing_json(const Listing& listing) {
    Json rows = Json::array();
    for (const auto& cells : listing.rows) {
        Json row = Json::object();
        for (std::size_t column = 0; column < cells.size(); ++column) {
            row[listing.columns[column]] = cells[column];
        }
        rows.push_back(std::move(row));
    }
    return json_text(rows) + "\n";
}

}  // namespace ytterby

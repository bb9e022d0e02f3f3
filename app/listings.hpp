#pragma once

#include <string>
#include <vector>

#include "simulation/scenario/base_data.hpp"

namespace ytterby {

/// Names that a user may write, as a table for `ytterby describe`.
struct Listing {
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows;
};

/// What can be listed: countries, groups, goods, processes, indicators, metrics, designs.
const std::vector<std::string>& listing_topics();
/// Whether a list is of names that the data define.
bool is_of_data(const std::string& topic);
/// The list of a topic; the data are read only where it is of them.
Listing listing_of(const std::string& topic, const BaseData& data);

/// The list as aligned text, a markdown table, or an array of objects in JSON.
std::string listing_text(const Listing& listing);
std::string listing_markdown(const Listing& listing);
std::string listing_json(const Listing& listing);

}  // namespace ytterby

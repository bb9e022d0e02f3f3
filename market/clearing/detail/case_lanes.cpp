#include "market/clearing/detail/case_reader.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace ytterby {

namespace {

/// Duties and tariffs above this multiple of the price are mistakes.
constexpr double shares_most = 1e6;
constexpr double unbounded = std::numeric_limits<double>::infinity();
constexpr double most = case_number_most;
constexpr CaseLaneNumber lane_numbers[] = {
    {"freight", 0.0, -most, most, "USD/t", "cost of the way", [](CaseLane& lane) { return &lane.terms.freight; }},
    {"export_duty", 0.0, -1.0, shares_most, "share of the price at the origin", "ad valorem export duty, 0.25 = 25 %",
     [](CaseLane& lane) { return &lane.terms.export_duty; }},
    {"tariff", 0.0, -1.0, shares_most, "share of price, duty and freight", "ad valorem tariff, 0.25 = 25 %",
     [](CaseLane& lane) { return &lane.terms.tariff; }},
    {"friction", 0.0, -most, most, "USD/t", "cost at the border, after the tariff",
     [](CaseLane& lane) { return &lane.terms.friction; }},
    {"specific_export_duty", 0.0, -most, most, "USD/t", "export duty per tonne, below zero a subsidy",
     [](CaseLane& lane) { return &lane.specific_export_duty; }},
    {"specific_tariff", 0.0, -most, most, "USD/t", "tariff per tonne",
     [](CaseLane& lane) { return &lane.specific_tariff; }},
    {"cap", unbounded, 0.0, most, "t", "most that may move; without it, any quantity",
     [](CaseLane& lane) { return &lane.terms.cap; }},
    {"preference", 0.0, -most, most, "USD/t", "cost to the buyer that nobody is paid (origin preference)",
     [](CaseLane& lane) { return &lane.terms.preference; }},
    {"preference_slope", 0.0, 0.0, most, "USD/t", "rise of the preference cost with the logarithm of the flow",
     [](CaseLane& lane) { return &lane.terms.preference_slope; }},
    {"usual_flow", 0.0, 0.0, most, "t", "flow at which the preference cost is `preference`; also how tied lanes share",
     [](CaseLane& lane) { return &lane.terms.usual_flow; }},
    {"opening_flow", 0.0, 0.0, most, "t", "x0 of the preference; 1 % of the usual flow where it is not given",
     [](CaseLane& lane) { return &lane.terms.opening_flow; }},
};

}  // namespace

std::span<const CaseLaneNumber> case_lane_numbers() { return lane_numbers; }

void CaseReader::read_lane(KeyReader& keys) {
    CaseLane lane;
    std::string from;
    std::string to;
    keys.text("from", from, {.doc = "node that the goods leave"});
    keys.text("to", to, {.doc = "node that they enter"});
    std::optional<std::string> id;
    keys.text("id", id, {.doc = "name by which caps and quotas may call it; unique"});
    lane.id = id.value_or("");
    lane.terms.from = from.empty() ? 0 : known_node(from, report_of(keys, "from"));
    lane.terms.to = to.empty() ? 0 : known_node(to, report_of(keys, "to"));
    for (const CaseLaneNumber& number : lane_numbers) {
        std::optional<double> value;
        keys.number(std::string(number.name), value,
                    {.low = number.low, .high = number.high, .unit = number.unit, .doc = number.doc});
        *number.place(lane) = value.value_or(number.fallback);
    }
    const bool has_opening = lane.terms.opening_flow > 0.0;
    take_lane(std::move(lane), has_opening, report_of(keys, "from"));
}

void CaseReader::take_lane(CaseLane lane, bool has_opening, const Report& report) {
    if (lane.terms.preference_slope > 0.0 && !(lane.terms.usual_flow > 0.0)) {
        report("a preference slope needs a usual flow", "the preference cost is measured from it",
               "give usual_flow, in tonnes");
        lane.terms.usual_flow = 1.0;
    }
    if (!has_opening) {
        lane.terms.opening_flow = 0.01 * lane.terms.usual_flow;  // as simulated lanes have it
    }
    if (!lane.id.empty() && !lane_ids_.emplace(lane.id, case_.lanes.size()).second) {
        report("the lane id '" + lane.id + "' stands twice", "caps and quotas call lanes by it",
               "give each lane its own, or none");
    }
    case_.lanes.push_back(std::move(lane));
}

std::vector<std::uint32_t> CaseReader::lanes_called(const std::string& word) const {
    std::vector<std::uint32_t> called;
    const auto by_id = lane_ids_.find(word);
    for (std::uint32_t number = 0; number < case_.lanes.size(); ++number) {
        if (by_id != lane_ids_.end() ? by_id->second == number : case_.lane_name(number) == word) {
            called.push_back(number);
        }
    }
    return called;
}

void CaseReader::report_lane(KeyReader& keys, const char* key, const std::string& word) {
    std::vector<std::string> names;
    for (std::size_t number = 0; number < case_.lanes.size(); ++number) {
        names.push_back(case_.lanes[number].id.empty() ? case_.lane_name(number) : case_.lanes[number].id);
    }
    keys.problem(key, "no lane '" + word + "'", "lanes are called FROM:TO, or by their id",
                 names.empty() ? "the case has no lanes: add [[lane]] blocks" : suggest_name(word, names));
}

void CaseReader::read_shared_cap(KeyReader& keys) {
    CaseSharedCap cap;
    std::vector<std::string> words;
    keys.text_list("lanes", words, {.least_count = 1, .doc = "the lanes, each as FROM:TO or by its id"});
    keys.number(
        "cap", cap.cap,
        {.low = 0.0, .high = case_number_most, .unit = "t", .doc = "most that may move over all of them together"});
    for (const std::string& word : words) {
        const std::vector<std::uint32_t> called = lanes_called(word);
        if (called.empty()) {
            report_lane(keys, "lanes", word);
        }
        for (const std::uint32_t lane : called) {
            if (std::find(cap.lanes.begin(), cap.lanes.end(), lane) != cap.lanes.end()) {
                keys.problem("lanes", "the lane '" + word + "' stands twice", "it would count twice against the cap",
                             "name each lane once");
            } else {
                cap.lanes.push_back(lane);
            }
        }
    }
    case_.caps.push_back(std::move(cap));
}

void CaseReader::read_rate_quota(KeyReader& keys) {
    std::string word;
    RateQuota quota;
    keys.text("lane", word, {.doc = "the lane, as FROM:TO or by its id"});
    keys.number(
        "quota", quota.quota,
        {.low = 0.0, .high = case_number_most, .unit = "t", .doc = "volume up to which the lower tariff holds"});
    keys.number("tariff_in", quota.tariff_in,
                {.fallback = 0.0,
                 .low = -1.0,
                 .high = shares_most,
                 .unit = "share",
                 .doc = "ad valorem tariff within the quota"});
    keys.number(
        "tariff_over", quota.tariff_over,
        {.fallback = 0.0, .low = -1.0, .high = shares_most, .unit = "share", .doc = "ad valorem tariff above it"});
    keys.number(
        "specific_in", quota.specific_in,
        {.fallback = 0.0, .low = -most, .high = most, .unit = "USD/t", .doc = "specific tariff within the quota"});
    keys.number("specific_over", quota.specific_over,
                {.fallback = 0.0, .low = -most, .high = most, .unit = "USD/t", .doc = "specific tariff above it"});
    if (word.empty() || keys.describing()) {
        return;
    }
    const std::vector<std::uint32_t> called = lanes_called(word);
    if (called.size() != 1) {
        called.empty() ? report_lane(keys, "lane", word)
                       : keys.problem("lane", "several lanes are called '" + word + "'", "a quota belongs to one",
                                      "give the lanes an id each");
        return;
    }
    CaseLane& lane = case_.lanes[called.front()];
    if (lane.rate_quota) {
        keys.problem("lane", "the lane '" + word + "' has a rate quota already", "an earlier block gives one",
                     "drop one of them");
    }
    if (lane.terms.tariff != 0.0 || lane.specific_tariff != 0.0) {
        keys.problem("lane", "the lane '" + word + "' has a tariff of its own",
                     "the quota's two tariffs stand in its place", "drop the lane's tariff");
    }
    if (lane.terms.preference_slope > 0.0) {
        keys.problem("lane", "the lane '" + word + "' has a preference slope",
                     "its two tiers would each have a preference of their own", "leave preference_slope out");
    }
    if (quota.tariff_over < quota.tariff_in || quota.specific_over < quota.specific_in) {
        keys.problem("tariff_over", "the tariff above the quota is lower than within it",
                     "nobody would use the quota first", "swap the tariffs");
    }
    lane.rate_quota = quota;
}

}  // namespace ytterby

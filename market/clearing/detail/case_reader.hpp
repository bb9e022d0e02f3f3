#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/config/keys.hpp"
#include "market/clearing/case.hpp"

namespace ytterby {

/// Quantities and prices beyond this are mistakes, and no solver could tell their last tonne.
inline constexpr double case_number_most = 1e15;

/// Collects the parts of a case from a document or from tables, and checks what they say of each other.
class CaseReader {
public:
    CaseReader(MarketCase& made, Problems& problems) : case_(made), problems_(problems) {}

    /// The keys of a TOML case (case_reader.cpp, case_lanes.cpp).
    void read(KeyReader& keys);
    /// A table of orders, then one of lanes (case_tables.cpp).
    void read_orders(const std::string& path);
    void read_lanes(const std::string& path);
    /// What can only be judged when all is read; `where` is the whole case.
    void finish(const SourceLocation& where);

private:
    using Report = std::function<void(const std::string& what, const std::string& why, const std::string& suggestion)>;

    std::uint32_t node_number(const std::string& name);
    /// A node that something stands at. Where goods may pass through, lanes may make nodes of their own; and so they
    /// may where nobody at all sells or nobody at all buys, since such a market says all there is to say.
    std::uint32_t known_node(const std::string& name, const Report& report);
    static Report report_of(KeyReader& keys, const std::string& key);
    void read_node(KeyReader& keys);
    std::uint32_t read_place(KeyReader& keys, const char* key, const char* doc);
    void read_order(KeyReader& keys);
    void take_order(CaseOrder order, const Report& report);
    void read_curve(KeyReader& keys);
    void read_lane(KeyReader& keys);
    void take_lane(CaseLane lane, bool has_opening, const Report& report);
    /// The lanes that a word means: an id, or FROM:TO, which may be several side by side.
    std::vector<std::uint32_t> lanes_called(const std::string& word) const;
    void report_lane(KeyReader& keys, const char* key, const std::string& word);
    void read_shared_cap(KeyReader& keys);
    void read_rate_quota(KeyReader& keys);

    MarketCase& case_;
    Problems& problems_;
    std::string title_;
    std::map<std::string, std::uint32_t> numbers_;
    std::set<std::string> order_ids_;
    std::map<std::string, std::size_t> lane_ids_;
};

/// A number that a lane may have, in files and tables alike.
struct CaseLaneNumber {
    std::string_view name;
    double fallback;
    double low;
    double high;
    const char* unit;
    const char* doc;
    double* (*place)(CaseLane&);
};
std::span<const CaseLaneNumber> case_lane_numbers();

}  // namespace ytterby

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

/// Quantities and prices beyond this are mistakes; no solver could resolve their last tonne.
inline constexpr double case_number_most = 1e15;

/// Reads the parts of a case from a document or from tables and checks that they are consistent.
class CaseReader {
public:
    CaseReader(MarketCase& made, Problems& problems) : case_(made), problems_(problems) {}

    /// Reads the keys of a TOML case.
    void read(KeyReader& keys);
    /// Read a table of orders, then one of lanes.
    void read_orders(const std::string& path);
    void read_lanes(const std::string& path);
    /// Checks what can only be checked when everything is read; problems are reported at `where`.
    void finish(const SourceLocation& where);

private:
    using Report = std::function<void(const std::string& what, const std::string& why, const std::string& suggestion)>;

    std::uint32_t node_number(const std::string& name);
    /// The node that a lane names. It must have orders, curves or a [[node]] block. Only if goods may pass through
    /// nodes, or if the case has no sellers or no buyers, may lanes create nodes.
    std::uint32_t known_node(const std::string& name, const Report& report);
    static Report report_of(KeyReader& keys, const std::string& key);
    void read_node(KeyReader& keys);
    std::uint32_t read_place(KeyReader& keys, const char* key, const char* doc);
    void read_order(KeyReader& keys);
    void take_order(CaseOrder order, const Report& report);
    void read_curve(KeyReader& keys);
    void read_lane(KeyReader& keys);
    void take_lane(CaseLane lane, bool has_opening, const Report& report);
    /// The lanes with a name: an id, or FROM:TO, which may be several parallel ones.
    std::vector<std::uint32_t> lanes_named(const std::string& name) const;
    void report_lane(KeyReader& keys, const char* key, const std::string& name);
    void read_shared_cap(KeyReader& keys);
    void read_rate_quota(KeyReader& keys);

    MarketCase& case_;
    Problems& problems_;
    std::string title_;
    std::map<std::string, std::uint32_t> numbers_;
    std::set<std::string> order_ids_;
    std::map<std::string, std::size_t> lane_ids_;
};

}  // namespace ytterby

#include "market/clearing/detail/case_reader.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/config/table.hpp"
#include "market/mechanism.hpp"

namespace ytterby {
namespace {

/// Duties and tariffs above this multiple of the price are mistakes.
constexpr double shares_most = 1e6;
constexpr double unbounded = std::numeric_limits<double>::infinity();
constexpr double most = case_number_most;

/// A numeric property of a lane, a key in files and a column in tables.
struct LaneNumber {
    std::string_view name;
    double fallback;
    double low;
    double high;
    const char* unit;
    const char* doc;
    double* (*place)(CaseLane&);
};
constexpr LaneNumber lane_numbers[] = {
    {"freight", 0.0, -most, most, "USD/t", "transport cost", [](CaseLane& lane) { return &lane.terms.freight; }},
    {"export_duty", 0.0, -1.0, shares_most, "share of the price at the origin", "ad valorem export duty, 0.25 = 25 %",
     [](CaseLane& lane) { return &lane.terms.export_duty; }},
    {"tariff", 0.0, -1.0, shares_most, "share of price, duty and freight", "ad valorem tariff, 0.25 = 25 %",
     [](CaseLane& lane) { return &lane.terms.tariff; }},
    {"friction", 0.0, -most, most, "USD/t", "cost at the border, after the tariff",
     [](CaseLane& lane) { return &lane.terms.friction; }},
    {"specific_export_duty", 0.0, -most, most, "USD/t", "export duty per tonne; a negative one is a subsidy",
     [](CaseLane& lane) { return &lane.specific_export_duty; }},
    {"specific_tariff", 0.0, -most, most, "USD/t", "tariff per tonne",
     [](CaseLane& lane) { return &lane.specific_tariff; }},
    {"cap", unbounded, 0.0, most, "t", "the most that may move; default: no limit",
     [](CaseLane& lane) { return &lane.terms.cap; }},
    {"preference", 0.0, -most, most, "USD/t", "cost that the buyer counts but does not pay (origin preference)",
     [](CaseLane& lane) { return &lane.terms.preference; }},
    {"preference_slope", 0.0, 0.0, most, "USD/t", "rise of the preference cost with the logarithm of the flow",
     [](CaseLane& lane) { return &lane.terms.preference_slope; }},
    {"usual_flow", 0.0, 0.0, most, "t",
     "flow at which the preference cost is `preference`; lanes that tie share in proportion to it",
     [](CaseLane& lane) { return &lane.terms.usual_flow; }},
    {"opening_flow", 0.0, 0.0, most, "t", "x0 of the preference; default: 1 % of the usual flow",
     [](CaseLane& lane) { return &lane.terms.opening_flow; }},
};

void check_sign(KeyReader& keys, const char* key, bool supply, double value) {
    if (supply ? value < 0.0 : value > 0.0) {
        keys.problem(key, supply ? "a supply falls with its price" : "a demand rises with its price",
                     "such a curve need not have an equilibrium",
                     supply ? "make it zero or positive" : "make it zero or negative");
    }
}

}  // namespace

void CaseReader::read(KeyReader& keys) {
    keys.text("title", title_, {.fallback = "", .doc = "title of the case", .may_be_empty = true});
    keys.text("purpose", title_,
              {.fallback = "", .doc = "the question that it answers, and its origin", .may_be_empty = true});
    keys.table("market",
               [&](KeyReader& inner) {
                   case_.made = read_mechanism(inner, case_.mechanism);
                   inner.integer("seed", case_.seed,
                                 {.fallback = 1,
                                  .low = 0,
                                  .doc = "seed of the random numbers of a mechanism, such as the order of arrival"});
                   inner.boolean(
                       "through_shipment", case_.through_shipment,
                       {.fallback = false, .doc = "whether goods may pass through a node (network problems)"});
               },
               {.doc = "how the market is cleared"});
    keys.table(
        "laboratory", case_.laboratory,
        {.doc = "traders with induced values in a continuous double auction, instead of orders (docs/order_book.md)"});
    keys.block_list("node", [&](KeyReader& inner) { read_node(inner); },
                    {.doc = "nodes with rules of their own; others need no block"});
    keys.block_list("order", [&](KeyReader& inner) { read_order(inner); }, {.doc = "orders, one block each"});
    keys.block_list("curve", [&](KeyReader& inner) { read_curve(inner); },
                    {.doc = "whole supplies and demands, instead of orders or beside them"});
    keys.block_list("lane", [&](KeyReader& inner) { read_lane(inner); }, {.doc = "lanes over which goods may move"});
    keys.block_list("shared_cap", [&](KeyReader& inner) { read_shared_cap(inner); },
                    {.doc = "caps on the sum of several lanes"});
    keys.block_list("rate_quota", [&](KeyReader& inner) { read_rate_quota(inner); },
                    {.doc = "tariff-rate quotas: one tariff up to a volume, another above"});
}

void CaseReader::finish(const SourceLocation& where) {
    if (case_.laboratory) {
        if (!case_.orders.empty() || !case_.curves.empty() || !case_.lanes.empty()) {
            problems_.add({.key = "laboratory",
                           .what = "a case with a laboratory takes no orders, curves or lanes",
                           .why = "its traders make the orders",
                           .suggestion = "drop either",
                           .where = where});
        }
        return;
    }
    if (case_.orders.empty() && case_.curves.empty() && problems_.empty()) {
        problems_.add({.key = "order",
                       .what = "there are no orders and no curves",
                       .why = "a market needs sellers or buyers",
                       .suggestion = "add [[order]] or [[curve]] blocks",
                       .where = where});
    }
    if (case_.mechanism != "spatial_auction") {
        const auto refuse = [&](bool has, const char* key, const char* what) {
            if (has) {
                problems_.add({.key = key,
                               .what = "the mechanism " + case_.mechanism + " does not take " + what,
                               .why = "it matches single orders",
                               .suggestion = "drop them, or use spatial_auction",
                               .where = where});
            }
        };
        refuse(!case_.curves.empty(), "curve", "curves");
        refuse(case_.through_shipment, "market.through_shipment", "through-shipment");
        refuse(std::any_of(case_.nodes.begin(), case_.nodes.end(),
                           [](const CaseNode& node) { return node.price_floor || node.price_ceiling; }),
               "node", "price floors and ceilings");
    }
}

std::uint32_t CaseReader::node_number(const std::string& name) {
    const auto [found, fresh] = numbers_.emplace(name, static_cast<std::uint32_t>(case_.nodes.size()));
    if (fresh) {
        case_.nodes.push_back({.name = name});
    }
    return found->second;
}

std::uint32_t CaseReader::known_node(const std::string& name, const Report& report) {
    const auto found = numbers_.find(name);
    if (found != numbers_.end()) {
        return found->second;
    }
    bool asks = false;
    bool bids = false;
    for (const CaseOrder& order : case_.orders) {
        (order.ask ? asks : bids) = true;
    }
    for (const CaseCurve& curve : case_.curves) {
        (curve.supply ? asks : bids) = true;
    }
    if (!name.empty() && !case_.through_shipment && asks && bids) {
        std::vector<std::string> names;
        names.reserve(case_.nodes.size());
        for (const CaseNode& node : case_.nodes) {
            names.push_back(node.name);
        }
        report("unknown node '" + name + "'", "nothing is sold or bought there, and there is no [[node]] block for it",
               suggest_name(name, names));
        return 0;
    }
    return node_number(name);
}

CaseReader::Report CaseReader::report_of(KeyReader& keys, const std::string& key) {
    return [&keys, key](const std::string& what, const std::string& why, const std::string& suggestion) {
        keys.problem(key, what, why, suggestion);
    };
}

void CaseReader::read_node(KeyReader& keys) {
    std::string name;
    keys.text("name", name, {.doc = "name of the node"});
    CaseNode node{.name = name};
    keys.number("price_floor", node.price_floor,
                {.low = -case_number_most,
                 .high = case_number_most,
                 .unit = "USD/t",
                 .doc = "sellers at the node get no less; what they cannot sell at this price is excess supply"});
    keys.number("price_ceiling", node.price_ceiling,
                {.low = -case_number_most,
                 .high = case_number_most,
                 .unit = "USD/t",
                 .doc = "buyers at the node pay no more; what they cannot get at this price is a shortage"});
    if (node.price_floor && node.price_ceiling && *node.price_floor > *node.price_ceiling) {
        keys.problem("price_floor", "the floor is above the ceiling", "they allow no price", "swap them, or drop one");
    }
    if (name.empty()) {
        return;
    }
    if (numbers_.contains(name)) {
        keys.problem("name", "the node '" + name + "' appears twice", "an earlier block has it",
                     "merge the two blocks");
        return;
    }
    case_.nodes[node_number(name)] = std::move(node);
}

std::uint32_t CaseReader::read_place(KeyReader& keys, const char* key, const char* doc) {
    std::string name;
    keys.text(key, name, {.doc = doc});
    return name.empty() ? 0 : node_number(name);
}

void CaseReader::read_order(KeyReader& keys) {
    CaseOrder order;
    order.node = read_place(keys, "node", "where it is sold or bought");
    std::string side = "ask";
    keys.choice("side", side, {"ask", "bid"}, {.doc = "ask sells, bid buys"});
    order.ask = side != "bid";
    keys.number("quantity", order.quantity,
                {.low = 0.0, .high = case_number_most, .unit = "t", .doc = "the most that is sold or bought"});
    keys.number("limit", order.limit,
                {.low = -case_number_most,
                 .high = case_number_most,
                 .unit = "USD/t",
                 .doc = "the least that a seller accepts, the most that a buyer pays (landed)"});
    std::optional<std::string> id;
    keys.text("id", id, {.doc = "name of the order in the answer; unique"});
    order.id = id.value_or("");
    take_order(std::move(order), report_of(keys, "id"));
}

void CaseReader::take_order(CaseOrder order, const Report& report) {
    if (!order.id.empty() && !order_ids_.insert(order.id).second) {
        report("the id '" + order.id + "' appears twice", "the answer identifies orders by their ids",
               "give each order its own id, or none");
    }
    case_.orders.push_back(std::move(order));
}

void CaseReader::read_curve(KeyReader& keys) {
    CaseCurve curve;
    curve.node = read_place(keys, "node", "where it is sold or bought");
    std::string side = "supply";
    keys.choice("side", side, {"supply", "demand"}, {.doc = "which side of the market"});
    curve.supply = side != "demand";
    keys.choice("kind", curve.kind,
                {{"linear", CurveKind::linear},
                 {"constant_elasticity", CurveKind::constant_elasticity},
                 {"fixed", CurveKind::fixed}},
                {.doc = "linear: price = intercept + slope x quantity; constant_elasticity: quantity = scale x (price "
                        "/ reference)^elasticity; fixed: quantity at any price"});
    if (curve.kind == CurveKind::linear || keys.describing()) {
        keys.number("intercept", curve.intercept,
                    {.low = -case_number_most,
                     .high = case_number_most,
                     .unit = "USD/t",
                     .doc = "price at which the first tonne is offered or wanted (linear)"});
        keys.number("slope", curve.slope,
                    {.low = -case_number_most,
                     .high = case_number_most,
                     .unit = "USD/t per t",
                     .doc = "change of the price per tonne; a demand's is below zero (linear)"});
        check_sign(keys, "slope", curve.supply, curve.slope);
    }
    if (curve.kind == CurveKind::constant_elasticity || keys.describing()) {
        keys.number("scale", curve.scale,
                    {.low = 0.0,
                     .high = case_number_most,
                     .unit = "t",
                     .doc = "quantity at the reference price (constant_elasticity)"});
        keys.number("reference", curve.reference,
                    {.low = 1.0 / case_number_most,
                     .high = case_number_most,
                     .unit = "USD/t",
                     .doc = "reference price, above zero (constant_elasticity)"});
        keys.number("elasticity", curve.elasticity,
                    {.low = -100.0,
                     .high = 100.0,
                     .doc = "per cent quantity per per cent price; a demand's is below zero (constant_elasticity)"});
        check_sign(keys, "elasticity", curve.supply, curve.elasticity);
    }
    if (curve.kind == CurveKind::fixed || keys.describing()) {
        keys.number("quantity", curve.quantity,
                    {.low = 0.0, .high = case_number_most, .unit = "t", .doc = "quantity at any price (fixed)"});
    }
    if (curve.kind == CurveKind::constant_elasticity && curve.elasticity == 0.0) {
        curve.kind = CurveKind::fixed;
        curve.quantity = curve.scale;
    }
    const bool nothing = curve.kind == CurveKind::fixed
                             ? curve.quantity == 0.0
                             : curve.kind == CurveKind::constant_elasticity && curve.scale == 0.0;
    if (!nothing) {
        case_.curves.push_back(curve);
    }
}

// Lanes, and what names them.

void CaseReader::read_lane(KeyReader& keys) {
    CaseLane lane;
    std::string from;
    std::string to;
    keys.text("from", from, {.doc = "node of origin"});
    keys.text("to", to, {.doc = "node of destination"});
    std::optional<std::string> id;
    keys.text("id", id, {.doc = "name by which caps and quotas refer to it; unique"});
    lane.id = id.value_or("");
    lane.terms.from = from.empty() ? 0 : known_node(from, report_of(keys, "from"));
    lane.terms.to = to.empty() ? 0 : known_node(to, report_of(keys, "to"));
    for (const LaneNumber& number : lane_numbers) {
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
        lane.terms.opening_flow = 0.01 * lane.terms.usual_flow;  // as in the simulation
    }
    if (!lane.id.empty() && !lane_ids_.emplace(lane.id, case_.lanes.size()).second) {
        report("the lane id '" + lane.id + "' appears twice", "caps and quotas refer to lanes by it",
               "give each lane its own id, or none");
    }
    case_.lanes.push_back(std::move(lane));
}

std::vector<std::uint32_t> CaseReader::lanes_named(const std::string& name) const {
    std::vector<std::uint32_t> named;
    const auto by_id = lane_ids_.find(name);
    for (std::uint32_t number = 0; number < case_.lanes.size(); ++number) {
        if (by_id != lane_ids_.end() ? by_id->second == number : case_.lane_name(number) == name) {
            named.push_back(number);
        }
    }
    return named;
}

void CaseReader::report_lane(KeyReader& keys, const char* key, const std::string& name) {
    std::vector<std::string> names;
    for (std::size_t number = 0; number < case_.lanes.size(); ++number) {
        names.push_back(case_.lanes[number].id.empty() ? case_.lane_name(number) : case_.lanes[number].id);
    }
    keys.problem(key, "no lane '" + name + "'", "lanes are named FROM:TO, or by their id",
                 names.empty() ? "the case has no lanes: add [[lane]] blocks" : suggest_name(name, names));
}

void CaseReader::read_shared_cap(KeyReader& keys) {
    CaseSharedCap cap;
    std::vector<std::string> names;
    keys.text_list("lanes", names, {.least_count = 1, .doc = "the lanes, each as FROM:TO or by its id"});
    keys.number(
        "cap", cap.cap,
        {.low = 0.0, .high = case_number_most, .unit = "t", .doc = "the most that may move over all of them together"});
    for (const std::string& name : names) {
        const std::vector<std::uint32_t> named = lanes_named(name);
        if (named.empty()) {
            report_lane(keys, "lanes", name);
        }
        for (const std::uint32_t lane : named) {
            if (std::find(cap.lanes.begin(), cap.lanes.end(), lane) != cap.lanes.end()) {
                keys.problem("lanes", "the lane '" + name + "' appears twice", "it would count twice against the cap",
                             "name each lane once");
            } else {
                cap.lanes.push_back(lane);
            }
        }
    }
    case_.caps.push_back(std::move(cap));
}

void CaseReader::read_rate_quota(KeyReader& keys) {
    std::string name;
    RateQuota quota;
    keys.text("lane", name, {.doc = "the lane, as FROM:TO or by its id"});
    keys.number(
        "quota", quota.quota,
        {.low = 0.0, .high = case_number_most, .unit = "t", .doc = "volume up to which the lower tariff applies"});
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
    if (name.empty() || keys.describing()) {
        return;
    }
    const std::vector<std::uint32_t> named = lanes_named(name);
    if (named.size() != 1) {
        named.empty() ? report_lane(keys, "lane", name)
                      : keys.problem("lane", "several lanes are named '" + name + "'", "a quota applies to one lane",
                                     "give each lane an id");
        return;
    }
    CaseLane& lane = case_.lanes[named.front()];
    if (lane.rate_quota) {
        keys.problem("lane", "the lane '" + name + "' has a rate quota already", "an earlier block sets one",
                     "drop one of them");
    }
    if (lane.terms.tariff != 0.0 || lane.specific_tariff != 0.0) {
        keys.problem("lane", "the lane '" + name + "' has a tariff of its own", "the quota's two tariffs replace it",
                     "drop the lane's tariff");
    }
    if (lane.terms.preference_slope > 0.0) {
        keys.problem("lane", "the lane '" + name + "' has a preference slope",
                     "each of its two tiers would have a preference of its own", "drop preference_slope");
    }
    if (quota.tariff_over < quota.tariff_in || quota.specific_over < quota.specific_in) {
        keys.problem("tariff_over", "the tariff above the quota is lower than within it",
                     "buyers would not use the quota first", "swap the tariffs");
    }
    lane.rate_quota = quota;
}

// Tables.

void CaseReader::read_orders(const std::string& path) {
    const Table table = Table::read_file(path, problems_);
    const auto node = table.column("node");
    const auto side = table.column("side");
    const auto quantity = table.column("quantity");
    const auto limit = table.column("limit");
    const auto id = table.optional_column("id");
    case_.orders.reserve(table.rows());
    for (std::size_t row = 0; row < table.rows(); ++row) {
        CaseOrder order;
        order.node = node_number(std::string(table.required_text(row, node)));
        const std::string_view side_name = table.required_text(row, side);
        if (!side_name.empty() && side_name != "ask" && side_name != "bid") {
            table.problem(row, side, "unknown side '" + std::string(side_name) + "'", "an order sells or buys",
                          "write ask or bid");
        }
        order.ask = side_name != "bid";
        order.quantity = table.number(row, quantity, {.low = 0.0, .high = case_number_most, .unit = "t"});
        order.limit = table.number(row, limit, {.low = -case_number_most, .high = case_number_most, .unit = "USD/t"});
        order.id = id.found ? std::string(table.text(row, id)) : "";
        take_order(std::move(order),
                   [&](const std::string& what, const std::string& why, const std::string& suggestion) {
                       table.problem(row, id, what, why, suggestion);
                   });
    }
}

void CaseReader::read_lanes(const std::string& path) {
    const Table table = Table::read_file(path, problems_);
    const auto from = table.column("from");
    const auto to = table.column("to");
    const auto id = table.optional_column("id");
    for (std::size_t row = 0; row < table.rows(); ++row) {
        CaseLane lane;
        lane.terms.from = known_node(
            std::string(table.required_text(row, from)),
            [&](const auto& what, const auto& why, const auto& hint) { table.problem(row, from, what, why, hint); });
        lane.terms.to = known_node(
            std::string(table.required_text(row, to)),
            [&](const auto& what, const auto& why, const auto& hint) { table.problem(row, to, what, why, hint); });
        lane.id = id.found ? std::string(table.text(row, id)) : "";
        for (const LaneNumber& number : lane_numbers) {
            const auto column = table.optional_column(number.name);
            if (column.found) {
                *number.place(lane) =
                    table.optional_number(row, column, {.low = number.low, .high = number.high, .unit = number.unit})
                        .value_or(number.fallback);
            }
        }
        const bool has_opening = lane.terms.opening_flow > 0.0;
        take_lane(std::move(lane), has_opening, [&](const auto& what, const auto& why, const auto& hint) {
            table.problem(row, from, what, why, hint);
        });
    }
    for (const std::string& name : table.column_names()) {
        const bool known = name == "from" || name == "to" || name == "id" ||
                           std::any_of(std::begin(lane_numbers), std::end(lane_numbers),
                                       [&](const LaneNumber& number) { return number.name == name; });
        if (!known) {
            std::vector<std::string> names{"from", "to", "id"};
            for (const LaneNumber& number : lane_numbers) {
                names.emplace_back(number.name);
            }
            problems_.add({.key = name,
                           .what = "unknown column '" + name + "'",
                           .why = "a lane has no such property",
                           .suggestion = suggest_name(name, names),
                           .where = {table.file(), 1, 1}});
        }
    }
}

}  // namespace ytterby

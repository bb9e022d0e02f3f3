#include "market/clearing/detail/case_reader.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "market/mechanism.hpp"

namespace ytterby {

void CaseReader::read(KeyReader& keys) {
    keys.text("title", title_, {.fallback = "", .doc = "what the case is called", .may_be_empty = true});
    keys.text("purpose", title_,
              {.fallback = "", .doc = "the question it answers, where it comes from", .may_be_empty = true});
    keys.table(
        "market",
        [&](KeyReader& inner) {
            case_.made = read_mechanism(inner, case_.mechanism);
            inner.integer(
                "seed", case_.seed,
                {.fallback = 1, .low = 0, .doc = "seed of what a mechanism draws, such as the order of arrival"});
            inner.boolean("through_shipment", case_.through_shipment,
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
                           .what = "a laboratory has no orders, curves or lanes",
                           .why = "its traders make the orders",
                           .suggestion = "drop one or the other",
                           .where = where});
        }
        return;
    }
    if (case_.orders.empty() && case_.curves.empty() && problems_.empty()) {
        problems_.add({.key = "order",
                       .what = "nobody sells or buys",
                       .why = "a market needs orders or curves",
                       .suggestion = "add [[order]] or [[curve]] blocks",
                       .where = where});
    }
    if (case_.mechanism != "spatial_auction") {
        const auto refuse = [&](bool has, const char* key, const char* what) {
            if (has) {
                problems_.add({.key = key,
                               .what = "the mechanism " + case_.mechanism + " does not take " + what,
                               .why = "it matches single orders",
                               .suggestion = "leave them out, or use spatial_auction",
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
        report("unknown node '" + name + "'", "nothing is sold or bought there and no [[node]] names it",
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
                 .doc = "sellers at the node get no less; what they cannot sell at it is excess supply"});
    keys.number("price_ceiling", node.price_ceiling,
                {.low = -case_number_most,
                 .high = case_number_most,
                 .unit = "USD/t",
                 .doc = "buyers at the node pay no more; what they cannot get at it is shortage"});
    if (node.price_floor && node.price_ceiling && *node.price_floor > *node.price_ceiling) {
        keys.problem("price_floor", "the floor is above the ceiling", "no price is allowed", "swap them, or drop one");
    }
    if (name.empty()) {
        return;
    }
    if (numbers_.contains(name)) {
        keys.problem("name", "the node '" + name + "' stands twice", "an earlier block has it",
                     "put both rules into one block");
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
                {.low = 0.0, .high = case_number_most, .unit = "t", .doc = "most that is sold or bought"});
    keys.number("limit", order.limit,
                {.low = -case_number_most,
                 .high = case_number_most,
                 .unit = "USD/t",
                 .doc = "least that a seller takes, most that a buyer pays (landed)"});
    std::optional<std::string> id;
    keys.text("id", id, {.doc = "name of the order in the answer; unique"});
    order.id = id.value_or("");
    take_order(std::move(order), report_of(keys, "id"));
}

void CaseReader::take_order(CaseOrder order, const Report& report) {
    if (!order.id.empty() && !order_ids_.insert(order.id).second) {
        report("the id '" + order.id + "' stands twice", "the answer tells orders apart by their ids",
               "give each order its own, or none");
    }
    case_.orders.push_back(std::move(order));
}

namespace {

void check_sign(KeyReader& keys, const char* key, bool supply, double value) {
    if (supply ? value < 0.0 : value > 0.0) {
        keys.problem(key, supply ? "a supply falls with its price" : "a demand rises with its price",
                     "such a curve need not have an equilibrium",
                     supply ? "write it from zero up" : "write it with a minus sign");
    }
}

}  // namespace

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

}  // namespace ytterby

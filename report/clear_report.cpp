#include "report/clear_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "core/config/json.hpp"

namespace ytterby {
namespace {

/// A number for a reader; "-" for NaN.
std::string shown(double value) {
    if (std::isnan(value)) {
        return "-";
    }
    if (std::isinf(value)) {
        return "unbounded";
    }
    return fmt::format("{:.6g}", std::abs(value) < 1e-12 ? 0.0 : value);
}

/// Words after what is left over at a price; NaN where no price is.
std::string_view where_left(double price) { return std::isnan(price) ? "at any price" : "at this price"; }

/// Zero without a sign.
double clean(double value) { return value == 0.0 ? 0.0 : value; }

void add_orders_table(const MarketCase& question, const CaseAnswer& answer, std::string& text) {
    constexpr std::size_t most_shown = 40;
    if (question.orders.empty()) {
        return;
    }
    text += fmt::format("\n{:<12} {:<12} {:<5} {:>14} {:>14} {:>14}\n", "order", "node", "side", "quantity t",
                        "limit USD/t", "filled t");
    for (std::size_t number = 0; number < std::min(most_shown, question.orders.size()); ++number) {
        const CaseOrder& order = question.orders[number];
        text += fmt::format("{:<12} {:<12} {:<5} {:>14} {:>14} {:>14}\n",
                            order.id.empty() ? fmt::format("#{}", number + 1) : order.id,
                            question.nodes[order.node].name, order.ask ? "ask" : "bid", shown(order.quantity),
                            shown(order.limit), shown(answer.orders[number].filled));
    }
    if (question.orders.size() > most_shown) {
        text += fmt::format("... and {} more (--json has them all)\n", question.orders.size() - most_shown);
    }
}

void add_nodes_table(const MarketCase& question, const CaseAnswer& answer, std::string& text) {
    text += fmt::format("{:<12} {:>14} {:>14} {:>14} {:>14} {:>14} {:>14}\n", "node", "price USD/t", "supplied t",
                        "used t", "domestic t", "supply USD/t", "use USD/t");
    for (std::size_t node = 0; node < answer.nodes.size(); ++node) {
        const CaseNodeAnswer& at = answer.nodes[node];
        text += fmt::format("{:<12} {:>14} {:>14} {:>14} {:>14} {:>14} {:>14}\n", question.nodes[node].name,
                            shown(at.price), shown(at.supplied), shown(at.used), shown(at.domestic),
                            shown(at.supply_price), shown(at.use_price));
    }
    for (std::size_t node = 0; node < answer.nodes.size(); ++node) {
        const CaseNodeAnswer& at = answer.nodes[node];
        if (at.excess_supply > 0.0) {
            text += fmt::format("{}: {} t find no buyer {}; sellers sell {} of what they offer\n",
                                question.nodes[node].name, shown(at.excess_supply), where_left(at.price),
                                shown(at.sold / at.supplied));
        }
        if (at.shortage > 0.0) {
            text += fmt::format("{}: {} t of demand are not met {}; buyers get {} of what they want\n",
                                question.nodes[node].name, shown(at.shortage), where_left(at.price),
                                shown(at.bought / at.used));
        }
        if (at.transit > 0.0) {
            text += fmt::format("{}: {} t pass through\n", question.nodes[node].name, shown(at.transit));
        }
    }
}

void add_flows_table(const MarketCase& question, const CaseAnswer& answer, std::string& text) {
    if (answer.flows.empty()) {
        return;
    }
    text += fmt::format("\n{:<25} {:>14} {:>14} {:>14} {:>14} {:>14}\n", "flow", "quantity t", "price USD/t",
                        "landed USD/t", "rent USD/t", "shared USD/t");
    for (std::size_t lane = 0; lane < answer.flows.size(); ++lane) {
        const CaseFlowAnswer& flow = answer.flows[lane];
        text +=
            fmt::format("{:<25} {:>14} {:>14} {:>14} {:>14} {:>14}\n", question.lane_name(lane), shown(flow.quantity),
                        shown(flow.price), shown(flow.landed_price), shown(flow.rent), shown(flow.shared_rent));
    }
}

Json json_of_nodes(const MarketCase& question, const CaseAnswer& answer) {
    Json nodes = Json::array();
    for (std::size_t node = 0; node < answer.nodes.size(); ++node) {
        const CaseNodeAnswer& at = answer.nodes[node];
        nodes.push_back({{"node", question.nodes[node].name},
                         {"price", at.price},
                         {"supplied", clean(at.supplied)},
                         {"used", clean(at.used)},
                         {"supply_price", at.supply_price},
                         {"use_price", at.use_price},
                         {"sold", clean(at.sold)},
                         {"bought", clean(at.bought)},
                         {"domestic", clean(at.domestic)},
                         {"transit", clean(at.transit)},
                         {"excess_supply", clean(at.excess_supply)},
                         {"shortage", clean(at.shortage)}});
    }
    return nodes;
}

Json json_of_flows(const MarketCase& question, const CaseAnswer& answer) {
    Json flows = Json::array();
    for (std::size_t lane = 0; lane < answer.flows.size(); ++lane) {
        const CaseFlowAnswer& flow = answer.flows[lane];
        Json json = {{"from", question.nodes[question.lanes[lane].terms.from].name},
                     {"to", question.nodes[question.lanes[lane].terms.to].name}};
        if (!question.lanes[lane].id.empty()) {
            json["id"] = question.lanes[lane].id;
        }
        json["quantity"] = clean(flow.quantity);
        json["rent"] = clean(flow.rent);
        json["landed_price"] = flow.landed_price;
        json["price"] = flow.price;
        json["shared_rent"] = clean(flow.shared_rent);
        json["preference_cost"] = clean(flow.preference_cost);
        if (question.lanes[lane].rate_quota) {
            json["in_quota"] = clean(flow.in_quota);
            json["over_quota"] = clean(flow.quantity - flow.in_quota);
        }
        json["rent_usd"] = clean(flow.rent_usd);
        json["export_duty_usd"] = clean(flow.export_duty_usd);
        json["tariff_usd"] = clean(flow.tariff_usd);
        json["freight_usd"] = clean(flow.freight_usd);
        json["friction_usd"] = clean(flow.friction_usd);
        flows.push_back(std::move(json));
    }
    return flows;
}

Json json_of_orders(const MarketCase& question, const CaseAnswer& answer) {
    Json orders = Json::array();
    for (std::size_t number = 0; number < question.orders.size(); ++number) {
        const CaseOrder& order = question.orders[number];
        orders.push_back({{"id", order.id.empty() ? Json() : Json(order.id)},
                          {"filled", clean(answer.orders[number].filled)},
                          {"node", question.nodes[order.node].name},
                          {"side", order.ask ? "ask" : "bid"},
                          {"quantity", order.quantity},
                          {"limit", order.limit}});
    }
    return orders;
}

Json json_of_shared_caps(const MarketCase& question, const CaseAnswer& answer) {
    Json caps = Json::array();
    for (std::size_t cap = 0; cap < answer.cap_rents.size(); ++cap) {
        double used = 0.0;
        Json lanes = Json::array();
        for (const std::uint32_t lane : question.caps[cap].lanes) {
            used += answer.flows[lane].quantity;
            lanes.push_back(question.lanes[lane].id.empty() ? question.lane_name(lane) : question.lanes[lane].id);
        }
        caps.push_back({{"lanes", std::move(lanes)},
                        {"cap", question.caps[cap].cap},
                        {"quantity", clean(used)},
                        {"rent", clean(answer.cap_rents[cap])}});
    }
    return caps;
}

Json json_of_surplus(const CaseSurplus& surplus) {
    return {{"buyers", surplus.buyers},
            {"sellers", surplus.sellers},
            {"rents", surplus.rents},
            {"export_duties", surplus.export_duties},
            {"tariffs", surplus.tariffs},
            {"total", surplus.total},
            {"rationing_loss", surplus.rationing_loss}};
}

}  // namespace

std::string clear_text(const MarketCase& question, const CaseAnswer& answer) {
    std::string text;
    add_nodes_table(question, answer, text);
    add_flows_table(question, answer, text);
    add_orders_table(question, answer, text);
    const CaseSurplus& surplus = answer.surplus;
    text += fmt::format("\nsurplus USD   buyers {}  sellers {}  rents {}  export duties {}  tariffs {}  total {}\n",
                        shown(surplus.buyers), shown(surplus.sellers), shown(surplus.rents),
                        shown(surplus.export_duties), shown(surplus.tariffs), shown(surplus.total));
    if (surplus.rationing_loss > 0.0) {
        text +=
            fmt::format("              {} more if the best orders were served first\n", shown(surplus.rationing_loss));
    }
    text += fmt::format("costs USD     freight {}  friction {}\n", shown(surplus.freight), shown(surplus.friction));
    if (answer.efficiency) {
        text += fmt::format("efficiency    {:.4g} % of the competitive surplus, in {} trades\n",
                            100.0 * *answer.efficiency, answer.trades);
    }
    text += "certificate  ";
    for (const CaseCondition& condition : answer.certificate) {
        text += fmt::format(" {} {:.1e}", condition.name, condition.violation);
    }
    text += "\n              largest violation of each condition, as a share of the market's volume or price\n";
    return text;
}

std::string clear_json(const MarketCase& question, const CaseAnswer& answer) {
    Json json = {{"mechanism", question.mechanism},
                 {"nodes", json_of_nodes(question, answer)},
                 {"flows", json_of_flows(question, answer)},
                 {"orders", json_of_orders(question, answer)},
                 {"shared_caps", json_of_shared_caps(question, answer)},
                 {"surplus", json_of_surplus(answer.surplus)},
                 {"costs", {{"freight", answer.surplus.freight}, {"friction", answer.surplus.friction}}}};
    if (answer.efficiency) {
        json["efficiency"] = *answer.efficiency;
        json["trades"] = answer.trades;
    }
    Json& certificate = json["certificate"];
    for (const CaseCondition& condition : answer.certificate) {
        certificate[condition.name] = condition.violation;
    }
    certificate["worst"] = answer.worst();
    return json_text(json);
}

}  // namespace ytterby

#include "report/clear_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

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
            text += fmt::format("{}: {} t find no buyer at this price; sellers sell {} of what they offer\n",
                                question.nodes[node].name, shown(at.excess_supply), shown(at.sold / at.supplied));
        }
        if (at.shortage > 0.0) {
            text += fmt::format("{}: {} t of demand are not met at this price; buyers get {} of what they want\n",
                                question.nodes[node].name, shown(at.shortage), shown(at.bought / at.used));
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

void add_nodes(const MarketCase& question, const CaseAnswer& answer, JsonWriter& json) {
    json.key("nodes").open_array();
    for (std::size_t node = 0; node < answer.nodes.size(); ++node) {
        const CaseNodeAnswer& at = answer.nodes[node];
        json.open_object();
        json.member("node", question.nodes[node].name)
            .member("price", at.price)
            .member("supplied", clean(at.supplied))
            .member("used", clean(at.used));
        json.member("supply_price", at.supply_price)
            .member("use_price", at.use_price)
            .member("sold", clean(at.sold))
            .member("bought", clean(at.bought));
        json.member("domestic", clean(at.domestic)).member("transit", clean(at.transit));
        json.member("excess_supply", clean(at.excess_supply)).member("shortage", clean(at.shortage));
        json.close_object();
    }
    json.close_array();
}

void add_flows(const MarketCase& question, const CaseAnswer& answer, JsonWriter& json) {
    json.key("flows").open_array();
    for (std::size_t lane = 0; lane < answer.flows.size(); ++lane) {
        const CaseFlowAnswer& flow = answer.flows[lane];
        json.open_object();
        json.member("from", question.nodes[question.lanes[lane].terms.from].name)
            .member("to", question.nodes[question.lanes[lane].terms.to].name);
        if (!question.lanes[lane].id.empty()) {
            json.member("id", question.lanes[lane].id);
        }
        json.member("quantity", clean(flow.quantity))
            .member("rent", clean(flow.rent))
            .member("landed_price", flow.landed_price)
            .member("price", flow.price);
        json.member("shared_rent", clean(flow.shared_rent)).member("preference_cost", clean(flow.preference_cost));
        if (question.lanes[lane].rate_quota) {
            json.member("in_quota", clean(flow.in_quota)).member("over_quota", clean(flow.quantity - flow.in_quota));
        }
        json.member("rent_usd", clean(flow.rent_usd))
            .member("export_duty_usd", clean(flow.export_duty_usd))
            .member("tariff_usd", clean(flow.tariff_usd));
        json.member("freight_usd", clean(flow.freight_usd)).member("friction_usd", clean(flow.friction_usd));
        json.close_object();
    }
    json.close_array();
}

void add_orders(const MarketCase& question, const CaseAnswer& answer, JsonWriter& json) {
    json.key("orders").open_array();
    for (std::size_t number = 0; number < question.orders.size(); ++number) {
        const CaseOrder& order = question.orders[number];
        json.open_object();
        json.key("id");
        order.id.empty() ? json.null() : json.value(order.id);
        json.member("filled", clean(answer.orders[number].filled))
            .member("node", question.nodes[order.node].name)
            .member("side", order.ask ? "ask" : "bid");
        json.member("quantity", order.quantity).member("limit", order.limit);
        json.close_object();
    }
    json.close_array();
}

void add_shared_caps(const MarketCase& question, const CaseAnswer& answer, JsonWriter& json) {
    json.key("shared_caps").open_array();
    for (std::size_t cap = 0; cap < answer.cap_rents.size(); ++cap) {
        double used = 0.0;
        json.open_object().key("lanes").open_array();
        for (const std::uint32_t lane : question.caps[cap].lanes) {
            used += answer.flows[lane].quantity;
            json.value(question.lanes[lane].id.empty() ? question.lane_name(lane) : question.lanes[lane].id);
        }
        json.close_array()
            .member("cap", question.caps[cap].cap)
            .member("quantity", clean(used))
            .member("rent", clean(answer.cap_rents[cap]))
            .close_object();
    }
    json.close_array();
}

void add_surplus(const CaseSurplus& surplus, JsonWriter& json) {
    json.key("surplus").open_object();
    json.member("buyers", surplus.buyers)
        .member("sellers", surplus.sellers)
        .member("rents", surplus.rents)
        .member("export_duties", surplus.export_duties);
    json.member("tariffs", surplus.tariffs)
        .member("total", surplus.total)
        .member("rationing_loss", surplus.rationing_loss)
        .close_object();
    json.key("costs")
        .open_object()
        .member("freight", surplus.freight)
        .member("friction", surplus.friction)
        .close_object();
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
    JsonWriter json(2);
    json.open_object();
    json.member("mechanism", question.mechanism);
    add_nodes(question, answer, json);
    add_flows(question, answer, json);
    add_orders(question, answer, json);
    add_shared_caps(question, answer, json);
    add_surplus(answer.surplus, json);
    if (answer.efficiency) {
        json.member("efficiency", *answer.efficiency).member("trades", answer.trades);
    }
    json.key("certificate").open_object();
    for (const CaseCondition& condition : answer.certificate) {
        json.member(condition.name, condition.violation);
    }
    json.member("worst", answer.worst()).close_object();
    json.close_object();
    return json.text();
}

}  // namespace ytterby

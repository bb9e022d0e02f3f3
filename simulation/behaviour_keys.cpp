#include "simulation/behaviour_keys.hpp"

namespace ytterby {
namespace {

void read_expectation(KeyReader& keys, Behaviour& b) {
    keys.number("anchor_months", b.anchor_months, {.fallback = b.anchor_months, .low = 1, .high = 600, .unit = "months", .doc = "time over which the fundamentalists' anchor follows the price", .source = "assumed, 36-120: long-run cost moves over years"});
    keys.number("fundamentalist_weight", b.fundamentalist_weight, {.fallback = b.fundamentalist_weight, .low = 0, .high = 1, .unit = "share", .doc = "mean weight of the fundamentalist rule in a firm's view", .source = "assumed, 0.5-0.9 (Brock and Hommes 1998: heterogeneous rules)"});
    keys.number("fundamentalist_weight_spread", b.fundamentalist_weight_spread, {.fallback = b.fundamentalist_weight_spread, .low = 0, .high = 1, .unit = "share", .doc = "standard deviation of that weight over firms", .source = "assumed, 0-0.3"});
    keys.number("fundamentalist_pull", b.fundamentalist_pull, {.fallback = b.fundamentalist_pull, .low = 0, .high = 1, .unit = "share", .doc = "share of the gap to the anchor that fundamentalists expect to close", .source = "assumed, 0.05-0.5"});
    keys.number("fundamentalist_pull_spread", b.fundamentalist_pull_spread, {.fallback = b.fundamentalist_pull_spread, .low = 0, .high = 1, .unit = "share", .doc = "standard deviation over firms", .source = "assumed, 0-0.2"});
    keys.number("trend_speed", b.trend_speed, {.fallback = b.trend_speed, .low = 0, .high = 1, .unit = "per month", .doc = "lambda: how fast trend followers adapt to the price", .source = "assumed, 0.2-0.8"});
    keys.number("trend_speed_spread", b.trend_speed_spread, {.fallback = b.trend_speed_spread, .low = 0, .high = 1, .unit = "per month", .doc = "standard deviation over firms", .source = "assumed, 0-0.3"});
    keys.number("trend_gain", b.trend_gain, {.fallback = b.trend_gain, .low = 0, .high = 2, .unit = "share", .doc = "theta: share of the last price change that trend followers extrapolate", .source = "assumed, 0-0.6"});
    keys.number("trend_gain_spread", b.trend_gain_spread, {.fallback = b.trend_gain_spread, .low = 0, .high = 1, .unit = "share", .doc = "standard deviation over firms", .source = "assumed, 0-0.3"});
}

void read_supply(KeyReader& keys, Behaviour& b) {
    keys.number("run_rate_speed", b.run_rate_speed, {.fallback = b.run_rate_speed, .low = 0.001, .high = 1, .unit = "per month", .doc = "share of the gap to the wanted run rate closed in a month", .source = "assumed, 0.1-0.6"});
    keys.number("avoidable_cost_share", b.avoidable_cost_share, {.fallback = b.avoidable_cost_share, .low = 0, .high = 0.95, .unit = "share of base price", .doc = "nobody sells below its avoidable cost", .source = "assumed, 0.3-0.8"});
    keys.number("avoidable_cost_spread", b.avoidable_cost_spread, {.fallback = b.avoidable_cost_spread, .low = 0, .high = 0.5, .unit = "share of base price", .doc = "standard deviation over firms", .source = "assumed, 0.05-0.3"});
    keys.number("disposal_months", b.disposal_months, {.fallback = b.disposal_months, .low = 1, .high = 600, .unit = "months", .doc = "unsold output beyond this cover goes to the disposal account", .source = "assumed, 6-36"});
    keys.number("salvage_share", b.salvage_share, {.fallback = b.salvage_share, .low = 0, .high = 1, .unit = "share of price", .doc = "what disposed stock still earns", .source = "assumed, 0-0.5"});
}

void read_stocks(KeyReader& keys, Behaviour& b) {
    keys.number("stock_elasticity", b.stock_elasticity, {.fallback = b.stock_elasticity, .low = 0, .high = 10, .doc = "g: how strongly wanted stock falls when the price is above the expected one", .source = "assumed, 2-3 (model section 5)"});
    keys.number("restock_months", b.restock_months, {.fallback = b.restock_months, .low = 1, .high = 60, .unit = "months", .doc = "time over which stocks are rebuilt", .source = "assumed, 3-12"});
    keys.number("storage_multiple", b.storage_multiple, {.fallback = b.storage_multiple, .low = 1, .high = 50, .unit = "x target", .doc = "the most a firm can store", .source = "assumed, 2-6"});
    keys.number("merchant_stock_elasticity", b.merchant_stock_elasticity, {.fallback = b.merchant_stock_elasticity, .low = 0, .high = 10, .doc = "the same for merchants", .source = "assumed, 2-5"});
    keys.number("merchant_speed", b.merchant_speed, {.fallback = b.merchant_speed, .low = 0.01, .high = 1, .unit = "per month", .doc = "share of the gap to its wanted stock that a merchant trades in a month", .source = "assumed, 0.2-1"});
    keys.number("merchant_storage_multiple", b.merchant_storage_multiple, {.fallback = b.merchant_storage_multiple, .low = 1, .high = 50, .unit = "x target", .doc = "the most a merchant can store (capital and space)", .source = "assumed, 2-8"});
}

void read_fear(KeyReader& keys, Behaviour& b) {
    keys.number("fear", b.fear, {.fallback = b.fear, .low = 0, .high = 10, .doc = "phi: extra cover per unit of perceived risk", .source = "assumed, 0-1.5"});
    keys.number("fear_spread", b.fear_spread, {.fallback = b.fear_spread, .low = 0, .high = 5, .doc = "standard deviation over firms", .source = "assumed, 0-0.5"});
    keys.number("risk_half_life_months", b.risk_half_life_months, {.fallback = b.risk_half_life_months, .low = 0.1, .high = 120, .unit = "months", .doc = "perceived risk halves in this time once its cause is gone", .source = "about half a year (model section 5); assumed, 3-12"});
    keys.number("momentum_gain", b.momentum_gain, {.fallback = b.momentum_gain, .low = 0, .high = 5, .doc = "risk felt per 100 % by which the price is above its 12-month mean", .source = "assumed, 0-0.5"});
    keys.number("announced_risk_share", b.announced_risk_share, {.fallback = b.announced_risk_share, .low = 0, .high = 1, .unit = "share", .doc = "weight of an announced restriction against one in force", .source = "assumed, 0.2-1"});
    keys.number("front_load_horizon_months", b.front_load_horizon_months, {.fallback = b.front_load_horizon_months, .low = 0, .high = 120, .unit = "months", .doc = "how far ahead buyers cover themselves against an announced closure", .source = "assumed, 3-12"});
}

void read_trade(KeyReader& keys, Behaviour& b) {
    keys.number("usual_flow_months", b.usual_flow_months, {.fallback = b.usual_flow_months, .low = 1, .high = 600, .unit = "months", .doc = "qualification time: how fast usual flows follow actual ones", .source = "18 months (model section 7); assumed, 6-36"});
}

void read_money(KeyReader& keys, Behaviour& b) {
    keys.number("cash_target_months", b.cash_target_months, {.fallback = b.cash_target_months, .low = 0, .high = 120, .unit = "months", .doc = "months of costs that a firm keeps in cash; the rest is paid out", .source = "assumed, 1-6"});
    keys.number("manufacturer_margin_share", b.manufacturer_margin_share, {.fallback = b.manufacturer_margin_share, .low = 0, .high = 5, .unit = "share of input cost", .doc = "what final customers pay above the cost of the metal", .source = "assumed, 0.05-0.5"});
}

void read_noise(KeyReader& keys, Behaviour& b) {
    keys.number("demand_noise", b.demand_noise, {.fallback = b.demand_noise, .low = 0, .high = 0.5, .unit = "log, per month", .doc = "standard deviation of the monthly shock to each country's use of each good", .source = "assumed, 0-0.05"});
    keys.number("demand_noise_persistence", b.demand_noise_persistence, {.fallback = b.demand_noise_persistence, .low = 0, .high = 0.999, .unit = "per month", .doc = "share of the shock left after a month", .source = "assumed, 0.5-0.9"});
}

}  // namespace

void read(KeyReader& keys, Behaviour& behaviour) {
    const auto section = [&](const char* name, void (*read_section)(KeyReader&, Behaviour&), const char* doc) {
        keys.table(name, [&, read_section](KeyReader& inner) { read_section(inner, behaviour); }, {.doc = doc});
    };
    section("expectation", read_expectation, "how firms expect prices: a blend of a fundamentalist and a trend-following rule");
    section("supply", read_supply, "how plants answer to margins");
    section("stocks", read_stocks, "how firms hold stocks");
    section("fear", read_fear, "how perceived supply risk raises stocks");
    section("trade", read_trade, "origin preference");
    section("money", read_money, "cash and margins");
    section("noise", read_noise, "named noise; zero gives a steady state in which nothing moves");
}

}  // namespace ytterby

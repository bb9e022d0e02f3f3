#include "simulation/scenario/behaviour_keys.hpp"

namespace ytterby {
namespace {

void read_fundamentalists(KeyReader& keys, Behaviour& b) {
    keys.number("anchor_months", b.anchor_months,
                {.fallback = b.anchor_months,
                 .low = 1,
                 .high = 600,
                 .unit = "months",
                 .doc = "time over which the fundamentalists' anchor follows the price",
                 .source = "assumed, 36-120: long-run cost moves over years"});
    keys.number("outlier_multiple", b.outlier_multiple,
                {.fallback = b.outlier_multiple,
                 .low = 1.01,
                 .high = 1000,
                 .unit = "x anchor",
                 .doc = "a price further from the anchor than this counts only this much in anchors and for investors",
                 .source = "assumed, 1.2-3: bounded influence (Huber 1964)"});
    keys.number("fundamentalist_weight", b.fundamentalist_weight,
                {.fallback = b.fundamentalist_weight,
                 .low = 0,
                 .high = 1,
                 .unit = "share",
                 .doc = "mean weight of the fundamentalist rule in a firm's expectation",
                 .source = "assumed, 0.5-0.9 (Brock and Hommes 1998: heterogeneous rules)"});
    keys.number("fundamentalist_weight_spread", b.fundamentalist_weight_spread,
                {.fallback = b.fundamentalist_weight_spread,
                 .low = 0,
                 .high = 1,
                 .unit = "share",
                 .doc = "standard deviation of that weight over firms",
                 .source = "assumed, 0-0.3"});
    keys.number("fundamentalist_pull", b.fundamentalist_pull,
                {.fallback = b.fundamentalist_pull,
                 .low = 0,
                 .high = 1,
                 .unit = "share",
                 .doc = "share of the gap to the anchor that fundamentalists expect to close",
                 .source = "assumed, 0.05-0.5"});
    keys.number("fundamentalist_pull_spread", b.fundamentalist_pull_spread,
                {.fallback = b.fundamentalist_pull_spread,
                 .low = 0,
                 .high = 1,
                 .unit = "share",
                 .doc = "standard deviation over firms",
                 .source = "assumed, 0-0.2"});
}

void read_trend_followers(KeyReader& keys, Behaviour& b) {
    keys.number("trend_speed", b.trend_speed,
                {.fallback = b.trend_speed,
                 .low = 0,
                 .high = 1,
                 .unit = "per month",
                 .doc = "lambda: speed at which trend followers adapt to the price",
                 .source = "assumed, 0.2-0.8"});
    keys.number("trend_speed_spread", b.trend_speed_spread,
                {.fallback = b.trend_speed_spread,
                 .low = 0,
                 .high = 1,
                 .unit = "per month",
                 .doc = "standard deviation over firms",
                 .source = "assumed, 0-0.3"});
    keys.number("trend_gain", b.trend_gain,
                {.fallback = b.trend_gain,
                 .low = 0,
                 .high = 2,
                 .unit = "share",
                 .doc = "theta: share of the last price change that trend followers extrapolate",
                 .source = "assumed, 0-0.6"});
    keys.number("trend_gain_spread", b.trend_gain_spread,
                {.fallback = b.trend_gain_spread,
                 .low = 0,
                 .high = 1,
                 .unit = "share",
                 .doc = "standard deviation over firms",
                 .source = "assumed, 0-0.3"});
}

void read_expectation(KeyReader& keys, Behaviour& b) {
    read_fundamentalists(keys, b);
    read_trend_followers(keys, b);
}

void read_supply(KeyReader& keys, Behaviour& b) {
    keys.number("run_rate_speed", b.run_rate_speed,
                {.fallback = b.run_rate_speed,
                 .low = 0.001,
                 .high = 1,
                 .unit = "per month",
                 .doc = "share of the gap to the desired run rate that is closed in a month",
                 .source = "assumed, 0.1-0.6"});
    keys.number("avoidable_cost_share", b.avoidable_cost_share,
                {.fallback = b.avoidable_cost_share,
                 .low = 0,
                 .high = 0.95,
                 .unit = "share of base price",
                 .doc = "avoidable cost, below which a firm does not sell",
                 .source = "assumed, 0.3-0.8"});
    keys.number("avoidable_cost_spread", b.avoidable_cost_spread,
                {.fallback = b.avoidable_cost_spread,
                 .low = 0,
                 .high = 0.5,
                 .unit = "share of base price",
                 .doc = "standard deviation over firms",
                 .source = "assumed, 0.05-0.3"});
    keys.number("disposal_months", b.disposal_months,
                {.fallback = b.disposal_months,
                 .low = 1,
                 .high = 600,
                 .unit = "months",
                 .doc = "output stocks beyond this many months of capacity are disposed of",
                 .source = "assumed, 6-36"});
    keys.number("salvage_share", b.salvage_share,
                {.fallback = b.salvage_share,
                 .low = 0,
                 .high = 1,
                 .unit = "share of price",
                 .doc = "revenue from disposed stock",
                 .source = "assumed, 0-0.5"});
}

void read_stocks(KeyReader& keys, Behaviour& b) {
    keys.number("stock_elasticity", b.stock_elasticity,
                {.fallback = b.stock_elasticity,
                 .low = 0,
                 .high = 10,
                 .doc = "g: elasticity of the desired stock to the expected price over the current price",
                 .source = "assumed, 2-3"});
    keys.number("restock_months", b.restock_months,
                {.fallback = b.restock_months,
                 .low = 1,
                 .high = 60,
                 .unit = "months",
                 .doc = "time over which stocks are rebuilt",
                 .source = "assumed, 3-12"});
    keys.number("storage_multiple", b.storage_multiple,
                {.fallback = b.storage_multiple,
                 .low = 1,
                 .high = 50,
                 .unit = "x target",
                 .doc = "storage limit of a firm",
                 .source = "assumed, 2-6"});
    keys.number("merchant_stock_elasticity", b.merchant_stock_elasticity,
                {.fallback = b.merchant_stock_elasticity,
                 .low = 0,
                 .high = 10,
                 .doc = "g of merchants",
                 .source = "assumed, 2-5"});
    keys.number("merchant_speed", b.merchant_speed,
                {.fallback = b.merchant_speed,
                 .low = 0.01,
                 .high = 1,
                 .unit = "per month",
                 .doc = "share of the gap to its desired stock that a merchant trades in a month",
                 .source = "assumed, 0.2-1"});
    keys.number("merchant_storage_multiple", b.merchant_storage_multiple,
                {.fallback = b.merchant_storage_multiple,
                 .low = 1,
                 .high = 50,
                 .unit = "x target",
                 .doc = "storage limit of a merchant (capital and space)",
                 .source = "assumed, 2-8"});
}

void read_fear(KeyReader& keys, Behaviour& b) {
    keys.number("fear", b.fear,
                {.fallback = b.fear,
                 .low = 0,
                 .high = 10,
                 .doc = "phi: additional stock cover per unit of perceived risk",
                 .source = "assumed, 0-1.5"});
    keys.number("fear_spread", b.fear_spread,
                {.fallback = b.fear_spread,
                 .low = 0,
                 .high = 5,
                 .doc = "standard deviation over firms",
                 .source = "assumed, 0-0.5"});
    keys.number("risk_half_life_months", b.risk_half_life_months,
                {.fallback = b.risk_half_life_months,
                 .low = 0.1,
                 .high = 120,
                 .unit = "months",
                 .doc = "half-life of perceived risk once its cause is gone",
                 .source = "assumed, 3-12"});
    keys.number("momentum_gain", b.momentum_gain,
                {.fallback = b.momentum_gain,
                 .low = 0,
                 .high = 5,
                 .doc = "perceived risk per 100 % of the price above its 12-month mean",
                 .source = "assumed, 0-0.5"});
    keys.number("announced_risk_share", b.announced_risk_share,
                {.fallback = b.announced_risk_share,
                 .low = 0,
                 .high = 1,
                 .unit = "share",
                 .doc = "weight of an announced restriction relative to one in force",
                 .source = "assumed, 0.2-1"});
    keys.number("front_load_horizon_months", b.front_load_horizon_months,
                {.fallback = b.front_load_horizon_months,
                 .low = 0,
                 .high = 120,
                 .unit = "months",
                 .doc = "the most months of an announced closure that buyers stock up for",
                 .source = "assumed, 3-12"});
}

void read_trade(KeyReader& keys, Behaviour& b) {
    keys.number("usual_flow_months", b.usual_flow_months,
                {.fallback = b.usual_flow_months,
                 .low = 1,
                 .high = 600,
                 .unit = "months",
                 .doc = "qualification time: time constant with which usual flows follow actual flows",
                 .source = "assumed, 6-36"});
}

void read_money(KeyReader& keys, Behaviour& b) {
    keys.number("cash_target_months", b.cash_target_months,
                {.fallback = b.cash_target_months,
                 .low = 0,
                 .high = 120,
                 .unit = "months",
                 .doc = "months of costs that a firm keeps in cash; the rest is paid out to owners",
                 .source = "assumed, 1-6"});
    keys.number("manufacturer_margin_share", b.manufacturer_margin_share,
                {.fallback = b.manufacturer_margin_share,
                 .low = 0,
                 .high = 5,
                 .unit = "share of input cost",
                 .doc = "margin over the cost of the metal that final customers pay",
                 .source = "assumed, 0.05-0.5"});
}

void read_starts(KeyReader& keys, Behaviour& b) {
    keys.number("response", b.investment_response,
                {.fallback = b.investment_response,
                 .low = 0,
                 .high = 10,
                 .doc = "eta: change in log starts when the margin rises by the annual cost of capital",
                 .source = "assumed, 0.1-1: starts then move about in proportion to the price, since a year's revenue "
                           "is some four times the cost of capital"});
    keys.number(
        "price_persistence", b.price_persistence,
        {.fallback = b.price_persistence,
         .low = 0,
         .high = 1,
         .unit = "share",
         .doc =
             "share of a slow price's distance from its anchor that investors expect to last over the life of a plant",
         .source = "assumed, 0.1-0.6: prices of metals revert to their mean within years (Schwartz 1997, copper), "
                   "plants last decades"});
    keys.number("price_foresight", b.price_foresight,
                {.fallback = b.price_foresight,
                 .low = 0,
                 .high = 10,
                 .doc = "reduction of margins, in per cent, that investors expect from 1 % of capacity under "
                        "construction beyond the plan",
                 .source = "price response to supply of base metals, 2.1 (0.9-3.3 between quartiles; GLOMBO)"});
    keys.number("most_starts", b.most_starts,
                {.fallback = b.most_starts,
                 .low = 1,
                 .high = 20,
                 .unit = "x planned",
                 .doc = "largest starts, as a multiple of planned starts",
                 .source = "assumed, 2-6: world lithium output grew 2.7-fold in 2020-24 (episode lithium_2017)"});
    keys.number("pipeline_awareness", b.pipeline_awareness,
                {.fallback = b.pipeline_awareness,
                 .low = 0,
                 .high = 1,
                 .unit = "share",
                 .doc = "share of other firms' construction that investors take into account",
                 .source = "assumed, 0.3-1"});
}

void read_investors_prices(KeyReader& keys, Behaviour& b) {
    keys.number("slow_price_months", b.slow_price_months,
                {.fallback = b.slow_price_months,
                 .low = 1,
                 .high = 240,
                 .unit = "months",
                 .doc = "time over which investors and users who substitute average prices",
                 .source = "assumed, 12-48"});
    keys.number("input_cost_floor_share", b.input_cost_floor_share,
                {.fallback = b.input_cost_floor_share,
                 .low = 0,
                 .high = 1,
                 .unit = "share of base price",
                 .doc = "lowest ore price that investors in processing plants count on: the long-run cost of mining",
                 .source = "assumed, 0.7-1"});
}

void read_entry(KeyReader& keys, Behaviour& b) {
    keys.number("entry_hurdle", b.entry_hurdle,
                {.fallback = b.entry_hurdle,
                 .low = 0,
                 .high = 10,
                 .unit = "x annual capital cost",
                 .doc = "margin above that of the base date from which capacity beyond the plan is built",
                 .source = "assumed, 0.2-1.5"});
    keys.number("entry_years", b.entry_years,
                {.fallback = b.entry_years,
                 .low = 0.5,
                 .high = 50,
                 .unit = "years",
                 .doc = "time in which it is built where margins are one capital cost above the hurdle",
                 .source = "assumed, 3-10: Indonesia's refined nickel grew 12-fold in 2014-18"});
    keys.number("study_years", b.study_years,
                {.fallback = b.study_years,
                 .low = 0,
                 .high = 20,
                 .unit = "years",
                 .doc = "time for study and finance of capacity beyond the plan, before construction starts",
                 .source = "assumed, 0.5-2: Metlen decided on gallium 17 months after China's licence of August 2023"});
    keys.number("permit_stock_years", b.permit_stock_years,
                {.fallback = b.permit_stock_years,
                 .low = 0.1,
                 .high = 30,
                 .unit = "years of planned starts",
                 .doc = "permitted new plants whose construction has not started at the base date",
                 .source = "assumed, 1-6"});
}

void read_cost_trends(KeyReader& keys, Behaviour& b) {
    keys.number("grade_elasticity", b.grade_elasticity,
                {.fallback = b.grade_elasticity,
                 .low = 0,
                 .high = 2,
                 .doc = "unit cost of mining rises with (1 + mined / reserves) to this power",
                 .source = "assumed, 0.1-0.6"});
    keys.number("cost_decline_per_year", b.cost_decline_per_year,
                {.fallback = b.cost_decline_per_year,
                 .low = -0.05,
                 .high = 0.1,
                 .unit = "per year",
                 .doc = "fall of unit costs in mining and refining through technical change",
                 .source = "assumed, 0-0.015"});
}

void read_investment(KeyReader& keys, Behaviour& b) {
    read_starts(keys, b);
    read_investors_prices(keys, b);
    read_entry(keys, b);
    read_cost_trends(keys, b);
}

void read_exit(KeyReader& keys, Behaviour& b) {
    keys.number("mothball_months", b.mothball_months,
                {.fallback = b.mothball_months,
                 .low = 1,
                 .high = 200,
                 .unit = "months",
                 .doc = "a plant that expects less than its avoidable cost for this long is mothballed",
                 .source = "assumed, 6-24"});
    keys.number("restart_wait_months", b.restart_wait_months,
                {.fallback = b.restart_wait_months,
                 .low = 0,
                 .high = 200,
                 .unit = "months",
                 .doc = "shortest time for which a plant stays mothballed",
                 .source = "assumed, 2-12"});
    keys.number("restart_margin_share", b.restart_margin_share,
                {.fallback = b.restart_margin_share,
                 .low = 0,
                 .high = 5,
                 .unit = "share of base margin",
                 .doc = "margin above avoidable cost that a restart requires (hysteresis)",
                 .source = "assumed, 0.1-0.5: Mountain Pass stopped in 2015 and restarted in 2018"});
    keys.number("closure_months", b.closure_months,
                {.fallback = b.closure_months,
                 .low = 1,
                 .high = 250,
                 .unit = "months",
                 .doc = "a plant that has been idle for this long closes for good",
                 .source = "assumed, 24-120"});
    keys.number("credit_months", b.credit_months,
                {.fallback = b.credit_months,
                 .low = 0,
                 .high = 120,
                 .unit = "months of revenue",
                 .doc = "debt limit of a plant; beyond it the plant is bankrupt: creditors write off the debt and it "
                        "is mothballed",
                 .source = "assumed, 3-24"});
}

void read_substitution(KeyReader& keys, Behaviour& b) {
    keys.number("adjustment_years", b.substitution_years,
                {.fallback = b.substitution_years,
                 .low = 0.1,
                 .high = 50,
                 .unit = "years",
                 .doc = "time constant with which intensity of use follows slow prices",
                 .source = "assumed, 2-8"});
    keys.number(
        "fastest_per_year", b.fastest_substitution_per_year,
        {.fallback = b.fastest_substitution_per_year,
         .low = 0,
         .high = 1,
         .unit = "per year",
         .doc = "fastest fall of intensity",
         .source =
             "Sprecher et al. 2015: substitution reached 10 % of demand a year after the rare-earth crisis of 2010"});
    keys.number("return_share", b.return_share,
                {.fallback = b.return_share,
                 .low = 0,
                 .high = 1,
                 .unit = "share",
                 .doc = "fastest recovery of intensity, as a share of the fastest fall",
                 .source = "assumed, 0.1-1"});
}

void read_recycling(KeyReader& keys, Behaviour& b) {
    keys.number("collection_elasticity", b.collection_elasticity,
                {.fallback = b.collection_elasticity,
                 .low = 0,
                 .high = 2,
                 .doc = "elasticity of the collection rate to the slow price",
                 .source = "assumed, 0.1-1; GLOMBO: aluminium 0.174, 0.46 (0.23-1.18)"});
}

void read_noise(KeyReader& keys, Behaviour& b) {
    keys.number("demand_noise", b.demand_noise,
                {.fallback = b.demand_noise,
                 .low = 0,
                 .high = 0.5,
                 .unit = "log, per month",
                 .doc = "standard deviation of the monthly shock to each country's use of each good",
                 .source = "assumed, 0-0.05"});
    keys.number("demand_noise_persistence", b.demand_noise_persistence,
                {.fallback = b.demand_noise_persistence,
                 .low = 0,
                 .high = 0.999,
                 .unit = "per month",
                 .doc = "share of the shock that is left after a month",
                 .source = "assumed, 0.5-0.9"});
    keys.number("world_demand_noise", b.world_demand_noise,
                {.fallback = b.world_demand_noise,
                 .low = 0,
                 .high = 0.5,
                 .unit = "log, per month",
                 .doc = "standard deviation of the monthly shock to the world's use of each good",
                 .source = "assumed, 0-0.03"});
    keys.number("world_demand_noise_persistence", b.world_demand_noise_persistence,
                {.fallback = b.world_demand_noise_persistence,
                 .low = 0,
                 .high = 0.999,
                 .unit = "per month",
                 .doc = "share of the shock that is left after a month: business cycles last years",
                 .source = "assumed, 0.9-0.98"});
    keys.number("supply_noise", b.supply_noise,
                {.fallback = b.supply_noise,
                 .low = 0,
                 .high = 0.5,
                 .unit = "log, per month",
                 .doc = "standard deviation of the monthly shock to the usable capacity of each sector",
                 .source = "assumed, 0-0.05"});
    keys.number("supply_noise_persistence", b.supply_noise_persistence,
                {.fallback = b.supply_noise_persistence,
                 .low = 0,
                 .high = 0.999,
                 .unit = "per month",
                 .doc = "share of the shock that is left after a month",
                 .source = "assumed, 0.5-0.95"});
}

}  // namespace

void read(KeyReader& keys, Behaviour& behaviour) {
    const auto section = [&](const char* name, void (*read_section)(KeyReader&, Behaviour&), const char* doc) {
        keys.table(name, [&, read_section](KeyReader& inner) { read_section(inner, behaviour); }, {.doc = doc});
    };
    section("expectation", read_expectation,
            "how firms form price expectations: a blend of a fundamentalist and a trend-following rule");
    section("supply", read_supply, "how plants respond to margins");
    section("stocks", read_stocks, "how firms hold stocks");
    section("fear", read_fear, "how perceived supply risk raises stocks");
    section(
        "investment", read_investment,
        "how capacity is built: planned starts, raised or lowered by margins and by the construction of other firms");
    section("exit", read_exit, "when plants stop, restart, close or go bankrupt");
    section("substitution", read_substitution, "how use per product follows slow prices");
    section("recycling", read_recycling, "recycling at the end of products' lives");
    section("trade", read_trade, "origin preference");
    section("money", read_money, "cash and margins");
    section("noise", read_noise, "noise; without it the stationary world stays in its steady state");
}

}  // namespace ytterby

#pragma once

#include "agents/world/world.hpp"
#include "core/state/state_visitor.hpp"

/// Every member of the World and of its parts, once. A member that is added to one of these structs and not
/// listed here does not compile; fingerprints and checkpoints follow from the lists.
namespace ytterby {

template <>
struct LastEnumerator<PlantStatus> {
    static constexpr PlantStatus value = PlantStatus::closed;
};

template <>
struct StateFields<NodeColumns> {
    static constexpr auto list = std::tuple(
        field("supply_price", &NodeColumns::supply_price), field("use_price", &NodeColumns::use_price),
        field("previous_supply_price", &NodeColumns::previous_supply_price),
        field("previous_use_price", &NodeColumns::previous_use_price),
        field("landed_price", &NodeColumns::landed_price), field("supply_anchor", &NodeColumns::supply_anchor),
        field("use_anchor", &NodeColumns::use_anchor), field("year_price", &NodeColumns::year_price),
        field("risk", &NodeColumns::risk), field("front_load_months", &NodeColumns::front_load_months),
        field("demand_shock", &NodeColumns::demand_shock), field("rush", &NodeColumns::rush),
        field("usual_bought", &NodeColumns::usual_bought), field("usual_imports", &NodeColumns::usual_imports),
        field("licence_value", &NodeColumns::licence_value), field("need_index", &NodeColumns::need_index),
        field("stepped", &NodeColumns::stepped), field("stock_index", &NodeColumns::stock_index),
        field("intensity", &NodeColumns::intensity), field("log_adaptation", &NodeColumns::log_adaptation),
        field("scarcity_mark", &NodeColumns::scarcity_mark), field("turnover_index", &NodeColumns::turnover_index),
        field("slow_use_price", &NodeColumns::slow_use_price),
        field("slow_supply_price", &NodeColumns::slow_supply_price), field("new_in_use", &NodeColumns::new_in_use),
        field("old_in_use", &NodeColumns::old_in_use), field("production", &NodeColumns::production),
        field("consumption", &NodeColumns::consumption), field("need", &NodeColumns::need),
        field("bought", &NodeColumns::bought), field("sold", &NodeColumns::sold),
        field("imports", &NodeColumns::imports), field("exports", &NodeColumns::exports),
        field("stock", &NodeColumns::stock));
};

template <>
struct StateFields<LaneColumns> {
    static constexpr auto list =
        std::tuple(field("usual_flow", &LaneColumns::usual_flow), field("flow", &LaneColumns::flow),
                   field("rent", &LaneColumns::rent), field("premium", &LaneColumns::premium),
                   field("waivers", &LaneColumns::waivers, ColumnLength::varies));
};

template <>
struct StateFields<BelievedPrices> {
    static constexpr auto list = std::tuple(field("multiple", &BelievedPrices::multiple, ColumnLength::varies),
                                            field("imports", &BelievedPrices::imports, ColumnLength::varies),
                                            field("found_for", &BelievedPrices::found_for, ColumnLength::varies));
};

template <>
struct StateFields<ReferencePrices> {
    static constexpr auto list = std::tuple(field("multiple", &ReferencePrices::multiple, ColumnLength::varies),
                                            field("standing", &ReferencePrices::standing, ColumnLength::varies),
                                            field("lasting", &ReferencePrices::lasting, ColumnLength::varies),
                                            field("plain", &ReferencePrices::plain, ColumnLength::varies),
                                            field("plain_used", &ReferencePrices::plain_used, ColumnLength::varies));
};

template <>
struct StateFields<FirmColumns> {
    static constexpr auto list =
        std::tuple(field("run_rate", &FirmColumns::run_rate), field("cash", &FirmColumns::cash),
                   field("capacity_t", &FirmColumns::capacity_t), field("status", &FirmColumns::status),
                   field("state_ticks", &FirmColumns::state_ticks));
};

template <>
struct StateFields<PositionColumns> {
    static constexpr auto list = std::tuple(field("stock", &PositionColumns::stock),
                                            field("trend_expectation", &PositionColumns::trend_expectation),
                                            field("expectation", &PositionColumns::expectation));
};

template <>
struct StateFields<CellTotals> {
    static constexpr auto list = std::tuple(
        field("throughput_t", &CellTotals::throughput_t), field("capacity_t", &CellTotals::capacity_t),
        field("run_rate_sum", &CellTotals::run_rate_sum), field("running", &CellTotals::running),
        field("mothballed", &CellTotals::mothballed), field("mothballed_now", &CellTotals::mothballed_now),
        field("restarted_now", &CellTotals::restarted_now), field("closed_now", &CellTotals::closed_now),
        field("bankrupt_now", &CellTotals::bankrupt_now), field("closed_t", &CellTotals::closed_t),
        field("cash_usd", &CellTotals::cash_usd), field("stock", &CellTotals::stock), field("sold", &CellTotals::sold),
        field("bought", &CellTotals::bought), field("disposed", &CellTotals::disposed));
};

template <>
struct StateFields<Pipeline> {
    static constexpr auto list =
        std::tuple(field("brownfield", &Pipeline::brownfield), field("greenfield", &Pipeline::greenfield));
};

template <>
struct StateFields<PlantState> {
    static constexpr auto list =
        std::tuple(field("building", &PlantState::building), field("planned_building", &PlantState::planned_building),
                   field("planned_capacity_t", &PlantState::planned_capacity_t), field("studied", &PlantState::studied),
                   field("permitted_t", &PlantState::permitted_t), field("exploration", &PlantState::exploration),
                   field("profit_index", &PlantState::profit_index), field("started_t", &PlantState::started_t),
                   field("added_t", &PlantState::added_t), field("retired_t", &PlantState::retired_t),
                   field("extracted_t", &PlantState::extracted_t), field("cost_factor", &PlantState::cost_factor),
                   field("limit", &PlantState::limit), field("stock_index", &PlantState::stock_index),
                   field("availability", &PlantState::availability), field("outage_log", &PlantState::outage_log));
};

template <>
struct StateFields<ContractColumns> {
    static constexpr auto list = std::tuple(
        field("volume_t", &ContractColumns::volume_t), field("expiry_tick", &ContractColumns::expiry_tick),
        field("idle_ticks", &ContractColumns::idle_ticks), field("delivered_t", &ContractColumns::delivered_t),
        field("usual_home_t", &ContractColumns::usual_home_t), field("price_history", &ContractColumns::price_history));
};

template <>
struct StateFields<Partner> {
    static constexpr auto list = std::tuple(field("row", &Partner::row), field("tonnes", &Partner::tonnes));
};

template <>
struct StateFields<MarketMemory> {
    static constexpr auto list = std::tuple(field("slots", &MarketMemory::slots),
                                            field("partners", &MarketMemory::partners, ColumnLength::varies));
};

template <>
struct LastEnumerator<TargetKind> {
    static constexpr TargetKind value = TargetKind::project;
};

template <>
struct LastEnumerator<DealStage> {
    static constexpr DealStage value = DealStage::divested;
};

template <>
struct StateFields<Holding> {
    static constexpr auto list =
        std::tuple(field("cell", &Holding::cell), field("owner", &Holding::owner), field("share", &Holding::share),
                   field("offtake_share", &Holding::offtake_share));
};

template <>
struct StateFields<Deal> {
    static constexpr auto list =
        std::tuple(field("acquirer", &Deal::acquirer), field("runner_up", &Deal::runner_up), field("cell", &Deal::cell),
                   field("kind", &Deal::kind), field("plants_share", &Deal::plants_share), field("stake", &Deal::stake),
                   field("price_usd", &Deal::price_usd), field("offtake_share", &Deal::offtake_share),
                   field("stage", &Deal::stage), field("proposed_tick", &Deal::proposed_tick),
                   field("filed_tick", &Deal::filed_tick), field("closed_tick", &Deal::closed_tick),
                   field("refiled", &Deal::refiled), field("after", &Deal::after), field("threat", &Deal::threat),
                   field("vulnerability", &Deal::vulnerability), field("consequence", &Deal::consequence));
};

template <>
struct StateFields<DealStep> {
    static constexpr auto list = std::tuple(field("number", &DealStep::number), field("deal", &DealStep::deal));
};

template <>
struct StateFields<Seeker> {
    static constexpr auto list = std::tuple(field("acquirer", &Seeker::acquirer), field("deal", &Seeker::deal));
};

template <>
struct StateFields<DealState> {
    static constexpr auto list =
        std::tuple(field("deals", &DealState::deals, ColumnLength::varies),
                   field("seekers", &DealState::seekers, ColumnLength::varies),
                   field("steps", &DealState::steps, ColumnLength::varies), field("funds_usd", &DealState::funds_usd));
};

template <>
struct StateFields<SupportLedger> {
    static constexpr auto list = std::tuple(
        field("claimed_usd", &SupportLedger::claimed_usd), field("paid_usd", &SupportLedger::paid_usd),
        field("arrears_usd", &SupportLedger::arrears_usd), field("clawed_back_usd", &SupportLedger::clawed_back_usd),
        field("buyers_usd", &SupportLedger::buyers_usd));
};

template <>
struct StateFields<World> {
    static constexpr auto list = std::tuple(
        field("tick", &World::tick), field("nodes", &World::nodes), field("lanes", &World::lanes),
        field("firms", &World::firms), field("positions", &World::positions), field("references", &World::references),
        field("believed", &World::believed), field("cells", &World::cells), field("origin_share", &World::origin_share),
        field("world_demand_shock", &World::world_demand_shock), field("plants", &World::plants),
        field("contracts", &World::contracts), field("holdings", &World::holdings, ColumnLength::varies),
        field("deals", &World::deals), field("shared_rents", &World::shared_rents, ColumnLength::varies),
        field("market_memory", &World::market_memory), field("outside", &World::outside),
        field("treasury", &World::treasury), field("stockpiles", &World::stockpiles), field("support", &World::support),
        field("memory", &World::memory));
};

}  // namespace ytterby

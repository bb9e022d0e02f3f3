#include "records/recorder/recorder.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>
#include <utility>

#include "agents/phases/quotes.hpp"
#include "agents/phases/rents.hpp"
#include "core/check.hpp"
#include "core/state/state_visitor.hpp"
#include "records/recorder/deal_story.hpp"

namespace ytterby {
namespace {

/// A change below this share of the size last written is logged only when a year begins, so that the log stays readable
/// where sizes follow stocks and prices month by month.
constexpr double least_change_share = 0.1;

/// Whether a verb's size differs from the one last written, by enough or when every change counts.
bool is_worth_a_row(double size, double last, bool every_change) {
    return size != last && (every_change || std::abs(size - last) > least_change_share * std::abs(last));
}

/// Identifies a verb, in the order of the log.
std::string key_of(const RecordedVerb& verb) { return verb.policy + '\n' + verb.verb + '\n' + verb.subject; }

/// Whether a calendar year begins with the tick.
bool begins_year(const TickReport& report) {
    return report.tick == 0 ||
           report.calendar.date_of(report.tick).year != report.calendar.date_of(report.tick - 1).year;
}

/// A flow below this share of its destination's consumption is a merchant's residual; it is not recorded.
constexpr double least_flow_share = 1e-6;

/// The holder of a position's stock, as a place in the list of holders.
std::size_t holder_of(const Cell& cell, std::size_t position) {
    switch (cell.kind) {
        case FirmKind::miner:
            return 0;
        case FirmKind::refiner:
            return position < cell.inputs ? 1 : 0;
        case FirmKind::manufacturer:
            return 2;
        case FirmKind::merchant:
            return 3;
    }
    return 0;
}

/// Growth since the base date of the flow that a position's target stock covers.
double growth(const TickReport& report, std::size_t index, const Position& position) {
    const Cell& cell = report.economy.cells[index];
    switch (cell.kind) {
        case FirmKind::manufacturer:
            return report.world.nodes.stock_index[position.node.index()];
        case FirmKind::merchant:
            return report.world.nodes.turnover_index[position.node.index()];
        default:
            return cell.expansion.base_capacity_t > 0.0
                       ? report.world.cells[index].capacity_t / cell.expansion.base_capacity_t
                       : 1.0;
    }
}

}  // namespace

void RecorderMemory::visit_state(StateVisitor& visit) { visit("records", *this); }

Recorder::Recorder(RunStore& store, const RecorderOptions& options, RecorderMemory memory)
    : store_(store), options_(options), memory_(std::move(memory)) {
    for (std::size_t table = 0; table < table_count; ++table) {
        wanted_[table] = options_.tables.empty() || std::find(options_.tables.begin(), options_.tables.end(),
                                                              tables()[table].name) != options_.tables.end();
    }
}

void Recorder::learn_names(const Economy& economy) {
    for (const Country& country : economy.countries) {
        countries_.push_back(store_.name_code(country.code));
    }
    for (const Good& good : economy.goods) {
        goods_.push_back(store_.name_code(good.name));
    }
    for (const Process& process : economy.processes) {
        processes_.push_back(store_.name_code(process.name));
    }
    names_ = {countries_, goods_, processes_};
    nothing_ = store_.name_code("");
    for (const char* name : {"price", "output_hhi"}) {
        world_indicators_.emplace_back(store_.name_code(name), find_indicator(name));
    }
    for (std::size_t which = 0; which < node_indicators_.size(); ++which) {
        node_indicators_[which] = find_indicator(node_indicator_names[which]);
        ensure(node_indicators_[which] != nullptr, "recorded indicators are in the table of indicators");
    }
    price_dispersion_ = store_.name_code("price_dispersion");
    for (std::size_t country = 0; country < economy.countries.size(); ++country) {
        world_.push_back(id_at<CountryId>(country));
    }
    for (const char* holder : {"producer", "refiner", "manufacturer", "merchant"}) {
        holders_.push_back(store_.name_code(holder));
    }
    holdings_.resize(economy.network.node_count() * holders_.size());
}

void Recorder::on_tick(const TickReport& report) {
    const bool due = report.tick % options_.every_ticks == 0 || report.tick == options_.last_tick;
    store_.begin_tick(report.tick, format_month(report.calendar.date_of(report.tick)));
    if (countries_.empty()) {
        learn_names(report.economy);
    }
    if (due) {
        write_prices(report);
        write_flows(report);
        write_production(report);
        write_stocks(report);
        write_indicators(report);
        write_treasury(report);
        write_rents(report);
        write_subsidies(report);
    }
    if (wants(TableId::capacity)) {
        book_capacity(report, report.tick == options_.last_tick, names_, memory_.capacity, store_);
    }
    // Measures and events are rare and each matters, so they are written in every tick.
    write_verbs(report);
    write_events(report);
    write_deals(report);
    store_.end_tick();
}

void Recorder::write_prices(const TickReport& report) {
    if (!wants(TableId::prices)) {
        return;
    }
    const NodeColumns& nodes = report.world.nodes;
    const std::vector<NodeQuotes> quotes = quotes_of(report.economy, report.deliveries, report.trades);
    for (std::size_t good = 0; good < goods_.size(); ++good) {
        for (std::size_t country = 0; country < countries_.size(); ++country) {
            const std::size_t node =
                report.economy.network.node(id_at<GoodId>(good), id_at<CountryId>(country)).index();
            const bool active = nodes.production[node] > 0.0 || nodes.need[node] > 0.0;
            if (active) {
                const NodeQuotes& quote = quotes[node];
                // So small a flow gives no quote.
                const double least = least_flow_share * std::max(nodes.production[node], nodes.need[node]);
                const Turnover all{quote.spot.tonnes + quote.contract.tonnes, quote.spot.usd + quote.contract.usd};
                store_.append(TableId::prices,
                              {goods_[good], countries_[country], nodes.supply_price[node], nodes.use_price[node],
                               quote.spot.price(least), quote.spot.tonnes, all.price(least), quote.contract.tonnes,
                               quote.fob.price(least), quote.fob.tonnes, quote.landed.price(least), quote.landed.tonnes,
                               quote.domestic.price(least), quote.domestic.tonnes, nodes.use_anchor[node]});
            }
        }
    }
}

void Recorder::write_flows(const TickReport& report) {
    if (!wants(TableId::flows)) {
        return;
    }
    const bool contracts = !report.deliveries.empty();
    for (std::size_t good = 0; good < goods_.size(); ++good) {
        flows_.clear();
        add_home_flows(report, good, contracts);
        add_lane_flows(report, good, contracts);
        store_.append_flows(goods_[good], flows_);
    }
}

void Recorder::add_home_flows(const TickReport& report, std::size_t good, bool contracts) {
    for (std::size_t country = 0; country < countries_.size(); ++country) {
        const std::size_t node = report.economy.network.node(id_at<GoodId>(good), id_at<CountryId>(country)).index();
        const NodeDelivery contract = contracts ? report.deliveries.nodes[node] : NodeDelivery{};
        const double home = report.trades.nodes.domestic_t[node] + contract.domestic_t;
        if (home > 0.0) {
            flows_.push_back({.origin = countries_[country],
                              .destination = countries_[country],
                              .tonnes = home,
                              .contract_tonnes = contract.domestic_t,
                              .fob_usd = report.trades.nodes.domestic_t[node] * report.world.nodes.supply_price[node] +
                                         contract.domestic_usd});
        }
    }
}

void Recorder::add_lane_flows(const TickReport& report, std::size_t good, bool contracts) {
    const GoodLanes& book = report.economy.network.goods[good];
    const double* const need =
        report.world.nodes.need.data() + report.economy.network.node(id_at<GoodId>(good), id_at<CountryId>(0)).index();
    for (std::size_t number = 0; number < book.lanes.size(); ++number) {
        const TradeLane& lane = book.lanes[number];
        const std::size_t row = book.first_lane + number;
        const LaneTrade& spot = report.trades.lanes[row];
        const double contract_t = contracts ? report.deliveries.lanes[row].tonnes : 0.0;
        const double tonnes = spot.tonnes + contract_t;
        if (tonnes <= least_flow_share * need[lane.destination.index()]) {
            continue;
        }
        FlowRow& flow = flows_.emplace_back(FlowRow{.origin = countries_[lane.origin.index()],
                                                    .destination = countries_[lane.destination.index()],
                                                    .tonnes = tonnes,
                                                    .contract_tonnes = contract_t,
                                                    .fob_usd = spot.fob_usd,
                                                    .export_duty_usd = spot.export_duty_usd,
                                                    .tariff_usd = spot.tariff_usd,
                                                    .freight_usd = spot.freight_usd,
                                                    .friction_usd = spot.friction_usd,
                                                    .rent_usd = spot.rent_usd,
                                                    .cap_tonnes = spot.cap_t + contract_t});
        if (contract_t > 0.0) {
            const LaneTrade& contract = report.deliveries.lanes[row];
            flow.fob_usd += contract.fob_usd;
            flow.export_duty_usd += contract.export_duty_usd;
            flow.tariff_usd += contract.tariff_usd;
            flow.freight_usd += contract.freight_usd;
            flow.friction_usd += contract.friction_usd;
        }
    }
}

void Recorder::write_production(const TickReport& report) {
    if (!wants(TableId::production)) {
        return;
    }
    for (std::size_t index = 0; index < report.economy.cells.size(); ++index) {
        const Cell& cell = report.economy.cells[index];
        const CellTotals& totals = report.world.cells[index];
        if (cell.kind != FirmKind::miner && cell.kind != FirmKind::refiner) {
            continue;
        }
        for (std::size_t number = cell.inputs; number < cell.positions.size(); ++number) {
            const Position& position = cell.positions[number];
            const double input = cell.inputs > 0 ? totals.throughput_t * cell.positions[0].per_throughput : 0.0;
            store_.append(
                TableId::production,
                {goods_[position.good.index()], countries_[cell.country.index()], processes_[cell.process.index()],
                 totals.throughput_t * position.per_throughput, totals.capacity_t * position.per_throughput,
                 totals.running > 0 ? totals.run_rate_sum / totals.running : 0.0, input, totals.running});
        }
    }
}

void Recorder::write_stocks(const TickReport& report) {
    if (!wants(TableId::stocks)) {
        return;
    }
    // Cells of one holder and node are added up.
    for (const std::uint32_t node : report.economy.active_nodes) {
        std::fill_n(holdings_.begin() + static_cast<std::ptrdiff_t>(node * holders_.size()), holders_.size(),
                    Holding{});
    }
    const double months = report.economy.months_per_tick();
    for (std::size_t index = 0; index < report.economy.cells.size(); ++index) {
        const Cell& cell = report.economy.cells[index];
        for (std::size_t number = 0; number < cell.positions.size(); ++number) {
            const Position& position = cell.positions[number];
            Holding& holding = holdings_[position.node.index() * holders_.size() + holder_of(cell, number)];
            holding.stock += report.world.cells[index].stock[number];
            holding.target += position.cover_months / months * position.base_flow_t * growth(report, index, position);
        }
    }
    for (const std::uint32_t node : report.economy.active_nodes) {
        for (std::size_t holder = 0; holder < holders_.size(); ++holder) {
            const Holding& holding = holdings_[node * holders_.size() + holder];
            if (holding.target > 0.0) {
                store_.append(TableId::stocks, {goods_[node / countries_.size()], countries_[node % countries_.size()],
                                                holders_[holder], holding.stock, holding.target});
            }
        }
    }
}

void Recorder::write_indicators(const TickReport& report) {
    if (!wants(TableId::indicators)) {
        return;
    }
    const Economy& economy = report.economy;
    const World& world = report.world;
    const auto each_need = [&](std::size_t good, auto&& write) {
        for (std::size_t country = 0; country < countries_.size(); ++country) {
            if (const std::size_t node = economy.network.node(id_at<GoodId>(good), world_[country]).index();
                world.nodes.need[node] > 0.0) {
                write(country, node);
            }
        }
    };
    for (std::size_t index = 0; index < goods_.size(); ++index) {
        const GoodView view(economy, world, id_at<GoodId>(index), world_);
        for (const auto& [code, indicator] : world_indicators_) {
            store_.append(TableId::indicators, {code, goods_[index], nothing_, indicator->value(view)});
        }
        if (!report.trades.rows.empty()) {
            each_need(index, [&](std::size_t country, std::size_t node) {
                store_.append(TableId::indicators, {price_dispersion_, goods_[index], countries_[country],
                                                    report.trades.nodes.price_dispersion[node]});
            });
        }
    }
    for (std::size_t index = 0; index < goods_.size(); ++index) {
        each_need(index, [&](std::size_t country, std::size_t) {
            const GoodView view(economy, world, id_at<GoodId>(index), std::span(&world_[country], 1));
            NodeIndicators values{};
            for (std::size_t which = 0; which < values.size(); ++which) {
                values[which] = node_indicators_[which]->value(view);
            }
            store_.append_indicators(goods_[index], countries_[country], values);
        });
    }
}

void Recorder::write_rents(const TickReport& report) {
    if (!wants(TableId::rents)) {
        return;
    }
    for (const LicenceRent& rent :
         licence_rents(report.economy, report.regime.lanes(), report.deliveries, report.trades)) {
        store_.append(TableId::rents,
                      {rent.policy, goods_[rent.good.index()], countries_[rent.origin.index()],
                       std::string(rent.holder == RentHolder::treasury ? "treasury" : "seller"), rent.tonnes,
                       rent.allowed_t, rent.used_share, rent.rent_usd_per_t(), rent.rent_usd});
    }
}

void Recorder::write_subsidies(const TickReport& report) {
    if (!wants(TableId::subsidies)) {
        return;
    }
    for (const auto& [policy, memory] : report.world.memory) {
        const auto account = memory.find("account");
        if (account == memory.end() || account->second.size() != 3) {
            continue;
        }
        SupportLedger last;
        if (const auto found = report.world.support.find(policy); found != report.world.support.end()) {
            last = found->second;
        }
        const double claimed = std::accumulate(last.claimed_usd.begin(), last.claimed_usd.end(), last.buyers_usd);
        const double paid =
            std::accumulate(last.paid_usd.begin(), last.paid_usd.end(), last.buyers_usd + last.arrears_usd);
        const double left =
            std::isinf(account->second[1]) ? std::numeric_limits<double>::quiet_NaN() : account->second[1];
        store_.append(TableId::subsidies, {policy, claimed, paid, last.arrears_usd, account->second[0], left,
                                           account->second[2], last.clawed_back_usd});
    }
}

/// Whether the policies apply the same verbs as a tick ago, in the same order, and no change of size is worth a row.
bool Recorder::repeats_verbs(const std::vector<RecordedVerb>& verbs, bool every_change) const {
    if (verbs.size() != repeated_.size() || verbs.size() != memory_.verbs.size()) {
        return false;
    }
    for (std::size_t number = 0; number < verbs.size(); ++number) {
        const RecordedVerb& verb = verbs[number];
        const RecordedVerb& before = *repeated_[number];
        if (is_worth_a_row(verb.size, before.size, every_change) || verb.subject != before.subject ||
            verb.verb != before.verb || verb.policy != before.policy) {
            return false;
        }
    }
    return true;
}

void Recorder::write_verbs(const TickReport& report) {
    if (!wants(TableId::verbs)) {
        return;
    }
    const bool every_change = begins_year(report);
    if (repeats_verbs(report.regime.log().verbs(), every_change)) {
        return;
    }
    std::map<std::string, RecordedVerb> now;
    for (const RecordedVerb& verb : report.regime.log().verbs()) {
        now[key_of(verb)] = verb;
    }
    const auto write = [&](const RecordedVerb& verb, const char* change) {
        store_.append(TableId::verbs, {verb.policy, verb.verb, verb.subject, verb.size, verb.unit, change});
    };
    for (auto& [key, verb] : now) {
        const auto before = memory_.verbs.find(key);
        if (before == memory_.verbs.end()) {
            write(verb, "start");
            continue;
        }
        if (is_worth_a_row(verb.size, before->second.size, every_change)) {
            write(verb, "change");
        } else {
            verb.size = before->second.size;
        }
    }
    for (const auto& [key, verb] : memory_.verbs) {
        if (!now.contains(key)) {
            write(verb, "end");
        }
    }
    memory_.verbs = std::move(now);
    repeated_.clear();
    for (const RecordedVerb& verb : report.regime.log().verbs()) {
        repeated_.push_back(&memory_.verbs.at(key_of(verb)));
    }
}

void Recorder::write_treasury(const TickReport& report) {
    if (!wants(TableId::treasury)) {
        return;
    }
    for (const auto& [account, balances] : report.world.treasury) {
        std::vector<double>& last = memory_.treasury[account];
        last.resize(balances.size(), 0.0);
        for (std::size_t country = 0; country < balances.size(); ++country) {
            const double received = balances[country] - last[country];
            if (received != 0.0) {
                store_.append(TableId::treasury, {countries_[country], account, received});
            }
        }
        last = balances;
    }
}

void Recorder::write_events(const TickReport& report) {
    const std::vector<PlantEvent> events = plant_events(report, memory_.plants);
    if (!wants(TableId::events)) {
        return;
    }
    for (const PlantEvent& event : events) {
        const Cell& cell = report.economy.cells[event.cell];
        const std::string& process = report.economy.processes[cell.process.index()].name;
        store_.append(TableId::events,
                      {event.kind, countries_[cell.country.index()], goods_[cell.positions.back().good.index()],
                       process, process + ": " + event.text});
    }
}

void Recorder::write_deals(const TickReport& report) {
    if (!wants(TableId::deals)) {
        return;
    }
    const Value none = nullptr;
    for (const DealStep& step : report.world.deals.steps) {
        const Deal& deal = step.deal;
        const Cell& cell = report.economy.cells[deal.cell];
        const bool reviewed = deal.filed_tick >= 0;
        const std::string sentence = deal_sentence(report.economy, report.calendar, report.regime.reviews(), step);
        store_.append(TableId::deals,
                      {step.number + 1, countries_[deal.acquirer.index()], countries_[cell.country.index()],
                       processes_[cell.process.index()], goods_[cell.positions[cell.inputs].good.index()],
                       name_of(deal.kind), name_of(deal.stage), deal.plants_share, deal.stake, deal.price_usd,
                       deal.offtake_share, deal.runner_up.exists() ? countries_[deal.runner_up.index()] : nothing_,
                       deal.refiled, deal.after > 0 ? Value(deal.after) : none, reviewed ? Value(deal.threat) : none,
                       reviewed ? Value(deal.vulnerability) : none, reviewed ? Value(deal.consequence) : none,
                       reviewed ? Value(deal.risk()) : none, sentence});
    }
}

}  // namespace ytterby

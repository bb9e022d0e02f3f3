#include "records/store/schema.hpp"

#include <array>

namespace ytterby {

namespace {

constexpr FieldType integer = FieldType::integer;
constexpr FieldType real = FieldType::real;
constexpr FieldType text = FieldType::text;
constexpr bool key = true;

constexpr Field tick{"tick", integer, "", "number of the tick, 0 at the start date", key};
constexpr Field date{"date", text, "", "month in which the tick begins, as YYYY-MM", false};
constexpr Field good{"good", text, "", "metal and stage, as in gallium.refined", key};
constexpr Field country{"country", text, "", "ISO 3166 alpha-3 code, or ROW for the rest of the world", key};

constexpr std::array prices{
    tick,
    date,
    good,
    country,
    Field{"supply_price_usd_per_t", real, "USD/t", "marginal price that sellers at the node get on the spot market"},
    Field{"use_price_usd_per_t", real, "USD/t", "marginal price that buyers at the node pay on the spot market"},
    Field{"spot_price_usd_per_t", real, "USD/t",
          "volume-weighted price of the node's spot purchases as the buyers pay them; NULL without any"},
    Field{"spot_t", real, "t", "quantity bought on the spot market, to which the spot price applies"},
    Field{"trade_price_usd_per_t", real, "USD/t",
          "volume-weighted price of all purchases, spot and contract; NULL without any"},
    Field{"contract_t", real, "t", "quantity bought under contract; trade_price applies to spot_t and contract_t"},
    Field{
        "fob_price_usd_per_t", real, "USD/t",
        "volume-weighted price of exports at the border, with export duty and rents, before freight; NULL without any"},
    Field{"export_t", real, "t", "exports, spot and contract, to which the FOB price applies"},
    Field{"landed_price_usd_per_t", real, "USD/t",
          "volume-weighted price of imports with freight, tariff and friction; NULL without any"},
    Field{"import_t", real, "t", "imports, spot and contract, to which the landed price applies"},
    Field{"domestic_price_usd_per_t", real, "USD/t",
          "volume-weighted price of domestic trade, without value-added tax; NULL without any"},
    Field{"domestic_t", real, "t", "domestic trade, spot and contract, to which the domestic price applies"},
    Field{"anchor_usd_per_t", real, "USD/t", "slow anchor to which fundamentalists expect the price to return"}};

constexpr std::array flows{
    tick,
    date,
    good,
    Field{"origin", text, "", "country that the goods leave", key},
    Field{"destination", text, "", "country that the goods enter; the origin itself for domestic trade", key},
    Field{"tonnes", real, "t", "quantity bought in the tick, spot and contract"},
    Field{"contract_tonnes", real, "t", "part of it delivered under contract"},
    Field{"fob_usd", real, "USD", "value at the sellers' price: the origin's supply price, or the contract's"},
    Field{"landed_usd", real, "USD",
          "value as the buyers pay it: with duty, freight, tariff, friction and rent, less credits for buyers"},
    Field{"export_duty_usd", real, "USD", "export duty, paid to the origin's treasury"},
    Field{"tariff_usd", real, "USD", "tariff, paid to the destination's treasury"},
    Field{"freight_usd", real, "USD", "freight"},
    Field{"friction_usd", real, "USD", "cost of licences, compliance and evasion, less credits for buyers"},
    Field{"rent_usd", real, "USD", "scarcity rent of the caps that bind on the lane"},
    Field{"cap_tonnes", real, "t", "the lane's own cap in the tick; NULL when uncapped"}};

constexpr std::array production{
    tick,
    date,
    good,
    country,
    Field{"process", text, "", "technology that made the good", key},
    Field{"output_t", real, "t", "quantity produced in the tick"},
    Field{"capacity_t", real, "t", "quantity that all plants together could produce in the tick"},
    Field{"run_rate_share", real, "share", "mean run rate of the plants that run"},
    Field{"input_used_t", real, "t", "inputs consumed in the tick"},
    Field{"firms_running", integer, "firms", "number of firms that are neither mothballed nor closed"}};

constexpr std::array capacity{
    tick,
    date,
    good,
    country,
    Field{"process", text, "", "technology; the good is its first output", key},
    Field{"capacity_t_per_year", real, "t/year",
          "throughput that all plants together could handle, at the end of the year"},
    Field{"building_t_per_year", real, "t/year", "capacity under construction"},
    Field{"started_t_per_year", real, "t/year", "capacity whose building was started in the year"},
    Field{"added_t_per_year", real, "t/year", "capacity that came into use in the year"},
    Field{"retired_t_per_year", real, "t/year", "capacity that reached the end of its life in the year"},
    Field{"closed_t_per_year", real, "t/year", "capacity that stood idle too long and closed in the year"},
    Field{"firms_mothballed", integer, "firms", "firms that stand idle at the end of the year"},
    Field{"profit_index", real, "x capital cost",
          "present value of a project, less its cost, over the capital cost: above that at prices of the base date"},
    Field{"cost_factor", real, "1 = base date", "unit cost over that of the base date: grade and technical change"},
    Field{"throughput_t", real, "t", "throughput of the year: output of the good, or ore fed to a joint process"},
    Field{"emissions_t_co2", real, "t CO2", "footprint of the year's throughput"}};

constexpr std::array stocks{
    tick,
    date,
    good,
    country,
    Field{"holder", text, "", "who holds it: producer, refiner, manufacturer, merchant or state", key},
    Field{"stock_t", real, "t", "stock at the end of the tick"},
    Field{"target_t", real, "t", "stock that the holders aim at; NULL where they have no target"}};

constexpr std::array indicators{
    tick,
    date,
    Field{"indicator", text, "",
          "name of the indicator, as in import_reliance (`ytterby describe indicators`), or price_dispersion", key},
    Field{"good", text, "", "good that it is about; empty where it is about none", key},
    Field{"country", text, "", "country that it is about; empty where it is about none", key},
    Field{"value", real, "by indicator", "value; its unit is that of the indicator"}};

constexpr std::array verbs{tick,
                           date,
                           Field{"policy", text, "", "name of the policy", key},
                           Field{"verb", text, "", "kind of measure: ban, cap, export_duty, ...", key},
                           Field{"subject", text, "", "what the measure applies to, as in CHN->* gallium.refined", key},
                           Field{"size", real, "by unit", "size of the measure; NULL where it has none"},
                           Field{"unit", text, "", "unit of the size"},
                           Field{"change", text, "", "start, change or end"}};

constexpr std::array treasury{tick, date, country,
                              Field{"account", text, "", "policy or instrument that the money is booked on", key},
                              Field{"usd", real, "USD", "receipts of the treasury in the tick; negative when it pays"}};

constexpr std::array events{tick,
                            date,
                            Field{"kind", text, "", "what happened: mothball, restart, bankruptcy, deal, ...", key},
                            Field{"country", text, "", "country where it happened; empty where it is about none", key},
                            Field{"good", text, "", "good that it is about; empty where it is about none", key},
                            Field{"firm", text, "", "firm that it happened to; empty where it is about none"},
                            Field{"text", text, "", "one sentence for the reader"}};

constexpr std::array rents{
    tick,
    date,
    Field{"policy", text, "", "quota, licence or re-export clause whose cap it is", key},
    good,
    Field{"country", text, "", "country that the goods leave", key},
    Field{"holder", text, "", "who keeps the rent: seller or treasury", key},
    Field{"tonnes", real, "t", "quantity that left over the lanes of the measure, spot and contract"},
    Field{"allowed_t", real, "t",
          "quantity that the caps on these lanes allowed; of a shared quota, all that was open"},
    Field{"quota_used_share", real, "share", "part of it that was used; of a shared quota, by all its goods"},
    Field{"quota_rent_usd_per_t", real, "USD/t",
          "rent per tonne: scarcity, and what the holder of the right asked; 0 where nothing left"},
    Field{"rent_usd", real, "USD", "rent on the whole quantity"}};

constexpr std::array subsidies{
    tick,
    date,
    Field{"policy", text, "", "subsidy whose books these are", key},
    Field{"claimed_usd", real, "USD", "claims that fell due in the tick"},
    Field{"paid_usd", real, "USD", "paid in the tick: new claims, arrears and buyers' credits"},
    Field{"arrears_usd", real, "USD", "part of it paid on claims of earlier ticks"},
    Field{"waiting_usd", real, "USD", "claims that waited for money when the tick began, after arrears"},
    Field{"budget_left_usd", real, "USD",
          "money of the whole programme not yet committed when the tick began; NULL without a limit"},
    Field{"refused_usd", real, "USD", "claims refused since the start, because the programme's money was committed"},
    Field{"clawed_back_usd", real, "USD",
          "grants taken back in the tick from owners of plants that closed or went bankrupt"}};

constexpr std::array deals{
    tick,
    date,
    Field{"deal", integer, "number", "number of the deal, from 1"},
    Field{"acquirer", text, "", "country whose investors buy", key},
    country,
    Field{"process", text, "", "technology of the target", key},
    good,
    Field{"target", text, "", "why it is on offer: idle, undervalued or project", key},
    Field{"stage", text, "",
          "step that the deal took: offered, declaration, review, investigation, decision, cleared, mitigated, "
          "withdrawn, closed, blocked, reopened, ordered, divested",
          key},
    Field{"plants_share", real, "share", "part of the sector that the target is"},
    Field{"stake_share", real, "share", "part of the target that is bought"},
    Field{"price_usd", real, "USD", "what is paid for the stake"},
    Field{"offtake_share", real, "share", "part of the target's output that comes with the stake"},
    Field{"runner_up", text, "", "country of the next highest bid; empty without competition", key},
    Field{"refiled", integer, "times", "how often it has been withdrawn and filed again"},
    Field{"after_deal", integer, "number", "blocked deal that it replaces; NULL for none"},
    Field{"threat", real, "share", "of the acquirer, as the board sees it; NULL where none has"},
    Field{"vulnerability", real, "share",
          "target's share of the host's supply over what counts in full, by the stake's influence"},
    Field{"consequence", real, "share", "of losing the good: import reliance"},
    Field{"risk", real, "share", "threat x vulnerability x consequence"},
    Field{"reason", text, "", "one sentence for the reader"}};

constexpr std::array columns_table{Field{"table_name", text, "", "table", key},
                                   Field{"column_name", text, "", "column of the table", key},
                                   Field{"type", text, "", "integer, real or text"},
                                   Field{"unit", text, "", "unit of the values; empty where there is none"},
                                   Field{"meaning", text, "", "what the column means"}};

constexpr std::array meta{Field{"key", text, "", "name of a fact about the run", key},
                          Field{"value", text, "", "the fact"}};

/// In the order of TableId.
constexpr std::array<TableSchema, table_count> all_tables{{
    {"prices", "prices of a good in a country", prices},
    {"flows", "quantities and payments on each lane", flows, true},
    {"production", "output, capacity and run rate of a process in a country", production, true},
    {"capacity", "once a year: capacity of a process in a country, what is built, added, retired, emitted", capacity},
    {"stocks", "stocks by kind of holder", stocks, true},
    {"indicators", "derived measures, one a row", indicators, true},
    {"verbs",
     "the log of policy: when each measure started, changed (by a tenth, or by less at a year's beginning) and ended",
     verbs},
    {"treasury", "receipts and payments of each treasury by policy", treasury},
    {"events", "what happened to firms, deals and projects", events},
    {"rents", "licence rents by measure, good and holder, with the use of quotas", rents},
    {"subsidies", "claims, payments and remaining money of each subsidy", subsidies},
    {"deals", "stakes in plants abroad: one row for each step of a deal", deals},
}};

constexpr std::array<TableSchema, 2> all_side_tables{{
    {"columns", "type, unit and meaning of every column", columns_table},
    {"meta", "facts about the run", meta},
}};

}  // namespace

std::string_view name_of(FieldType type) {
    switch (type) {
        case FieldType::integer:
            return "integer";
        case FieldType::real:
            return "real";
        case FieldType::text:
            return "text";
    }
    return "";
}

std::string TableSchema::key_names() const {
    std::string names;
    for (const Field& field : fields) {
        if (!field.key) {
            continue;
        }
        if (!names.empty()) {
            names += ", ";
        }
        names += field.name;
    }
    return names;
}

std::span<const TableSchema> tables() { return all_tables; }

const TableSchema& schema_of(TableId table) { return all_tables[static_cast<std::size_t>(table)]; }

const TableSchema* find_table(std::string_view name) {
    for (const TableSchema& table : all_tables) {
        if (table.name == name) {
            return &table;
        }
    }
    for (const TableSchema& table : all_side_tables) {
        if (table.name == name) {
            return &table;
        }
    }
    return nullptr;
}

std::span<const TableSchema> side_tables() { return all_side_tables; }

}  // namespace ytterby

#include "simulation/scenario/deal_keys.hpp"

namespace ytterby {
namespace {

void read_offers(KeyReader& keys, DealRules& r) {
    keys.number("offers_per_year", r.offers_per_year,
                {.fallback = r.offers_per_year,
                 .low = 0,
                 .high = 12,
                 .unit = "per sector",
                 .doc = "how often plants of a sector (a process in a country) are offered for sale",
                 .source = "assumed, 0.03-0.3: a few tens of cross-border deals a year over these metals"});
    keys.number("idle_multiple", r.idle_multiple,
                {.fallback = r.idle_multiple,
                 .low = 0,
                 .high = 100,
                 .doc = "idle plants are offered this many times as often",
                 .source = "assumed, 1-10"});
    keys.number("majority_share", r.majority_share,
                {.fallback = r.majority_share,
                 .low = 0,
                 .high = 1,
                 .unit = "share",
                 .doc = "share of offers that bring control",
                 .source = "assumed, 0.2-0.6"});
    keys.number("plant_share", r.plant_share,
                {.fallback = r.plant_share,
                 .low = 0.001,
                 .high = 1,
                 .unit = "share",
                 .doc = "median share of its sector's capacity that a target has",
                 .source = "assumed, 0.05-0.3"});
    keys.number("plant_spread", r.plant_spread,
                {.fallback = r.plant_spread,
                 .low = 0,
                 .high = 3,
                 .doc = "standard deviation of the logarithm of that share",
                 .source = "assumed, 0.3-1"});
    keys.number("least_usd", r.least_usd,
                {.fallback = r.least_usd,
                 .low = 0,
                 .high = 1e12,
                 .unit = "USD",
                 .doc = "smaller deals are left out",
                 .source = "assumed, 1-20 million"});
}

void read_bids(KeyReader& keys, DealRules& r) {
    keys.number("attention", r.attention,
                {.fallback = r.attention,
                 .low = 0,
                 .high = 1,
                 .unit = "share",
                 .doc = "probability that a country's investors with an interest in the good consider an offer",
                 .source = "assumed, 0.2-0.8"});
    keys.number("least_interest_share", r.least_interest_share,
                {.fallback = r.least_interest_share,
                 .low = 0,
                 .high = 1,
                 .unit = "of world use",
                 .doc = "a country that uses or refines less of the good than this has no investors in it",
                 .source = "assumed, 0.001-0.02"});
    keys.number("security_premium", r.security_premium,
                {.fallback = r.security_premium,
                 .low = 0,
                 .high = 5,
                 .unit = "share of the value",
                 .doc = "premium that a country which imports all it uses pays for security of supply; perceived risk "
                        "at most doubles it",
                 .source = "assumed, 0-0.6"});
    keys.number("host_risk_share", r.host_risk_share,
                {.fallback = r.host_risk_share,
                 .low = 0,
                 .high = 1,
                 .unit = "share",
                 .doc = "share of the host's extra hurdle rate that foreign investors apply",
                 .source = "assumed, 0.3-1"});
    keys.number("state_hurdle_discount", r.state_hurdle_discount,
                {.fallback = r.state_hurdle_discount,
                 .low = 0,
                 .high = 0.2,
                 .unit = "per year",
                 .doc = "reduction of the hurdle rate of state-backed investors",
                 .source = "assumed, 0.01-0.05"});
    keys.number("value_spread", r.value_spread,
                {.fallback = r.value_spread,
                 .low = 0,
                 .high = 2,
                 .doc = "standard deviation of the logarithm of bidders' valuations of a target",
                 .source = "assumed, 0.15-0.4"});
}

void read_funds_and_asks(KeyReader& keys, DealRules& r) {
    keys.number(
        "funds_share", r.funds_share,
        {.fallback = r.funds_share,
         .low = 0,
         .high = 1,
         .unit = "share",
         .doc = "funds that a country's investors set aside per year, as a share of the value of the metals it uses",
         .source = "assumed, 0.01-0.06"});
    keys.number("funds_years", r.funds_years,
                {.fallback = r.funds_years,
                 .low = 0.1,
                 .high = 20,
                 .unit = "years",
                 .doc = "longest time over which they accumulate",
                 .source = "assumed, 1-5"});
    keys.number("book_share", r.book_share,
                {.fallback = r.book_share,
                 .low = 0.05,
                 .high = 1,
                 .unit = "of capex",
                 .doc = "book value of plants",
                 .source = "assumed, 0.3-0.7: half through their life"});
    keys.number("idle_ask_share", r.idle_ask_share,
                {.fallback = r.idle_ask_share,
                 .low = 0,
                 .high = 2,
                 .unit = "of book",
                 .doc = "lowest price that sellers of idle plants ask",
                 .source = "assumed, 0.1-0.6"});
}

void read_offtake_and_closing(KeyReader& keys, DealRules& r) {
    keys.number(
        "offtake_per_stake", r.offtake_per_stake,
        {.fallback = r.offtake_per_stake,
         .low = 0,
         .high = 5,
         .doc = "share of the target's output that a stake of 1 gives a claim to",
         .source =
             "assumed, 0-1.5; offtake beyond the stake is common among lenders (ownership.csv: Malaysia, Japan)"});
    keys.number("most_prefer_share", r.most_prefer_share,
                {.fallback = r.most_prefer_share,
                 .low = 0,
                 .high = 5,
                 .unit = "of the price",
                 .doc = "the most that owners forgo to draw their offtake",
                 .source = "assumed, 0.1-0.5"});
    keys.number("closing_months", r.closing_months,
                {.fallback = r.closing_months,
                 .low = 0,
                 .high = 60,
                 .unit = "months",
                 .doc = "time from offer to closing without a review",
                 .source = "assumed, 2-9"});
    keys.number("elsewhere_share", r.elsewhere_share,
                {.fallback = r.elsewhere_share,
                 .low = 0,
                 .high = 1,
                 .unit = "share",
                 .doc = "share of blocked investors who look for a similar target in another country",
                 .source = "assumed, 0.3-0.9"});
    keys.number("divestiture_discount", r.divestiture_discount,
                {.fallback = r.divestiture_discount,
                 .low = 0,
                 .high = 1,
                 .unit = "share",
                 .doc = "discount of a forced sale on the price paid",
                 .source = "assumed, 0-0.5"});
}

void read_countries(KeyReader& keys, DealKeys& deals) {
    keys.text_list(
        "state_backed", deals.state_backed,
        {.fallback = std::vector<std::string>{"CHN"},
         .doc = "countries whose investors are state-backed",
         .source =
             "assumed: Chinese buyers of these metals are owned or financed by the state (from memory, no source)"});
    keys.text_list("closed_hosts", deals.closed_hosts,
                   {.fallback = std::vector<std::string>{"CHN", "RUS", "PRK"},
                    .doc = "countries that do not sell plants to foreigners",
                    .source = "assumed: China's negative list for foreign investment, sanctions and counter-sanctions "
                              "(from memory, no source)"});
    keys.number_map("extra_funds_usd", deals.extra_funds_usd,
                    {.low = 0,
                     .high = 1e13,
                     .unit = "USD/year",
                     .doc = "sovereign funds by country: they buy for yield, whatever metals the country uses",
                     .source = "assumed, 0-2 billion: Saudi Arabia's Manara bought 10 % of Vale Base Metals in 2023 "
                               "(from memory, no source); the Gulf is part of ROW"});
}

}  // namespace

void read(KeyReader& keys, DealKeys& deals) {
    DealRules& r = deals.rules;
    keys.boolean("enabled", r.enabled, {.fallback = r.enabled, .doc = "whether investors buy stakes in plants abroad"});
    read_offers(keys, r);
    read_bids(keys, r);
    read_funds_and_asks(keys, r);
    read_offtake_and_closing(keys, r);
    read_countries(keys, deals);
}

void resolve(const ConfigDocument& document, const std::string& path, const Names& names, DealKeys& deals,
             Problems& problems) {
    const auto where = [&](const std::string& key) {
        const ConfigValue* found = document.find(key);
        return found != nullptr ? found->where : SourceLocation{path};
    };
    const auto mark = [&](const std::string& key, const std::vector<std::string>& listed,
                          std::vector<std::uint8_t>& marks) {
        // A default may name a country that a small data folder lacks.
        Problems none;
        marks.assign(names.countries.size(), 0);
        const std::vector<CountryId> ids =
            resolve_countries({key, where(key), listed}, names, document.find(key) != nullptr ? problems : none);
        for (const CountryId id : ids) {
            marks[id.index()] = 1;
        }
    };
    mark("deals.state_backed", deals.state_backed, deals.rules.state_backed);
    mark("deals.closed_hosts", deals.closed_hosts, deals.rules.closed_hosts);
    deals.rules.extra_funds_usd.assign(names.countries.size(), 0.0);
    for (const auto& [code, usd] : deals.extra_funds_usd) {
        const std::string key = "deals.extra_funds_usd." + code;
        const std::vector<CountryId> found = resolve_countries({key, where(key), {code}}, names, problems);
        for (const CountryId id : found) {
            deals.rules.extra_funds_usd[id.index()] += usd / static_cast<double>(found.size());
        }
    }
}

}  // namespace ytterby

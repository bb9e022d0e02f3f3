#include "simulation/scenario/contract_keys.hpp"

#include <algorithm>

namespace ytterby {
namespace {

void read_terms(KeyReader& keys, OfftakeTerms& terms) {
    keys.number("index_months", terms.index_months,
                {.low = 0.2, .high = 36.0, .unit = "months", .doc = "the same for this good"});
    keys.number("discount_share", terms.discount_share,
                {.low = -1.0, .high = 0.9, .unit = "share", .doc = "the same for this good"});
    keys.number("floor_usd_per_t", terms.floor_usd_per_t,
                {.low = 0.0, .high = 1e12, .unit = "USD/t", .doc = "the price is never below this"});
    keys.number(
        "cap_usd_per_t", terms.cap_usd_per_t,
        {.low = 0.0, .high = 1e12, .unit = "USD/t", .doc = "the price is never above this, unless the floor is"});
    keys.number("length_months", terms.length_months,
                {.low = 1.0, .high = 600.0, .unit = "months", .doc = "the same for this good"});
    keys.text("benchmark", terms.benchmark,
              {.fallback = "",
               .doc = "country whose supply price is the index; empty: the seller's own",
               .may_be_empty = true});
}

}  // namespace

void read(KeyReader& keys, ContractKeys& contracts) {
    keys.number_map(
        "share", contracts.share,
        {.low = 0.0,
         .high = 0.95,
         .unit = "share",
         .doc = "share of each base flow under contract, by good, metal or *; the narrowest name applies; a "
                "good that no name includes has no contracts",
         .source = "assumed, 0-0.9"});
    keys.boolean(
        "captive", contracts.captive,
        {.fallback = contracts.captive, .doc = "owners abroad draw their share of output first (ownership.csv)"});
    keys.number("index_months", contracts.index_months,
                {.fallback = contracts.index_months,
                 .low = 0.2,
                 .high = 36.0,
                 .unit = "months",
                 .doc = "the index is the mean price of so many past months",
                 .source = "assumed, 1-6"});
    keys.number("discount_share", contracts.discount_share,
                {.fallback = contracts.discount_share,
                 .low = -1.0,
                 .high = 0.9,
                 .unit = "share",
                 .doc = "discount on the index",
                 .source = "assumed, 0-0.1"});
    keys.number("length_months", contracts.length_months,
                {.fallback = contracts.length_months,
                 .low = 1.0,
                 .high = 600.0,
                 .unit = "months",
                 .doc = "term of a contract; expiries are staggered over it",
                 .source = "assumed, 6-60"});
    keys.number("lapse_months", contracts.lapse_months,
                {.fallback = contracts.lapse_months,
                 .low = 1.0,
                 .high = 600.0,
                 .unit = "months",
                 .doc = "force majeure of this length suspends a contract for the rest of its term",
                 .source = "assumed, 3-12"});
    keys.number("force_majeure_share", contracts.force_majeure_share,
                {.fallback = contracts.force_majeure_share,
                 .low = 0.0,
                 .high = 1.0,
                 .unit = "share",
                 .doc = "it is force majeure when the rules let through less than this share of the volume",
                 .source = "assumed, 0.2-0.8"});
    keys.table_map("terms", [&](KeyReader& inner) { read_terms(inner, contracts.terms[inner.entry_name()]); },
                   {.doc = "terms of one good's contracts that replace the common ones"});
}

void check_contracts(const ConfigDocument& document, const std::string& path, const ContractKeys& contracts,
                     const Names& names, Problems& problems) {
    const auto where = [&](const std::string& key) {
        const ConfigValue* found = document.find(key);
        return found != nullptr ? found->where : SourceLocation{path};
    };
    const auto check_good = [&](const std::string& table, const std::string& name) {
        if (!names.find_goods(name)) {
            problems.add({.key = table + "." + name,
                          .what = "unknown good '" + name + "'",
                          .why = "the data folder does not list it",
                          .suggestion = names.suggest_good(name),
                          .where = where(table + ".\"" + name + "\"")});
        }
    };
    for (const auto& [name, share] : contracts.share) {
        check_good("contracts.share", name);
    }
    for (const auto& [name, terms] : contracts.terms) {
        check_good("contracts.terms", name);
        if (!terms.benchmark.empty() &&
            std::find(names.countries.begin(), names.countries.end(), terms.benchmark) == names.countries.end()) {
            const std::string key = "contracts.terms.\"" + name + "\".benchmark";
            problems.add({.key = "contracts.terms." + name + ".benchmark",
                          .what = "unknown country '" + terms.benchmark + "'",
                          .why = "the data folder does not list it",
                          .suggestion = names.suggest_country(terms.benchmark),
                          .where = where(key)});
        }
    }
}

}  // namespace ytterby

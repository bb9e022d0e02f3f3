#include <algorithm>
#include <set>

#include "agents/world/indicators.hpp"
#include "experiments/metrics/metric.hpp"

namespace ytterby {
namespace {

const std::vector<std::pair<std::string, Take>>& takes() {
    static const std::vector<std::pair<std::string, Take>> list = {{"mean", Take::mean}, {"max", Take::max},
                                                                   {"min", Take::min},   {"last", Take::last},
                                                                   {"sum", Take::sum},   {"first", Take::first}};
    return list;
}

std::vector<std::string> names_of_takes() {
    std::vector<std::string> names;
    for (const auto& [name, take] : takes()) {
        names.push_back(name);
    }
    return names;
}

std::vector<std::string> names_of_kinds() {
    std::vector<std::string> names;
    for (const MetricKind& kind : metric_kinds()) {
        names.emplace_back(kind.name);
    }
    return names;
}

void read_names(KeyReader& keys, const std::string& one, const std::string& several, const std::string& doc,
                WrittenNames& out) {
    std::optional<std::string> single;
    keys.text(one, single, TextKey{.doc = "one of them"});
    keys.text_list(several, out.words, {.fallback = std::vector<std::string>{}, .doc = doc});
    out.key = keys.path_of(several);
    out.where = keys.location(keys.has(one) ? one : several);
    if (single) {
        if (!out.words.empty()) {
            keys.problem(several, "is given together with '" + one + "'", "both keys name the same thing",
                         "keep one of the two");
        }
        out.words = {*single};
        out.key = keys.path_of(one);
    }
}

/// First and last day of "2030" or "2030-06".
std::optional<std::pair<Date, Date>> span_of(const std::string& text) {
    const auto date = parse_date(text);
    if (!date || text.size() > 7) {
        return std::nullopt;
    }
    if (text.size() == 4) {
        return std::pair(Date{date->year, 1, 1}, Date{date->year, 12, 31});
    }
    const Date next = date->month == 12 ? Date{date->year + 1, 1, 1} : Date{date->year, date->month + 1, 1};
    return std::pair(Date{date->year, date->month, 1}, date_of_day(days_since_epoch(next) - 1));
}

/// Adds a problem with a metric; `key` is empty or ".over" and the like.
void report(Problems& problems, const MetricKeys& metric, const std::string& key, Problem problem) {
    problem.key = "metrics." + metric.name + key;
    problems.add(std::move(problem));
}

/// Names as written, or all where none are.
WrittenNames or_all(WrittenNames names) {
    if (names.words.empty()) {
        names.words = {"*"};
    }
    return names;
}

/// Accounts are named after instruments, and after policies of the scenario even where a switch takes them out.
void check_accounts(const MetricKeys& keys, const Scenario& scenario, Problems& problems) {
    if (keys.accounts.empty()) {
        return;
    }
    std::set<std::string> known = {"export_duty", "tariff", "licence_rent"};
    for (const auto& policy : scenario.policies) {
        known.insert(policy->name());
    }
    known.insert(keys.switched.begin(), keys.switched.end());
    for (const std::string& account : keys.accounts) {
        if (!known.contains(account)) {
            report(problems, keys, ".accounts",
                   {.what = "no treasury has an account '" + account + "'",
                    .why = "accounts are named after instruments and policies of the scenario",
                    .suggestion = suggest_name(account, std::vector<std::string>(known.begin(), known.end())),
                    .where = keys.accounts_where});
        }
    }
}

/// Finds the ticks of the years or months that a metric is taken over; all of them must be in the run.
void resolve_span(const MetricKeys& keys, const Scenario& scenario, Metric& metric, Problems& problems) {
    const std::size_t dots = keys.over.find("..");
    const auto first = span_of(keys.over.substr(0, dots));
    const auto last = dots == std::string::npos ? first : span_of(keys.over.substr(dots + 2));
    if (!first || !last || last->second < first->first) {
        report(problems, keys, ".over",
               {.what = "\"" + keys.over + "\" is no span of years or months",
                .why = "",
                .suggestion = "write it like 2030, 2030..2035 or 2030-06..2031-05",
                .where = keys.over_where});
        return;
    }
    const Calendar& calendar = scenario.calendar;
    const std::int64_t ticks = scenario.run.ticks;
    metric.first_tick = 0;
    while (metric.first_tick < ticks && calendar.date_of(metric.first_tick) < first->first) {
        ++metric.first_tick;
    }
    metric.last_tick = ticks - 1;
    while (metric.last_tick >= 0 && calendar.date_of(metric.last_tick) > last->second) {
        --metric.last_tick;
    }
    const Date last_day = date_of_day(days_since_epoch(calendar.date_of(ticks)) - 1);
    const bool is_whole = calendar.date_of(0) <= first->first && last_day >= last->second;
    if (!is_whole || metric.last_tick < metric.first_tick) {
        report(problems, keys, ".over",
               {.what = "no run records all of " + keys.over,
                .why = "runs last from " + format_month(calendar.date_of(0)) + " to " +
                       format_month(calendar.date_of(ticks - 1)),
                .suggestion = "choose a time within it, or change run.start and run.ticks",
                .where = keys.over_where});
    }
}

}  // namespace

const std::vector<MetricKind>& metric_kinds() {
    static const std::vector<MetricKind> kinds = [] {
        std::vector<MetricKind> list;
        for (const Indicator& one : indicators()) {
            list.push_back({one.name, one.unit, one.meaning, one.wants_country});
        }
        list.push_back({"receipts_usd", "USD a tick", "what treasuries received", false});
        list.push_back({"fiscal_cost_usd", "USD a tick", "what treasuries paid, less what they received", false});
        return list;
    }();
    return kinds;
}

void read(KeyReader& keys, MetricKeys& metric) {
    metric.name = keys.entry_name();
    keys.choice("of", metric.of, names_of_kinds(), {.doc = "which quantity"});
    metric.where = keys.location("of");
    read_names(keys, "good", "goods",
               "goods: metal.stage, a metal, or *; all by default; means over several are weighted by the value of "
               "their consumption at the base date",
               metric.goods);
    read_names(keys, "country", "countries", "countries or groups, taken as one; the world by default",
               metric.countries);
    keys.text_list(
        "accounts", metric.accounts,
        {.fallback = std::vector<std::string>{},
         .doc = "accounts of the treasury: names of policies, export_duty, tariff, licence_rent; all by default"});
    metric.accounts_where = keys.location("accounts");
    keys.text("over", metric.over,
              TextKey{.fallback = "",
                      .doc = "years or months, as 2030, 2030..2035, 2030-06..2031-05; the whole run by default"});
    metric.over_where = keys.location("over");
    keys.choice("take", metric.take, names_of_takes(),
                {.fallback = "mean", .doc = "how the ticks of that time become one number"});
}

Metric resolve(const MetricKeys& keys, const Scenario& scenario, Problems& problems) {
    Metric metric{.of = keys.of,
                  .take = Take::mean,
                  .goods = {},
                  .countries = {},
                  .accounts = keys.accounts,
                  .first_tick = 0,
                  .last_tick = scenario.run.ticks - 1};
    for (const auto& [name, take] : takes()) {
        if (name == keys.take) {
            metric.take = take;
        }
    }
    const auto kind = std::find_if(metric_kinds().begin(), metric_kinds().end(),
                                   [&](const MetricKind& one) { return keys.of == one.name; });
    if (kind == metric_kinds().end()) {
        return metric;  // reported when it was read
    }
    metric.goods = resolve_goods(or_all(keys.goods), scenario.names, problems);
    metric.countries = resolve_countries(or_all(keys.countries), scenario.names, problems);
    if (kind->wants_country && keys.countries.words.empty()) {
        report(problems, keys, "",
               {.what = keys.of + " is of a country",
                .why = "it means nothing for the whole world",
                .suggestion = "add country = \"USA\" or the like",
                .where = keys.where});
    }
    if (keys.of == "price" && metric.goods.size() > 1) {
        report(problems, keys, "",
               {.what = "a price in USD/t is of one good",
                .why = "tonnes of different goods cannot be compared",
                .suggestion = "name one good, or write of = \"price_index\"",
                .where = keys.where});
    }
    check_accounts(keys, scenario, problems);
    if (!keys.over.empty()) {
        resolve_span(keys, scenario, metric, problems);
    }
    return metric;
}

}  // namespace ytterby

#include "market/clearing/laboratory.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "market/clearing/detail/laboratory_traders.hpp"
#include "market/order_book/book.hpp"

namespace ytterby {
namespace {

/// Half the width of a 95 % confidence interval, in standard errors (normal).
constexpr double interval_width = 1.96;

SessionMean mean_over(const std::vector<double>& numbers) {
    SessionMean result;
    result.sessions = static_cast<std::uint32_t>(numbers.size());
    if (numbers.empty()) {
        return result;
    }
    double squares = 0.0;
    for (const double number : numbers) {
        result.mean += number / static_cast<double>(numbers.size());
    }
    for (const double number : numbers) {
        squares += (number - result.mean) * (number - result.mean);
    }
    const double count = static_cast<double>(numbers.size());
    result.half_width = numbers.size() > 1 ? interval_width * std::sqrt(squares / (count - 1.0) / count) : 0.0;
    return result;
}

/// One period of the auction.
LaboratoryPeriod run_period(const Laboratory& laboratory, const LaboratoryEquilibrium& equilibrium,
                            std::uint32_t period, LaboratoryCrowd& crowd) {
    LaboratoryPeriod outcome;
    OrderBook book;
    std::vector<BookFill> fills;
    std::vector<BookOrderId> quotes;  // per trader
    double surplus = 0.0;
    double squares = 0.0;
    crowd.begin_period(period);
    quotes.resize(crowd.count());
    for (std::uint32_t number = 0; number < laboratory.shouts && crowd.can_trade(); ++number) {
        std::uint32_t trader = 0;
        Shout shout;
        const LaboratoryCrowd::Turn turn = crowd.turn(number, book, trader, shout.price);
        if (turn == LaboratoryCrowd::Turn::over) {
            break;
        }
        if (turn == LaboratoryCrowd::Turn::passes) {
            continue;
        }
        const bool ask = shout.ask = crowd.sells(trader);
        book.cancel(quotes[trader]);
        fills.clear();
        quotes[trader] = book.submit(ask, shout.price, 1.0, trader, fills);
        if (!fills.empty()) {
            const std::uint32_t partner = fills[0].owner;
            shout.accepted = true;
            shout.contract = fills[0].price;
            const std::uint32_t buyer = ask ? partner : trader;
            const std::uint32_t seller = ask ? trader : partner;
            surplus += crowd.worth(buyer) - crowd.worth(seller);
            outcome.contracts.push_back(shout.contract);
            outcome.mean_price += shout.contract;
            squares += (shout.contract - equilibrium.price()) * (shout.contract - equilibrium.price());
        }
        crowd.hear(shout, number);
        if (!fills.empty()) {
            crowd.deal(trader);
            crowd.deal(fills[0].owner);
            book.clear();
        }
    }
    const auto contracts = static_cast<double>(outcome.contracts.size());
    outcome.efficiency = equilibrium.surplus > 0.0 ? surplus / equilibrium.surplus : 1.0;
    if (!outcome.contracts.empty()) {
        outcome.mean_price /= contracts;
        outcome.alpha = 100.0 * std::sqrt(squares / contracts) / equilibrium.price();
    }
    return outcome;
}

LaboratorySummary summarise(const LaboratoryReport& report, std::uint32_t periods, std::uint32_t period) {
    std::vector<double> efficiency, mean_price, alpha, quantity;
    for (std::size_t at = period; at < report.outcomes.size(); at += periods) {
        const LaboratoryPeriod& outcome = report.outcomes[at];
        efficiency.push_back(outcome.efficiency);
        quantity.push_back(static_cast<double>(outcome.contracts.size()));
        if (!outcome.contracts.empty()) {
            mean_price.push_back(outcome.mean_price);
            alpha.push_back(outcome.alpha);
        }
    }
    return {mean_over(efficiency), mean_over(mean_price), mean_over(alpha), mean_over(quantity)};
}

}  // namespace

void read(KeyReader& keys, Laboratory& laboratory) {
    keys.choice("traders", laboratory.traders,
                {{"zi_c", LaboratoryTraders::zi_c},
                 {"zi_u", LaboratoryTraders::zi_u},
                 {"zip", LaboratoryTraders::zip},
                 {"gd", LaboratoryTraders::gd}},
                {.fallback = "zi_c",
                 .doc = "zi_c: random prices without loss; zi_u: any random prices; zip: margins that learn from every "
                        "shout; gd: beliefs from the last trades",
                 .source = "Gode and Sunder 1993; Cliff and Bruten 1997; Gjerstad and Dickhaut 1998"});
    keys.number_list("values", laboratory.values,
                     {.low = 0.0, .high = 1e9, .least_count = 1, .doc = "what each unit is worth to its buyer"});
    keys.number_list("costs", laboratory.costs,
                     {.low = 0.0, .high = 1e9, .least_count = 1, .doc = "what each unit costs its seller"});
    keys.integer("units_per_trader", laboratory.units_per_trader,
                 {.fallback = 1, .low = 1, .high = 1000, .doc = "units per trader; dealt out in turn, best first"});
    keys.integer(
        "sessions", laboratory.sessions,
        {.fallback = 100, .low = 1, .high = 1000000, .doc = "repetitions, each with its own draws and new traders"});
    keys.integer("periods", laboratory.periods,
                 {.fallback = 1, .low = 1, .high = 1000, .doc = "trading days per session"});
    keys.integer("shouts", laboratory.shouts,
                 {.fallback = 3000,
                  .low = 1,
                  .high = 1000000,
                  .doc = "quotes per period, of all traders together",
                  .source = "assumed: enough to miss hardly any trade, 1000-10000"});
    keys.number("lowest_price", laboratory.lowest_price,
                {.fallback = 1.0,
                 .low = 0.0,
                 .high = 1e9,
                 .doc = "lowest price of the grid from which zi and gd traders choose",
                 .source = "Gode and Sunder 1993: 1 to 200"});
    keys.number("highest_price", laboratory.highest_price,
                {.fallback = 200.0, .low = 0.0, .high = 1e9, .doc = "highest price of that grid"});
    keys.number("price_step", laboratory.price_step,
                {.fallback = 1.0, .low = 1e-6, .high = 1e9, .doc = "step of that grid"});
    if (keys.is_sound("highest_price") && keys.is_sound("lowest_price") && keys.is_sound("price_step")) {
        const double steps = (laboratory.highest_price - laboratory.lowest_price) / laboratory.price_step;
        if (!(steps >= 1.0 && steps <= 1e9)) {
            keys.problem("highest_price", "the price grid has fewer than two prices or more than 10^9",
                         "zi and gd traders choose prices from lowest_price to highest_price in steps of price_step",
                         "set highest_price above lowest_price and price_step to match");
        }
    }
}

LaboratoryEquilibrium equilibrium_of(const Laboratory& laboratory) {
    std::vector<double> values = laboratory.values;
    std::vector<double> costs = laboratory.costs;
    std::sort(values.rbegin(), values.rend());
    std::sort(costs.begin(), costs.end());
    LaboratoryEquilibrium found;
    const std::size_t most = std::min(values.size(), costs.size());
    std::size_t count = 0;
    while (count < most && values[count] > costs[count]) {
        found.surplus += values[count] - costs[count];
        ++count;
    }
    found.quantity = static_cast<std::uint32_t>(count);
    // Below the lowest price a seller who should trade would lose, or a buyer who should not would want a unit; above
    // the highest price the converse.
    const double infinite = std::numeric_limits<double>::infinity();
    found.lowest_price =
        std::max(count > 0 ? costs[count - 1] : -infinite, count < values.size() ? values[count] : -infinite);
    found.highest_price =
        std::min(count > 0 ? values[count - 1] : infinite, count < costs.size() ? costs[count] : infinite);
    return found;
}

LaboratoryReport run_laboratory(const Laboratory& laboratory, const Random& random) {
    LaboratoryReport report;
    report.equilibrium = equilibrium_of(laboratory);
    for (std::uint32_t session = 0; session < laboratory.sessions; ++session) {
        LaboratoryCrowd crowd(laboratory, random, session);
        for (std::uint32_t period = 0; period < laboratory.periods; ++period) {
            report.outcomes.push_back(run_period(laboratory, report.equilibrium, period, crowd));
        }
    }
    for (std::uint32_t period = 0; period < laboratory.periods; ++period) {
        report.periods.push_back(summarise(report, laboratory.periods, period));
    }
    return report;
}

}  // namespace ytterby

#include "market/clearing/detail/laboratory_traders.hpp"

#include "market/purposes.hpp"

#include <algorithm>
#include <cmath>

namespace ytterby {
namespace {

// Cliff and Bruten (1997), their simulations: initial margins between 5 and 35 %, learning speed 0.1 to 0.5, momentum 0
// to 0.1; the target price is up to 5 % plus up to 0.05 beyond the price heard.
constexpr double least_margin = 0.05, most_margin = 0.35;
constexpr double least_speed = 0.1, most_speed = 0.5;
constexpr double most_momentum = 0.1;
constexpr double most_relative_step = 0.05;
constexpr double most_absolute_step = 0.05;

/// Addresses of a trader's draws: its traits, and one lesson.
enum Trait : std::uint32_t { margin_trait, speed_trait, momentum_trait, traits };
enum Lesson : std::uint32_t { relative_lesson, absolute_lesson, lessons };

}  // namespace

LaboratoryCrowd::LaboratoryCrowd(const Laboratory& laboratory, const Random& random, std::uint32_t session)
    : laboratory_(laboratory),
      random_(random),
      session_(session),
      beliefs_(laboratory.lowest_price, laboratory.highest_price, laboratory.price_step) {
    for (const bool ask : {false, true}) {
        std::vector<double> worths = ask ? laboratory.costs : laboratory.values;
        std::sort(worths.begin(), worths.end(), [ask](double one, double two) { return ask ? one < two : one > two; });
        const std::size_t count = (worths.size() + laboratory.units_per_trader - 1) / laboratory.units_per_trader;
        const std::size_t first = traders_.size();
        traders_.resize(first + count);
        for (std::size_t unit = 0; unit < worths.size(); ++unit) {
            traders_[first + unit % count].units.push_back(worths[unit]);
        }
        for (std::size_t number = first; number < traders_.size(); ++number) {
            Trader& trader = traders_[number];
            const auto draw = [&](Trait trait, double low, double high) {
                return low + (high - low) * random_.uniform(session_, purposes::laboratory_trait, 0,
                                                            static_cast<std::uint32_t>(number) * traits + trait);
            };
            trader.ask = ask;
            trader.margin = (ask ? 1.0 : -1.0) * draw(margin_trait, least_margin, most_margin);
            trader.speed = draw(speed_trait, least_speed, most_speed);
            trader.momentum = draw(momentum_trait, 0.0, most_momentum);
        }
    }
    begin_period(0);
}

void LaboratoryCrowd::begin_period(std::uint32_t period) {
    period_ = period;
    for (Trader& trader : traders_) {
        trader.dealt = 0;
    }
    list_active();
}

void LaboratoryCrowd::list_active() {
    active_.clear();
    active_asks_ = 0;
    for (std::uint32_t number = 0; number < traders_.size(); ++number) {
        if (is_active(traders_[number])) {
            active_.push_back(number);
            active_asks_ += traders_[number].ask ? 1 : 0;
        }
    }
}

double LaboratoryCrowd::worth(std::uint32_t trader) const {
    const Trader& asked = traders_[trader];
    return asked.units[std::min<std::size_t>(asked.dealt, asked.units.size() - 1)];
}

double LaboratoryCrowd::margin_price(const Trader& trader) const {
    return trader.units[std::min<std::size_t>(trader.dealt, trader.units.size() - 1)] * (1.0 + trader.margin);
}

LaboratoryCrowd::Turn LaboratoryCrowd::turn(std::uint32_t shout, const OrderBook& book, std::uint32_t& trader,
                                            double& price) {
    if (laboratory_.traders == LaboratoryTraders::gd) {
        return best_expected(shout, book, trader, price);
    }
    const auto count = static_cast<std::uint32_t>(active_.size());
    trader = active_[random_.below(count, session_, purposes::laboratory_turn, period_, shout)];
    const bool ask = sells(trader);
    if (laboratory_.traders == LaboratoryTraders::zip) {
        price = margin_price(traders_[trader]);
        return Turn::shouts;
    }
    if (!random_price(trader, shout, price)) {
        return Turn::passes;
    }
    const bool betters = book.empty(ask) || (ask ? price < book.best(ask).price : price > book.best(ask).price);
    return betters ? Turn::shouts : Turn::passes;
}

LaboratoryCrowd::Turn LaboratoryCrowd::best_expected(std::uint32_t shout, const OrderBook& book, std::uint32_t& trader,
                                                     double& price) {
    beliefs_.update(!book.empty(false), book.empty(false) ? 0.0 : book.best(false).price, !book.empty(true),
                    book.empty(true) ? 0.0 : book.best(true).price);
    struct Wish {
        double surplus = 0.0;
        std::size_t at = 0;
    };
    std::vector<Wish> wishes(active_.size());
    double total = 0.0;
    for (std::size_t number = 0; number < active_.size(); ++number) {
        const bool ask = sells(active_[number]);
        const double own = worth(active_[number]);
        for (std::size_t at = 0; at < beliefs_.prices(); ++at) {
            const double gain = ask ? beliefs_.price(at) - own : own - beliefs_.price(at);
            const double surplus = gain * beliefs_.chance(ask, at);
            if (surplus > wishes[number].surplus) {
                wishes[number] = {surplus, at};
            }
        }
        total += wishes[number].surplus;
    }
    // Waiting times are exponential with rates proportional to expected surplus, so the first to move is drawn with
    // probabilities proportional to it.
    double drawn = total * random_.uniform(session_, purposes::laboratory_turn, period_, shout);
    for (std::size_t number = 0; number < active_.size(); ++number) {
        drawn -= wishes[number].surplus;
        if (wishes[number].surplus > 0.0 && drawn <= 0.0) {
            trader = active_[number];
            price = beliefs_.price(wishes[number].at);
            return Turn::shouts;
        }
    }
    return Turn::over;
}

bool LaboratoryCrowd::random_price(std::uint32_t trader, std::uint32_t shout, double& price) const {
    const Trader& asked = traders_[trader];
    // The prices of the grid are lowest + k step; constrained traders draw among those without loss. A value on the
    // grid may miss it by rounding.
    const double step = laboratory_.price_step;
    double first = 0.0;
    double last = std::floor((laboratory_.highest_price - laboratory_.lowest_price) / step + 1e-9);
    if (laboratory_.traders == LaboratoryTraders::zi_c) {
        const double own = (worth(trader) - laboratory_.lowest_price) / step;
        first = asked.ask ? std::max(first, std::ceil(own - 1e-9)) : first;
        last = asked.ask ? last : std::min(last, std::floor(own + 1e-9));
    }
    if (first > last) {
        return false;
    }
    const std::uint32_t drawn = random_.below(static_cast<std::uint32_t>(last - first) + 1, session_,
                                              purposes::laboratory_quote, period_, shout);
    price = laboratory_.lowest_price + step * (first + static_cast<double>(drawn));
    return true;
}

void LaboratoryCrowd::deal(std::uint32_t trader) {
    ++traders_[trader].dealt;
    if (!is_active(traders_[trader])) {
        list_active();
    }
}

void LaboratoryCrowd::hear(const Shout& shout, std::uint32_t number) {
    if (laboratory_.traders == LaboratoryTraders::gd) {
        beliefs_.hear(shout);
    }
    if (laboratory_.traders != LaboratoryTraders::zip) {
        return;
    }
    const double heard = shout.accepted ? shout.contract : shout.price;
    for (std::uint32_t listener = 0; listener < traders_.size(); ++listener) {
        Trader& trader = traders_[listener];
        const double price = margin_price(trader);
        // A seller that could have sold for more raises its margin. One that would not have traded lowers it if it
        // competes with the shout. Buyers do the converse.
        const bool could_gain = trader.ask ? price <= heard : price >= heard;
        const bool outbid = trader.ask ? price >= heard : price <= heard;
        if (shout.accepted && could_gain) {
            move_margin(trader, listener, number, heard, trader.ask);
        } else if (is_active(trader) && outbid &&
                   (shout.accepted ? shout.ask != trader.ask : shout.ask == trader.ask)) {
            move_margin(trader, listener, number, heard, !trader.ask);
        }
    }
}

void LaboratoryCrowd::move_margin(Trader& trader, std::uint32_t number, std::uint32_t shout, double heard, bool up) {
    const auto draw = [&](Lesson lesson, double most) {
        const auto address = static_cast<std::uint32_t>((shout * traders_.size() + number) * lessons + lesson);
        return most * random_.uniform(session_, purposes::laboratory_lesson, period_, address);
    };
    const double sign = up ? 1.0 : -1.0;
    const double target = heard * (1.0 + sign * draw(relative_lesson, most_relative_step)) +
                          sign * draw(absolute_lesson, most_absolute_step);
    const double price = margin_price(trader);
    trader.last_change =
        trader.momentum * trader.last_change + (1.0 - trader.momentum) * trader.speed * (target - price);
    const double worth = price / (1.0 + trader.margin);
    const double margin = worth > 0.0 ? (price + trader.last_change) / worth - 1.0 : 0.0;
    trader.margin = trader.ask ? std::max(0.0, margin) : std::clamp(margin, -0.999, 0.0);
}

}  // namespace ytterby

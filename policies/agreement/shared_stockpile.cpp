#include "policies/agreement/shared_stockpile.hpp"

#include <algorithm>

#include "core/calendar.hpp"

namespace ytterby {

void SharedStockpile::read(KeyReader& keys) {
    keys.number(
        "stockpile_days", days_,
        {.fallback = 0.0,
         .low = 0.0,
         .high = 3650.0,
         .unit = "days",
         .doc = "shared stockpile: its target, in days of the members' joint demand for each good; 0 = none",
         .source =
             "Japan's JOGMEC holds 60 days (from memory, no source); IEA members hold 90 days of net imports of oil"});
    keys.keys_with({"stockpile_days"}, [this](KeyReader& inner) {
        inner.number("stockpile_fill_months", fill_months_,
                     {.fallback = 36.0,
                      .low = 1.0,
                      .high = 600.0,
                      .unit = "months",
                      .doc = "time over which it is built up",
                      .source = "assumed, 12-60"});
        inner.number("stockpile_buy_limit", buy_limit_,
                     {.fallback = 1.1,
                      .low = 0.0,
                      .high = 100.0,
                      .unit = "x base price",
                      .doc = "no purchases where the last price is above this",
                      .source = "assumed, 1-1.3"});
        inner.number("stockpile_release_limit", release_limit_,
                     {.fallback = 1.0,
                      .low = 0.0,
                      .high = 100.0,
                      .unit = "x base price",
                      .doc = "no releases below this price",
                      .source = "assumed, 0.8-1.5"});
        inner.number("stockpile_release_below_days", below_days_,
                     {.fallback = 30.0,
                      .low = 0.0,
                      .high = 3650.0,
                      .unit = "days",
                      .doc = "a member whose own stock lasts less is short; it gets its full share at half of this",
                      .source = "assumed, 15-60"});
        inner.number("stockpile_release_unmet", unmet_,
                     {.fallback = 0.05,
                      .low = 0.0,
                      .high = 1.0,
                      .unit = "share of need",
                      .doc = "a member with this share of its demand unmet is short too",
                      .source = "assumed, 0.02-0.2"});
        inner.number("stockpile_release_share", release_share_,
                     {.fallback = 0.5,
                      .low = 0.0,
                      .high = 10.0,
                      .unit = "share of need",
                      .doc = "the most that a short member gets in a tick",
                      .source = "assumed, 0.2-1"});
    });
}

void SharedStockpile::apply(const Club& club, const std::string& name, Regime& regime) const {
    const World& world = club.view.world;
    const Economy& economy = club.view.economy;
    const auto found = world.stockpiles.find(name);
    const auto payers = contributions(club);
    const double months = economy.months_per_tick();
    for (const GoodId good : club.goods) {
        double held = 0.0;
        double need = 0.0;
        double short_need = 0.0;
        std::vector<double> shortages;
        for (const CountryId member : club.members) {
            const std::size_t node = club.node(good, member);
            need += world.nodes.need[node];
            shortages.push_back(shortage(club, good, member, below_days_, unmet_));
            short_need += shortages.back() * world.nodes.need[node];
        }
        for (std::size_t country = 0; found != world.stockpiles.end() && country < economy.countries.size();
             ++country) {
            held += found->second[club.node(good, id_at<CountryId>(country))];
        }
        const double target = need / months * days_ * 12.0 / days_per_year;
        // While any member is short the club releases and does not buy: purchases would take from the short.
        for (std::size_t number = 0; number < club.members.size(); ++number) {
            const std::size_t node = club.node(good, club.members[number]);
            const double base = economy.base_price[node];
            if (short_need > 0.0 && shortages[number] > 0.0 && held > 0.0) {
                const double wanted = release_share_ * shortages[number] * world.nodes.need[node];
                const double part = held * shortages[number] * world.nodes.need[node] / short_need;
                regime.release(club.members[number], good, std::min(wanted, part), release_limit_ * base, payers);
            } else if (short_need <= 0.0 && need > 0.0 && held < target &&
                       world.nodes.use_price[node] <= buy_limit_ * base) {
                const double tonnes =
                    std::min(target * months / fill_months_, target - held) * world.nodes.need[node] / need;
                if (tonnes > 0.0) {
                    regime.purchase(club.members[number], good, tonnes, buy_limit_ * base, payers);
                }
            }
        }
    }
}

}  // namespace ytterby

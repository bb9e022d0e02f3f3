#include "policies/agreement/joint_standard.hpp"

#include <algorithm>

namespace ytterby {

void JointStandard::read(KeyReader& keys) {
    keys.number_map(
        "standard_ceilings", written_,
        {.low = 0.0,
         .high = 1e6,
         .unit = "t CO2 per t",
         .doc = "joint standard: highest footprint of imports from non-members, by good (the lowest ceiling "
                "of all names that include a good); none = no standard"});
    key_ = keys.path_of("standard_ceilings");
    where_ = keys.location("standard_ceilings");
    keys.keys_with({"standard_ceilings"}, [this](KeyReader& inner) {
        inner.choice(
            "standard_form", form_, {{"charge", Form::charge}, {"ban", Form::ban}},
            {.fallback = "charge", .doc = "goods above the ceiling pay a charge on the excess, or may not enter"});
        inner.keys_with(form_ == Form::charge, "standard_form = \"charge\"", [this](KeyReader& charge) {
            charge.number("standard_usd_per_t_co2", usd_per_t_co2_,
                          {.fallback = 90.0,
                           .low = 0.0,
                           .high = 1e5,
                           .unit = "USD per t CO2",
                           .doc = "charge on the footprint above the ceiling, to the importing member's treasury",
                           .source = "assumed, 50-150: EU allowances 60-100 EUR in 2022-24 (from memory, no source)"});
        });
    });
}

void JointStandard::resolve(const Names& names, Problems& problems) {
    ceilings_.clear();
    for (const auto& [name, ceiling] : written_) {
        for (const GoodId good : resolve_goods({key_ + ".\"" + name + "\"", where_, {name}}, names, problems)) {
            const auto [found, is_new] = ceilings_.try_emplace(good, ceiling);
            found->second = is_new ? ceiling : std::min(found->second, ceiling);
        }
    }
}

double footprint_of_output(const Economy& economy, const World& world, GoodId good, CountryId country) {
    double footprint = 0.0, tonnes = 0.0, by_capacity = 0.0, capacity = 0.0;
    for (std::size_t index = 0; index < economy.cells.size(); ++index) {
        const Cell& cell = economy.cells[index];
        if (cell.country != country || (cell.kind != FirmKind::miner && cell.kind != FirmKind::refiner)) {
            continue;
        }
        double all = 0.0, this_one = 0.0;
        for (std::size_t number = cell.inputs; number < cell.positions.size(); ++number) {
            all += cell.positions[number].per_throughput;
            this_one += cell.positions[number].good == good ? cell.positions[number].per_throughput : 0.0;
        }
        if (this_one <= 0.0) {
            continue;
        }
        const double of_output = economy.processes[cell.process.index()].footprint_t_co2_per_t / all;
        footprint += world.cells[index].throughput_t * this_one * of_output;
        tonnes += world.cells[index].throughput_t * this_one;
        by_capacity += world.cells[index].capacity_t * this_one * of_output;
        capacity += world.cells[index].capacity_t * this_one;
    }
    return tonnes > 0.0 ? footprint / tonnes : capacity > 0.0 ? by_capacity / capacity : -1.0;
}

double footprint_of_exports(const Economy& economy, const World& world, GoodId good, CountryId country) {
    const std::size_t row = economy.network.node(good, country).index() * economy.countries.size();
    double footprint = 0.0;
    double known = 0.0;
    for (std::size_t made = 0; made < economy.countries.size(); ++made) {
        const double share = world.origin_share[row + made];
        if (share <= 0.0) {
            continue;
        }
        if (const double there = footprint_of_output(economy, world, good, id_at<CountryId>(made)); there >= 0.0) {
            footprint += share * there;
            known += share;
        }
    }
    return known > 0.0 ? footprint / known : 0.0;
}

void JointStandard::apply(const Club& club, Regime& regime) const {
    const Economy& economy = club.view.economy;
    for (const auto& [good, ceiling] : ceilings_) {
        if (std::find(club.goods.begin(), club.goods.end(), good) == club.goods.end()) {
            continue;
        }
        for (std::size_t index = 0; index < economy.countries.size(); ++index) {
            const CountryId origin = id_at<CountryId>(index);
            if (std::find(club.members.begin(), club.members.end(), origin) != club.members.end()) {
                continue;
            }
            const double excess = footprint_of_exports(economy, club.view.world, good, origin) - ceiling;
            if (excess <= 0.0) {
                continue;
            }
            const Selector lanes{{origin}, club.members, {good}};
            if (form_ == Form::ban) {
                regime.ban(lanes, BanKind::import_ban);
            } else {
                regime.specific_tariff(lanes, excess * usd_per_t_co2_);
            }
        }
    }
}

}  // namespace ytterby

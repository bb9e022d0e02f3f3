#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "agents/world/good_view.hpp"

namespace ytterby {

/// How an indicator of several goods becomes one number.
enum class AcrossGoods : std::uint8_t {
    sum,       ///< the sum of the goods' amounts
    together,  ///< a quotient of sums over the goods, in which a tonne counts at the world's base price
    mean       ///< the mean, weighted by the value of use at the base date
};

/// A figure about a good in some countries at the end of a tick. The one table of them is what metrics, conditions
/// (`when = "..."`), `describe` and records name.
struct Indicator {
    const char* name;
    const char* unit;
    const char* meaning;
    AcrossGoods across;
    bool wants_country;                // it means nothing for the whole world
    double (*value)(const GoodView&);  // NaN where it has none; of the sums of the view alone where `together`
};
const std::vector<Indicator>& indicators();

/// The indicator of that name, null for none.
const Indicator* find_indicator(std::string_view name);

/// Net import reliance of a country on a good in the last tick; 0 where it uses none, so that none can be missed.
double import_reliance(const Economy& economy, const World& world, CountryId country, GoodId good);

}  // namespace ytterby

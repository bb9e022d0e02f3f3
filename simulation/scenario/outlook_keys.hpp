#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agents/world/names.hpp"
#include "agents/world/outlook.hpp"
#include "core/calendar.hpp"
#include "core/config/keys.hpp"

namespace ytterby {

/// [outlook]: which future the world outside brings.
struct OutlookKeys {
    std::string demand = "constant";  // constant, STEPS, APS, NZE
    bool investment = true;           // capacity answers to margins
};

/// A [[shock]] block as written, until its names can be looked up.
struct ShockKeys {
    std::string name;
    Outlook::Shock::Kind kind = Outlook::Shock::Kind::supply_loss;
    double share = 0.0;
    std::optional<Date> start, end;
    WrittenNames goods, countries, end_key;

    /// The shock in ticks and ids; unknown names and empty spans become problems.
    Outlook::Shock resolve(const Names& names, const Calendar& calendar, Problems& problems) const;
};

void read(KeyReader& keys, OutlookKeys& outlook);
void read(KeyReader& keys, ShockKeys& shock);

}  // namespace ytterby

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agents/world/names.hpp"
#include "agents/world/outlook.hpp"
#include "core/calendar.hpp"
#include "core/config/keys.hpp"

namespace ytterby {

/// [outlook]: the scenario of demand, and whether capacity responds to margins.
struct OutlookKeys {
    std::string demand = "constant";  // constant, STEPS, APS, NZE
    bool investment = true;           // capacity responds to margins
};

/// A [[shock]] block as written, before its names are resolved.
struct ShockKeys {
    std::string name;
    Outlook::Shock::Kind kind = Outlook::Shock::Kind::supply_loss;
    double share = 0.0;
    std::optional<Date> start, end;
    WrittenNames goods, countries, end_key;

    /// The shock in ticks and ids; unknown names and empty periods become problems.
    Outlook::Shock resolve(const Names& names, const Calendar& calendar, Problems& problems) const;
};

void read(KeyReader& keys, OutlookKeys& outlook);
void read(KeyReader& keys, ShockKeys& shock);

}  // namespace ytterby

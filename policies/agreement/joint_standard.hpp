#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "policies/agreement/contributions.hpp"

namespace ytterby {

/// The clause of a standard that members ask of what comes from outside: a ceiling on the footprint of a good, and a
/// charge at the border on what exceeds it, or no entry at all.
class JointStandard {
public:
    void read(KeyReader& keys);
    void resolve(const Names& names, Problems& problems);
    bool on() const { return !written_.empty(); }
    /// Says `specific_tariff` or `ban` on lanes from outside to members.
    void apply(const Club& club, Regime& regime) const;

private:
    enum class Form : std::uint8_t { charge, ban };
    std::map<std::string, double> written_;
    std::string key_;
    SourceLocation where_;
    Form form_ = Form::charge;
    double usd_per_t_co2_ = 90.0;
    std::map<GoodId, double> ceilings_;
};

/// Footprint of a good made in a country, t CO2 per t: mean of the processes there by what they gave in the last tick
/// (by capacity where they stood still); a joint process spreads its own over its outputs by mass. Negative where
/// nobody makes it.
double footprint_of_output(const Economy& economy, const World& world, GoodId good, CountryId country);

/// Footprint of a good as it leaves a country: of its stock there, by where it was made.
double footprint_of_exports(const Economy& economy, const World& world, GoodId good, CountryId country);

}  // namespace ytterby

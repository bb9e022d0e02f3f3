#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "policies/agreement/contributions.hpp"

namespace ytterby {

/// The clause of a standard for imports from non-members: a ceiling on the footprint of a good, and a charge at the
/// border on the excess, or an import ban.
class JointStandard {
public:
    void read(KeyReader& keys);
    void resolve(const Names& names, Problems& problems);
    bool on() const { return !written_.empty(); }
    /// Puts a specific tariff or a ban on lanes from non-members to members.
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

/// Footprint of a good made in a country, t CO2 per t: mean over the processes there, weighted with their output of the
/// last tick (with capacity where they all stood still); a joint process spreads its footprint over its outputs by
/// mass. Negative where the country does not make the good.
double footprint_of_output(const Economy& economy, const World& world, GoodId good, CountryId country);

/// Footprint of a country's exports of a good: that of its stock there, by where the stock was made.
double footprint_of_exports(const Economy& economy, const World& world, GoodId good, CountryId country);

}  // namespace ytterby

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agents/world/economy.hpp"
#include "agents/world/indicators.hpp"
#include "agents/world/names.hpp"
#include "agents/world/world.hpp"
#include "core/config/diagnostics.hpp"
#include "core/config/expression.hpp"

namespace ytterby {

/// A trigger on last tick's indicators, such as
/// `import_reliance(USA, dysprosium.refined) > 0.8 and price(JPN, gallium.refined) >= 400e3`: an Expression whose calls
/// are indicators of a country and a good. A comparison with an indicator that has no value, or with 0/0, does not
/// hold; an empty condition always holds. Immutable.
class Condition {
public:
    Condition() = default;
    /// Parses and checks a condition; an error goes to `problems` with its position in the text.
    static Condition parse(std::string_view text, const Names& names, const std::string& key,
                           const SourceLocation& where, Problems& problems);

    bool holds(const Economy& economy, const World& world) const;
    bool always() const { return expression_.is_empty(); }

private:
    /// An indicator of one country and good.
    struct Call {
        const Indicator* indicator = nullptr;
        CountryId country = {};
        GoodId good = {};
    };
    Expression expression_;
    std::vector<Call> calls_;
};

}  // namespace ytterby

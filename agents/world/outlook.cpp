#include "agents/world/outlook.hpp"

#include <algorithm>

#include "core/maths.hpp"

namespace ytterby {

double Outlook::Paths::log_at(std::size_t row, double years) const {
    if (empty()) {
        return 0.0;
    }
    const std::size_t knot = std::min(static_cast<std::size_t>(std::max(0.0, years)), knots - 2);
    const double* const here = logarithm.data() + knot * rows + row;
    return here[0] + (years - static_cast<double>(knot)) * (here[rows] - here[0]);
}

double Outlook::Paths::at(std::size_t row, double years) const { return exp(log_at(row, years)); }

double Outlook::Paths::growth(std::size_t row, double years) const {
    const std::size_t knot = std::min(static_cast<std::size_t>(std::max(0.0, years)), knots - 2);
    return logarithm[(knot + 1) * rows + row] - logarithm[knot * rows + row];
}

bool Outlook::Shock::covers(GoodId good, CountryId country) const {
    const auto named = [](const auto& list, auto id) {
        return list.empty() || std::find(list.begin(), list.end(), id) != list.end();
    };
    return named(goods, good) && named(countries, country);
}

}  // namespace ytterby

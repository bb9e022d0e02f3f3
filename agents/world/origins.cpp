#include "agents/world/origins.hpp"

namespace ytterby {

double origin_share(const Economy& economy, const World& world, GoodId good, CountryId where, CountryId made_in) {
    return world.origin_share[economy.network.node(good, where).index() * economy.countries.size() + made_in.index()];
}

double stock_for_sale(const Economy& economy, const World& world, GoodId good, CountryId where) {
    double stock = 0.0;
    for (std::size_t index = 0; index < economy.cells.size(); ++index) {
        const Cell& cell = economy.cells[index];
        for (std::size_t number = 0; cell.country == where && number < cell.positions.size(); ++number) {
            if (cell.positions[number].good == good && cell.positions[number].side != Side::buys) {
                for (std::size_t row = cell.positions[number].first_row;
                     row < cell.positions[number].first_row + cell.firms; ++row) {
                    stock += world.positions.stock[row];
                }
            }
        }
    }
    return stock;
}

}  // namespace ytterby

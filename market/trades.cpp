#include "market/trades.hpp"

#include <initializer_list>

namespace ytterby {

void NodeTrades::resize(std::size_t nodes) {
    for (Column<double>* column : {&supply_price, &use_price, &sold_t, &bought_t, &domestic_t, &receipt_usd_per_t,
                                   &landed_usd_per_t, &price_dispersion}) {
        column->assign(nodes, 0.0);
    }
    sold_scale.assign(nodes, 1.0);
    bought_scale.assign(nodes, 1.0);
}

void RowTrades::resize(std::size_t rows) {
    for (Column<double>* column : {&sold_t, &received_usd, &bought_t, &paid_usd}) {
        column->assign(rows, 0.0);
    }
}

}  // namespace ytterby

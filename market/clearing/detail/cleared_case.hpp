#pragma once

#include <vector>

#include "market/clearing/detail/part_solver.hpp"

namespace ytterby {

/// What the parts of a case come to together, rounded as it is printed. Prices that do not exist are NaN.
struct ClearedCase {
    struct Side {
        double price = 0.0;       // USD/t
        double trades = 0.0;      // t that its orders and curves come to at the price
        double left_over = 0.0;   // t of these that a floor or a ceiling leaves over, in the same share of all
        double fixed_left = 0.0;  // t of fixed quantities beside these that find no counterpart
        double moved = 0.0;       // t that trade: `trades` less `left_over`
    };
    std::vector<Side> sides;            // 2 x node for supply, 2 x node + 1 for use
    std::vector<double> leaving_price;  // per node, USD/t: of goods that leave it over lanes
    std::vector<double> home;           // per node, t; negative where goods only pass through
    std::vector<double> flow, rent;     // per lane of the question
    std::vector<double> cap_rent;       // per cap of the question
    std::vector<double> filled;         // per order of the case
    double largest_price = 1.0;         // of any part
    int steps = 0;
};

ClearedCase clear_parts(const CaseQuestion& question);

}  // namespace ytterby

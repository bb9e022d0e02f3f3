#pragma once

#include <array>
#include <limits>

namespace ytterby {

/// How the capacity of a cell grows and ends. Constant in a run; tonnes are of throughput per tick at
/// run rate 1. Read from investment.csv, capacity_plan.csv, reserves.csv and latent.csv (docs/outlook.md).
struct Expansion {
    double base_capacity_t = 0.0;
    double potential_t = 0.0;             // what could be built beside the plan where margins ask for it
    double retirement_per_year = 0.04;    // one over the lifetime
    double brownfield_share = 0.4;        // of planned starts: at existing plants
    double brownfield_years = 2.0;        // from start of building to output
    double build_years = 3.0;             // the same for new plants, once permitted
    double permit_years = 12.0;           // exploration and permits before that
    double capital_cost_usd_per_t = 0.0;  // a year, per t of yearly throughput: capex x capital recovery factor
    double capex_usd_per_t = 0.0;         // per t of yearly capacity
    double long_run_elasticity = 0.7;     // of capacity to price along the cost curve of further projects
    double own_price_share = 1.0;  // part of starts that answers to the own margin (a by-product follows its host)
    double reserves_t = std::numeric_limits<double>::infinity();  // t of the good mined, at the base date
    double scrap_share = 0.0;  // recyclers: collected share of the end-of-life flow at the base date
    bool grows = false;        // false: capacity does not change
};

/// Capacity under construction: it enters the first stage and leaves the last after the mean lead time,
/// spread as an Erlang distribution (S&P: 6-32 years around 15.7 for mines).
struct Pipeline {
    std::array<double, 2> brownfield{};
    std::array<double, 3> greenfield{};
    double total() const { return brownfield[0] + brownfield[1] + greenfield[0] + greenfield[1] + greenfield[2]; }
};

/// What changes about the plants of a cell beside their firms' columns.
struct PlantState {
    Pipeline building;
    Pipeline planned_building;  // had everything gone to plan
    double planned_capacity_t = 0.0;
    std::array<double, 2> studied{};  // capacity beside the plan under study, not yet decided
    double coming() const { return building.total() + studied[0] + studied[1]; }  // what others see on its way
    double permitted_t = 0.0;                                                     // new plants that may start building
    double exploration = 1.0;   // permits asked for over planned ones, over the time that permits take
    double profit_index = 0.0;  // value of a project less its cost over capital cost, above that at base prices
    double started_t = 0.0;     // in the last tick
    double added_t = 0.0;
    double retired_t = 0.0;
    double extracted_t = 0.0;  // since the start
    double cost_factor = 1.0;  // unit cost over that of the base date: grade and technical change
    double limit = std::numeric_limits<double>::infinity();  // throughput over capacity that host or scrap allows
    double stock_index = 1.0;   // inputs are stocked for the planned capacity of the time when stocks will be full
    double availability = 1.0;  // share of capacity that is not out by accident
    double outage_log = 0.0;    // named noise on output
};

/// Part of the end-of-life flow that can be collected at all (assumed, 0.9-0.98).
inline constexpr double most_collected_share = 0.95;

}  // namespace ytterby

#pragma once

#include "core/random.hpp"

/// What agents draw random numbers for.
namespace ytterby::purposes {

// the initial population
inline constexpr Purpose firm_size{1};
inline constexpr Purpose unit_cost{2};
inline constexpr Purpose forecaster_kind{4};
inline constexpr Purpose adaptation_speed{5};
inline constexpr Purpose trend_strength{6};
inline constexpr Purpose risk_aversion{7};
inline constexpr Purpose anchor_weight{8};
inline constexpr Purpose run_rate{14};
inline constexpr Purpose path_weight{15};
inline constexpr Purpose patience{16};
inline constexpr Purpose contract_expiry{78};

// shocks during a run
inline constexpr Purpose demand_shock{32};
inline constexpr Purpose supply_outage{33};
inline constexpr Purpose world_demand_shock{42};

// deals
inline constexpr Purpose deal_proposal{67};
inline constexpr Purpose deal_target{68};
inline constexpr Purpose deal_bid{96};
inline constexpr Purpose deal_refile{97};
inline constexpr Purpose deal_elsewhere{98};

// Reserved for draws that nobody makes yet; a new purpose of that kind takes its number from here:
//   3 stock_cover, 9 initial_stock, 10 initial_cash, 11 ownership, 12 lead_time, 13 recovery_yield,
//   34 outage_length, 35 cost_shock, 36 freight_shock, 37 stability_shock, 38 political_shock, 39 price_noise,
//   40 expectation_noise, 41 forecaster_switch, 64 investment, 65 project_success, 66 project_delay,
//   69 review_decision, 70 licence_decision, 71 enforcement, 72 doctrine, 73 retaliation, 74 research_success,
//   75 matching, 76 entry, 77 discovery, 131 parameter_draw

}  // namespace ytterby::purposes

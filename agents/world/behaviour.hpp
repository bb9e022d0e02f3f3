#pragma once

namespace ytterby {

/// Behavioural parameters common to all firms; declared with defaults, bounds, units and sources
/// in simulation/scenario/behaviour_keys.cpp. Rates are per month unless the name says otherwise.
struct Behaviour {
    // Expectation (Brock and Hommes 1998): a blend of a fundamentalist and a trend-following rule.
    double anchor_months = 120.0;
    double outlier_multiple = 1.5;
    double fundamentalist_weight = 0.7;
    double fundamentalist_weight_spread = 0.15;
    double fundamentalist_pull = 0.35;
    double fundamentalist_pull_spread = 0.1;
    double trend_speed = 0.4;
    double trend_speed_spread = 0.2;
    double trend_gain = 0.2;
    double trend_gain_spread = 0.1;
    // Scarcity in sight (docs/model.md, section 7.16).
    double path_weight = 0.7;
    double path_weight_spread = 0.15;
    double merchant_path_weight = 0.9;
    double adaptation_months = 6.0;
    // Supply.
    double run_rate_speed = 1.0 / 3.0;
    double avoidable_cost_share = 0.5;
    double avoidable_cost_spread = 0.15;
    // Stocks.
    double stock_elasticity = 3.0;
    double restock_months = 6.0;
    double storage_multiple = 3.0;
    double merchant_stock_elasticity = 3.0;
    double merchant_speed = 0.5;
    double merchant_storage_multiple = 4.0;
    double disposal_months = 12.0;
    double salvage_share = 0.2;
    // Fear.
    double fear = 0.2;
    double fear_spread = 0.1;
    double risk_half_life_months = 6.0;
    double momentum_gain = 0.25;
    double announced_risk_share = 0.5;
    double front_load_horizon_months = 6.0;
    // Origin preference.
    double usual_flow_months = 18.0;
    // Money.
    double cash_target_months = 3.0;
    double manufacturer_margin_share = 0.1;
    double size_spread = 0.8;
    // Investment.
    double investment_response = 0.25;
    double price_persistence = 0.3;
    double price_foresight = 2.1;
    double most_starts = 4.0;
    double pipeline_awareness = 0.7;
    double slow_price_months = 12.0;
    double input_cost_floor_share = 0.85;
    double entry_hurdle = 0.5;
    double entry_years = 5.0;
    double study_years = 1.0;
    double permit_stock_years = 3.0;
    double grade_elasticity = 0.3;
    double cost_decline_per_year = 0.005;
    // Exit.
    double mothball_months = 12.0;
    double restart_wait_months = 3.0;
    double restart_margin_share = 0.25;
    double closure_months = 60.0;
    double credit_months = 9.0;
    // Substitution and recycling.
    double substitution_years = 4.0;
    double fastest_substitution_per_year = 0.10;
    double return_share = 1.0 / 3.0;
    double collection_elasticity = 0.3;
    // Named noise: monthly standard deviation and persistence.
    double demand_noise = 0.0;  // each country's use of each good
    double demand_noise_persistence = 0.7;
    double world_demand_noise = 0.0;  // the world's use of each good
    double world_demand_noise_persistence = 0.95;
    double supply_noise = 0.0;  // each sector's output
    double supply_noise_persistence = 0.8;
};

}  // namespace ytterby

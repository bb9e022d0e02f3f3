#pragma once

#include <span>

namespace ytterby {

/// Behavioural parameters common to all firms. Rates are per month unless the name says otherwise. Each has one row in
/// `behaviour_parameters()`, from which come its default, its key with bounds, unit, meaning and source, the shipped
/// configs/behaviour.toml and the table of docs/model.md.
struct Behaviour {
    /// The defaults.
    Behaviour();

    // Expectation (Brock and Hommes 1998): a blend of a fundamentalist and a trend-following rule.
    double anchor_months;
    double outlier_multiple;
    double fundamentalist_weight;
    double fundamentalist_weight_spread;
    double fundamentalist_pull;
    double fundamentalist_pull_spread;
    double trend_speed;
    double trend_speed_spread;
    double trend_gain;
    double trend_gain_spread;
    // Scarcity in sight (docs/model.md, section 7.16).
    double path_weight;
    double path_weight_spread;
    double merchant_path_weight;
    double adaptation_months;
    // Supply.
    double run_rate_speed;
    double avoidable_cost_share;
    double avoidable_cost_spread;
    // Stocks.
    double stock_elasticity;
    double restock_months;
    double storage_multiple;
    double merchant_stock_elasticity;
    double merchant_speed;
    double merchant_storage_multiple;
    double disposal_months;
    double salvage_share;
    // Fear.
    double fear;
    double fear_spread;
    double risk_half_life_months;
    double momentum_gain;
    double announced_risk_share;
    double front_load_horizon_months;
    // Origin preference.
    double usual_flow_months;
    double habit_memory;
    double habit_months;
    // Money.
    double cash_target_months;
    double manufacturer_margin_share;
    double size_spread;
    // Investment.
    double price_reversion;
    double hurdle;
    double start_years;
    double most_starts;
    double slow_price_months;
    double study_years;
    double permit_stock_years;
    double grade_elasticity;
    double cost_decline_per_year;
    // Exit.
    double mothball_months;
    double restart_wait_months;
    double restart_margin_share;
    double closure_months;
    double credit_months;
    // Substitution and recycling.
    double substitution_years;
    double fastest_substitution_per_year;
    double return_share;
    double collection_elasticity;
    // Named noise: monthly standard deviation and persistence.
    double demand_noise;  // each country's use of each good
    double demand_noise_persistence;
    double world_demand_noise;  // the world's use of each good
    double world_demand_noise_persistence;
    double supply_noise;  // each sector's output
    double supply_noise_persistence;
};

/// One behavioural parameter: where its key stands, what it means and where its value comes from.
struct BehaviourParameter {
    const char* section;
    const char* key;
    double Behaviour::*value;
    double fallback;
    double low;
    double high;
    const char* unit;  ///< empty for a pure number
    const char* doc;
    const char* source;  ///< a source, or "assumed" with the range for sensitivity runs
};

/// A parameter of an earlier version, and what to use instead.
struct RemovedParameter {
    const char* section;
    const char* key;
    const char* why;
    const char* instead;
};

/// A section of keys of behaviour.
struct BehaviourSection {
    const char* name;
    const char* doc;
};

/// All parameters, section by section.
std::span<const BehaviourParameter> behaviour_parameters();
std::span<const RemovedParameter> removed_parameters();
/// The sections that hold nothing but parameters of behaviour (`population` holds other keys too).
std::span<const BehaviourSection> behaviour_sections();

}  // namespace ytterby

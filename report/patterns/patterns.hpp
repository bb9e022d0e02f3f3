#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "report/patterns/pattern_watch.hpp"
#include "simulation/calibration/build.hpp"
#include "statistics/least_squares.hpp"

namespace ytterby {

/// A share in the model beside the data, per cent; NaN where there is none.
struct SharePair {
    std::string name;
    double model = 0.0;
    double data = 0.0;
    bool produces = true;  // makes the good in the model
};

/// Where the United States buy one good (model: the run's last year; data: USGS, configs/data/us_import_sources.csv).
struct ImportSources {
    std::string good;
    std::vector<SharePair> origins;  // by share in the model, then in the data
    double rank_agreement = 0.0;     // Spearman over the origins that the data name; NaN for fewer than three
    double percent_of_makers = 0.0;  // part of the data's shares whose origin makes the good in the model
};

/// Net import reliance of the United States for one metal.
struct ReliancePair {
    std::string metal;
    double model = 0.0;  // per cent; negative: net exporter
    double data = 0.0;
    std::string bound;    // as published: empty, ">", "<" or a text such as "net exporter"
    bool agrees = false;  // meets the bound, or lies within `reliance_tolerance` points
};

/// Points of reliance by which the model may miss a published figure and still count as agreeing: the shares of one
/// year and of another differ by more (USGS, cobalt 2020-24: 69-76).
inline constexpr double reliance_tolerance = 5.0;

/// How concentrated the world's output of one good is.
struct SupplyPattern {
    std::string good, stage;
    double model_output_t = 0.0, data_output_t = 0.0;
    double model_concentration = 0.0, data_concentration = 0.0;  // Herfindahl-Hirschman index, 0 to 1
    std::string model_first, data_first;                         // the largest supplier
    double model_first_percent = 0.0, data_first_percent = 0.0;
    std::vector<SharePair> suppliers;  // all, by share in the data
};

/// One regression of trade on distance.
struct DistanceEstimate {
    std::string group;           // "all goods", "ores", "refined goods", or a good
    bool fixed_effects = false;  // of exporter x good and importer x good; otherwise output, consumption and the good
    double elasticity = 0.0;
    double standard_error = 0.0;
    double output_elasticity = 0.0, use_elasticity = 0.0;  // of the regressions with sizes; otherwise NaN
    std::size_t flows = 0;
    bool is_identified = false;
};

/// One calendar year of yttrium in the United States.
struct YttriumYear {
    int year = 0;
    double imports_t = 0.0, exports_t = 0.0, consumption_t = 0.0, price_usd_per_kg = 0.0, reliance_percent = 0.0;
    BaseData::UsYttriumYear data;
};

/// Node prices of one good, weighted by consumption in the base year, USD/t.
struct PricePair {
    std::string good;
    double model = 0.0;
    double data = 0.0;
};

/// The patterns that a run is judged by, each beside the data.
struct Patterns {
    std::vector<PricePair> prices;
    std::vector<SupplyPattern> supply;
    std::vector<ReliancePair> reliance;
    std::vector<ImportSources> sources;
    double sources_rank_agreement = 0.0;  // over all pairs of good and named origin
    double sources_mean_miss = 0.0;       // mean absolute difference, points of share
    std::size_t sources_pairs = 0;
    std::vector<DistanceEstimate> distance;
    std::vector<YttriumYear> yttrium;
    std::int64_t ticks = 0;  // of which flows and outputs are the mean
};

/// Finds the patterns of a run that has ended.
Patterns find_patterns(const Scenario& scenario, const Simulation& simulation, const PatternWatch& watch);

/// Distance elasticities of a year's flows between countries: pooled, by stage, and by good.
std::vector<DistanceEstimate> distance_elasticities(const Scenario& scenario, const Economy& economy,
                                                    const LastYear& year);

/// Output of a good by country as the tables give it for the base year, t/year, in the order of countries.
std::vector<double> output_in_data(const BaseData& data, const std::string& good);

}  // namespace ytterby

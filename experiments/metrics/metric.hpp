#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/keys.hpp"
#include "core/maths.hpp"
#include "simulation/observer.hpp"
#include "simulation/scenario/scenario.hpp"

namespace ytterby {

/// How a series over ticks becomes one number.
enum class Take : std::uint8_t { mean, max, min, last, sum, first };

/// A number that a sweep takes from each run, as written in the design file.
struct MetricKeys {
    std::string name;
    std::string of;
    WrittenNames goods, countries;      // empty = all
    std::vector<std::string> accounts;  // of the treasury; empty = all
    std::vector<std::string> switched;  // policies that a switch may have taken out: their accounts are then empty
    std::string over;                   // "2030", "2030..2035", "2030-06..2031-05"; empty = the whole run
    std::string take = "mean";
    SourceLocation where, over_where, accounts_where;
};

void read(KeyReader& keys, MetricKeys& metric);

/// A quantity that a metric may measure: an indicator, or what went through treasuries.
struct MetricKind {
    const char* name;
    const char* unit;
    const char* meaning;
    bool wants_country;  // it means nothing for the whole world
};
const std::vector<MetricKind>& metric_kinds();

/// A metric with its names looked up in one scenario.
struct Metric {
    std::string of;
    Take take = Take::mean;
    std::vector<GoodId> goods;
    std::vector<CountryId> countries;
    std::vector<std::string> accounts;
    std::int64_t first_tick = 0;
    std::int64_t last_tick = 0;  // inclusive
};

/// Looks up what a metric names; a metric that runs of this scenario cannot record is a Problem.
Metric resolve(const MetricKeys& keys, const Scenario& scenario, Problems& problems);

/// Whether a metric has a value: means over goods need use of at least one of them at the base date.
bool is_defined(const Metric& metric, const BaseState& base);

/// Measures the metrics of a run while it goes on; memory does not grow with the run.
class MetricWatch final : public Observer {
public:
    MetricWatch(std::vector<Metric> metrics, const Economy& economy, const BaseState& base);
    void on_tick(const TickReport& report) override;
    /// One number a metric; NaN where no tick of its span has a value.
    std::vector<double> values() const;

private:
    /// What a metric needs to know of the base date, for each of its goods.
    struct Weights {
        std::vector<double> use_usd;      // by its countries, a year
        std::vector<double> world_price;  // USD/t
    };
    struct Series {
        double value = std::numeric_limits<double>::quiet_NaN();
        CompensatedSum sum;
        std::int64_t count = 0;
    };
    double level(std::size_t which, const TickReport& report);
    double mean_over_goods(std::size_t which, const std::vector<double>& by_good) const;
    double receipts(const Metric& metric, const TickReport& report) const;

    std::vector<Metric> metrics_;
    std::vector<Weights> weights_;
    std::vector<Series> series_;
    const Economy& economy_;
    std::map<std::string, std::vector<double>, std::less<>> last_treasury_;
    bool treasury_wanted_ = false;
};

}  // namespace ytterby

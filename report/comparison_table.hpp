#pragma once

#include <string>
#include <vector>

#include "core/calendar.hpp"
#include "simulation/observer.hpp"
#include "simulation/run.hpp"

namespace ytterby {

/// What a comparison shows.
struct ComparisonView {
    std::string good;
    std::vector<std::string> countries;
    std::vector<std::string> months;  // YYYY-MM; empty: every sixth
};

/// One of the runs, followed in memory: prices of the countries shown, exports of the first of them, world consumption.
class ComparedRun final : public Observer {
public:
    ComparedRun(const Economy& economy, const ComparisonView& view);
    void on_tick(const TickReport& report) override;

    struct Month {
        std::string date;
        std::vector<double> use_price;  // per country, USD/t
        double exports_t = 0.0;         // of the first country, contracts included
        double used_t = 0.0;            // in the world
    };
    std::vector<Month> months;

private:
    GoodId good_;
    std::vector<CountryId> countries_;
};

/// Runs side by side: use prices by month and country, the widest gap between the first country and each other one,
/// exports and consumption. `names` heads the columns. Throws InputError for months that no run reached.
std::string comparison_table(const ComparisonView& view, const std::vector<std::string>& names,
                             const std::vector<ComparedRun>& runs);

}  // namespace ytterby

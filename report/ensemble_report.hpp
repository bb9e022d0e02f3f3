#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

#include "experiments/execution/ensemble.hpp"
#include "report/plots/svg_lines.hpp"
#include "simulation/calibration/build.hpp"

namespace ytterby {

/// The rows of an ensemble as a tidy table, written member by member: seed, year, good and the figures; a member that
/// failed is one row with its error.
void write_ensemble_header(std::ostream& out);
void write_ensemble_member(const EnsembleMember& member, const Economy& economy, std::ostream& out);

/// Median and middle 80 % of a figure over the members.
struct Spread {
    double low = 0.0, median = 0.0, high = 0.0;
};
Spread spread_of(const std::vector<double>& values);

/// The results of an ensemble: the members that ran, by seed.
class EnsembleSummary {
public:
    /// `base_price` per good, USD/t (use-weighted at the base date).
    EnsembleSummary(std::vector<std::string> goods, std::vector<double> base_price)
        : goods_(std::move(goods)), base_price_(std::move(base_price)) {}
    void add(const EnsembleMember& member);

    std::size_t ran() const { return members_.size(); }
    const std::vector<std::string>& failures() const { return failures_; }
    std::vector<int> years() const;
    double base_price(std::size_t good) const { return base_price_[good]; }
    /// One figure of a good in a year over the members.
    std::vector<double> values(std::size_t good, int year, double AnnualRow::*figure) const;
    /// Standard deviation of yearly changes of the logarithm of a good's price; the median over the members. NaN below
    /// three years.
    double volatility(std::size_t good) const;

    /// Prices in the years of interest, then the other figures in the last year, for a terminal of 100 columns.
    std::string text(const BaseData& data) const;
    /// A fan: median and middle 80 % of the price of one good, USD/kg.
    SvgChart fan(std::size_t good, const std::string& title) const;

private:
    std::vector<std::string> goods_;
    std::vector<double> base_price_;
    std::vector<std::vector<AnnualRow>> members_;
    std::vector<std::string> failures_;
};

}  // namespace ytterby

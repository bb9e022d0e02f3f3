#pragma once

#include <span>

namespace ytterby {

// What the field's figures are, each once: indicators, metrics, conditions, patterns and records all use these. A
// figure whose denominator is 0 has no value: it is NaN.

/// Net import reliance, share of apparent consumption. USGS, Mineral Commodity Summaries: imports - exports +
/// adjustments for government and industry stock changes, over apparent consumption, which is output plus the same sum.
/// Here apparent consumption is use, which the model knows, so the share is 1 - output / use. A net exporter has 0,
/// where the USGS prints "E".
double net_import_reliance(double output, double use);

/// Herfindahl-Hirschman index of amounts: the sum of squared shares, 0 to 1. Times 10,000 it is the index of squared
/// per cents (US Merger Guidelines 2023, guideline 1: above 1,800 a market is highly concentrated).
double herfindahl_hirschman(std::span<const double> amounts);

/// Stock in months of need, the use at base prices: stocks as cover of demand (IEA, Oil Market Report: "days of forward
/// demand"). Need is of a tick of so many months.
double months_of_stock(double stock, double need, double months_per_tick);

/// The same in days of the mean Gregorian year.
double days_of_stock(double stock, double need, double months_per_tick);

/// Need that use did not meet, in the unit of both; need that is met to within the rounding of schedules, which are
/// floats, is met.
double unmet_need(double need, double use);

}  // namespace ytterby

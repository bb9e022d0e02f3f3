#pragma once

#include <cstddef>
#include <vector>

namespace ytterby {

/// Points and the share of runs that failed at each, for scenario discovery.
struct DiscoveryPoints {
    std::size_t factors = 0;
    std::vector<double> values;    // [point][factor]; levels that are no numbers are numbered
    std::vector<bool> is_ordered;  // one a factor; of unordered ones, levels are removed one by one
    std::vector<double> failing;   // share of the runs at the point that failed, 0 to 1

    std::size_t points() const { return failing.size(); }
    double at(std::size_t point, std::size_t factor) const { return values[point * factors + factor]; }
};

/// A restriction of one factor: a range, or the levels that remain.
struct BoxLimit {
    std::size_t factor = 0;
    double low = 0.0, high = 0.0;  // of ordered factors, inclusive; infinite where one side is free
    std::vector<double> levels;    // of unordered ones
    /// The probability of at least as many failures in the box if the limit did not matter: binomial, with the density
    /// of the box without it (Bryant and Lempert 2010, "Thinking inside the box"). "Quasi", because the limit was
    /// chosen from the same points.
    double quasi_p = 1.0;
};

/// A box and the points inside.
struct PrimBox {
    std::vector<BoxLimit> limits;
    std::size_t points = 0;
    double mass = 0.0;      // share of all points
    double coverage = 0.0;  // share of all failures that lie inside
    double density = 0.0;   // share of failures inside
};

/// How boxes are searched (Friedman and Fisher 1999, "Bump hunting in high-dimensional data").
struct PrimQuestion {
    double peel = 0.05;  // share of points that a peel of an ordered factor removes; assumed, 0.03-0.1 (their page 9)
    double least_mass = 0.05;  // share of all points below which no box is peeled; assumed, 0.02-0.1
    std::size_t most_boxes = 3;
    double most_quasi_p = 0.05;  // limits with a larger one are removed from the chosen box
};

/// A box with the peeling that led to it: the trade of coverage against density.
struct PrimResult {
    std::vector<PrimBox> peeling;  // from all points down
    std::size_t chosen = 0;        // in the peeling: the largest harmonic mean of coverage and density
    PrimBox box;                   // after removing unsure limits and pasting
};

/// Boxes one after another, each over the points outside those before, until none is denser than all remaining points
/// or no failure remains. Coverage is of all failures.
std::vector<PrimResult> find_boxes(const DiscoveryPoints& points, const PrimQuestion& question = {});

}  // namespace ytterby

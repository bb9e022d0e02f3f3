#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ytterby {

/// One metric over the blocks of a Saltelli design: A, B, A with column i of B, and (for second order) B with column i
/// of A.
struct SaltelliResponse {
    std::vector<double> a, b;
    std::vector<std::vector<double>> ab;  // [factor][row]
    std::vector<std::vector<double>> ba;  // likewise; empty without second order

    std::size_t rows() const { return a.size(); }
    std::size_t factors() const { return ab.size(); }
};

/// An index with its interval, from percentiles of bootstrap estimates.
struct SobolIndex {
    double value = 0.0;
    double low = 0.0, high = 0.0;
};

/// Shares of the variance of a metric. First order: of a factor alone (Saltelli et al. 2010, "Variance based
/// sensitivity analysis of model output", table 2 b); total: of a factor with all its interactions (Jansen 1999);
/// second order: of a pair beyond both alone (Saltelli 2002).
struct SobolIndices {
    std::vector<SobolIndex> first, total;
    std::vector<SobolIndex> second;     // pairs (0,1), (0,2), ..., (1,2), ...; empty without second order
    double mean = 0.0, variance = 0.0;  // of the metric over A and B; indices are NaN where nothing varies
};

/// How intervals are estimated: rows of the design are resampled `resamples` times, by random numbers with the address
/// (seed, row, bootstrap, resample).
struct BootstrapQuestion {
    double level = 0.95;
    std::uint32_t resamples = 500;
    std::uint32_t seed = 1;
};

SobolIndices sobol_indices(const SaltelliResponse& response, const BootstrapQuestion& question);

}  // namespace ytterby

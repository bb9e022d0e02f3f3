#pragma once

#include <string>

#include "experiments/metrics/response.hpp"
#include "report/plots/svg_lines.hpp"

namespace ytterby {

/// What a response is about, for headings.
struct ResponseQuestion {
    std::string title;  // of the scenario
    std::string block;  // "policy gallium_licence"
    std::string good, country;
    bool other_base = false;  // the block is in force at the base date, so the two runs start from different worlds
};

/// The response by month, then its summary, for a terminal of 100 columns.
std::string response_text(const ResponseQuestion& question, const ResponsePath& path, const ResponseSummary& summary);

/// Tidy: date, series, with, without, deviation_percent.
std::string response_csv(const ResponsePath& path);

/// Two panels, as per cent of the undisturbed run: prices inside and outside; output, consumption and stock of the
/// world.
SvgChart response_chart(const ResponseQuestion& question, const ResponsePath& path);

}  // namespace ytterby

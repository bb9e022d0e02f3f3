#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "agents/world/economy.hpp"
#include "experiments/metrics/node_history.hpp"
#include "simulation/calibration/base_state.hpp"

namespace ytterby {

/// The series that a response follows for one good. Prices over several countries are use prices weighted by
/// consumption in the base year; "inside" is one country, "outside" all others.
enum class Response : std::size_t {
    price_world,
    price_inside,
    price_outside,
    output_world,
    output_inside,
    use_world,
    use_inside,
    use_outside,
    stock_world,
    stock_inside,
    count
};
inline constexpr std::size_t response_count = static_cast<std::size_t>(Response::count);
std::string_view name_of(Response response);

/// One good and country in two runs that share their random numbers and differ in one block of the scenario.
struct ResponsePath {
    GoodId good;
    CountryId country;
    std::vector<std::string> dates;
    /// Levels in both runs (USD/t, t per tick, t) and the deviation of the run with the block from the one without, per
    /// cent; NaN where the level without it is 0.
    std::array<std::vector<double>, response_count> with, without, deviation;

    const std::vector<double>& of(Response response) const { return deviation[static_cast<std::size_t>(response)]; }
};

/// Follows one good and country through both runs, which must be equally long.
ResponsePath follow_response(const Economy& economy, const BaseState& base, const NodeHistory& with,
                             const NodeHistory& without, GoodId good, CountryId country);

/// Smaller deviations count as none, per cent.
inline constexpr double least_deviation_percent = 0.1;

/// The peak of one deviation and how long it lasts.
struct ResponsePeak {
    double percent = 0.0;  // the largest in size, with its sign
    std::size_t tick = 0;
    /// Ticks from the beginning of the disturbance until the deviation stays within 10 % and within 2 % for the rest of
    /// the run; 0: it never leaves them; -1: it is not back at the end.
    std::ptrdiff_t ticks_to_10 = 0, ticks_to_2 = 0;
};

/// The main numbers of a response.
struct ResponseSummary {
    bool is_response = false;  // anything deviates at all
    std::size_t begins = 0;    // the first tick in which it does
    std::array<ResponsePeak, response_count> peaks;
    std::size_t ticks_averaged = 0;  // ticks of the first year, fewer where the run ends before
    /// Mean deviation over the first year of the disturbance, per cent.
    std::array<double, response_count> first_year{};
    /// Per cent of price per per cent of quantity over that year: the world's price on its output, and the price
    /// outside on consumption outside; NaN where the quantity moves by less than `least_supply_percent`.
    double price_on_output = 0.0, price_on_outside_use = 0.0;
};
inline constexpr double least_supply_percent = 0.5;

ResponseSummary summarise(const ResponsePath& path, double ticks_per_year);

/// The good (of those given) whose world price moves most.
GoodId most_moved(const Economy& economy, const BaseState& base, const NodeHistory& with, const NodeHistory& without,
                  const std::vector<GoodId>& goods);

}  // namespace ytterby

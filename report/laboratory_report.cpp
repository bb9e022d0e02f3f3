#include <fmt/format.h>

#include <algorithm>

#include "core/config/json.hpp"
#include "report/clear_report.hpp"

namespace ytterby {
namespace {

std::string interval(const SessionMean& mean, double factor) {
    return fmt::format("{:.4g} +- {:.2g}", factor * mean.mean, factor * mean.half_width);
}

Json json_of(const SessionMean& mean) {
    return {{"mean", mean.mean}, {"half_width", mean.half_width}, {"sessions", mean.sessions}};
}

}  // namespace

std::string laboratory_text(const LaboratoryReport& report) {
    const LaboratoryEquilibrium& at = report.equilibrium;
    std::string text =
        at.lowest_price == at.highest_price
            ? fmt::format("competitive equilibrium: price {:.4g}", at.lowest_price)
            : fmt::format("competitive equilibrium: price {:.4g} to {:.4g}", at.lowest_price, at.highest_price);
    text +=
        fmt::format(", {} units, surplus {:.4g}\n{} sessions; means with 95 % confidence intervals\n\n", at.quantity,
                    at.surplus, report.periods.empty() ? 0 : report.outcomes.size() / report.periods.size());
    text += fmt::format("{:<8}{:>18}{:>18}{:>18}{:>18}\n", "period", "efficiency %", "price", "alpha", "units");
    for (std::size_t period = 0; period < report.periods.size(); ++period) {
        const LaboratorySummary& summary = report.periods[period];
        text += fmt::format("{:<8}{:>18}{:>18}{:>18}{:>18}\n", period + 1, interval(summary.efficiency, 100.0),
                            interval(summary.mean_price, 1.0), interval(summary.alpha, 1.0),
                            interval(summary.quantity, 1.0));
    }
    return text;
}

std::string laboratory_json(const LaboratoryReport& report) {
    const LaboratoryEquilibrium& at = report.equilibrium;
    Json periods = Json::array(), sessions = Json::array();
    for (const LaboratorySummary& summary : report.periods) {
        periods.push_back({{"efficiency", json_of(summary.efficiency)},
                           {"price", json_of(summary.mean_price)},
                           {"alpha", json_of(summary.alpha)},
                           {"quantity", json_of(summary.quantity)}});
    }
    const std::size_t count = std::max<std::size_t>(1, report.periods.size());
    for (std::size_t index = 0; index < report.outcomes.size(); ++index) {
        const LaboratoryPeriod& outcome = report.outcomes[index];
        sessions.push_back({{"session", index / count + 1},
                            {"period", index % count + 1},
                            {"efficiency", outcome.efficiency},
                            {"mean_price", outcome.mean_price},
                            {"alpha", outcome.alpha},
                            {"contracts", outcome.contracts}});
    }
    return json_text({{"equilibrium",
                       {{"price", at.price()},
                        {"lowest_price", at.lowest_price},
                        {"highest_price", at.highest_price},
                        {"quantity", at.quantity},
                        {"surplus", at.surplus}}},
                      {"periods", std::move(periods)},
                      {"sessions", std::move(sessions)}});
}

}  // namespace ytterby

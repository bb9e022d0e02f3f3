#include <fmt/format.h>

#include <algorithm>

#include "core/config/json.hpp"
#include "report/clear_report.hpp"

namespace ytterby {
namespace {

std::string interval(const SessionMean& mean, double factor) {
    return fmt::format("{:.4g} +- {:.2g}", factor * mean.mean, factor * mean.half_width);
}

void add_mean(JsonWriter& json, const char* name, const SessionMean& mean) {
    json.key(name)
        .open_object()
        .member("mean", mean.mean)
        .member("half_width", mean.half_width)
        .member("sessions", mean.sessions)
        .close_object();
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
    JsonWriter json(2);
    json.open_object();
    json.key("equilibrium")
        .open_object()
        .member("price", report.equilibrium.price())
        .member("lowest_price", report.equilibrium.lowest_price);
    json.member("highest_price", report.equilibrium.highest_price)
        .member("quantity", report.equilibrium.quantity)
        .member("surplus", report.equilibrium.surplus)
        .close_object();
    json.key("periods").open_array();
    for (const LaboratorySummary& summary : report.periods) {
        json.open_object();
        add_mean(json, "efficiency", summary.efficiency);
        add_mean(json, "price", summary.mean_price);
        add_mean(json, "alpha", summary.alpha);
        add_mean(json, "quantity", summary.quantity);
        json.close_object();
    }
    json.close_array();
    json.key("sessions").open_array();
    const std::size_t periods = std::max<std::size_t>(1, report.periods.size());
    for (std::size_t index = 0; index < report.outcomes.size(); ++index) {
        const LaboratoryPeriod& outcome = report.outcomes[index];
        json.open_object()
            .member("session", index / periods + 1)
            .member("period", index % periods + 1)
            .member("efficiency", outcome.efficiency);
        json.member("mean_price", outcome.mean_price)
            .member("alpha", outcome.alpha)
            .member("contracts", outcome.contracts)
            .close_object();
    }
    json.close_array().close_object();
    return json.text();
}

}  // namespace ytterby

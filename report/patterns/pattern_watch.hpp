#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "core/state/state_visitor.hpp"
#include "simulation/observer.hpp"

namespace ytterby {

/// What the last year of a run came to, t per year: by lane and by node (numbers of the trade network).
struct LastYear {
    std::vector<double> flow;  // contracts included
    std::vector<double> production, consumption, imports, exports;
    std::int64_t ticks = 0;  // fewer than a year where the run was shorter; the tonnes are still per year
};

/// What one country did with one good in one calendar year.
struct YearBalance {
    double production_t = 0.0, imports_t = 0.0, exports_t = 0.0, consumption_t = 0.0;
    double paid_usd = 0.0, bought_t = 0.0;  // at landed prices
    std::int64_t ticks = 0;

    static constexpr auto state_fields() {
        using Y = YearBalance;
        return std::tuple(field("production_t", &Y::production_t), field("imports_t", &Y::imports_t),
                          field("exports_t", &Y::exports_t), field("consumption_t", &Y::consumption_t),
                          field("paid_usd", &Y::paid_usd), field("bought_t", &Y::bought_t), field("ticks", &Y::ticks));
    }
};

/// Follows a run for the patterns at its end: keeps the flows of the last year and the yearly balances of one country.
class PatternWatch final : public Observer {
public:
    PatternWatch(const Economy& economy, CountryId country);
    void on_tick(const TickReport& report) override;
    /// Walks over all it remembers.
    void visit_state(StateVisitor& visit);

    LastYear last_year() const;
    /// By year, then good; only of years that the run saw in whole, unless it was shorter than one.
    const std::map<int, std::vector<YearBalance>>& balances() const { return balances_; }

private:
    struct Month {
        std::vector<double> flow, production, consumption, imports, exports;

        static constexpr auto state_fields() {
            return std::tuple(field("flow", &Month::flow), field("production", &Month::production),
                              field("consumption", &Month::consumption), field("imports", &Month::imports),
                              field("exports", &Month::exports));
        }
    };
    const Economy& economy_;
    CountryId country_;
    std::vector<Month> months_;  // a ring of a year
    std::int64_t seen_ = 0;
    std::map<int, std::vector<YearBalance>> balances_;
};

/// Lets several observers watch one run, in order.
class ObserverList final : public Observer {
public:
    explicit ObserverList(std::vector<Observer*> observers) : observers_(std::move(observers)) {}
    void on_tick(const TickReport& report) override {
        for (Observer* observer : observers_) {
            observer->on_tick(report);
        }
    }

private:
    std::vector<Observer*> observers_;
};

}  // namespace ytterby

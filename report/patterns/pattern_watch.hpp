#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "core/state/state_visitor.hpp"
#include "simulation/observer.hpp"

namespace ytterby {

/// Quantities of the last year of a run, t per year: by lane and by node (numbers of the trade network).
struct LastYear {
    std::vector<double> flow;  // contracts included
    std::vector<double> production, consumption;
    std::int64_t ticks = 0;  // less than a year if the run was shorter; the tonnes are per year all the same
};

/// One country's balance of one good in one calendar year.
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

/// Follows a run for the patterns at its end: flows of the last year, and yearly balances of one country.
class PatternWatch final : public Observer {
public:
    PatternWatch(const Economy& economy, CountryId country);
    void on_tick(const TickReport& report) override;
    /// Walks over the state that a resumed run needs.
    void visit_state(StateVisitor& visit);

    LastYear last_year() const;
    /// By year, then good; the first and the last year may be incomplete (`ticks`).
    const std::map<int, std::vector<YearBalance>>& balances() const { return balances_; }

private:
    struct Month {
        std::vector<double> flow, production, consumption;

        static constexpr auto state_fields() {
            return std::tuple(field("flow", &Month::flow), field("production", &Month::production),
                              field("consumption", &Month::consumption));
        }
    };
    const Economy& economy_;
    CountryId country_;
    std::vector<Month> months_;  // a ring of a year
    std::int64_t seen_ = 0;
    std::map<int, std::vector<YearBalance>> balances_;
};

/// Several observers of one run, called in order.
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

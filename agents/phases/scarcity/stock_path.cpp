#include "agents/phases/scarcity/stock_path.hpp"

#include <algorithm>
#include <limits>

#include "core/maths.hpp"

namespace ytterby {
namespace {

/// Share of usual targets below which no month is planned to end, at the base price (assumed, 0.1-0.3). It shrinks as
/// the price rises: a hard minimum makes prices jump when it is reached.
constexpr double least_stock_share = 0.2;
/// Bisections of a price, in logarithms: to 2^-24 of the range (technical).
constexpr int halvings = 24;

const double log_lowest = log(FlowCurve::lowest);
const double log_step = log(FlowCurve::highest / FlowCurve::lowest) / (FlowCurve::points - 1);

/// Share of end uses that are still served at a price.
double served(const PathDemand& demand, double log_price) {
    const double first = log(demand.first_choke);
    const double last = log(demand.last_choke);
    return std::clamp((last - log_price) / (last - first), 0.0, 1.0);
}

/// One side's use and adaptation along a path.
class DemandPath {
public:
    explicit DemandPath(const PathDemand& demand) : demand_(demand), adaptation_(demand.log_adaptation) {}

    double use_t(double log_price) const {
        const double seen = log_seen(log_price);
        return demand_.need_t * exp(adaptation_ - demand_.short_elasticity * seen) * served(demand_, seen);
    }
    double log_adaptation() const { return adaptation_; }
    void advance(double log_price, double months) {
        const double wanted = -(demand_.medium_elasticity - demand_.short_elasticity) * log_seen(log_price);
        adaptation_ += (1.0 - exp(-months / demand_.adjustment_months)) * (wanted - adaptation_);
    }

private:
    /// The logarithm of the price that users see.
    double log_seen(double log_price) const {
        return demand_.cost_share >= 1.0 ? log_price : log(1.0 + demand_.cost_share * (exp(log_price) - 1.0));
    }

    const PathDemand& demand_;
    double adaptation_;
};

/// What is used up month by month along a path.
class Depletion {
public:
    Depletion(const PathQuestion& question, double discount) : question_(question), log_growth_(log(1.0 + discount)) {}

    double log_growth() const { return log_growth_; }

    /// What is left after the last step.
    PathEnd end(double price) const {
        PathEnd end{question_.stock_t, question_.demand.log_adaptation};
        DemandPath here(question_.demand);
        walk(price, [&](const WallStep& step, double log_price, double missing) {
            end.stock_t -= step.months * missing;
            here.advance(log_price + 0.5 * (step.months - 1.0) * log_growth_, step.months);
            return true;
        });
        end.log_adaptation = here.log_adaptation();
        return end;
    }

    /// Calls visit(step, price before the step, tonnes used up per month in it) for every step; ends early where it
    /// returns false.
    template <class Visit>
    void walk(double price, Visit&& visit) const {
        DemandPath here(question_.demand);
        DemandPath there(question_.other_demand);
        double log_price = log(price);
        for (std::size_t number = 0; number < question_.steps.size(); ++number) {
            const WallStep& step = question_.steps[number];
            // A quarter is judged at the price of its middle.
            const double middle = log_price + 0.5 * (step.months - 1.0) * log_growth_;
            const double made = number == 0 ? question_.output_t : step.supply_share * question_.supply->at_log(middle);
            const double missing =
                step.need_share * here.use_t(middle) - made - traded(step, number == 0, middle, there);
            if (!visit(step, log_price, missing)) {
                return;
            }
            here.advance(middle, step.months);
            there.advance(middle, step.months);
            log_price += step.months * log_growth_;
        }
    }

private:
    /// Net imports of a month, t.
    double traded(const WallStep& step, bool now, double log_price, const DemandPath& there) const {
        if (question_.other_supply == nullptr) {
            return 0.0;
        }
        const double made =
            now ? question_.other_output_t : step.other_supply_share * question_.other_supply->at_log(log_price);
        const double excess = made - there.use_t(log_price);
        return step.open ? excess : std::clamp(excess, -step.cap_out_t, step.cap_in_t);
    }

    const PathQuestion& question_;
    double log_growth_;
};

/// The least price between two bounds at which a falling function is not above zero, the upper bound where there is
/// none.
template <class Function>
double least_price(double low, double high, Function&& above) {
    if (above(low) <= 0.0) {
        return low;
    }
    double log_low = log(low);
    double log_high = log(high);
    for (int round = 0; round < halvings; ++round) {
        const double middle = 0.5 * (log_low + log_high);
        (above(exp(middle)) > 0.0 ? log_low : log_high) = middle;
    }
    return exp(log_high);
}

/// The least price up to the terminal one from which stocks are back at their targets when the path reaches it. Below
/// the first price that fails, a lower one may do again, since its path is longer; the one nearest to the terminal
/// price is meant, or the price would jump where stocks are usual.
double price_of_normal_stocks(const PathQuestion& question, const Depletion& depletion) {
    const double spare = question.stock_t - question.target_t;
    if (spare <= 0.0) {
        return question.terminal;
    }
    const double log_terminal = log(question.terminal);
    const auto used_up = [&](double price) {
        double sum = 0.0;
        depletion.walk(price, [&](const WallStep& step, double log_price, double missing) {
            // The part of the step before the path has reached the terminal price.
            const double until = (log_terminal - log_price) / depletion.log_growth();
            const double part = std::clamp(until, 0.0, step.months);
            sum += part * missing;
            return part >= step.months;
        });
        return sum - spare;
    };
    double above = question.terminal;
    double months = 0.0;
    for (const WallStep& step : question.steps) {
        months += step.months;
        const double price = std::max(FlowCurve::lowest, question.terminal * exp(-months * depletion.log_growth()));
        if (used_up(price) > 0.0) {
            return least_price(price, above, used_up);
        }
        if (price <= FlowCurve::lowest) {
            break;
        }
        above = price;
    }
    return above;
}

/// The least price from which no month ends empty.
double price_of_no_empty_month(const PathQuestion& question, const Depletion& depletion) {
    const double least_stock = least_stock_share * question.target_t;
    const auto shortest = [&](double price) {
        double sum = 0.0;
        double worst = -std::numeric_limits<double>::infinity();
        depletion.walk(price, [&](const WallStep& step, double log_price, double missing) {
            sum += step.months * missing;
            const double at_end = log_price + (step.months - 1.0) * depletion.log_growth();
            worst = std::max(worst, sum + least_stock * exp(-at_end));
            return true;
        });
        return worst - question.stock_t;
    };
    return least_price(FlowCurve::lowest, FlowCurve::highest, shortest);
}

}  // namespace

double adapted_use(const PathDemand& demand, double multiple) {
    const double seen = log(1.0 + demand.cost_share * (multiple - 1.0));
    const double first = log(demand.first_choke);
    const double last = log(demand.last_choke);
    const double served = std::clamp((last - seen) / (last - first), 0.0, 1.0);
    return demand.need_t * exp(-demand.medium_elasticity * seen) * served;
}

double FlowCurve::multiple(std::size_t point) { return exp(log_lowest + log_step * static_cast<double>(point)); }

double FlowCurve::at_log(double log_multiple) const {
    const double place = std::clamp((log_multiple - log_lowest) / log_step, 0.0, static_cast<double>(points - 1));
    const auto before = std::min(static_cast<std::size_t>(place), points - 2);
    const double part = place - static_cast<double>(before);
    return quantity_t[before] + part * (quantity_t[before + 1] - quantity_t[before]);
}

std::vector<double> path_months(double horizon) {
    std::vector<double> months;
    double passed = 0.0;
    while (passed < horizon - 1e-9) {
        const double step = std::min(passed < 12.0 ? 1.0 : 3.0, horizon - passed);
        months.push_back(step);
        passed += step;
    }
    return months;
}

double path_price(const PathQuestion& question, double discount) {
    const Depletion depletion(question, discount);
    return std::max(price_of_normal_stocks(question, depletion), price_of_no_empty_month(question, depletion));
}

PathEnd path_end(const PathQuestion& question, double price, double discount) {
    return Depletion(question, discount).end(price);
}

double missing_now(const PathQuestion& question, double price) {
    double now = 0.0;
    Depletion(question, 0.0).walk(price, [&](const WallStep&, double, double missing) {
        now = missing;
        return false;
    });
    return now;
}

}  // namespace ytterby

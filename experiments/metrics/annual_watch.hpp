#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/state/state_visitor.hpp"
#include "simulation/observer.hpp"

namespace ytterby {

/// One good in one calendar year, over the world.
struct AnnualRow {
    std::int32_t year = 0;
    std::uint32_t good = 0;
    double price_usd_per_t = 0.0;  // use price, weighted by consumption; NaN without any
    double output_t = 0.0;
    double use_t = 0.0;
    double unmet_t = 0.0;            // use at base prices that was not met
    double us_reliance_share = 0.0;  // net import reliance; NaN where nothing is used
};

/// Adds up a run by calendar year and good; only years that lie wholly within the run.
class AnnualWatch final : public Observer {
public:
    explicit AnnualWatch(const Economy& economy);
    void on_tick(const TickReport& report) override;
    /// Visits all of its state.
    void visit_state(StateVisitor& visit);
    /// By year, then good.
    std::vector<AnnualRow> rows() const;

private:
    struct Sums {
        double value_usd = 0.0, output_t = 0.0, use_t = 0.0, unmet_t = 0.0, us_output_t = 0.0, us_use_t = 0.0;

        static constexpr auto state_fields() {
            return std::tuple(field("value_usd", &Sums::value_usd), field("output_t", &Sums::output_t),
                              field("use_t", &Sums::use_t), field("unmet_t", &Sums::unmet_t),
                              field("us_output_t", &Sums::us_output_t), field("us_use_t", &Sums::us_use_t));
        }
    };
    struct Year {
        std::vector<Sums> goods;
        std::int64_t ticks = 0;

        static constexpr auto state_fields() {
            return std::tuple(field("goods", &Year::goods), field("ticks", &Year::ticks));
        }
    };
    const Economy& economy_;
    CountryId usa_;
    std::map<int, Year> years_;
};

/// Rows as bytes for a pipe, and back.
std::string pack_rows(const std::vector<AnnualRow>& rows);
std::vector<AnnualRow> unpack_rows(const std::string& bytes);

}  // namespace ytterby

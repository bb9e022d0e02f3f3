#include "policies/export_control/control_form.hpp"

namespace ytterby {

void ComplianceCost::read(KeyReader& keys) {
    keys.number(
        "compliance_usd_per_t", usd_per_t_,
        {.fallback = 0.0, .low = 0.0, .high = 1e9, .unit = "USD/t", .doc = "compliance cost per tonne shipped"});
}

void ComplianceCost::apply(const ControlledLanes& now, Regime& regime) const {
    if (usd_per_t_ > 0.0) {
        regime.friction(now.lanes, usd_per_t_ * now.view.in_force());
    }
}

std::vector<Expectation::Step> steps_from(std::int64_t start, double late_start, double open_share) {
    if (late_start <= 0.0) {
        return {{start, open_share}};
    }
    return {{start, late_start + (1.0 - late_start) * open_share}, {start + 1, open_share}};
}

void read_rent_holder(KeyReader& keys, RentHolder& holder) {
    keys.choice("rent_to", holder, {{"seller", RentHolder::seller}, {"treasury", RentHolder::treasury}},
                {.fallback = "seller", .doc = "who gets the rent where the limit binds"});
}

}  // namespace ytterby

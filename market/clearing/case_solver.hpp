#pragma once

#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "market/clearing/case.hpp"
#include "market/exact/solver.hpp"

namespace ytterby {

/// The answer at one node. Without trade a price is the middle of the prices that clear, or NaN if any would clear.
struct CaseNodeAnswer {
    double price = 0.0;          // USD/t: the supply price where the node sells, else the use price
    double supply_price = 0.0;   // what sellers at the node get
    double use_price = 0.0;      // what buyers at the node pay, preference cost included
    double supplied = 0.0;       // t offered at the supply price (marginal orders as far as they are filled)
    double used = 0.0;           // t wanted at the use price
    double sold = 0.0;           // supplied less excess supply
    double bought = 0.0;         // used less shortage
    double domestic = 0.0;       // t sold and bought at the node
    double transit = 0.0;        // t that only pass through
    double excess_supply = 0.0;  // t that the price floor leaves unsold, or for which a fixed supply has no buyer
    double shortage = 0.0;       // t that the price ceiling leaves unmet, or that a fixed demand does not get
};

/// The flow over one lane and its price per tonne, USD/t.
struct CaseFlowAnswer {
    double quantity = 0.0;         // t
    double price = 0.0;            // at the origin
    double landed_price = 0.0;     // paid by the buyer: with duties, freight, friction and rents
    double rent = 0.0;             // of the lane's own cap and, within a rate quota, of the quota
    double shared_rent = 0.0;      // of shared caps
    double preference_cost = 0.0;  // of the last tonne; counted, not paid
    double in_quota = 0.0;         // t within a rate quota
    double rent_usd = 0.0;         // all rents of the flow, USD; likewise below
    double export_duty_usd = 0.0;
    double tariff_usd = 0.0;
    double freight_usd = 0.0;
    double friction_usd = 0.0;
    double preference_usd = 0.0;  // area under the preference cost
};

struct CaseOrderAnswer {
    double filled = 0.0;  // t
};

/// The surplus and who gains it, USD. A demand without a highest value (see CaseCurve::area) has an infinite gain.
struct CaseSurplus {
    double buyers = 0.0;   // value less what they pay, less the preference cost
    double sellers = 0.0;  // what they get less their costs
    double rents = 0.0;    // of caps and quotas
    double export_duties = 0.0;
    double tariffs = 0.0;
    double total = 0.0;
    double rationing_loss = 0.0;  // gain if floors and ceilings rationed the best orders last instead of pro rata
    double freight = 0.0;         // costs, not part of the total
    double friction = 0.0;
};

/// One condition and its largest violation, as a share of the market's volume or price.
struct CaseCondition {
    std::string name;
    double violation = 0.0;
};

struct CaseAnswer {
    std::vector<CaseNodeAnswer> nodes;
    std::vector<CaseFlowAnswer> flows;  // per lane of the case
    std::vector<CaseOrderAnswer> orders;
    std::vector<double> cap_rents;  // per shared cap, USD/t
    CaseSurplus surplus;
    std::vector<CaseCondition> certificate;
    int steps = 0;
    std::size_t trades = 0;                 // with mechanisms that trade order by order
    std::optional<double> efficiency = {};  // likewise: surplus as a share of the competitive surplus

    double worst() const;
};

/// Clears a case with the spatial auction's exact kernel: orders as they are, linear and constant-elasticity curves
/// exactly (knots are added at the prices found until the curve itself balances). Floors and ceilings as in Thore
/// (1986) and Nagurney and Zhao (1993): at a floor the node's sellers are left with excess supply, at a ceiling its
/// buyers with a shortage, both shared pro rata. Throws std::runtime_error if no answer within 1e-9 is found.
CaseAnswer clear_case(const MarketCase& question);

}  // namespace ytterby

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/config/config.hpp"
#include "market/clearing/laboratory.hpp"
#include "market/mechanism.hpp"
#include "market/spatial_market.hpp"

namespace ytterby {

/// One order of a case: sells (ask) or buys up to `quantity` at its limit or better.
struct CaseOrder {
    std::uint32_t node = 0;
    bool ask = true;
    double quantity = 0.0;  // t
    double limit = 0.0;     // USD/t; of a bid, landed at its node
    std::string id;         // unique where given
};

enum class CurveKind : std::uint8_t { linear, constant_elasticity, fixed };

/// A whole supply or demand at a node, cleared exactly. Linear: price = intercept + slope x quantity; constant
/// elasticity: quantity = scale x (price / reference)^elasticity; fixed: `quantity` at any price.
struct CaseCurve {
    std::uint32_t node = 0;
    bool supply = true;
    CurveKind kind = CurveKind::linear;
    double intercept = 0.0;   // USD/t
    double slope = 0.0;       // USD/t per t; a demand's is negative or zero
    double scale = 0.0;       // t
    double reference = 1.0;   // USD/t
    double elasticity = 0.0;  // a demand's is negative
    double quantity = 0.0;    // t, fixed

    /// The quantity at a price within the curve's range, t; not for steps (slope 0, elasticity 0 or fixed).
    double quantity_at(double price) const;
    /// Cost of the first tonnes of a supply or value of the first tonnes of a demand, USD; infinite if a demand has no
    /// highest value (fixed, or an elasticity of -1 or above).
    double area(double tonnes) const;
    /// Whether it is horizontal or vertical and so cleared as one step.
    bool is_step() const;
};

/// A tariff below and above a volume.
struct RateQuota {
    double quota = 0.0;      // t
    double tariff_in = 0.0;  // ad valorem
    double tariff_over = 0.0;
    double specific_in = 0.0;  // USD/t
    double specific_over = 0.0;
};

/// A lane of a case. `terms` holds freight, duties, friction, cap and preference; specific duties are separate, since a
/// treasury receives them.
struct CaseLane {
    SpatialLane terms;
    double specific_export_duty = 0.0;  // USD/t, levied before freight
    double specific_tariff = 0.0;       // USD/t
    std::optional<RateQuota> rate_quota = {};
    std::string id;

    /// The lane in the form that the solver takes, with the given tariffs.
    SpatialLane with_tariffs(double tariff, double specific) const;
};

struct CaseSharedCap {
    std::vector<std::uint32_t> lanes;
    double cap = 0.0;  // t
};

struct CaseNode {
    std::string name;
    std::optional<double> price_floor = {};  // USD/t
    std::optional<double> price_ceiling = {};
};

/// One market to clear alone, as `ytterby clear` reads it (docs/clear.md).
struct MarketCase {
    std::string mechanism = "spatial_auction";
    std::shared_ptr<Mechanism> made;  // as chosen in [market]
    std::uint32_t seed = 1;           // of the mechanism's random numbers
    bool through_shipment = false;
    std::vector<CaseNode> nodes;
    std::vector<CaseOrder> orders;
    std::vector<CaseCurve> curves;
    std::vector<CaseLane> lanes;
    std::vector<CaseSharedCap> caps;
    std::optional<Laboratory> laboratory;  // traders instead of orders

    std::string lane_name(std::size_t lane) const {
        return nodes[lanes[lane].terms.from].name + ":" + nodes[lanes[lane].terms.to].name;
    }
};

/// Where the parts of a case are read from: a TOML file, or tables of orders and lanes.
struct CaseSource {
    std::string file = {};    // TOML; empty when the tables are given
    std::string orders = {};  // CSV: node, side, quantity, limit [, id]
    std::string lanes = {};   // CSV: from, to [, freight, export_duty, tariff, friction, cap, ...]; may be empty
    std::optional<std::string> mechanism = {};  // instead of the file's
};

/// Reads a case; all problems are found in one pass and thrown as one InputError.
MarketCase read_market_case(const CaseSource& source);
/// The same from text, for tests and fuzzers; `file` names it in messages.
MarketCase parse_market_case(const std::string& text, const std::string& file);
/// Every key a case may have, for `ytterby describe --case`.
struct KeyRecord describe_market_case();

}  // namespace ytterby

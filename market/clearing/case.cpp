#include "market/clearing/case.hpp"

#include <algorithm>
#include <limits>

#include "core/config/key_record.hpp"
#include "core/config/keys.hpp"
#include "core/maths.hpp"
#include "market/clearing/detail/case_reader.hpp"

namespace ytterby {

double CaseCurve::quantity_at(double price) const {
    if (kind == CurveKind::linear) {
        return std::max(0.0, (price - intercept) / slope);
    }
    return price > 0.0 ? scale * pow(price / reference, elasticity) : 0.0;
}

double CaseCurve::area(double tonnes) const {
    if (tonnes <= 0.0) {
        return 0.0;
    }
    if (kind == CurveKind::linear) {
        return tonnes * (intercept + 0.5 * slope * tonnes);
    }
    if (kind == CurveKind::fixed || elasticity == 0.0) {
        return supply ? 0.0 : std::numeric_limits<double>::infinity();
    }
    const double power = 1.0 / elasticity + 1.0;
    return power > 0.0 ? reference * scale / power * pow(tonnes / scale, power)
                       : std::numeric_limits<double>::infinity();
}

bool CaseCurve::is_step() const {
    return kind == CurveKind::fixed || (kind == CurveKind::linear && slope == 0.0) ||
           (kind == CurveKind::constant_elasticity && elasticity == 0.0);
}

SpatialLane CaseLane::with_tariffs(double tariff, double specific) const {
    SpatialLane lane = terms;
    lane.freight += specific_export_duty;
    lane.tariff = tariff;
    lane.friction += specific;
    return lane;
}

namespace {

MarketCase read_document_case(const ConfigDocument& document, const std::string& file,
                              const std::optional<std::string>& mechanism, Problems& problems) {
    MarketCase made;
    CaseReader reader(made, problems);
    KeyReader keys(document.root(), problems);
    reader.read(keys);
    keys.finish();
    if (mechanism && *mechanism != made.mechanism) {
        made.mechanism = *mechanism;
        made.made = make_mechanism(*mechanism);
    }
    reader.finish({file, 1, 1});
    problems.throw_if_any();
    return made;
}

}  // namespace

MarketCase read_market_case(const CaseSource& source) {
    Problems problems;
    if (!source.file.empty()) {
        return read_document_case(ConfigDocument::load_case(source.file), source.file, source.mechanism, problems);
    }
    MarketCase made;
    made.mechanism = source.mechanism.value_or(made.mechanism);
    made.made = make_mechanism(made.mechanism);
    CaseReader reader(made, problems);
    reader.read_orders(source.orders);
    if (!source.lanes.empty()) {
        reader.read_lanes(source.lanes);
    }
    reader.finish({source.orders, 1, 1});
    problems.throw_if_any();
    return made;
}

MarketCase parse_market_case(const std::string& text, const std::string& file) {
    Problems problems;
    return read_document_case(ConfigDocument::parse_case(text, file), file, std::nullopt, problems);
}

KeyRecord describe_market_case() {
    Problems problems;
    MarketCase made;
    CaseReader reader(made, problems);
    KeyReader keys = KeyReader::for_describing();
    reader.read(keys);
    return keys.record();
}

}  // namespace ytterby

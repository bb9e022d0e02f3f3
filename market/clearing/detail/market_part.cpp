#include "market/clearing/detail/market_part.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "core/maths.hpp"

namespace ytterby {
namespace {

/// Knots of a curve of constant elasticity, as factors on its reference price, and of a lane with a preference slope,
/// as factors on its opening flow: close where answers are likely.
constexpr double knot_factors[] = {1.5,  2.5,   4.0,   10.0,  40.0,  200.0, 1e3,   1e4,   1e5,
                                   1e7,  1e9,   1e12,  1e16,  1e20,  1e25,  1e30,  1e40,  1e60,
                                   1e80, 1e100, 1e130, 1e160, 1e190, 1e220, 1e250, 1e280, 1e300};
/// A piece is split into so many, and not where its ends are closer than a billionth.
constexpr int pieces_of_a_split = 8;
constexpr double finest_piece = 1.0 + 1e-9;

/// Sides that are connected (union-find).
class Connections {
public:
    explicit Connections(std::size_t count) : parent_(count) { std::iota(parent_.begin(), parent_.end(), 0U); }
    std::uint32_t root(std::uint32_t one) {
        while (parent_[one] != one) {
            one = parent_[one] = parent_[parent_[one]];
        }
        return one;
    }
    void join(std::uint32_t one, std::uint32_t other) {
        const std::uint32_t first = root(one);
        const std::uint32_t second = root(other);
        parent_[std::max(first, second)] = std::min(first, second);
    }

private:
    std::vector<std::uint32_t> parent_;
};

/// Which sides are there at all, and which lanes can be used.
struct Presence {
    std::vector<bool> side;
    std::vector<bool> lane;
};

Presence presence_of(const CaseQuestion& question, const std::vector<CaseSide>& sides) {
    Presence present{std::vector<bool>(sides.size(), false), std::vector<bool>(question.lanes.size(), false)};
    for (std::size_t side = 0; side < sides.size(); ++side) {
        present.side[side] = !sides[side].empty() || question.source.through_shipment;
    }
    for (std::size_t number = 0; number < question.lanes.size(); ++number) {
        const SpatialLane& lane = question.lanes[number];
        present.lane[number] =
            lane.cap > 0.0 && present.side[2 * std::size_t{lane.from}] && present.side[2 * std::size_t{lane.to} + 1];
    }
    return present;
}

/// The power of ten just above a number.
int power_above(double value) {
    return value > 0.0 && std::isfinite(value) ? static_cast<int>(std::floor(std::log10(value) + 1e-12)) + 1 : 0;
}

void include(double& largest, double value) {
    largest = std::isfinite(value) ? std::max(largest, std::abs(value)) : largest;
}

/// Adds a piece up to a quantity and a value, from where the response ends.
void add_chord(Response& response, const Wide& quantity, const Wide& from_value, const Wide& to_value) {
    const int limbs = Wide::most_limbs;
    if (quantity > response.at.back()) {
        const Wide rise = (to_value - from_value).with_limbs(limbs);
        response.slope.push_back(rise / (quantity - response.at.back()));
        response.value.push_back(from_value);
        response.at.push_back(quantity);
    }
}

bool is_vertical(const CaseCurve& curve) {
    return curve.kind == CurveKind::fixed || (curve.kind == CurveKind::constant_elasticity && curve.elasticity == 0.0);
}

}  // namespace

std::vector<CaseSide> sides_of(const MarketCase& source) {
    std::vector<CaseSide> sides(2 * source.nodes.size());
    std::vector<std::vector<std::uint32_t>> orders(sides.size());
    for (std::uint32_t number = 0; number < source.orders.size(); ++number) {
        const CaseOrder& order = source.orders[number];
        if (order.quantity > 0.0) {
            orders[2 * order.node + (order.ask ? 0U : 1U)].push_back(number);
        }
    }
    for (std::size_t side = 0; side < sides.size(); ++side) {
        const bool ask = side % 2 == 0;
        std::sort(orders[side].begin(), orders[side].end(), [&](std::uint32_t left, std::uint32_t right) {
            const CaseOrder& one = source.orders[left];
            const CaseOrder& other = source.orders[right];
            if (one.limit != other.limit) {
                return ask ? one.limit < other.limit : one.limit > other.limit;
            }
            return one.quantity != other.quantity ? one.quantity < other.quantity : left < right;
        });
        for (const std::uint32_t number : orders[side]) {
            const CaseOrder& order = source.orders[number];
            std::vector<OrderStep>& steps = sides[side].steps;
            if (steps.empty() || steps.back().limit != order.limit) {
                steps.push_back({order.limit, Wide(), {}});
            }
            steps.back().quantity += decimal_of(order.quantity, Wide::most_limbs);
            steps.back().orders.push_back(number);
        }
    }
    for (std::uint32_t number = 0; number < source.curves.size(); ++number) {
        const CaseCurve& curve = source.curves[number];
        CaseSide& side = sides[2 * curve.node + (curve.supply ? 0U : 1U)];
        const double size = curve.kind == CurveKind::fixed ? curve.quantity : curve.scale;
        if (curve.kind != CurveKind::linear && !(size > 0.0)) {
            continue;
        }
        side.curves.push_back(number);
        side.fixed += is_vertical(curve) ? decimal_of(size, Wide::most_limbs) : Wide();
    }
    return sides;
}

MarketPart::MarketPart(const CaseQuestion& asked, const std::vector<CaseSide>& all)
    : question(&asked),
      case_sides(&all),
      has_side(all.size(), false),
      place_(all.size(), PartActivity::nowhere),
      curve_knots_(asked.source.curves.size()),
      lane_knots_(asked.lanes.size()) {}

/// The largest price, cost and quantity that the part names.
void MarketPart::find_units() {
    const MarketCase& source = question->source;
    double price = 0.0;
    double quantity = 0.0;
    for (const std::uint32_t side : sides) {
        for (const OrderStep& step : (*case_sides)[side].steps) {
            include(price, step.limit);
            include(quantity, step.quantity.as_double());
        }
        for (const std::uint32_t number : (*case_sides)[side].curves) {
            const CaseCurve& curve = source.curves[number];
            include(quantity, curve.kind == CurveKind::fixed ? curve.quantity : curve.scale);
            include(price, curve.kind == CurveKind::linear                ? curve.intercept
                           : curve.kind == CurveKind::constant_elasticity ? curve.reference
                                                                          : 0.0);
        }
        const CaseNode& node = source.nodes[side / 2];
        include(price, side % 2 == 0 || through() ? node.price_floor.value_or(0.0) : 0.0);
        include(price, side % 2 == 1 || through() ? node.price_ceiling.value_or(0.0) : 0.0);
    }
    for (const std::uint32_t number : lanes) {
        const SpatialLane& lane = question->lanes[number];
        for (const double cost : {lane.freight, lane.delivered(0.0), lane.preference, lane.preference_slope}) {
            include(price, cost);
        }
    }
    for (const std::uint32_t side : sides) {
        for (const std::uint32_t number : (*case_sides)[side].curves) {
            const CaseCurve& curve = source.curves[number];
            const bool sloped = quantity <= 0.0 && curve.slope != 0.0;  // sloped curves alone
            include(quantity, sloped ? (price > 0.0 ? price : 1.0) / curve.slope : 0.0);
        }
    }
    to_price_ = power_of_ten(power_above(price), Wide::most_limbs);
    from_price_ = power_of_ten(-power_above(price), Wide::most_limbs);
    to_quantity_ = power_of_ten(power_above(quantity), Wide::most_limbs);
    from_quantity_ = power_of_ten(-power_above(quantity), Wide::most_limbs);
    price_scale_ = to_price_.as_double();
    quantity_scale_ = to_quantity_.as_double();
}

void MarketPart::change_reach(const PartReach& chosen) {
    reach = chosen;
    for (std::vector<std::vector<double>>* knots : {&curve_knots_, &lane_knots_}) {
        for (std::vector<double>& one : *knots) {
            one.clear();
        }
    }
}

void MarketPart::build() {
    problem = {};
    problem.limbs = reach.limbs;
    activities.clear();
    cut_off_.clear();
    set_places();
    const auto count = static_cast<std::uint32_t>(places());
    for (std::uint32_t place = 0; place < count; ++place) {
        problem.variables[problem.add({})].starts_high = true;
    }
    for (const std::uint32_t cap : caps) {
        const Wide most_rent = ten_to(reach.bound + 8);
        const std::uint32_t rent =
            problem.add(Response::flat(Wide(), most_rent, Wide()), -tonnes(question->caps[cap].cap));
        problem.variables[rent].noise = Noise::down;
    }
    for (const std::uint32_t side : sides) {
        build_side(side);
    }
    add_lanes();
    bound_prices();
    couple();
}

/// Where something is wanted at any price, it goes short at the bound. Elsewhere prices may be higher still, so that
/// whatever could move to such a place would rather not.
void MarketPart::bound_prices() {
    const Wide bound = ten_to(reach.bound);
    const Wide beyond = ten_to(reach.bound + 5);
    const bool positive = through() && !negative_prices;
    for (std::uint32_t place = 0; place < places(); ++place) {
        const Wide least = positive ? Wide() : inflow[place].sign() > 0 ? -bound : -beyond;
        problem.variables[place].response = Response::flat(least, unmet[place].sign() > 0 ? bound : beyond, Wide());
    }
}

/// Where goods may pass through, a node is one place; sellers with a floor and buyers with a ceiling are beside it.
void MarketPart::set_places() {
    std::uint32_t count = 0;
    hub_.assign(question->source.nodes.size(), PartActivity::nowhere);
    for (const std::uint32_t side : sides) {
        if (!through()) {
            place_[side] = count++;
            continue;
        }
        const CaseNode& node = question->source.nodes[side / 2];
        std::uint32_t& hub = hub_[side / 2];
        hub = hub == PartActivity::nowhere ? count++ : hub;
        place_[side] = (side % 2 == 0 ? node.price_floor : node.price_ceiling) ? count++ : hub;
    }
    inflow.assign(count, Wide());
    unmet.assign(count, Wide());
}

void MarketPart::add(PartActivity activity, Response response) {
    const std::uint32_t variable = problem.add(std::move(response));
    const bool sells = activity.from == PartActivity::nowhere;
    problem.variables[variable].starts_high = sells;
    // What may go on without end does so only for a gain.
    const bool endless = activity.kind == PartKind::floor || activity.kind == PartKind::level;
    problem.variables[variable].noise = activity.to != PartActivity::nowhere || endless ? Noise::down : Noise::either;
    activities.push_back(std::move(activity));
}

/// Prices drive activities, and what activities move makes up the balance of each place.
void MarketPart::couple() {
    for (std::uint32_t number = 0; number < activities.size(); ++number) {
        const PartActivity& activity = activities[number];
        const std::uint32_t variable = variable_of(number);
        if (activity.to != PartActivity::nowhere) {
            problem.couple(variable, activity.to, Wide(1.0));
            problem.couple(activity.to, variable, Wide(-1.0));
        }
        if (activity.from != PartActivity::nowhere) {
            problem.couple(variable, activity.from, -activity.pass_through);
            problem.couple(activity.from, variable, Wide(1.0));
        }
        for (const std::uint32_t cap : activity.caps) {
            problem.couple(variable, rent_of(cap), Wide(-1.0));
            problem.couple(rent_of(cap), variable, Wide(1.0));
        }
    }
    for (std::uint32_t place = 0; place < places(); ++place) {
        problem.variables[place].constant = unmet[place] - inflow[place];
    }
}

PartActivity MarketPart::at(PartKind kind, std::uint32_t side, std::uint32_t number) const {
    PartActivity made;
    made.kind = kind;
    made.side = side;
    made.number = number;
    (side % 2 == 0 ? made.to : made.from) = place_[side];
    return made;
}

void MarketPart::build_side(std::uint32_t side) {
    add_orders(side);
    for (const std::uint32_t number : (*case_sides)[side].curves) {
        add_curve(side, number);
    }
    if (!through() && side % 2 == 1 && has_side[side - 1]) {
        PartActivity home;
        home.side = side - 1;
        home.from = place_[side - 1];
        home.to = place_[side];
        add(home, Response::flat(Wide(), ten_to(reach.most), Wide()));
    }
    if (through() && place_[side] != hub_[side / 2]) {
        PartActivity access;
        access.kind = PartKind::access;
        access.side = side;
        access.from = side % 2 == 0 ? place_[side] : hub_[side / 2];
        access.to = side % 2 == 0 ? hub_[side / 2] : place_[side];
        add(access, Response::flat(Wide(), ten_to(reach.most), Wide()));
    }
    add_rules(side);
}

void MarketPart::add_orders(std::uint32_t side) {
    const std::vector<OrderStep>& steps = (*case_sides)[side].steps;
    if (steps.empty()) {
        return;
    }
    Response response;
    response.at.emplace_back();
    for (const OrderStep& step : steps) {
        const Wide limit = price(step.limit);
        response.value.push_back(side % 2 == 0 ? limit : -limit);
        response.slope.emplace_back();
        response.at.push_back(response.at.back() + (step.quantity * from_quantity_).with_limbs(reach.limbs));
    }
    add(at(side % 2 == 0 ? PartKind::asks : PartKind::bids, side, 0), std::move(response));
}

void MarketPart::add_curve(std::uint32_t side, std::uint32_t number) {
    const CaseCurve& curve = question->source.curves[number];
    const bool supply = side % 2 == 0;
    if (curve.kind == CurveKind::linear) {
        const Wide intercept = supply ? price(curve.intercept) : -price(curve.intercept);
        if (curve.slope == 0.0) {
            add(at(PartKind::level, side, number), Response::flat(Wide(), ten_to(reach.most), intercept));
            return;
        }
        const Wide slope =
            abs(decimal_of(curve.slope, reach.limbs)) * (from_price_ * to_quantity_).with_limbs(reach.limbs);
        const Wide end = std::min(ten_to(reach.most), (ten_to(reach.bound - 5) - intercept) / slope);
        add(at(PartKind::slope, side, number), Response::ramp(end, intercept, slope));
        return;
    }
    if (!is_vertical(curve)) {
        add_bend(side, number);
        return;
    }
    const Wide size = tonnes(curve.kind == CurveKind::fixed ? curve.quantity : curve.scale);
    if (!supply) {
        unmet[place_[side]] += size;
    } else if (free_disposal) {
        add(at(PartKind::fixed_supply, side, number), Response::flat(Wide(), size, Wide()));
    } else {
        inflow[place_[side]] += size;
    }
}

/// A curve of constant elasticity by chords between knots.
void MarketPart::add_bend(std::uint32_t side, std::uint32_t number) {
    const CaseCurve& curve = question->source.curves[number];
    std::vector<double>& knots = curve_knots_[number];
    if (knots.empty()) {
        const double low = power_of_ten(reach.lowest_price).as_double();
        const double high = power_of_ten(reach.highest_price).as_double();
        const double reference = curve.reference / price_scale_;
        knots = {low, high};
        for (const double factor : knot_factors) {
            for (const double knot : {reference * factor, reference / factor}) {
                if (knot > 2.0 * low && knot < 0.5 * high) {
                    knots.push_back(knot);
                }
            }
        }
        // Where the curve comes to next to nothing.
        const double least = log(power_of_ten(reach.least_tonnes).as_double() * quantity_scale_ / curve.scale);
        const double last = log(reference) + (least + 1e-6) / curve.elasticity;
        if (last > log(low) && last < log(high)) {
            knots.push_back(exp(last));
        }
        std::sort(knots.begin(), knots.end());
    }
    add(at(PartKind::bend, side, number), bend_response(curve, knots));
    SmoothResponse& smooth = problem.variables.back().smooth;
    smooth.kind = SmoothResponse::Kind::power;
    smooth.factor = curve.supply ? price(curve.reference) : -price(curve.reference);
    smooth.scale = tonnes(curve.scale);
    smooth.exponent = Wide(1.0) / decimal_of(curve.elasticity, reach.limbs);
}

/// In order of quantity; knots beyond the largest quantity are dropped, so that each knot is the end of a piece.
Response MarketPart::bend_response(const CaseCurve& curve, std::vector<double>& knots) const {
    const double largest = power_of_ten(reach.most).as_double();
    const double least = power_of_ten(reach.least_tonnes).as_double();
    const double reference = curve.reference / price_scale_;
    const double scale = curve.scale / quantity_scale_;
    std::vector<double> kept;
    Response response;
    response.at.emplace_back();
    Wide before = curve.supply ? Wide() : -Wide(knots.back());
    for (std::size_t turn = 0; turn < knots.size(); ++turn) {
        const double knot = curve.supply ? knots[turn] : knots[knots.size() - 1 - turn];
        const double log_quantity = log(scale) + curve.elasticity * log(knot / reference);
        const double quantity = log_quantity < 690.0 ? exp(log_quantity) : 0.0;
        const Wide value = curve.supply ? Wide(knot) : -Wide(knot);
        if (quantity > least && quantity < largest && Wide(quantity) > response.at.back()) {
            // A demand begins at the first kept knot's price, up to which nothing is wanted.
            add_chord(response, Wide(quantity), kept.empty() && !curve.supply ? value : before, value);
            kept.push_back(knot);
            before = value;
        }
    }
    if (!curve.supply) {  // any quantity at a price of zero
        add_chord(response, response.at.back() + Wide(largest), Wide(), Wide());
    }
    if (response.value.empty()) {
        add_chord(response, Wide(largest), Wide(), Wide());
    }
    std::sort(kept.begin(), kept.end());
    knots = std::move(kept);
    return response;
}

/// Floors and ceilings.
void MarketPart::add_rules(std::uint32_t side) {
    const CaseNode& node = question->source.nodes[side / 2];
    const bool supply = side % 2 == 0;
    const std::optional<double>& bound = supply ? node.price_floor : node.price_ceiling;
    if (!bound) {
        return;
    }
    PartActivity made;
    made.kind = supply ? PartKind::floor : PartKind::ceiling;
    made.side = side;
    (supply ? made.from : made.to) = place_[side];
    add(made, Response::flat(Wide(), ten_to(reach.most), supply ? -price(*bound) : price(*bound)));
}

void MarketPart::add_lanes() {
    for (const std::uint32_t number : lanes) {
        add_lane(number);
    }
}

void MarketPart::add_lane(std::uint32_t number) {
    const SpatialLane& lane = question->lanes[number];
    PartActivity made;
    made.kind = PartKind::lane;
    made.side = 2 * lane.from;
    made.number = number;
    made.from = place_of_leaving(lane.from);
    made.to = through() ? hub_[lane.to] : place_[2 * std::size_t{lane.to} + 1];
    if (made.from == made.to) {
        return;
    }
    const Wide tariff = Wide(1.0) + decimal_of(lane.tariff, reach.limbs);
    made.pass_through = (Wide(1.0) + decimal_of(lane.export_duty, reach.limbs)) * tariff;
    for (std::uint32_t cap = 0; cap < caps.size(); ++cap) {
        const std::vector<SharedCap::Member>& members = question->caps[caps[cap]].members;
        if (std::any_of(members.begin(), members.end(),
                        [&](const SharedCap::Member& member) { return member.lane == number; })) {
            made.caps.push_back(cap);
        }
    }
    const Wide cost = price(lane.freight) * tariff + price(lane.friction) + price(lane.preference);
    const Wide end = std::isfinite(lane.cap) ? tonnes(lane.cap) : ten_to(reach.most);
    if (!(lane.preference_slope > 0.0)) {
        add(made, Response::flat(Wide(), end, cost));
        return;
    }
    add(made, wedge_response(lane, cost, lane_knots_[number]));
    SmoothResponse& smooth = problem.variables.back().smooth;
    smooth.kind = SmoothResponse::Kind::logarithm;
    smooth.base = cost;
    smooth.factor = price(lane.preference_slope);
    smooth.opening = tonnes(lane.opening_flow);
    smooth.scale = tonnes(lane.usual_flow) + smooth.opening;
    problem.variables.back().response.value.front() = smooth.value(Wide());
}

Response MarketPart::wedge_response(const SpatialLane& lane, const Wide& cost, std::vector<double>& knots) const {
    const double opening = lane.opening_flow / quantity_scale_;
    const double end = std::isfinite(lane.cap) ? lane.cap / quantity_scale_ : power_of_ten(reach.most).as_double();
    if (knots.empty()) {
        knots.push_back(0.0);
        for (const double factor : knot_factors) {
            if (opening * (factor - 1.0) < 0.5 * end) {
                knots.push_back(opening * (factor - 1.0));
            }
        }
        knots.push_back(end);
    }
    const double usual = (lane.usual_flow / quantity_scale_) + opening;
    const double slope = lane.preference_slope / price_scale_;
    Response response;
    response.at.emplace_back();
    for (std::size_t knot = 1; knot < knots.size(); ++knot) {
        const auto value_at = [&](double flow) { return cost + Wide(slope * log((flow + opening) / usual)); };
        const bool last = knot + 1 == knots.size();
        const Wide flow = !last ? Wide(knots[knot]) : std::isfinite(lane.cap) ? tonnes(lane.cap) : ten_to(reach.most);
        add_chord(response, flow, value_at(knots[knot - 1]), value_at(knots[knot]));
    }
    return response;
}

Wide MarketPart::drive_of(std::size_t activity, const std::vector<Wide>& prices, const std::vector<Wide>& rents) const {
    const PartActivity& one = activities[activity];
    Wide drive;
    if (one.to != PartActivity::nowhere) {
        drive += prices[one.to];
    }
    if (one.from != PartActivity::nowhere) {
        drive -= one.pass_through * prices[one.from];
    }
    for (const std::uint32_t cap : one.caps) {
        drive -= rents[cap];
    }
    return drive;
}

Wide MarketPart::tolerance_of(std::size_t activity, const std::vector<Wide>& prices,
                              const std::vector<Wide>& rents) const {
    const PartActivity& one = activities[activity];
    Wide tolerance = reach.tolerance.start();
    if (one.to != PartActivity::nowhere) {
        reach.tolerance.include(tolerance, prices[one.to]);
    }
    if (one.from != PartActivity::nowhere) {
        reach.tolerance.include(tolerance, prices[one.from]);
    }
    for (const std::uint32_t cap : one.caps) {
        reach.tolerance.include(tolerance, rents[cap]);
    }
    return tolerance;
}

bool MarketPart::refine(const std::vector<VariableState>& states) {
    bool any = false;
    for (std::size_t number = 0; number < activities.size(); ++number) {
        const PartActivity& activity = activities[number];
        const ComplementarityProblem::Variable& variable = problem.variables[variable_of(number)];
        const VariableState& state = states[variable_of(number)];
        const bool lane = variable.smooth.kind == SmoothResponse::Kind::logarithm;
        if (variable.smooth.kind == SmoothResponse::Kind::none || !state.within) {
            continue;
        }
        std::vector<double>& knots = lane ? lane_knots_[activity.number] : curve_knots_[activity.number];
        // The knot at which the piece ends; of a demand, pieces run from the highest price down.
        const bool demand = !lane && activity.side % 2 == 1;
        const std::size_t upper = lane     ? state.piece + 1
                                  : demand ? knots.size() - std::min<std::size_t>(state.piece, knots.size())
                                           : state.piece;
        if (upper == 0 || upper >= knots.size()) {
            continue;
        }
        const double shift = lane ? question->lanes[activity.number].opening_flow / quantity_scale_ : 0.0;
        const double low = knots[upper - 1] + shift;
        const double high = knots[upper] + shift;
        if (high < low * finest_piece) {
            continue;
        }
        any = true;
        std::vector<double> split;
        for (int piece = 1; piece < pieces_of_a_split; ++piece) {
            split.push_back(low * pow(high / low, static_cast<double>(piece) / pieces_of_a_split) - shift);
        }
        knots.insert(knots.begin() + static_cast<std::ptrdiff_t>(upper), split.begin(), split.end());
    }
    return any;
}

void MarketPart::straighten_idle(const ComplementarityPath& path) {
    for (std::size_t number = 0; number < activities.size(); ++number) {
        const std::uint32_t variable = variable_of(number);
        if (activities[number].kind == PartKind::bend && is_idle(number, path)) {
            problem.variables[variable].smooth = {};
        }
    }
}

void MarketPart::leave_out_idle(ComplementarityAnswer& answer) const {
    for (std::size_t number = 0; number < activities.size(); ++number) {
        const bool idle = smooth_of(number).kind == SmoothResponse::Kind::none && !is_cut_off(number);
        if (activities[number].kind == PartKind::bend && idle) {
            answer.quantity[variable_of(number)] = Wide();
        }
    }
}

/// Whether a curve is in its first piece because its quantity is next to nothing, not because of its price.
bool MarketPart::is_idle(std::size_t activity, const ComplementarityPath& path) const {
    const VariableState& state = path.states[variable_of(activity)];
    const std::vector<double>& knots = curve_knots_[activities[activity].number];
    if (!state.within || state.piece != 0 || knots.empty()) {
        return false;
    }
    const bool supply = activities[activity].side % 2 == 0;
    const bool small = supply ? knots.front() > 2.0 * power_of_ten(reach.lowest_price).as_double()
                              : knots.back() < 0.5 * power_of_ten(reach.highest_price).as_double();
    return small || abs(path.quantity[variable_of(activity)]) < reach.tolerance.start();
}

bool MarketPart::is_beyond(std::size_t activity, const VariableState& state) const {
    const PartKind kind = activities[activity].kind;
    const std::size_t pieces = response_of(activity).pieces();
    const bool supply = activities[activity].side % 2 == 0;
    const bool full = !state.within && state.piece == pieces;
    if (full && (kind == PartKind::slope || (kind == PartKind::bend && supply))) {
        return true;
    }
    const bool curved = smooth_of(activity).kind == SmoothResponse::Kind::power;  // not straightened
    const bool first = state.within && state.piece == 0;
    const bool last = full || (state.within && state.piece + 1 == pieces);
    return curved && (first || (last && !supply));
}

bool MarketPart::is_beyond(const std::vector<VariableState>& states) const {
    for (std::size_t number = 0; number < activities.size(); ++number) {
        if (is_beyond(number, states[variable_of(number)])) {
            return true;
        }
    }
    return false;
}

bool MarketPart::is_beyond(const ComplementarityAnswer& answer) const {
    for (std::size_t number = 0; number < activities.size(); ++number) {
        const std::uint32_t variable = variable_of(number);
        const bool trades = answer.quantity[variable] > reach.tolerance.start();
        if (trades && smooth_of(number).kind == SmoothResponse::Kind::power) {
            const Wide price = abs(answer.drive[variable]);
            if (price < ten_to(reach.lowest_price) || price > ten_to(reach.highest_price)) {
                return true;
            }
        }
    }
    return false;
}

void MarketPart::cut_off(const std::vector<VariableState>& states) {
    for (std::size_t number = 0; number < activities.size(); ++number) {
        if (is_beyond(number, states[variable_of(number)])) {
            problem.variables[variable_of(number)].smooth = {};
            cut_off_.push_back(static_cast<std::uint32_t>(number));
        }
    }
}

bool MarketPart::is_cut_off(std::size_t activity) const {
    return std::find(cut_off_.begin(), cut_off_.end(), activity) != cut_off_.end();
}

std::vector<MarketPart> parts_of(const CaseQuestion& question, const std::vector<CaseSide>& sides) {
    const Presence present = presence_of(question, sides);
    Connections connections(sides.size());
    for (std::uint32_t side = 0; side < sides.size(); side += 2) {
        if (present.side[side] && present.side[side + 1]) {
            connections.join(side, side + 1);
        }
    }
    for (std::size_t number = 0; number < question.lanes.size(); ++number) {
        if (present.lane[number]) {
            connections.join(2 * question.lanes[number].from, 2 * question.lanes[number].to + 1);
        }
    }
    std::vector<std::uint32_t> of_cap(question.caps.size(), PartActivity::nowhere);
    for (std::size_t cap = 0; cap < question.caps.size(); ++cap) {
        for (const SharedCap::Member& member : question.caps[cap].members) {
            if (present.lane[member.lane]) {
                const std::uint32_t side = 2 * question.lanes[member.lane].from;
                of_cap[cap] = of_cap[cap] == PartActivity::nowhere ? side : of_cap[cap];
                connections.join(of_cap[cap], side);
            }
        }
    }
    std::map<std::uint32_t, std::size_t> number_of;  // by root
    std::vector<MarketPart> parts;
    for (std::uint32_t side = 0; side < sides.size(); ++side) {
        if (present.side[side]) {
            const auto [place, added] = number_of.emplace(connections.root(side), parts.size());
            if (added) {
                parts.emplace_back(question, sides);
            }
            parts[place->second].sides.push_back(side);
            parts[place->second].has_side[side] = true;
        }
    }
    for (std::uint32_t number = 0; number < question.lanes.size(); ++number) {
        if (present.lane[number]) {
            parts[number_of.at(connections.root(2 * question.lanes[number].from))].lanes.push_back(number);
        }
    }
    for (std::uint32_t cap = 0; cap < question.caps.size(); ++cap) {
        if (of_cap[cap] != PartActivity::nowhere) {
            parts[number_of.at(connections.root(of_cap[cap]))].caps.push_back(cap);
        }
    }
    for (MarketPart& part : parts) {
        part.find_units();
    }
    return parts;
}

}  // namespace ytterby

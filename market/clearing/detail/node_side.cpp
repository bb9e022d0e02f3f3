#include "market/clearing/detail/node_side.hpp"

#include <algorithm>
#include <cmath>

namespace ytterby {

void NodeSide::add(const CaseOrder& order) {
    if (order.quantity > 0.0) {
        steps_.push_back({order.quantity, order.limit, order.limit});
    }
}

void NodeSide::add(const CaseCurve& curve) {
    if (!curve.is_step()) {
        bends_.push_back(&curve);
    } else if (curve.kind == CurveKind::linear) {  // it trades the rest that the others leave
        level_.push_back({std::numeric_limits<double>::infinity(), curve.intercept, curve.intercept});
        steps_.push_back(level_.back());
    } else {
        fixed_ += curve.kind == CurveKind::fixed ? curve.quantity : curve.scale;
    }
}

void NodeSide::sort() {
    std::sort(steps_.begin(), steps_.end(), [&](const LimitOrder& left, const LimitOrder& right) {
        return supply_ ? left.limit < right.limit : left.limit > right.limit;
    });
}

double NodeSide::area(double price, double tonnes) const {
    double left = tonnes - std::min(tonnes, fixed_);
    double sum = supply_ || !(fixed_ > 0.0 && tonnes > 0.0) ? 0.0 : std::numeric_limits<double>::infinity();
    for (const CaseCurve* curve : bends_) {
        const double part = std::min(left, curve->quantity_at(price));
        sum += curve->area(part);
        left -= part;
    }
    for (const LimitOrder& step : steps_) {
        const double part = std::clamp(left, 0.0, step.quantity);
        sum += part > 0.0 ? part * step.limit : 0.0;
        left -= part;
    }
    return sum;
}

namespace {
/// A price of zero stands for any up to this, and no price for any above its inverse.
constexpr double least_price = 1e-270;
}  // namespace

double NodeSide::beyond_prices() const {
    double sum = 0.0;
    for (const CaseCurve* curve : bends_) {
        sum += curve->kind == CurveKind::linear ? (supply_ ? std::numeric_limits<double>::infinity() : 0.0)
                                                : curve->quantity_at(1.0 / least_price);
    }
    return sum;
}

double NodeSide::size() const {
    double most = fixed_;
    for (const CaseCurve* curve : bends_) {
        most = std::max(most, curve->kind == CurveKind::linear ? 0.0 : curve->scale);
    }
    for (const LimitOrder& step : steps_) {
        most = std::max(most, step.quantity);
    }
    return std::isfinite(most) ? most : 0.0;
}

QuantityRange NodeSide::curves_between(double low, double high) const {
    QuantityRange range{fixed_, fixed_};
    for (const CaseCurve* curve : bends_) {
        range.least += curve->quantity_at(supply_ ? low : high);
        const double price = supply_ ? (high == 0.0 ? least_price : high) : low;
        const bool endless = !supply_ && curve->kind == CurveKind::constant_elasticity && !(price > 0.0);
        range.most += endless ? std::numeric_limits<double>::infinity() : curve->quantity_at(price);
    }
    for (const LimitOrder& step : level_) {
        range.least += (supply_ ? step.limit < low : step.limit > high) ? step.quantity : 0.0;
        range.most += (supply_ ? step.limit <= high : step.limit >= low) ? step.quantity : 0.0;
    }
    return range;
}

double NodeSide::price_for(double tonnes, double low, double high) const {
    for (int turn = 0; turn < 200; ++turn) {
        const double middle = 0.5 * (low + high);
        double sum = fixed_;
        for (const CaseCurve* curve : bends_) {
            sum += curve->quantity_at(middle);
        }
        for (const LimitOrder& step : steps_) {
            sum += supply_ == (step.limit < middle) ? step.quantity : 0.0;
        }
        (supply_ == (sum < tonnes) ? low : high) = middle;
    }
    return 0.5 * (low + high);
}

std::vector<NodeSide> node_sides_of(const MarketCase& source) {
    std::vector<NodeSide> sides;
    for (std::size_t node = 0; node < source.nodes.size(); ++node) {
        sides.emplace_back(true);
        sides.emplace_back(false);
    }
    for (const CaseOrder& order : source.orders) {
        sides[2 * order.node + (order.ask ? 0U : 1U)].add(order);
    }
    for (const CaseCurve& curve : source.curves) {
        sides[2 * curve.node + (curve.supply ? 0U : 1U)].add(curve);
    }
    for (NodeSide& side : sides) {
        side.sort();
    }
    return sides;
}

}  // namespace ytterby

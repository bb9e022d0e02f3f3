#include "market/clearing/detail/complementarity.hpp"

#include <algorithm>
#include <cmath>

#include "market/clearing/detail/sparse_system.hpp"

namespace ytterby {
namespace {

/// A number between one and two that follows from its place alone.
double spread(std::uint64_t place) {
    std::uint64_t mixed = (place + 1) * 0x9E3779B97F4A7C15ULL;  // SplitMix64 (Steele and others 2014)
    mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBULL;
    mixed ^= mixed >> 31U;
    return 1.0 + std::ldexp(static_cast<double>(mixed >> 11U), -53);
}

/// The search itself: along it every variable's drive is changed by its weight times `change`.
class PathSearch {
public:
    PathSearch(const ComplementarityProblem& problem, int noise) : count_(problem.variables.size()) {
        for (std::uint32_t number = 0; number < count_; ++number) {
            take(problem.variables[number], number, noise);
            widen(variables_.back(), problem.limbs);
        }
        steps_left_ = most_steps(problem);
        start();
    }

    ComplementarityPath follow() {
        ComplementarityPath path;
        Wanted wanted{none, false, 1};
        while (path.steps < steps_left_ && find_direction(wanted)) {
            ++path.steps;
            const Event event = next_event();
            if (!event.found) {
                break;
            }
            move(event.length);
            if (event.variable == none) {
                path.found = true;
                break;
            }
            wanted = pass(event);
        }
        path.states.resize(count_);
        for (std::size_t number = 0; number < count_; ++number) {
            path.states[number] = variables_[number].state;
            path.quantity.push_back(variables_[number].quantity);
        }
        return path;
    }

private:
    static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

    struct Entry {
        std::uint32_t variable = 0;
        Wide factor;
    };
    struct Variable {
        std::vector<Entry> row;
        Wide constant, weight, quantity, drive;
        std::vector<Wide> at, value, slope, end;
        VariableState state;
    };
    /// Which way the search goes on: a quantity or a drive must rise or fall.
    struct Wanted {
        std::uint32_t variable = 0;
        bool drive = false;
        int sign = 1;
    };
    struct Event {
        std::uint32_t variable = none;  // none: the change has come to nothing
        Wide length;
        bool upper = false;  // at the upper end of its piece or jump
        bool found = false;
    };

    void take(const ComplementarityProblem::Variable& asked, std::uint32_t number, int noise_power) {
        Variable& made = variables_.emplace_back();
        for (const ComplementarityProblem::Entry& entry : asked.row) {
            made.row.push_back({entry.variable, entry.factor});
        }
        const Wide noise = Wide(spread(2 * std::uint64_t{number})) * Wide::power_of_two(noise_power);
        const bool down = asked.noise == Noise::down || spread(2 * std::uint64_t{number} + 1) < 1.5;
        made.constant = asked.constant + (down ? -noise : noise);
        for (const Wide& at : asked.response.at) {
            made.at.emplace_back(at);
        }
        for (std::size_t piece = 0; piece < asked.response.pieces(); ++piece) {
            made.value.emplace_back(asked.response.value[piece]);
            made.slope.emplace_back(asked.response.slope[piece]);
        }
        made.state.piece = asked.starts_high ? static_cast<std::uint32_t>(made.value.size()) : 0;
        made.quantity = asked.starts_high ? made.at.back() : made.at.front();
    }

    static void widen(Variable& one, int limbs) {
        for (Entry& entry : one.row) {
            entry.factor = entry.factor.with_limbs(limbs);
        }
        one.weight = one.weight.with_limbs(limbs);
        one.constant = one.constant.with_limbs(limbs);
        one.quantity = one.quantity.with_limbs(limbs);
        for (std::vector<Wide>* numbers : {&one.at, &one.value, &one.slope}) {
            for (Wide& number : *numbers) {
                number = number.with_limbs(limbs);
            }
        }
        for (std::size_t piece = 0; piece < one.value.size(); ++piece) {
            one.end.push_back(one.value[piece] + one.slope[piece] * (one.at[piece + 1] - one.at[piece]));
        }
    }

    Wide drive_of(const Variable& one) const {
        Wide sum = one.constant - one.weight * change_;
        for (const Entry& entry : one.row) {
            if (!variables_[entry.variable].quantity.is_zero()) {
                sum += entry.factor * variables_[entry.variable].quantity;
            }
        }
        return sum;
    }

    /// Weights hold every variable at its bound as long as the change is large.
    void start() {
        change_ = Wide();
        for (std::uint32_t number = 0; number < count_; ++number) {
            Variable& one = variables_[number];
            const bool high = one.state.piece > 0;
            const Wide beyond = drive_of(one) - (high ? one.end.back() : one.value.front());
            if (high ? beyond.sign() < 0 : beyond.sign() > 0) {
                one.weight =
                    Wide(high ? -spread(number + count_) : spread(number + count_)).with_limbs(one.weight.limbs());
                change_ = std::max(change_, beyond / one.weight);
            }
        }
        change_ = change_ * Wide(2.0) + Wide(1.0);
    }

    /// The direction in which all that is within pieces stays in its response, turned as wanted.
    bool find_direction(const Wanted& wanted) {
        within_.clear();
        place_.assign(count_, none);
        for (std::uint32_t number = 0; number < count_; ++number) {
            if (variables_[number].state.within) {
                place_[number] = static_cast<std::uint32_t>(within_.size());
                within_.push_back(number);
            }
        }
        const std::size_t size = within_.size();
        system_.reset(size, size + 1);
        for (std::uint32_t place = 0; place < size; ++place) {
            const Variable& one = variables_[within_[place]];
            for (const Entry& entry : one.row) {
                if (place_[entry.variable] != none) {
                    system_.add(place, place_[entry.variable], entry.factor);
                }
            }
            system_.add(place, place, -one.slope[one.state.piece]);
            system_.add(place, static_cast<std::uint32_t>(size), -one.weight);
        }
        if (!system_.eliminate(size + 1)) {
            return false;
        }
        direction_.assign(size + 1, Wide());
        for (std::size_t column = 0; column <= size; ++column) {
            if (!system_.is_pivot(column)) {
                direction_[column] = Wide(1.0);
            }
        }
        system_.substitute(direction_);
        return turn(wanted);
    }

    bool turn(const Wanted& wanted) {
        int sign = -direction_.back().sign();  // at first the change falls
        if (wanted.variable != none) {
            sign = wanted.drive ? slope_of_drive(variables_[wanted.variable]).sign()
                                : direction_[place_[wanted.variable]].sign();
        }
        if (sign == 0) {
            return false;
        }
        if (sign != wanted.sign) {
            for (Wide& one : direction_) {
                one = -one;
            }
        }
        return true;
    }

    Wide slope_of_drive(const Variable& one) const {
        Wide sum = one.weight.is_zero() ? Wide() : -(one.weight * direction_.back());
        for (const Entry& entry : one.row) {
            const std::uint32_t place = place_[entry.variable];
            if (place != none && !direction_[place].is_zero()) {
                sum += entry.factor * direction_[place];
            }
        }
        return sum;
    }

    void consider(Event& best, std::uint32_t variable, const Wide& room, const Wide& speed) const {
        if (room.sign() * speed.sign() < 0) {  // passed by rounding
            best = {variable, Wide(), speed.sign() > 0, true};
            return;
        }
        const Wide length = room / speed;
        if (!best.found || length < best.length) {
            best = {variable, length, speed.sign() > 0, true};
        }
    }

    Event next_event() {
        Event best;
        if (direction_.back().sign() < 0) {
            consider(best, none, -change_, direction_.back());
        }
        for (std::uint32_t number = 0; number < count_; ++number) {
            Variable& one = variables_[number];
            const std::uint32_t piece = one.state.piece;
            if (one.state.within) {
                const Wide& speed = direction_[place_[number]];
                if (!speed.is_zero()) {
                    const Wide& end = one.at[speed.sign() > 0 ? piece + 1 : piece];
                    consider(best, number, end - one.quantity, speed);
                }
                continue;
            }
            const Wide speed = slope_of_drive(one);
            if (speed.sign() > 0 && piece < one.value.size()) {
                consider(best, number, one.value[piece] - drive_of(one), speed);
            } else if (speed.sign() < 0 && piece > 0) {
                consider(best, number, one.end[piece - 1] - drive_of(one), speed);
            }
        }
        return best;
    }

    void move(const Wide& length) {
        for (std::size_t place = 0; place < within_.size(); ++place) {
            variables_[within_[place]].quantity += length * direction_[place];
        }
        change_ += length * direction_.back();
    }

    /// Whether the response goes on without a jump at a breakpoint between two pieces.
    static bool joined(const Variable& one, std::uint32_t piece) {
        const Wide jump = one.value[piece] - one.end[piece - 1];
        return jump.sign() <= 0 || jump.magnitude() < one.value[piece].magnitude() - 350;
    }

    Wanted pass(const Event& event) {
        Variable& one = variables_[event.variable];
        VariableState& state = one.state;
        if (!state.within) {  // from a breakpoint into a piece
            state = {event.upper ? state.piece : state.piece - 1, true};
            return {event.variable, false, event.upper ? 1 : -1};
        }
        const std::uint32_t breakpoint = event.upper ? state.piece + 1 : state.piece;
        one.quantity = one.at[breakpoint];
        const bool inner = breakpoint > 0 && breakpoint < one.value.size();
        if (inner && joined(one, breakpoint)) {
            state.piece = event.upper ? breakpoint : breakpoint - 1;
            return {event.variable, false, event.upper ? 1 : -1};
        }
        state = {breakpoint, false};
        return {event.variable, true, event.upper ? 1 : -1};
    }

    std::size_t count_;
    std::vector<Variable> variables_;
    std::vector<std::uint32_t> within_;  // variables within a piece
    std::vector<std::uint32_t> place_;   // per variable: its place in `within_`
    std::vector<Wide> direction_;        // per place; last: of the change
    SparseSystem system_;
    Wide change_;
    int steps_left_ = 0;
};

/// Newton's method at given states; a problem without smooth responses needs one round.
class AnswerSearch {
public:
    AnswerSearch(const ComplementarityProblem& problem, const std::vector<VariableState>& states,
                 const Tolerance& tolerance)
        : problem_(problem), states_(states), tolerance_(tolerance), count_(problem.variables.size()) {
        answer_.quantity.resize(count_);
        answer_.drive.resize(count_);
        place_.assign(count_, none);
        for (std::uint32_t number = 0; number < count_; ++number) {
            const Response& response = problem.variables[number].response;
            const std::uint32_t piece = states[number].piece;
            answer_.quantity[number] = response.at[piece];
            if (states[number].within) {
                place_[number] = static_cast<std::uint32_t>(within_.size());
                within_.push_back(number);
                if (is_smooth(number)) {
                    answer_.quantity[number] = (response.at[piece] + response.at[piece + 1]) * Wide(0.5);
                }
            }
        }
    }

    ComplementarityAnswer find() {
        const bool any_smooth = std::any_of(within_.begin(), within_.end(), [&](auto one) { return is_smooth(one); });
        bool done = false;
        for (int round = 0; round < (any_smooth ? most_rounds : 1) && !done; ++round) {
            if (!improve(done)) {
                return answer_;
            }
        }
        for (std::uint32_t number = 0; number < count_; ++number) {
            answer_.drive[number] = drive_of(number);
        }
        answer_.found = (done || !any_smooth) && holds();
        return std::move(answer_);
    }

private:
    static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
    static constexpr int most_rounds = 40;

    bool is_smooth(std::uint32_t number) const {
        return problem_.variables[number].smooth.kind != SmoothResponse::Kind::none;
    }

    Wide drive_of(std::uint32_t number) const {
        Wide sum = problem_.variables[number].constant;
        for (const ComplementarityProblem::Entry& entry : problem_.variables[number].row) {
            sum += entry.factor * answer_.quantity[entry.variable];
        }
        return sum;
    }

    /// The value of a response within its piece and its slope there.
    std::pair<Wide, Wide> response_of(std::uint32_t number) const {
        const ComplementarityProblem::Variable& one = problem_.variables[number];
        const Wide& quantity = answer_.quantity[number];
        if (is_smooth(number)) {
            const Wide value = one.smooth.value(quantity);
            return {value, one.smooth.slope(quantity, value)};
        }
        const std::uint32_t piece = states_[number].piece;
        return {one.response.value[piece] + one.response.slope[piece] * (quantity - one.response.at[piece]),
                one.response.slope[piece]};
    }

    /// One step of Newton's method; smooth quantities at most halve or double, so that they stay above zero.
    bool improve(bool& done) {
        const std::size_t size = within_.size();
        system_.reset(size, size + 1);
        for (std::uint32_t place = 0; place < size; ++place) {
            const std::uint32_t number = within_[place];
            const auto [value, slope] = response_of(number);
            for (const ComplementarityProblem::Entry& entry : problem_.variables[number].row) {
                if (place_[entry.variable] != none) {
                    system_.add(place, place_[entry.variable], entry.factor);
                }
            }
            system_.add(place, place, -slope);
            system_.add(place, static_cast<std::uint32_t>(size), drive_of(number) - value);
        }
        if (!system_.eliminate(size)) {
            return false;
        }
        std::vector<Wide> change(size + 1);
        change[size] = Wide(1.0).with_limbs(problem_.limbs);
        system_.substitute(change);
        done = true;
        Wide share(1.0);
        for (std::size_t place = 0; place < size; ++place) {
            const std::uint32_t number = within_[place];
            if (is_smooth(number) && !change[place].is_zero()) {
                const Wide inner = problem_.variables[number].smooth.opening + answer_.quantity[number];
                const Wide room = inner * Wide(0.75);
                if (abs(change[place]) > room) {
                    share = std::min(share, room / abs(change[place]));
                }
                done = done && change[place].magnitude() < inner.magnitude() - 32 * inner.limbs();
            }
        }
        for (std::size_t place = 0; place < size; ++place) {
            answer_.quantity[within_[place]] += share * change[place];
        }
        return true;
    }

    bool holds() const {
        for (std::uint32_t number = 0; number < count_; ++number) {
            if (place_[number] != none ? !within_piece(number) : !within_jump(number)) {
                return false;
            }
        }
        return true;
    }

    bool within_piece(std::uint32_t number) const {
        const Response& response = problem_.variables[number].response;
        const std::uint32_t piece = states_[number].piece;
        const Wide& low = is_smooth(number) ? response.at.front() : response.at[piece];
        const Wide& high = is_smooth(number) ? response.at.back() : response.at[piece + 1];
        const Wide& quantity = answer_.quantity[number];
        return (quantity >= low || tolerance_.equal(quantity, low)) &&
               (quantity <= high || tolerance_.equal(quantity, high));
    }

    bool within_jump(std::uint32_t number) const {
        const Response& response = problem_.variables[number].response;
        const std::uint32_t piece = states_[number].piece;
        const Wide& drive = answer_.drive[number];
        Wide tolerance = tolerance_.start();
        for (const ComplementarityProblem::Entry& entry : problem_.variables[number].row) {
            tolerance_.include(tolerance, entry.factor * answer_.quantity[entry.variable]);
        }
        return (piece == 0 || drive + tolerance >= response.end_of(piece - 1)) &&
               (piece == response.pieces() || drive - tolerance <= response.value[piece]);
    }

    const ComplementarityProblem& problem_;
    const std::vector<VariableState>& states_;
    Tolerance tolerance_;
    std::size_t count_;
    std::vector<std::uint32_t> within_, place_;
    SparseSystem system_;
    ComplementarityAnswer answer_;
};

}  // namespace

Wide SmoothResponse::value(const Wide& quantity) const {
    if (kind == Kind::power) {
        return quantity.sign() > 0 ? factor * exp(exponent * log(quantity / scale)) : Wide();
    }
    const Wide inner = (quantity + opening) / scale;
    return base + factor * log(inner.sign() > 0 ? inner : Wide::power_of_two(-1000));
}

Wide SmoothResponse::slope(const Wide& quantity, const Wide& value) const {
    if (kind == Kind::power) {
        return quantity.sign() > 0 ? exponent * value / quantity : Wide();
    }
    return factor / (quantity + opening);
}

std::uint32_t ComplementarityProblem::add(Response response, const Wide& constant) {
    Variable& made = variables.emplace_back();
    made.response = std::move(response);
    made.constant = constant;
    return static_cast<std::uint32_t>(variables.size() - 1);
}

int most_steps(const ComplementarityProblem& problem) {
    std::size_t pieces = 0;
    for (const ComplementarityProblem::Variable& one : problem.variables) {
        pieces += one.response.pieces() + 1;
    }
    return static_cast<int>(std::min<std::size_t>(1'000'000, 500 + 20 * pieces));
}

ComplementarityPath follow_path(const ComplementarityProblem& problem, int noise) {
    return PathSearch(problem, noise).follow();
}

ComplementarityAnswer answer_at(const ComplementarityProblem& problem, const std::vector<VariableState>& states,
                                const Tolerance& tolerance) {
    return AnswerSearch(problem, states, tolerance).find();
}

}  // namespace ytterby

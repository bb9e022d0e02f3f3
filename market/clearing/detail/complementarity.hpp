#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "market/clearing/detail/wide_number.hpp"

namespace ytterby {

/// A rising response: from one breakpoint `at` to the next its value rises from `value` by `slope` per unit; at the
/// breakpoints it may jump. The first breakpoint is the least and the last the most that a quantity may be.
struct Response {
    std::vector<Wide> at;     // rising; one more than pieces
    std::vector<Wide> value;  // per piece, at its beginning
    std::vector<Wide> slope;  // per piece

    std::size_t pieces() const { return value.size(); }
    Wide end_of(std::size_t piece) const { return value[piece] + slope[piece] * (at[piece + 1] - at[piece]); }
    static Response flat(const Wide& least, const Wide& most, const Wide& value) {
        return {{least, most}, {value}, {Wide()}};
    }
    static Response ramp(const Wide& most, const Wide& value, const Wide& slope) {
        return {{Wide(), most}, {value}, {slope}};
    }
};

/// A response of which the pieces are only chords.
struct SmoothResponse {
    enum class Kind : std::uint8_t { none, power, logarithm };
    Kind kind = Kind::none;
    // power: factor x (quantity / scale)^exponent; logarithm: base + factor x ln((quantity + opening) / scale)
    Wide factor, scale, exponent, base, opening;

    Wide value(const Wide& quantity) const;
    Wide slope(const Wide& quantity, const Wide& value) const;
};

/// Which way a number may be moved to break ties.
enum class Noise : std::uint8_t { either, down };

/// Find quantities so that each variable's drive, constant + sum of factor x quantity over its row, lies in its
/// response at its quantity: a linear complementarity problem with bounds.
struct ComplementarityProblem {
    struct Entry {
        std::uint32_t variable = 0;
        Wide factor;
    };
    struct Variable {
        std::vector<Entry> row;
        Wide constant;
        Response response;
        SmoothResponse smooth = {};
        Noise noise = Noise::either;
        bool starts_high = false;  // where the search begins: at the most or at the least
    };
    std::vector<Variable> variables;
    int limbs = Wide::least_limbs;  // of the numbers in which it is searched

    std::uint32_t add(Response response, const Wide& constant = {});
    void couple(std::uint32_t variable, std::uint32_t other, const Wide& factor) {
        variables[variable].row.push_back({other, factor});
    }
};

/// Where a variable is: within a piece of its response, or at the breakpoint before a piece (`piece` may then be the
/// number of pieces).
struct VariableState {
    std::uint32_t piece = 0;
    bool within = false;
};

struct ComplementarityPath {
    std::vector<VariableState> states;
    std::vector<Wide> quantity;  // with the noise
    int steps = 0;
    bool found = false;
};

/// Lemke's method for bounded variables (Eaves 1978; Cao and Ferris 1996): follows the answers of a problem that is
/// changed by ever less, from one that is solved at the bounds. Ties are broken by noise of about 2^noise, far below
/// the digits of the problem and far above those of the numbers, so the search does not cycle; as all variables are
/// bounded, it ends at an answer whatever the coefficients. At most `most_steps` steps.
ComplementarityPath follow_path(const ComplementarityProblem& problem, int noise);

int most_steps(const ComplementarityProblem& problem);

/// Below what numbers count as equal: 2^least, and 2^share of the numbers that are compared, of which those above
/// 2^bound do not count.
struct Tolerance {
    int least = -130;
    int share = -250;
    int bound = 120;

    Wide start() const { return Wide::power_of_two(least); }
    void include(Wide& tolerance, const Wide& number) const {
        if (!number.is_zero() && number.magnitude() < bound) {
            tolerance += abs(number) * Wide::power_of_two(share);
        }
    }
    bool equal(const Wide& left, const Wide& right) const {
        Wide tolerance = start();
        include(tolerance, left);
        include(tolerance, right);
        return abs(left - right) <= tolerance;
    }
};

struct ComplementarityAnswer {
    std::vector<Wide> quantity;  // per variable
    std::vector<Wide> drive;
    bool found = false;
};

/// The answer that has these states, with smooth responses exactly. Not found where they have none.
ComplementarityAnswer answer_at(const ComplementarityProblem& problem, const std::vector<VariableState>& states,
                                const Tolerance& tolerance);

}  // namespace ytterby

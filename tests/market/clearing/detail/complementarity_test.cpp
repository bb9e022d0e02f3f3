#include "market/clearing/detail/complementarity.hpp"

#include <gtest/gtest.h>

namespace ytterby {
namespace {

constexpr int noise = -170;

/// One price, a supply of 10 t at 2 and 10 t at 5, and a demand of `wanted` t up to 8.
ComplementarityProblem auction(double wanted) {
    ComplementarityProblem problem;
    const std::uint32_t price = problem.add(Response::flat(Wide(-1e6), Wide(1e6), Wide()));
    const std::uint32_t supply =
        problem.add({{Wide(), Wide(10.0), Wide(20.0)}, {Wide(2.0), Wide(5.0)}, {Wide(), Wide()}});
    const std::uint32_t demand = problem.add(Response::flat(Wide(), Wide(wanted), Wide(-8.0)));
    problem.variables[price].starts_high = true;
    problem.variables[supply].starts_high = true;
    problem.couple(price, supply, Wide(-1.0));
    problem.couple(price, demand, Wide(1.0));
    problem.couple(supply, price, Wide(1.0));
    problem.couple(demand, price, Wide(-1.0));
    return problem;
}

ComplementarityAnswer solve(const ComplementarityProblem& problem) {
    const ComplementarityPath path = follow_path(problem, noise);
    EXPECT_TRUE(path.found);
    EXPECT_LE(path.steps, most_steps(problem));
    return answer_at(problem, path.states, {});
}

TEST(Complementarity, FindsThePriceOfTheMarginalOrder) {
    const ComplementarityAnswer answer = solve(auction(13.0));
    ASSERT_TRUE(answer.found);
    EXPECT_EQ(answer.quantity[0], Wide(5.0));
    EXPECT_EQ(answer.quantity[1], Wide(13.0));
    EXPECT_EQ(answer.quantity[2], Wide(13.0));
}

TEST(Complementarity, EndsWhereQuantitiesTie) {
    const ComplementarityAnswer answer = solve(auction(10.0));  // any price from 2 to 5 clears
    ASSERT_TRUE(answer.found);
    EXPECT_EQ(answer.quantity[1], Wide(10.0));
    EXPECT_GE(answer.quantity[0], Wide(2.0));
    EXPECT_LE(answer.quantity[0], Wide(5.0));
}

TEST(Complementarity, MeetsSmoothResponsesToTheLastDigits) {
    ComplementarityProblem problem = auction(13.0);
    // A second supply: price = quantity^2, by two chords.
    const std::uint32_t curve =
        problem.add({{Wide(), Wide(2.0), Wide(4.0)}, {Wide(), Wide(4.0)}, {Wide(2.0), Wide(6.0)}});
    problem.variables[curve].smooth = {SmoothResponse::Kind::power, Wide(1.0), Wide(1.0), Wide(2.0), Wide(), Wide()};
    problem.couple(0, curve, Wide(-1.0));
    problem.couple(curve, 0, Wide(1.0));
    const ComplementarityAnswer answer = solve(problem);
    ASSERT_TRUE(answer.found);
    EXPECT_LE(abs(answer.quantity[curve] * answer.quantity[curve] - answer.quantity[0]), Wide::power_of_two(-200));
    EXPECT_LE(abs(answer.quantity[1] + answer.quantity[curve] - Wide(13.0)), Wide::power_of_two(-200));
}

TEST(Complementarity, RefusesStatesThatHaveNoAnswer) {
    const ComplementarityProblem problem = auction(13.0);
    std::vector<VariableState> states = follow_path(problem, noise).states;
    states[1] = {0, true};  // as if only the cheaper supply sold
    EXPECT_FALSE(answer_at(problem, states, {}).found);
}

}  // namespace
}  // namespace ytterby

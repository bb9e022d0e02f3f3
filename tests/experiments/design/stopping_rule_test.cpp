#include "experiments/design/stopping_rule.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "core/random.hpp"
#include "experiments/metrics/metric_condition.hpp"
#include "statistics/convergence.hpp"
#include "statistics/student_interval.hpp"

namespace ytterby {
namespace {

using testing::HasSubstr;

const std::vector<std::string> metrics{"import_reliance", "cost"};

std::string refusal(const std::string& text) {
    try {
        StoppingRule::parse(text, metrics);
    } catch (const InputError& error) {
        return error.what();
    }
    return "";
}

StoppingAnswer ask(const StoppingRule& rule, const std::vector<std::vector<double>>& cells) {
    return rule.ask(cells.size(), [&](std::size_t, std::size_t cell) { return std::span<const double>(cells[cell]); });
}

std::vector<double> draws(std::uint32_t cell, std::size_t count, double deviation) {
    std::vector<double> values(count);
    Random(4).fill_normal(std::span<double>(values), 0U, Purpose::test, cell);
    for (double& value : values) {
        value = 10.0 + deviation * value;
    }
    return values;
}

TEST(StoppingRule, SaysWhatIsWrongAndWhere) {
    EXPECT_THAT(refusal("ci(import_relience) < 0.01"),
                testing::AllOf(HasSubstr("character 4"), HasSubstr("did you mean 'import_reliance'?")));
    EXPECT_THAT(refusal("ci(cost < 0.01"), HasSubstr("'<' where ',' or ')' should be"));
    EXPECT_THAT(refusal("ci(cost) > 0.01"), HasSubstr("write <"));
    EXPECT_THAT(refusal("ci(cost) < 1%"), HasSubstr("unexpected '%'"));
    EXPECT_THAT(refusal("ci(cost) <"), HasSubstr("the name of a measure is missing"));
    EXPECT_THAT(refusal("ci(cost) < 0"), HasSubstr("not above 0"));
    EXPECT_THAT(refusal("ci(cost, 95) < 1"), HasSubstr("between 0 and 1"));
    EXPECT_THAT(refusal("width(cost) < 1"), HasSubstr("unknown measure 'width'"));
    EXPECT_THAT(refusal("ci(cost) < cost"), HasSubstr("unknown measure 'cost'"));
    EXPECT_THAT(refusal("ci < 1"), HasSubstr("ci takes a metric"));
    EXPECT_THAT(refusal("2 * ci(cost) < 1"), HasSubstr("compares an interval with a number"));
    EXPECT_THAT(refusal("ci(cost) < 1 or ci(cost) < 2"), HasSubstr("join several by 'and'"));
    EXPECT_THAT(refusal(""), HasSubstr("\"ci(import_reliance) < 0.01\""));
}

TEST(StoppingRule, GoesOnUntilTheWorstCellIsKnown) {
    const StoppingRule rule = StoppingRule::parse("ci(import_reliance) < 0.5", metrics);
    const StoppingAnswer few = ask(rule, {draws(0, 20, 0.1), draws(1, 20, 2.0)});
    EXPECT_TRUE(few.go_on);
    EXPECT_GT(few.more, 10U);
    EXPECT_LE(few.more, 60U) << "at most three times as many again";
    EXPECT_THAT(few.why, HasSubstr("number 2 of 2"));
    const StoppingAnswer enough = ask(rule, {draws(0, 20 + few.more, 0.1), draws(1, 120, 2.0)});
    EXPECT_FALSE(enough.go_on) << enough.why;
    EXPECT_EQ(enough.more, 0U);
}

TEST(StoppingRule, AsksForSomeReplicatesFirst) {
    const StoppingRule rule =
        StoppingRule::parse("relative_ci(cost, 0.9) <= 0.1 and ci(import_reliance) < 100", metrics);
    EXPECT_EQ(rule.metrics(), (std::vector<std::size_t>{1, 0}));
    EXPECT_EQ(ask(rule, {{}}).more, StoppingRule::least_replicates);
    EXPECT_EQ(ask(rule, {{1, 1, 1, 1}}).more, StoppingRule::least_replicates - 4) << "four equal values may be chance";
    const StoppingAnswer equal = ask(rule, {std::vector<double>(10, 1.0), std::vector<double>(10, 2.0)});
    EXPECT_TRUE(equal.is_refused);
    EXPECT_THAT(equal.why, HasSubstr("equal to the bit"));
    EXPECT_FALSE(ask(rule, {std::vector<double>(10, 1.0), draws(0, 10, 0.01)}).is_refused)
        << "one cell with noise is enough";
    std::vector<double> with_hole(10, 1.0);
    with_hole[3] = std::nan("");
    EXPECT_TRUE(ask(rule, {with_hole}).go_on) << "a failed run does not count";
}

TEST(StoppingRule, NeededObservationsAreTheFewest) {
    const std::size_t needed = observations_needed(2.0, 0.3, 0.95);
    EXPECT_LT(student_reach(0.95, needed) * 2.0 / std::sqrt(static_cast<double>(needed)), 0.3);
    EXPECT_GE(student_reach(0.95, needed - 1) * 2.0 / std::sqrt(static_cast<double>(needed - 1)), 0.3);
    EXPECT_EQ(observations_needed(0.0, 0.3, 0.95), 2U);
}

TEST(Convergence, WidthsAreThoseOfTheFirstReplicates) {
    std::vector<double> values = draws(0, 30, 1.0);
    const std::vector<double> second = draws(0, 30, 1.0);
    values.insert(values.end(), second.begin(), second.end());
    for (std::size_t replicate = 30; replicate < 60; ++replicate) {
        values[replicate] += 3.0;
    }
    const std::vector<ConvergenceStep> steps = follow_convergence(values, 30, 0.95);
    EXPECT_EQ(steps.front().replicates, 2U);
    EXPECT_EQ(steps.back().replicates, 30U);
    EXPECT_NEAR(steps.back().widest_cell, estimate_mean(second, 0.95).half_width, 1e-9);
    EXPECT_NEAR(steps.back().widest_difference, 0.0, 1e-9) << "shared noise cancels in differences";
    EXPECT_NEAR(steps[8].widest_cell, estimate_mean(std::span(second).first(10), 0.95).half_width, 1e-9);
}

TEST(MetricCondition, BindsAndBeforeOr) {
    const auto holds = [](const std::string& text, double reliance, double cost) {
        return MetricCondition::parse(text, metrics, "--fails", {}).holds([&](std::size_t metric) {
            return metric == 0 ? reliance : cost;
        });
    };
    EXPECT_EQ(holds("import_reliance > 0.5", 0.6, 0), true);
    EXPECT_EQ(holds("import_reliance > 0.5", 0.5, 0), false);
    EXPECT_EQ(holds("import_reliance>=.5 and cost < -1e1 or cost > 5", 0.4, 6), true);
    EXPECT_EQ(holds("import_reliance > 1 or cost > 5 and import_reliance > 0", 0.5, 6), true);
    EXPECT_EQ(holds("import_reliance > 0.5", std::nan(""), 6), std::nullopt);
    EXPECT_EQ(holds("import_reliance > 0.5 and cost > 7", std::nan(""), 6), false) << "false whatever the other is";
    EXPECT_EQ(holds("import_reliance > 0.5 or cost > 5", std::nan(""), 6), true);
    EXPECT_EQ(holds("not (import_reliance > 0.5) and cost < 2 * 4", 0.4, 7), true);
    EXPECT_EQ(holds("not import_reliance > 0.5", std::nan(""), 7), std::nullopt);
    EXPECT_THROW(holds("import_reliance", 0, 0), InputError);
    EXPECT_THROW(holds("import_reliance(cost) > 1", 0, 0), InputError);
    EXPECT_THROW(holds("import_reliance > 1 cost > 2", 0, 0), InputError);
}

}  // namespace
}  // namespace ytterby

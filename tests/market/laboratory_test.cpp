#include "market/laboratory.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <string>

#include "core/config.hpp"

namespace ytterby {
namespace {

/// The [laboratory] of a shipped market.
Laboratory shipped(const std::string& name) {
    Problems problems;
    const ConfigDocument document = ConfigDocument::load(std::string(YTTERBY_SOURCE_DIR) + "/configs/markets/" + name, {}, problems);
    Laboratory laboratory;
    std::string title;
    KeyReader keys(document.root(), problems);
    keys.text("title", title, {.fallback = ""});
    keys.table("laboratory", laboratory, {.doc = "traders, values, costs"});
    keys.finish();
    problems.throw_if_any();
    return laboratory;
}

TEST(Laboratory, Print) {
    for (const char* name : {"gode_sunder_1993.toml", "smith_1962.toml"}) {
        for (const auto traders : {LaboratoryTraders::zi_c, LaboratoryTraders::zi_u, LaboratoryTraders::zip, LaboratoryTraders::gd}) {
            Laboratory laboratory = shipped(name);
            laboratory.traders = traders;
            if (traders == LaboratoryTraders::gd) laboratory.sessions = 200;
            const LaboratoryReport report = run_laboratory(laboratory, Random(1));
            std::printf("%s %d P %.3f-%.3f Q %u S %.2f\n", name, static_cast<int>(traders), report.equilibrium.lowest_price, report.equilibrium.highest_price, report.equilibrium.quantity, report.equilibrium.surplus);
            for (const LaboratorySummary& period : report.periods) {
                std::printf("   eff %.4f+-%.4f price %.3f+-%.3f alpha %.2f+-%.2f quantity %.2f\n", period.efficiency.mean, period.efficiency.half_width, period.mean_price.mean, period.mean_price.half_width, period.alpha.mean, period.alpha.half_width, period.quantity.mean);
            }
        }
    }
}

}  // namespace
}  // namespace ytterby

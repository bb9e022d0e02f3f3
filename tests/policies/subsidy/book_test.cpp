#include "policies/subsidy/book.hpp"

#include <gtest/gtest.h>

#include "tests/policies/small_world.hpp"

namespace ytterby {
namespace {

/// A world of one sector, and the books of a subsidy month by month.
struct Books : SmallWorld {
    Calendar calendar{{2024, 1, 1}, TickLength::month};
    PolicyMemory memory, next;
    double clawback_years = 5.0;
    SubsidyBudget budget{1000.0, 1000.0};

    Books() {
        Cell cell;
        cell.process = ProcessId{0};
        cell.country = country("USA");
        cell.kind = FirmKind::miner;
        cell.firms = 4;
        economy.cells.push_back(cell);
        world.cells.resize(1);
        world.cells[0].capacity_t = 40.0;
    }
    /// One month: enters claims and payments of the last one and returns the rules of the subsidy.
    Regime month(double claimed, double paid) {
        ++world.tick;
        world.support["p"] = {{claimed}, {paid}, 0.0, 0.0, 0.0};
        Regime regime(4, 3);
        regime.begin_policy("p");
        const PolicyView view{economy, world, calendar, memory};
        SubsidyBook book(view, "p", budget, clawback_years, true);
        book.claw_back(country("USA"), regime);
        book.pay_arrears(country("USA"), Payee::owners, regime);
        next = memory;
        book.write(next);
        regime.fund(book.left_for_new_claims());
        believed = book.believed();
        memory = next;
        world.cells[0].closed_t = 0.0;
        world.cells[0].bankrupt_now = 0;
        return regime;
    }
    double queued() { return memory["account"][0]; }
    double refused() { return memory["account"][2]; }
    double believed = 1.0;
};

TEST(SubsidyBook, QueuedClaimsArePaidFirstInTheNewYear) {
    Books books;
    books.budget = {1000.0, 100.0};
    EXPECT_EQ(books.month(60.0, 60.0).plants().funds("p"), 40.0);
    EXPECT_EQ(books.month(70.0, 40.0).plants().funds("p"), 0.0);
    EXPECT_NEAR(books.queued(), 30.0, 1e-9);
    EXPECT_LT(books.believed, 1.0) << "queued claims are worth less";
    for (int month = 3; month < 12; ++month) {
        EXPECT_TRUE(books.month(0.0, 0.0).plants().payments().empty());
    }
    const Regime january = books.month(0.0, 0.0);
    ASSERT_EQ(january.plants().payments().size(), 1U);
    EXPECT_NEAR(january.plants().payments()[0].usd, 30.0, 1e-9);
    EXPECT_NEAR(january.plants().funds("p"), 70.0, 1e-9);
    EXPECT_EQ(books.queued(), 0.0);
}

TEST(SubsidyBook, BeyondTheTotalClaimsAreRefused) {
    Books books;
    books.budget = {100.0, 60.0};
    books.month(200.0, 60.0);
    EXPECT_NEAR(books.queued(), 40.0, 1e-9);
    EXPECT_NEAR(books.refused(), 100.0, 1e-9);
}

/// A quarter of the capacity closes: a quarter of the grants of the last five years is reclaimed, and nothing of older
/// ones.
TEST(SubsidyBook, GrantsOfPlantsThatCloseAreReclaimed) {
    Books books;
    books.month(80.0, 80.0);
    books.world.cells[0].capacity_t = 30.0;
    books.world.cells[0].closed_t = 10.0;
    const Regime regime = books.month(0.0, 0.0);
    ASSERT_EQ(regime.plants().payments().size(), 1U);
    EXPECT_NEAR(regime.plants().payments()[0].usd, -20.0, 1e-9);
    EXPECT_EQ(regime.plants().payments()[0].payee, Payee::owners);
    books.world.cells[0].bankrupt_now = 2;
    const Regime again = books.month(0.0, 0.0);
    ASSERT_EQ(again.plants().payments().size(), 1U);
    EXPECT_NEAR(again.plants().payments()[0].usd, -30.0, 1e-9) << "half of the firms, of the rest of the grant";
    books.world.tick += 61;
    books.world.cells[0].closed_t = 10.0;
    EXPECT_TRUE(books.month(0.0, 0.0).plants().payments().empty()) << "not after five years";
}

}  // namespace
}  // namespace ytterby

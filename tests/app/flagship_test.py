"""The flagship: the strategy bites, on the metals that it targets, and its costs are booked in the treasury (docs/flagship.md)."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from finished_run import FinishedRun  # noqa: E402

OVERRIDES = ("run.ticks=60", 'records.tables=["indicators", "treasury", "deals"]')


class Flagship(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.controls = FinishedRun("configs/foreign_controls.toml", *OVERRIDES)
        cls.strategy = FinishedRun("configs/us_supply_security.toml", *OVERRIDES)
        cls.addClassCleanup(cls.controls.close)
        cls.addClassCleanup(cls.strategy.close)

    @staticmethod
    def mean(run, good):
        return run.store.execute("SELECT avg(value) FROM indicators WHERE indicator = 'import_reliance' AND good = ? AND country = 'USA' AND date >= '2026'", (good,)).fetchone()[0]

    def lowered(self, good):
        """By how many points of import reliance, in the years from 2026."""
        return 100 * (self.mean(self.controls, good) - self.mean(self.strategy, good))

    def test_the_strategy_lowers_reliance(self):
        for good, points in (("cobalt.refined", 10), ("dysprosium.refined", 10)):
            with self.subTest(good=good):
                self.assertGreater(self.lowered(good), points)

    def test_of_two_metals_it_lowers_reliance_by_less_than_it_did(self):
        """Missed: investors who count the whole cost of capital build less of these by 2028. Fails once the aims are met."""
        for good, aim in (("gallium.refined", 10), ("tungsten.refined", 5)):
            with self.subTest(good=good):
                self.assertGreater(self.lowered(good), 0)
                self.assertLess(self.lowered(good), aim, "the aim is met: move the metal to the test above")

    def test_it_costs_and_stays_within_its_budgets(self):
        paid = dict(self.strategy.store.execute("SELECT account, -sum(usd) FROM treasury WHERE country = 'USA' GROUP BY account"))
        for account, most in (("credit_45x", 1e10), ("plant_grants", 3.8e9), ("recycling", 1.2e9), ("buyers_credit", 5 * 0.4e9), ("partnership", 5 * 0.5e9)):
            with self.subTest(account=account):
                self.assertGreater(paid[account], 1e7)
                self.assertLessEqual(paid[account], most * (1 + 1e-9))
        self.assertFalse(self.controls.store.execute("SELECT count(*) FROM treasury WHERE account = 'credit_45x'").fetchone()[0])

    def test_deals_are_made_and_some_are_reviewed(self):
        count = lambda run, stage: run.store.execute("SELECT count(*) FROM deals WHERE stage = ?", (stage,)).fetchone()[0]
        self.assertGreater(count(self.controls, "closed"), 10)
        self.assertEqual(count(self.controls, "declaration"), 0)
        self.assertGreater(count(self.strategy, "declaration"), 0)


if __name__ == "__main__":
    unittest.main()

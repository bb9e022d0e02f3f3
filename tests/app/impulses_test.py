"""Impulse responses of the world at rest: direction, size beside the literature's elasticities, time to return."""

import pathlib
import statistics
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from finished_run import FinishedRun, yearly  # noqa: E402

START = 12  # shocks begin in January 2025


def deviations(shocked, calm):
    """good -> relative deviation by month"""
    return {good: [a / b - 1 for a, b in zip(shocked[good], calm[good])] for good in calm}


def largest_year(path):
    """The largest mean over twelve months in a row."""
    return max(sum(path[first:first + 12]) / 12 for first in range(len(path) - 11))


class Impulses(unittest.TestCase):
    @classmethod
    def run_pair(cls, config, name):
        """The scenario with and without one block."""
        shocked = FinishedRun(config)
        calm = FinishedRun(config, name + ".remove=true")
        cls.addClassCleanup(shocked.close)
        cls.addClassCleanup(calm.close)
        return shocked, calm


class SupplyLoss(Impulses):
    @classmethod
    def setUpClass(cls):
        cls.shocked, cls.calm = cls.run_pair("configs/impulses/supply_loss.toml", "shock.loss")
        cls.price = deviations(cls.shocked.monthly("price"), cls.calm.monthly("price"))
        cls.refined = [good for good in cls.price if good.endswith(".refined")]

    def test_nothing_moves_before(self):
        for good, path in self.price.items():
            self.assertLess(max(map(abs, path[:START])), 1e-6, good)

    @unittest.expectedFailure
    def test_prices_rise_as_far_as_in_the_literature(self):
        """The annual price response to supply, -2.1 (-3.3 to -0.9 between quartiles) over base metals; the aim of -1 to -4 is missed.

        The end of a dated loss is known to all, and stocks of eight months along the chain bridge a tenth of supply for a
        year: holders have no reason to ask for more (docs/model.md, 7.16, condition P_a).
        """
        response = {good: largest_year(self.price[good]) / 0.1 for good in self.refined}
        print({good: round(value, 2) for good, value in response.items()})
        for good, value in response.items():
            self.assertGreater(value, 0.0, good)
            self.assertLess(value, 4.0, good)
        self.assertGreater(statistics.median(response.values()), 0.9)
        self.assertLess(statistics.median(response.values()), 3.3)

    def test_prices_return(self):
        """Five years after the loss has ended (2026-01) nearly all stay within 10 % of the undisturbed path, all within 20 %, and swings shrink."""
        late = {good: max(map(abs, self.price[good][24 + 60:])) for good in self.refined}
        print({good: round(value, 3) for good, value in late.items()})
        self.assertGreaterEqual(sum(value < 0.10 for value in late.values()), len(late) - 2)
        self.assertLess(max(late.values()), 0.20)
        for good in self.refined:
            self.assertLess(late[good], max(0.05, 0.8 * max(map(abs, self.price[good]))), good)


class DemandStep(Impulses):
    @classmethod
    def setUpClass(cls):
        cls.shocked, cls.calm = cls.run_pair("configs/impulses/demand_step.toml", "shock.step")
        cls.price = deviations(cls.shocked.monthly("price"), cls.calm.monthly("price"))
        cls.refined = [good for good in cls.price if good.endswith(".refined")]

    def test_prices_rise_and_capacity_follows(self):
        capacity = {True: self.shocked.capacity(), False: self.calm.capacity()}
        for good in self.refined:
            self.assertGreater(largest_year(self.price[good][START:START + 48]), 0.02, good)
        for process in ("nickel_mine", "tungsten_mine", "gallium_recovery", "antimony_refinery"):
            self.assertGreater(capacity[True][process][2035]["capacity"], 1.01 * capacity[False][process][2035]["capacity"], process)

    def test_they_settle_above_where_they_were(self):
        """In the long run more expensive projects meet a demand that is a tenth higher: the mean of the last ten years lies above the old price and below +50 %."""
        for good in self.refined:
            late = self.price[good][-120:]
            mean = sum(late) / len(late)
            self.assertGreater(mean, -0.02, good)
            self.assertLess(mean, 0.5, good)

    def test_swings_stay_bounded(self):
        """No later swing is larger than the first response."""
        for good in self.refined:
            first = max(map(abs, self.price[good][START:START + 60]))
            later = max(map(abs, self.price[good][START + 60:]))
            self.assertLess(later, max(0.1, 1.0 * first), good)


class Freeze(Impulses):
    def test_two_months_leave_no_lasting_effect(self):
        shocked, calm = self.run_pair("configs/impulses/freeze.toml", "policy.freeze")
        price = deviations(shocked.monthly("price"), calm.monthly("price"))
        for good in ("antimony.refined", "cobalt.refined", "tungsten.refined", "ndpr.refined", "dysprosium.refined", "lithium.refined"):
            self.assertGreater(max(price[good]), 0.0, good)
            self.assertLess(max(price[good]), 0.35, good)
            self.assertLess(max(map(abs, price[good][START + 2 + 12:])), 0.05, good)


class OreBans(Impulses):
    """P4: Australia mines 37 % of the world's lithium ore, Brazil 4 %; each forbids exports permanently and is believed."""

    @classmethod
    def setUpClass(cls):
        cls.grown = {}
        for country, config in (("AUS", "large"), ("BRA", "small")):
            banned, calm = cls.run_pair("configs/impulses/ore_ban_" + config + ".toml", "policy.ore_ban")
            price = deviations(banned.monthly("price"), calm.monthly("price"))["lithium.refined"]
            made = [run.output()["lithium.refined"].get((country, 2034), 0.0) for run in (banned, calm)]
            cls.grown[country] = (made[0] / made[1], largest_year(price))
        print({country: (round(growth, 2), round(price, 2)) for country, (growth, price) in cls.grown.items()})

    def test_processing_moves_behind_the_large_suppliers_ban(self):
        self.assertGreater(self.grown["AUS"][0], 3.0)
        self.assertGreater(self.grown["AUS"][1], 10 * self.grown["BRA"][1])
        self.assertGreater(self.grown["BRA"][1], 0.0)

    @unittest.expectedFailure
    def test_processing_does_not_move_behind_the_small_ones(self):
        """Missed: investors see that ore behind the ban is cheap for good, however little of it there is (docs/model.md, P4)."""
        self.assertLess(self.grown["BRA"][0], 1.6)


if __name__ == "__main__":
    unittest.main()

"""As shipped_scenarios_test.py, of every shipped scenario, over ten years, in which all measures of most scenarios are in force."""

import unittest

from shipped_scenarios_test import Shipped, shipped

TICKS = 120


class Long(Shipped):
    def test_resumed_and_branched(self):
        self.assertGreater(len(shipped()), 15)
        self.compare_all(shipped(), TICKS)


del Shipped

if __name__ == "__main__":
    unittest.main()

"""Some random markets with seeds that no change was made for: each has an answer, and what must not change it does not
(tests/app/market_properties.py). Many more: random_markets_slow_test.py."""
import os
import pathlib
import unittest

import market_properties

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("YTTERBY", str(ROOT / "build/release/app/ytterby"))
COUNTS = {"ordinary": 30, "wide": 10, "whole": 20, "auction": 20, "whole_auction": 20}


class RandomMarkets(unittest.TestCase):
    def test_markets_have_their_properties(self):
        for shape, count in COUNTS.items():
            for seed in range(18_000_000, 18_000_000 + count):
                with self.subTest(f"{shape} {seed}"):
                    self.assertEqual(market_properties.violations(PROGRAM, shape, seed), [])


if __name__ == "__main__":
    unittest.main()

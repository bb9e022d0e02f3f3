"""Some random markets with seeds that no change was made for: each has an answer, and what must not change it does not
(tests/app/market_properties.py). Many more: random_markets_slow_test.py."""
import os
import pathlib
import unittest

import market_properties
import single_node_oracle

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("YTTERBY", str(ROOT / "build/release/app/ytterby"))
COUNTS = {"ordinary": 30, "wide": 10, "whole": 20, "auction": 20, "whole_auction": 20}
SINGLE_NODES = 400
FIRST = 45_000_000


class RandomMarkets(unittest.TestCase):
    def test_markets_have_their_properties(self):
        for shape, count in COUNTS.items():
            for seed in range(FIRST, FIRST + count):
                with self.subTest(f"{shape} {seed}"):
                    self.assertEqual(market_properties.violations(PROGRAM, shape, seed), [])

    def test_single_nodes_come_to_what_the_rules_say(self):
        nodes = single_node_oracle.drawn(FIRST, SINGLE_NODES)
        code, answer = market_properties.clear(PROGRAM, single_node_oracle.case_of(nodes))
        self.assertEqual(code, 0, answer)
        self.assertEqual(single_node_oracle.differences(nodes, answer), [])
        # What the comparison must find: another price, another fill, a false shortage.
        for block, key in (("nodes", "price"), ("orders", "filled"), ("nodes", "shortage")):
            one = next(one for one in answer[block] if one[key] or key == "shortage")
            right = one[key]
            one[key] = right * 1.001 + 1.0
            self.assertNotEqual(single_node_oracle.differences(nodes, answer), [], key)
            one[key] = right


if __name__ == "__main__":
    unittest.main()

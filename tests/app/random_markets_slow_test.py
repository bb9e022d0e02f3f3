"""Fuzzes `ytterby clear`: thousands of random markets against a checker of its own (tests/app/market_checker.py) and
their properties. MARKETS_FIRST_SEED gives other markets, MARKETS_FACTOR more of them."""
import os
import pathlib
import unittest

import drawn_cases
import market_checker
import market_properties
import single_node_oracle

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("YTTERBY", str(ROOT / "build/release/app/ytterby"))
FIRST = int(os.environ.get("MARKETS_FIRST_SEED", "19000000"))
FACTOR = float(os.environ.get("MARKETS_FACTOR", "1"))
# Markets, and how many of them may have no answer.
CHECKED = {"ordinary": (3000, 0), "wide": (1000, 2), "whole": (1000, 2)}
WITH_PROPERTIES = {"ordinary": 300, "wide": 100, "whole": 200, "auction": 300, "whole_auction": 300}
SINGLE_NODES = 10_000       # five hundred in a case


class ManyRandomMarkets(unittest.TestCase):
    def test_answers_hold_in_the_eyes_of_another_checker(self):
        for shape, (count, allowed) in CHECKED.items():
            missing = []
            for seed in range(FIRST, FIRST + int(count * FACTOR)):
                case = drawn_cases.draw(seed, shape)
                code, answer = market_properties.clear(PROGRAM, case)
                if code == 0:
                    self.assertEqual(market_checker.violations(case, answer), [], f"{shape} {seed}")
                elif code != 3:     # 3: goods or a level curve trade without bound
                    missing.append((seed, answer))
            self.assertLessEqual(len(missing), allowed * max(1.0, FACTOR), missing)

    def test_a_wrong_answer_is_found(self):
        case = drawn_cases.draw(6, "ordinary")
        code, answer = market_properties.clear(PROGRAM, case)
        self.assertEqual(code, 0, answer)
        self.assertEqual(market_checker.violations(case, answer), [])
        seller = next(node for node in answer["nodes"] if node["sold"] > 0)
        seller["sold"] *= 1.001
        self.assertNotEqual(market_checker.violations(case, answer), [])

    def test_markets_have_their_properties(self):
        for shape, count in WITH_PROPERTIES.items():
            for seed in range(FIRST, FIRST + int(count * FACTOR)):
                self.assertEqual(market_properties.violations(PROGRAM, shape, seed), [], f"{shape} {seed}")

    def test_single_nodes_come_to_what_the_rules_say(self):
        for seed in range(FIRST, FIRST + int(SINGLE_NODES / 500 * FACTOR)):
            nodes = single_node_oracle.drawn(seed, 500)
            code, answer = market_properties.clear(PROGRAM, single_node_oracle.case_of(nodes))
            self.assertEqual(code, 0, answer)
            self.assertEqual(single_node_oracle.differences(nodes, answer), [], seed)


if __name__ == "__main__":
    unittest.main()

"""Markets that were once cleared wrongly (tests/app/market_cases), each as a user would run it, with the answer worked out by hand.

They come from what users of other programs of this kind have reported in public, from random markets that had no answer
or one that hung on the order of blocks, and from neighbours of both.
"""
import json
import os
import pathlib
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CASES = pathlib.Path(__file__).parent / "market_cases"
PROGRAM = os.environ.get("YTTERBY", str(ROOT / "build/release/app/ytterby"))


class MarketCases(unittest.TestCase):
    def near(self, found, wanted, what):
        self.assertIsNotNone(found, what)
        self.assertLessEqual(abs(found - wanted), 1e-6 * abs(wanted), what)

    def test_every_case_has_its_answer(self):
        expected = json.loads((CASES / "expected.json").read_text())
        expected.pop("about")
        self.assertEqual(sorted(expected), sorted(path.stem for path in CASES.glob("*.toml")))
        for name, wanted in expected.items():
            with self.subTest(name):
                done = subprocess.run([PROGRAM, "clear", str(CASES / f"{name}.toml"), "--json"], capture_output=True, text=True)
                if wanted == "refused":
                    self.assertEqual(done.returncode, 3, done.stderr)
                    continue
                self.assertEqual(done.returncode, 0, done.stderr)
                answer = json.loads(done.stdout)
                self.assertLess(answer["certificate"]["worst"], 1e-9)
                if wanted != "certified":
                    self.compare(answer, wanted, name)

    def compare(self, answer, wanted, name):
        nodes = {node["node"]: node for node in answer["nodes"]}
        flows = {f"{flow['from']}:{flow['to']}": flow for flow in answer["flows"]}
        filled = {order["id"]: order["filled"] for order in answer["orders"]}
        for node, price in wanted.get("price", {}).items():
            self.near(nodes[node]["price"], price, name)
        for node in wanted.get("no_price", []):
            self.assertIsNone(nodes[node]["price"], name)
        for node, used in wanted.get("used", {}).items():
            self.near(nodes[node]["used"], used, name)
        for node, missing in wanted.get("shortage_at", {}).items():
            self.near(nodes[node]["shortage"], missing, name)
        for lane, quantity in wanted.get("flow", {}).items():
            self.near(flows[lane]["quantity"], quantity, name)
        for order, quantity in wanted.get("filled", {}).items():
            self.near(filled[order], quantity, name)
        for part in ("shortage", "excess_supply"):
            if part in wanted:
                self.near(sum(node[part] for node in nodes.values()), wanted[part], name)
        if "traded" in wanted:
            self.near(sum(node["bought"] for node in nodes.values()), wanted["traded"], name)
        if "in_quota" in wanted:
            self.near(sum(flow.get("in_quota", 0.0) for flow in answer["flows"]), wanted["in_quota"], name)
            self.near(sum(flow.get("over_quota", 0.0) for flow in answer["flows"]), wanted["over_quota"], name)


if __name__ == "__main__":
    unittest.main()

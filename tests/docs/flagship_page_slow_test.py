"""docs/flagship.md shows the results of its three runs: reliance, prices, unserved use, and who pays.

UPDATE_GOLDEN=1 writes the measured parts anew.
"""

import os
import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/flagship.md"
BLOCK = re.compile(r"(<!-- measured: (\w+) -->\n)(.*?)(<!-- end -->\n)", re.DOTALL)
sys.path.insert(0, str(ROOT / "tests/docs"))
sys.path.insert(0, str(ROOT / "tests/app"))
from finished_run import FinishedRun  # noqa: E402
from readme_test import reads_alike  # noqa: E402

METALS = ("gallium", "germanium", "cobalt", "nickel", "ndpr", "dysprosium", "yttrium", "lithium", "graphite", "antimony", "tungsten", "niobium")
ACCOUNTS = {"buyers_credit": "buyers' credit", "credit_45x": "production credit (45X)", "partnership": "partnership: co-investment", "recycling": "recycling",
            "plant_grants": "plant grants", "loans_abroad": "loans abroad"}


class FlagshipPage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        tables = 'records.tables=["indicators", "prices", "treasury", "subsidies"]'
        cls.runs = [FinishedRun("configs/baseline.toml", "run.ticks=204", "population.firms=10000", tables), FinishedRun("configs/foreign_controls.toml", tables),
                    FinishedRun("configs/us_supply_security.toml", tables)]
        for run in cls.runs:
            cls.addClassCleanup(run.close)

    def one(self, run, question, *arguments):
        return run.store.execute(question, arguments).fetchone()[0] or 0.0

    def reliance(self, metal, years):
        return " / ".join(f"{100 * self.one(run, 'SELECT avg(value) FROM indicators WHERE indicator = ? AND good = ? AND country = ? AND substr(date, 1, 4) BETWEEN ? AND ?', 'import_reliance', metal + '.refined', 'USA', *years):.0f}"
                          for run in self.runs)

    def prices(self, metal, years):
        baseline, controls, strategy = (self.one(run, "SELECT avg(use_price_usd_per_t) FROM prices WHERE good = ? AND country = ? AND substr(date, 1, 4) BETWEEN ? AND ?", metal + ".refined", "USA", *years) for run in self.runs)
        return f"{controls / baseline:.2f} | {strategy / controls:.2f}"

    def supply(self):
        lines = ["| refined metal | reliance 2026–28 | reliance 2036–40 | controls 2025–27 | strategy 2025–27 | controls 2030–32 | strategy 2030–32 |", "|---|---|---|---|---|---|---|"]
        for metal in METALS:
            lines.append(f"| {metal} | {self.reliance(metal, ('2026', '2028'))} | {self.reliance(metal, ('2036', '2040'))} | {self.prices(metal, ('2025', '2027'))} | {self.prices(metal, ('2030', '2032'))} |")
        return lines

    def unserved(self):
        lines = ["| USD million | 2024–28 | 2029–40 |", "|---|---:|---:|"]
        for name, run in zip(("baseline", "controls", "controls and strategy"), self.runs):
            sums = [self.one(run, "SELECT sum(value) FROM indicators WHERE indicator = 'shortage_usd' AND country = 'USA' AND substr(date, 1, 4) BETWEEN ? AND ?", *years) / 1e6 for years in (("2024", "2028"), ("2029", "2040"))]
            lines.append(f"| {name} | {sums[0]:,.0f} | {sums[1]:,.0f} |")
        return lines

    def costs(self):
        lines = ["| measure | United States | partners | refused for want of budget |", "|---|---:|---:|---:|"]
        strategy, together = self.runs[-1], [0.0, 0.0]
        for account, name in ACCOUNTS.items():
            home = 0.0 - self.one(strategy, "SELECT sum(usd) FROM treasury WHERE account = ? AND country = 'USA'", account) / 1e6
            partners = 0.0 - self.one(strategy, "SELECT sum(usd) FROM treasury WHERE account = ? AND country <> 'USA'", account) / 1e6
            refused = self.one(strategy, "SELECT sum(refused_usd) FROM subsidies WHERE policy = ?", account) / 1e6
            together = [together[0] + home, together[1] + partners]
            lines.append(f"| {name} | {home:,.0f} | {partners:,.0f} | {refused:,.0f} |")
        return lines + [f"| together | {together[0]:,.0f} | {together[1]:,.0f} | |"]

    def test_it_shows_what_is_measured(self):
        measured = {"supply": self.supply(), "unserved": self.unserved(), "costs": self.costs()}
        text = PAGE.read_text()
        if os.environ.get("UPDATE_GOLDEN") == "1":
            PAGE.write_text(BLOCK.sub(lambda found: found[1] + "\n".join(measured[found[2]]) + "\n" + found[4], text))
            return
        blocks = {name: block.strip("\n").splitlines() for _, name, block, _ in BLOCK.findall(text)}
        self.assertEqual(sorted(blocks), sorted(measured))
        for name, lines in measured.items():
            self.assertEqual(len(blocks[name]), len(lines))
            for shown, actual in zip(blocks[name], lines):
                self.assertTrue(reads_alike(shown, actual), f"docs/flagship.md shows\n  {shown}\nbut it is\n  {actual}\nUPDATE_GOLDEN=1 python3 tests/docs/flagship_page_slow_test.py")


if __name__ == "__main__":
    unittest.main()

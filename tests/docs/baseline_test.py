"""docs/baseline.md: its statements about the figures hold. `./check pages` compares the figures themselves with the program."""

import csv
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("YTTERBY", str(ROOT / "build/release/app/ytterby"))
PAGE = ROOT / "docs/baseline.md"
PRINTED = re.compile(r"^```\n(.*?)^```$", re.DOTALL | re.MULTILINE)


class Baseline(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.run_folder = pathlib.Path(folder.name) / "stationary"
        done = subprocess.run([PROGRAM, "run", "configs/stationary.toml", "--quiet", "--no-table", "--out", str(cls.run_folder)], cwd=ROOT, capture_output=True, text=True, timeout=600)
        assert done.returncode == 0, done.stderr
        with open(cls.run_folder / "patterns.csv", newline="") as handle:
            cls.rows = list(csv.DictReader(handle))

    def of(self, pattern, **columns):
        return [row for row in self.rows if row["pattern"] == pattern and all(row[key] == text for key, text in columns.items())]

    def test_it_fits_a_terminal(self):
        tables = PRINTED.findall(PAGE.read_text())
        self.assertEqual(len(tables), 2)
        for table in tables:
            lines = table.splitlines()
            self.assertLessEqual(max(map(len, lines)), 100)
            self.assertLessEqual(len(lines), 75)

    def test_inputs_are_reproduced(self):
        for row in self.of("price"):
            self.assertAlmostEqual(float(row["model"]) / float(row["data"]), 1.0, delta=0.002, msg=row["item"])
        for row in self.of("concentration"):
            self.assertAlmostEqual(float(row["model"]), float(row["data"]), delta=0.02, msg=row["item"])
        reliance = self.of("us_reliance")
        self.assertGreaterEqual(len(reliance), 6)
        self.assertGreaterEqual(len(self.of("us_import_source")), 30)

    def test_distance_estimates_are_as_the_page_says(self):
        for group in ("all goods", "refined goods"):
            sizes, effects = (float(self.of("distance_elasticity", item=group, detail=detail)[0]["model"]) for detail in ("sizes", "fixed_effects"))
            self.assertLess(effects, sizes, "the rows with sizes come out nearer to zero")
            self.assertTrue(-1.25 < effects < -0.75, f"{group}: the seeds fall with distance^-1, the estimate is {effects}")
            self.assertTrue(-1.55 < sizes < -0.28, f"{group}: outside the middle 90 % of the literature: {sizes}")

    def test_the_long_form_has_every_section(self):
        text = (self.run_folder / "patterns.md").read_text()
        for title in ("Prices at the end", "Output and its concentration", "Net import reliance of the United States", "Import sources of the United States", "Trade and distance"):
            self.assertIn(f"## {title}\n", text)


if __name__ == "__main__":
    unittest.main()

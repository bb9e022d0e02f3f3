"""docs/baseline.md shows what the baseline prints, line by line, and its statements about the figures hold.

UPDATE_GOLDEN=1 writes the printed part anew.
"""

import csv
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("YTTERBY", str(ROOT / "build/release/app/ytterby"))
PAGE = ROOT / "docs/baseline.md"
BLOCK = re.compile(r"(<!-- printed: (configs/\w+\.toml) -->\n)(.*?)(<!-- end -->\n)", re.DOTALL)
sys.path.insert(0, str(ROOT / "tests/docs"))
from readme_test import reads_alike  # noqa: E402


class Baseline(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.run_folder = pathlib.Path(folder.name) / "stationary"
        cls.printed = {}
        for _, config, _, _ in BLOCK.findall(PAGE.read_text()):
            done = subprocess.run([PROGRAM, "run", config, "--quiet", "--out", str(pathlib.Path(folder.name) / pathlib.Path(config).stem)], cwd=ROOT, capture_output=True, text=True, timeout=600)
            assert done.returncode == 0, done.stderr
            cls.printed[config] = done.stdout.strip("\n")
        with open(cls.run_folder / "patterns.csv", newline="") as handle:
            cls.rows = list(csv.DictReader(handle))

    def of(self, pattern, **columns):
        return [row for row in self.rows if row["pattern"] == pattern and all(row[key] == text for key, text in columns.items())]

    def test_it_shows_what_is_printed(self):
        text = PAGE.read_text()
        if os.environ.get("UPDATE_GOLDEN") == "1":
            PAGE.write_text(BLOCK.sub(lambda found: found[1] + "```\n" + self.printed[found[2]] + "\n```\n" + found[4], text))
            return
        self.assertEqual(sorted(self.printed), ["configs/baseline.toml", "configs/stationary.toml"])
        for _, config, block, _ in BLOCK.findall(text):
            shown, printed = block.strip("\n").splitlines()[1:-1], self.printed[config].splitlines()
            self.assertEqual(len(shown), len(printed), "UPDATE_GOLDEN=1 python3 tests/docs/baseline_test.py")
            for expected, actual in zip(shown, printed):
                self.assertTrue(reads_alike(expected, actual), f"docs/baseline.md shows\n  {expected}\nbut it is\n  {actual}\nUPDATE_GOLDEN=1 python3 tests/docs/baseline_test.py")

    def test_it_fits_a_terminal(self):
        for printed in self.printed.values():
            lines = printed.splitlines()
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

    def test_yttrium_from_2020_lacks_the_swings_of_the_data(self):
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([PROGRAM, "run", "configs/baseline.toml", "--set", "base_year=2020", "--set", "run.start=2020-01", "--ticks", "60", "--quiet", "--no-table", "--out", folder + "/run"],
                                  cwd=ROOT, capture_output=True, text=True, timeout=300)
            self.assertEqual(done.returncode, 0, done.stderr)
            with open(folder + "/run/patterns.csv", newline="") as handle:
                rows = [row for row in csv.DictReader(handle) if row["pattern"] == "us_yttrium"]
        low, high = (int(n) for n in re.search(r"model's use stays between (\d+) and (\d+) t", PAGE.read_text()).groups())
        use = [row for row in rows if row["detail"] == "use"]
        self.assertEqual([row["item"] for row in use], ["2020", "2021", "2022", "2023", "2024"])
        self.assertTrue(all(low <= float(row["model"]) <= high for row in use), use)
        self.assertEqual((min(float(row["data"]) for row in use), max(float(row["data"]) for row in use)), (200.0, 1000.0))
        prices = [float(row["data"]) for row in rows if row["detail"] == "price"]
        self.assertEqual((min(prices), max(prices)), (3.0, 12.0))

    def test_the_long_form_has_every_section(self):
        text = (self.run_folder / "patterns.md").read_text()
        for title in ("Prices at the end", "Output and its concentration", "Net import reliance of the United States", "Import sources of the United States", "Trade and distance"):
            self.assertIn(f"## {title}\n", text)


if __name__ == "__main__":
    unittest.main()

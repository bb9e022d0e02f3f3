"""docs/hindcast.md shows what 2020 run forward prints; UPDATE_GOLDEN=1 writes it anew."""

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
PAGE = ROOT / "docs/hindcast.md"
BLOCK = re.compile(r"(<!-- printed: configs/hindcast_2020.toml -->\n)(.*?)(<!-- end -->\n)", re.DOTALL)
sys.path.insert(0, str(ROOT / "tests/docs"))
from readme_test import reads_alike  # noqa: E402


class Hindcast(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([PROGRAM, "run", "configs/hindcast_2020.toml", "--quiet", "--out", folder + "/run"], cwd=ROOT, capture_output=True, text=True, timeout=600)
        assert done.returncode == 0, done.stderr
        cls.table = done.stdout[done.stdout.index("The run beside the data"):].rstrip("\n")

    def test_it_shows_what_is_printed(self):
        text = PAGE.read_text()
        if os.environ.get("UPDATE_GOLDEN") == "1":
            PAGE.write_text(BLOCK.sub(lambda found: found[1] + "```\n" + self.table + "\n```\n" + found[3], text))
            return
        shown = BLOCK.search(text)[2].strip("\n").splitlines()[1:-1]
        printed = self.table.splitlines()
        self.assertEqual(len(shown), len(printed))
        for expected, actual in zip(shown, printed):
            self.assertTrue(reads_alike(expected, actual), f"{expected}\n{actual}")

    def test_the_data_are_those_of_the_tables(self):
        made = {}
        with open(ROOT / "configs/data/production.csv", newline="") as handle:
            for row in csv.DictReader(handle):
                if row["good"] == "lithium.ore":
                    made[row["year"]] = made.get(row["year"], 0.0) + float(row["tonnes"])
        output = self.table[self.table.index("world output"):]
        line = next(row for row in output.splitlines() if row.startswith("lithium.ore"))
        shown = [float(value) for value in re.findall(r"\(([\d.]+)\)", line)]
        for year, value in zip(("2021", "2022", "2023", "2024"), shown):
            self.assertAlmostEqual(value, made[year] / made["2020"], delta=0.01)


if __name__ == "__main__":
    unittest.main()

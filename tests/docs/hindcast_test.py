"""docs/hindcast.md: the data columns of its table (which `./check pages` compares with the program) are those of the tables of data."""

import csv
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/hindcast.md").read_text()


class Hindcast(unittest.TestCase):
    def test_the_data_are_those_of_the_tables(self):
        made = {}
        with open(ROOT / "configs/data/production.csv", newline="") as handle:
            for row in csv.DictReader(handle):
                if row["good"] == "lithium.ore":
                    made[row["year"]] = made.get(row["year"], 0.0) + float(row["tonnes"])
        output = PAGE[PAGE.index("world output"):]
        line = next(row for row in output.splitlines() if row.startswith("lithium.ore"))
        shown = [float(value) for value in re.findall(r"\(([\d.]+)\)", line)]
        self.assertEqual(len(shown), 4)
        for year, value in zip(("2021", "2022", "2023", "2024"), shown):
            self.assertAlmostEqual(value, made[year] / made["2020"], delta=0.01)


if __name__ == "__main__":
    unittest.main()

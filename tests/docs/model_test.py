"""docs/model.md against the code: the functions it names, the constants it quotes, the figures of its episode."""

import os
import pathlib
import re
import sqlite3
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("YTTERBY", str(ROOT / "build/release/app/ytterby"))
MODEL = (ROOT / "docs/model.md").read_text()


def table_rows(text):
    """The cells of every row of every Markdown table."""
    return [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]


def named_symbols(text):
    """(name, file) wherever the text says `name` (`file`) or `name`, `other` (`file`)."""
    for names, path in re.findall(r"((?:`\w+`,\s)*`\w+`)\s\(`([\w/]+\.[ch]pp)`[),]", text):
        for name in re.findall(r"`(\w+)`", names):
            yield name, path


class Model(unittest.TestCase):
    def test_functions_are_where_it_says(self):
        symbols = list(named_symbols(MODEL))
        self.assertGreater(len(symbols), 40)
        for name, path in symbols:
            self.assertTrue((ROOT / path).exists(), path)
            self.assertTrue(re.search(rf"\b{name}\b", (ROOT / path).read_text()), f"docs/model.md looks for {name} in {path}")

    def test_constants_are_those_of_the_code(self):
        constants = [row for row in table_rows(MODEL) if len(row) == 4 and re.fullmatch(r"`[\w/]+\.cpp`", row[3]) and re.fullmatch(r"`\w+`", row[0])]
        constants = [row for row in constants if re.fullmatch(r"-?[\d.]+", row[1])]
        self.assertGreater(len(constants), 15)
        for name, value, _, path in constants:
            found = re.search(rf"\b{name.strip('`')} = ([-\d.e]+);", (ROOT / path.strip("`")).read_text())
            self.assertIsNotNone(found, f"{name} is no constant of {path}")
            self.assertEqual(float(found.group(1)), float(value), f"{name}: docs/model.md says {value}, {path} says {found.group(1)}")

    def test_figures_of_the_gallium_licence(self):
        ratio = float(re.search(r"Germany over China ([\d.]+) in October 2023", MODEL).group(1))
        low, high, inside = (float(n) / 100.0 for n in re.search(r"outside \+(\d+) to \+(\d+) %, inside −(\d+) % \(June to October 2023\)", MODEL).groups())
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([PROGRAM, "run", "configs/gallium_control.toml", "--ticks", "12", "--quiet", "--no-table", "--out", folder + "/run"],
                                  cwd=ROOT, capture_output=True, text=True, timeout=300)
            self.assertEqual(done.returncode, 0, done.stderr)
            rows = sqlite3.connect(folder + "/run/run.sqlite").execute(
                "SELECT a.country, a.use_price_usd_per_t, b.use_price_usd_per_t FROM prices a JOIN prices b USING (good, country) "
                "WHERE good = 'gallium.refined' AND a.date = '2023-06' AND b.date = '2023-10'").fetchall()
        price = {country: after for country, _, after in rows}
        rise = {country: after / before - 1.0 for country, before, after in rows}
        self.assertAlmostEqual(price["DEU"] / price["CHN"], ratio, delta=0.01 + 1e-9)
        outside = [value for country, value in rise.items() if country != "CHN"]
        self.assertAlmostEqual(min(outside), low, delta=0.01)
        self.assertAlmostEqual(max(outside), high, delta=0.01)
        self.assertAlmostEqual(rise["CHN"], -inside, delta=0.01)


if __name__ == "__main__":
    unittest.main()

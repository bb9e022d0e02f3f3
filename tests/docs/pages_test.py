"""tools/pages.py, on pages made here: what is out of date or outside a block is found, renewal mends it, and nothing else changes."""

import contextlib
import io
import json
import pathlib
import sys
import tempfile
import unittest
from unittest import mock

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import pages  # noqa: E402

RUN = 'run licence: run configs/gallium_control.toml --ticks 2 --no-table --set population.firms=300 --set \'records.tables=["prices"]\'\n'
TABLE = f"""Before.

<!-- ytterby prices
{RUN}table: | country | months |
align: lr
rows: SELECT country, count(*) FROM licence.prices WHERE good = 'gallium.refined' AND country = 'CHN'
  GROUP BY country
-->
<!-- end -->

After.
"""
TEXT = f"""<!-- ytterby sentence
{RUN}value: SELECT fixed(12.0 * count(*), 1) AS months, signed(-0.25, 2) AS fall FROM licence.prices WHERE good = 'gallium.refined' AND country = 'CHN'
text: China has {{months}} months and a change
  of {{fall}}.
-->
<!-- end -->
"""
PRINT = """<!-- ytterby market
print: clear configs/markets/transport.toml
lines: ^(New York|Chicago)
count: 1
-->
<!-- end -->
"""


class Pages(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.page = pathlib.Path(temporary.name) / "page.md"

    def call(self, *options):
        """Exit code and output of the tool."""
        printed = io.StringIO()
        with mock.patch.object(sys, "argv", ["pages.py", *options, str(self.page)]), contextlib.redirect_stdout(printed):
            return pages.main(), printed.getvalue()

    def renewed(self, text, *options):
        self.page.write_text(text)
        code, printed = self.call("--renew", *options)
        self.assertEqual(code, 0, printed)
        return self.page.read_text()

    def test_a_table(self):
        text = self.renewed(TABLE)
        self.assertTrue(text.startswith("Before.\n") and text.endswith("\nAfter.\n"))
        self.assertIn("-->\n| country | months |\n|---|---:|\n| CHN | 2 |\n<!-- end -->", text)
        self.assertEqual(self.call(), (0, ""))

    def test_a_sentence(self):
        text = self.renewed(TEXT)
        self.assertIn("-->\nChina has 24.0 months and a change of −0.25.\n<!-- end -->", text)
        self.page.write_text(text.replace("24.0 months and a", "24.0 months\nand a"))
        self.assertEqual(self.call(), (0, ""), "where a line breaks is no figure")

    def test_what_a_command_prints(self):
        self.assertRegex(self.renewed(PRINT), r"-->\n```\nNew York +0\.225 .*\n```\n<!-- end -->")

    def test_a_run_may_use_another(self):
        text = self.renewed(TABLE.replace("run licence: run", "run first: run").replace("table:", "run licence: run --branch {first}@2 --ticks 3 --no-table\ntable:").replace("--ticks 2", "--ticks 4 --checkpoint-every 2"))
        self.assertIn("| CHN | 3 |", text)
        self.page.write_text(text.replace("{first}@2", "{licence}@2"))
        self.assertIn("no run that", self.call()[1])

    def test_a_stale_figure_is_found_and_renewed(self):
        fresh = self.renewed(TABLE)
        self.page.write_text(fresh.replace("| CHN | 2 |", "| CHN | 3 |"))
        code, printed = self.call()
        self.assertEqual(code, 1)
        self.assertIn("| CHN | 3 |", printed)
        self.assertIn("| CHN | 2 |", printed)
        self.assertIn("renew it: ./check pages --renew ", printed)
        self.assertEqual(self.call("--renew")[0], 0)
        self.assertEqual(self.page.read_text(), fresh)

    def test_one_block_alone(self):
        text = self.renewed(TABLE + PRINT, "--block", "market")
        self.assertIn("New York", text)
        self.assertNotIn("| CHN | 2 |", text)
        self.assertEqual(self.call("--block", "market"), (0, ""))
        self.assertIn("no block markets; its blocks are prices, market", self.call("--block", "markets")[1])

    def test_renewing_twice_changes_nothing(self):
        once = self.renewed(TABLE + TEXT.replace(RUN, "") + PRINT)
        self.assertEqual(self.renewed(once), once)

    def test_a_block_for_each_value(self):
        text = self.renewed(TABLE.replace("align", "each land: CHN JPN\nalign").replace("'CHN'", "'<land>'"))
        self.assertIn("| CHN | 2 |\n| JPN | 2 |", text)
        runs = pages.Block("page", pages.BLOCK.search("<!-- ytterby x\neach share: 0.1 0.2\nrun r<share>: run a --set b=<share>\ntable: | a |\nrows: SELECT 1 FROM r<share>.t\n-->\n<!-- end -->\n"))
        self.assertEqual(runs.runs(), {"r0_1": "run a --set b=0.1", "r0_2": "run a --set b=0.2"})
        self.assertEqual(runs.all("rows"), ["SELECT 1 FROM r0_1.t", "SELECT 1 FROM r0_2.t"])

    def test_slow_blocks_are_compared_with_what_is_kept(self):
        slow = TABLE.replace("ytterby prices", "ytterby slow prices")
        self.page.write_text(slow)
        self.assertIn("no result is kept", self.call()[1])
        fresh = self.renewed(slow, "--slow")
        self.assertIn("| CHN | 2 |", fresh)
        with mock.patch.object(pages.Scratch, "run", side_effect=AssertionError("made a run")):
            self.assertEqual(self.call(), (0, ""))
            self.page.write_text(fresh.replace("| CHN | 2 |", "| CHN | 3 |"))
            self.assertIn("| CHN | 3 |", self.call()[1])
            self.page.write_text(fresh.replace("--ticks 2", "--ticks 3"))
            self.assertIn("its runs or queries are not those of the kept result", self.call()[1])
            self.page.write_text(fresh.replace("| months |", "| ticks |"))
            self.assertEqual(self.call("--renew")[0], 0, "how data are shown needs no run")
            self.assertIn("| country | ticks |", self.page.read_text())
            self.page.write_text(fresh)
            kept = self.page.parent / "results/page.json"
            kept.write_text(kept.read_text().replace('"2"', '"4"'))
            self.assertIn("the kept result was changed by hand", self.call()[1])

    def test_a_kept_result_that_is_stale_is_found(self):
        self.renewed(TABLE.replace("ytterby prices", "ytterby slow prices"), "--slow")
        self.assertEqual(self.call("--slow"), (0, ""))
        kept = self.page.parent / "results/page.json"
        entry = json.loads(kept.read_text())
        entry["prices"]["data"] = [["CHN", "9"]]
        entry["prices"]["digest"] = pages.digest(entry["prices"]["data"])
        kept.write_text(json.dumps(entry))
        self.page.write_text(self.page.read_text().replace("| CHN | 2 |", "| CHN | 9 |"))
        self.assertEqual(self.call(), (0, ""))
        code, printed = self.call("--slow")
        self.assertEqual(code, 1)
        self.assertIn("the kept result is not what the program gives now", printed)

    def test_figures_outside_blocks_are_refused(self):
        for text, refused in (("| metal | t |\n|---|---|\n| gallium | 3.5 |\n", True), ("<!-- given: a census -->\n| metal | t |\n|---|---|\n| gallium | 3.5 |\n", False),
                              ("| key | n | source |\n|---|---|---|\n| a | 3 | b |\n", False), ("| metal | word |\n|---|---|\n| gallium | none |\n", False),
                              ("| metal | t |\n|---|---|\n| gallium | −12 % |\n", True), ("```\ngallium 3.5\n```\n", True), ("```sh\n./ytterby run --set a=3.5\n```\n", False),
                              ("<!-- given: an example -->\n```\ngallium 3.5\n```\n", False)):
            self.page.write_text(text)
            code, printed = self.call("--lint")
            self.assertEqual(code, 1 if refused else 0, text + printed)
            self.assertEqual("page.md:" in printed, refused, text)

    def test_wrong_blocks_are_named(self):
        for text, said in ((TABLE.replace("rows:", "row:"), "cannot read 'row: SELECT"), (TABLE.replace("table: | country | months |\n", ""), "one of print, stdout, table and text"),
                           (TABLE.replace("<!-- end -->\n", ""), "a block has no name"), (TABLE + TABLE, "two blocks have one name"), (TABLE.replace("licence.prices", "licence.price"), "no such table"),
                           (TABLE.replace("gallium_control.toml", "no_such.toml"), "no_such.toml"), (TEXT.replace("{fall}", "{rise}"), "its text asks for 'rise'"),
                           (TEXT.replace("country = 'CHN'", "country = 'CHN' GROUP BY tick"), "a value has 2 rows")):
            self.page.write_text(text)
            code, printed = self.call()
            self.assertEqual(code, 1, text)
            self.assertIn(said, printed)

    def test_numbers_are_compared_and_words_too(self):
        self.assertTrue(pages.reads_alike("a: 397 -> 782 USD/kg (+97 %)", "a: 398 -> 780 USD/kg (+96 %)"))
        self.assertTrue(pages.reads_alike("1,951 t", "1,960 t"))
        self.assertFalse(pages.reads_alike("1,951 t", "2,951 t"))
        self.assertFalse(pages.reads_alike("0.0111", "0.0178"))
        self.assertTrue(pages.reads_alike("0.02", "0.03"))
        self.assertFalse(pages.reads_alike("0.02", "0.04"))
        self.assertFalse(pages.reads_alike("a: 397 -> 782 USD/kg (+97 %)", "a: 397 -> 862 USD/kg (+117 %)"))
        self.assertFalse(pages.reads_alike("2023-10  CHN  379.0", "2024-10  CHN  379.0"))
        self.assertFalse(pages.reads_alike("2023-10  CHN  379.0", "2023-10  JPN  379.0"))

    def test_no_page_has_figures_outside_blocks(self):
        for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
            self.assertEqual(pages.figures_outside(pages.Page(path)), [], path.name)


if __name__ == "__main__":
    unittest.main()

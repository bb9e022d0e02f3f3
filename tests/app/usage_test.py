"""Commands as people type them: the order of arguments, wrong uses, places, lists of names."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("YTTERBY", str(ROOT / "build/release/app/ytterby"))
CONTROL = "configs/gallium_control.toml"
# Words of the libraries below us: parsers of the command line, TOML and JSON.
FOREIGN = r"TEXT|UINT|FLOAT|Could not convert|were not expected|was not expected|is required|excludes|requires|not in \{|Run with|Error while parsing|expected .*, saw|encountered"


def ytterby(*arguments, cwd=ROOT):
    return subprocess.run([PROGRAM, *map(str, arguments)], cwd=cwd, capture_output=True, text=True, timeout=300, stdin=subprocess.DEVNULL)


class Case(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.temporary.name)
        self.addCleanup(self.temporary.cleanup)

    def run_ok(self, *arguments, cwd=ROOT):
        done = ytterby(*arguments, cwd=cwd)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done


class Arguments(Case):
    def test_options_that_repeat_leave_the_scenario_alone(self):
        for before in (["--set", "run.ticks=2"], ["--set", "run.ticks=2", "--set", "run.seed=3"]):
            self.assertIn(" 2 ticks", self.run_ok("validate", *before, CONTROL).stdout)
            self.assertIn(" 2 ticks", self.run_ok("validate", CONTROL, *before).stdout)
        self.run_ok("run", "--set", "run.ticks=2", CONTROL, "--out", self.folder / "a", "--quiet", "--no-table")
        done = self.run_ok("compare", "--set", "run.ticks=2", "--good", "gallium.refined", "--countries", "USA,CHN", "--months", "2023-01", "--values", "spatial_auction", CONTROL)
        self.assertIn("USA", done.stdout)
        repeated = self.run_ok("compare", CONTROL, "--set", "run.ticks=2", "--good", "gallium.refined", "--countries", "USA", "--countries", "CHN", "--months", "2023-01", "--values", "spatial_auction")
        self.assertEqual(done.stdout, repeated.stdout)
        done = self.run_ok("analyze", "--metric", "cost", "docs/examples/made_sweep", "--out", self.folder / "b")

    def test_wrong_uses_are_told_in_our_words(self):
        for arguments, told in (
                ([], "a command is missing; use one of: run, validate"),
                (["fly"], "unknown command 'fly'"),
                (["rum", CONTROL], "did you mean 'run'"),
                (["run"], "config is missing"),
                (["validate"], "config is missing (Scenario file (TOML))"),
                (["run", CONTROL, "--tick", 3], "unknown option '--tick'; did you mean '--ticks'"),
                (["run", CONTROL, "--ticks", "many"], "--ticks: 'many' is not a whole number"),
                (["run", CONTROL, "--seed", "-1"], "--seed: '-1' is not a whole number of at least 0"),
                (["run", CONTROL, "--set"], "--set needs a value"),
                (["run", CONTROL, "--out", "a", "--out", "b"], "--out is given more than once"),
                (["run", CONTROL, "again.toml"], "'again.toml' is one argument too many"),
                (["run", "--branch", "a@1", "--resume", "a"], "cannot be given together with"),
                (["ensemble", CONTROL], "--seeds is missing (Seeds 1 to N)"),
                (["ensemble", CONTROL, "--seeds", 0], "--seeds: '0' is not between 1 and 100000"),
                (["ensemble", CONTROL, "--seeds", "x"], "--seeds: 'x' is not a number"),
                (["describe", "--format", "jsn"], "--format: 'jsn' is none of them; did you mean 'json'"),
                (["clear", "--lanes", "x.csv"], "--lanes needs --orders"),
                (["diff", "a", "b", "--from", "2023-13"], "--from: '2023-13' is not a month")):
            done = ytterby(*arguments)
            self.assertEqual((done.returncode, done.stdout), (2, ""), arguments)
            self.assertIn(told, done.stderr)
            self.assertNotRegex(done.stderr, FOREIGN)
            self.assertRegex(done.stderr, r"^ytterby: .*\nSee: ytterby.* --help\n$")

    def test_a_second_run_says_what_to_do(self):
        out = self.folder / "run"
        self.run_ok("run", CONTROL, "--ticks", 2, "--out", out, "--quiet", "--no-table")
        done = ytterby("run", CONTROL, "--ticks", 2, "--out", out)
        self.assertEqual(done.returncode, 3)
        self.assertIn("it holds a finished run", done.stderr)
        self.assertIn(f"add --overwrite to replace that run or --out {out}-2 to keep both", done.stderr)
        self.run_ok("run", CONTROL, "--ticks", 2, "--out", f"{out}-2", "--quiet", "--no-table")
        self.assertIn(f"--out {out}-3", ytterby("run", CONTROL, "--ticks", 2, "--out", out).stderr)


class Places(Case):
    def test_runs_from_two_places_do_not_differ(self):
        self.run_ok("run", CONTROL, "--ticks", 2, "--out", self.folder / "a", "--quiet", "--no-table")
        self.run_ok("run", "../" + CONTROL, "--ticks", 2, "--out", self.folder / "b", "--quiet", "--no-table", cwd=ROOT / "docs")
        self.run_ok("run", ROOT / CONTROL, "--ticks", 2, "--out", self.folder / "c", "--quiet", "--no-table", cwd=self.folder)
        for other in ("b", "c"):
            told = json.loads(self.run_ok("diff", self.folder / "a", self.folder / other, "--format", "json").stdout)
            self.assertEqual((told["equal"], told["settings"]), (True, []), told)

    def test_a_scenario_anywhere_finds_the_shipped_data(self):
        (self.folder / "alone.toml").write_text("schema = 1\n[run]\nticks = 2\n")
        self.assertIn("ok (", self.run_ok("validate", self.folder / "alone.toml", cwd=self.folder).stdout)
        self.assertIn("ok (", self.run_ok("validate", "alone.toml", cwd=self.folder).stdout)
        # Beside an included file come those tables, not the program's.
        shutil.copytree(ROOT / "configs/data", self.folder / "other/data")
        countries = self.folder / "other/data/countries.csv"
        countries.write_text(countries.read_text().replace("Germany", "Bundesrepublik"))
        (self.folder / "other/base.toml").write_text("schema = 1\n[run]\nticks = 2\n")
        (self.folder / "mine").mkdir()
        (self.folder / "mine/mine.toml").write_text('schema = 1\ninclude = ["../other/base.toml"]\n')
        listed = self.run_ok("describe", "countries", "--config", self.folder / "mine/mine.toml").stdout
        self.assertIn("Bundesrepublik", listed)
        self.assertNotIn("Bundesrepublik", self.run_ok("describe", "countries").stdout)

    def test_a_missing_data_folder_is_one_error(self):
        (self.folder / "lost.toml").write_text('schema = 1\n[data]\nfolder = "nowhere"\n')
        done = ytterby("validate", self.folder / "lost.toml")
        self.assertEqual(done.returncode, 3)
        self.assertEqual(len(re.findall("error: ", done.stderr)), 1, done.stderr)
        self.assertIn("lost.toml:3:10: error: data.folder: there is no folder", done.stderr)

    def test_syntax_errors_are_in_our_words(self):
        for text, told in (("[run\nticks = 3\n", "unexpected"), ("a = \n", "not valid TOML"), ('a = "x\n', "string"), ("a = 1\na = 2\n", "'a' is written twice"),
                           ("a = [1, 2\n", "inside an array"), ("a = 007\n", "a number begins with 0"), ("a = 99999999999999999999\n", "a number is too large")):
            (self.folder / "bad.toml").write_text("schema = 1\n" + text)
            done = ytterby("validate", self.folder / "bad.toml")
            self.assertEqual(done.returncode, 3)
            self.assertIn(told, done.stderr)
            self.assertNotRegex(done.stderr, FOREIGN)


class Lists(Case):
    def rows(self, topic, *more):
        return json.loads(self.run_ok("describe", topic, "--format", "json", *more).stdout)

    def test_names_of_the_data(self):
        countries = {row["country"]: row for row in self.rows("countries")}
        self.assertEqual(countries["DEU"]["name"], "Germany")
        self.assertIn("EU27", countries["DEU"]["groups"])
        groups = {row["group"]: row["members"].split(", ") for row in self.rows("groups")}
        self.assertEqual(len(groups["G7"]), 7)
        goods = {row["good"]: row for row in self.rows("goods")}
        self.assertEqual((goods["gallium.refined"]["metal"], goods["gallium.refined"]["stage"]), ("gallium", "refined"))
        processes = {row["process"]: row for row in self.rows("processes")}
        for maker in goods["gallium.refined"]["made by"].split(", "):
            self.assertIn("gallium.refined", processes[maker]["outputs"].split(", "))

    def test_metrics_indicators_and_designs(self):
        metrics, indicators = ({row[kind]: row for row in self.rows(kind + "s")} for kind in ("metric", "indicator"))
        self.assertEqual(metrics["import_reliance"]["unit"], "share")
        self.assertEqual({name: row["unit"] for name, row in indicators.items()}, {name: row["unit"] for name, row in metrics.items() if name in indicators}, "one table")
        self.assertIn("latin_hypercube", [row["design"] for row in self.rows("designs")])

    def test_text_and_markdown(self):
        text = self.run_ok("describe", "groups").stdout.splitlines()
        self.assertRegex(text[0], r"^group  +members$")
        markdown = self.run_ok("describe", "groups", "--format", "markdown").stdout.splitlines()
        self.assertEqual(markdown[:2], ["| group | members |", "|---|---|"])
        self.assertEqual(len(markdown), len(text) + 1)

    def test_the_page_lists_every_metric(self):
        page = (ROOT / "docs/experiments.md").read_text()
        for line in self.run_ok("describe", "metrics", "--format", "markdown").stdout.splitlines():
            self.assertIn(line, page)


if __name__ == "__main__":
    unittest.main()

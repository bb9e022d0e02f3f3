"""Files made by strangers: what they hold is shown, quoted or refused, and never obeyed."""

import csv
import os
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile
import unittest

from checkpoints import CONTROL, PROGRAM, ROOT, ytterby

DESIGN = """schema = 1
scenario = "{scenario}"
set = ["run.ticks=1", "population.firms=100", "noise.demand_noise=0.03"]
replicates = 1
[design]
kind = "zip"
[levers.approval]
key = "policy.gallium_licence.approval_share"
list = [0.4, 0.8]
[metrics]
price = {{ of = "price", good = "gallium.refined", country = "USA" }}
"""
QUIET = ("--quiet", "--no-table")


def setUpModule():
    """A sweep and a run that all tests copy."""
    shared = tempfile.TemporaryDirectory()
    unittest.addModuleCleanup(shared.cleanup)
    folder = pathlib.Path(shared.name)
    Case.design = folder / "design.toml"
    Case.design.write_text(DESIGN.format(scenario=ROOT / CONTROL))
    Case.sweep, Case.run_folder = folder / "sweep", folder / "run"
    for command in (("sweep", Case.design, "--out", Case.sweep, "--jobs", 1, "--quiet", "--keep-runs"), ("run", CONTROL, "--ticks", 4, "--out", Case.run_folder, "--checkpoint-every", 2, *QUIET)):
        done = ytterby(*command)
        assert done.returncode == 0, done.stderr


class Case(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def copy_of(self, source):
        return pathlib.Path(shutil.copytree(source, self.folder / f"copy-{len(list(self.folder.iterdir()))}"))

    def refused(self, *arguments, code=3):
        done = ytterby(*arguments)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stderr


class Sweeps(Case):
    def test_names_with_sql_in_them_are_refused(self):
        evil = 'x"); CREATE TABLE pwned (a); --'
        for name in ("plan.csv", "sweep.toml"):
            part = self.copy_of(self.sweep)
            text = (part / name).read_text()
            changed = text.replace("approval", '"x""); CREATE TABLE pwned (a); --"', 1) if name == "plan.csv" else text.replace('name = "price"', "name = '" + evil + "'")
            self.assertNotEqual(text, changed)
            (part / name).write_text(changed)
            into = self.folder / f"into-{name}"
            error = self.refused("sweep", "merge", into, part)
            self.assertRegex(error, "not the plan that was written|cannot be the name of a column")
            self.assertFalse((into / "catalogue.sqlite").exists())

    def test_a_changed_plan_is_refused_everywhere(self):
        part = self.copy_of(self.sweep)
        (part / "plan.csv").write_text((part / "plan.csv").read_text().replace("0.4", "0.5"))
        for command in (("sweep", "status", part), ("sweep", "merge", self.folder / "into", part), ("sweep", self.design, "--out", part, "--quiet"), ("analyze", part)):
            self.assertIn("is not the plan that was written", self.refused(*command))

    def test_a_changed_state_is_refused_when_the_sweep_goes_on(self):
        part = self.copy_of(self.sweep)
        (part / "sweep.toml").write_text((part / "sweep.toml").read_text().replace('of = "price"', 'of = "use_t"'))
        self.assertIn("is not as the sweep wrote it", self.refused("sweep", self.design, "--out", part, "--quiet"))

    def test_formulas_in_errors_stay_texts(self):
        part = self.copy_of(self.sweep)
        # A design of another name is refused, so the formula stands in a level of the plan.
        design = self.folder / "formula.toml"
        design.write_text(DESIGN.format(scenario=ROOT / CONTROL).replace('key = "policy.gallium_licence.approval_share"\nlist = [0.4, 0.8]', 'key = "title"\nlist = ["=1+1", "-2+3", "plain"]'))
        done = ytterby("sweep", design, "--out", self.folder / "out", "--quiet")
        self.assertEqual(done.returncode, 0, done.stderr)
        with open(self.folder / "out/plan.csv", newline="") as handle:
            self.assertEqual([row["approval"] for row in csv.DictReader(handle)], ["'=1+1", "'-2+3", "plain"])
        self.assertTrue(part.exists())

    def test_a_line_break_in_a_name_makes_no_command(self):
        folder = self.folder / "a\ntouch pwned\n"
        folder.mkdir()
        design = folder / "design\ntouch pwned\n#.toml"
        design.write_text(self.design.read_text())
        script = self.folder / "array.sh"
        self.assertIn("line break", self.refused("sweep", design, "--emit-slurm", script))
        self.assertFalse(script.exists())
        self.assertIn("line break", self.refused("sweep", self.design, "--emit-slurm", script, "--out", folder / "out"))

    def test_quotes_in_a_name_are_quoted(self):
        folder = self.folder / "it's $(touch pwned) `touch pwned`"
        folder.mkdir()
        design = folder / "d'$(touch pwned).toml"
        design.write_text(self.design.read_text())
        script = self.folder / "array.sh"
        done = ytterby("sweep", design, "--emit-slurm", script, "--shards", 1, "--jobs", 1, "--out", folder / "out")
        self.assertEqual(done.returncode, 0, done.stderr)
        subprocess.run([script], check=True, cwd=self.folder, env={**os.environ, "SLURM_ARRAY_TASK_ID": "1"}, capture_output=True)
        self.assertFalse((self.folder / "pwned").exists())


class Links(Case):
    def test_they_are_not_written_through(self):
        victim = self.folder / "victim"
        for name in ("manifest.json.tmp", ".ytterby.lock", "run.sqlite", "patterns.md.tmp"):
            victim.write_text("years of work")
            run = self.folder / ("to-" + name)
            run.mkdir()
            if name == ".ytterby.lock":
                (run / name).symlink_to(victim)
                done = ytterby("run", CONTROL, "--ticks", 1, "--out", run, *QUIET)
                self.assertEqual(done.returncode, 3, done.stderr)
            else:
                shutil.copytree(self.run_folder, run, dirs_exist_ok=True)
                (run / name).unlink(missing_ok=True)
                (run / name).symlink_to(victim)
                ytterby("run", "--resume", run, "--ticks", 6, *QUIET)
            self.assertEqual(victim.read_text(), "years of work", name)

    def test_folders_behind_links_stay_empty(self):
        elsewhere = self.folder / "elsewhere"
        elsewhere.mkdir()
        for name, arguments in (("checkpoints", ("--checkpoint-every", 1)), ("csv", ("--csv",))):
            run = self.folder / name
            run.mkdir()
            done = ytterby("run", CONTROL, "--ticks", 1, "--out", run, *QUIET)
            self.assertEqual(done.returncode, 0, done.stderr)
            shutil.rmtree(run / name, ignore_errors=True)
            (run / name).symlink_to(elsewhere)
            done = ytterby("run", CONTROL, "--ticks", 2, "--out", run, "--overwrite", *QUIET, *arguments)
            self.assertEqual(list(elsewhere.iterdir()), [], done.stderr)
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertIn("it is a link", done.stderr)
        sweep = self.copy_of(self.sweep)
        shutil.rmtree(sweep / "segments")
        (sweep / "segments").symlink_to(elsewhere)
        done = ytterby("sweep", self.design, "--out", sweep, "--quiet")
        self.assertEqual((done.returncode, list(elsewhere.iterdir())), (1, []), done.stderr)


class Records(Case):
    def test_a_view_that_never_ends_does_not_hang_a_comparison(self):
        run = self.copy_of(self.run_folder)
        store = sqlite3.connect(run / "run.sqlite")
        columns = ", ".join(f"x AS {row[1]}" for row in store.execute("PRAGMA table_info(prices)"))
        store.executescript(f"DROP VIEW prices; CREATE VIEW prices AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT {columns} FROM c;")
        store.close()
        self.assertIn("view prices is not as runs make it", self.refused("diff", self.run_folder, run))

    def test_own_tables_and_views_beside_them_are_no_harm(self):
        run = self.copy_of(self.run_folder)
        store = sqlite3.connect(run / "run.sqlite")
        store.executescript("CREATE VIEW mine AS SELECT * FROM prices; CREATE TABLE notes (text); CREATE INDEX own ON prices_data (supply_price_usd_per_t);")
        store.close()
        done = ytterby("diff", self.run_folder, run)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_escapes_are_shown_and_not_obeyed(self):
        scenario = self.folder / "evil.toml"
        scenario.write_text(f'schema = 1\ntitle = "\\u001b]0;pwned\\u0007"\ninclude = ["{ROOT / CONTROL}"]\n')
        error = self.refused("run", scenario, "--ticks", 1, "--out", self.folder / "out")
        self.assertNotIn("\x1b", error)
        self.assertIn("control character", error)
        done = ytterby("run", "no\x1b[31m such.toml")
        self.assertNotIn("\x1b", done.stderr)
        run = self.copy_of(self.run_folder)
        (run / "manifest.json").write_text((run / "manifest.json").read_text().replace('"branch_of": ""', '"branch_of": "\\u001b[2J"'))
        done = ytterby("diff", self.run_folder, run)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("\x1b", done.stdout)


class Streams(Case):
    def test_a_full_or_closed_output_is_an_error(self):
        commands = (("describe",), ("validate", CONTROL), ("diff", self.run_folder, self.run_folder), ("sweep", "status", self.sweep), ("clear", "configs/markets/transport.toml"), ("--help",))
        for command in commands:
            with open("/dev/full", "w") as full:
                done = subprocess.run([PROGRAM, *map(str, command)], cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True)
            self.assertEqual(done.returncode, 1, command)
            self.assertIn("cannot write the output: No space left on device", done.stderr)
            done = subprocess.run(["sh", "-c", '"$@" >&-', "sh", PROGRAM, *map(str, command)], cwd=ROOT, stderr=subprocess.PIPE, text=True)
            self.assertEqual(done.returncode, 1, command)
            self.assertIn("cannot write the output", done.stderr)

    def test_a_closed_output_never_gets_into_a_file(self):
        run = self.folder / "run"
        done = subprocess.run(["sh", "-c", '"$@" <&- >&- 2>&-', "sh", PROGRAM, "run", CONTROL, "--ticks", "2", "--out", str(run)], cwd=ROOT)
        self.assertEqual(done.returncode, 1)
        store = sqlite3.connect(run / "run.sqlite")
        self.assertEqual(store.execute("PRAGMA integrity_check").fetchone(), ("ok",))
        self.assertEqual(store.execute("SELECT max(tick) FROM ticks").fetchone(), (1,))
        store.close()

    def test_a_path_that_is_too_long_leaves_nothing(self):
        for path in (self.folder / "a" / ("b" * 300), self.folder / "a" / "/".join(["c" * 100] * 6)):
            for code, command in ((1, ("run", CONTROL, "--ticks", 1)), (3, ("sweep", self.design))):
                error = self.refused(*command, "--out", path, "--quiet", code=code)
                self.assertIn("too long", error)
                self.assertFalse((self.folder / "a").exists())

    @unittest.skipIf({"ASAN_OPTIONS", "TSAN_OPTIONS"} & set(os.environ), "sanitizers need more address space than the limit")
    def test_a_limit_of_memory_is_told(self):
        done = subprocess.run(["sh", "-c", 'ulimit -v 60000; "$@"', "sh", PROGRAM, "run", CONTROL, "--ticks", "2", "--set", "population.firms=3000000", "--out", str(self.folder / "run"), *QUIET], cwd=ROOT, capture_output=True, text=True)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertRegex(done.stderr, r"out of memory: \d+ MB were in use, and the process may have \d+ MB")


if __name__ == "__main__":
    unittest.main()

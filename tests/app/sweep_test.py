"""`ytterby sweep` as a user types it: plans, interruptions, shards, bad designs."""

import csv
import functools
import os
import pathlib
import random
import re
import resource
import shutil
import signal
import sqlite3
import stat
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("YTTERBY", str(ROOT / "build/release/app/ytterby"))
SCENARIO = ROOT / "configs/gallium_control.toml"
TABLES = ("plan.csv", "results.csv", "catalogue.sqlite")

DESIGN = """schema = 1
scenario = "{scenario}"
set = ["run.ticks={ticks}", "population.firms=100", "noise.demand_noise=0.03"]
replicates = {replicates}

[design]
kind = "{kind}"
{more}
[uncertainties.elasticity]
key = 'good."gallium.refined".demand_elasticity'
range = [0.05, 0.2]

[levers.licence]
switch = ["gallium_licence"]

[levers.approval]
key = "policy.gallium_licence.approval_share"
list = [0.4, 0.8]

[metrics]
price = {{ of = "price", good = "gallium.refined", country = "USA", take = "max" }}
reliance = {{ of = "import_reliance", country = "USA", goods = ["gallium", "germanium.refined"] }}
"""


@functools.cache
def undisturbed():
    """Tables of the design with one tick, run without interruption: every interrupted, damaged or divided sweep must give the same."""
    with tempfile.TemporaryDirectory() as folder:
        design = pathlib.Path(folder) / "design.toml"
        design.write_text(DESIGN.format(scenario=SCENARIO, ticks=1, replicates=2, kind="full_factorial", more=""))
        done = ytterby("sweep", design, "--out", folder + "/whole", "--jobs", 2, "--quiet")
        assert done.returncode == 0, done.stderr
        return {name: (pathlib.Path(folder) / "whole" / name).read_bytes() for name in TABLES}


def ytterby(*arguments, **more):
    return subprocess.run([PROGRAM, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, timeout=600, stdin=subprocess.DEVNULL, **more)


class Sweep(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def design(self, ticks=2, replicates=2, kind="full_factorial", more="", change=None, name="design.toml"):
        text = DESIGN.format(scenario=SCENARIO, ticks=ticks, replicates=replicates, kind=kind, more=more)
        path = self.folder / name
        path.write_text(change(text) if change else text)
        return path

    def sweep_ok(self, *arguments):
        done = ytterby("sweep", *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def rows(self, path):
        with open(path, newline="") as handle:
            return list(csv.DictReader(handle))

    def tables(self, folder):
        return {name: (folder / name).read_bytes() for name in TABLES}

    def segments_hold(self, folder, least):
        """Waits until so many runs are recorded."""
        end = time.monotonic() + 120
        while time.monotonic() < end:
            lines = sum(max(0, path.read_bytes().count(b"\n") - 1) for path in folder.glob("segments/*.txt"))
            if lines >= least:
                return lines
            time.sleep(0.002)
        self.fail(f"{least} runs were not recorded in {folder}")


class FinishedRun(Sweep):
    def test_a_factorial_and_its_tables(self):
        design = self.design(ticks=1)
        done = self.sweep_ok(design, "--out", self.folder / "a", "--jobs", 3)
        self.assertIn("16/16 ok (12 runs, some shared by several rows)", done.stdout)
        plan, results = self.rows(self.folder / "a/plan.csv"), self.rows(self.folder / "a/results.csv")
        self.assertEqual(list(plan[0]), ["run_id", "cell", "replicate", "elasticity", "licence", "approval"])
        self.assertEqual(list(results[0]), ["run_id", "cell", "replicate", "status", "error", "price", "reliance"])
        self.assertEqual([row["run_id"] for row in plan], [row["run_id"] for row in results])
        self.assertEqual({(row["elasticity"], row["licence"], row["approval"]) for row in plan}, {(e, s, a) for e in ("0.05", "0.2") for s in ("off", "on") for a in ("0.4", "0.8")})
        self.assertEqual({row["status"] for row in results}, {"ok"})
        value = {(p["elasticity"], p["licence"], p["approval"], p["replicate"]): r["price"] for p, r in zip(plan, results)}
        self.assertEqual(value["0.05", "off", "0.4", "0"], value["0.05", "off", "0.8", "0"], "a measure taken out has no share to approve")
        self.assertNotEqual(value["0.05", "on", "0.4", "0"], value["0.05", "on", "0.4", "1"], "replicates differ in their noise")
        for row in results:
            self.assertEqual(repr(float(row["price"])), row["price"], "shortest form")
        store = sqlite3.connect(self.folder / "a/catalogue.sqlite")
        self.addCleanup(store.close)
        self.assertEqual(store.execute("SELECT count(*), min(price) FROM results WHERE status = 'ok'").fetchone(), (16, min(float(row["price"]) for row in results)))
        self.assertEqual(store.execute("SELECT DISTINCT licence FROM plan ORDER BY 1").fetchall(), [("off",), ("on",)])
        self.assertEqual([row[0] for row in store.execute("SELECT name FROM levers")], ["elasticity", "licence", "approval"])
        self.assertEqual(store.execute("SELECT name, unit FROM metrics").fetchall(), [("price", "USD/t"), ("reliance", "share")])
        # The same bytes for other jobs.
        self.assertEqual(self.tables(self.folder / "a"), undisturbed())
        self.assertEqual((self.folder / "a/design.toml").read_bytes(), design.read_bytes())

    def test_metrics_agree_with_the_records(self):
        more = """[metrics]
output = { of = "output_t", good = "gallium.refined", take = "sum" }
hhi = { of = "import_hhi", good = "gallium.refined", country = "DEU", take = "first" }
imports = { of = "imports_t", goods = ["gallium.refined"], countries = ["DEU"], take = "last" }
concentration = { of = "output_hhi", good = "gallium.refined", take = "min" }
days = { of = "stock_days", good = "gallium.refined", country = "JPN", take = "max" }
emissions = { of = "emissions_t_co2", take = "sum" }
cost = { of = "fiscal_cost_usd", accounts = ["licence_rent", "tariff"], take = "sum" }
duties = { of = "receipts_usd", take = "sum" }
capacity = { of = "capacity_t", good = "gallium.refined", country = "CHN", take = "last" }
shortage = { of = "shortage_usd", good = "gallium.refined", take = "sum" }
"""
        design = self.design(ticks=3, replicates=1, kind="zip", change=lambda text: text.replace('take = "max"', 'over = "2023-02..2023-03"').replace("[metrics]", more).replace("[design]", '[design]\nfactors = ["licence"]'))
        self.sweep_ok(design, "--out", self.folder / "a", "--keep-runs", "--quiet")
        kept = list((self.folder / "a/runs").glob("*/manifest.json"))
        self.assertGreater(len(kept), 0)
        for manifest in kept:
            self.assertIn("done: 3 ticks", (manifest.parent / "run.log").read_text())
        questions = {
            "price": "SELECT avg(use_price_usd_per_t) FROM prices WHERE good = 'gallium.refined' AND country = 'USA' AND tick BETWEEN 1 AND 2",
            "output": "SELECT sum(output_t) FROM production WHERE good = 'gallium.refined'",
            "hhi": "SELECT sum(tonnes * tonnes) / (sum(tonnes) * sum(tonnes)) FROM flows WHERE good = 'gallium.refined' AND destination = 'DEU' AND origin <> 'DEU' AND tick = 0",
            "imports": "SELECT sum(tonnes) FROM flows WHERE good = 'gallium.refined' AND destination = 'DEU' AND origin <> 'DEU' AND tick = 2",
            "concentration": "SELECT min(value) FROM indicators WHERE indicator = 'output_hhi' AND good = 'gallium.refined'",
            "days": "SELECT max(value) * 365.2425 / 12 FROM indicators WHERE indicator = 'stock_months' AND good = 'gallium.refined' AND country = 'JPN'",
            "emissions": "SELECT sum(emissions_t_co2) FROM capacity",
            "cost": "SELECT -ifnull(sum(usd), 0) FROM treasury WHERE account IN ('licence_rent', 'tariff')",
            "duties": "SELECT ifnull(sum(usd), 0) FROM treasury",
            "capacity": "SELECT 12 * capacity_t FROM production WHERE good = 'gallium.refined' AND country = 'CHN' AND tick = 2",
        }
        for row in self.rows(self.folder / "a/results.csv"):
            store = sqlite3.connect(self.folder / "a/runs" / row["run_id"] / "run.sqlite")
            for metric, question in questions.items():
                metric_value, recorded = float(row[metric]), store.execute(question).fetchone()[0]
                # Flows below a millionth of consumption are not recorded.
                self.assertAlmostEqual(metric_value, recorded, delta=1e-12 + abs(recorded) * (1e-4 if metric in ("hhi", "imports") else 1e-9), msg=metric)
            unmet = store.execute("SELECT sum(value) FROM indicators WHERE indicator = 'unmet_t' AND good = 'gallium.refined'").fetchone()[0]
            self.assertEqual(float(row["shortage"]) > 0, unmet > 0)
            store.close()
        self.assertEqual(len(list((self.folder / "a/runs").iterdir())), 2)

    def test_a_dry_run_runs_nothing(self):
        done = self.sweep_ok(self.design(), "--dry-run", "--out", self.folder / "a", "--jobs", 2)
        self.assertFalse((self.folder / "a").exists())
        self.assertIn("runs     12: 8 cells x 2 replicates, 4 of 16 rows share", done.stdout)
        for part in ("time     about", "memory   about", "disk     about", "2 at a time"):
            self.assertIn(part, done.stdout)

    def test_own_tables_and_role_columns(self):
        (self.folder / "cells.csv").write_text("approval,elasticity,licence\n0.8,0.1,on\n0.4,0.15,off\n")
        self.sweep_ok(self.design(kind="table", more='file = "cells.csv"', replicates=1), "--out", self.folder / "a", "--quiet")
        self.assertEqual([(row["elasticity"], row["licence"], row["approval"]) for row in self.rows(self.folder / "a/plan.csv")], [("0.1", "on", "0.8"), ("0.15", "off", "0.4")])
        self.sweep_ok(self.design(kind="saltelli", more="samples = 1", replicates=1, ticks=1), "--out", self.folder / "b", "--quiet")
        self.assertEqual([row["saltelli_block"] for row in self.rows(self.folder / "b/plan.csv")], ["A", "AB_elasticity", "AB_licence", "AB_approval", "BA_elasticity", "BA_licence", "BA_approval", "B"])

    def test_a_run_that_fails_is_a_row(self):
        # Brazil imports no niobium ore, so its imports have no concentration.
        design = self.design(replicates=1, ticks=1, kind="zip", change=lambda text: text.replace("[metrics]", '[metrics]\nhhi = { of = "import_hhi", country = "BRA", good = "niobium.ore" }'))
        done = ytterby("sweep", design, "--out", self.folder / "a", "--quiet")
        self.assertEqual(done.returncode, 1)
        self.assertIn("0/2 ok, 2 failed", done.stdout)
        for row in self.rows(self.folder / "a/results.csv"):
            self.assertEqual((row["status"], row["hhi"], row["price"]), ("failed", "", ""))
            self.assertIn("metric hhi is not a number", row["error"])
        before = self.tables(self.folder / "a")
        done = ytterby("sweep", "resume", self.folder / "a", "--quiet")
        self.assertEqual((done.returncode, self.tables(self.folder / "a")), (1, before))
        segments = len(list((self.folder / "a/segments").iterdir()))
        self.assertEqual(segments, 1, "failed runs are not repeated unless the user asks")
        done = ytterby("sweep", "resume", self.folder / "a", "--retry-failed", "--quiet")
        self.assertEqual((done.returncode, self.tables(self.folder / "a")), (1, before))
        self.assertEqual(len(list((self.folder / "a/segments").iterdir())), 2)

class Interrupted(Sweep):
    def start(self, design, out, *arguments, **more):
        return subprocess.Popen([PROGRAM, "sweep", str(design), "--out", str(out), "--jobs", "2", "--quiet", *map(str, arguments)], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True, **more)

    def workers_of(self, process):
        try:
            return [int(word) for word in pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]
        except FileNotFoundError:
            return []

    def test_killed_at_any_moment_and_resumed(self):
        design = self.design(ticks=1)
        chance = random.Random(7)
        for attempt in range(2):
            out = self.folder / f"killed{attempt}"
            for stage in (chance.randrange(0, 3), chance.randrange(4, 8)):
                process = self.start(design, out)
                if stage > 0:
                    self.segments_hold(out, stage)
                if attempt == 0 and stage > 3:
                    for worker in self.workers_of(process)[:1]:
                        os.kill(worker, signal.SIGKILL)
                    self.segments_hold(out, min(12, stage + 1))
                os.kill(process.pid, signal.SIGKILL)
                process.communicate()
            # As after a power cut: the last line of the last segment is incomplete.
            last = sorted(out.glob("segments/*.txt"))
            if attempt == 1 and last and last[-1].stat().st_size > 100:
                os.truncate(last[-1], last[-1].stat().st_size - 11)
            status = ytterby("sweep", "status", out)
            if (out / "sweep.toml").exists():
                self.assertRegex(status.stdout, r"^\d+/16 ok")
            self.sweep_ok("resume", out, "--quiet") if (out / "sweep.toml").exists() else self.sweep_ok(design, "--out", out, "--quiet")
            self.assertEqual(self.tables(out), undisturbed())

    def test_a_worker_that_dies_costs_nothing(self):
        design = self.design(ticks=1)
        process = self.start(design, self.folder / "a")
        for least in (1, 4):
            self.segments_hold(self.folder / "a", least)
            for worker in self.workers_of(process)[:1]:
                os.kill(worker, signal.SIGKILL)
        _, errors = process.communicate(timeout=300)
        self.assertEqual(process.returncode, 0, errors)
        self.assertEqual(self.tables(self.folder / "a"), undisturbed())

    def test_stopped_by_the_user_or_the_clock(self):
        design = self.design(ticks=1)
        process = self.start(design, self.folder / "a")
        self.segments_hold(self.folder / "a", 1)
        os.kill(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=300)
        rows = self.rows(self.folder / "a/results.csv")
        self.assertEqual(len(rows), 16)
        if process.returncode == 130:
            self.assertIn("the same command continues the sweep", errors)
            self.assertIn("unplayed", {row["status"] for row in rows})
        done = ytterby("sweep", design, "--out", self.folder / "b", "--jobs", 1, "--max-wall", "0.001s", "--quiet")
        self.assertEqual(done.returncode, 130, done.stderr)
        self.assertRegex(done.stdout, r"\d+/16 ok, \d+ unplayed")
        self.sweep_ok("resume", self.folder / "a", "--quiet")
        self.sweep_ok("resume", self.folder / "b", "--quiet")
        self.assertEqual(self.tables(self.folder / "a"), self.tables(self.folder / "b"))

    def test_a_full_disk_loses_nothing(self):
        design = self.design(ticks=1)
        out = self.folder / "a"
        self.assertEqual(ytterby("sweep", design, "--out", out, "--max-wall", "0.001s", "--quiet").returncode, 130)
        for limit, place in ((500, "segment"), (20000, "catalogue.sqlite")):
            process = self.start(design, out, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
            _, errors = process.communicate(timeout=300)
            self.assertEqual(process.returncode, 1, errors)
            self.assertRegex(errors, f"cannot .*{place}")
        self.sweep_ok(design, "--out", out, "--quiet")
        self.assertEqual(self.tables(out), undisturbed())

    def test_a_folder_in_use_or_of_others_is_refused(self):
        design = self.design(ticks=24, replicates=4)
        process = self.start(design, self.folder / "a")
        self.segments_hold(self.folder / "a", 1)
        self.assertEqual(ytterby("sweep", design, "--out", self.folder / "a").returncode, 3)
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        other = self.design(ticks=1, replicates=1, kind="zip", name="other.toml")
        done = ytterby("sweep", other, "--out", self.folder / "a")
        self.assertEqual(done.returncode, 3)
        self.assertIn("it holds another sweep", done.stderr)
        (self.folder / "mine").mkdir()
        (self.folder / "mine/thesis.txt").write_text("years of work")
        self.assertEqual(ytterby("sweep", other, "--out", self.folder / "mine", "--overwrite").returncode, 3)
        self.assertEqual((self.folder / "mine/thesis.txt").read_text(), "years of work")
        self.sweep_ok(other, "--out", self.folder / "a", "--overwrite", "--quiet")
        self.assertEqual(len(self.rows(self.folder / "a/results.csv")), 2)


class Shards(Sweep):
    def test_shards_together_are_the_whole(self):
        design = self.design(ticks=1)
        for part in (1, 3):
            self.sweep_ok(design, "--out", self.folder / "a", "--shard", f"{part}/3", "--jobs", 2, "--quiet")
        again = self.sweep_ok("resume", self.folder / "a" / "shard-1-of-3", "--quiet")
        self.assertRegex(again.stdout, r"(?m)^shard 1/3: (\d+)/\1 ok, 0 failed, 0 left", "a part goes on with itself alone")
        self.assertRegex(self.sweep_ok("status", self.folder / "a").stdout, r"^\d+/16 ok, \d+ unplayed")
        done = ytterby("sweep", "merge", self.folder / "a")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, r"\d+/16 ok, \d+ unplayed")
        self.sweep_ok(design, "--out", self.folder / "a", "--shard", "2/3", "--quiet")
        self.assertIn("16/16 ok", self.sweep_ok("merge", self.folder / "a").stdout)
        self.assertEqual(self.tables(self.folder / "a"), undisturbed())
        other = self.design(ticks=2, replicates=1, kind="zip", name="other.toml")
        self.sweep_ok(other, "--out", self.folder / "b", "--quiet")
        done = ytterby("sweep", "merge", self.folder / "c", self.folder / "a", self.folder / "b")
        self.assertEqual(done.returncode, 3)
        self.assertIn("belongs to another sweep", done.stderr)

    def test_the_array_script_as_a_scheduler_runs_it(self):
        design = self.design(ticks=1)
        script = self.folder / "array.sh"
        done = self.sweep_ok(design, "--out", self.folder / "a b", "--emit-slurm", script, "--shards", 2, "--jobs", 1)
        self.assertFalse((self.folder / "a b").exists())
        self.assertTrue(script.stat().st_mode & stat.S_IXUSR)
        text = script.read_text()
        tasks = re.search(r"^#SBATCH --array=1-(\d+)$", text, re.MULTILINE).group(1)
        for directive in ("--time=", "--mem=", "--cpus-per-task=1"):
            self.assertIn("#SBATCH " + directive, text)
        for task in range(1, int(tasks) + 1):
            subprocess.run([script], check=True, cwd=self.folder, env={**os.environ, "SLURM_ARRAY_TASK_ID": str(task)}, capture_output=True, timeout=600)
        self.sweep_ok("merge", self.folder / "a b")
        self.assertEqual(self.tables(self.folder / "a b"), undisturbed())


@unittest.skipUnless(shutil.which("mpirun") and "--mpi" in ytterby("sweep", "--help").stdout, "built without YTTERBY_MPI")
class Ranks(Sweep):
    def mpirun(self, *arguments):
        allowed = {**os.environ, "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
        return subprocess.Popen(["mpirun", "--oversubscribe", "-n", "3", PROGRAM, "sweep", *map(str, arguments), "--mpi", "--quiet"], cwd=ROOT, env=allowed, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def test_three_ranks_and_the_death_of_one(self):
        design = self.design(ticks=1)
        process = self.mpirun(design, "--out", self.folder / "a")
        _, errors = process.communicate(timeout=300)
        self.assertEqual(process.returncode, 0, errors)
        self.assertEqual(self.tables(self.folder / "a"), undisturbed())
        process = self.mpirun(design, "--out", self.folder / "b")
        self.segments_hold(self.folder / "b", 2)
        ranks = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        os.kill(int(ranks[-1]), signal.SIGKILL)
        process.communicate(timeout=300)
        self.assertNotEqual(process.returncode, 0, "MPI ends all when one dies")
        process = self.mpirun(design, "--out", self.folder / "b")
        _, errors = process.communicate(timeout=300)
        self.assertEqual(process.returncode, 0, errors)
        self.assertEqual(self.tables(self.folder / "b"), undisturbed())


class BadDesigns(Sweep):
    def assert_refused(self, change, line_with, *parts):
        path = self.design(change=change)
        done = ytterby("sweep", path, "--out", self.folder / "x")
        self.assertEqual(done.returncode, 3, done.stdout + done.stderr)
        self.assertFalse((self.folder / "x").exists(), "no folder was made")
        line = next(number for number, text in enumerate(path.read_text().splitlines(), 1) if line_with in text)
        self.assertRegex(done.stderr, rf"^{re.escape(str(path))}:{line}:\d+: error: ", done.stderr)
        for part in parts:
            self.assertIn(part, done.stderr)

    def test_each_is_reported_with_file_and_line(self):
        replace = lambda old, new: lambda text: text.replace(old, new)
        key = 'key = "policy.gallium_licence.approval_share"'
        cases = [
            (replace(key, 'key = "policy.gallium_licence.aproval_share"'), "aproval_share", "did you mean 'approval_share'?"),
            (replace(key, 'key = "policy.galium_licence.approval_share"'), "galium_licence.app", "gallium_licence"),
            (replace("range = [0.05, 0.2]", "range = [0.2, 0.2]"), "range = ", "is empty"),
            (replace("list = [0.4, 0.8]", "list = [0.4, 1.8]"), "approval_share", "1.8"),
            (replace("replicates = 2", "replicates = 0"), "replicates = 0", "below the least allowed"),
            (replace("[metrics]", "[levers.again]\nkey = 'policy.\"gallium_licence\".approval_share'\nlist = [0.1, 0.2]\n[metrics]"), '."gallium_licence".', "sets policy.gallium_licence.approval_share already"),
            (replace('switch = ["gallium_licence"]', 'switch = ["galium_licence"]'), "switch", "gallium_licence"),
            (replace('of = "price"', 'of = "prise"'), "price = {", "did you mean 'price'?"),
            (replace('take = "max"', 'over = "2030..2035"'), "price = {", "no run records all of 2030..2035"),
            (replace('good = "gallium.refined", country', 'good = "galium.refined", country'), "price = {", "gallium.refined"),
            (replace("[metrics]", '[metrics]\ncost = { of = "fiscal_cost_usd", accounts = ["stockpile_x"] }'), "cost = {", "no treasury has an account"),
            (replace("[metrics]", '[metrics]\nnone = { of = "import_reliance", country = "FJI", good = "gallium.refined" }'), "none = {"),
            (replace('kind = "full_factorial"', 'kind = "sobol"'), "[design]", "samples"),
            (replace('kind = "full_factorial"', 'kind = "full_factorial"\nfactors = ["licens"]'), "kind = ", "licence"),
            (replace("schema = 1\n", "schema = 1\nreplicas = 3\n"), "replicas", "replicates"),
        ]
        for number, (change, *rest) in enumerate(cases):
            with self.subTest(rest[-1]):
                self.assert_refused(change, *rest)

    def test_usage(self):
        self.assertEqual(ytterby("sweep").returncode, 2)
        self.assertEqual(ytterby("sweep", self.design(), "--shard", "4/3").returncode, 2)
        self.assertEqual(ytterby("sweep", self.design(), "--max-wall", "soon").returncode, 2)
        self.assertEqual(ytterby("sweep", "no.toml").returncode, 3)
        self.assertEqual(ytterby("sweep", "status", self.folder).returncode, 3)
        self.assertEqual(ytterby("sweep", "merge", self.folder).returncode, 3)


if __name__ == "__main__":
    unittest.main()

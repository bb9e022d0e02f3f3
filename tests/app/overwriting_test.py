"""Overwriting removes what a manifest says was written, and nothing else."""

import json
import pathlib
import shutil
import tempfile
import unittest

from checkpoints import CONTROL, ROOT, manifest, ytterby
from hostile_files_test import DESIGN, QUIET


class Overwriting(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.design = self.folder / "designs" / "design.toml"
        self.design.parent.mkdir()
        self.design.write_text(DESIGN.format(scenario=ROOT / CONTROL))

    def ok(self, *arguments):
        done = ytterby(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def contents(self, folder):
        return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}

    def test_a_folder_of_runs_is_not_a_sweeps(self):
        place = self.folder / "place"
        self.ok("run", CONTROL, "--ticks", 1, "--out", place / "runs/control-1", *QUIET)
        before = self.contents(place)
        for more in ((), ("--overwrite",)):
            done = ytterby("sweep", self.design, "--out", place, "--quiet", *more)
            self.assertEqual(done.returncode, 3, done.stdout)
            self.assertIn("it holds 'runs'", done.stderr)
        self.assertEqual(self.contents(place), before)

    def test_files_that_only_have_the_names_of_a_sweep_are_safe(self):
        for name in ("design.toml", "results.csv", "plan.csv", "sweep.toml"):
            place = self.folder / name.replace(".", "-")
            place.mkdir()
            (place / name).write_text("schema = 1 # mine")
            for more in ((), ("--overwrite",)):
                self.assertEqual(ytterby("sweep", self.design, "--out", place, "--quiet", *more).returncode, 3)
            self.assertEqual((place / name).read_text(), "schema = 1 # mine")

    def test_other_runs_beside_those_of_a_sweep_stay(self):
        place = self.folder / "place"
        self.ok("sweep", self.design, "--out", place, "--quiet", "--keep-runs")
        kept = sorted(path.name for path in (place / "runs").iterdir())
        self.assertEqual(len(kept), 2)
        self.ok("run", CONTROL, "--ticks", 1, "--out", place / "runs/mine", *QUIET)
        (place / "runs" / kept[0] / "notes.txt").write_text("mine")
        mine = self.contents(place / "runs/mine")
        self.ok("sweep", self.design, "--out", place, "--quiet", "--overwrite")
        self.assertEqual(self.contents(place / "runs/mine"), mine)
        self.assertEqual((place / "runs" / kept[0] / "notes.txt").read_text(), "mine")
        self.assertFalse((place / "runs" / kept[1]).exists())
        self.assertTrue((place / "results.csv").exists())

    def test_a_run_removes_its_own_files_only(self):
        run = self.folder / "run"
        self.ok("run", CONTROL, "--ticks", 1, "--out", run, *QUIET)
        (run / "csv").mkdir()
        for name in ("csv/prices.csv", "report.html", "ensemble.csv", "notes.txt"):
            (run / name).write_text("mine")
        self.ok("run", CONTROL, "--ticks", 2, "--out", run, *QUIET, "--overwrite")
        for name in ("csv/prices.csv", "report.html", "ensemble.csv", "notes.txt"):
            self.assertEqual((run / name).read_text(), "mine", name)

    def test_a_manifest_cannot_name_files_elsewhere(self):
        run = self.folder / "run"
        self.ok("run", CONTROL, "--ticks", 1, "--out", run, *QUIET)
        victim = self.folder / "victim.csv"
        victim.write_text("mine")
        facts = manifest(run)
        facts["written"] += ["../victim.csv", "*", "notes.txt", str(victim)]
        (run / "manifest.json").write_text(json.dumps(facts))
        (run / "notes.txt").write_text("mine")
        self.ok("run", CONTROL, "--ticks", 1, "--out", run, *QUIET, "--overwrite")
        self.assertEqual((victim.read_text(), (run / "notes.txt").read_text()), ("mine", "mine"))

    def test_one_that_was_being_overwritten_is_not_finished(self):
        run = self.folder / "run"
        self.ok("run", CONTROL, "--ticks", 2, "--checkpoint-every", 1, "--out", run, *QUIET)
        # As the program leaves it when it is killed after each of its steps.
        facts = manifest(run)
        for gone in ((), ("run.sqlite",), ("run.sqlite", "checkpoints")):
            again = pathlib.Path(shutil.copytree(run, self.folder / f"again{len(gone)}"))
            (again / "manifest.json").write_text(json.dumps({"program": "ytterby", "status": "being removed", "written": facts["written"]}))
            for name in gone:
                shutil.rmtree(again / name) if (again / name).is_dir() else (again / name).unlink()
            done = ytterby("run", "--resume", again)
            self.assertEqual(done.returncode, 3, done.stderr)
            self.assertIn("being overwritten", done.stderr)
            self.ok("run", CONTROL, "--ticks", 2, "--out", again, *QUIET, "--overwrite")
            self.assertEqual(manifest(again)["final_digest"], facts["final_digest"])
        (run / "run.sqlite").unlink()
        done = ytterby("run", "--resume", run)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("its rows are missing", done.stderr)


if __name__ == "__main__":
    unittest.main()

"""Checkpoints as a user meets them: stopped, killed and resumed, damaged, refused, forked."""

import pathlib
import re
import resource
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

from checkpoints import CONTROL, PROGRAM, ROOT, checkpoints, differing_tables, kill_and_resume, manifest, rows, ytterby

ALL = ("--set", "noise.demand_noise=0.02", "--set", 'contracts.share={"*"=0.3}')
# Most rows are flows, stocks and indicators; one test looks at them too.
MOST = (*ALL, "--set", 'records.tables=["prices", "production", "capacity", "verbs", "treasury", "events", "rents"]')
TICKS = ("--ticks", 20, *MOST)
QUIET = ("--quiet", "--no-table")


def setUpModule():
    """Two runs that all tests share: one straight through, one that wrote checkpoints."""
    shared = tempfile.TemporaryDirectory()
    unittest.addModuleCleanup(shared.cleanup)
    Case.straight = pathlib.Path(shared.name) / "straight"
    Case.kept = pathlib.Path(shared.name) / "kept"
    for folder, more in ((Case.straight, ()), (Case.kept, ("--checkpoint-every", 6))):
        done = ytterby("run", CONTROL, "--out", folder, *TICKS, *QUIET, *more)
        assert done.returncode == 0, done.stderr


class Case(unittest.TestCase):

    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = pathlib.Path(self.temporary.name)

    def assert_same(self, run, other):
        self.assertEqual(manifest(run)["final_digest"], manifest(other)["final_digest"])
        self.assertEqual(differing_tables(run, other), [])
        self.assertEqual(manifest(run)["rows"], manifest(other)["rows"])
        self.assertEqual((run / "patterns.csv").read_bytes(), (other / "patterns.csv").read_bytes())

    def stopped(self, *more):
        """A copy of a run that wrote checkpoints, as if it had been killed after its last."""
        run = self.folder / "run"
        shutil.copytree(self.kept, run)
        text = (run / "manifest.json").read_text()
        (run / "manifest.json").write_text(text.replace('"status": "finished"', '"status": "running"'))
        return run

    def refused(self, *arguments):
        done = ytterby("run", *arguments, "--quiet")
        self.assertEqual((done.returncode, done.stdout), (3, ""), done.stderr)
        self.assertRegex(done.stderr, r"error: .*\(.*\)\. .*|error: ")
        return done.stderr


class Resuming(Case):
    def test_checkpoints_change_nothing_and_two_are_kept(self):
        self.assert_same(self.straight, self.kept)
        self.assertEqual(checkpoints(self.kept), [12, 18])
        self.assertEqual(ytterby("run", CONTROL, "--out", self.folder / "all", *TICKS, *QUIET, "--checkpoint-every", "quarter", "--keep-checkpoints", 0).returncode, 0)
        self.assertEqual(checkpoints(self.folder / "all"), [3, 6, 9, 12, 15, 18])

    def test_killed_at_any_moment(self):
        self.assertEqual(ytterby("run", CONTROL, "--out", self.folder / "straight", "--ticks", 14, *ALL, *QUIET).returncode, 0)
        resumed, _ = kill_and_resume(self.folder / "run", ["--ticks", 14, *ALL, "--checkpoint-every", 1], seed=1, kills=6)
        self.assertGreater(resumed, 2)
        self.assert_same(self.folder / "run", self.folder / "straight")
        self.assertEqual(list((self.folder / "run/checkpoints").glob("*.tmp")), [])

    def test_stopped_by_a_signal(self):
        for number, name in ((signal.SIGINT, "int"), (signal.SIGTERM, "term")):
            run = self.folder / name
            process = subprocess.Popen([PROGRAM, "run", CONTROL, "--out", str(run), *map(str, TICKS), *QUIET, "--checkpoint-every", "1"], cwd=ROOT)
            deadline = time.monotonic() + 120
            while time.monotonic() < deadline and not (run / "checkpoints").exists():
                time.sleep(0.002)
            process.send_signal(number)
            self.assertEqual(process.wait(timeout=300), 5)
            stopped = manifest(run)
            self.assertEqual(stopped["status"], "interrupted")
            self.assertEqual(checkpoints(run)[-1], stopped["ticks_done"])
            # The scenario may be named as for the first run, or be found in the checkpoint.
            arguments = ("--resume", run) if name == "int" else (CONTROL, "--out", run, *TICKS, "--threads", 2, "--resume")
            done = ytterby("run", *arguments, *QUIET)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assert_same(run, self.straight)

    def test_a_finished_run_is_left_alone(self):
        run = self.folder / "run"
        shutil.copytree(self.kept, run)
        before = (run / "run.sqlite").read_bytes()
        done = ytterby("run", "--resume", run)
        self.assertEqual(done.returncode, 0)
        self.assertIn("is finished", done.stderr)
        self.assertEqual((run / "run.sqlite").read_bytes(), before)

    def test_a_longer_run_is_the_same_from_its_start(self):
        longer, straight = self.folder / "longer", self.folder / "straight"
        shutil.copytree(self.kept, longer)
        for arguments in (("--resume", longer, "--ticks", 26), (CONTROL, "--out", straight, *MOST, "--ticks", 26)):
            done = ytterby("run", *arguments, *QUIET)
            self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_same(longer, straight)
        self.assertEqual(manifest(longer)["ticks_done"], 26)
        self.assertIn("nothing is left to run", self.refused("--resume", self.stopped(), "--ticks", 18))

    def test_from_another_folder(self):
        run = self.stopped()
        done = subprocess.run([PROGRAM, "run", "--resume", str(run), *QUIET], cwd=self.folder, capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_same(run, self.straight)

    def test_before_the_first_checkpoint(self):
        run = self.stopped()
        shutil.rmtree(run / "checkpoints")
        done = ytterby("run", "--resume", run, *QUIET)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("begins anew", done.stderr)
        self.assert_same(run, self.straight)

    def test_wrong_usage(self):
        self.assertEqual(ytterby("run", "--resume").returncode, 2)
        self.assertEqual(ytterby("run").returncode, 2)
        self.assertEqual(ytterby("run", CONTROL, "--checkpoint-every", "fortnight").returncode, 2)
        self.assertEqual(ytterby("run", CONTROL, "--checkpoint-every", 0).returncode, 2)
        self.assertEqual(ytterby("run", CONTROL, "--resume", "--overwrite").returncode, 2)
        self.assertIn("no run to resume", self.refused("--resume", self.folder / "nothing"))
        self.assertEqual(ytterby("run", CONTROL, "--ticks", 2, "--out", self.folder / "plain", *QUIET).returncode, 0)
        self.assertIn("--checkpoint-every", self.refused("--resume", self.folder / "plain", "--ticks", 4))


class Damage(Case):
    def test_the_older_one_is_used(self):
        whole = (self.kept / "checkpoints/tick-000018.bin").read_bytes()
        changed = bytearray(whole)
        changed[len(changed) // 2] ^= 1
        for spoilt in (b"", whole[:len(whole) // 2], bytes(changed)):
            run = self.stopped()
            (run / "checkpoints/tick-000018.bin").write_bytes(spoilt)
            done = ytterby("run", "--resume", run, *QUIET)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertRegex(done.stderr, r"warning: .*tick-000018\.bin: it is damaged .*going on from tick 12")
            self.assertEqual(manifest(run)["resumed_from"], 12)
            shutil.rmtree(run) if spoilt != bytes(changed) else self.assert_same(run, self.straight)

    def test_none_is_left(self):
        run = self.stopped()
        for path in (run / "checkpoints").iterdir():
            path.write_bytes(path.read_bytes()[:-5])
        before = (run / "run.sqlite").read_bytes()
        message = self.refused("--resume", run)
        self.assertEqual(message.count("it is damaged"), 2)
        self.assertIn("--overwrite", message)
        self.assertEqual((run / "run.sqlite").read_bytes(), before)

    def test_rows_that_are_missing_count_as_damage(self):
        run = self.stopped()
        (run / "run.sqlite").unlink()
        self.assertIn("its rows are missing", self.refused("--resume", run))

    def test_another_config(self):
        run = self.stopped()
        before = (run / "run.sqlite").read_bytes()
        message = self.refused("--resume", run, "--set", "fear.fear=0.1")
        self.assertRegex(message, r"fear\.fear.*the checkpoint of tick 18 was made with.*--branch")
        self.assertIn("run.seed", self.refused(CONTROL, *TICKS, "--seed", 7, "--out", run, "--resume"))
        self.assertEqual((run / "run.sqlite").read_bytes(), before)

    def test_a_folder_that_cannot_be_made(self):
        done = ytterby("run", CONTROL, "--out", self.kept / "manifest.json/run", *TICKS, *QUIET)
        self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
        self.assertIn("it cannot be created (Not a directory)", done.stderr)

    def test_a_full_disk_loses_nothing(self):
        run = self.folder / "full"
        done = ytterby("run", CONTROL, "--out", run, *TICKS, *QUIET, "--set", 'records.tables=["verbs"]', "--checkpoint-every", 6)
        self.assertEqual(done.returncode, 0, done.stderr)
        newest = run / "checkpoints/tick-000018.bin"
        most = newest.stat().st_size // 2
        newest.unlink()
        text = (run / "manifest.json").read_text()
        (run / "manifest.json").write_text(text.replace('"status": "finished"', '"status": "running"'))

        def small_files():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        done = ytterby("run", "--resume", run, *QUIET, preexec_fn=small_files, restore_signals=False)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertRegex(done.stderr, r"cannot write .*checkpoints/tick-000018\.bin: ")
        self.assertEqual(manifest(run)["status"], "failed")
        self.assertEqual(checkpoints(run), [12])
        self.assertEqual(list((run / "checkpoints").glob("*.tmp")), [])
        done = ytterby("run", "--resume", run, *QUIET)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(manifest(run)["final_digest"], manifest(self.straight)["final_digest"])


class Disk(Case):
    """A small file system of its own, where the system lets us mount one."""

    def setUp(self):
        super().setUp()
        self.disk = self.folder / "disk"
        self.disk.mkdir()
        made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(self.disk)], capture_output=True, text=True) if shutil.which("mount") else None
        if made is None or made.returncode != 0:
            self.skipTest("no file system can be mounted here: " + (made.stderr.strip() if made else "there is no mount"))
        self.addCleanup(subprocess.run, ["umount", "--lazy", str(self.disk)], check=True)

    def mount(self, options):
        subprocess.run(["mount", "-o", "remount," + options, str(self.disk)], check=True, capture_output=True)

    def test_one_that_is_full_loses_nothing(self):
        run = self.disk / "run"
        done = ytterby("run", CONTROL, "--out", run, *TICKS, *QUIET, "--checkpoint-every", 3)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertRegex(done.stderr, r"(cannot write .*tick-\d+\.bin: No space left on device|disk is full)")
        kept = checkpoints(run)
        self.assertTrue(kept)
        self.assertEqual({row[0] for row in rows(run, "prices") if row[0] < kept[-1]}, set(range(kept[-1])))
        done = ytterby("run", "--resume", run, *QUIET)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(checkpoints(run), kept)
        self.mount("size=64m")
        done = ytterby("run", "--resume", run, *QUIET)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(manifest(run)["resumed_from"], kept[-1])
        self.assert_same(run, self.straight)

    def test_one_that_cannot_be_written(self):
        self.mount("size=64m")
        run = self.disk / "run"
        shutil.copytree(self.kept, run)
        before = {path: path.read_bytes() for path in run.rglob("*") if path.is_file()}
        self.mount("ro")
        self.assertIn("Read-only file system", self.refused("--resume", run, "--ticks", 26))
        done = ytterby("run", CONTROL, "--out", self.disk / "other", *TICKS, *QUIET)
        self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
        self.assertIn("it cannot be created (Read-only file system)", done.stderr)
        self.assertEqual({path: path.read_bytes() for path in run.rglob("*") if path.is_file()}, before)


class Branching(Case):
    def branch(self, *arguments):
        done = ytterby("run", "--branch", f"{self.kept}@12", "--out", self.folder / "branch", *QUIET, *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return self.folder / "branch"

    def test_one_that_changes_nothing_is_the_same_run(self):
        branch = self.branch()
        self.assert_same(branch, self.straight)
        self.assertEqual(manifest(branch)["branch_of"], f"{self.kept}@12")

    def test_a_policy_bites_from_there_on(self):
        branch = self.branch("--set", "policy.gallium_licence.remove=true", "--set", "fear.fear=0.05")
        mine, theirs = (set(rows(run, "prices")) for run in (branch, self.straight))
        self.assertEqual(min(row[0] for row in mine ^ theirs), 12)
        self.assertIn(12, [row[0] for row in rows(branch, "verbs") if "end" in row])

    def test_a_branch_may_be_stopped_too(self):
        branch = self.branch("--checkpoint-every", 3, "--set", "policy.gallium_licence.approval_share=0.3")
        again = self.folder / "again"
        shutil.copytree(branch, again)
        text = (again / "manifest.json").read_text()
        (again / "manifest.json").write_text(text.replace('"status": "finished"', '"status": "running"'))
        self.assertEqual(ytterby("run", "--resume", again, *QUIET).returncode, 0)
        self.assert_same(again, branch)

    def test_what_cannot_change(self):
        for override in ("population.firms=2000", "base_year=2023", "run.seed=3", "market.mechanism=order_book", "run.tick=week", 'contracts.lapse_months=9'):
            message = self.refused("--branch", f"{self.kept}@12", "--out", self.folder / "no", "--set", override)
            self.assertIn(override.split("=")[0], message)
            self.assertFalse((self.folder / "no").exists())
        self.assertIn("12, 18", self.refused("--branch", f"{self.kept}@13"))
        self.assertIn("not a number", self.refused("--branch", f"{self.kept}@soon"))


if __name__ == "__main__":
    unittest.main()

"""`ytterby sweep` with a stopping rule, as a user types it."""

import os
import pathlib
import re
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from sweep_test import PROGRAM, ROOT, Sweep, ytterby  # noqa: E402


class Rules(Sweep):
    """A stopping rule: rounds of replicates until it holds for every cell."""

    def ruled(self, until, replicates=30, **more):
        change = lambda text: text.replace(f"replicates = {replicates}\n", f'replicates = {replicates}\nuntil = "{until}"\n').replace('[levers.approval]\nkey = "policy.gallium_licence.approval_share"\nlist = [0.4, 0.8]\n', "")
        return self.design(ticks=1, replicates=replicates, kind="zip", change=change, **more)

    def bound(self):
        """A half-width between those of ten and thirty replicates."""
        design = self.design(ticks=1, replicates=10, kind="zip", name="probe.toml", change=lambda text: text.replace('[levers.approval]\nkey = "policy.gallium_licence.approval_share"\nlist = [0.4, 0.8]\n', ""))
        self.sweep_ok(design, "--out", self.folder / "probe", "--quiet")
        text = ytterby("analyze", self.folder / "probe", "convergence", "--metric", "price", "--until", "ci(price) < 1e-9").stdout
        return 0.8 * float(re.search(r"ci\(price\) is ([\d.e+]+)", text).group(1))

    def test_rounds_end_when_the_rule_holds_however_often_interrupted(self):
        design = self.ruled(f"ci(price) < {self.bound():.6g}")
        done = self.sweep_ok(design, "--out", self.folder / "a", "--jobs", 3, "--quiet")
        found = re.search(r"^(\d+)/60 ok, (\d+) spared; tables in .*\nuntil ci\(price\) < \S+: met after (\d+) replicates of each cell", done.stdout)
        self.assertIsNotNone(found, done.stdout)
        ok, spared, needed = map(int, found.groups())
        self.assertEqual((ok, spared), (2 * needed, 60 - 2 * needed))
        self.assertTrue(10 < needed < 30, done.stdout)
        for row in self.rows(self.folder / "a/results.csv"):
            self.assertEqual((row["status"], row["price"] != ""), ("ok", True) if int(row["replicate"]) < needed else ("spared", False))
        self.assertEqual(len(self.rows(self.folder / "a/plan.csv")), 60, "the plan has the largest number of replicates")
        # Killed within a round, then within another or the same, and resumed.
        out = self.folder / "b"
        for least in (4, 2 * needed - 3):
            process = subprocess.Popen([PROGRAM, "sweep", design, "--out", out, "--jobs", "2", "--quiet"], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            self.segments_hold(out, least)
            os.kill(process.pid, signal.SIGKILL)
            process.communicate()
        self.assertRegex(ytterby("sweep", "status", out).stdout, r"^\d+/60 ok, \d+ (unplayed|spared)\n")
        self.sweep_ok("resume", out, "--jobs", 1, "--quiet")
        self.assertEqual(self.tables(out), self.tables(self.folder / "a"))
        self.assertIn(f"{ok}/60 ok, {spared} spared", ytterby("sweep", "status", out).stdout)
        # Analyses do not count spared runs as missing.
        text = ytterby("analyze", out, "convergence", "--metric", "price").stdout
        self.assertIn(f"{ok} of 60 planned runs are ok (0 failed, 0 not run, {spared} spared by the stopping rule); 2 cells, {needed} replicates", text)

    def test_a_rule_that_is_never_met_is_reported(self):
        design = self.ruled("ci(price) < 1e-6", replicates=12)
        dry = self.sweep_ok(design, "--dry-run").stdout
        self.assertIn("runs     at most 24: 2 cells x 10 to 12 replicates", dry)
        self.assertIn("until    ci(price) < 1e-6", dry)
        done = self.sweep_ok(design, "--out", self.folder / "a", "--quiet")
        self.assertIn("24/24 ok", done.stdout)
        self.assertIn("not met after 12 replicates of each cell, the most", done.stdout)

    def test_what_cannot_be_decided_is_refused(self):
        design = self.ruled("ci(price) < 5")
        for arguments in (("--shard", "1/2"), ("--emit-slurm", self.folder / "x.sh")):
            done = ytterby("sweep", design, "--out", self.folder / "a", *arguments)
            self.assertEqual(done.returncode, 3)
            self.assertRegex(done.stderr, r"design\.toml:5:\d+: error: until: .*cannot be run in shards")
        for until, more, message in (("ci(prize) < 5", {}, "did you mean 'price'?"), ("ci(price) > 5", {}, "a rule stops when an interval is small"), ("ci(price) < 5", {"replicates": 9}, "fewer than least_replicates")):
            done = ytterby("sweep", self.ruled(until, **more), "--out", self.folder / "a")
            self.assertEqual(done.returncode, 3)
            self.assertRegex(done.stderr, r"design\.toml:[45]:\d+: error: ")
            self.assertIn(message, done.stderr)
        self.assertFalse((self.folder / "a").exists())


if __name__ == "__main__":
    unittest.main()

"""run.log: what a run leaves for its reader, and that nothing else depends on it."""

import json
import os
import pathlib
import re
import resource
import signal
import sqlite3
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("YTTERBY", str(ROOT / "build/release/app/ytterby"))
CONTROL = "configs/gallium_control.toml"
LINE = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ (error|warning|info|debug) +(.*)$")


class RunLog(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def ytterby(self, *arguments, code=0):
        done = subprocess.run([PROGRAM, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, timeout=300, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def run_into(self, name, *arguments, config=CONTROL, ticks=12):
        done = self.ytterby("run", config, "--ticks", ticks, "--no-table", "--out", self.folder / name, "--set", "population.firms=300", *arguments)
        return done, self.lines(name)

    def lines(self, name):
        """(level, text) of each line."""
        matches = [LINE.match(line) for line in (self.folder / name / "run.log").read_text().splitlines()]
        self.assertTrue(all(matches))
        return [match.groups() for match in matches]

    def test_it_tells_the_run(self):
        _, lines = self.run_into("run", "--seed", 7)
        texts = [text for _, text in lines]
        self.assertEqual({level for level, _ in lines}, {"info"})
        for part in (r"^ytterby \d", rf"^scenario {CONTROL}, fingerprint \w{{32}}$", r"^set run.seed=7$", r"^seed 7, replicate 0, threads \d+$", r"12 ticks from 2023-01$",
                     r"^2023-07  gallium_licence announced for 2023-08$", r"^2023-08  gallium_licence begins: ", r"^phases: \w+ \d", r"^done: 12 ticks in "):
            self.assertTrue(any(re.search(part, text) for text in texts), part + "\n" + "\n".join(texts))
        digest = json.loads((self.folder / "run/manifest.json").read_text())["final_digest"]
        self.assertIn("fingerprint of the world at the end: " + digest, texts)

    def test_events_are_those_of_the_records(self):
        self.run_into("run", "--log-level", "debug", config="configs/foreign_controls.toml", ticks=24)
        counted = {}
        for _, text in self.lines("run"):
            found = re.match(r"\d{4}-\d\d  [A-Z]{3} \w+: .*(stopped|came back|closed for good|went bankrupt|first plants stand|runs on credit|paid its credit back)", text)
            if found:
                counted[found[1]] = counted.get(found[1], 0) + 1
        store = sqlite3.connect(self.folder / "run/run.sqlite")
        recorded = dict(store.execute("SELECT CASE kind WHEN 'mothball' THEN 'stopped' WHEN 'restart' THEN 'came back' WHEN 'closure' THEN 'closed for good' WHEN 'bankruptcy' THEN 'went bankrupt'"
                                      " WHEN 'entry' THEN 'first plants stand' WHEN 'on_credit' THEN 'runs on credit' WHEN 'credit_repaid' THEN 'paid its credit back' END, count(*) FROM events GROUP BY 1"))
        self.assertEqual(counted, recorded)
        self.assertGreater(sum(counted.values()), 0)

    def test_a_measure_ends(self):
        _, lines = self.run_into("run", "--set", 'policy.gallium_licence.end="2023-11"')
        self.assertIn(("info", "2023-11  gallium_licence ends"), lines)

    def test_levels(self):
        _, debug = self.run_into("debug", "--log-level", "debug")
        _, info = self.run_into("info")
        done, warning = self.run_into("warning", "--log-level", "warning")
        self.assertTrue(any(level == "debug" and "gallium_licence: cap CHN->" in text for level, text in debug))
        self.assertGreater(len(debug), len(info))
        self.assertEqual(warning, [])
        self.assertNotIn("done:", done.stderr)
        self.assertIn("--log-level", self.ytterby("run", CONTROL, "--log-level", "loud", code=2).stderr)

    def test_quiet_concerns_the_terminal(self):
        done, lines = self.run_into("run", "--quiet")
        self.assertEqual(done.stderr, "")
        self.assertTrue(any(text.startswith("done:") for _, text in lines))

    def test_messages_do_not_tear_results(self):
        done = subprocess.run([PROGRAM, "run", "configs/gallium_control.toml", "--ticks", "14", "--set", "population.firms=200", "--out", str(self.folder / "torn")],
                              cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertEqual(sum("info: done:" in line for line in done.stdout.splitlines()), 1)
        self.assertEqual(sum(line.startswith("info: done:") for line in done.stdout.splitlines()), 1, "the message stands on a line of its own")

    def test_nothing_depends_on_it(self):
        for name, level in (("one", "debug"), ("other", "error")):
            self.run_into(name, "--log-level", level)
        one, other = (json.loads((self.folder / name / "manifest.json").read_text()) for name in ("one", "other"))
        self.assertEqual(one["final_digest"], other["final_digest"])
        # Named only among the files that --overwrite removes.
        self.assertIn("run.log", one.pop("written"))
        self.assertNotIn("run.log", json.dumps(one))
        self.assertEqual(*({row for row in sqlite3.connect(self.folder / name / "run.sqlite").execute("SELECT * FROM prices")} for name in ("one", "other")))
        (self.folder / "other/run.log").unlink()
        self.assertNotIn("run.log", self.ytterby("diff", self.folder / "one", self.folder / "other").stdout)

    def test_a_resumed_run_goes_on_in_it(self):
        whole = ["--checkpoint-every", "6"]
        self.run_into("run", *whole)
        before = (self.folder / "run/run.log").read_text()
        manifest = self.folder / "run/manifest.json"
        manifest.write_text(manifest.read_text().replace('"finished"', '"interrupted"'))
        self.ytterby("run", "--resume", self.folder / "run", "--no-table")
        after = (self.folder / "run/run.log").read_text()
        self.assertTrue(after.startswith(before))
        self.assertIn("continuing after tick", after[len(before):])

    def test_overwriting_begins_it_anew(self):
        self.run_into("run", "--seed", 3)
        self.run_into("run", "--seed", 4, "--overwrite")
        self.assertEqual([text for _, text in self.lines("run") if text.startswith("seed ")], ["seed 4, replicate 0, threads 1"])

    def test_a_log_that_cannot_be_written_ends_no_run(self):
        self.run_into("run")
        (self.folder / "run/run.log").unlink()
        (self.folder / "run/run.log").mkdir()
        done = self.ytterby("run", CONTROL, "--ticks", 3, "--no-table", "--overwrite", "--out", self.folder / "run")
        self.assertIn("warning: run.log is not complete", done.stderr)
        self.assertEqual(json.loads((self.folder / "run/manifest.json").read_text())["status"], "finished")

    def test_a_failure_is_in_it(self):
        def small_files():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
        done = subprocess.run([PROGRAM, "run", CONTROL, "--out", self.folder / "run", "--quiet"], cwd=ROOT, preexec_fn=small_files, restore_signals=False, capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertRegex(self.lines("run")[-1][1], r"run\.sqlite: ")
        self.assertEqual(self.lines("run")[-1][0], "error")


if __name__ == "__main__":
    unittest.main()

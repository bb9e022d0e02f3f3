"""bench/compare and the frozen workloads: all load, a comparison runs, and what is wrong is said."""

import os
import pathlib
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("YTTERBY", str(ROOT / "build/release/app/ytterby"))


def compare(*arguments):
    return subprocess.run([sys.executable, "-B", ROOT / "bench/compare", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=300, stdin=subprocess.DEVNULL)


class Compare(unittest.TestCase):
    def test_every_workload_loads(self):
        done = compare("--check", PROGRAM)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout, "4 workloads load\n")

    def test_two_programs_are_timed(self):
        done = compare("--programs", PROGRAM, PROGRAM, "--rounds", "2", "--ticks", "2", "--workload", "baseline")
        self.assertEqual(done.returncode, 0, done.stderr)
        head, line = done.stdout.splitlines()
        self.assertEqual(head.split()[:3], ["processor", "time,", "s"])
        words = line.split()
        self.assertEqual((words[0], words[-1]), ("baseline", "same"))
        base, here, ratio = map(float, words[1:4])
        self.assertGreater(min(base, here), 0.0)
        self.assertAlmostEqual(ratio, here / base, delta=0.2)

    def test_a_program_that_fails_ends_the_comparison(self):
        done = compare("--programs", "/bin/false", PROGRAM, "--workload", "baseline")
        self.assertEqual(done.returncode, 1)
        self.assertIn("/bin/false does not take bench/workloads/baseline.toml", done.stderr)

    def test_a_base_that_is_no_commit(self):
        done = compare("no-such-branch")
        self.assertEqual(done.returncode, 1)
        self.assertIn("'no-such-branch' is no commit, branch or tag", done.stderr)

    def test_wrong_words(self):
        for arguments, said in ((["--workload", "nothing", "--check", PROGRAM], "the workloads are baseline, flagship, foreign_controls, sweep_run"), ([], "name a commit"),
                                (["HEAD", "--rounds", "0"], "at least one round"), (["HEAD", "--check", PROGRAM], "name a commit")):
            done = compare(*arguments)
            self.assertEqual(done.returncode, 2)
            self.assertIn(said, done.stderr)


if __name__ == "__main__":
    unittest.main()

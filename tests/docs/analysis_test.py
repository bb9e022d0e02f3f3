"""docs/analysis.md: its commands run, and it names every table; `./check pages` compares what they print."""

import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("YTTERBY", str(ROOT / "build/release/app/ytterby"))
PAGE = ROOT / "docs/analysis.md"
sys.path[:0] = [str(ROOT / "tests/docs"), str(ROOT / "tests/app")]
import made_sweeps  # noqa: E402
from readme_test import blocks, reads_alike  # noqa: E402


class AnalysisPage(unittest.TestCase):
    def test_commands_run_and_its_tables_are_named(self):
        commands = 0
        written = set()
        with tempfile.TemporaryDirectory() as folder:
            for language, lines in blocks(PAGE.read_text()):
                if language == "sh":
                    for line in lines:
                        arguments = [PROGRAM] + [re.sub(r"^runs/", folder + "/", argument) for argument in shlex.split(line)[1:]]
                        done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, timeout=600)
                        self.assertEqual(done.returncode, 0, line + "\n" + done.stderr)
                        commands += 1
            written = {path.stem for path in pathlib.Path(folder).rglob("*.csv")}
        self.assertEqual(commands, 4)
        named = set(re.findall(r"`(\w+)`", PAGE.read_text()))
        self.assertEqual(written - named, set(), "every table is named")

    def test_the_example_is_what_its_script_writes(self):
        with tempfile.TemporaryDirectory() as folder:
            made_sweeps.policies(folder)
            for name in ("plan.csv", "results.csv"):
                kept = (ROOT / "docs/examples/made_sweep" / name).read_text().splitlines()
                made = (pathlib.Path(folder) / name).read_text().splitlines()
                self.assertEqual(len(kept), len(made))
                self.assertTrue(all(reads_alike(one, other) for one, other in zip(kept[:40], made[:40])))


if __name__ == "__main__":
    unittest.main()

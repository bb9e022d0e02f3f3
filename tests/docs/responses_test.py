"""docs/responses.md: its commands run; `./check pages` compares what they print."""

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
PAGE = ROOT / "docs/responses.md"
sys.path.insert(0, str(ROOT / "tests/docs"))
from readme_test import blocks  # noqa: E402


class Responses(unittest.TestCase):
    def test_commands_run(self):
        commands = 0
        with tempfile.TemporaryDirectory() as folder:
            for language, lines in blocks(PAGE.read_text()):
                if language == "sh":
                    for line in lines:
                        arguments = [PROGRAM] + [re.sub(r"^runs/", folder + "/", argument) for argument in shlex.split(line)[1:]]
                        arguments += ["--out", folder + "/ensemble"] if arguments[1] == "ensemble" else []
                        done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, timeout=600)
                        self.assertEqual(done.returncode, 0, line + "\n" + done.stderr)
                        commands += 1
        self.assertEqual(commands, 3)

    def test_columns_of_the_table_are_those_that_are_written(self):
        described = re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \| ", PAGE.read_text(), re.MULTILINE)))
        source = (ROOT / "report/ensemble_report.cpp").read_text()
        written = re.search(r'"seed,year,good,([\w,]+)\\r', source).group(1).split(",")
        self.assertEqual(described, written)


if __name__ == "__main__":
    unittest.main()

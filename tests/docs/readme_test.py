"""The README's commands run, its output is what a run prints, and the documents' links lead somewhere."""

import os
import pathlib
import re
import shlex
import sqlite3
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("YTTERBY", str(ROOT / "build/release/app/ytterby"))


def blocks(text, language):
    """The fenced blocks of a language ("" for plain ones), in order."""
    found, inside, lines = [], None, []
    for line in text.splitlines():
        if line.startswith("```"):
            if inside is None:
                inside, lines = line[3:], []
            else:
                if inside == language:
                    found.append("\n".join(lines))
                inside = None
        elif inside is not None:
            lines.append(line)
    return found


class Readme(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.text = (ROOT / "README.md").read_text()
        cls.folder = tempfile.TemporaryDirectory()
        cls.output = {}
        for block in blocks(cls.text, "sh"):
            for line in block.splitlines():
                words = shlex.split(line, comments=True)
                if not words or words[0] != "./ytterby":
                    continue
                words = [PROGRAM] + [re.sub(r"^runs/", cls.folder.name + "/", w) for w in words[1:]]
                if words[1] == "run" and "--out" not in words:
                    words += ["--out", cls.folder.name + "/" + pathlib.Path(words[2]).stem]
                done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=300)
                cls.output[line] = done

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_every_command_of_the_program_runs(self):
        self.assertGreaterEqual(len(self.output), 7)
        for line, done in self.output.items():
            self.assertEqual(done.returncode, 0, line + "\n" + done.stderr)

    def test_the_comparison_reads_as_shown(self):
        shown = [line for block in blocks(self.text, "") for line in block.splitlines() if line.startswith("gallium.refined: use price")]
        self.assertEqual(len(shown), 1)
        diff = next(done.stdout for line, done in self.output.items() if " diff " in line)
        # Last digits may differ between processors' rounding; words and numbers to two digits may not.
        def rounded(text):
            return re.sub(r"\d+\.?\d*", lambda m: "%.2g" % float(m.group()), text)
        self.assertIn(rounded(shown[0]), [rounded(line) for line in diff.splitlines()])

    def test_the_query_gives_what_is_shown(self):
        query = next(re.search(r'"(SELECT .*)"', line).group(1) for block in blocks(self.text, "sh") for line in block.splitlines() if line.startswith("sqlite3"))
        rows = sqlite3.connect(self.folder.name + "/licence/run.sqlite").execute(query).fetchall()
        shown = [line.split() for block in blocks(self.text, "") for line in block.splitlines() if re.match(r"\d{4}-\d\d  ", line)]
        self.assertEqual(len(rows), len(shown))
        for (date, country, price), words in zip(rows, shown):
            self.assertEqual([date, country], words[:2])
            self.assertAlmostEqual(price, float(words[2]), delta=0.02 * price)


class Documents(unittest.TestCase):
    def test_links_lead_to_files(self):
        for document in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("bench/*.md")]:
            for target in re.findall(r"\]\(([^)#]+)\)", document.read_text()):
                if not re.match(r"[a-z]+:", target):
                    self.assertTrue((document.parent / target).exists(), f"{document.name}: {target}")

    def test_files_named_in_the_model_exist(self):
        for name in ("docs/model.md", "HACKING.md"):
            for path in re.findall(r"`((?:core|market|agents|policies|simulation|records|report|app|tests|configs|tools|bench)/[\w/]+\.\w+)`", (ROOT / name).read_text()):
                self.assertTrue((ROOT / path).exists(), f"{name}: {path}")


if __name__ == "__main__":
    unittest.main()

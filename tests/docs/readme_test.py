"""The README's commands run; the documents' links, files and topics exist; configuration.md is current.

UPDATE_GOLDEN=1 writes docs/configuration.md anew.
"""

import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
from pages import reads_alike  # noqa: E402,F401  (for the other tests here)
PROGRAM = os.environ.get("YTTERBY", str(ROOT / "build/release/app/ytterby"))
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("docs/*.md")), *sorted(ROOT.glob("bench/*.md"))]
ROOMS = "core|market|agents|policies|simulation|records|report|app|tests|configs|tools|bench|docs"


def blocks(text):
    """(language, lines) of the fenced blocks, in order; the language of a plain block is empty."""
    language, lines = None, []
    for line in text.splitlines():
        if line.startswith("```"):
            if language is None:
                language, lines = line[3:], []
            else:
                yield language, lines
                language = None
        elif language is not None:
            lines.append(line)


class Readme(unittest.TestCase):
    """Runs the commands once, in order, in a folder that takes the place of runs/."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.done = []           # (command as written, its result)
        tools = {"./ytterby": PROGRAM, "python3": sys.executable, "sqlite3": shutil.which("sqlite3")}
        for language, lines in blocks((ROOT / "README.md").read_text()):
            for line in lines if language == "sh" else []:
                arguments = shlex.split(line, comments=True)
                if not arguments or tools.get(arguments[0]) is None:
                    continue    # ./check runs this very test; sqlite3 need not be installed
                arguments = [tools[arguments[0]]] + [re.sub(r"(?<![\w/])runs/", folder.name + "/", argument) for argument in arguments[1:]]
                if arguments[1] == "run" and "--out" not in arguments:
                    arguments += ["--out", folder.name + "/" + pathlib.Path(arguments[2]).stem]
                cls.done.append((line, subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, timeout=300)))

    def test_every_command_runs(self):
        self.assertGreaterEqual(sum(line.startswith("./ytterby") for line, _ in self.done), 7)
        for line, done in self.done:
            self.assertEqual(done.returncode, 0, line + "\n" + done.stderr)

    def test_exit_codes_are_the_programs(self):
        footer = subprocess.run([PROGRAM, "--help"], capture_output=True, text=True).stdout
        codes = re.findall(r"\b(\d+) \w", re.search(r"Exit codes: (.*)", footer).group(1))
        table = re.findall(r"^\| (\d+) \|", (ROOT / "README.md").read_text(), re.MULTILINE)
        self.assertEqual(table, codes)


class Documents(unittest.TestCase):
    def test_links_have_targets(self):
        for document in DOCUMENTS:
            text = document.read_text()
            for target, anchor in re.findall(r"\]\(([^)#\s]*)(#[^)\s]+)?\)", text):
                if re.match(r"[a-z]+:", target):
                    continue
                self.assertTrue((document.parent / target).exists(), f"{document.name}: {target}")
                if anchor:
                    there = (document.parent / target).read_text() if target else text
                    titles = [re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in re.findall(r"^#+ (.*)$", there, re.MULTILINE)]
                    self.assertIn(anchor[1:], titles, document.name)

    def test_files_they_name_exist(self):
        for document in DOCUMENTS:
            for path in re.findall(rf"`((?:\./)?(?:{ROOMS})/[\w/.-]*\w)`", document.read_text()):
                self.assertTrue((ROOT / path).exists() or (ROOT / (path + ".hpp")).exists(), f"{document.name}: {path}")

    def test_topics_can_be_described(self):
        topics = {"policy", "policy.export_control", "stocks", "market"}
        for document in DOCUMENTS:
            topics.update(re.findall(r"ytterby describe ([a-z_]\w*(?:\.\w+)*)", document.read_text()))
        for topic in sorted(topics):
            done = subprocess.run([PROGRAM, "describe", topic], capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, topic + ": " + done.stderr)
            self.assertGreater(len(done.stdout.splitlines()), 2, topic)

    def test_options_of_the_command_table_exist(self):
        for row in re.findall(r"^\| `ytterby (.*)$", (ROOT / "README.md").read_text(), re.MULTILINE):
            command = row.split()[0].rstrip("`")
            text = subprocess.run([PROGRAM, command, "--help"], capture_output=True, text=True).stdout
            for option in re.findall(r"`(--[\w-]+)", row):
                self.assertRegex(text, rf"(?<![\w-]){option}(?![\w-])", command)

    def test_configuration_is_current(self):
        page = ROOT / "docs/configuration.md"
        mark = "<!-- generated -->\n\n"
        head, found, listed = page.read_text().partition(mark)
        self.assertTrue(found, f"{page.name} has no line {mark.strip()}")
        printed = subprocess.run([PROGRAM, "describe", "--format", "markdown"], capture_output=True, text=True, check=True).stdout
        if os.environ.get("UPDATE_GOLDEN") == "1":
            page.write_text(head + mark + printed)
            return
        self.assertEqual(listed, printed, "a key has changed: UPDATE_GOLDEN=1 python3 tests/docs/readme_test.py")


if __name__ == "__main__":
    unittest.main()

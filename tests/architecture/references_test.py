#!/usr/bin/env python3
"""What comments, keys and scenarios cite must exist: pages, their sections, files of the repository.

A section is cited as `docs/PAGE.md, section 7.5`, a file by its path from the root.

Run: python3 tests/architecture/references_test.py
"""
import os
import re
import unittest

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
ROOMS = ["core", "statistics", "rules", "market", "agents", "policies", "simulation", "records", "experiments", "report", "app"]
PLACES = ROOMS + ["tests", "bench", "configs", "tools", "docs/examples", "cmake"]
ENDINGS = (".hpp", ".cpp", ".py", ".toml", ".cmake", "CMakeLists.txt")
NO_CITATIONS = {"tests/architecture", "tests/core/config", "tests/fuzz/corpus", "tests/scripts", "tests/records"}  # invented paths
PAGE = re.compile(r"\bdocs/(\w+)\.md(?:,?\s+sections?\s+([\d.]+\d|\d))?")
FILE = re.compile(r"(?<![\w./-])((?:" + "|".join(ROOMS) + r"|bench|tools)/[\w/]+\.(?:hpp|cpp|py))\b")
# How older comments cited: a document without a path, a section by its name or of no page at all.
VAGUE = re.compile(r"\b(?:model|design),? section|section \"[^\"]*\" of|economics\.md|instruments\.md|house\.md")


def texts():
    """(path, text) of every file that may cite, comments joined over line ends."""
    for place in PLACES:
        for folder, folders, names in os.walk(os.path.join(ROOT, place)):
            folders.sort()
            relative = os.path.relpath(folder, ROOT)
            if any(relative == skipped or relative.startswith(skipped + "/") for skipped in NO_CITATIONS):
                continue
            for name in sorted(names):
                if name.endswith(ENDINGS):
                    with open(os.path.join(folder, name), encoding="utf-8") as handle:
                        yield os.path.join(relative, name), re.sub(r"\n\s*(///?|#)\s*", " ", handle.read())


def headings(page):
    """Numbers of the sections of a page."""
    with open(os.path.join(ROOT, "docs", page + ".md"), encoding="utf-8") as handle:
        return set(re.findall(r"^#+ (\d+(?:\.\d+[a-z]?)?)\b", handle.read(), re.MULTILINE))


def faults_of(path, text):
    """Citations of a text that lead nowhere, as sentences."""
    faults = []
    for page, section in PAGE.findall(text):
        if not os.path.exists(os.path.join(ROOT, "docs", page + ".md")):
            faults.append(f"{path} cites docs/{page}.md, which does not exist")
        elif section and section not in headings(page):
            faults.append(f"{path} cites docs/{page}.md, section {section}, which has no heading")
    faults += [f"{path} cites {file}, which does not exist" for file in FILE.findall(text) if not os.path.exists(os.path.join(ROOT, file))]
    faults += [f"{path} cites vaguely: \"{found.group(0)}\"; write docs/PAGE.md, section N" for found in VAGUE.finditer(text)]
    return faults


class References(unittest.TestCase):
    def test_wrong_ones_are_seen(self):
        self.assertEqual(faults_of("x.cpp", "// docs/model.md, section 7.5 and docs/model.md; core/ids.hpp"), [])
        for text in ["docs/modell.md", "docs/model.md, section 17.5", "core/idds.hpp", "(model section 9)", "section \"Demand\" of docs/model.md"]:
            self.assertEqual(len(faults_of("x.cpp", text)), 1, text)

    def test_they_lead_somewhere(self):
        found = [fault for path, text in texts() for fault in faults_of(path, text)]
        self.assertEqual(found, [], "\n" + "\n".join(found))


if __name__ == "__main__":
    unittest.main()

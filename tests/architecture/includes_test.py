#!/usr/bin/env python3
"""Tests of the rooms: includes run one way, headers are guarded, files stay small and clean, no room is left
out of the build.

Run: python3 tests/architecture/includes_test.py
"""
import os
import re
import unittest

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
# A room may include itself and the rooms before it; report and app stand side by side over the experiments, and
# app, the program, may show a report.
ORDER = ["core", "market", "agents", "policies", "simulation", "records", "experiments", "report", "app"]
MOST_LINES = 400
UNFINISHED = re.compile(r"\b(TODO|FIXME)\b")
MACHINE_PATH = re.compile(r"(?<![\w.$}])/(work|root|home|tmp|mnt)/")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


def sources_of(rooms, root=ROOT):
    """Yields (room, path from the root) of every C++ file of the rooms, in name order."""
    for room in rooms:
        for folder, folders, names in os.walk(os.path.join(root, room)):
            folders.sort()
            for name in sorted(names):
                if name.endswith((".hpp", ".cpp")):
                    yield room, os.path.relpath(os.path.join(folder, name), root)


def read(path):
    """The text of a file of the repository."""
    with open(os.path.join(ROOT, path), encoding="utf-8") as handle:
        return handle.read()


def faults_of(room, path, text):
    """The includes of a file that a reader of the rooms would not expect, as sentences."""
    faults = []
    for quote, target in INCLUDE.findall(text):
        first = target.split("/")[0]
        if first in ORDER and ORDER.index(first) > ORDER.index(room):
            faults.append(f"{path} includes {target}: {room} must not know {first}")
        elif first == "tests":
            faults.append(f"{path} includes {target}: rooms must not know tests")
        elif quote == '"' and "/" not in target and target != "ytterby_version.hpp":
            faults.append(f"{path} includes \"{target}\": write it from the repository's root")
    return faults


def unclean_lines(text):
    """Numbers of the lines that hold a path of some machine or a word for unfinished work."""
    return [number for number, line in enumerate(text.splitlines(), 1) if UNFINISHED.search(line) or MACHINE_PATH.search(line)]


class IncludesTest(unittest.TestCase):
    def test_the_rooms_are_found(self):
        found = {room for room, _ in sources_of(ORDER)}
        for room in ["core", "market", "agents", "policies", "simulation", "records", "app"]:
            self.assertIn(room, found)

    def test_a_wrong_include_is_seen(self):
        self.assertEqual(len(faults_of("market", "market/x.cpp", '#include "agents/world.hpp"\n')), 1)
        self.assertEqual(len(faults_of("core", "core/x.hpp", '  # include <app/commands.hpp>\n')), 1)
        self.assertEqual(len(faults_of("core", "core/x.hpp", '#include "ids.hpp"\n')), 1)
        self.assertEqual(faults_of("agents", "agents/x.cpp", '#include "market/orders.hpp"\n#include <vector>\n'), [])

    def test_includes_run_one_way(self):
        faults = [fault for room, path in sources_of(ORDER) for fault in faults_of(room, path, read(path))]
        self.assertEqual(faults, [], "\n" + "\n".join(faults))

    def test_headers_are_guarded(self):
        headers = [path for _, path in sources_of(ORDER + ["tests", "bench"]) if path.endswith(".hpp")]
        bare = [path for path in headers if not re.search(r"^#pragma once$", read(path), re.MULTILINE)]
        self.assertEqual(bare, [])

    def test_own_header_comes_first(self):
        wrong = []
        for _, path in sources_of(ORDER):
            own = path[: -len(".cpp")] + ".hpp"
            if path.endswith(".cpp") and os.path.exists(os.path.join(ROOT, own)):
                includes = INCLUDE.findall(read(path))
                if not includes or includes[0][1] != own:
                    wrong.append(path)
        self.assertEqual(wrong, [])

    def test_every_folder_of_sources_is_built(self):
        text = read("CMakeLists.txt")
        built = set(re.findall(r"^ytterby_room\((\w+)", text, re.MULTILINE)) | {"app"}
        self.assertEqual(built, set(ORDER))

    def test_files_hold_one_idea(self):
        lines = {path: read(path).count("\n") for _, path in sources_of(ORDER)}
        self.assertEqual({path: count for path, count in lines.items() if count > MOST_LINES}, {})

    def test_no_machine_paths_or_unfinished_work(self):
        self.assertEqual({path: found for _, path in sources_of(ORDER) if (found := unclean_lines(read(path)))}, {})

    def test_machine_paths_and_unfinished_work_are_seen(self):
        text = 'open("/home/' 'me/x");\n// TO' 'DO later\nopen("configs/home/x"); // t/tmp/hour\n'
        self.assertEqual(unclean_lines(text), [1, 2])


if __name__ == "__main__":
    unittest.main()

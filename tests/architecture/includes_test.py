#!/usr/bin/env python3
"""Tests of the rooms: includes run one way, private parts stay private, headers are guarded, files are clean, no room is
left out of the build.

Run: python3 tests/architecture/includes_test.py           the tests
     python3 tests/architecture/includes_test.py --draw    the arrows as they are drawn in HACKING.md
"""
import os
import re
import sys
import unittest

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
# What each folder may include beside itself: these folders, all that they may include, and its own detail/. Who may
# include a folder is drawn from this table; nothing else decides it.
KNOWS = {
    "core": [],
    "core/state": ["core"],
    "core/config": ["core"],
    "statistics": ["core"],
    "rules": ["core"],
    "market": ["rules", "core/config"],
    "market/linear": ["core"],
    "market/exact": ["market", "market/linear"],
    "market/spatial": ["market/exact"],
    "market/single_trades": ["market"],
    "market/order_book": ["market/single_trades"],
    "market/bilateral": ["market/single_trades"],
    "market/clearing": ["market/exact", "market/order_book"],
    "agents/world": ["market", "core/state"],
    "agents/phases": ["agents/world", "market/spatial"],
    "policies": ["agents/world"],
    "simulation/scenario": ["policies"],
    "simulation/calibration": ["simulation/scenario", "agents/phases"],
    "simulation": ["simulation/calibration"],
    "records/store": ["core/config"],
    "records": ["records/store", "simulation"],
    "records/recorder": ["records"],
    "records/run_log": ["records/recorder"],
    "records/checkpoint": ["records"],
    "records/diff": ["records"],
    "experiments/metrics": ["simulation"],
    "experiments/design": ["experiments/metrics", "statistics"],
    "experiments/execution": ["experiments/design", "records/run_log"],
    "experiments/analysis": ["experiments/execution"],
    "report/plots": ["core"],
    "report/patterns": ["experiments/metrics", "records", "statistics", "report/plots"],
    "report/analysis": ["experiments/analysis", "report/plots"],
    "report": ["report/patterns", "report/analysis", "market/clearing"],
    "app": ["report", "records/checkpoint", "records/diff"],
}
# Folders of one idea each inside a folder of the table share its arrows.
INSIDE = ["agents/phases", "policies"]
ROOMS = list(dict.fromkeys(folder.split("/")[0] for folder in KNOWS))
UNFINISHED = re.compile(r"\b(TODO|FIXME)\b")
MACHINE_PATH = re.compile(r"(?<![\w.$}])/(work|root|home|tmp|mnt)/")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


def sources_of(rooms, root=ROOT):
    """Yields the path from the root of every C++ file of the rooms, in name order."""
    for room in rooms:
        for folder, folders, names in os.walk(os.path.join(root, room)):
            folders.sort()
            for name in sorted(names):
                if name.endswith((".hpp", ".cpp")):
                    yield os.path.relpath(os.path.join(folder, name), root)


def read(path):
    """The text of a file of the repository."""
    with open(os.path.join(ROOT, path), encoding="utf-8") as handle:
        return handle.read()


def place_of(path):
    """The folder of the table that a file belongs to; None for a folder that the table does not know."""
    folder = os.path.dirname(path)
    if os.path.basename(folder) == "detail":
        folder = os.path.dirname(folder)
    if os.path.dirname(folder) in INSIDE:
        folder = os.path.dirname(folder)
    return folder if folder in KNOWS else None


def reach_of(place):
    """All folders that a folder may include."""
    reached, waiting = set(), [place]
    while waiting:
        here = waiting.pop()
        if here not in reached:
            reached.add(here)
            waiting += KNOWS[here]
    return reached


def faults_of(path, text):
    """The includes of a file that a reader of the rooms would not expect, as sentences."""
    place = place_of(path)
    if place is None:
        return [f"{path}: the table KNOWS in tests/architecture/includes_test.py does not know its folder"]
    faults = []
    for quote, target in INCLUDE.findall(text):
        first = target.split("/")[0]
        if first == "tests":
            faults.append(f"{path} includes {target}: rooms must not know tests")
        elif first in ROOMS and quote == "<":
            faults.append(f"{path} includes <{target}>: write it with quotes")
        elif first in ROOMS and "/" in target:
            there = place_of(target)
            if there not in reach_of(place):
                faults.append(f"{path} includes {target}: {place} must not know {there or os.path.dirname(target)}")
            private_of = os.path.dirname(target).removesuffix("/detail")
            if private_of != os.path.dirname(target) and not path.startswith(private_of + "/"):
                faults.append(f"{path} includes {target}, which is private to {private_of}")
        elif quote == '"' and "/" not in target and target != "ytterby_version.hpp":
            faults.append(f"{path} includes \"{target}\": write it from the repository's root")
    return faults


def drawing():
    """The arrows as text: what each folder includes directly, without what follows from that."""
    seen = {place: set() for place in KNOWS}
    for path in sources_of(ROOMS):
        for _, target in INCLUDE.findall(read(path)):
            if "/" in target and target.split("/")[0] in ROOMS and place_of(target) != place_of(path):
                seen[place_of(path)].add(place_of(target))
    closed = {}
    for place in KNOWS:  # in an order in which everything that a folder includes stands before it
        closed[place] = seen[place].union(*(closed[other] for other in seen[place])) if seen[place] else set()
    lines = []
    for place in KNOWS:
        direct = [other for other in KNOWS if other in seen[place]
                  and not any(other in closed[between] for between in seen[place] if between != other)]
        lines.append(f"{place:24} <- {', '.join(direct)}" if direct else place)
    return "\n".join(lines)


def unclean_lines(text):
    """Numbers of the lines that hold a path of some machine or a word for unfinished work."""
    return [number for number, line in enumerate(text.splitlines(), 1) if UNFINISHED.search(line) or MACHINE_PATH.search(line)]


class IncludesTest(unittest.TestCase):
    def test_the_rooms_are_found(self):
        found = {place_of(path) for path in sources_of(ROOMS)}
        self.assertEqual(found, set(KNOWS), "folders with sources, and folders of the table")

    def test_the_table_runs_one_way(self):
        before = set()
        for place, known in KNOWS.items():
            self.assertLessEqual(set(known), before, f"{place} stands before what it knows")
            before.add(place)
        self.assertEqual(reach_of("statistics"), {"statistics", "core"})
        self.assertNotIn("agents/world", reach_of("market/clearing"))
        self.assertNotIn("policies", reach_of("agents/phases"))

    def test_a_wrong_include_is_seen(self):
        self.assertEqual(len(faults_of("market/x.cpp", '#include "agents/world/world.hpp"\n')), 1)
        self.assertEqual(len(faults_of("core/x.hpp", '  # include <app/commands.hpp>\n')), 1)
        self.assertEqual(len(faults_of("core/x.hpp", '#include "ids.hpp"\n')), 1)
        self.assertEqual(len(faults_of("core/x.hpp", '#include "core/config/keys.hpp"\n')), 1)
        self.assertEqual(len(faults_of("market/spatial/x.cpp", '#include "market/exact/detail/prices.hpp"\n')), 1)
        self.assertEqual(len(faults_of("attic/x.cpp", "")), 1)
        self.assertEqual(faults_of("market/exact/x.cpp", '#include "market/exact/detail/prices.hpp"\n'), [])
        self.assertEqual(faults_of("agents/phases/plan/x.cpp", '#include "market/orders.hpp"\n#include <vector>\n'), [])

    def test_includes_run_one_way(self):
        faults = [fault for path in sources_of(ROOMS) for fault in faults_of(path, read(path))]
        self.assertEqual(faults, [], "\n" + "\n".join(faults))

    def test_the_drawing_in_hacking_is_this_one(self):
        found = re.search(r"^```\n(core\n.*?)\n```$", read("HACKING.md"), re.MULTILINE | re.DOTALL)
        self.assertIsNotNone(found, "HACKING.md shows the arrows in a block that begins with `core`")
        self.assertEqual(found.group(1), drawing(), "renew it: python3 tests/architecture/includes_test.py --draw")

    def test_headers_are_guarded(self):
        headers = [path for path in sources_of(ROOMS + ["tests", "bench"]) if path.endswith(".hpp")]
        bare = [path for path in headers if not re.search(r"^#pragma once$", read(path), re.MULTILINE)]
        self.assertEqual(bare, [])

    def test_own_header_comes_first(self):
        wrong = []
        for path in sources_of(ROOMS):
            own = path[: -len(".cpp")] + ".hpp"
            if path.endswith(".cpp") and os.path.exists(os.path.join(ROOT, own)):
                includes = INCLUDE.findall(read(path))
                if not includes or includes[0][1] != own:
                    wrong.append(path)
        self.assertEqual(wrong, [])

    def test_every_folder_of_sources_is_built(self):
        text = read("CMakeLists.txt")
        built = set(re.findall(r"^ytterby_room\((\w+)", text, re.MULTILINE)) | {"app"}
        self.assertEqual(built, set(ROOMS))

    def test_tests_stand_where_the_source_stands(self):
        """A test named for a source file lies in the same folder below tests/."""
        sources = {}
        for path in sources_of(ROOMS):
            sources.setdefault(os.path.splitext(os.path.basename(path))[0], set()).add(os.path.dirname(path))
        astray = []
        for room in ROOMS:
            for path in sources_of([os.path.join("tests", room)]):
                name = os.path.basename(path)
                places = sources.get(name.removesuffix("_test.cpp"), set())
                here = os.path.dirname(path)[len("tests/"):]
                in_room = [place for place in places if place.split("/")[0] == room]
                if name.endswith("_test.cpp") and in_room and here not in in_room:
                    astray.append(f"{path}: its source stands in {', '.join(sorted(in_room))}")
        self.assertEqual(astray, [])

    def test_no_machine_paths_or_unfinished_work(self):
        self.assertEqual({path: found for path in sources_of(ROOMS) if (found := unclean_lines(read(path)))}, {})

    def test_machine_paths_and_unfinished_work_are_seen(self):
        text = 'open("/home/' 'me/x");\n// TO' 'DO later\nopen("configs/home/x"); // t/tmp/hour\n'
        self.assertEqual(unclean_lines(text), [1, 2])


if __name__ == "__main__":
    if "--draw" in sys.argv:
        print(drawing())
    else:
        unittest.main()

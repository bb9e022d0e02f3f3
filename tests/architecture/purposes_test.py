#!/usr/bin/env python3
"""The purposes of random numbers: each has a number of its own and is used; reserved numbers stay free.

Run: python3 tests/architecture/purposes_test.py
"""
import os
import re
import unittest

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
LISTS = ["statistics/purposes.hpp", "market/purposes.hpp", "agents/world/purposes.hpp"]
ROOMS = ["statistics", "rules", "market", "agents", "policies", "simulation", "records", "experiments", "report", "app"]


def read(path):
    """The text of a file of the repository."""
    with open(os.path.join(ROOT, path), encoding="utf-8") as handle:
        return handle.read()


def listed():
    """(name, number) of every purpose, list by list."""
    return [(name, int(number)) for path in LISTS for name, number in re.findall(r"Purpose (\w+)\{(\d+)\};", read(path))]


def reserved():
    """(name, number) of every reserved purpose."""
    comment = "".join(re.findall(r"^//.*$", read(LISTS[-1]).partition("// Reserved")[2], re.MULTILINE))
    return [(name, int(number)) for number, name in re.findall(r"(\d+) (\w+)", comment)]


class Purposes(unittest.TestCase):
    def test_numbers_and_names_are_given_once(self):
        everything = listed() + reserved() + [("test", 0)]
        self.assertGreater(len(listed()), 25)
        self.assertGreater(len(reserved()), 20)
        for place in (0, 1):
            seen = [entry[place] for entry in everything]
            self.assertEqual(len(set(seen)), len(seen), sorted(value for value in seen if seen.count(value) > 1))

    def test_every_listed_purpose_is_used(self):
        used = set()
        for room in ROOMS:
            for folder, _, names in os.walk(os.path.join(ROOT, room)):
                for name in names:
                    if name.endswith((".hpp", ".cpp")):
                        used |= set(re.findall(r"purposes::(\w+)", read(os.path.join(folder, name))))
        self.assertEqual([name for name, _ in listed() if name not in used], [], "reserve them instead")


if __name__ == "__main__":
    unittest.main()

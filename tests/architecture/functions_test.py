#!/usr/bin/env python3
"""Functions stay short, parameter lists too, and a class is written in one .cpp.

Run: python3 tests/architecture/functions_test.py           the tests
     python3 tests/architecture/functions_test.py --list    every function beyond a limit

The files are as clang-format writes them (format_test.py), so indentation tells where a function begins and ends.
"""
import os
import re
import sys
import unittest

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
ROOMS = ["core", "statistics", "rules", "market", "agents", "policies", "simulation", "records", "experiments", "report", "app"]
MOST_LINES = 60
MOST_PARAMETERS = 6
NO_FUNCTION = re.compile(r"^(namespace|struct|class|enum|union|extern|if|for|while|switch|do|else|return|case|default|try|catch|#)\b")
NAME = re.compile(r"([~\w:]+|operator\s*\S+)\s*\($")


def read(path):
    """The lines of a file of the repository."""
    with open(os.path.join(ROOT, path), encoding="utf-8") as handle:
        return handle.read().splitlines()


def sources():
    """Paths from the root of all C++ files of the rooms, in name order."""
    for room in ROOMS:
        for folder, folders, names in os.walk(os.path.join(ROOT, room)):
            folders.sort()
            for name in sorted(names):
                if name.endswith((".hpp", ".cpp")):
                    yield os.path.relpath(os.path.join(folder, name), ROOT)


def without_text(line):
    """A line without its comment and without what stands in quotes."""
    return re.sub(r"//.*$", "", re.sub(r'"(\\.|[^"\\])*"|\'(\\.|[^\'\\])*\'', '""', line))


def parameters_of(head):
    """(name, number of parameters) of a declaration or definition's head; None where it is none."""
    head = re.sub(r"^(template <.*?> )?(\[\[\w+\]\] )?", "", re.sub(r"\s+", " ", head.strip()))
    if NO_FUNCTION.match(head) or "(" not in head or "=" in head.split("(")[0].replace("operator=", "").replace("operator==", ""):
        return None
    opening = head.index("(", head.index("operator()") + 10) if "operator()" in head else head.index("(")
    name = NAME.search(head[: opening + 1])
    if name is None:
        return None
    depth, angle, count, text = 0, 0, 0, ""
    for letter in head[opening:]:
        depth += letter in "([{"
        depth -= letter in ")]}"
        angle += letter == "<"
        angle -= letter == ">" and not text.endswith("-")
        if depth == 0:
            break
        count += letter == "," and depth == 1 and angle == 0
        text += letter
    return name.group(1), count + 1 if text[1:].strip() not in ("", "void") else 0


def functions_of(path):
    """(name, first line, lines, parameters) of every function that is defined at the outermost level or in a class."""
    lines = read(path)
    head_from = 0
    inside = []  # indentations of the classes and namespaces that are open
    number = 0
    while number < len(lines):
        line = without_text(lines[number]).rstrip()
        indent = len(line) - len(line.lstrip())
        if not line or line.lstrip().startswith("#") or re.match(r"\s*(public|private|protected):$", line):
            head_from = number + 1
        elif line.endswith(";") or re.match(r"\s*}", line):
            head_from = number + 1
        elif line.endswith("{"):
            head = " ".join(without_text(text) for text in lines[head_from : number + 1])
            first = lines[head_from]
            start = len(first) - len(first.lstrip())
            found = parameters_of(head[:-1] if head.endswith("{") else head)
            is_scope = re.match(r"\s*(template <.*> )?(namespace|struct|class|enum|union|extern)\b", re.sub(r"\s+", " ", head))
            if is_scope:
                head_from = number + 1
            else:
                end = number + 1
                while end < len(lines) and not re.match(rf" {{{start}}}}}", lines[end]):
                    end += 1
                if found is not None:
                    yield found[0], head_from + 1, end - head_from + 1, found[1]
                number = end
                head_from = end + 1
        number += 1


def definitions_of(path):
    """Names of the classes of which a .cpp defines members."""
    names = set()
    for line in read(path):
        for name in re.findall(r"^\S.*?\b(\w+)::~?\w+(?:\(|\b.*\) const)", without_text(line)):
            names.add(name)
    return names


def classes():
    """Names of the classes and structs that the rooms define."""
    return {name for path in sources() for line in read(path) for name in re.findall(r"^\s*(?:class|struct) (\w+)(?: final)?(?: :.*)? \{", line)}


def long_functions():
    return [f"{path}:{line} {name}: {lines} lines" for path in sources() for name, line, lines, _ in functions_of(path) if lines > MOST_LINES]


def long_lists():
    return [f"{path}:{line} {name}: {count} parameters" for path in sources() for name, line, _, count in functions_of(path)
            if count > MOST_PARAMETERS]


def scattered_classes():
    where = {}
    known = classes()
    for path in sources():
        if path.endswith(".cpp"):
            for name in definitions_of(path) & known:
                where.setdefault(name, []).append(path)
    return {name: paths for name, paths in where.items() if len(paths) > 1}


class Functions(unittest.TestCase):
    def test_they_are_found(self):
        self.assertGreater(sum(1 for path in sources() for _ in functions_of(path)), 1500)
        self.assertEqual(parameters_of("int f(const std::map<int, int>& a, std::function<void(int, int)> b)"), ("f", 2))
        self.assertEqual(parameters_of("void Thing::none() const"), ("Thing::none", 0))

    def test_functions_are_short(self):
        self.assertEqual(long_functions(), [], f"at most {MOST_LINES} lines")

    def test_parameter_lists_are_short(self):
        self.assertEqual(long_lists(), [], f"at most {MOST_PARAMETERS} parameters")

    def test_a_class_is_written_in_one_file(self):
        self.assertEqual(scattered_classes(), {})


if __name__ == "__main__":
    if "--list" in sys.argv:
        print("\n".join(long_functions() + long_lists() + [f"{name}: {', '.join(paths)}" for name, paths in scattered_classes().items()]))
    else:
        unittest.main()

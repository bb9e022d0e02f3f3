#!/usr/bin/env python3
"""The rows of docs/theory.md come out as the page says: those that must pass do, those that wait for a mechanism do not.

  python3 tests/theory/theory_test.py                   quick rows with the usual number of firms, and the page
  python3 tests/theory/theory_test.py T6 N3             these rows, with every number of firms that the page has
  UPDATE_GOLDEN=1 python3 tests/theory/theory_test.py   measures all rows (or those named) and writes the page and figures.json

A row that waits for a mechanism names it in `missing`. It fails this test as soon as it passes: the mark must then go.
"""
import hashlib
import inspect
import json
import os
import pathlib
import re
import sys
import time
import unittest

import catalogue
import laboratory

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
from pages import reads_alike  # noqa: E402

PAGE = ROOT / "docs/theory.md"
KEPT = pathlib.Path(__file__).resolve().parent / "figures.json"
ROWS = {experiment.row: experiment for experiment in catalogue.EXPERIMENTS}
TABLE = re.compile(r"(?<=<!-- rows -->\n).*?(?=<!-- end of rows -->)", re.DOTALL)
RENEW = "renew it: UPDATE_GOLDEN=1 python3 tests/theory/theory_test.py"


def name_of(firms):
    return "usual" if firms is None else str(firms)


def asks(experiment):
    """Identifies what a kept figure was the answer to."""
    asked = [experiment.text, experiment.expected, inspect.getsource(experiment.measure)]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:16]


def measured(experiment, populations):
    """What the program gives now: {number of firms: {passed, figure}}."""
    found = {}
    for firms in populations:
        began = time.monotonic()
        with laboratory.population(firms):
            result = experiment.measure()
        found[name_of(firms)] = {"passed": bool(result.passed), "figure": result.figure}
        print(f"{experiment.row:4} {'pass' if result.passed else 'FAIL'}  firms {name_of(firms)}: {result.figure}  [{time.monotonic() - began:.0f} s]", flush=True)
    return found


def kept_figures():
    return json.loads(KEPT.read_text()) if KEPT.exists() else {}


def in_print(text):
    """Text with the sign of a page."""
    return re.sub(r"(?<!\w)-(?=\d)", "−", text)


def table(kept):
    """The lines of the page's table."""
    lines = ["<!-- given: written and compared by tests/theory/theory_test.py -->", "| | experiment | expected | figure | with 10,000 firms | |", "|---|---|---|---|---|---|"]
    for row, experiment in ROWS.items():
        results = kept.get(row, {}).get("results", {})
        figures = [results[name]["figure"] if name in results else "" for name in ("usual", "10000")]
        passed = bool(results) and all(result["passed"] for result in results.values())
        verdict = "pass" if passed else f"fails; waits for {experiment.missing}" if experiment.missing else "fails"
        cells = (row, experiment.text, experiment.expected, *figures, verdict if results else "not measured")
        lines.append("| " + " | ".join(map(in_print, cells)) + " |")
    return "\n".join(lines) + "\n"


def problems_of(experiment, found, kept):
    """What is wrong with a row's results: with its mark, and with the figures on the page."""
    passed = all(result["passed"] for result in found.values())
    whole = passed and len(found) == len(experiment.populations)
    problems = []
    if experiment.missing and whole:
        problems.append(f"{experiment.row} passes, though it is marked as waiting for {experiment.missing}: remove the mark (missing=...) and {RENEW} {experiment.row}")
    if not experiment.missing and not passed:
        problems.append(f"{experiment.row} fails: {experiment.expected}")
    for name, result in found.items():
        before = kept.get(experiment.row, {}).get("results", {}).get(name)
        if before is None:
            problems.append(f"{experiment.row}: the page has no figure for this number of firms ({name}); {RENEW} {experiment.row}")
        elif before["passed"] != result["passed"] or not reads_alike(before["figure"], result["figure"]):
            problems.append(f"{experiment.row}, firms {name}: the page says\n  {before['figure']}\nbut it is\n  {result['figure']}\n{RENEW} {experiment.row}")
    return problems


def check(names):
    """Measures rows with every number of firms; 1 if something is wrong."""
    kept, problems = kept_figures(), []
    for row in names:
        problems += problems_of(ROWS[row], measured(ROWS[row], ROWS[row].populations), kept)
    print("\n".join(problems), end="\n" if problems else "")
    return 1 if problems else 0


def renew(names):
    """Measures rows and writes the page. A row at a time, so that a long renewal that is stopped keeps what it has."""
    kept = {row: entry for row, entry in kept_figures().items() if row in ROWS}
    for row in names:
        kept[row] = {"asks": asks(ROWS[row]), "results": measured(ROWS[row], ROWS[row].populations)}
        KEPT.write_text(json.dumps({row: kept[row] for row in ROWS if row in kept}, indent=1, ensure_ascii=False) + "\n")
        PAGE.write_text(TABLE.sub(lambda _: table(kept), PAGE.read_text()))
    return 0


class Theory(unittest.TestCase):
    def test_rows_have_names_of_their_own(self):
        self.assertEqual(len(ROWS), len(catalogue.EXPERIMENTS))

    def test_the_page_shows_what_is_kept(self):
        kept = kept_figures()
        self.assertEqual(TABLE.search(PAGE.read_text())[0], table(kept), RENEW)
        self.assertEqual([row for row in ROWS if row not in kept], [], f"rows that were never measured; {RENEW} ROW")
        self.assertEqual([row for row in kept if row not in ROWS], [], f"figures of rows that are gone; {RENEW}")

    def test_kept_figures_answer_what_is_asked_now(self):
        stale = [row for row, entry in kept_figures().items() if row in ROWS and entry["asks"] != asks(ROWS[row])]
        self.assertEqual(stale, [], f"the experiments have changed since their figures were kept; {RENEW} {' '.join(stale)}")

    def test_kept_figures_agree_with_the_marks(self):
        for row, entry in kept_figures().items():
            passed = all(result["passed"] for result in entry["results"].values())
            with self.subTest(row=row):
                self.assertEqual(passed, not ROWS[row].missing, "a row that fails names the mechanism it waits for, one that passes names none")

    def test_quick_rows(self):
        kept = kept_figures()
        for experiment in ROWS.values():
            if experiment.slow:
                continue
            with self.subTest(row=experiment.row):
                found = measured(experiment, experiment.populations[:1])
                before = kept.get(experiment.row, {}).get("results", {})
                if experiment.missing and all(result["passed"] for result in found.values()):
                    # It may still fail with more firms; then the page must say that it passes with these.
                    self.assertTrue(any(not result["passed"] for result in before.values()), f"{experiment.row} passes: remove its mark")
                self.assertEqual([problem for problem in problems_of(experiment, found, kept) if not (experiment.missing and "remove the mark" in problem)], [])


def main():
    names = sys.argv[1:]
    unknown = [row for row in names if row not in ROWS]
    if unknown:
        sys.exit(f"no row {', '.join(unknown)}; rows are {', '.join(ROWS)}")
    if os.environ.get("UPDATE_GOLDEN"):
        sys.exit(renew(names or list(ROWS)))
    if names:
        sys.exit(check(names))
    unittest.main()


if __name__ == "__main__":
    main()

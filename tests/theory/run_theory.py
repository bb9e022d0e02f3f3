#!/usr/bin/env python3
"""Runs experiments of theory and prints a line with the figure of each.

  python3 tests/theory/run_theory.py T6 T7        two rows; without names all of them
  python3 tests/theory/run_theory.py T6 --details also the series behind the figure
  python3 tests/theory/run_theory.py T6 --firms 10000
  python3 tests/theory/run_theory.py --list       what there is

docs/theory.md says what the rows are. YTTERBY names another program, YTTERBY_CONFIGS its scenarios; YTTERBY_KEEP_RUNS names a folder in
which runs are kept for the next time.
"""
import argparse
import sys
import time

import catalogue
import laboratory


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*", metavar="ROW", help="T1, N3, ...; all unless named")
    parser.add_argument("--details", action="store_true", help="print the series behind the figures")
    parser.add_argument("--firms", type=int, metavar="N", help="how many firms the world has; as many as the program takes unless named")
    parser.add_argument("--list", action="store_true", help="print the rows, what they expect and what known failures wait for")
    asked = parser.parse_args()
    unknown = set(asked.rows) - {experiment.row for experiment in catalogue.EXPERIMENTS}
    if unknown:
        parser.error(f"no row {', '.join(sorted(unknown))}; rows are {', '.join(experiment.row for experiment in catalogue.EXPERIMENTS)}")
    failed = False
    for experiment in catalogue.EXPERIMENTS:
        if asked.rows and experiment.row not in asked.rows:
            continue
        if asked.list:
            print(f"{experiment.row:4} {experiment.text}\n     expected: {experiment.expected}" + (f"\n     waits for: {experiment.missing}" if experiment.missing else ""))
            continue
        began = time.monotonic()
        with laboratory.population(asked.firms):
            result = experiment.measure()
        failed = failed or not result.passed
        print(f"{experiment.row:4} {'pass' if result.passed else 'FAIL'}  {experiment.text}: {result.figure}  [{time.monotonic() - began:.0f} s]")
        if asked.details and result.details:
            print("       " + result.details.replace("\n", "\n       "))
        sys.stdout.flush()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

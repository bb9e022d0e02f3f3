#!/usr/bin/env python3
"""Runs experiments of theory and prints their figures.

Run: python3 tests/theory/run_theory.py [ROW...]      all of them, or those named, as T1 T6
"""
import sys

import catalogue


def main():
    names = sys.argv[1:]
    for experiment in catalogue.EXPERIMENTS:
        if names and experiment.row not in names:
            continue
        result = experiment.measure()
        print(f"{experiment.row:5} {'pass' if result.passed else 'FAIL'}  {experiment.text}: {result.figure}")
        if result.details:
            print("        " + result.details.replace("\n", "\n        "))
        sys.stdout.flush()


if __name__ == "__main__":
    main()

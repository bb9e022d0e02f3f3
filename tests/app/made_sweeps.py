"""Sweep folders whose answers are known, written as `ytterby sweep` writes them: plan.csv and results.csv.

`python3 tests/app/made_sweeps.py FOLDER` writes the example of docs/analysis.md.
"""

import csv
import itertools
import pathlib
import random
import sys


def write(folder, factors, cells, metrics, outcome, replicates=1, roles=(), failed=()):
    """cells: tuples of levels, then of roles; outcome(levels, roles, replicate) gives the metrics; `failed` holds (cell, replicate)."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "plan.csv", "w", newline="") as plan, open(folder / "results.csv", "w", newline="") as results:
        plan, results = csv.writer(plan), csv.writer(results)
        plan.writerow(["run_id", "cell", "replicate", *factors, *roles])
        results.writerow(["run_id", "cell", "replicate", "status", "error", *metrics])
        run = 0
        for cell, row in enumerate(cells):
            for replicate in range(replicates):
                plan.writerow([run, cell, replicate, *row])
                if (cell, replicate) in failed:
                    results.writerow([run, cell, replicate, "failed", "no price was found, in month 3", *[""] * len(metrics)])
                else:
                    values = outcome(row[:len(factors)], row[len(factors):], replicate)
                    results.writerow([run, cell, replicate, "ok", "", *[repr(float(value)) for value in values]])
                run += 1


def two_level(count):
    return list(itertools.product(("off", "on"), repeat=count))


def policy_outcome(levels, _, replicate):
    """Screening and the licence are substitutes for reliance, support and stockpile complements; common noise."""
    screening, licence, support, stockpile = (level == "on" for level in levels)
    noise = random.Random(f"{replicate}")
    own = random.Random(f"{replicate} {levels}")
    reliance = 62 - 3.1 * screening - 2.2 * licence + 1.2 * (screening and licence) - 1.5 * support - 0.4 * stockpile - 0.8 * (support and stockpile)
    cost = 1.0 * screening + 0.5 * licence + 6.0 * support + 3.0 * stockpile
    shortage = 9 + 2 * licence - 4 * stockpile + noise.gauss(0, 1)
    return reliance + noise.gauss(0, 2) + own.gauss(0, 0.3), cost + 0.1 * noise.gauss(0, 1), max(0.0, shortage)


def policies(folder, replicates=20, failed=()):
    write(folder, ("screening", "licence", "support", "stockpile"), two_level(4), ("reliance", "cost", "shortage"), policy_outcome, replicates, failed=failed)


if __name__ == "__main__":
    policies(sys.argv[1])

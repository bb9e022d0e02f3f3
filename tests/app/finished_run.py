"""Runs a scenario through the program and reads yearly means from its records."""

import collections
import os
import pathlib
import sqlite3
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("YTTERBY", str(ROOT / "build/release/app/ytterby"))


class FinishedRun:
    """One run with its laws checked; monthly and yearly series of the world by good."""

    def __init__(self, config, *sets):
        self.folder = tempfile.TemporaryDirectory()
        arguments = [PROGRAM, "run", config, "--quiet", "--no-table", "--check-laws", "--out", self.folder.name + "/run", "--set", 'records.tables=["indicators", "production", "capacity", "events"]']
        for override in sets:
            arguments += ["--set", override]
        done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, timeout=900, stdin=subprocess.DEVNULL)
        assert done.returncode == 0, done.stderr
        self.store = sqlite3.connect(self.folder.name + "/run/run.sqlite")

    def close(self):
        self.store.close()
        self.folder.cleanup()

    def monthly(self, indicator):
        """good -> values by month; of indicators by country, the sum over countries."""
        found = collections.defaultdict(dict)
        for good, tick, value in self.store.execute("SELECT good, tick, sum(value) FROM indicators WHERE indicator = ? GROUP BY good, tick", (indicator,)):
            found[good][tick] = value
        return {good: [values[tick] for tick in sorted(values)] for good, values in found.items()}

    def output(self):
        """good -> (country, year) -> t"""
        found = collections.defaultdict(dict)
        for good, country, year, tonnes in self.store.execute("SELECT good, country, substr(date, 1, 4), sum(output_t) FROM production GROUP BY 1, 2, 3"):
            found[good][country, int(year)] = tonnes
        return found

    def capacity(self):
        """process -> year -> sums over countries of the yearly rows"""
        found = collections.defaultdict(dict)
        for row in self.store.execute("SELECT process, substr(date, 1, 4), sum(capacity_t_per_year), sum(started_t_per_year), sum(added_t_per_year), sum(retired_t_per_year) FROM capacity GROUP BY 1, 2"):
            found[row[0]][int(row[1])] = dict(zip(("capacity", "started", "added", "retired"), row[2:]))
        return found


def yearly(months):
    """Means of whole years."""
    return [sum(months[first:first + 12]) / 12 for first in range(0, len(months) - 11, 12)]

"""Runs of the shipped world for experiments, read from their records alone."""
import functools
import math
import os
import pathlib
import sqlite3
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("YTTERBY", str(ROOT / "build/release/app/ytterby"))
SCRATCH = tempfile.TemporaryDirectory(prefix="ytterby_theory_")


class Run:
    """One finished run: series by month, as lists."""

    def __init__(self, folder, overrides):
        self.folder = folder
        self.overrides = overrides
        self.data = sqlite3.connect(f"file:{folder}/run.sqlite?mode=ro", uri=True)
        self.ticks = self.data.execute("SELECT count(*) FROM ticks").fetchone()[0]

    @functools.lru_cache(maxsize=None)
    def table(self, sql, *values):
        """All rows of a query."""
        return self.data.execute(sql, values).fetchall()

    def series(self, sql, *values):
        """Values by tick of a query that gives tick and value; 0 where a tick has none."""
        line = [0.0] * self.ticks
        for tick, value in self.table(sql, *values):
            line[tick] += value if value is not None else 0.0
        return line

    def price(self, good, country, side="use"):
        """USD/t by month that the marginal buyer (or, side="supply", the sellers) of a country sees."""
        return self.series(f"SELECT tick, {side}_price_usd_per_t FROM prices WHERE good = ? AND country = ?", good, country)

    def indicator(self, name, good, country):
        """An indicator by month."""
        return self.series("SELECT tick, value FROM indicators WHERE indicator = ? AND good = ? AND country = ?", name, good, country)

    @functools.lru_cache(maxsize=None)
    def by_country(self, what, good):
        """{country: series} of consumption, output or stocks of a good, t."""
        query = {"consumption": "SELECT tick, country, value FROM indicators WHERE indicator = 'use_t' AND good = ?",
                 "output": "SELECT tick, country, output_t FROM production WHERE good = ?",
                 "stock": "SELECT tick, country, stock_t FROM stocks WHERE good = ?",
                 "price": "SELECT tick, country, use_price_usd_per_t FROM prices WHERE good = ?"}[what]
        found = {}
        for tick, country, value in self.table(query, good):
            found.setdefault(country, [0.0] * self.ticks)[tick] += value if value is not None else 0.0
        return found

    def total(self, what, good, leave_out=(), only=None):
        """World total by month, without some countries or of some alone."""
        line = [0.0] * self.ticks
        for country, values in self.by_country(what, good).items():
            if country not in leave_out and (only is None or country in only):
                line = [a + b for a, b in zip(line, values)]
        return line

    def exports(self, good, origin, destinations=None):
        """Tonnes by month that leave a country."""
        line = [0.0] * self.ticks
        for tick, destination, tonnes in self.table("SELECT tick, destination, tonnes FROM flows WHERE good = ? AND origin = ?", good, origin):
            if destinations is None or destination in destinations:
                line[tick] += tonnes
        return line

    def treasury(self, account, country):
        """USD by month that a treasury receives on an account; negative where it pays."""
        return self.series("SELECT tick, usd FROM treasury WHERE account = ? AND country = ?", account, country)


@functools.lru_cache(maxsize=None)
def run(config, *overrides):
    """Runs a shipped scenario with overrides; the same run is made once."""
    folder = tempfile.mkdtemp(dir=SCRATCH.name)
    command = [PROGRAM, "run", str(ROOT / "configs" / config), "--out", folder + "/run", "--quiet"]
    for override in overrides:
        command += ["--set", override]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}\n{done.stderr}")
    return Run(folder + "/run", overrides)


def policy(name, **keys):
    """A `--set` argument that adds a [[policy]] block."""
    def written(value):
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, str):
            return f'"{value}"'
        if isinstance(value, list):
            return "[" + ",".join(written(entry) for entry in value) + "]"
        return repr(value)
    return f"policy.{name}={{{','.join(f'{key}={written(value)}' for key, value in keys.items())}}}"


def shock(name, **keys):
    """The same for a [[shock]] block."""
    return policy(name, **keys).replace("policy.", "shock.", 1)


def month(number, start=2024):
    """The date of a month of the run, counted from 0."""
    return f"{start + number // 12}-{number % 12 + 1:02d}"


def mean(values):
    return sum(values) / len(values)


def outside_price(what, base, good, actor):
    """Mean use price outside a country over that of an undisturbed run, by month, weighted by its consumption."""
    weights = {country: values[0] for country, values in base.by_country("consumption", good).items() if country != actor and values[0] > 0.0}
    prices, base_prices = what.by_country("price", good), base.by_country("price", good)
    total = sum(weights.values())
    return [sum(weight * prices[country][tick] / base_prices[country][tick] for country, weight in weights.items()) / total for tick in range(what.ticks)]


def relative(what, base):
    """A series over an undisturbed one."""
    return [a / b for a, b in zip(what, base)]


def shown(values, every=1, digits=2):
    """A series as text."""
    return " ".join(f"{value:.{digits}f}" for value in list(values)[::every])


def log(value):
    return math.log(value)

"""Runs of the shipped world for experiments, read from their records alone."""
import contextlib
import functools
import hashlib
import math
import os
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Another version is measured with its own program and scenarios: YTTERBY=.../ytterby YTTERBY_CONFIGS=.../configs
PROGRAM = os.environ.get("YTTERBY", str(ROOT / "build/release/app/ytterby"))
CONFIGS = pathlib.Path(os.environ.get("YTTERBY_CONFIGS", ROOT / "configs")).resolve()
# Runs are thrown away, or kept in this folder for the next time that the same program makes the same run.
KEPT = os.environ.get("YTTERBY_KEEP_RUNS")
SCRATCH = tempfile.TemporaryDirectory(prefix="ytterby_theory_")
TABLES = ("prices", "flows", "production", "capacity", "stocks", "indicators", "treasury", "rents", "subsidies", "events")

firms = None  # how many firms the runs have; None: as many as the program takes


@contextlib.contextmanager
def population(number):
    """Within it all runs have this many firms; None leaves it to the program."""
    global firms
    before, firms = firms, number
    try:
        yield
    finally:
        firms = before


class Refused(Exception):
    """A run that the program did not make; its message is what it said."""

    def __init__(self, command, code, message):
        super().__init__(f"{' '.join(command)}\n{message}")
        self.code, self.message = code, message


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

    def has_table(self, name):
        """Whether the run has a table or view of this name."""
        return bool(self.table("SELECT 1 FROM sqlite_master WHERE name = ?", name))

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
        """{country: series} of a good: consumption, output or stock in t a month, price (use side) or supply_price in USD/t."""
        query = {"consumption": "SELECT tick, country, value FROM indicators WHERE indicator = 'use_t' AND good = ?",
                 "output": "SELECT tick, country, output_t FROM production WHERE good = ?",
                 "stock": "SELECT tick, country, stock_t FROM stocks WHERE good = ?",
                 "price": "SELECT tick, country, use_price_usd_per_t FROM prices WHERE good = ?",
                 "supply_price": "SELECT tick, country, supply_price_usd_per_t FROM prices WHERE good = ?"}[what]
        found = {}
        for tick, country, value in self.table(query, good):
            found.setdefault(country, [0.0] * self.ticks)[tick] += value if value is not None else 0.0
        if "price" in what:
            # Nobody traded where none is recorded: the last one stands.
            for line in found.values():
                for tick in range(1, self.ticks):
                    line[tick] = line[tick] or line[tick - 1]
        return found

    def goods(self):
        """Names of all goods."""
        return [good for (good,) in self.table("SELECT DISTINCT good FROM prices WHERE tick = 0 ORDER BY good")]

    def total(self, what, good, leave_out=(), only=None):
        """World total by month, without some countries or of some alone."""
        line = [0.0] * self.ticks
        for country, values in self.by_country(what, good).items():
            if country not in leave_out and (only is None or country in only):
                line = [a + b for a, b in zip(line, values)]
        return line

    @functools.lru_cache(maxsize=None)
    def partners(self, good, country, side, column="tonnes"):
        """{partner: series} of a column of a country's exports (side="origin") or imports (side="destination")."""
        other = "destination" if side == "origin" else "origin"
        found = {}
        for tick, partner, value in self.table(f"SELECT tick, {other}, {column} FROM flows WHERE good = ? AND {side} = ? AND {other} <> ?", good, country, country):
            found.setdefault(partner, [0.0] * self.ticks)[tick] += value if value is not None else 0.0
        return found

    def exports(self, good, origin, destinations=None, column="tonnes"):
        """Tonnes (or another column of the flows) by month that leave a country."""
        return added([values for partner, values in self.partners(good, origin, "origin", column).items()
                      if destinations is None or partner in destinations], self.ticks)

    def imports(self, good, destination, origins=None, leave_out=(), column="tonnes"):
        """Tonnes (or another column of the flows) by month that enter a country."""
        return added([values for partner, values in self.partners(good, destination, "destination", column).items()
                      if partner not in leave_out and (origins is None or partner in origins)], self.ticks)

    def treasury(self, account, country):
        """USD by month that a treasury receives on an account; negative where it pays."""
        return self.series("SELECT tick, usd FROM treasury WHERE account = ? AND country = ?", account, country)


def added(lines, length):
    """The sum of series, of this length where there is none."""
    return [sum(values) for values in zip([0.0] * length, *lines)]


@functools.lru_cache(maxsize=None)
def version():
    """Identifies the program and the scenarios and data that runs read."""
    digest = hashlib.sha256(pathlib.Path(PROGRAM).read_bytes())
    for path in sorted(CONFIGS.rglob("*")):
        if path.suffix in (".toml", ".csv"):
            digest.update(str(path).encode() + path.read_bytes())
    return digest.hexdigest()


def folder_of(config, overrides):
    """Where a run goes, and whether it stays there."""
    if KEPT is None:
        return pathlib.Path(tempfile.mkdtemp(dir=SCRATCH.name)) / "run"
    name = hashlib.sha256(repr((version(), config, overrides)).encode()).hexdigest()[:20]
    return pathlib.Path(KEPT) / name


def scenario(config, blocks):
    """The file of a scenario, with blocks that --set cannot add."""
    if not blocks:
        return CONFIGS / config
    path = pathlib.Path(tempfile.mkdtemp(dir=SCRATCH.name)) / config
    path.write_text("\n".join(["schema = 1", f'include = ["{CONFIGS / config}"]', *blocks]) + "\n")
    return path


@functools.lru_cache(maxsize=None)
def run_once(config, overrides):
    folder = folder_of(config, overrides)
    if (folder / "finished").exists():
        return Run(str(folder), overrides)
    command = [PROGRAM, "run", str(scenario(config, [block for block in overrides if block.startswith("[[")])), "--out", str(folder), "--quiet", "--no-table", "--threads", "1", "--overwrite"]
    for override in overrides:
        command += [] if override.startswith("[[") else ["--set", override]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    if done.returncode != 0:
        shutil.rmtree(folder, ignore_errors=True)
        raise Refused(command, done.returncode, done.stderr)
    (folder / "finished").touch()
    return Run(str(folder), overrides)


def run(config, *overrides):
    """Runs a shipped scenario with overrides; the same run is made once. Raises Refused where the program does not make it."""
    more = (f"population.firms={firms}",) if firms else ()
    tables = ", ".join(f'"{table}"' for table in TABLES)
    return run_once(config, (*more, *overrides, f"records.tables=[{tables}]"))


def undisturbed(ticks, config="stationary.toml"):
    """The same world without a measure."""
    return run(config, f"run.ticks={ticks}")


def written(value):
    """A value as TOML has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(written(entry) for entry in value) + "]"
    return repr(value)


def policy(name, **keys):
    """An override that adds a [[policy]] block."""
    return f"policy.{name}={{{','.join(f'{key}={written(value)}' for key, value in keys.items())}}}"


def shock(name, **keys):
    """An override that adds a [[shock]] block, which goes into a file of its own."""
    return "\n".join(["[[shock]]", f'name = "{name}"', *(f"{key} = {written(value)}" for key, value in keys.items())])


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

"""N1 to N7: what must move nothing, what must come to the same, and what was put in."""
import csv
import functools
import hashlib
import math
import pathlib

from experiment import Experiment, Result
from laboratory import CONFIGS, KEPT, SCRATCH, Refused, mean, month, outside_price, policy, relative, run, shown, undisturbed
from trade_and_licences import export_control, inside_price

WORLD = "stationary.toml"
SB = "antimony.refined"
START, TICKS = 2, 38


def whole_table(what, table, value):
    """{(tick, good, country): value} of a column of a table."""
    found = {}
    for tick, good, country, amount in what.table(f"SELECT tick, good, country, {value} FROM {table}"):
        found[tick, good, country] = found.get((tick, good, country), 0.0) + (amount or 0.0)
    return found


def largest_change(what, base, scale=1.0):
    """The largest relative change of a price (over scale), and of an output or a stock (over the world's): (share, of what) each."""
    prices, tonnes = (0.0, ""), (0.0, "")
    for column in ("use_price_usd_per_t", "supply_price_usd_per_t"):
        now = whole_table(what, "prices", column)
        for key, before in whole_table(base, "prices", column).items():
            if before > 0.0:
                prices = max(prices, (abs(now[key] / scale / before - 1), f"{key[1]} in {key[2]}"))
    for table, column in (("production", "output_t"), ("stocks", "stock_t")):
        now, before, world = whole_table(what, table, column), whole_table(base, table, column), {}
        for (tick, good, _), amount in before.items():
            world[good] = world.get(good, 0.0) + (amount if tick == 0 else 0.0)
        for key, amount in before.items():
            tonnes = max(tonnes, (abs(now[key] - amount) / max(1e-9, world[key[1]]), f"{table} of {key[1]} in {key[2]}"))
    return prices, tonnes


def null_measures():
    """N1: a vanishing tariff, a slack quota, a credit of a tenth of a cent per tonne (one of 0 is refused)."""
    base = undisturbed(TICKS)
    exports = sum(base.exports(SB, "CHN")[:12])
    measures = {"a tariff of one in a million": policy("wall", kind="tariff", actor="USA", goods=[SB], start=month(START), rate_share=1e-6),
                "a quota of three times exports": export_control("quota", "quota", "CHN", SB, START, quota_t_per_year=3 * exports, expected_months=600),
                "a credit of a tenth of a cent": policy("credit", kind="subsidy", form="production_credit", actor="USA", goods=[SB], start=month(START), credit_usd_per_t=0.001)}
    moved = {name: largest_change(run(WORLD, f"run.ticks={TICKS}", block), base) for name, block in measures.items()}
    most = max(share for changes in moved.values() for share, _ in changes)
    return Result(most <= 1e-4, f"largest change of a price or tonnage in {TICKS - START} months {100 * most:.4f} %",
                  "\n".join(f"{name}: price {prices[0]:.1e} ({prices[1]}), tonnes {tonnes[0]:.1e} ({tonnes[1]})" for name, (prices, tonnes) in moved.items()))


def changed_data(name, change):
    """A copy of the shipped tables in which change(table, rows) gives the rows; its folder."""
    tables = {}
    for path in sorted((CONFIGS / "data").glob("*.csv")):
        with open(path, newline="") as handle:
            rows = list(csv.DictReader(handle))
        tables[path.name] = change(path.stem, rows)
    text = {table: [list(rows[0]), *(list(row.values()) for row in rows)] for table, rows in tables.items() if rows}
    folder = pathlib.Path(KEPT or SCRATCH.name) / f"{name}-{hashlib.sha256(repr(text).encode()).hexdigest()[:12]}"
    folder.mkdir(parents=True, exist_ok=True)
    for table, rows in text.items():
        with open(folder / table, "w", newline="") as handle:
            csv.writer(handle, lineterminator="\n").writerows(rows)
    return folder


def scaled(row, factor, *columns):
    """A row with some of its numbers multiplied; low and high are ranges of the first of them."""
    return {key: repr(float(value) * factor) if value and (key in columns or key in ("low", "high")) else value for key, value in row.items()}


# Tables with dollars that firms act on, and their columns.
DOLLARS = {"prices": ("usd_per_t",), "freight": ("usd_per_t_at_10000km",), "investment": ("capex_usd_per_t_per_year",), "observed_prices": ("usd_per_t",)}


def dollars_doubled():
    """N2: all dollars doubled, under a ban."""
    folder = changed_data("doubled", lambda table, rows: [scaled(row, 2.0, *DOLLARS[table]) for row in rows] if table in DOLLARS else rows)
    block = export_control("ban", "ban", "CHN", SB, START, expected_months=600)
    base, what = (run(WORLD, f"run.ticks={TICKS}", *more, block) for more in ((), (f'data.folder="{folder}"',)))
    prices, tonnes = largest_change(what, base, 2.0)
    return Result(max(prices[0], tonnes[0]) <= 1e-5, f"under a ban on Chinese antimony prices are twice as high to {100 * prices[0]:.4f} %, tonnes the same to {100 * tonnes[0]:.4f} %",
                  f"largest differences: {prices[1]}; {tonnes[1]}")


# Columns that name a country, and amounts of a country that its halves share.
COUNTRY_COLUMNS = ("country", "country_a", "country_b", "origin", "destination", "owner")
AMOUNTS = {"production": ("tonnes",), "use": ("tonnes",), "capacity": ("tonnes_per_year",), "exports": ("tonnes",), "hosts": ("host_output_t", "potential_t"), "latent": ("potential_t_per_year",),
           "separation": ("tonnes",), "reserves": ("tonnes",), "countries": ("gdp_usd_bn_2023",)}
# Shares of a whole: a half has half of it as an origin or owner, and the same share as a destination.
SHARES = {"import_anchors": ("origin", "share_of_imports", "share_direct"), "us_import_sources": ("origin", "share_pct"), "export_destinations": ("destination", "share_of_exports"), "ownership": ("owner", "share")}


def split(table, rows, country, other):
    """The rows of a table in which two halves stand for a country."""
    found, partners = [], [column for column in COUNTRY_COLUMNS if rows and column in rows[0]]
    for row in rows:
        mine = [column for column in partners if row[column] == country]
        if table in AMOUNTS and mine:
            row = scaled(row, 0.5, *AMOUNTS[table])
        elif table in SHARES and SHARES[table][0] in mine:
            row = scaled(row, 0.5, *SHARES[table][1:])
        found.append(row)
        if mine:
            copy = {**row, mine[0]: other}
            if "name" in copy:
                copy["name"] += ", second half"
            found.append(copy)
    if table == "distances" and rows:
        # As far apart as a country's own buyers are from its plants (home_distance_km of the calibration).
        found.append({**rows[0], "country_a": country, "country_b": other, "km": "250"})
    if table == "affinity" and rows:
        found.append({**rows[0], "country_a": country, "country_b": other, "affinity": "1"})
    return found


def japan_in_two():
    """N3: Japan as two countries of half the size, under a quota of 80 % of China's exports of dysprosium."""
    good, halves = "dysprosium.refined", ("JPN", "JPX")
    folder = changed_data("split", functools.partial(split, country=halves[0], other=halves[1]))
    exports = sum(undisturbed(26).exports(good, "CHN")[:12])
    block = export_control("quota", "quota", "CHN", good, START, quota_t_per_year=round(0.8 * exports, 3), expected_months=600)
    base, what = (run(WORLD, "run.ticks=26", *more, block) for more in ((), (f'data.folder="{folder}"',)))
    use, parts = base.total("consumption", good, only=halves), what.total("consumption", good, only=halves)
    used = max(abs(now / before - 1) for now, before in zip(parts, use))
    price = max(abs(now / before - 1) for half in halves for now, before in zip(what.price(good, half), base.price(good, "JPN")))
    weights = {country: values[0] for country, values in base.by_country("consumption", good).items() if country != "JPN" and values[0] > 0.0}
    elsewhere = max(abs(now / before - 1) for country in weights for now, before in zip(what.price(good, country), base.price(good, country)))
    return Result(max(used, price, elsewhere) <= 0.02, f"use of the halves together within {100 * used:.1f} % of Japan's in every month, their prices within {100 * price:.1f} %, prices elsewhere within {100 * elsewhere:.1f} %",
                  "\n".join(f"{name}: {shown(values)}" for name, values in (("price in Japan, USD/kg", [value / 1e3 for value in base.price(good, "JPN")]),
                            *((f"in {half}", [value / 1e3 for value in what.price(good, half)]) for half in halves), ("use of Japan, t", use), ("of both halves", parts))))


def duty_and_tariffs():
    """N4: an export duty, and the same rate as a tariff of all importers on the exporter."""
    base, rate = undisturbed(TICKS), 0.2
    countries = [country for country in base.by_country("price", SB) if country != "CHN"]
    duty = run(WORLD, f"run.ticks={TICKS}", export_control("duty", "duty", "CHN", SB, START, duty_share=rate))
    tariffs = run(WORLD, f"run.ticks={TICKS}", *(policy(f"wall_{country.lower()}", kind="tariff", actor=country, goods=[SB], partners=["CHN"], start=month(START), rate_share=rate) for country in countries))
    apart = max(abs(one / other - 1) for country in (*countries, "CHN") for one, other in zip(duty.price(SB, country), tariffs.price(SB, country)))
    revenue = sum(duty.treasury("export_duty", "CHN"))
    paid = sum(sum(tariffs.treasury("tariff", country)) for country in countries)
    return Result(apart <= 0.01 and abs(paid / revenue - 1) <= 0.02,
                  f"prices within {100 * apart:.1f} % of each other everywhere in every month; revenue of the {len(countries)} importers {100 * (paid / revenue - 1):+.1f} % beside the exporter's (they also tax freight)",
                  f"price abroad over undisturbed, duty: {shown(outside_price(duty, base, SB, 'CHN'))}\ntariffs: {shown(outside_price(tariffs, base, SB, 'CHN'))}")


def prohibitive():
    """N5: a ban, a duty of 1,000 %, a quota of nothing (Chinese tungsten)."""
    good, base = "tungsten.refined", undisturbed(TICKS)
    blocks = {"ban": export_control("ban", "ban", "CHN", good, START, expected_months=600),
              "duty": export_control("duty", "duty", "CHN", good, START, duty_share=10.0),
              "quota": export_control("quota", "quota", "CHN", good, START, quota_t_per_year=0.0, expected_months=600)}
    runs = {name: run(WORLD, f"run.ticks={TICKS}", block) for name, block in blocks.items()}
    passing = max(sum(what.exports(good, "CHN")[START:]) for what in runs.values())
    paths = {name: (outside_price(what, base, good, "CHN"), inside_price(what, base, good, "CHN")) for name, what in runs.items()}
    apart = {name: max(abs(one / other - 1) for mine, theirs in zip(paths[name], paths["ban"]) for one, other in zip(mine, theirs)) for name in ("duty", "quota")}
    return Result(max(apart.values()) <= 0.05 and passing == 0.0,
                  f"prices inside and outside as under the ban to {100 * apart['duty']:.1f} % under the duty and {100 * apart['quota']:.1f} % under the quota, in every month; {passing:.0f} t pass",
                  "\n".join(f"price {where} over undisturbed, {name}: {shown(path[side])}" for side, where in enumerate(("outside", "inside")) for name, path in paths.items()))


def bathtub():
    """N6: China sells no antimony to the United States: what others sent elsewhere goes there."""
    base = undisturbed(TICKS)
    what = run(WORLD, f"run.ticks={TICKS}", export_control("ban", "ban", "CHN", SB, START, partners=["USA"], expected_months=600))
    last = slice(TICKS - 12, TICKS)
    lost = sum(base.imports(SB, "USA", origins=("CHN",))[last]) / sum(base.imports(SB, "USA")[last])
    imports, exports = (sum(now[last]) / sum(before[last]) for now, before in ((what.imports(SB, "USA"), base.imports(SB, "USA")), (what.exports(SB, "CHN"), base.exports(SB, "CHN"))))
    price = mean(relative(what.price(SB, "USA"), base.price(SB, "USA"))[last])
    direct = sum(what.imports(SB, "USA", origins=("CHN",))[START:])
    return Result(direct == 0.0 and imports >= 1 - lost / 3 and exports >= 1 - lost / 3 and price > 1.0,
                  f"in the third year {100 * imports:.0f} % of usual American imports, of which China had {100 * lost:.0f} %, at {price:.2f} times the price; China exports {100 * exports:.0f} % of usual",
                  f"American price over undisturbed: {shown(relative(what.price(SB, 'USA'), base.price(SB, 'USA')))}\nimports: {shown(relative(what.imports(SB, 'USA'), base.imports(SB, 'USA')))}")


def small_sectors(base):
    """{process: (country, good, elasticity put in)}: of processes with one output the largest sector that makes at most 5 % of it."""
    with open(CONFIGS / "data/processes.csv", newline="") as handle:
        put_in = {row["process"]: float(row["supply_elasticity"]) for row in csv.DictReader(handle)}
    sectors, makes = {}, {}
    for process, country, good, output in base.table("SELECT process, country, good, output_t FROM production WHERE tick = 0"):
        sectors.setdefault(process, []).append((output, country, good))
        makes.setdefault(process, set()).add(good)
    found = {}
    for process, elasticity in put_in.items():
        world = sum(output for output, _, _ in sectors.get(process, []))
        small = [sector for sector in sectors.get(process, []) if 0.001 * world < sector[0] <= 0.05 * world]
        if small and len(makes[process]) == 1:
            output, country, good = max(small)
            found[process] = (country, good, elasticity)
    return found


def supply_elasticities():
    """N7: a credit of 5 % of the price to one small sector of each process; investment is held still."""
    ticks, rate = 26, 0.05
    base = run(WORLD, f"run.ticks={ticks}", "outlook.investment=false")
    sectors = small_sectors(base)
    what = run(WORLD, f"run.ticks={ticks}", "outlook.investment=false",
               *(policy(f"credit_{process}", kind="subsidy", form="production_credit", actor=country, goods=[good], processes=[process], start=month(START), credit_price_share=rate)
                 for process, (country, good, _) in sectors.items()))
    found = {}
    for process, (country, good, _) in sectors.items():
        output = [of.series("SELECT tick, output_t FROM production WHERE process = ? AND country = ? AND good = ?", process, country, good) for of in (what, base)]
        price = mean(relative(what.price(good, country, "supply"), base.price(good, country, "supply"))[START + 12:])
        found[process] = math.log(mean(relative(*output)[START + 12:])) / math.log(price + rate)
    off = {process: found[process] / sectors[process][2] - 1 for process in sectors}
    worst = max(off, key=lambda process: abs(off[process]))
    return Result(abs(off[worst]) <= 0.1, f"{len(sectors)} processes: within {100 * abs(off[worst]):.0f} % of what was put in ({worst} {found[worst]:.3f} against {sectors[worst][2]:g}), median {100 * sorted(map(abs, off.values()))[len(off) // 2]:.0f} %",
                  "\n".join(f"{process} in {country}: {found[process]:.3f}, put in {elasticity:g}" for process, (country, _, elasticity) in sectors.items()))


EXPERIMENTS = [
    Experiment("N1", "null measures: a vanishing tariff, a slack quota, a credit of next to nothing (antimony)", "nothing moves (0.01 %)", null_measures),
    Experiment("N2", "all dollars doubled, under a ban", "prices twice as high, tonnes the same (a hundred-thousandth)", dollars_doubled),
    Experiment("N3", "Japan split in two, under a quota of 80 % of China's exports of dysprosium", "the halves together do what Japan did, nothing else changes (2 %)", japan_in_two,
               missing="paths of prices that do not jump between months in small countries"),
    Experiment("N4", "an export duty of 20 % on Chinese antimony = the same tariff of all importers on it", "the same prices (1 %), the revenue elsewhere", duty_and_tariffs),
    Experiment("N5", "a ban = a prohibitive duty = a quota of nothing (Chinese tungsten)", "the same prices inside and outside (5 %)", prohibitive,
               missing="plants behind a wall that idle in step with the stock inside, under a duty as under a ban"),
    Experiment("N6", "a ban on one buyer leaks (antimony, China to the United States)", "others' metal takes the place of two thirds of what is lost, at a higher price", bathtub),
    Experiment("N7", "short-run supply elasticities as put in: a credit of 5 % to a small sector of each process", "within 10 % of processes.csv", supply_elasticities),
]

"""Cost and lead times of new capacity, by process."""
from decimal import Decimal as D

from .tables import Table, power, text

RATE = D("0.10")  # cost of capital for the plausibility check, assumed, 0.08-0.15
COLUMNS = ["explore_permit_years", "build_years", "brownfield_years", "brownfield_share", "restart_months", "lifetime_years",
           "long_run_supply_elasticity", "own_price_share"]


def kind_of(process):
    """The class of a process, from its name."""
    for ending, kind in (("_recovery", "recovery"), ("_recycling", "recycling"), ("_refinery", "refinery")):
        if process.endswith(ending):
            return kind
    return "separation" if process.startswith("separation") else "mine"


def trait(sources, process, column):
    """A trait of a process: its own assumption, else that of its class."""
    return sources.assume_first(column, process, kind_of(process))


def capital_recovery(years):
    """Yearly share of capex that pays it back with interest over so many years."""
    growth = power(1 + RATE, years)
    return RATE * growth / (growth - 1)


def capex(sources, process):
    """Capex in USD per tonne a year with its range, status, source and note: a sourced figure if there is one, else a multiple of the price."""
    price = sources.process_price(process)
    own = sources.assume("capex", process)
    if own and own.item == process:
        return own.value, own.low, own.high, own.status, own.source, own.note
    multiple = sources.assume_first("capex_price_multiple", process, kind_of(process))
    value = D(text(price * multiple.value, 3))
    note = "%s times the median price 2020-24 of what it makes, %s USD/t" % (text(multiple.value), text(price, 4))
    return value, price * multiple.low, price * multiple.high, "assumed", multiple.source, note + ("; " + multiple.note if multiple.note else "")


def investment(sources):
    """One row for every process of processes.csv; the range is that of the capex, those of the other columns are in docs/outlook.md."""
    t = Table("investment", "process", "capex_usd_per_t_per_year", *COLUMNS)
    for p in sources.processes():
        process = p["process"]
        value, low, high, status, source, note = capex(sources, process)
        t.add([process, value] + [trait(sources, process, c).value for c in COLUMNS], status, source,
              note + "; range is that of the capex; other columns assumed, ranges in raw/outlook_assumptions.csv", low, high)
    return t


def margin(sources, process, row):
    """Value added per tonne of product: price less the ore in it; the price itself where there is no input."""
    price, ore = sources.process_price(process), row["input_good"]
    if not ore:
        return price
    return price - sources.price(ore) / sources.ore_yield(ore)


def plausibility(sources, table):
    """Process, price, capex, annualised capex over price and over value added."""
    out = []
    rows = {p["process"]: p for p in sources.processes()}
    for r in table.rows:
        process, cost, life = r[0], D(r[1]), D(r[2 + COLUMNS.index("lifetime_years")])
        price, yearly = sources.process_price(process), D(r[1]) * capital_recovery(life)
        out.append((process, price, cost, yearly / price, yearly / margin(sources, process, rows[process])))
    return out

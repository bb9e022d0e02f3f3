"""Output of host metals, metal recycled from products in use, and carbon footprints."""
from decimal import Decimal as D

from .demand import IEA
from .investment import kind_of
from .tables import Table, places, power, text

PAST = ["2020", "2021", "2022", "2023", "2024"]
FUTURE = ["2030", "2035", "2040", "2045"]
LIFETIME, COLLECTION = "product lifetime, mean", "end-of-life collection rate (scrap available for use)"


def iea_index(sources, metal, stage):
    """Year -> IEA base-case tonnes relative to 2024; 2045 held at 2040."""
    cell = {r["year"]: D(r["tonnes"]) for r in sources.pick("iea_supply_outlook", metal=metal, stage=stage, country="WLD")}
    cell["2045"] = cell["2040"]
    return {y: cell[y] / cell["2024"] for y in FUTURE}


def copper(sources):
    """Year -> (index, low, high): half way between the IEA's announced mines, which decline, and its STEPS demand."""
    mines = iea_index(sources, "copper", "mining")
    rows = {(r["year"], r["scenario"]): D(r["value"]) for r in sources.pick("demand_by_end_use", metal="copper", end_use="Total demand")}
    need = {y: rows[y, "STEPS"] / rows["2024", "actual"] for y in FUTURE}
    return {y: ((mines[y] + need[y]) / 2, min(mines[y], need[y]), max(mines[y], need[y])) for y in FUTURE}


def future(sources, host):
    """Year -> (index, low, high, source, note) of a host."""
    if host in ("copper", "nickel", "copper_nickel"):
        cu = copper(sources)
        ni = {y: (v, v * D("0.85"), v * D("1.3")) for y, v in iea_index(sources, "nickel", "mining").items()}
        n = sources.assume("cobalt_from_copper")
        weight = {"copper": D(1), "nickel": D(0), "copper_nickel": n.value}[host]
        note = {"copper": "half way between IEA announced mines (low) and IEA STEPS demand (high); 2045 mines held at 2040",
                "nickel": "IEA base-case mining; 2045 held at 2040"}.get(host, "copper and nickel weighted %s to %s by the cobalt that comes "
                 "with them; copper half way between IEA announced mines and STEPS demand" % (text(n.value), text(1 - n.value)))
        return {y: tuple(weight * cu[y][i] + (1 - weight) * ni[y][i] for i in range(3)) + (IEA, note) for y in FUTURE}
    n = sources.assume("host_growth", host)
    return {y: tuple(power(1 + g, int(y) - 2024) for g in (n.value, n.low, n.high)) + (
        n.source, "%s a year; %s" % (text(n.value), n.note)) for y in FUTURE}


def host_index(sources):
    """Output of each host named in processes.csv, 2024 = 1. Years 2020-24 from hosts.csv: countries weighted by the metal that their
    host output could yield in 2024."""
    t = Table("host_index", "host", "year", "index")
    hosts = []
    for p in sources.processes():
        if p["host"] and p["host"] not in hosts:
            hosts.append(p["host"])
    for host in hosts:
        cells = {}
        for r in sources.stage_one("hosts"):
            if r["host"] == host:
                cells.setdefault(r["country"], {})[r["year"]] = (D(r["host_output_t"]), D(r["potential_t"]))
        cells = {c: v for c, v in cells.items() if all(y in v for y in PAST) and v["2024"][0] > 0}
        weight = sum(v["2024"][1] for v in cells.values())
        for year in PAST if cells else ["2024"]:
            value = sum(v["2024"][1] * v[year][0] / v["2024"][0] for v in cells.values()) / weight if cells else D(1)
            t.add([host, year, places(value, 4)], "derived", "hosts.csv", "host output by country, weighted by its 2024 potential")
        for year, (value, low, high, source, note) in future(sources, host).items():
            t.add([host, year, places(value, 4)], "assumed", source, note, min(low, value), max(high, value))
    return t


def sector_mean(sources, metal, parameter, override):
    """Mean over sectors with weights set by hand: the sector's value set by hand, else the published one. Value and source."""
    total = whole = D(0)
    origin = []
    for n in sources.assumed("recycling_sector", metal):
        own = sources.assume(override, metal, n.key)
        rows = sources.pick("recycling", metal=metal, end_use_or_all=n.key, parameter=parameter)
        if own and own.item == metal:
            value, source = own.value, own.source
        elif rows:
            value, source = D(rows[0]["value"]) / (1 if parameter == LIFETIME else 100), rows[0]["source"].split(" row ")[0]
        else:
            raise AssertionError(("no value for", metal, n.key, override))
        total, whole = total + n.value * value, whole + n.value
        if source not in origin:
            origin.append(source)
    assert whole == 1, (metal, whole)
    return total, "; ".join(origin)


def recycling(sources):
    """Products in use of each good that has a recycling process."""
    t = Table("recycling", "good", "process", "lifetime_years", "lifetime_shape", "past_growth", "collection_share", "yield_share")
    shape, spread = sources.assume("lifetime_shape"), sources.assume("lifetime_range")
    listed = [p["process"] for p in sources.processes()]
    for process in listed:
        if not process.endswith("_recycling"):
            continue
        metal = process[:-len("_recycling")]
        good = sources.product(process) or metal + ".refined"
        years, first = sector_mean(sources, metal, LIFETIME, "lifetime")
        collected, second = sector_mean(sources, metal, COLLECTION, "collection")
        growth, recovered = sources.assume("past_growth", metal), sources.assume("recycling_yield", metal)
        source = first + ("" if first == second else "; " + second)
        t.add([good, process, places(years, 1), shape.value, growth.value, places(collected, 3), recovered.value], "assumed", source,
              "sectors weighted by recycling_sector; gamma shape %s (%s-%s); growth %s-%s; yield %s-%s; range is that of the lifetime"
              % tuple(text(v) for v in (shape.value, shape.low, shape.high, growth.low, growth.high, recovered.low, recovered.high)),
              years * spread.low, years * spread.high)
    return t


def implied_recycling(row):
    """Recycled metal over use that a row of the recycling table implies for 2024: use has grown at past_growth, lifetimes are gamma."""
    years, shape, growth, collected, recovered = (D(v) for v in row[2:7])
    return collected * recovered / power(1 + growth * years / shape, shape)


def footprint(sources):
    """Tonnes of CO2 per tonne produced. A mine and the refinery after it share the footprint of the refined metal; recycling has a fraction of it."""
    t = Table("footprint", "process", "t_co2_per_t")
    part = sources.assume("footprint_mine_share")
    again = sources.assume("footprint_recycling_share")
    for p in sources.processes():
        process, kind = p["process"], kind_of(p["process"])
        own = sources.assume("footprint", process)
        if own and own.item == process:
            status, source, note, low, high = own.tail()
            t.add([process, own.value], status, source, note, low, high)
            continue
        metal = process.rsplit("_", 1)[0]
        n = sources.assume("footprint", metal)
        assert n and n.item == metal, ("no footprint for", process)
        factor = {"mine": part.value, "refinery": 1 - part.value, "recycling": again.value}.get(kind, D(1))
        note = {"mine": "%s of the refined metal's", "refinery": "%s of the refined metal's", "recycling": "%s of primary"}.get(kind, "%s")
        t.add([process, D(text(n.value * factor, 3))], "assumed", n.source, note % text(factor) + ": " + n.note, n.low * factor, n.high * factor)
    return t

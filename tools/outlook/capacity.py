"""Planned capacity, reserves, and what could be built where there are no plants."""
from decimal import Decimal as D

from .demand import IEA
from .tables import Table, places, text

YEARS = ["2024", "2030", "2035", "2040", "2045"]
PLANS = [  # process -> IEA metal and stage
    ("cobalt_mine", "cobalt", "mining"), ("cobalt_refinery", "cobalt", "refining"),
    ("nickel_mine", "nickel", "mining"), ("nickel_refinery", "nickel", "refining"),
    ("lithium_mine", "lithium", "mining"), ("lithium_refinery", "lithium", "refining"),
    ("graphite_mine", "graphite", "mining"), ("graphite_refinery", "graphite", "refining"),
    ("rare_earth_mine_light", "rare_earths_magnet", "mining"), ("rare_earth_mine_heavy", "rare_earths_magnet", "mining"),
    ("separation_light", "rare_earths_magnet", "refining"), ("separation_heavy", "rare_earths_magnet", "refining"),
]
WHOLE_METALS = {"cobalt", "nickel", "lithium", "graphite"}  # one good each; the IEA's magnet rare earths are light and heavy together
HALF = D("0.5")
LEAST_PLAN = D("0.05")  # no plan takes a country below a twentieth of its share
RESERVE_METAL = {"rare_earths_light": "rare_earths", "rare_earths_heavy": "rare_earths"}


def planned(sources, metal, stage):
    """Year -> {country: share of the world, percent} in the IEA base case; 2045 is held at 2040."""
    out = {}
    for r in sources.pick("iea_supply_outlook", metal=metal, stage=stage):
        if r["country"] not in ("WLD", "OTH"):
            out.setdefault(r["year"], {})[r["country"]] = D(r["share_pct"])
    for cells in out.values():  # not the published rest: that of nickel refining counts Canada twice
        cells["OTH"] = 100 - sum(cells.values())
    out["2045"] = dict(out["2040"])
    return out


def change(plan, year, country, output, whole):
    """Planned share of a country over its share of 2024, before shares are made to sum to 1."""
    group, name = [country], country
    if not plan["2024"].get(country):
        group, name = [c for c in output if not plan["2024"].get(c)], "OTH"
    base = plan["2024"][name]
    if whole:
        base = max(base, 100 * sum(output[c] for c in group) / sum(output.values()))
    return max(LEAST_PLAN, 1 + (plan[year][name] - plan["2024"][name]) / base)


def capacity_plan(sources):
    """Share of a country in world capacity relative to 2024: 1 + the IEA's change of its share / its share, where countries that the IEA
    does not name move together as its 'rest of world'. The share divided by is the larger one of the IEA's and the tables', so that a
    country which is larger here (other definitions) does not multiply; for rare earths, where the IEA's mines are light and heavy
    together, it is the IEA's. One factor a year makes the shares sum to 1 less those of newcomers."""
    t = Table("capacity_plan", "process", "country", "year", "index")
    listed = {p["process"] for p in sources.processes()}
    for process, metal, stage in PLANS:
        output = sources.output(process) if process in listed else {}
        if not output:
            continue
        plan, world = planned(sources, metal, stage), sum(output.values())
        for year in YEARS:
            ratio = {c: change(plan, year, c, output, metal in WHOLE_METALS) for c in output}
            newcomers = sum((v for c, v in plan[year].items() if not plan["2024"][c] and c not in output), D(0)) / 100
            factor = (1 - newcomers) / sum(output[c] / world * ratio[c] for c in output)
            for country in output:
                named = country if plan["2024"].get(country) else "the rest of the world"
                note = "change of the share of %s in IEA %s %s %s, times %s so that shares sum to %s" % (
                    named, metal, stage, year, text(places(factor, 4)), text(places(1 - newcomers, 4)))
                if year == "2045":
                    note += "; 2045 held at 2040"
                t.add([process, country, year, places(ratio[country] * factor, 4)], "derived", IEA, note)
    return t


def reserves_of(sources, ore):
    """Country -> (tonnes, status, low, high, source, note) of an ore good, countries outside the tables in ROW."""
    metal, listed = ore.split(".")[0], sources.countries()
    out, rest, source, edition = {}, D(0), "", ""
    for r in sources.pick("reserves", metal=RESERVE_METAL.get(metal, metal)):
        if r["country"] == "WLD" or not r["tonnes"]:
            continue
        tonnes, source, edition = D(r["tonnes"]), r["source"], r["edition"]
        heavy = sources.assume("heavy_reserve_share", r["country"]) if metal in RESERVE_METAL else None
        if r["country"] not in listed:
            rest += tonnes * ((1 - heavy.value if metal.endswith("light") else heavy.value) if heavy else 1)
        elif heavy:
            part = (heavy.value, heavy.low, heavy.high) if metal.endswith("heavy") else (1 - heavy.value, 1 - heavy.high, 1 - heavy.low)
            if part[0]:
                out[r["country"]] = (tonnes * part[0], "assumed", tonnes * part[1], tonnes * part[2], r["source"] + "; " + heavy.source,
                                     "USGS reserves of all rare earths %s t; %s" % (text(tonnes), heavy.note))
        else:
            out[r["country"]] = (tonnes, "observed", None, None, r["source"], "")
    for n in sources.assumed("reserve", metal):
        out[n.key] = (n.value, n.status, n.low, n.high, n.source, n.note)
    years = sources.assume("reserve_years", ore)
    for country, tonnes in sources.made(ore).items():
        if country not in out and country != "ROW":
            out[country] = (tonnes * years.value, "assumed", tonnes * years.low, tonnes * years.high, years.source,
                            "%s years of 2024 output; %s" % (text(years.value), years.note))
            rest -= tonnes * years.value if not (metal in RESERVE_METAL) else 0
    floor = sources.assume("reserve_floor_years")
    for country, tonnes in sources.made(ore).items():
        if country in out and out[country][0] < tonnes * floor.value:
            old = out[country]
            out[country] = (tonnes * floor.value, "assumed", min(old[0], tonnes * floor.low), tonnes * floor.high, old[4] + "; " + floor.source,
                            "%s t published, raised to %s years of 2024 output; %s" % (text(old[0]), text(floor.value), floor.note))
    row = sources.made(ore).get("ROW", D(0))
    if rest > row * years.value:
        out["ROW"] = (rest, "derived", None, None, source, "countries outside the tables and other countries in edition %s, less assumed "
                      "reserves of producers that are not named" % edition)
    elif row:
        out["ROW"] = (row * years.value, "assumed", row * years.low, row * years.high, years.source, "%s years of 2024 output" % text(years.value))
    return out


def reserves(sources):
    """Reserves by ore good and country."""
    t = Table("reserves", "good", "country", "tonnes")
    order = sources.countries()
    for ore in sources.ores():
        cells = reserves_of(sources, ore)
        for country in sorted(cells, key=order.index):
            tonnes, status, low, high, source, note = cells[country]
            t.add([ore, country, D(text(tonnes, 4))], status, source, note, low, high)
    return t


class Latent:
    """What could be built where there are no plants; where several rules apply the largest potential is kept."""

    def __init__(self, sources):
        self.sources, self.cells = sources, {}
        self.mine_cap, self.plant_cap, self.recovery_cap, self.years = (
            sources.assume("latent_limit", i) for i in ("mine", "refinery", "recovery", "reserve_years"))

    def offer(self, process, country, tonnes, low, high, source, note):
        """Keep the largest potential of a process in a country without output."""
        if country in self.sources.output(process) or country not in self.sources.countries() or tonnes <= 0:
            return
        old = self.cells.get((process, country))
        if old is None or tonnes > old[0]:
            self.cells[process, country] = (tonnes, min(low, tonnes), max(high, tonnes), source, note)

    def table(self):
        """One row per process and country."""
        t = Table("latent", "process", "country", "potential_t_per_year")
        for p in self.sources.processes():
            output = self.sources.output(p["process"])
            world = sum(output.values())
            product = self.sources.product(p["process"])
            if product and product.endswith(".ore"):
                self.mines(p["process"], product, world)
            if p["input_good"]:
                self.refineries(p["process"], p["input_good"], world)
            if p["host"] and not (product and product.endswith(".ore")):
                self.recoveries(p["process"], world)
            if p["process"].endswith("_recycling"):  # a share of the metal, not of the little that is recycled in the tables
                world = sum(self.sources.made(product or p["process"].replace("_recycling", ".refined")).values())
            for n in self.sources.assumed("latent_announced", p["process"]):
                note = "%s of world output, announced or assumed%s" % (text(n.value), "; " + n.note if n.note else "")
                self.offer(p["process"], n.key, world * n.value, world * n.low, world * n.high, n.source, note)
        processes, countries = [p["process"] for p in self.sources.processes()], self.sources.countries()
        for (process, country) in sorted(self.cells, key=lambda k: (processes.index(k[0]), countries.index(k[1]))):
            tonnes, low, high, source, note = self.cells[process, country]
            t.add([process, country, D(text(tonnes, 4))], "assumed", source, note, low, high)
        return t

    def mines(self, process, ore, world):
        """Countries with at least 1 % of reserves and no output."""
        cells = reserves_of(self.sources, ore)
        whole = sum(c[0] for c in cells.values())
        for country, cell in cells.items():
            if cell[0] >= whole / 100:
                value = min(cell[0] / self.years.value, world * self.mine_cap.value)
                self.offer(process, country, value, min(cell[0] / self.years.high, world * self.mine_cap.low),
                           min(cell[0] / self.years.low, world * self.mine_cap.high), cell[4],
                           "reserves / %s years, at most %s of world output" % (text(self.years.value), text(self.mine_cap.value)))

    def refineries(self, process, ore, world):
        """Countries that mine at least 1 % of the ore and refine none of it."""
        mined = self.sources.made(ore)
        whole, rate = sum(mined.values()), self.sources.ore_yield(ore)
        for country, tonnes in mined.items():
            if tonnes >= whole / 100:
                bounds = (world * self.plant_cap.value, world * self.plant_cap.low, world * self.plant_cap.high)
                value, low, high = (min(tonnes * rate, b) for b in bounds)
                self.offer(process, country, value, min(low, value * HALF), high, "production.csv, yields.csv",
                           "own mine output x yield, at most %s of world output; low: half of it" % text(self.plant_cap.value))

    def recoveries(self, process, world):
        """Countries whose host output could yield the metal but that recover none."""
        for r in self.sources.stage_one("hosts"):
            if r["process"] == process and r["year"] == "2024":
                value, low, high = (min(D(r["potential_t"]), world * c) for c in (
                    self.recovery_cap.value, self.recovery_cap.low, self.recovery_cap.high))
                self.offer(process, r["country"], value, low, high, "hosts.csv",
                           "potential of the host, at most %s of world output" % text(self.recovery_cap.value))

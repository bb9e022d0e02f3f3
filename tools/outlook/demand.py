"""End uses of refined goods, their growth by scenario, and how far each good can be replaced."""
from decimal import Decimal as D

from .tables import Table, places, power, shares

SCENARIOS = ["STEPS", "APS", "NZE"]
YEARS = [2024, 2030, 2035, 2040, 2045]
IEA = "IEA Critical Minerals Data Explorer / Global Critical Minerals Outlook 2025 (CC BY 4.0)"
CLEAN = "Total clean energy (cleantech only)"
LEAST_INDEX = D("0.01")  # an end use that falls to nothing in the IEA's outlook keeps a hundredth: an index of zero has no elasticity
LEAST_SHARE = D("0.01")  # an end use below 1 % of use in 2024 and below 3 % of 2024 use in every scenario year is in other_uses
LEAST_LATER = D("0.03")
IEA_METAL = {"cobalt": "cobalt", "nickel": "nickel", "lithium": "lithium", "graphite": "graphite",
             "ndpr": "rare_earths_magnet", "dysprosium": "rare_earths_magnet", "terbium": "rare_earths_magnet"}


class Demand:
    """The IEA rows by metal and end use, and the tables made of them."""

    def __init__(self, sources):
        self.sources = sources
        self.shares = {}  # good -> {end use: share of 2024 use}
        self.iea = {}     # (metal, end use) -> {(year, scenario): tonnes}
        for r in sources.rows("demand_by_end_use"):
            cell = self.iea.setdefault((r["metal"], r["end_use"]), {})
            for scenario in SCENARIOS if r["scenario"] == "actual" else [r["scenario"]]:
                cell[int(r["year"]), scenario] = D(r["value"])

    def metal(self, good):
        """The metal of a good."""
        return good.split(".")[0]

    def sectors(self, metal):
        """End use -> {(year, scenario): tonnes} of an IEA metal; small end uses are put into other_uses."""
        out = {"other_uses": dict(self.iea[metal, "Other uses"])}
        total = self.iea[metal, "Total demand"]
        for (m, use), cell in self.iea.items():
            if m != metal or use.startswith("Total") or use == "Other uses":
                continue
            small = cell[2024, "STEPS"] < LEAST_SHARE * total[2024, "STEPS"]
            if small and all(v < LEAST_LATER * total[2024, "STEPS"] for v in cell.values()):
                for key, value in cell.items():
                    out["other_uses"][key] += value
            else:
                out[use.lower().replace(" ", "_")] = cell
        return {k: out[k] for k in sorted(out, key=lambda k: (k == "other_uses", k))}

    def end_uses(self):
        """Shares of 2024 use, summing to 1 for each good."""
        t = Table("end_uses", "good", "end_use", "share")
        for good in self.sources.refined():
            metal = self.metal(good)
            if metal in ("dysprosium", "terbium"):
                self.magnet_additive(t, good, metal)
            elif metal in IEA_METAL:
                note = "2024 demand by end use; end uses below 1 % are in other_uses"
                if metal == "ndpr":
                    note += "; magnet rare earths (Nd, Pr, Dy, Tb) together"
                if metal == "graphite":
                    note += "; natural and synthetic together: natural alone is used more in refractories and less in anodes"
                parts = shares({k: v[2024, "STEPS"] for k, v in self.sectors(IEA_METAL[metal]).items()})
                for use, share in parts.items():
                    t.add([good, use, share], "derived", IEA, note, share * D("0.8"), min(D(1), share * D("1.2")))
                self.shares[good] = parts
            else:
                self.assumed_uses(t, good, metal)
        return t

    def clean_share(self, good, metal):
        """IEA clean-energy use of 2024 over world use in the tables."""
        factor = self.sources.assume("oxide_per_metal", metal)
        tonnes = self.iea[metal, CLEAN][2024, "STEPS"] * (factor.value if factor else 1)
        return tonnes / self.sources.world_use(good)

    def magnet_additive(self, t, good, metal):
        """Dysprosium and terbium go into hot magnets: the IEA clean-energy row of the element, with a ceiling, split over electric
        vehicles and wind like the magnet rare earths; the magnet group's own share is the low end."""
        group = self.sectors("rare_earths_magnet")
        whole = sum(v[2024, "STEPS"] for v in group.values())
        clean = {k: v[2024, "STEPS"] for k, v in group.items() if k != "other_uses"}
        ceiling = self.sources.assume("clean_share_ceiling", metal)
        share = min(self.clean_share(good, metal), ceiling.value)
        parts = {k: share * v / sum(clean.values()) for k, v in clean.items()}
        parts["other_uses"] = 1 - share
        parts = shares(parts)
        for use, value in parts.items():
            low, high = sorted((group[use][2024, "STEPS"] / whole, value))
            if use != "other_uses":
                high = min(D(1), value * ceiling.high / ceiling.value)
            else:
                low = 1 - ceiling.high
            t.add([good, use, value], "assumed", IEA + "; " + ceiling.source, ceiling.note, low, high)
        self.shares[good] = parts

    def assumed_uses(self, t, good, metal):
        """Shares set by hand; 'clean_energy' is the IEA row over world use, and the last, other_uses, takes the remainder."""
        numbers = self.sources.assumed("end_use", metal)
        assert numbers and numbers[-1].key == "other_uses", ("no end uses for", metal)
        parts, rest = {}, D(1)
        for n in numbers[:-1]:
            value = self.clean_share(good, metal) if n.key == "clean_energy" else n.value
            parts[n.key] = places(value, 4)
            rest -= parts[n.key]
        parts["other_uses"] = rest
        assert rest > 0, (good, rest)
        for n in numbers:
            value = parts[n.key]
            if n.key == "clean_energy":
                t.add([good, n.key, value], "derived", IEA + "; use.csv", n.note, value * D("0.7"), value * D("1.4"))
            else:
                status, source, note, low, high = n.tail()
                t.add([good, n.key, value], status, source, note, min(low, value), max(high, value))
        self.shares[good] = parts

    def demand_index(self):
        """2024 = 1 for every end use, scenario and year."""
        t = Table("demand_index", "good", "end_use", "scenario", "year", "index")
        self.index = {}
        for good in self.sources.refined():
            for use in self.shares[good]:
                for scenario in SCENARIOS:
                    for year in YEARS:
                        self.add_index(t, good, use, scenario, year)
        return t

    def add_index(self, t, good, use, scenario, year):
        """One row of the index: from the IEA, at a ceiling on growth where one is set, or at an assumed rate."""
        metal = self.metal(good)
        proxy = self.sources.assume("index_from", metal, use)
        if proxy:
            name, note = proxy.note.split(": ", 1)
            cell = self.iea[tuple(name.split(" ", 1))]
        elif use == "clean_energy":
            cell, note = self.iea[metal, CLEAN], "clean-energy use of the element"
        elif metal in IEA_METAL:
            cell, note = self.sectors(IEA_METAL[metal])[use], "demand by end use" if metal != "graphite" else "natural and synthetic together"
        else:
            return self.add_assumed_index(t, good, metal, use, scenario, year)
        value = cell[year, scenario] / cell[2024, scenario]
        ceiling = self.sources.assume("index_growth_ceiling", metal, use)
        status, low, high, source = "derived", None, None, IEA
        if ceiling and ceiling.item == metal and year > 2030:
            start = cell[2030, scenario] / cell[2024, scenario]
            bound = [start * power(1 + g, year - 2030) for g in (ceiling.value, ceiling.low, ceiling.high)]
            if value > bound[0]:
                status, high, low, source = "assumed", min(value, bound[2]), bound[1], IEA + "; " + ceiling.source
                value, note = bound[0], ceiling.note
        value = max(places(value, 4), LEAST_INDEX)
        if low is not None:
            low, high = min(low, value), max(high, value)
        self.index[good, use, scenario, year] = value
        t.add([good, use, scenario, year, value], status, source, note, low, high)

    def add_assumed_index(self, t, good, metal, use, scenario, year):
        """(1 + rate) ^ years, the same in all scenarios."""
        rate = self.sources.assume("end_use_growth", metal, use)
        assert rate, ("no growth for", metal, use)
        value, low, high = (max(places(power(1 + g, year - 2024), 4), LEAST_INDEX) for g in (rate.value, rate.low, rate.high))
        self.index[good, use, scenario, year] = value
        t.add([good, use, scenario, year, value], "assumed", rate.source,
              "%s a year in every scenario%s" % (format(rate.value.normalize(), "f"), "; " + rate.note if rate.note else ""), low, high)

    def world_index(self, good, scenario, year):
        """Use-weighted index of a good."""
        return sum(share * self.index[good, use, scenario, year] for use, share in self.shares[good].items())

    def substitution(self):
        """Floor of use intensity in the long run, and the fastest fall in a year."""
        t = Table("substitution", "good", "least_intensity_share", "fastest_per_year")
        fastest = self.sources.assume("fastest_substitution")
        for good in self.sources.refined():
            n = self.sources.assume("least_intensity", self.metal(good))
            assert n and n.item != "*", ("no floor of intensity for", good)
            status, source, note, low, high = n.tail()
            t.add([good, n.value, fastest.value], status, source + "; " + fastest.source, note, low, high)
        return t

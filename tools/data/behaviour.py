"""Stocks, elasticities, freight, growth of consumption."""
from .numbers import text
from .settings import D, GOODS, IEA


class Behaviour:
    """Stocks, elasticities, freight, growth of consumption."""

    def inventories(self):
        t = self.table("inventories", "good", "role", "months")
        us = {"gallium.refined": ("gallium", ()), "cobalt.refined": ("cobalt", ("ndustry",)), "nickel.refined": ("nickel", ("onsumer",))}
        for good, *_ in GOODS:
            for role in ("producer", "refiner_input", "manufacturer", "merchant"):
                if role == "refiner_input" and not good.endswith(".ore") or role == "manufacturer" and good.endswith(".ore"):
                    continue
                a = self.raw.assume("inventory", good, role)
                if a["country"] != role:
                    continue
                if role == "manufacturer" and good in us:
                    metal, words = us[good]
                    months = []
                    for year in (2021, 2022, 2023, 2024):
                        stock, row = self.salient(metal, "stocks", year, *words)
                        months.append(stock / self.used[(good, year)]["USA"] * 12)
                    mean = sum(months) / len(months)
                    t.add([good, role, D(text(mean, 3))], "derived", row["source"],
                          "US year-end stocks / consumption x 12, mean 2021-24; Japan holds 2 months of rare metals, state and private",
                          min(min(months), D("0.6")), max(max(months), D(3)))
                    continue
                t.add([good, role, a["value"]], "assumed", a["source"], a["note"], D(a["low"]), D(a["high"]))

    def elasticities(self):
        t = self.table("elasticities", "good", "parameter", "value")
        for good, *_ in GOODS:
            for parameter in ("demand_short_run", "demand_medium_run", "demand_long_run", "supply_short_run", "supply_long_run"):
                rows = [a for a in self.raw.assumptions["elasticity"] if a["country"] == parameter and a["item"] in (good, "*")]
                a = max(rows, key=lambda r: r["item"] != "*")
                t.add([good, parameter, a["value"]], "assumed", a["source"], a["note"], D(a["low"]), D(a["high"]))

    def freight(self):
        t = self.table("freight", "good", "freight_class", "usd_per_t_at_10000km", "distance_elasticity", "grade")
        for a in self.raw.assumptions["freight"]:
            t.add([a["item"], a["country"], a["value"], "0.25", a["year"]], "assumed", a["source"],
                  "per tonne contained at 10,000 km; distance elasticity 0.25 from the gravity literature; grade = tonne contained per tonne shipped", D(a["low"]), D(a["high"]))

    def growth(self):
        """Growth of consumption 2024-30: IEA totals; where the IEA covers clean energy only, the rest grows at an assumed rate."""
        t = self.table("demand_growth", "metal", "scenario", "annual_growth")
        def demand(metal, use, year, scenario):
            rows = self.raw.pick("demand_by_end_use", metal=metal, end_use=use, year=year, scenario=scenario)
            return sum(float(r["value"]) for r in rows)
        for scenario in ("STEPS", "APS", "NZE"):
            for metal, name in (("cobalt", "cobalt"), ("nickel", "nickel"), ("ndpr", "rare_earths_magnet"), ("dysprosium", "rare_earths_magnet"), ("terbium", "rare_earths_magnet"),
                                ("lithium", "lithium"), ("graphite", "graphite")):
                rate = (demand(name, "Total demand", 2030, scenario) / demand(name, "Total demand", 2024, "actual")) ** (1 / 6) - 1
                note = "total demand 2024-2030" + ("; magnet rare earths (Nd, Pr, Dy, Tb) together" if name != metal else "") + (
                    "; synthetic graphite included" if metal == "graphite" else "")
                rate = D(repr(round(rate, 4)))
                t.add([metal, scenario, rate], "derived", IEA, note, rate * D("0.7"), rate * D("1.3"))
            for metal in ("gallium", "germanium", "lanthanum", "cerium", "yttrium", "antimony", "tungsten", "niobium", "beryllium"):
                a = self.raw.assume("other_use_growth", metal)
                world = float(sum(self.used[(metal + ".refined", 2024)].values()))
                clean = "Total clean energy (cleantech only)"
                now, then = demand(metal, clean, 2024, "actual"), demand(metal, clean, 2030, scenario)
                def rate_at(g):
                    return D(repr(round((((world - now) * (1 + g) ** 6 + then) / world) ** (1 / 6) - 1, 4)))
                t.add([metal, scenario, rate_at(float(a["value"]))], "assumed", (IEA + " (clean energy); " if now else "") + a["source"],
                      ("clean-energy use by scenario, the rest at %s a year" if now else "no clean-energy figure: all at %s a year") % a["value"], rate_at(float(a["low"])), rate_at(float(a["high"])))

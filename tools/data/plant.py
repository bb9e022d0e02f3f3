"""Distances, capacities, hosts of by-products."""
from .numbers import great_circle, text
from .settings import COUNTRIES, D, USGS, YEARS


class Plant:
    """Distances, capacities, hosts of by-products."""

    def distances(self):
        t = self.table("distances", "country_a", "country_b", "km")
        known = {(r["iso3_a"], r["iso3_b"]): r for r in self.raw["distances"]}
        place = {r["iso3"]: (float(r["lat"]), float(r["lon"])) for r in self.raw["countries"]}
        home = (float(self.raw.assume("latitude", "", "ROW")["value"]), float(self.raw.assume("longitude", "", "ROW")["value"]))
        for n, a in enumerate(COUNTRIES):
            for b in COUNTRIES[n + 1:]:
                row = known.get((a, b)) or known.get((b, a))
                if row:
                    t.add([a, b, row["distance_km"]], "derived", row["source"])
                else:
                    km = D(round(great_circle(place[a], home)))
                    t.add([a, b, km], "assumed", "computed great circle to the assumed point of ROW", "", km * D("0.5"), min(km * 2, D(20000)))

    def capacity(self):
        t = self.table("capacity", "process", "country", "year", "tonnes_per_year", "utilisation_share")
        for year in (2022, 2023, 2024):
            for r in self.raw.pick("capacity", metal="gallium", year=year):
                c, value = r["country"], r["tonnes_per_year"]
                if c not in COUNTRIES or value in ("", "0"):
                    continue
                made = self.made[("gallium.refined", year)].get(c, D(0))
                t.add(["gallium_recovery", c, year, value, (made / D(value)).quantize(D("0.001"))], "observed", r["source"],
                      "utilisation = output / capacity")
            for a in self.raw.assumptions["idle_capacity"]:
                if a["year"] == str(year):
                    t.add(["gallium_recovery", a["country"], year, a["value"], "0"], "assumed", a["source"], a["note"] + "; range is of the capacity", D(a["low"]), D(a["high"]))
        for a in self.raw.assumptions["utilisation"]:
            for year in YEARS:
                t.add([a["item"], "*", year, "", a["value"]], "assumed", a["source"], a["note"] + "; capacity = output / utilisation", D(a["low"]), D(a["high"]))

    def hosts(self):
        """Host output and the metal it could yield."""
        t = self.table("hosts", "process", "country", "host", "year", "host_output_t", "potential_t")
        g = self.raw.assume("host_content", "gallium_recovery")
        edition = {2021: "MCS2023", 2022: "MCS2024", 2023: "MCS2025", 2024: "MCS2025"}
        for year in YEARS:
            source_year = max(year, 2021)
            parts, sources = {}, ""
            for r in self.raw.pick("refining_share", metal="alumina", year=source_year, edition=edition[source_year]):
                if r["country"] != "WLD" and r["tonnes"] not in ("", "0"):
                    c = r["country"] if r["country"] in COUNTRIES else "ROW"
                    parts[c], sources = parts.get(c, D(0)) + D(r["tonnes"]), r["source"]
            for c in COUNTRIES:
                if c in parts:
                    low, centre, high = (parts[c] * D(g[k]) / 1000000 for k in ("low", "value", "high"))
                    t.add(["gallium_recovery", c, "alumina", year, parts[c], D(text(centre, 4))], "assumed", sources + "; " + g["source"],
                          ("2021 held; " if year == 2020 else "") + "host output observed, potential assumed", low, high)
        z = self.raw.assume("host_content", "germanium_recovery")
        for year in YEARS:
            for a in self.raw.assumptions["zinc_smelter"]:
                c, zinc = a["country"], D(a["value"])
                made = self.made[("germanium.refined", year)].get(c, D(0))
                centre = max(zinc * D(z["value"]) / 1000000, made * 3)
                t.add(["germanium_recovery", c, "zinc", year, zinc, D(text(centre, 4))], "assumed", a["source"] + "; " + z["source"],
                      "100 g/t zinc, at least 3 x output (imported residues, coal ash and scrap are feed too)", max(zinc * D(z["low"]) / 1000000, made * D("1.5")), max(zinc * D(z["high"]) / 1000000, made * 6))
        k = self.raw.assume("host_content", "cobalt_mine")
        for year in YEARS:
            host = {}
            for metal in ("copper", "nickel"):
                for r in self.raw.pick("mine_production", metal=metal, year=year):
                    if r["country"] != "WLD" and r["tonnes"]:
                        c = r["country"] if r["country"] in COUNTRIES else "ROW"
                        host[c] = host.get(c, D(0)) + D(r["tonnes"])
            for c in COUNTRIES:
                made = self.made[("cobalt.ore", year)].get(c)
                if made:
                    note = "copper plus nickel mined, t metal" if host.get(c) else "no copper or nickel row in the source: host output left 0 (own cobalt mines or in Other countries)"
                    t.add(["cobalt_mine", c, "copper_nickel", year, host.get(c, D(0)), D(text(made / D(k["value"]), 4))], "assumed",
                          USGS + "; " + k["source"], note, made / D(k["high"]), made / D(k["low"]))

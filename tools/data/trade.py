"""US import reliance and sources, import anchors, exports."""
from decimal import ROUND_DOWN

from .settings import D, ELEMENTS, REFINED, RULED, YEARS


class Trade:
    """US import reliance and sources, import anchors, exports."""

    IMPORT_SOURCES = {  # good -> (metal, product of the USGS table)
        "gallium.refined": ("gallium", "Metal"), "germanium.refined": ("germanium", "Combined total"),
        "cobalt.refined": ("cobalt", "Metal, oxide, and salts"), "nickel.refined": ("nickel", "Primary nickel"),
        "lanthanum.refined": ("rare_earths", "Rare Earths: Rare-earth compounds and metals"),
        "cerium.refined": ("rare_earths", "Rare Earths: Rare-earth compounds and metals"),
        "ndpr.refined": ("rare_earths", "Rare Earths: Rare-earth compounds and metals"),
        "dysprosium.refined": ("rare_earths", "Terbium: Terbium compounds and metals"),
        "terbium.refined": ("rare_earths", "Terbium: Terbium compounds and metals"), "yttrium.refined": ("yttrium", "All"),
        "lithium.refined": ("lithium", "All"), "graphite.refined": ("graphite", "All"), "antimony.refined": ("antimony", "Total metal and oxide"),
        "tungsten.refined": ("tungsten", "Ores, concentrates, and other forms"), "niobium.refined": ("niobium", "Total imports"),
        "beryllium.refined": ("beryllium", "All")}
    SHIPS_ORE = {("tungsten.refined", "BOL")}  # origins whose share of an aggregate is concentrate, not the refined good

    def us_sources(self, good):
        """US import sources of a good, 2021-24 window."""
        metal, product = self.IMPORT_SOURCES[good]
        return self.raw.pick("us_import_sources", metal=metal, product=product, edition="MCS2026")

    def us_tables(self):
        t = self.table("us_reliance", "metal", "goods", "year", "net_import_reliance_pct", "bound")
        goods = {"gallium": "gallium.refined", "germanium": "germanium.refined", "cobalt": "cobalt.refined", "nickel": "nickel.refined",
                 "yttrium": "yttrium.refined", **{m: m + ".refined" for m in RULED}}
        products = {"Compounds-Metals": ("rare_earths_compounds", ";".join(ELEMENTS)),
                    "Heavy compounds and metals": ("rare_earths_heavy_compounds", "dysprosium.refined;terbium.refined"),
                    "Concentrate": ("rare_earths_concentrate", "rare_earths_light.ore;rare_earths_heavy.ore")}
        for r in self.raw["us_import_reliance"]:
            metal, which = r["metal"], goods.get(r["metal"])
            if metal == "rare_earths":
                metal, which = products[r["product"]]
            bound = {"greater than": ">", "net exporter": "net exporter"}.get(r["qualifier"], r["qualifier"])
            value = r["net_import_reliance_pct"] or "0"
            note = "published as net exporter, written as 0" if bound == "net exporter" else ""
            t.add([metal, which, r["year"], value, bound], "observed", r["source"], note)
        t = self.table("us_import_sources", "good", "origin", "share_pct")
        for good in REFINED:
            for r in self.us_sources(good):
                t.add([good, r["partner"], r["share_pct"]], "observed", r["source"], self.source_note(good, r))

    def source_note(self, good, r):
        """The note that explains a USGS import-source row."""
        metal, product = self.IMPORT_SOURCES[good]
        note = "%s, %s; OTH = other countries" % (product, r["period"])
        if good in ("lanthanum.refined", "cerium.refined", "ndpr.refined"):
            note += "; aggregate of rare-earth compounds and metals"
        if metal == "tungsten":
            note += "; concentrate inside: what Bolivia sends is ore, left out of the direct share"
        if good == "dysprosium.refined":
            note += "; terbium stands for dysprosium"
        return note

    def anchors(self):
        """Shares of imports by origin. An origin that makes less than it sends is a re-exporter: share_direct gives its share to the largest producer."""
        t = self.table("import_anchors", "good", "destination", "origin", "year", "share_of_imports", "share_direct", "origin_produces")
        for good in REFINED:
            for year in YEARS:
                made = self.made[(good, year)]
                imports = self.used[(good, year)]["USA"] - made.get("USA", D(0))
                shares = {r["partner"]: (D(r["share_pct"]) / 100).normalize() for r in self.us_sources(good)}
                through = {c for c, s in shares.items() if c != "OTH" and (good, c) not in self.SHIPS_ORE and (not made.get(c) or made[c] < s * imports)}
                largest = max(sorted(c for c in made if c != "USA"), key=lambda c: made[c])
                for r in self.us_sources(good):
                    c = r["partner"]
                    share = shares[c]
                    makes = 0 if c in through or (good, c) in self.SHIPS_ORE else 1
                    direct = D(0) if not makes else share + (sum(shares[k] for k in through) if c == largest else D(0))
                    # using a terbium share for dysprosium, or an aggregate for one element, is an assumption
                    own = good not in ("lanthanum.refined", "cerium.refined", "ndpr.refined", "dysprosium.refined")
                    note = "window 2021-24 used for every year; " + self.source_note(good, r)
                    if own:
                        t.add([good, "USA", c, year, share, direct, makes], "observed", r["source"], note)
                    else:
                        t.add([good, "USA", c, year, share, direct, makes], "assumed", r["source"], note, share / 2, min(share * 2, D(1)))
        for a in self.raw.assumptions["anchor"]:
            good, destination = a["item"].split("|")
            for year in YEARS:
                if a["year"] in ("*", str(year)):
                    makes = 1 if self.made[(good, year)].get(a["country"]) else 0
                    t.add([good, destination, a["country"], year, D(a["value"]), D(a["value"]), makes], "assumed", a["source"], a["note"], D(a["low"]), D(a["high"]))
        self.us_concentrate(t)

    def us_concentrate(self, t):
        """US light ore goes to China (offtake): its share of China's imports of light ore."""
        for year in YEARS:
            good = "rare_earths_light.ore"
            mined, taken = self.made[(good, year)], self.separated[("separation_light", year)]
            exports = mined["USA"] - taken.get("USA", D(0))
            imports = taken["CHN"] - mined["CHN"]
            share = (exports / imports).quantize(D("0.001"), ROUND_DOWN)
            t.add([good, "CHN", "USA", year, share, share, 1], "derived", "MP Materials offtake to Shenghe, about 100 % of concentrate (company filings via Bonitas); balance of the tables",
                  "US ore not separated at home / China's net imports of light ore", share * D("0.9"), min(share * D("1.1"), D(1)))

    def exports(self):
        t = self.table("exports", "good", "country", "year", "tonnes")
        for good in ("gallium.refined", "germanium.refined"):
            for year in YEARS:
                value, status, source, note, low, high = self.china_exports(good, year)
                t.add([good, "CHN", year, value], status, source, note, low, high)
        for year in YEARS:
            value, row = self.salient("rare_earths", "exports", year, "ores")
            t.add(["rare_earths_light.ore", "USA", year, value], "observed", row["source"],
                  "ores and compounds, REO; more than mine output less use at home in some years (stocks, 2023 low by timing)")
        for a in self.raw.assumptions["exports"]:
            for year in YEARS:
                if self.made[(a["item"], year)].get(a["country"]):
                    t.add([a["item"], a["country"], year, D(a["value"])], "assumed", a["source"], a["note"], D(a["low"]), D(a["high"]))
        t = self.table("export_destinations", "good", "origin", "destination", "year", "share_of_exports")
        row = [r for r in self.raw["gallium_germanium_series"] if r["date"] == "2025-9M" and r["metal"] == "Ge"][0]
        for c, share in (("RUS", "0.28"), ("BEL", "0.26"), ("DEU", "0.26"), ("JPN", "0.18")):
            t.add(["germanium.refined", "CHN", c, 2025, share], "observed", row["source"], "first nine months of 2025 (metal), after the base years")
        row = [r for r in self.raw["gallium_germanium_series"] if r["date"] == "2024-12" and r["metal"] == "Ga"][0]
        t.add(["gallium.refined", "CHN", "JPN+KOR", 2024, "1"], "observed", row["source"], "December 2024 only: all exports went to Japan and Korea")

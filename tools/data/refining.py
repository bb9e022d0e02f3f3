"""Refined cobalt and nickel by country from the IEA, gallium and germanium from the USGS."""
from decimal import ROUND_HALF_UP

from .numbers import assumed_range, spread
from .settings import COUNTRIES, D, IEA, USGS, YEARS


class Refining:
    """Refined cobalt and nickel by country from the IEA, gallium and germanium from the USGS."""

    def cobalt_and_nickel(self):
        """Refined output: IEA 2024; other years keep its shares (China's cobalt share interpolated, Indonesia's nickel follows its mines)."""
        self.yield_table = self.table("yields", "good_in", "good_out", "year", "yield")
        for metal in ("cobalt", "nickel"):
            ore, good, process = metal + ".ore", metal + ".refined", metal + "_refinery"
            iea = {r["country"]: D(r["tonnes"]) for r in self.raw.pick("refining_share", metal=metal, edition="IEA2025")}
            total = iea.pop("WLD")
            split = {r["country"]: r for r in self.raw.assumptions["refining_split"] if r["item"] == good}
            shares = dict(iea)
            shares.pop("OTH")  # world less the named countries: the published nickel row counts Canada twice
            rest = total - sum(shares.values())
            for c, r in split.items():
                shares[c] = D(r["value"])
            shares["ROW"] = rest - sum(D(r["value"]) for r in split.values())
            assert shares["ROW"] > 0
            share_yield = (total / self.world(ore, 2024)).quantize(D("0.0001"))
            for year in YEARS:
                mined = self.world(ore, year)
                refined = mined * share_yield
                named, rule = {}, "2024 shares held on world mine output x yield"
                if year == 2024:
                    named = {c: v for c, v in shares.items() if c != "CHN"}
                    rule = "IEA 2024; China takes the rounding of the world yield"
                else:
                    key = "CHN" if metal == "cobalt" else "IDN"
                    if metal == "cobalt":
                        start, end = D("0.595"), iea["CHN"] / total  # 2017 and 2024
                        part = refined * (start + (end - start) * (year - 2017) / 7)
                        rule = "China's share interpolated 59.5 % (2017, Global and China Cobalt Industry Report) to 78.4 % (2024, IEA); others hold 2024 shares of the rest"
                    else:
                        part = self.made[(ore, year)]["IDN"] * iea["IDN"] / self.made[(ore, 2024)]["IDN"]
                        rule = "Indonesia refines the 2024 share of its own mine output; others hold 2024 shares of the rest"
                    weights = {c: v for c, v in shares.items() if c != key}
                    whole = sum(weights.values())
                    named = {c: (refined - part) * v / whole for c, v in weights.items()}
                    named[key] = part
                    named.pop("CHN")
                named = {c: v.quantize(D("1"), ROUND_HALF_UP) if year != 2024 else v for c, v in named.items()}
                named["CHN"] = refined - sum(named.values())
                self.refined_from_ore[(good, year)] = dict(named)
                for c in COUNTRIES:
                    if c not in named:
                        continue
                    note = rule
                    if c in split or c == "ROW":
                        base = split.get(c)
                        low, high = assumed_range(named[c], base) if base else (named[c] * D("0.5"), named[c] * D("1.5"))
                        self.put(good, c, process, year, named[c], "assumed", IEA + "; " + (base["source"] if base else "rest"),
                                 (base["note"] if base else "what is left of the IEA rest of world") + "; " + rule, low, high)
                    elif year == 2024 and c != "CHN":
                        self.put(good, c, process, year, named[c], "observed", IEA, "")
                    else:
                        self.put(good, c, process, year, named[c], "derived", IEA, note, named[c] * D("0.8"), named[c] * D("1.2"))
                self.yield_table.add([ore, good, year, share_yield], "derived", IEA + " / " + USGS,
                                     "2024 refined output (IEA) / mine output (USGS), held in other years; stock building of intermediates is inside",
                                     share_yield - D("0.08"), min(share_yield + D("0.08"), D(1)))
                self.recycling(metal, good, year)

    def recycling(self, metal, good, year):
        """US secondary supply, the only recycling for which the sources have figures by country."""
        if metal == "cobalt":
            value, row = self.salient("cobalt", "production", year, "Secondary")
        else:
            value, row = self.salient("nickel", "consumption", year, "secondary")
        self.put(good, "USA", metal + "_recycling", year, value, "observed", row["source"],
                 row["product"] + ("; other countries' recycling is not in the tables"))

    def by_products(self):
        """Gallium (USGS by country) and germanium (USGS to 2021, then one fact on China)."""
        for year in YEARS:
            for r in self.raw.pick("mine_production", metal="gallium", year=year):
                if r["country"] in COUNTRIES and r["tonnes"] not in ("", "0"):
                    self.put("gallium.refined", r["country"], "gallium_recovery", year, D(r["tonnes"]), "observed", r["source"], r["note"])
        rows2021 = {r["country"]: r for r in self.raw.pick("mine_production", metal="germanium", year=2021)}
        fact = [r for r in self.raw.pick("refining_share", metal="germanium", year=2023) if r["country"] == "CHN"][0]
        world = D(rows2021["WLD"]["tonnes"])
        china2021 = D(rows2021["CHN"]["tonnes"])
        china2023 = world * D(fact["share_pct"]) / 100
        split = {r["country"]: r for r in self.raw.assumptions["germanium_split"]}
        other2021 = sum(D(r["value"]) for r in split.values())
        for year in YEARS:
            good, process = "germanium.refined", "germanium_recovery"
            if year <= 2021:
                china, status, source, note = china2021, "observed", rows2021["CHN"]["source"], "estimate"
            else:
                china = china2023 if year >= 2023 else (china2021 + china2023) / 2
                status, source = "derived", fact["source"] + "; " + rows2021["WLD"]["source"]
                note = {2022: "midway between 2021 and 2023", 2023: "59.2 % of the last published world total (140 t)",
                        2024: "2023 held"}[year]
            russia = D(rows2021["RUS"]["tonnes"])
            parts = spread(world - china - russia, {c: D(r["value"]) for c, r in split.items()}, 2)
            self.put(good, "CHN", process, year, china, status, source, note, None if year <= 2021 else china - 12, None if year <= 2021 else china + 12)
            self.put(good, "RUS", process, year, russia, "observed" if year <= 2021 else "derived", rows2021["RUS"]["source"],
                     "" if year <= 2021 else "2021 held", None if year <= 2021 else D(3), None if year <= 2021 else D(8))
            for c in COUNTRIES:
                if c in parts:
                    scale = (world - china - russia) / other2021
                    self.put(good, c, process, year, parts[c], "assumed", split[c]["source"] + "; " + rows2021["WLD"]["source"],
                             split[c]["note"], D(split[c]["low"]) * scale, D(split[c]["high"]) * scale)

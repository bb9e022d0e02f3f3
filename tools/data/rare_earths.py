"""Separation of rare-earth ores, their baskets and the elements that come out."""
from .numbers import assumed_range
from .settings import COUNTRIES, D, ELEMENTS, IEA, SEPARATED, USGS, YEARS


class RareEarths:
    """Separation of rare-earth ores, their baskets and the elements that come out."""

    def separation(self):
        """Separation of the ore by country: USA (USGS), Malaysia (Lynas), a named rest (IEA share); China takes the balance."""
        t = self.table("separation", "ore_good", "country", "process", "year", "tonnes")
        iea = {r["country"]: D(r["tonnes"]) for r in self.raw.pick("refining_share", metal="rare_earths_magnet", edition="IEA2025")}
        other_share = iea["OTH"] / iea["WLD"]
        for process, ore in SEPARATED.items():
            for year in YEARS:
                mined, parts, rows = self.world(ore, year), {}, {}
                if process == "separation_light":
                    value, row = self.salient("rare_earths", "production", year, "ompounds")
                    if value:
                        parts["USA"] = value
                        rows["USA"] = ("observed", row["source"], row["product"], None, None)
                    a = self.raw.assume("separation_of_own_feed", ore, "MYS")
                    parts["MYS"] = (self.made[(ore, year)]["AUS"] * D(a["value"])).quantize(D(1))
                    rows["MYS"] = ("derived", a["source"], a["note"], *assumed_range(parts["MYS"], a))
                    base = mined * other_share
                else:
                    base = mined
                for a in self.raw.assumptions["separation_split"]:
                    if a["item"] == ore:
                        c = a["country"]
                        parts[c] = (base * D(a["value"])).quantize(D(1))
                        rows[c] = ("assumed", a["source"], a["note"], *assumed_range(parts[c], a))
                parts["CHN"] = mined - sum(parts.values())
                rows["CHN"] = ("derived", IEA + "; " + USGS, "balance: ore mined less what others separate (IEA: China 91 % of magnet rare-earth refining in 2024)",
                               parts["CHN"] * D("0.95"), min(parts["CHN"] * D("1.05"), mined))
                self.separated[(process, year)] = parts
                for c in COUNTRIES:
                    if c in parts:
                        status, source, note, low, high = rows[c]
                        t.add([ore, c, process, year, parts[c]], status, source, note, low, high)

    def deposit_shares(self):
        """Element shares (percent of REO) of the deposits that represent the light ores."""
        out = {}
        for r in self.raw.pick("unconfirmed_parameters", file="ree_baskets"):
            out.setdefault(r["metal"], {})[r["parameter"]] = D(r["value"])
        official = {r["element_oxide"]: D(r["percent_of_REO"])
                    for r in self.raw.pick("ree_baskets", deposit_or_ore="Mountain Pass bastnaesite")}
        out["Mountain Pass bastnaesite"] = {"La": official["La"], "Ce": official["Ce"], "Nd": official["Nd+Pr"], "Pr": D(0)}
        return out

    def baskets(self):
        """Shares of the separated goods in one tonne REO; the light basket is weighted by the mines of 2020-24."""
        t = self.table("baskets", "process", "good", "share")
        deposits = self.deposit_shares()
        tonnes = {}
        for year in YEARS:
            for c, v in self.made[("rare_earths_light.ore", year)].items():
                named = [a for a in self.raw.assumptions["deposit_weight"] if a["country"] == c]
                for a in named or [a for a in self.raw.assumptions["deposit_weight"] if a["country"] == "*"]:
                    tonnes[a["item"]] = tonnes.get(a["item"], D(0)) + v * D(a["value"])
        whole = sum(tonnes.values())
        light = {"lanthanum.refined": ("La",), "cerium.refined": ("Ce",), "ndpr.refined": ("Nd", "Pr")}
        share = {}
        for good, elements in light.items():
            each = {d: sum(deposits[d].get(e, D(0)) for e in elements) / 100 for d in tonnes}
            share[good] = (sum(tonnes[d] * each[d] for d in tonnes) / whole).quantize(D("0.0001"))
            t.add(["separation_light", good, share[good]], "assumed",
                  "Mountain Pass (official filing 2021); Bayan Obo, Mount Weld, Lovozero, Indian monazite remembered from USGS Minerals Yearbook",
                  "mean of deposits weighted by light ore mined 2020-24; range over deposits", min(each.values()), max(each.values()))
        other = D(1) - sum(share.values())
        t.add(["separation_light", "other", other], "derived", "1 less the goods above",
              "Sm, Eu, Gd and all heavier, sold as mixed concentrate; the Dy, Tb and Y in it (about 0.1, 0.05 and 0.2 %) are credited to the heavy basket", D(0), D("0.06"))
        self.basket["separation_light"] = share
        heavy = {a["item"]: a for a in self.raw.assumptions["heavy_basket"]}
        for good in ELEMENTS:
            a = heavy[good]
            t.add(["separation_heavy", good, D(a["value"])], "assumed", a["source"], a["note"], D(a["low"]), D(a["high"]))
        self.basket["separation_heavy"] = {g: D(a["value"]) for g, a in heavy.items()}
        t.add(["separation_heavy", "other", D(1) - sum(self.basket["separation_heavy"].values())], "derived", "1 less the goods above",
              "Sm, Eu, Gd, Ho, Er, Tm, Yb, Lu", D(0), D("0.25"))

    def elements(self):
        """Element output by country: ore separated x basket, exact."""
        for (process, year), parts in self.separated.items():
            for good, share in self.basket[process].items():
                cell = self.made.setdefault((good, year), {})
                for c, v in parts.items():
                    cell[c] = cell.get(c, D(0)) + v * share

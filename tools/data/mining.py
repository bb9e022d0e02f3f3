"""Mine output by country from the USGS."""
from .settings import COUNTRIES, D, GOODS, RULED, USGS, YEARS


class Mining:
    """Mine output by country from the USGS."""

    def mining(self):
        """Mine output by listed country; countries not listed and Other countries go to ROW; rare earths are split into light and heavy."""
        self.production = []
        for metal, good, process in (("cobalt", "cobalt.ore", "cobalt_mine"), ("nickel", "nickel.ore", "nickel_mine"),
                                     ("rare_earths", None, None), *((m, m + ".ore", m + "_mine") for m in RULED)):
            for year in YEARS:
                if not self.raw.pick("mine_production", metal=metal, year=year):
                    self.mining_held(metal, good, process, year)
                    continue
                rows = self.raw.pick("mine_production", metal=metal, year=year)
                here = {r["country"]: r for r in rows if r["country"] not in ("WLD", "OTH") and r["tonnes"] not in ("", "0")}
                amount = {c: D(r["tonnes"]) for c, r in here.items()}
                rest = sum((D(r["tonnes"]) for r in rows if r["country"] == "OTH" and r["tonnes"]), D(0))
                folded = sorted(c for c in amount if c not in COUNTRIES)
                rest += sum((amount.pop(c) for c in folded), D(0))
                carried = self.carry(metal, good, year, amount)
                self.us_mining(metal, good, year, amount, here)
                rest -= sum(carried.values())
                assert rest >= 0, (metal, year, rest)
                if metal == "rare_earths":
                    self.light_and_heavy(year, amount, rest, here, folded)
                    continue
                for c in COUNTRIES:
                    if c in amount:
                        r = here[c]
                        self.put(good, c, process, year, amount[c], "observed", r["source"], r["note"])
                    elif c in carried:
                        a = self.raw.assume("carry_mine", good, c)
                        low, high = (carried[c] * D(a[k]) for k in ("low", "high"))
                        self.put(good, c, process, year, carried[c], "assumed", USGS, a["note"].split(";")[0], low, high)
                if rest:
                    self.put(good, "ROW", process, year, rest, "derived", rows[0]["source"], self.folded_note(folded))

    def folded_note(self, folded):
        """Note of a ROW row: what it includes."""
        return "Other countries" + (" and " + ", ".join(folded) if folded else "")

    def mining_held(self, metal, good, process, year):
        """A year for which no edition is at hand: the next year's output times an assumed factor."""
        following = {r["country"]: r for r in self.raw.pick("mine_production", metal=metal, year=year + 1)}
        rest = D(0)
        for c in list(following):
            tonnes = following[c]["tonnes"]
            if c == "WLD" or tonnes in ("", "0"):
                continue
            if c not in COUNTRIES:
                rest += D(tonnes)
                continue
            if metal == "beryllium" and c == "USA":
                value, row = self.salient(metal, "production", year)
                self.put(good, c, process, year, value, "observed", row["source"], "mine shipments")
                continue
            a = self.raw.assume("mine_held", good, c, year)
            value = (D(tonnes) * D(a["value"])).quantize(D(1))
            if value:
                self.put(good, c, process, year, value, "assumed", a["source"] + "; " + following[c]["source"], a["note"],
                         D(tonnes) * D(a["low"]), D(tonnes) * D(a["high"]))
        if rest:
            self.put(good, "ROW", process, year, rest, "assumed", USGS, "%d held: other countries" % (year + 1), rest / 2, rest * 2)

    def us_mining(self, metal, good, year, amount, here):
        """US lithium is withheld (assumed); US beryllium is the newest edition of mine shipments, on which the published reliance rests."""
        if metal == "beryllium":
            amount["USA"], here["USA"] = self.salient(metal, "production", year)
            here["USA"]["note"] = "mine shipments, newest edition"
        a = self.raw.assume("mine_withheld", good, "USA", year)
        if a:
            self.put(good, "USA", metal + "_mine", year, D(a["value"]), "assumed", a["source"], a["note"], D(a["low"]), D(a["high"]))

    def carry(self, metal, good, year, amount):
        """Output of countries that the source names in a neighbouring year only (nearest year, earlier first)."""
        out = {}
        for row in self.raw.assumptions["carry_mine"]:
            c = row["country"]
            if c in amount or row["item"] != good:
                continue
            for other in sorted(YEARS, key=lambda y: (abs(y - year), y)):
                found = [r for r in self.raw.pick("mine_production", metal=metal, year=other, country=c) if r["tonnes"]]
                if found:
                    out[c] = D(found[0]["tonnes"])
                    break
        return out

    def light_and_heavy(self, year, amount, rest, here, folded):
        """Myanmar and the Chinese clay quota are heavy ore, all other output is light."""
        light, heavy = "rare_earths_light.ore", "rare_earths_heavy.ore"
        for c in COUNTRIES:
            if c not in amount:
                continue
            r, total = here[c], amount[c]
            if c == "MMR":
                self.put(heavy, c, "rare_earth_mine_heavy", year, total, "observed", r["source"], "ionic clay; " + r["note"])
            elif c == "CHN":
                a = self.raw.assume("heavy_ore", heavy, c, year)
                clay = D(a["value"])
                self.put(heavy, c, "rare_earth_mine_heavy", year, clay, "assumed", a["source"], a["note"], D(a["low"]), D(a["high"]))
                self.put(light, c, "rare_earth_mine_light", year, total - clay, "derived", r["source"],
                         "quota less the clay quota; undocumented output excluded")
            else:
                self.put(light, c, "rare_earth_mine_light", year, total, "observed", r["source"], r["note"])
        if rest:
            self.put(light, "ROW", "rare_earth_mine_light", year, rest, "derived", USGS, self.folded_note(folded))

    def put(self, good, country, process, year, tonnes, status, source, note="", low=None, high=None):
        """One row of output, which also enters the balances."""
        self.production.append((good, country, process, year, tonnes, status, source, note, low, high))
        cell = self.made.setdefault((good, year), {})
        cell[country] = cell.get(country, D(0)) + tonnes

    def world(self, good, year):
        """World output of a good in a year."""
        return sum(self.made[(good, year)].values(), D(0))

    def salient(self, metal, statistic, year, *words):
        """US figure from the newest edition that has a value for a product whose name contains every word."""
        found = [r for r in self.raw.pick("us_salient", metal=metal, statistic=statistic, year=year)
                 if r["value"] not in ("", "?s") and all(w.lower() in r["product"].lower() for w in words)]
        row = max(found, key=lambda r: r["edition"])
        return D(row["value"]), row

    def write_production(self):
        t = self.table("production", "good", "country", "process", "year", "tonnes")
        order = {g[0]: n for n, g in enumerate(GOODS)}
        place = {c: n for n, c in enumerate(COUNTRIES)}
        for row in sorted(self.production, key=lambda r: (order[r[0]], r[2], r[3], place[r[1]])):
            good, c, process, year, tonnes, status, source, note, low, high = row
            t.add([good, c, process, year, tonnes], status, source, note, low, high)

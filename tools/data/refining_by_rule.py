"""Refining and recycling of metals without a source by country: one rule, its shares in assumptions.csv.

1. refined = mined x yield, in the world and year;
2. countries that refine their own ore: ore x yield x share;
3. published output (US antimony smelters; Australian lithium in 2024 by its IEA share) and assumed shares of the world;
4. one country takes the balance.
"""
from .numbers import assumed_range
from .settings import COUNTRIES, D, IEA, RULED, YEARS


class RefiningByRule:
    """Refined lithium, graphite, antimony, tungsten, niobium and beryllium."""

    def refined_by_rule(self):
        """Refinery output and yields, then recycling."""
        for metal in RULED:
            for year in YEARS:
                self.refine(metal, year)
                self.recycle(metal, year)

    def rows_of(self, topic, item, year):
        """Assumptions of a topic and item for a year: country -> row; a row of the year takes precedence over a star."""
        rows = [a for a in self.raw.assumptions.get(topic, []) if a["item"] == item and a["year"] in ("*", str(year))]
        return {a["country"]: a for a in sorted(rows, key=lambda a: a["year"] != "*")}

    def refine(self, metal, year):
        """One metal in one year."""
        ore, good = metal + ".ore", metal + ".refined"
        y = self.raw.assume("refinery_yield", ore)
        share_yield = D(y["value"])
        refined = self.world(ore, year) * share_yield
        parts, rows = {}, {}

        def add(country, tonnes, status, source, note, low, high):
            """A country's part of the world total; parts with different reasons add up."""
            tonnes = tonnes.quantize(D("0.0001"))  # exact for own ore, so that what never travels balances at home
            if tonnes <= 0:
                return
            if country in parts:
                before = rows[country]
                status, source, note = "assumed", before[1] + "; " + source, before[2] + "; " + note
                low, high = (before[3] or parts[country]) + (low or tonnes), (before[4] or parts[country]) + (high or tonnes)
            parts[country] = parts.get(country, D(0)) + tonnes
            rows[country] = (status, source, note, low, high)

        for c, a in self.rows_of("refines_own_ore", good, year).items():
            mined = self.made[(ore, year)].get(c, D(0)) * share_yield
            add(c, mined * D(a["value"]), "assumed", a["source"], a["note"], mined * D(a["low"]), mined * D(a["high"]))
        if metal == "antimony":
            value, row = self.salient(metal, "production", year, "melter", "rimary")
            add("USA", value, "observed", row["source"], "primary smelters", None, None)
        if metal == "lithium" and year == 2024:
            row = [r for r in self.raw.pick("refining_share", metal=metal, country="AUS", year=year)][0]
            value = refined * D(row["share_pct"]) / 100
            add("AUS", value, "derived", IEA, "IEA share of 2024", value * D("0.7"), value * D("1.3"))
        for c, a in self.rows_of("refines_share", good, year).items():
            value = refined * D(a["value"])
            add(c, value, "assumed", a["source"], a["note"], *(refined * D(a[k]) for k in ("low", "high")))
        balance = self.raw.assumptions["refines_balance"]
        a = [r for r in balance if r["item"] == good][0]
        left = refined - sum(parts.values())
        assert left > 0, (good, year, left)
        c = a["country"]
        rows[c] = ("assumed", a["source"], a["note"], left * D(a["low"]), min(left * D(a["high"]), refined))
        if c in parts:
            rows[c] = (*rows[c][:2], "own ore and balance; " + a["note"], *rows[c][3:])
            left += parts[c]
        parts[c] = left
        self.refined_from_ore[(good, year)] = dict(parts)
        for c in COUNTRIES:
            if c in parts:
                self.put(good, c, metal + "_refinery", year, parts[c], *rows[c])
        self.yield_table.add([ore, good, year, share_yield], "assumed", y["source"], y["note"], D(y["low"]), D(y["high"]))

    def recycle(self, metal, year):
        """Secondary output of tungsten and antimony: the USA, then a share of world supply split by assumption."""
        good, process = metal + ".refined", metal + "_recycling"
        share = self.raw.assume("recycled_share", good)
        if not share:
            return
        primary = sum(self.made[(good, year)].values())
        whole = primary * D(share["value"]) / (1 - D(share["value"]))
        if metal == "antimony":
            home, row = self.salient(metal, "production", year, "melter", "econdary")
            self.put(good, "USA", process, year, home, "observed", row["source"], "secondary smelters")
        else:
            a = self.raw.assume("us_secondary", good, "USA", year)
            home = D(a["value"])
            self.put(good, "USA", process, year, home, "assumed", a["source"], a["note"], D(a["low"]), D(a["high"]))
        for c, a in self.rows_of("recycling_split", good, year).items():
            value = ((whole - home) * D(a["value"])).quantize(D(1))
            self.put(good, c, process, year, value, "assumed", share["source"] + "; " + a["source"],
                     share["note"] + "; " + a["note"], *assumed_range(value, a))

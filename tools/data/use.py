"""Consumption of refined goods by country."""
from .numbers import assumed_range, settle_rounding, spread
from .settings import COUNTRIES, D, PLACES, REFINED, RULED, YEARS


class Use:
    """Consumption of refined goods by country."""

    def us_use(self, good, year):
        """US consumption from USGS, with status, source and note."""
        metal = good.split(".")[0]
        if metal in ("cobalt", "nickel", "gallium"):
            words = {"cobalt": ("pparent",), "nickel": ("pparent", "total"), "gallium": ()}[metal]
            value, row = self.salient(metal, "consumption", year, *words)
            return value, "observed", row["source"], (row["product"] or "reported consumption"), None, None
        if metal in RULED:
            return self.us_use_of_ruled(metal, good, year)
        if metal == "germanium":
            a = self.raw.assume("us_use", good, "USA", year)
            if a:
                return D(a["value"]), "assumed", a["source"], a["note"], D(a["low"]), D(a["high"])
            value, row = self.salient(metal, "consumption", year)
            return value, "observed", row["source"], "estimated consumption", None, None
        value, row = self.salient("yttrium", "consumption", year)
        if metal == "yttrium":
            return value, "observed", row["source"], "apparent consumption", None, None
        total, row = self.salient("rare_earths", "consumption", year, "ompounds")
        # the six goods carry the same share of US consumption as of the light basket, so that reliance over them is the published one
        total *= sum(self.basket["separation_light"].values())
        a = self.raw.assume("us_rare_earth_split", good, "USA")
        every = sum(D(r["value"]) for r in self.raw.assumptions["us_rare_earth_split"])
        amount = ((total - value) * D(a["value"]) / every).quantize(D("0.0001"))
        return (amount, "assumed", row["source"] + "; " + a["source"],
                "apparent consumption of compounds and metals without its share of other rare earths and yttrium, " + a["note"],
                *assumed_range(amount, a))

    def us_use_of_ruled(self, metal, good, year):
        """US use of antimony, graphite, niobium and beryllium is apparent consumption; of lithium and tungsten, where it is
        withheld, output at home plus net imports (and tungsten from the stockpile)."""
        if metal in ("antimony", "graphite", "niobium", "beryllium"):
            value, row = self.salient(metal, "consumption", year, *(("pparent",) if metal in ("niobium", "beryllium") else ()))
            return value, "observed", row["source"], row["product"] or "apparent consumption", None, None
        forms = ("oncentrate", "ther") if metal == "tungsten" else ("",)
        net, source = D(0), ""
        for form in forms:
            bought, row = self.salient(metal, "imports", year, form)
            sold, _ = self.salient(metal, "exports", year, form)
            net, source = net + bought - sold, row["source"]
        if metal == "lithium":
            made = self.made[(good, year)]["USA"]
            a = self.raw.assume("mine_withheld", "lithium.ore", "USA", year)
            return (net + made, "assumed", source, "net imports of all forms + output at home (assumed); consumption is withheld or rounded to 1,000 t",
                    net + made * D(a["low"]) / D(a["value"]), net + made * D(a["high"]) / D(a["value"]))
        a = self.raw.assume("us_secondary", good, "USA", year)
        for form in forms:
            if any(r["value"] and form in r["product"] for r in self.raw.pick("us_salient", metal=metal, statistic="government_shipments", year=year)):
                net += self.salient(metal, "government_shipments", year, form)[0]
        return (net + D(a["value"]), "assumed", source, "net imports of all forms + stockpile shipments + secondary output (assumed); consumption is withheld",
                net + D(a["low"]), net + D(a["high"]))

    def china_exports(self, good, year):
        """China's exports of gallium or germanium: total t, status, source, note, range."""
        metal = {"gallium.refined": "Ga", "germanium.refined": "Ge"}[good]
        annual = [r for r in self.raw["gallium_germanium_series"] if r["metal"] == metal and r["market"] == "China"
                  and r["kind"] == "export" and r["date"] == str(year) and r["freq"] == "A"]
        if annual:
            values = [D(r["value"]) / 1000 for r in annual]
            mean = sum(values) / len(values)
            conflict = "two published figures, mean taken" if len(values) > 1 else ""
            return mean, "observed", "; ".join(r["source"] for r in annual), conflict, min(values), max(values)
        if year == 2022:
            row = self.raw["measures"][0]
            value = D(94) if metal == "Ga" else D(44)
            return value, "observed", row["source"] + " " + row["url"], "wrought and unwrought", None, None
        if metal == "Ge" and year == 2023:
            row = self.raw.pick("gallium_germanium_series", metal="Ge", date=2024, kind="export")[0]
            value = (D(row["value"]) / 1000 / D("0.7")).quantize(D("0.01"))
            return value, "derived", row["source"], "2024 was 30 % below 2023", value * D("0.93"), value * D("1.07")
        a = self.raw.assume("china_exports", good, "CHN", year)
        return D(a["value"]), "assumed", a["source"], a["note"], D(a["low"]), D(a["high"])

    def use(self):
        """Consumption by country: the USA from USGS, China and Japan from facts or assumed shares, the rest by manufacturing weight."""
        t = self.table("use", "good", "country", "year", "tonnes")
        for good in REFINED:
            for year in YEARS:
                total = self.world(good, year)
                fixed, rows = {}, {}
                amount, *about = self.us_use(good, year)
                fixed["USA"], rows["USA"] = amount, about
                if good in ("gallium.refined", "germanium.refined"):
                    out, status, source, note, low, high = self.china_exports(good, year)
                    made = self.made[(good, year)]["CHN"]
                    fixed["CHN"] = made - out
                    rows["CHN"] = ["derived", source, "output less exports; stock building is inside",
                                   made - (high or out * D("1.1")), made - (low or out * D("0.9"))]
                else:
                    primary = total - (self.made[(good, year)].get("USA", D(0)) if good == "nickel.refined" else 0)
                    for c in ("CHN", "JPN", "KOR"):
                        a = self.raw.assume("use_share", good, c, year)
                        if good == "beryllium.refined":  # the USA uses most of it: shares of the rest
                            primary, a = total - amount, self.raw.assume("use_share_outside_usa", good, c, year)
                        if a and a["country"] == c:
                            fixed[c] = (primary * D(a["value"])).quantize(D(1).scaleb(-PLACES[good]))
                            status = "derived" if "interpolated" in a["source"] else "assumed"
                            rows[c] = [status, a["source"], a["note"], *assumed_range(fixed[c], a)]
                parts = self.rest_of_use(good, year, total - sum(fixed.values()), set(fixed))
                fixed = settle_rounding({**fixed, **parts}, total)
                assert sum(fixed.values()) == total and min(fixed.values()) >= 0, (good, year)
                self.used[(good, year)] = fixed
                for c in COUNTRIES:
                    if c in fixed and c in rows:
                        t.add([good, c, year, fixed[c]], *rows[c][:3], *rows[c][3:])
                    elif c in fixed:
                        t.add([good, c, year, fixed[c]], "assumed", "World Bank GDP; project assumption",
                              "rest of use split by GDP x manufacturing weight x use factor", fixed[c] * D("0.5"), fixed[c] * D("1.8"))

    def rest_of_use(self, good, year, rest, fixed):
        """The rest by GDP x manufacturing weight x factor; shares of the world below 0.1 % are folded into ROW."""
        assert rest > 0, (good, year, rest)
        weights = {}
        for c in COUNTRIES:
            if c not in fixed:
                w = self.gdp(c, year) * D(self.raw.assume("manufacturing_weight", "", c)["value"])
                weights[c] = w * D(self.raw.assume("use_factor", good, c)["value"])
        whole = sum(weights.values())
        floor = self.world(good, year) / 1000
        for c in sorted(weights):
            if c != "ROW" and rest * weights[c] / whole < floor:
                weights["ROW"] += weights.pop(c)
        return spread(rest, weights, PLACES[good])

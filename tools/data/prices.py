"""World prices, inside and outside prices, ore prices."""
from .numbers import text
from .settings import D, RULED, USGS, YEARS


class Prices:
    """World prices, inside and outside prices, ore prices."""

    def price_rows(self, metal, product, year):
        """Price row of a product and year."""
        return self.raw.pick("prices", metal=metal, product=product, year=year)

    def prices(self):
        t = self.table("prices", "good", "market", "year", "usd_per_t")
        series = {
            "gallium.refined": ("gallium", "low-purity primary, imports"), "germanium.refined": ("germanium", "germanium metal 99.999%, Europe"),
            "cobalt.refined": ("cobalt", "LME cash"), "nickel.refined": ("nickel", "LME cash (World Bank Pink Sheet)"),
            "lanthanum.refined": ("rare_earths", "lanthanum oxide 99.5%"), "cerium.refined": ("rare_earths", "cerium oxide 99.5%"),
            "ndpr.refined": ("rare_earths", "neodymium-praseodymium oxide 99%"), "dysprosium.refined": ("rare_earths", "dysprosium oxide 99.5%"),
            "terbium.refined": ("rare_earths", "terbium oxide 99.99%"), "yttrium.refined": ("yttrium", "yttrium oxide 99.999%, FOB China")}
        for good, (metal, product) in series.items():
            for year in YEARS:
                rows = self.price_rows(metal, product, year)
                if rows:
                    value = D(rows[0]["usd_per_tonne_of_product_basis"])
                    note = "FOB China: includes VAT that is not rebated" if metal in ("rare_earths", "yttrium") else ""
                    self.price[(good, year)] = value
                    market = "outside" if (good, year) == ("germanium.refined", 2024) else "world"
                    t.add([good, market, year, value], "observed", rows[0]["source"], (product + "; " + note).strip("; "))
                elif good == "ndpr.refined":
                    nd = D(self.price_rows("rare_earths", "neodymium oxide 99.5%", year)[0]["usd_per_tonne_of_product_basis"])
                    ratio = [D(self.price_rows(metal, product, y)[0]["usd_per_tonne_of_product_basis"])
                             / D(self.price_rows("rare_earths", "neodymium oxide 99.5%", y)[0]["usd_per_tonne_of_product_basis"]) for y in YEARS[1:]]
                    value = D(text(nd * sum(ratio) / len(ratio), 3))
                    self.price[(good, year)] = value
                    t.add([good, "world", year, value], "derived", USGS, "neodymium oxide x mean NdPr/Nd ratio of 2021-24",
                          value * D("0.96"), value * D("1.04"))
            if good in ("gallium.refined", "germanium.refined"):
                self.two_tier(t, good)
        self.ruled_prices(t)
        for good in ("cobalt.ore", "nickel.ore", "rare_earths_light.ore", "rare_earths_heavy.ore", *(m + ".ore" for m in RULED if m != "tungsten")):
            a = self.raw.assume("payable", good)
            for year in YEARS:
                if good.startswith("rare"):
                    basket = self.basket["separation_light" if "light" in good else "separation_heavy"]
                    base = sum(s * self.price[(g, year)] for g, s in basket.items())
                else:
                    base = self.price[(good.replace(".ore", ".refined"), year)]
                value = D(text(base * D(a["value"]), 4))
                t.add([good, "world", year, value], "assumed", a["source"], a["note"] or "payable share x refined price",
                      base * D(a["low"]), base * D(a["high"]))

    # good -> (metal, product of the price table, tonnes of the table's unit per tonne of the good, how)
    CONVERTED = {
        "lithium.refined": ("lithium", "battery-grade lithium carbonate", D("5.323"), "USD/t carbonate x 5.323 t per t Li"),
        "graphite.refined": ("graphite", "flake, import unit value", D(1), "US import value of flake, which is mostly processed"),
        "antimony.refined": ("antimony", "antimony metal", D(1), "USD/lb x 2204.62"),
        "tungsten.ore": ("tungsten", "concentrate, per mtu WO3", D(1) / D("0.793"), "USD per 10 kg WO3 / 7.93 kg W x 1000"),
        "niobium.refined": ("niobium", "ferroniobium, unit value", D(1) / D("0.65"), "USD/kg of ferroniobium, gross weight / 0.65 Nb x 1000"),
        "beryllium.refined": ("beryllium", "Be-Cu master alloy, per kg contained Be", D(1), "USD/kg Be in beryllium-copper master alloy x 1000")}

    def ruled_prices(self, t):
        """Published prices in the unit of the good; lithium in 2024 from its real-terms series; refined tungsten from concentrate."""
        for good, (metal, product, factor, how) in self.CONVERTED.items():
            for year in YEARS:
                rows = self.price_rows(metal, product, year)
                if rows:
                    value = D(text(D(rows[0]["usd_per_tonne_of_product_basis"]) * factor, 6))
                    observed = factor == 1
                    low, high = (None, None) if observed else (value * D("0.95"), value * D("1.05"))
                    t.add([good, "world", year, value], "observed" if observed else "derived", rows[0]["source"], product + "; " + how, low, high)
                else:
                    value = self.lithium_carried(t, good, product, factor, year)
                self.price[(good, year)] = value
        a = self.raw.assume("payable", "tungsten.ore")
        for year in YEARS:
            value = D(text(self.price[("tungsten.ore", year)] / D(a["value"]), 4))
            self.price[("tungsten.refined", year)] = value
            t.add(["tungsten.refined", "world", year, value], "assumed", a["source"], "concentrate price / payable share: paratungstate, per t W",
                  self.price[("tungsten.ore", year)] / D(a["high"]), self.price[("tungsten.ore", year)] / D(a["low"]))

    def lithium_carried(self, t, good, product, factor, year):
        """A year that only the real-terms series covers: that series x the mean ratio of the two series in their common years."""
        real = product + " (USGS 2026 real-terms series)"
        price = lambda p, y: D(self.price_rows("lithium", p, y)[0]["usd_per_tonne_of_product_basis"])
        ratios = [price(product, y) / price(real, y) for y in (2021, 2022, 2023)]
        value = D(text(price(real, year) * sum(ratios) / len(ratios) * factor, 4))
        t.add([good, "world", year, value], "derived", self.price_rows("lithium", real, year)[0]["source"],
              "real-terms series x mean ratio of 2021-23, x 5.323 t carbonate per t Li", price(real, year) * factor, price(real, year) * max(ratios) * factor)
        return value

    def two_tier(self, t, good):
        """2023 and 2024: inside (China, without 13 % VAT) and outside prices; world = use-weighted mean in 2024."""
        metal = {"gallium.refined": "Ga", "germanium.refined": "Ge"}[good]
        if metal == "Ga":
            t.add([good, "CHN", 2023, D("228000")], "derived", "gallium and germanium series: Reuters, Fastmarkets quotes Jul and Oct 2023",
                  "mean of USD 245/kg (3 Jul) and 269.95/kg (18 Oct), each less 13 % VAT", D(210000), D(250000))
            t.add([good, "outside", 2023, D("334000")], "derived", "gallium and germanium series: Rotterdam quotes",
                  "7/12 x 257.5 + 5/12 x 442 USD/kg (mean of Sep-Oct quotes); the import value of 290 is the world row", D(290000), D(400000))
        else:
            t.add([good, "CHN", 2023, D("1119000")], "derived", "gallium and germanium series: 3 Jul 2023 quote CNY 9,150/kg (USD 1,264)",
                  "less 13 % VAT; one quote for the year", D(1050000), D(1300000))
            t.add([good, "outside", 2023, self.price[(good, 2023)]], "observed", self.price_rows("germanium", "germanium metal 99.999%, Europe", 2023)[0]["source"], "Europe")
        inside = self.raw.assume("price_inside", good, "CHN", 2024)
        t.add([good, "CHN", 2024, D(inside["value"])], "assumed", inside["source"], inside["note"], D(inside["low"]), D(inside["high"]))
        if metal == "Ga":
            out = self.raw.assume("price_outside", good, "outside", 2024)
            outside, low, high = D(out["value"]), D(out["low"]), D(out["high"])
            t.add([good, "outside", 2024, outside], "assumed", out["source"], out["note"], low, high)
        else:
            outside = low = high = self.price[(good, 2024)]
        used = self.used[(good, 2024)]
        share = used["CHN"] / sum(used.values())
        mean = D(text(share * D(inside["value"]) + (1 - share) * outside, 4))
        self.price[(good, 2024)] = mean
        t.add([good, "world", 2024, mean], "assumed", "use-weighted mean of CHN and outside", "weights from use.csv",
              share * D(inside["low"]) + (1 - share) * low, share * D(inside["high"]) + (1 - share) * high)

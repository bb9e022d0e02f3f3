"""World prices, inside and outside prices, ore prices."""
from .numbers import text
from .settings import D, USGS, YEARS


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
        for good in ("cobalt.ore", "nickel.ore", "rare_earths_light.ore", "rare_earths_heavy.ore"):
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

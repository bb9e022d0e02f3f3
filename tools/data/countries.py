"""Countries with their memberships and GDP, and the list of goods."""
from .settings import COUNTRIES, D, GOODS, USGS
from .numbers import text


class Countries:
    """Countries with their memberships and GDP, and the list of goods."""

    def gdp(self, country, year):
        """GDP in billion USD; 2024 is held at 2023; ROW is the world less the listed countries."""
        key = country, min(year, 2023)
        if key not in self.known_gdp:
            self.known_gdp[key] = self.find_gdp(*key)
        return self.known_gdp[key]

    def find_gdp(self, country, year):
        """GDP of a year that the sources cover."""
        if country == "ROW":
            rest = D(self.raw.pick("macro", country="WLD", year=year)[0]["gdp_current_usd_bn"])
            return rest - sum(self.gdp(c, year) for c in COUNTRIES if c != "ROW")
        row = self.raw.pick("macro", country=country, year=year)
        if row and row[0]["gdp_current_usd_bn"]:
            return D(row[0]["gdp_current_usd_bn"])
        guess = self.raw.assume("gdp_usd_bn", "", country, year)
        return D(guess["value"]) if guess and guess["country"] == country else D(0)

    def countries(self):
        t = self.table("countries", "country", "name", "latitude", "longitude", "eu27", "g7", "msp_member", "feoc", "ipef_member",
                       "us_fta", "nato", "governance_index", "gdp_usd_bn_2023")
        for c in COUNTRIES:
            gdp = text(self.gdp(c, 2023), 5)
            if c == "ROW":
                lat, lon = self.raw.assume("latitude", "", c), self.raw.assume("longitude", "", c)
                t.add([c, "Rest of the world", lat["value"], lon["value"], 0, 0, 0, 0, 0, 0, 0, "0.5", gdp], "assumed",
                      lat["source"], "range is of the latitude; " + lat["note"], D(lat["low"]), D(lat["high"]))
                continue
            r = self.raw.pick("countries", iso3=c)[0]
            note = "MSP lists the EU as a member besides its states" if r["eu27"] == "1" else ""
            governance = r["wgi_mean6_2022_norm01"]
            if not governance:
                governance = self.raw.pick("countries", iso3="FRA")[0]["wgi_mean6_2022_norm01"]
                note = "governance of France taken"
            status, low, high = "observed", None, None
            guess = self.raw.assume("gdp_usd_bn", "", c, 2023)
            if guess and guess["country"] == c:
                status, low, high = "assumed", D(guess["low"]), D(guess["high"])
                note = (note + "; " if note else "") + "GDP remembered (not in the World Bank series); range is of GDP"
            t.add([c, r["name"], r["lat"], r["lon"], r["eu27"], r["g7"], r["msp_member"], r["feoc_covered_nation"], r["ipef_member"],
                   r["us_fta_in_force"], r["nato"], governance, gdp], status,
                  "Natural Earth (coordinates, names); World Bank WGI 2022 and WDI (CC BY 4.0); membership pages", note, low, high)

    def goods(self):
        t = self.table("goods", "good", "metal", "stage", "description", "basis", "reference_unit")
        for good, metal, stage, description, basis, _ in GOODS:
            t.add([good, metal, stage, description, basis, "t"], "derived", "project definition on the bases of " + USGS)

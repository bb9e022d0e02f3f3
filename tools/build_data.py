#!/usr/bin/env python3
"""Build the baseline tables of Ytterby from the raw source rows.

  tools/build_data.py [--out configs/data] [--raw configs/data/raw] [--report]
  tools/build_data.py --refresh-raw DIR     re-filter the raw rows from the collection of source tables in DIR (--shared is the same)

The rules by which cells are filled are described in docs/data.md. Every number that no source gives is in raw/assumptions.csv
with its range. Sums are exact: quantities are decimal numbers and the largest row of a sum takes the rounding.
"""
import argparse
import csv
import math
import os
import re
import sys
from decimal import Decimal as D, ROUND_DOWN, ROUND_HALF_UP

YEARS = [2020, 2021, 2022, 2023, 2024]
TAIL = ["status", "low", "high", "source", "note"]
COUNTRIES = ("USA CHN JPN KOR TWN IND IDN MYS VNM THA PHL MMR KAZ RUS UKR TUR AUS PNG NCL MDG COD MAR NGA ZAF CUB CAN MEX BRA "
             "DEU FRA GBR ITA ESP BEL NLD AUT POL FIN SWE NOR EST ROW").split()
METALS = {"gallium", "germanium", "cobalt", "nickel", "rare_earths", "rare_earths_magnet", "yttrium"}
USGS = "USGS Mineral Commodity Summaries"
IEA = "IEA Critical Minerals Data Explorer / Global Critical Minerals Outlook 2025 (CC BY 4.0)"

GOODS = [  # good, metal, stage, description, basis, decimals of a tonne kept
    ("gallium.refined", "gallium", "refined", "primary low-purity gallium (99.99 %), recovered from alumina refining", "Ga content", 3),
    ("germanium.refined", "germanium", "refined", "germanium metal and dioxide, primary and secondary refinery output", "Ge content", 3),
    ("cobalt.ore", "cobalt", "ore", "cobalt in ore, concentrate, hydroxide and other intermediates", "Co content", 0),
    ("cobalt.refined", "cobalt", "refined", "cobalt metal, oxide and salts", "Co content", 4),
    ("nickel.ore", "nickel", "ore", "nickel in ore, concentrate, matte and mixed hydroxide", "Ni content", 0),
    ("nickel.refined", "nickel", "refined", "primary nickel (class 1, ferronickel, nickel pig iron, salts); in the USA also purchased scrap", "Ni content", 4),
    ("rare_earths_light.ore", "rare_earths_light", "ore", "bastnaesite, monazite and other light rare-earth concentrate", "REO", 0),
    ("rare_earths_heavy.ore", "rare_earths_heavy", "ore", "ionic-clay and other heavy rare-earth concentrate", "REO", 0),
    ("lanthanum.refined", "lanthanum", "refined", "lanthanum oxide and other compounds", "oxide", 4),
    ("cerium.refined", "cerium", "refined", "cerium oxide and other compounds", "oxide", 4),
    ("ndpr.refined", "ndpr", "refined", "neodymium-praseodymium oxide", "oxide", 4),
    ("dysprosium.refined", "dysprosium", "refined", "dysprosium oxide", "oxide", 4),
    ("terbium.refined", "terbium", "refined", "terbium oxide", "oxide", 4),
    ("yttrium.refined", "yttrium", "refined", "yttrium oxide", "oxide (Y2O3)", 4),
]
OWNERS = [  # good, country, owner, then the source row (metal, stage, asset, year, column) and the range with its reason
    ("cobalt.ore", "COD", "CHN", "cobalt", "mine", "all DRC cobalt", "2024", "stake_pct", "0.5", "0.85", "by operator; by equity 0.535 in a forecast for 2030, at least 0.5 in 2019"),
    ("cobalt.ore", "IDN", "CHN", "cobalt", "mine", "all IDN cobalt 2030F", "2030", "stake_pct", "0.4", "0.75", "by equity, forecast for 2030, used for all years"),
    ("cobalt.ore", "PNG", "CHN", "cobalt", "mine", "Ramu 2030F", "2030", "stake_pct", "0.7", "1", "by equity, forecast for 2030, used for all years"),
    ("nickel.refined", "IDN", "CHN", "nickel", "refine", "all smelters/refineries", "2023", "stake_pct", "0.6", "0.8", "control of capacity"),
    ("rare_earths_light.ore", "USA", "CHN", "REE", "mine", "Mountain Pass", "2021", "offtake_share_pct", "0.5", "1", "offtake until 2025; by equity 0.077"),
    ("rare_earths_heavy.ore", "MMR", "CHN", "HREE (ionic clay)", "mine", "Kachin ionic-clay mines", "2023", "offtake_share_pct", "0.9", "1", "nearly all goes to China"),
    ("ndpr.refined", "MYS", "JPN", "REE", "mine+refine", "Mount Weld / Lynas (separation in MYS)", "2023", "offtake_share_pct", "0.2", "0.75", "priority of the lender, a ceiling on what is drawn; by equity 0.03"),
    ("dysprosium.refined", "MYS", "JPN", "REE (Dy,Tb)", "refine", "Mount Weld feed (MYS separation)", "2023", "offtake_share_pct", "0.2", "0.65", "priority of the lender, a ceiling on what is drawn"),
    ("terbium.refined", "MYS", "JPN", "REE (Dy,Tb)", "refine", "Mount Weld feed (MYS separation)", "2023", "offtake_share_pct", "0.2", "0.65", "priority of the lender, a ceiling on what is drawn"),
]
PLACES = {g[0]: g[5] for g in GOODS}
REFINED = [g[0] for g in GOODS if g[2] == "refined"]
ELEMENTS = ["lanthanum.refined", "cerium.refined", "ndpr.refined", "dysprosium.refined", "terbium.refined", "yttrium.refined"]
SEPARATED = {"separation_light": "rare_earths_light.ore", "separation_heavy": "rare_earths_heavy.ore"}


# ---------------------------------------------------------------- raw rows

def in_years(row, first=2020, last=2024):
    """True when the row's year is a number between first and last."""
    return row["year"].isdigit() and first <= int(row["year"]) <= last


def listed(code):
    """True when the country is in the tables or a world or rest total."""
    return code in COUNTRIES or code in ("WLD", "OTH")


RAW_FILTERS = {  # path in the collection -> which rows are kept
    "data/mine_production.csv": lambda r: r["metal"] in METALS | {"copper", "zinc"} and r["preferred"] == "1" and in_years(r),
    "data/refining_share.csv": lambda r: r["metal"] in METALS | {"alumina", "ndfeb_magnets"} and in_years(r),
    "data/capacity.csv": lambda r: r["metal"] in METALS,
    "data/prices.csv": lambda r: r["metal"] in METALS and r["preferred"] == "1" and in_years(r),
    "data/us_import_reliance.csv": lambda r: r["metal"] in METALS and r["preferred"] == "1" and in_years(r),
    "data/us_import_sources.csv": lambda r: r["metal"] in METALS,
    "data/us_salient.csv": lambda r: r["metal"] in METALS and in_years(r),
    "data/yttrium_us.csv": lambda r: r["preferred"] == "1",
    "data/demand_by_end_use.csv": lambda r: r["year"] in ("2024", "2030") and r["metal"] in METALS | {
        "dysprosium", "terbium", "neodymium", "praseodymium", "lanthanum"},
    "data/iea_supply_outlook.csv": lambda r: r["metal"] in METALS and r["year"] == "2024",
    "data/macro.csv": lambda r: listed(r["country"]) and in_years(r),
    "data/countries.csv": lambda r: r["iso3"] in COUNTRIES,
    "data/distances.csv": lambda r: r["iso3_a"] in COUNTRIES and r["iso3_b"] in COUNTRIES,
    "parameters/ree_baskets.csv": lambda r: True,
    "parameters/unconfirmed_parameters.csv": lambda r: r["file"] == "ree_baskets",
    "parameters/byproducts.csv": lambda r: r["byproduct"] in METALS,
    "parameters/use_by_country.csv": lambda r: r["metal"].split(" ")[0] in METALS | {"REE"},
    "parameters/ownership.csv": lambda r: re.split("[ /]", r["metal"])[0] in METALS | {"REE", "HREE"},
    "parameters/freight.csv": lambda r: "spodumene" not in r["class_or_metal"],
    "parameters/elasticities_summary.csv": lambda r: r["metal"] == "Ni",
    "parameters/measures.csv": lambda r: r["name"] == "China Ga/Ge export licensing",
    "episodes/gallium_germanium_2023/series.csv": lambda r: r["metal"] in ("Ga", "Ge"),
}


def raw_name(path):
    """File name under raw/ of a source table."""
    return path.split("/")[-1] if "episodes" not in path else "gallium_germanium_series.csv"


STORED_COPY = re.compile(r" \((PDF )?stored [^)]*\)")  # remarks on where a copy was read, not part of the source


def refresh_raw(collection, raw):
    """Copy the rows that the tables use, with the file and line they came from as the last column."""
    for path, keep in sorted(RAW_FILTERS.items()):
        with open(os.path.join(collection, path), encoding="utf-8", newline="") as handle:
            reader = csv.DictReader(handle)
            rows = [[STORED_COPY.sub("", row[c]) for c in reader.fieldnames] + ["%s row %d" % (path, n)]
                    for n, row in enumerate(reader, 1) if keep(row)]
            write_csv(os.path.join(raw, raw_name(path)), reader.fieldnames + ["collected_from"], rows)


def write_csv(path, header, rows):
    """Write rows with newline endings, so that a second run gives the same bytes."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


class Raw:
    """The raw rows by file, and the assumptions by topic."""

    def __init__(self, folder):
        self.folder = folder
        self.files = {}
        self.assumptions = {}
        for row in self["assumptions"]:
            self.assumptions.setdefault(row["topic"], []).append(row)

    def __getitem__(self, name):
        if name not in self.files:
            with open(os.path.join(self.folder, name + ".csv"), encoding="utf-8", newline="") as handle:
                self.files[name] = list(csv.DictReader(handle))
        return self.files[name]

    def pick(self, name, **want):
        """Rows of a file whose columns equal the wanted values."""
        return [r for r in self[name] if all(r[k] == str(v) for k, v in want.items())]

    def assume(self, topic, item="", country="*", year="*"):
        """The assumption for (item, country, year); an exact row wins over one with a star. None when there is none."""
        best, score = None, -1
        for row in self.assumptions.get(topic, []):
            points = 0
            for have, want in ((row["item"], item), (row["country"], country), (row["year"], str(year))):
                if have == want:
                    points += 1
                elif have not in ("*", ""):
                    points = -9
                    break
            if points > score:
                best, score = row, points
        return best


# ---------------------------------------------------------------- numbers

def text(value, digits=None):
    """Plain decimal text, trailing zeros dropped, rounded to so many significant digits when asked."""
    if value is None or value == "":
        return ""
    value = D(str(value)) if not isinstance(value, D) else value
    if digits and value:
        value = value.quantize(D(1).scaleb(value.adjusted() - digits + 1), ROUND_HALF_UP)
    out = format(value.normalize() if value else D(0), "f")
    return out


def spread(total, weights, places):
    """Split a total over weights in quanta of 10^-places; the largest row takes the rounding. Both exact."""
    whole = sum(weights.values())
    quantum = D(1).scaleb(-places)
    parts = {k: (total * w / whole).quantize(quantum, ROUND_HALF_UP) for k, w in weights.items()}
    largest = max(sorted(parts), key=lambda k: parts[k])
    parts[largest] += total - sum(parts.values())
    return parts


class Table:
    """Rows of one output table: key columns, then status, range, source and note."""

    def __init__(self, name, columns):
        self.name, self.columns, self.rows = name, columns, []

    def add(self, values, status, source, note="", low=None, high=None):
        assert status in ("observed", "derived", "assumed"), status
        assert source and len(values) == len(self.columns), (self.name, values)
        assert status != "assumed" or (low is not None and high is not None), (self.name, values)
        self.rows.append([text(v) if isinstance(v, D) else str(v) for v in values]
                         + [status, text(low, 6), text(high, 6), source, note])

    def write(self, out):
        write_csv(os.path.join(out, self.name + ".csv"), self.columns + TAIL, self.rows)


def settle_rounding(parts, total, digits=6):
    """Round every part to so many significant digits but the largest, which takes what is left of the exact total."""
    largest = max(sorted(parts), key=lambda k: parts[k])
    out = {k: D(text(v, digits)) for k, v in parts.items() if k != largest}
    out[largest] = total - sum(out.values())
    return {k: out[k] for k in parts}


def assumed_range(value, row):
    """Range of a value scaled like the range of the assumption it rests on."""
    centre = D(row["value"])
    return value * D(row["low"]) / centre, value * D(row["high"]) / centre


# ---------------------------------------------------------------- the builder

class Builder:
    """Reads the raw rows once and makes the tables in order; later tables use the numbers of earlier ones."""

    def __init__(self, raw):
        self.raw = raw
        self.tables = []
        self.made = {}       # (good, year) -> {country: tonnes produced}
        self.used = {}       # (good, year) -> {country: tonnes used}
        self.separated = {}  # (process, year) -> {country: tonnes REO taken in}
        self.basket = {}     # process -> {good: share}
        self.price = {}      # (good, year) -> world price
        self.refined_from_ore = {}  # (good, year) -> {country: tonnes from the refinery process}

    def table(self, name, *columns):
        t = Table(name, list(columns))
        self.tables.append(t)
        return t

    def build(self):
        for step in (self.countries, self.goods, self.mining, self.cobalt_and_nickel, self.by_products, self.write_production,
                     self.separation, self.baskets, self.elements, self.use, self.prices, self.us_tables, self.anchors, self.exports,
                     self.distances, self.capacity, self.hosts, self.inventories, self.elasticities, self.freight, self.growth, self.ownership):
            step()

    # ---- countries and goods

    def gdp(self, country, year):
        """GDP in billion USD with its status; 2024 is held at 2023; ROW is the world less the listed countries."""
        year = min(year, 2023)
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

    # ---- mining and refining

    def mining(self):
        """Mine output by listed country; countries not listed and Other countries go to ROW; rare earths split in light and heavy."""
        self.production = []
        for metal, good, process in (("cobalt", "cobalt.ore", "cobalt_mine"), ("nickel", "nickel.ore", "nickel_mine"),
                                     ("rare_earths", None, None)):
            for year in YEARS:
                rows = self.raw.pick("mine_production", metal=metal, year=year)
                here = {r["country"]: r for r in rows if r["country"] not in ("WLD", "OTH") and r["tonnes"] not in ("", "0")}
                amount = {c: D(r["tonnes"]) for c, r in here.items()}
                rest = sum((D(r["tonnes"]) for r in rows if r["country"] == "OTH" and r["tonnes"]), D(0))
                folded = sorted(c for c in amount if c not in COUNTRIES)
                rest += sum((amount.pop(c) for c in folded), D(0))
                carried = {} if metal != "cobalt" else self.carry(metal, year, amount)
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
        """Note of a ROW row: what is inside."""
        return "Other countries" + (" and " + ", ".join(folded) if folded else "")

    def carry(self, metal, year, amount):
        """Output of countries that the source names in a neighbouring year only (nearest year, earlier first)."""
        out = {}
        for row in self.raw.assumptions["carry_mine"]:
            c = row["country"]
            if c in amount:
                continue
            for other in sorted(YEARS, key=lambda y: (abs(y - year), y)):
                found = [r for r in self.raw.pick("mine_production", metal=metal, year=other, country=c) if r["tonnes"]]
                if found:
                    out[c] = D(found[0]["tonnes"])
                    break
        return out

    def light_and_heavy(self, year, amount, rest, here, folded):
        """Myanmar and the Chinese clay quota are heavy ore, all else light."""
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
        """One row of output, remembered for the balances."""
        self.production.append((good, country, process, year, tonnes, status, source, note, low, high))
        cell = self.made.setdefault((good, year), {})
        cell[country] = cell.get(country, D(0)) + tonnes

    def world(self, good, year):
        """World output of a good in a year."""
        return sum(self.made[(good, year)].values(), D(0))

    def cobalt_and_nickel(self):
        """Refined output: IEA 2024; other years hold shares (China's cobalt share interpolated, Indonesia's nickel follows its mines)."""
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
        """US secondary supply, the only recycling that the sources give by country."""
        if metal == "cobalt":
            value, row = self.salient("cobalt", "production", year, "Secondary")
        else:
            value, row = self.salient("nickel", "consumption", year, "secondary")
        self.put(good, "USA", metal + "_recycling", year, value, "observed", row["source"],
                 row["product"] + ("; other countries' recycling is not in the tables"))

    def salient(self, metal, statistic, year, *words):
        """US figure from the newest edition that has a value whose product name holds every word."""
        found = [r for r in self.raw.pick("us_salient", metal=metal, statistic=statistic, year=year)
                 if r["value"] not in ("", "?s") and all(w.lower() in r["product"].lower() for w in words)]
        row = max(found, key=lambda r: r["edition"])
        return D(row["value"]), row

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

    def write_production(self):
        t = self.table("production", "good", "country", "process", "year", "tonnes")
        order = {g[0]: n for n, g in enumerate(GOODS)}
        place = {c: n for n, c in enumerate(COUNTRIES)}
        for row in sorted(self.production, key=lambda r: (order[r[0]], r[2], r[3], place[r[1]])):
            good, c, process, year, tonnes, status, source, note, low, high = row
            t.add([good, c, process, year, tonnes], status, source, note, low, high)

    # ---- rare earths

    def separation(self):
        """Who separates the ore: USA (USGS), Malaysia (Lynas), a named rest (IEA share), China takes the balance."""
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
        """Element shares (percent of REO) of the deposits that stand for the light ores."""
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

    # ---- use

    def us_use(self, good, year):
        """US use from USGS consumption, with status, source and note."""
        metal = good.split(".")[0]
        if metal in ("cobalt", "nickel", "gallium"):
            words = {"cobalt": ("pparent",), "nickel": ("pparent", "total"), "gallium": ()}[metal]
            value, row = self.salient(metal, "consumption", year, *words)
            return value, "observed", row["source"], (row["product"] or "reported consumption"), None, None
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
        """Use by country: the USA from USGS, China and Japan from facts or assumed shares, the rest by manufacturing weight."""
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
                    for c in ("CHN", "JPN"):
                        a = self.raw.assume("use_share", good, c, year)
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

    # ---- prices

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

    # ---- US tables and trade anchors

    IMPORT_SOURCES = {  # good -> (metal, product of the USGS table)
        "gallium.refined": ("gallium", "Metal"), "germanium.refined": ("germanium", "Combined total"),
        "cobalt.refined": ("cobalt", "Metal, oxide, and salts"), "nickel.refined": ("nickel", "Primary nickel"),
        "lanthanum.refined": ("rare_earths", "Rare Earths: Rare-earth compounds and metals"),
        "cerium.refined": ("rare_earths", "Rare Earths: Rare-earth compounds and metals"),
        "ndpr.refined": ("rare_earths", "Rare Earths: Rare-earth compounds and metals"),
        "dysprosium.refined": ("rare_earths", "Terbium: Terbium compounds and metals"),
        "terbium.refined": ("rare_earths", "Terbium: Terbium compounds and metals"), "yttrium.refined": ("yttrium", "All")}

    def us_sources(self, good):
        """US import sources of a good, 2021-24 window."""
        metal, product = self.IMPORT_SOURCES[good]
        return self.raw.pick("us_import_sources", metal=metal, product=product, edition="MCS2026")

    def us_tables(self):
        t = self.table("us_reliance", "metal", "goods", "year", "net_import_reliance_pct", "bound")
        goods = {"gallium": "gallium.refined", "germanium": "germanium.refined", "cobalt": "cobalt.refined", "nickel": "nickel.refined",
                 "yttrium": "yttrium.refined"}
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
        """What a USGS import-source row stands for."""
        metal, product = self.IMPORT_SOURCES[good]
        note = "%s, %s; OTH = other countries" % (product, r["period"])
        if good in ("lanthanum.refined", "cerium.refined", "ndpr.refined"):
            note += "; aggregate of rare-earth compounds and metals"
        if good == "dysprosium.refined":
            note += "; terbium stands for dysprosium"
        return note

    def anchors(self):
        """Shares of imports by origin. An origin that makes less than it sends is a re-exporter: share_direct gives its share to the largest maker."""
        t = self.table("import_anchors", "good", "destination", "origin", "year", "share_of_imports", "share_direct", "origin_produces")
        for good in REFINED:
            for year in YEARS:
                made = self.made[(good, year)]
                imports = self.used[(good, year)]["USA"] - made.get("USA", D(0))
                shares = {r["partner"]: (D(r["share_pct"]) / 100).normalize() for r in self.us_sources(good)}
                through = {c for c, s in shares.items() if c != "OTH" and (not made.get(c) or made[c] < s * imports)}
                largest = max(sorted(made), key=lambda c: made[c])
                for r in self.us_sources(good):
                    c = r["partner"]
                    share = shares[c]
                    makes = 0 if c in through else 1
                    direct = D(0) if c in through else share + (sum(shares[k] for k in through) if c == largest else D(0))
                    # a terbium share read as a dysprosium one, or an aggregate read as one element, is an assumption
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
        t = self.table("export_destinations", "good", "origin", "destination", "year", "share_of_exports")
        row = [r for r in self.raw["gallium_germanium_series"] if r["date"] == "2025-9M" and r["metal"] == "Ge"][0]
        for c, share in (("RUS", "0.28"), ("BEL", "0.26"), ("DEU", "0.26"), ("JPN", "0.18")):
            t.add(["germanium.refined", "CHN", c, 2025, share], "observed", row["source"], "first nine months of 2025 (metal), after the base years")
        row = [r for r in self.raw["gallium_germanium_series"] if r["date"] == "2024-12" and r["metal"] == "Ga"][0]
        t.add(["gallium.refined", "CHN", "JPN+KOR", 2024, "1"], "observed", row["source"], "December 2024 only: all exports went to Japan and Korea")

    # ---- geography and plant

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

    # ---- behaviour tables

    def inventories(self):
        t = self.table("inventories", "good", "role", "months")
        us = {"gallium.refined": ("gallium", ()), "cobalt.refined": ("cobalt", ("ndustry",)), "nickel.refined": ("nickel", ("onsumer",))}
        for good, *_ in GOODS:
            for role in ("producer", "refiner_input", "manufacturer", "merchant"):
                if role == "refiner_input" and not good.endswith(".ore") or role == "manufacturer" and good.endswith(".ore"):
                    continue
                a = self.raw.assume("inventory", good, role)
                if a["country"] != role:
                    continue
                if role == "manufacturer" and good in us:
                    metal, words = us[good]
                    months = []
                    for year in (2021, 2022, 2023, 2024):
                        stock, row = self.salient(metal, "stocks", year, *words)
                        months.append(stock / self.used[(good, year)]["USA"] * 12)
                    mean = sum(months) / len(months)
                    t.add([good, role, D(text(mean, 3))], "derived", row["source"],
                          "US year-end stocks / consumption x 12, mean 2021-24; Japan holds 2 months of rare metals, state and private",
                          min(min(months), D("0.6")), max(max(months), D(3)))
                    continue
                t.add([good, role, a["value"]], "assumed", a["source"], a["note"], D(a["low"]), D(a["high"]))

    def elasticities(self):
        t = self.table("elasticities", "good", "parameter", "value")
        for good, *_ in GOODS:
            for parameter in ("demand_short_run", "demand_long_run", "supply_short_run", "supply_long_run"):
                rows = [a for a in self.raw.assumptions["elasticity"] if a["country"] == parameter and a["item"] in (good, "*")]
                a = max(rows, key=lambda r: r["item"] != "*")
                t.add([good, parameter, a["value"]], "assumed", a["source"], a["note"], D(a["low"]), D(a["high"]))

    def freight(self):
        t = self.table("freight", "good", "freight_class", "usd_per_t_at_10000km", "distance_elasticity", "grade")
        for a in self.raw.assumptions["freight"]:
            t.add([a["item"], a["country"], a["value"], "0.25", a["year"]], "assumed", a["source"],
                  "per tonne contained at 10,000 km; distance elasticity 0.25 from the gravity literature; grade = tonne contained per tonne shipped", D(a["low"]), D(a["high"]))

    def growth(self):
        """Growth of use 2024-30: IEA totals; where the IEA has clean energy only, the rest grows at an assumed rate."""
        t = self.table("demand_growth", "metal", "scenario", "annual_growth")
        def demand(metal, use, year, scenario):
            rows = self.raw.pick("demand_by_end_use", metal=metal, end_use=use, year=year, scenario=scenario)
            return sum(float(r["value"]) for r in rows)
        for scenario in ("STEPS", "APS", "NZE"):
            for metal, name in (("cobalt", "cobalt"), ("nickel", "nickel"), ("ndpr", "rare_earths_magnet"), ("dysprosium", "rare_earths_magnet"), ("terbium", "rare_earths_magnet")):
                rate = (demand(name, "Total demand", 2030, scenario) / demand(name, "Total demand", 2024, "actual")) ** (1 / 6) - 1
                note = "total demand 2024-2030" + ("; magnet rare earths (Nd, Pr, Dy, Tb) together" if name != metal else "")
                rate = D(repr(round(rate, 4)))
                t.add([metal, scenario, rate], "derived", IEA, note, rate * D("0.7"), rate * D("1.3"))
            for metal in ("gallium", "germanium", "lanthanum", "cerium", "yttrium"):
                a = self.raw.assume("other_use_growth", metal)
                world = float(sum(self.used[(metal + ".refined", 2024)].values()))
                clean = "Total clean energy (cleantech only)"
                now, then = demand(metal, clean, 2024, "actual"), demand(metal, clean, 2030, scenario)
                def rate_at(g):
                    return D(repr(round((((world - now) * (1 + g) ** 6 + then) / world) ** (1 / 6) - 1, 4)))
                t.add([metal, scenario, rate_at(float(a["value"]))], "assumed", IEA + " (clean energy); " + a["source"],
                      "clean-energy use by scenario, the rest at %s a year" % a["value"], rate_at(float(a["low"])), rate_at(float(a["high"])))

    def ownership(self):
        """Who abroad disposes of a country's output. Control, not equity: what the operator or controlling owner makes, or what an
        offtake binds where a source gives it. Sources that count by equity or by a forecast give the other end of the range."""
        t = self.table("ownership", "good", "country", "owner", "share")
        for good, country, owner, metal, stage, asset, year, column, low, high, note in OWNERS:
            holder = "parent_country" if column == "stake_pct" else "offtake_to"
            rows = self.raw.pick("ownership", metal=metal, stage=stage, asset=asset, year=year, **{holder: owner})
            assert len(rows) == 1, (good, country, owner, len(rows))
            number = re.search(r"\(=(\d+)%\)", rows[0][column]) or re.search(r"(\d+(?:\.\d+)?)", rows[0][column])
            share = D(number.group(1)) / 100
            t.add([good, country, owner, share], "derived", rows[0]["source"], note, D(low), D(high))


def great_circle(a, b):
    """Great-circle distance in km between two (latitude, longitude) points in degrees."""
    (la, oa), (lb, ob) = [(math.radians(x), math.radians(y)) for x, y in (a, b)]
    h = math.sin((lb - la) / 2) ** 2 + math.cos(la) * math.cos(lb) * math.sin((ob - oa) / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(h))


def report(b):
    """Print world totals, top shares and the checks an economist would ask for."""
    for kind, cells in (("made", b.made), ("used", b.used)):
        for good, *_ in GOODS:
            for year in (2020, 2022, 2024):
                cell = cells.get((good, year))
                if cell:
                    total = sum(cell.values())
                    top = sorted(cell.items(), key=lambda kv: -kv[1])[:9]
                    print(kind, good, year, text(total, 6), " ".join("%s %.1f%%" % (c, 100 * v / total) for c, v in top))
    for year in YEARS:
        for group in (["cobalt.refined"], ["nickel.refined"], ["gallium.refined"], ["germanium.refined"], ELEMENTS):
            use = sum(b.used[(g, year)]["USA"] for g in group)
            made = sum(b.made[(g, year)].get("USA", D(0)) for g in group)
            print("US net import reliance", year, group[0], round(100 * (use - made) / use, 1), "use", text(use, 6))
        magnet = sum(b.world(g, year) for g in ELEMENTS[2:5])
        print("magnet rare-earth oxides", year, text(magnet, 5), "as metal about", text(magnet * D("0.858"), 5), "(IEA 2024: refined 80805, mined 75099)",
              "Y2O3", text(b.world("yttrium.refined", year), 5), "Japan REO", text(sum(b.used[(g, year)]["JPN"] for g in ELEMENTS), 5))
    counts = {}
    for t in b.tables:
        for r in t.rows:
            counts.setdefault(t.name, {"observed": 0, "derived": 0, "assumed": 0})[r[len(t.columns)]] += 1
    for name, c in counts.items():
        print("%-20s %5d rows: observed %d, derived %d, assumed %d" % (name, sum(c.values()), c["observed"], c["derived"], c["assumed"]))


def main():
    here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "configs", "data")
    parser = argparse.ArgumentParser(description="Build the baseline tables from the raw rows.")
    parser.add_argument("--raw", default=os.path.join(here, "raw"), help="folder of raw rows and assumptions")
    parser.add_argument("--out", default=here, help="folder for the tables")
    parser.add_argument("--refresh-raw", "--shared", dest="refresh", metavar="DIR", help="re-filter the raw rows from a collection of source tables")
    parser.add_argument("--report", action="store_true", help="print totals, shares and counts")
    args = parser.parse_args()
    if args.refresh:
        refresh_raw(args.refresh, args.raw)
    builder = Builder(Raw(args.raw))
    builder.build()
    for t in builder.tables:
        t.write(args.out)
    if args.report:
        report(builder)
    return 0


if __name__ == "__main__":
    sys.exit(main())

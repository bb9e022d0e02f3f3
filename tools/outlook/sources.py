"""The inputs of the script: raw source rows with their origin, assumptions set by hand, and the first-stage tables."""
import csv
import os
import re
from decimal import Decimal as D

from .tables import Number, read_csv, write_csv

USGS_TABLES = {"cobalt", "nickel", "lithium", "graphite", "antimony", "tungsten", "niobium", "beryllium", "rare_earths", "gallium",
               "germanium", "yttrium"}
IEA_DEMAND = {"cobalt", "copper", "nickel", "lithium", "graphite", "rare_earths_magnet", "dysprosium", "terbium", "gallium",
              "germanium", "niobium", "tungsten", "yttrium", "lanthanum"}
RAW_FILTERS = {  # path in the collection -> which rows are kept, as raw/outlook_<file name>
    "data/demand_by_end_use.csv": lambda r: r["metal"] in IEA_DEMAND and r["year"] in ("2024", "2030", "2035", "2040", "2045"),
    "data/iea_supply_outlook.csv": lambda r: r["metal"] in IEA_DEMAND,
    "data/reserves.csv": lambda r: r["metal"] in USGS_TABLES and r["preferred"] == "1",
    "data/prices.csv": lambda r: r["metal"] in USGS_TABLES and r["preferred"] == "1" and r["usd_per_tonne_of_product_basis"],
    "data/us_mineral_economy_2020_2024.csv": lambda r: True,
    "data/yttrium_us.csv": lambda r: r["preferred"] == "1" and "2020" <= r["year"] <= "2024",
    "parameters/recycling.csv": lambda r: r["metal"] in USGS_TABLES and (
        r["parameter"].startswith("product lifetime") or "collection" in r["parameter"] or "recycl" in r["parameter"]),
    "parameters/substitution.csv": lambda r: True,
    "parameters/footprint.csv": lambda r: True,
    "parameters/processes.csv": lambda r: re.search("capex|capital|lead time|construction time|first production|delay|first output"
                                                    "|capacity|annual output|Investment", r["parameter"]) is not None,
    "parameters/unconfirmed_parameters.csv": lambda r: r["file"] in ("footprint", "processes", "recycling", "elasticities"),
}
STORED_COPY = re.compile(r" \((PDF )?stored [^)]*\)|(stored public|public repo) file id .*")  # remarks about the copy that was read, not part of the source


def raw_name(path):
    """Name under raw/ of a source table."""
    return "outlook_" + path.split("/")[-1][:-4]


def refresh_raw(collection, raw):
    """Copy the rows that the tables use, with the file and row they came from as the last column."""
    for path, keep in sorted(RAW_FILTERS.items()):
        with open(os.path.join(collection, path), encoding="utf-8", newline="") as handle:
            reader = csv.DictReader(handle)
            rows = [[STORED_COPY.sub("", row[c] or "") for c in reader.fieldnames] + ["%s row %d" % (path, n)]
                    for n, row in enumerate(reader, 1) if keep(row)]
            write_csv(os.path.join(raw, raw_name(path) + ".csv"), reader.fieldnames + ["collected_from"], rows)


class Sources:
    """Raw rows by file, assumptions by topic, item and key, and the first-stage tables by name."""

    def __init__(self, raw, tables):
        self.raw, self.folder, self.files, self.numbers = raw, tables, {}, {}
        for row in read_csv(os.path.join(raw, "outlook_assumptions.csv")):
            number = Number(row)
            name = (number.topic, number.item, number.key)
            assert name not in self.numbers, ("stated twice", name)
            self.numbers[name] = number

    def rows(self, name):
        """Raw rows of a file under raw/outlook_*."""
        if name not in self.files:
            self.files[name] = read_csv(os.path.join(self.raw, "outlook_" + name + ".csv"))
        return self.files[name]

    def pick(self, name, **want):
        """Raw rows whose columns equal the wanted values."""
        return [r for r in self.rows(name) if all(r[k] == str(v) for k, v in want.items())]

    def stage_one(self, name):
        """Rows of a first-stage table, in its order."""
        key = "table " + name
        if key not in self.files:
            self.files[key] = read_csv(os.path.join(self.folder, name + ".csv"))
        return self.files[key]

    def assume(self, topic, item="*", key="*"):
        """The assumption for item and key, where '*' means all; None when there is none."""
        for name in ((topic, item, key), (topic, item, "*"), (topic, "*", key), (topic, "*", "*")):
            if name in self.numbers:
                return self.numbers[name]
        return None

    def assume_first(self, topic, *items):
        """The assumption on the first item that has one of its own; then that on '*'."""
        for item in items:
            if (topic, item, "*") in self.numbers:
                return self.numbers[topic, item, "*"]
        found = self.numbers.get((topic, "*", "*"))
        assert found, ("no assumption on", topic, items)
        return found

    def assumed(self, topic, item):
        """All assumptions on an item in the order of the file."""
        return [n for n in self.numbers.values() if n.topic == topic and n.item == item]

    # ---- the first stage

    def refined(self):
        """Refined goods in the order of goods.csv."""
        return [r["good"] for r in self.stage_one("goods") if r["stage"] == "refined"]

    def ores(self):
        """Ore goods in the order of goods.csv."""
        return [r["good"] for r in self.stage_one("goods") if r["stage"] == "ore"]

    def countries(self):
        """Listed countries, ROW among them."""
        return [r["country"] for r in self.stage_one("countries")]

    def processes(self):
        """Rows of processes.csv."""
        return self.stage_one("processes")

    def product(self, process):
        """The good that a one-output process makes; None for a separation."""
        for r in self.stage_one("production"):
            if r["process"] == process:
                return r["good"]
        return None

    def output(self, process, year="2024"):
        """Country -> tonnes produced; for a separation, its feed of ore."""
        out = {}
        for name in ("production", "separation"):
            for r in self.stage_one(name):
                if r["process"] == process and r["year"] == str(year) and D(r["tonnes"]) > 0:
                    out[r["country"]] = out.get(r["country"], D(0)) + D(r["tonnes"])
        return out

    def made(self, good, year="2024"):
        """Country -> tonnes of a good produced by any one-output process."""
        out = {}
        for r in self.stage_one("production"):
            if r["good"] == good and r["year"] == str(year) and D(r["tonnes"]) > 0:
                out[r["country"]] = out.get(r["country"], D(0)) + D(r["tonnes"])
        return out

    def world_use(self, good, year="2024"):
        """World use in tonnes."""
        return sum(D(r["tonnes"]) for r in self.stage_one("use") if r["good"] == good and r["year"] == str(year))

    def price(self, good):
        """Median world price 2020-24 in USD per tonne, which a single spike does not move."""
        values = sorted(D(r["usd_per_t"]) for r in self.stage_one("prices") if r["good"] == good and r["market"] == "world")
        return values[len(values) // 2] if values else None

    def basket(self, process):
        """Good -> share of what a separation makes; 'other' is left out."""
        return {r["good"]: D(r["share"]) for r in self.stage_one("baskets") if r["process"] == process and r["good"] != "other"}

    def process_price(self, process):
        """Median price of the product of a process; for a separation the value of the products of a tonne of ore."""
        good = self.product(process)
        if good:
            return self.price(good)
        basket = self.basket(process)
        return sum(share * self.price(g) for g, share in basket.items()) if basket else None

    def ore_yield(self, ore):
        """Tonnes refined per tonne of ore in 2024; 1 for a separation."""
        rows = [r for r in self.stage_one("yields") if r["good_in"] == ore and r["year"] == "2024"]
        return sum(D(r["yield"]) for r in rows) if rows else D(1)

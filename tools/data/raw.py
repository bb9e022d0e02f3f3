"""The raw rows: which rows are kept from a collection of source tables, and reading them back."""
import csv
import os
import re

from .settings import COUNTRIES, METALS, SCREENING


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
    "parameters/affinity.csv": lambda r: bool({r["iso3_a"], r["iso3_b"]} & set(SCREENING)) and {r["iso3_a"], r["iso3_b"]} <= set(COUNTRIES) and bool(r["affinity_proxy_0_1"]),
    "parameters/freight.csv": lambda r: True,
    "parameters/elasticities_summary.csv": lambda r: r["metal"] == "Ni",
    "parameters/measures.csv": lambda r: r["name"] == "China Ga/Ge export licensing",
    "episodes/gallium_germanium_2023/series.csv": lambda r: r["metal"] in ("Ga", "Ge"),
}


def raw_name(path):
    """File name under raw/ of a source table."""
    return path.split("/")[-1] if "episodes" not in path else "gallium_germanium_series.csv"


STORED_COPY = re.compile(r" \((PDF )?stored [^)]*\)")  # remarks about the copy that was read, not part of the source


def refresh_raw(collection, raw):
    """Copy the rows that the tables use, with the file and line they came from as the last column."""
    for path, keep in sorted(RAW_FILTERS.items()):
        with open(os.path.join(collection, path), encoding="utf-8", newline="") as handle:
            reader = csv.DictReader(handle)
            rows = [[STORED_COPY.sub("", row[c]) for c in reader.fieldnames] + ["%s row %d" % (path, n)]
                    for n, row in enumerate(reader, 1) if keep(row)]
            write_csv(os.path.join(raw, raw_name(path)), reader.fieldnames + ["collected_from"], rows)


def write_csv(path, header, rows):
    """Write rows with newline endings, so that every run gives the same bytes."""
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
        self.by_item = {}
        for row in self["assumptions"]:
            self.assumptions.setdefault(row["topic"], []).append(row)
            self.by_item.setdefault((row["topic"], row["item"]), []).append(row)

    def __getitem__(self, name):
        if name not in self.files:
            with open(os.path.join(self.folder, name + ".csv"), encoding="utf-8", newline="") as handle:
                self.files[name] = list(csv.DictReader(handle))
        return self.files[name]

    def pick(self, name, **want):
        """Rows of a file whose columns equal the wanted values."""
        return [r for r in self[name] if all(r[k] == str(v) for k, v in want.items())]

    def assume(self, topic, item="", country="*", year="*"):
        """The assumption for (item, country, year); an exact row takes precedence over one with a star. None when there is none."""
        best, score = None, -1
        for row in (r for key in dict.fromkeys((item, "*", "")) for r in self.by_item.get((topic, key), [])):
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



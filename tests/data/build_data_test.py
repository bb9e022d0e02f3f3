#!/usr/bin/env python3
"""Tests of the baseline tables: same bytes when rebuilt, exact balances, sources and ranges, the 1 % rule, US reliance.

Run: python3 tests/data/build_data_test.py
"""
import csv
import os
import subprocess
import sys
import tempfile
import unittest
from collections import defaultdict
from decimal import Decimal as D

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
DATA = os.path.join(ROOT, "configs", "data")
SCRIPT = os.path.join(ROOT, "tools", "build_data.py")
YEARS = ["2020", "2021", "2022", "2023", "2024"]
TABLES = ("countries goods production separation yields baskets use prices us_reliance us_import_sources import_anchors exports "
          "export_destinations distances capacity hosts inventories elasticities freight demand_growth ownership affinity").split()
SEPARATED = {"separation_light": "rare_earths_light.ore", "separation_heavy": "rare_earths_heavy.ore"}
RULED = ["lithium", "graphite", "antimony", "tungsten", "niobium", "beryllium"]
REFINED_FROM_ORE = ["cobalt", "nickel", *RULED]
ELEMENTS = ["lanthanum.refined", "cerium.refined", "ndpr.refined", "dysprosium.refined", "terbium.refined", "yttrium.refined"]


def read(name, folder=DATA):
    """Rows of a table."""
    with open(os.path.join(folder, name + ".csv"), encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def made_by_country():
    """(good, year) -> {country: tonnes}: production rows, and the elements from separation x basket."""
    out = defaultdict(lambda: defaultdict(D))
    for r in read("production"):
        out[r["good"], r["year"]][r["country"]] += D(r["tonnes"])
    shares = read("baskets")
    for r in read("separation"):
        for b in shares:
            if b["process"] == r["process"] and b["good"] != "other":
                out[b["good"], r["year"]][r["country"]] += D(r["tonnes"]) * D(b["share"])
    return out


class Rebuild(unittest.TestCase):
    def test_rebuilding_gives_the_committed_bytes(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, SCRIPT, "--out", folder], check=True)
            self.assertEqual(sorted(n[:-4] for n in os.listdir(folder)), sorted(TABLES))
            for name in TABLES:
                with open(os.path.join(folder, name + ".csv"), "rb") as new, open(os.path.join(DATA, name + ".csv"), "rb") as old:
                    self.assertEqual(new.read(), old.read(), name)

    def test_a_changed_assumption_changes_the_tables(self):
        with tempfile.TemporaryDirectory() as folder:
            raw = os.path.join(folder, "raw")
            os.mkdir(raw)
            for name in os.listdir(os.path.join(DATA, "raw")):
                with open(os.path.join(DATA, "raw", name), "rb") as handle:
                    content = handle.read()
                if name == "assumptions.csv":
                    changed = content.replace(b"heavy_ore,rare_earths_heavy.ore,CHN,2024,19150,", b"heavy_ore,rare_earths_heavy.ore,CHN,2024,20000,")
                    self.assertNotEqual(changed, content)
                    content = changed
                with open(os.path.join(raw, name), "wb") as handle:
                    handle.write(content)
            subprocess.run([sys.executable, SCRIPT, "--raw", raw, "--out", os.path.join(folder, "out")], check=True)
            rows = [r for r in read("production", os.path.join(folder, "out"))
                    if r["good"] == "rare_earths_heavy.ore" and r["country"] == "CHN" and r["year"] == "2024"]
            self.assertEqual([r["tonnes"] for r in rows], ["20000"])

    def test_raw_rows_are_small(self):
        raw = os.path.join(DATA, "raw")
        self.assertLess(sum(os.path.getsize(os.path.join(raw, n)) for n in os.listdir(raw)), 3_000_000)


class Rows(unittest.TestCase):
    def test_every_row_has_status_source_and_range_when_assumed(self):
        for name in TABLES:
            for n, r in enumerate(read(name), 2):
                where = "%s line %d" % (name, n)
                self.assertIn(r["status"], ("observed", "derived", "assumed"), where)
                self.assertTrue(r["source"].strip(), where)
                self.assertNotIn(None, r, where)
                if r["status"] == "assumed":
                    self.assertTrue(r["low"] and r["high"], where)
                if r["low"] and r["high"]:
                    self.assertLessEqual(D(r["low"]), D(r["high"]), where)

    def test_value_lies_in_its_range(self):
        value = {"production": "tonnes", "separation": "tonnes", "use": "tonnes", "prices": "usd_per_t", "baskets": "share", "yields": "yield",
                 "import_anchors": "share_of_imports", "exports": "tonnes", "hosts": "potential_t", "inventories": "months",
                 "elasticities": "value", "freight": "usd_per_t_at_10000km", "demand_growth": "annual_growth"}
        for name, column in value.items():
            for n, r in enumerate(read(name), 2):
                if r["low"] and r["high"]:
                    slack = abs(D(r[column])) * D("1e-5")  # ranges are written to six digits
                    self.assertLessEqual(D(r["low"]) - slack, D(r[column]), "%s line %d" % (name, n))
                    self.assertLessEqual(D(r[column]), D(r["high"]) + slack, "%s line %d" % (name, n))

    def test_countries_and_goods_are_known_and_keys_unique(self):
        countries = {r["country"] for r in read("countries")}
        goods = {r["good"] for r in read("goods")}
        self.assertEqual(len(goods), 26)
        for name, keys in (("production", "good country process year"), ("separation", "ore_good country year"), ("use", "good country year"),
                           ("prices", "good market year"), ("import_anchors", "good destination origin year"), ("exports", "good country year"),
                           ("inventories", "good role"), ("elasticities", "good parameter"), ("hosts", "process country year")):
            seen = set()
            for r in read(name):
                key = tuple(r[k] for k in keys.split())
                self.assertNotIn(key, seen, name)
                seen.add(key)
                self.assertIn(r.get("country", "ROW"), countries, name)
                self.assertIn(r.get("good", r.get("ore_good", "gallium.refined")), goods, name)


class Page(unittest.TestCase):
    def test_docs_count_the_rows(self):
        with open(os.path.join(ROOT, "docs", "data.md"), encoding="utf-8") as handle:
            page = handle.read()
        for name in TABLES:
            rows = read(name)
            counts = [len(rows)] + [sum(r["status"] == status for r in rows) for status in ("observed", "derived", "assumed")]
            self.assertIn("| `%s` | %s |" % (name, " | ".join(map(str, counts))), page)
        self.assertIn("world trade of %d goods in 2020-2024 for %d countries and `ROW`" % (len(read("goods")), len(read("countries")) - 1), page)


class Balances(unittest.TestCase):
    def setUp(self):
        self.made = made_by_country()

    def test_ore_mined_is_separated(self):
        for process, ore in SEPARATED.items():
            for year in YEARS:
                taken = sum(D(r["tonnes"]) for r in read("separation") if r["process"] == process and r["year"] == year)
                self.assertEqual(taken, sum(self.made[ore, year].values()), (ore, year))

    def test_ore_mined_times_yield_is_refined(self):
        yields = {(r["good_in"], r["year"]): D(r["yield"]) for r in read("yields")}
        for metal in REFINED_FROM_ORE:
            for year in YEARS:
                refined = sum(D(r["tonnes"]) for r in read("production") if r["process"] == metal + "_refinery" and r["year"] == year)
                self.assertEqual(refined, sum(self.made[metal + ".ore", year].values()) * yields[metal + ".ore", year], (metal, year))

    def test_use_equals_production(self):
        used = defaultdict(D)
        for r in read("use"):
            self.assertGreaterEqual(D(r["tonnes"]), 0)
            used[r["good"], r["year"]] += D(r["tonnes"])
        self.assertEqual(len(used), 16 * 5)
        for key, total in used.items():
            self.assertEqual(total, sum(self.made[key].values()), key)

    def test_basket_shares_sum_to_one(self):
        for process in SEPARATED:
            self.assertEqual(sum(D(r["share"]) for r in read("baskets") if r["process"] == process), 1)

    def test_world_totals_are_near_the_published_ones(self):
        published = defaultdict(dict)
        for r in read("mine_production", os.path.join(DATA, "raw")):
            if r["country"] == "WLD":
                published[r["metal"]][r["year"]] = D(r["tonnes"])
        groups = {"cobalt": ["cobalt.ore"], "nickel": ["nickel.ore"], "gallium": ["gallium.refined"], "rare_earths": list(SEPARATED.values()),
                  **{m: [m + ".ore"] for m in RULED if m != "beryllium"}}  # beryllium of the USA is of a newer edition than the total
        for metal, goods in groups.items():
            for year in YEARS:
                if year not in published[metal]:
                    self.assertEqual(year, "2020", metal)
                    continue
                total = sum(sum(self.made[g, year].values()) for g in goods)
                close = D("0.045") if metal == "antimony" else D("0.03")  # USGS rounds its total of 2024 down to 100,000 t
                self.assertLess(abs(total / published[metal][year] - 1), close, (metal, year))

    def test_yttrium_and_magnet_elements_are_near_known_totals(self):
        magnet = sum(sum(self.made[g, "2024"].values()) for g in ELEMENTS[2:5]) * D("0.858")
        self.assertLess(abs(magnet / D("80805") - 1), D("0.1"))  # IEA refined 2024, as metal
        mean = sum(sum(self.made["yttrium.refined", y].values()) for y in YEARS) / 5
        self.assertTrue(10000 <= mean <= 15000, mean)  # USGS 10-15 kt a year

    def test_us_reliance_is_the_published_one(self):
        use = {(r["good"], r["year"]): D(r["tonnes"]) for r in read("use") if r["country"] == "USA"}
        for r in read("us_reliance"):
            goods = r["goods"].split(";")
            if r["year"] not in ("2021", "2022", "2023", "2024") and r["metal"] not in RULED or goods[0].endswith(".ore"):
                continue
            total = sum(use[g, r["year"]] for g in goods)
            ours = 100 * (total - sum(self.made[g, r["year"]].get("USA", D(0)) for g in goods)) / total
            if r["bound"] == ">":
                self.assertGreater(ours, D(r["net_import_reliance_pct"]), r)
            elif r["bound"] == "net exporter":
                self.assertLessEqual(ours, 0, r)
            else:
                self.assertLess(abs(ours - D(r["net_import_reliance_pct"])), 1, r)

    def test_no_anchor_takes_more_than_its_origin_makes(self):
        need = defaultdict(D)
        yields = {(r["good_in"], r["year"]): D(r["yield"]) for r in read("yields")}
        for r in read("production"):
            ore = r["good"].split(".")[0] + ".ore"
            if r["process"].endswith("_refinery"):
                need[ore, r["country"], r["year"]] += D(r["tonnes"]) / yields[ore, r["year"]]
        for r in read("separation"):
            need[r["ore_good"], r["country"], r["year"]] += D(r["tonnes"])
        for r in read("use"):
            need[r["good"], r["country"], r["year"]] += D(r["tonnes"])
        sent = defaultdict(D)
        for r in read("import_anchors"):
            key = (r["good"], r["year"])
            imports = need[r["good"], r["destination"], r["year"]] - self.made[key].get(r["destination"], D(0))
            if r["origin"] != "OTH" and imports > 0:
                sent[r["good"], r["origin"], r["year"]] += imports * D(r["share_direct"])
        for (good, origin, year), tonnes in sent.items():
            self.assertLessEqual(tonnes, self.made[good, year].get(origin, D(0)), (good, origin, year))


class Ruled(unittest.TestCase):
    """Lithium, graphite, antimony, tungsten, niobium, beryllium: units, ore that never travels, recycling."""

    def setUp(self):
        self.made = made_by_country()

    def test_prices_are_in_the_unit_of_the_good(self):
        price = {(r["good"], r["year"]): D(r["usd_per_t"]) for r in read("prices") if r["market"] == "world"}
        published = {}
        for r in read("prices", os.path.join(DATA, "raw")):
            published[r["product"], r["year"]] = D(r["price"])
        near = lambda a, b: self.assertLess(abs(a / b - 1), D("0.00001"))
        near(price["tungsten.ore", "2024"], published["concentrate, per mtu WO3", "2024"] / D("7.93") * 1000)
        near(price["lithium.refined", "2022"], published["battery-grade lithium carbonate", "2022"] * D("5.323"))
        near(price["niobium.refined", "2024"], published["ferroniobium, unit value", "2024"] * 1000 / D("0.65"))
        near(price["antimony.refined", "2024"], published["antimony metal", "2024"] * D("2204.62"))
        near(price["beryllium.refined", "2024"], published["Be-Cu master alloy, per kg contained Be", "2024"] * 1000)
        near(price["graphite.refined", "2024"], published["flake, import unit value", "2024"])

    def test_ore_that_never_travels_is_refined_at_home(self):
        yields = {(r["good_in"], r["year"]): D(r["yield"]) for r in read("yields")}
        refined = {(r["good"], r["country"], r["year"]): D(r["tonnes"]) for r in read("production") if r["process"].endswith("_refinery")}
        shut = [r for r in read("exports") if r["good"].endswith(".ore") and r["tonnes"] == "0"]
        self.assertEqual({(r["good"], r["country"]) for r in shut}, {("lithium.ore", "CHL"), ("lithium.ore", "ARG"), ("lithium.ore", "USA"),
                         ("niobium.ore", "BRA"), ("niobium.ore", "CAN"), ("beryllium.ore", "USA"), ("beryllium.ore", "CHN")})
        for r in shut:
            home = refined[r["good"].replace(".ore", ".refined"), r["country"], r["year"]]
            self.assertEqual(home, self.made[r["good"], r["year"]][r["country"]] * yields[r["good"], r["year"]], r)

    def test_scrap_is_the_assumed_share_of_supply(self):
        for metal, share in (("tungsten", D("0.30")), ("antimony", D("0.18"))):
            for year in YEARS:
                scrap = sum(D(r["tonnes"]) for r in read("production") if r["process"] == metal + "_recycling" and r["year"] == year)
                self.assertLess(abs(scrap / sum(self.made[metal + ".refined", year].values()) - share), D("0.0001"), (metal, year))


class Coverage(unittest.TestCase):
    def test_one_percent_rule(self):
        countries = {r["country"] for r in read("countries")}
        metals = {"gallium", "germanium", "cobalt", "nickel", "rare_earths", *RULED}
        for name in ("mine_production", "refining_share"):
            world, rows = {}, []
            for r in read(name, os.path.join(DATA, "raw")):
                if r["metal"] in metals | {"rare_earths_magnet"} and r["tonnes"]:
                    key = (r["metal"], r["year"], r["edition"])
                    if r["country"] == "WLD":
                        world[key] = D(r["tonnes"])
                    elif r["country"] != "OTH":
                        rows.append((key, r["country"], D(r["tonnes"])))
            for key, country, tonnes in rows:
                if key in world and tonnes >= world[key] / 100:
                    self.assertIn(country, countries, (name, key))

    def test_one_percent_of_use_and_members_of_groups_are_listed(self):
        countries = {r["country"]: r for r in read("countries")}
        members = {"eu27": 27, "g7": 7, "ipef_member": 14, "msp_member": 14}
        for group, number in members.items():
            listed = sum(r[group] == "1" for r in countries.values())
            known = {r["iso3"] for r in read("countries", os.path.join(DATA, "raw")) if r[group] == "1"}
            self.assertEqual(listed, len(known), group)
            self.assertGreaterEqual(listed, number, group)
        cells = defaultdict(int)
        for r in read("use"):
            cells[r["good"], r["year"]] += 1
        self.assertLessEqual(max(cells.values()), 32)

    def test_processes_are_listed(self):
        known = {r["process"]: r for r in read("processes")}
        self.assertLessEqual({r["process"] for r in read("production")} | {r["process"] for r in read("separation")}, set(known))
        utilised = {r["process"] for r in read("capacity") if r["country"] == "*"}
        self.assertLessEqual({r["process"] for r in read("production")}, utilised)
        for metal in RULED:
            self.assertEqual(known[metal + "_mine"]["input_good"], "")
            self.assertEqual(known[metal + "_refinery"]["input_good"], metal + ".ore")

    def test_every_pair_has_a_distance(self):
        countries = [r["country"] for r in read("countries")]
        pairs = {frozenset((r["country_a"], r["country_b"])) for r in read("distances")}
        self.assertEqual(len(pairs), len(countries) * (len(countries) - 1) // 2)
        self.assertGreater(min(D(r["km"]) for r in read("distances")), 0)

    def test_every_good_has_price_freight_stock_and_elasticity(self):
        goods = {r["good"] for r in read("goods")}
        self.assertEqual({(r["good"], r["year"]) for r in read("prices") if r["market"] == "world"}, {(g, y) for g in goods for y in YEARS})
        for name in ("freight", "elasticities", "inventories"):
            self.assertEqual({r["good"] for r in read(name)}, goods, name)


if __name__ == "__main__":
    unittest.main()

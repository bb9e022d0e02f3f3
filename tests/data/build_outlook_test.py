#!/usr/bin/env python3
"""Tests of the long-run tables: same bytes when rebuilt, exact sums, sources and ranges, and what an economist would check.

Run: python3 tests/data/build_outlook_test.py
"""
import csv
import math
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from collections import defaultdict
from decimal import Decimal as D

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
DATA = os.path.join(ROOT, "configs", "data")
RAW = os.path.join(DATA, "raw")
SCRIPT = os.path.join(ROOT, "tools", "build_outlook.py")
TABLES = {  # table -> key columns, value column
    "end_uses": ("good end_use", "share"), "demand_index": ("good end_use scenario year", "index"), "us_economy": ("indicator year", "value"),
    "us_drivers": ("good end_use", None), "us_run_rates": ("process year", "utilisation_share"),
    "investment": ("process", "capex_usd_per_t_per_year"), "capacity_plan": ("process country year", "index"),
    "reserves": ("good country", "tonnes"), "latent": ("process country", "potential_t_per_year"), "recycling": ("good process", "lifetime_years"),
    "substitution": ("good", "least_intensity_share"), "host_index": ("host year", "index"), "footprint": ("process", "t_co2_per_t"),
    "observed_prices": ("good year", "usd_per_t"), "observed_volatility": ("good", "standard_deviation_of_log_change"),
    "us_yttrium": ("year", "imports_t")}
SCENARIOS, YEARS = ["STEPS", "APS", "NZE"], ["2024", "2030", "2035", "2040", "2045"]


def read(name, folder=DATA):
    """Rows of a table."""
    with open(os.path.join(folder, name + ".csv"), encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def build(out, *more):
    """Run the script into a folder."""
    subprocess.run([sys.executable, "-B", SCRIPT, "--out", out, *more], check=True)


def refined():
    """Refined goods of the first stage."""
    return [r["good"] for r in read("goods") if r["stage"] == "refined"]


def output(process):
    """Country -> tonnes of 2024."""
    out = defaultdict(D)
    for name in ("production", "separation"):
        for r in read(name):
            if r["process"] == process and r["year"] == "2024":
                out[r["country"]] += D(r["tonnes"])
    return {c: v for c, v in out.items() if v > 0}


def price(good):
    """Median world price 2020-24."""
    return sorted(D(r["usd_per_t"]) for r in read("prices") if r["good"] == good and r["market"] == "world")[2]


def world_index(good, scenario, year):
    """Use-weighted demand index of a good."""
    index = {(r["end_use"]): D(r["index"]) for r in read("demand_index") if (r["good"], r["scenario"], r["year"]) == (good, scenario, year)}
    return sum(D(r["share"]) * index[r["end_use"]] for r in read("end_uses") if r["good"] == good)


class Rebuild(unittest.TestCase):
    def test_rebuilding_gives_the_committed_bytes(self):
        with tempfile.TemporaryDirectory() as folder:
            build(folder)
            self.assertEqual(sorted(n[:-4] for n in os.listdir(folder)), sorted(TABLES))
            for name in TABLES:
                with open(os.path.join(folder, name + ".csv"), "rb") as new, open(os.path.join(DATA, name + ".csv"), "rb") as old:
                    self.assertEqual(new.read(), old.read(), name + ": run tools/build_outlook.py after tools/build_data.py")

    def test_a_changed_assumption_changes_the_tables(self):
        with tempfile.TemporaryDirectory() as folder:
            raw = os.path.join(folder, "raw")
            shutil.copytree(RAW, raw)
            path = os.path.join(raw, "outlook_assumptions.csv")
            with open(path, encoding="utf-8") as handle:
                content = handle.read()
            changed = content.replace("end_use,gallium,semiconductors,0.55,", "end_use,gallium,semiconductors,0.5,")
            self.assertNotEqual(changed, content)
            with open(path, "w", encoding="utf-8") as handle:
                handle.write(changed)
            build(os.path.join(folder, "out"), "--raw", raw)
            rows = {r["end_use"]: r["share"] for r in read("end_uses", os.path.join(folder, "out")) if r["good"] == "gallium.refined"}
            self.assertEqual(rows["semiconductors"], "0.5")
            self.assertEqual(sum(map(D, rows.values())), 1)

    def test_goods_that_the_first_stage_does_not_list_are_left_out(self):
        with tempfile.TemporaryDirectory() as folder:
            tables = os.path.join(folder, "tables")
            shutil.copytree(DATA, tables, ignore=shutil.ignore_patterns("raw"))
            for name in ("goods", "processes"):
                path = os.path.join(tables, name + ".csv")
                with open(path, encoding="utf-8") as handle:
                    lines = [line for line in handle if not line.startswith(("gallium.refined", "gallium_recovery"))]
                with open(path, "w", encoding="utf-8") as handle:
                    handle.writelines(lines)
            build(os.path.join(folder, "out"), "--tables", tables)
            for name in TABLES:
                with open(os.path.join(folder, "out", name + ".csv"), encoding="utf-8") as handle:
                    self.assertNotIn("\ngallium", handle.read(), name)


class Rows(unittest.TestCase):
    def test_every_row_has_status_source_and_range_when_assumed(self):
        for name, (keys, value) in TABLES.items():
            seen = set()
            for n, r in enumerate(read(name), 2):
                where = "%s line %d" % (name, n)
                self.assertNotIn(None, r, where)
                self.assertIn(r["status"], ("observed", "derived", "assumed"), where)
                self.assertTrue(r["source"].strip(), where)
                if r["status"] == "assumed":
                    self.assertTrue(r["low"] and r["high"], where)
                if r["low"] and r["high"]:
                    self.assertLessEqual(D(r["low"]), D(r["high"]), where)
                    if value:
                        slack = abs(D(r[value])) * D("0.001")  # values are rounded to fewer digits than their ranges
                        self.assertLessEqual(D(r["low"]) - slack, D(r[value]), where)
                        self.assertLessEqual(D(r[value]), D(r["high"]) + slack, where)
                key = tuple(r[k] for k in keys.split())
                self.assertNotIn(key, seen, where)
                seen.add(key)

    def test_goods_processes_and_countries_are_known(self):
        goods, processes, countries = ({r[c] for r in read(n)} for n, c in (("goods", "good"), ("processes", "process"), ("countries", "country")))
        for name in TABLES:
            for r in read(name):
                self.assertIn(r.get("good", "cobalt.ore"), goods, name)
                self.assertIn(r.get("process", "cobalt_mine"), processes | {"cobalt_mine"}, name)
                self.assertIn(r.get("country", "ROW"), countries, name)

    def test_assumptions_have_a_range_around_them(self):
        for n, r in enumerate(read("outlook_assumptions", RAW), 2):
            if r["status"] == "assumed" and r["value"]:
                self.assertTrue(D(r["low"]) <= D(r["value"]) <= D(r["high"]), n)


class Demand(unittest.TestCase):
    def test_end_uses_of_every_refined_good_sum_to_one(self):
        total = defaultdict(D)
        for r in read("end_uses"):
            self.assertGreater(D(r["share"]), 0)
            total[r["good"]] += D(r["share"])
        self.assertEqual(dict(total), {g: D(1) for g in refined()})

    def test_index_is_complete_and_one_in_2024(self):
        keys = {(r["good"], r["end_use"], r["scenario"], r["year"]) for r in read("demand_index")}
        uses = [(r["good"], r["end_use"]) for r in read("end_uses")]
        self.assertEqual(keys, {(g, u, s, y) for g, u in uses for s in SCENARIOS for y in YEARS})
        for r in read("demand_index"):
            self.assertGreater(D(r["index"]), 0)
            if r["year"] == "2024":
                self.assertEqual(D(r["index"]), 1)

    def test_world_demand_is_that_of_the_iea(self):
        published = {(r["metal"], r["scenario"], r["year"]): D(r["value"]) for r in read("outlook_demand_by_end_use", RAW) if r["end_use"] == "Total demand"}
        for good in ("cobalt", "nickel", "lithium"):
            if good + ".refined" in refined():
                for scenario in SCENARIOS:
                    for year in YEARS[1:]:
                        want = published[good, scenario, year] / published[good, "actual", "2024"]
                        self.assertLess(abs(world_index(good + ".refined", scenario, year) / want - 1), D("0.01"), (good, scenario, year))

    def test_no_good_grows_beyond_belief(self):
        for good in refined():
            for scenario in SCENARIOS:
                at = {y: world_index(good, scenario, y) for y in YEARS}
                self.assertGreater(at["2040"], D("0.8"), good)
                ceiling = D("0.23") if good.startswith("lithium") else D("0.17")  # a year to 2030, net zero
                self.assertLess(at["2030"], (1 + ceiling) ** 6, (good, scenario))
                self.assertLess(at["2045"], 10 if good.startswith("lithium") else D("4.5"), (good, scenario))

    def test_substitution_is_slow_and_leaves_some_use(self):
        rows = read("substitution")
        self.assertEqual([r["good"] for r in rows], refined())
        for r in rows:
            self.assertTrue(D("0.4") <= D(r["least_intensity_share"]) <= D("0.9"), r)
            self.assertEqual(r["fastest_per_year"], "0.1")


class UnitedStates(unittest.TestCase):
    def test_indicators_are_the_published_ones(self):
        rows = {(r["indicator"], r["year"]): r["value"] for r in read("us_economy")}
        self.assertEqual(len(rows), 70)
        self.assertEqual(rows["gdp", "2024"], "29179")
        self.assertEqual(rows["industrial_production_iron_and_steel", "2021"], "102")
        self.assertEqual(rows["capacity_utilisation_mining_metals", "2023"], "53")

    def test_every_end_use_has_a_driver_with_an_index(self):
        self.assertEqual([(r["good"], r["end_use"]) for r in read("us_drivers")], [(r["good"], r["end_use"]) for r in read("end_uses")])
        known = {r["indicator"] for r in read("us_economy") if r["indicator"].startswith("industrial_production")}
        self.assertLessEqual({r["indicator"] for r in read("us_drivers")}, known)

    def test_mines_run_at_the_rate_of_metal_mines(self):
        rates = {(r["process"], r["year"]): D(r["utilisation_share"]) for r in read("us_run_rates")}
        self.assertEqual(len(rates), 5 * len(read("processes")))
        self.assertEqual(rates["cobalt_mine", "2024"], D("0.53"))
        self.assertEqual(rates["cobalt_refinery", "2020"], D("0.73"))

    def test_yttrium_agrees_with_the_price_table(self):
        world = {r["year"]: D(r["usd_per_t"]) for r in read("prices") if (r["good"], r["market"]) == ("yttrium.refined", "world")}
        self.assertEqual({r["year"]: 1000 * D(r["price_usd_per_kg"]) for r in read("us_yttrium")}, world)


class Investment(unittest.TestCase):
    def setUp(self):
        self.rows = {r["process"]: r for r in read("investment")}
        self.process = {r["process"]: r for r in read("processes")}

    def test_every_process_has_a_row(self):
        self.assertEqual(list(self.rows), list(self.process))

    def test_capital_costs_a_believable_part_of_price_or_value_added(self):
        yields = {r["good_in"]: D(r["yield"]) for r in read("yields") if r["year"] == "2024"}
        makes = {r["process"]: r["good"] for r in read("production")}
        for process, r in self.rows.items():
            if process in makes:
                value = price(makes[process])
            else:
                value = sum(D(b["share"]) * price(b["good"]) for b in read("baskets") if b["process"] == process and b["good"] != "other")
            ore = self.process[process]["input_good"]
            if ore:
                value -= price(ore) / yields.get(ore, D(1))
            life = int(D(r["lifetime_years"]))
            yearly = D(r["capex_usd_per_t_per_year"]) * D("0.1") / (1 - D("1.1") ** -life)
            low = D("0.12") if ore else D("0.15")
            self.assertTrue(low <= yearly / value <= D("0.6"), (process, yearly / value))

    def test_capex_without_a_source_is_a_multiple_of_the_median_price(self):
        multiple = {r["item"]: D(r["value"]) for r in read("outlook_assumptions", RAW) if r["topic"] == "capex_price_multiple"}
        want = multiple["recovery"] * price("gallium.refined")
        self.assertLess(abs(D(self.rows["gallium_recovery"]["capex_usd_per_t_per_year"]) / want - 1), D("0.005"))

    def test_times_and_shares_lie_in_their_bounds(self):
        for process, r in self.rows.items():
            years = D(r["explore_permit_years"]) + D(r["build_years"])
            self.assertTrue(D("0.5") <= D(r["build_years"]) <= 5, process)
            self.assertTrue(D("0.5") <= D(r["brownfield_years"]) <= 3, process)
            if process in ("cobalt_mine", "nickel_mine", "rare_earth_mine_light"):
                self.assertEqual(years, D("15.7"), process)
            if "_mine" not in process:
                self.assertLess(years, 8, process)
            for column in ("brownfield_share", "own_price_share"):
                self.assertTrue(0 < D(r[column]) <= 1, process)
            self.assertTrue(D("0.35") <= D(r["long_run_supply_elasticity"]) <= 3, process)

    def test_by_products_follow_their_host(self):
        self.assertLessEqual(D(self.rows["cobalt_mine"]["own_price_share"]), D("0.2"))
        for process in ("gallium_recovery", "nickel_mine", "cobalt_refinery"):
            self.assertEqual(D(self.rows[process]["own_price_share"]), 1)


class Capacity(unittest.TestCase):
    def test_planned_shares_sum_to_one_less_newcomers(self):
        plans = defaultdict(dict)
        for r in read("capacity_plan"):
            plans[r["process"], r["year"]][r["country"]] = D(r["index"])
        self.assertIn(("cobalt_mine", "2030"), plans)
        for (process, year), cells in plans.items():
            made = output(process)
            self.assertEqual(set(cells), set(made), process)
            total = sum(cells[c] * made[c] for c in made) / sum(made.values())
            self.assertTrue(D("0.95") < total < D("1.001"), (process, year, total))
            if year == "2024":
                self.assertEqual(set(cells.values()), {D(1)})

    def test_plans_move_the_way_the_iea_says(self):
        index = {(r["process"], r["country"], r["year"]): D(r["index"]) for r in read("capacity_plan")}
        self.assertGreater(index["cobalt_mine", "IDN", "2040"], D("1.5"))
        self.assertLess(index["cobalt_mine", "COD", "2040"], 1)
        self.assertGreater(index["separation_light", "USA", "2030"], 3)
        self.assertLess(index["separation_light", "CHN", "2030"], 1)
        self.assertEqual(index["nickel_mine", "IDN", "2045"], index["nickel_mine", "IDN", "2040"])

    def test_every_country_that_mines_has_reserves(self):
        cells = {(r["good"], r["country"]): D(r["tonnes"]) for r in read("reserves")}
        makes = {r["process"]: r["good"] for r in read("production") if r["good"].endswith(".ore")}
        for process, good in makes.items():
            for country, tonnes in output(process).items():
                self.assertGreaterEqual(cells[good, country], tonnes * D("14.9"), (good, country))

    def test_light_and_heavy_reserves_are_the_published_ones(self):
        cells = {(r["good"], r["country"]): D(r["tonnes"]) for r in read("reserves")}
        for country, published in (("CHN", 44000000), ("BRA", 21000000)):
            self.assertEqual(cells["rare_earths_light.ore", country] + cells["rare_earths_heavy.ore", country], published)

    def test_latent_capacity_is_where_nothing_runs_and_small(self):
        total = defaultdict(D)
        for r in read("latent"):
            made = output(r["process"])
            self.assertNotIn(r["country"], made, r)
            if not r["process"].endswith("_recycling"):
                self.assertLessEqual(D(r["potential_t_per_year"]), sum(made.values()) * D("0.1001"), r)
        cells = {(r["process"], r["country"]): D(r["potential_t_per_year"]) for r in read("latent")}
        self.assertIn(("gallium_recovery", "AUS"), cells)
        self.assertIn(("nickel_refinery", "PHL"), cells)
        self.assertIn(("separation_light", "AUS"), cells)
        self.assertLessEqual(cells["gallium_recovery", "USA"], D("28.44"))  # the potential of its alumina


class Flows(unittest.TestCase):
    def test_hosts_start_from_one_in_2024(self):
        cells = {(r["host"], r["year"]): D(r["index"]) for r in read("host_index")}
        for host in {r["host"] for r in read("processes") if r["host"]}:
            self.assertEqual(cells[host, "2024"], 1)
            for year in ("2030", "2035", "2040", "2045"):
                self.assertTrue(D("0.8") < cells[host, year] < D("1.6"), (host, year))
        self.assertLess(cells["copper_nickel", "2020"], D("0.7"))  # Congo and Indonesia doubled

    def test_products_live_for_years_and_part_of_them_comes_back(self):
        rows = {r["process"]: r for r in read("recycling")}
        self.assertEqual(set(rows), {r["process"] for r in read("processes") if r["process"].endswith("_recycling")})
        for process, r in rows.items():
            self.assertTrue(2 <= D(r["lifetime_years"]) <= 40, process)
            self.assertIn(r["lifetime_shape"], ("2", "3"))
            self.assertTrue(0 < D(r["collection_share"]) < 1 and 0 < D(r["yield_share"]) < 1, process)
        self.assertGreater(D(rows["nickel_recycling"]["lifetime_years"]), D(rows["cobalt_recycling"]["lifetime_years"]))

    def test_what_comes_back_is_near_published_recycling_input(self):
        published = {"nickel": (0.15, 0.3), "cobalt": (0.1, 0.2), "tungsten": (0.25, 0.38), "antimony": (0.1, 0.25), "lithium": (0, 0.08)}
        for r in read("recycling"):
            years, shape, growth, collected, recovered = (float(r[c]) for c in (
                "lifetime_years", "lifetime_shape", "past_growth", "collection_share", "yield_share"))
            share = collected * recovered / (1 + growth * years / shape) ** shape
            low, high = published[r["good"].split(".")[0]]
            self.assertTrue(low <= share <= high, (r["good"], share))

    def test_recycled_metal_emits_less_than_primary(self):
        cells = {r["process"]: D(r["t_co2_per_t"]) for r in read("footprint")}
        self.assertEqual(list(cells), [r["process"] for r in read("processes")])
        for process, tonnes in cells.items():
            metal = process.replace("_recycling", "")
            if process.endswith("_recycling"):
                self.assertLess(tonnes, cells[metal + "_mine"] + cells[metal + "_refinery"])


class Prices(unittest.TestCase):
    def test_prices_agree_with_the_first_stage_on_common_goods(self):
        world = {(r["good"], r["year"]): D(r["usd_per_t"]) for r in read("prices") if r["market"] == "world"}
        for r in read("observed_prices"):
            if r["good"] in ("cobalt.refined", "nickel.refined", "terbium.refined") and (r["good"], r["year"]) in world:
                self.assertLess(abs(D(r["usd_per_t"]) / world[r["good"], r["year"]] - 1), D("0.01"), r)

    def test_volatility_is_that_of_the_prices(self):
        series = defaultdict(dict)
        for r in read("observed_prices"):
            series[r["good"]][int(r["year"])] = float(r["usd_per_t"])
        self.assertEqual(list(series), refined())
        for r in read("observed_volatility"):
            s = series[r["good"]]
            changes = [math.log(s[y] / s[y - 1]) for y in sorted(s) if y - 1 in s]
            mean = sum(changes) / len(changes)
            self.assertAlmostEqual(float(r["standard_deviation_of_log_change"]), math.sqrt(sum((c - mean) ** 2 for c in changes) / (len(changes) - 1)), 3)
            self.assertEqual(int(r["years"]), len(changes))
            self.assertGreaterEqual(len(changes), 4)


if __name__ == "__main__":
    unittest.main()

"""`ytterby ensemble` and `ytterby respond` as a user types them."""

import csv
import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import time
import unittest
import xml.etree.ElementTree as ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("YTTERBY", str(ROOT / "build/release/app/ytterby"))
AT_REST, CONTROL = "configs/stationary.toml", "configs/gallium_control.toml"
NOISE = ("--set", "noise.demand_noise=0.03", "--set", "population.firms=200")


def ytterby(*arguments):
    return subprocess.run([PROGRAM, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, timeout=600, stdin=subprocess.DEVNULL)


class ManyRuns(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def run_ok(self, *arguments):
        done = ytterby(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def rows(self, path):
        with open(path, newline="") as handle:
            return list(csv.DictReader(handle))

    def drawing(self, path):
        """The lines and bands of a drawing, which must be well-formed."""
        root = ElementTree.parse(path).getroot()
        return [element.get("class") for element in root.iter() if element.get("class") in ("line", "band")], "".join(root.itertext())


class Ensemble(ManyRuns):
    def test_the_same_table_whatever_the_jobs(self):
        outputs = []
        for jobs in (1, 3):
            out = self.folder / f"jobs{jobs}"
            done = self.run_ok("ensemble", AT_REST, "--seeds", 4, "--jobs", jobs, "--set", "run.ticks=24", *NOISE, "--out", out, "--svg", self.folder / f"{jobs}.svg", "--good", "gallium.refined")
            outputs.append((done.stdout, (out / "ensemble.csv").read_bytes(), (self.folder / f"{jobs}.svg").read_bytes()))
        self.assertEqual(outputs[0], outputs[1])
        rows = self.rows(self.folder / "jobs1/ensemble.csv")
        goods = {row["good"] for row in rows}
        self.assertEqual(len(rows), 4 * 2 * len(goods))
        self.assertEqual([row["seed"] for row in rows], sorted(row["seed"] for row in rows))
        self.assertGreater(len({row["price_usd_per_t"] for row in rows if row["good"] == "gallium.refined" and row["year"] == "2025"}), 3, "noise differs between seeds")
        self.assertEqual({row["error"] for row in rows}, {""})
        shapes, text = self.drawing(self.folder / "1.svg")
        self.assertEqual(sorted(shapes), ["band", "line"])
        self.assertIn("gallium.refined", text)
        manifest = json.loads((self.folder / "jobs1/manifest.json").read_text())
        self.assertEqual(manifest["status"], "finished")

    def test_the_table_agrees_with_the_rows(self):
        done = self.run_ok("ensemble", AT_REST, "--seeds", 3, "--jobs", 2, "--set", "run.ticks=36", *NOISE, "--out", self.folder / "a", "--quiet")
        self.assertEqual(done.stderr, "")
        prices = sorted(float(row["price_usd_per_t"]) for row in self.rows(self.folder / "a/ensemble.csv") if row["good"] == "nickel.refined" and row["year"] == "2026")
        line = next(line for line in done.stdout.splitlines() if line.startswith("nickel.refined"))
        base = float(re.search(r"(\d+)/t", line).group(1))
        median = float(re.search(r"([\d.]+) \(", line).group(1))
        self.assertAlmostEqual(median, prices[1] / base, delta=0.006)
        self.assertLessEqual(max(map(len, done.stdout.splitlines())), 100)

    def test_an_existing_folder_is_kept(self):
        self.run_ok("ensemble", AT_REST, "--seeds", 1, "--set", "run.ticks=12", "--out", self.folder / "a")
        before = (self.folder / "a/ensemble.csv").read_bytes()
        self.assertEqual(ytterby("ensemble", AT_REST, "--seeds", 2, "--set", "run.ticks=12", "--out", self.folder / "a").returncode, 3)
        self.assertEqual((self.folder / "a/ensemble.csv").read_bytes(), before)
        self.run_ok("ensemble", AT_REST, "--seeds", 2, "--set", "run.ticks=12", "--out", self.folder / "a", "--overwrite")
        self.assertGreater(len((self.folder / "a/ensemble.csv").read_bytes()), len(before))

    def test_errors_have_their_codes(self):
        out = ("--out", self.folder / "x")
        self.assertEqual(ytterby("ensemble", AT_REST, *out).returncode, 2, "--seeds is missing")
        self.assertEqual(ytterby("ensemble", AT_REST, "--seeds", 0, *out).returncode, 2)
        self.assertEqual(ytterby("ensemble", AT_REST, "--seeds", 2, "--svg", "a.svg", *out).returncode, 2, "a fan is of one good")
        done = ytterby("ensemble", AT_REST, "--seeds", 2, "--set", "run.tick=day", *out)
        self.assertEqual((done.returncode, done.stdout), (3, ""))
        self.assertIn("run.tick", done.stderr)
        done = ytterby("ensemble", AT_REST, "--seeds", 2, "--good", "galium.refined", "--svg", "a.svg", *out)
        self.assertEqual(done.returncode, 3)
        self.assertIn("gallium.refined", done.stderr)
        self.assertFalse((self.folder / "x").exists(), "nothing is left behind by bad input")

    def test_an_interrupted_ensemble_leaves_no_part(self):
        process = subprocess.Popen([PROGRAM, "ensemble", AT_REST, "--seeds", "1000", "--jobs", "2", "--set", "run.ticks=240", "--out", str(self.folder / "a")], cwd=ROOT,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        listed = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children")
        patience = time.monotonic() + 120
        while not (children := listed.read_text().split()) and time.monotonic() < patience:
            time.sleep(0.05)  # until workers run, however slow the machine
        self.assertTrue(children, "workers were forked")
        process.send_signal(signal.SIGTERM)
        stdout, _ = process.communicate(timeout=300)
        self.assertEqual((process.returncode, stdout), (130, ""))
        self.assertEqual(json.loads((self.folder / "a/manifest.json").read_text())["status"], "interrupted")
        self.assertFalse(list((self.folder / "a").glob("ensemble*")))
        for child in children:
            self.assertFalse(pathlib.Path(f"/proc/{child}").exists(), "no worker lives on")


class Respond(ManyRuns):
    def test_a_licence_separates_inside_from_outside(self):
        done = self.run_ok("respond", CONTROL, "--to", "gallium_licence", "--set", "run.ticks=18", "--svg", self.folder / "a.svg", "--csv", self.folder / "a.csv")
        self.assertIn("policy gallium_licence: gallium.refined, inside CHN", done.stdout)
        self.assertLessEqual(max(map(len, done.stdout.splitlines())), 100)
        rows = self.rows(self.folder / "a.csv")
        self.assertEqual(len(rows), 18 * 10)
        deviation = {(row["date"], row["series"]): float(row["deviation_percent"]) for row in rows}
        self.assertTrue(all(percent == 0.0 for (date, _), percent in deviation.items() if date < "2023-07"), "common random numbers: equal to the last bit before the announcement")
        self.assertGreater(deviation["2023-10", "price_outside"], 40.0)
        self.assertLess(abs(deviation["2023-10", "price_inside"]), 20.0)
        shapes, text = self.drawing(self.folder / "a.svg")
        self.assertEqual(shapes.count("line"), 6)
        for label in ("outside", "inside", "stock, world", "2023-07"):
            self.assertIn(label, text)
        peak = float(re.search(r"^price_outside +([+-][\d.]+)", done.stdout, re.MULTILINE).group(1))
        self.assertAlmostEqual(peak, max(percent for (_, series), percent in deviation.items() if series == "price_outside"), delta=0.06)

    def test_noise_is_common_to_both_runs(self):
        self.run_ok("respond", CONTROL, "--to", "gallium_licence", "--set", "run.ticks=8", *NOISE, "--csv", self.folder / "a.csv")
        rows = self.rows(self.folder / "a.csv")
        before = [row for row in rows if row["date"] < "2023-07"]
        self.assertTrue(all(row["with"] == row["without"] for row in before))
        self.assertGreater(len({row["with"] for row in before if row["series"] == "price_world"}), 3, "the noise is on")

    def test_a_shock_and_a_chosen_good(self):
        shock = 'shock=[{name="outage", kind="supply_loss", share=0.9, goods=["cobalt.ore"], countries=["COD"], start="2024-04", end="2025-04"}]'
        done = self.run_ok("respond", AT_REST, "--to", "outage", "--set", shock, "--set", "run.ticks=12", "--good", "cobalt.refined", "--country", "CHN")
        self.assertIn("shock outage: cobalt.refined, inside CHN", done.stdout)
        self.assertGreater(float(re.search(r"^price_world +([+-][\d.]+)", done.stdout, re.MULTILINE).group(1)), 0.1, "more expensive ore makes the metal more expensive")
        done = self.run_ok("respond", AT_REST, "--to", "outage", "--set", shock, "--set", "run.ticks=12")
        self.assertLess(float(re.search(r"^output_world +([+-][\d.]+)", done.stdout, re.MULTILINE).group(1)), -30.0, "nine tenths of three quarters of the world's ore")
        self.assertIn("shock outage: cobalt.ore, inside COD", done.stdout, "by default what the block names")

    def test_a_measure_of_the_base_date_never_existed_in_the_other_run(self):
        done = self.run_ok("respond", AT_REST, "--to", "gallium_licence", "--set", "run.ticks=8", "--csv", self.folder / "base.csv")
        self.assertNotIn("in force at the base date", done.stdout, "both start from the same base state")
        outside = [float(row["deviation_percent"]) for row in csv.DictReader(open(self.folder / "base.csv")) if row["series"] == "price_outside"]
        self.assertGreater(outside[-1], 20.0, "the licence keeps the price abroad up")
        done = self.run_ok("respond", CONTROL, "--to", "gallium_licence", "--set", "run.ticks=3")
        self.assertNotIn("in force at the base date", done.stdout)
        self.assertIn("Nothing deviates", done.stdout)

    def test_errors_have_their_codes(self):
        self.assertEqual(ytterby("respond", CONTROL).returncode, 2, "--to is missing")
        self.assertEqual(ytterby("respond", "--to", "x").returncode, 2)
        done = ytterby("respond", CONTROL, "--to", "galium_licence")
        self.assertEqual((done.returncode, done.stdout), (3, ""))
        self.assertIn("did you mean 'gallium_licence'?", done.stderr)
        self.assertEqual(ytterby("respond", "no.toml", "--to", "x").returncode, 3)
        for arguments, suggestion in ((("--good", "galium.refined"), "gallium.refined"), (("--good", "cobalt"), "several goods"), (("--country", "CHNN"), "CHN"), (("--country", "EU27"), "several countries")):
            done = ytterby("respond", CONTROL, "--to", "gallium_licence", *arguments)
            self.assertEqual(done.returncode, 3, arguments)
            self.assertIn(suggestion, done.stderr)


if __name__ == "__main__":
    unittest.main()

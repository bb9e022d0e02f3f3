"""`ytterby analyze` as a user types it, on sweeps whose answers are known; its tables read by pandas and R where they are."""

import csv
import importlib.util
import itertools
import math
import os
import pathlib
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("YTTERBY", str(ROOT / "build/release/app/ytterby"))
sys.path.insert(0, str(ROOT / "tests/app"))
import made_sweeps  # noqa: E402


def analyze(*arguments):
    return subprocess.run([PROGRAM, "analyze", *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, timeout=600, stdin=subprocess.DEVNULL)


class Analyses(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.sweep = pathlib.Path(folder.name) / "sweep"

    def ask(self, *arguments):
        done = analyze(self.sweep, *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def refused(self, *arguments):
        done = analyze(self.sweep, *arguments)
        self.assertEqual((done.returncode, done.stdout), (3, ""), done.stderr)
        self.assertEqual(done.stderr.count("error:"), 1, done.stderr)
        self.assertFalse((self.sweep / "analysis").exists(), "nothing is left behind by bad input")
        return done.stderr

    def rows(self, table):
        with open(self.sweep / "analysis" / (table + ".csv"), newline="") as handle:
            return list(csv.DictReader(handle))


class TwoLevels(Analyses):
    def test_interactions_and_attribution_in_text_tables_and_drawings(self):
        made_sweeps.policies(self.sweep)
        text = self.ask("--metric", "reliance")
        self.assertIn("320 of 320 planned runs are ok", text)
        self.assertIn("screening and licence are substitutes for reliance", text)
        self.assertIn("support and stockpile are complements for reliance", text)
        self.assertRegex(text, r"with the others off, together -4\.\d+, apart -5\.\d+ in sum")
        pairs = {(row["first"], row["second"]): row for row in self.rows("interactions_pairs")}
        self.assertAlmostEqual(float(pairs["screening", "licence"]["synergy"]), 1.2, delta=0.2)
        self.assertEqual(len(self.rows("interactions_effects")), 15)
        shares = {row["lever"]: float(row["share"]) for row in self.rows("attribution")}
        self.assertAlmostEqual(sum(share for lever, share in shares.items() if lever != "all"), shares["all"], delta=1e-9)
        self.assertAlmostEqual(shares["screening"], -3.1 + 0.6, delta=0.2)
        for drawing, shape, count in (("interactions.svg", "pair", 6), ("attribution.svg", "bar", 5)):
            root = ElementTree.parse(self.sweep / "analysis" / drawing).getroot()
            self.assertEqual(sum(element.get("class") == shape for element in root.iter()), count)
        store = sqlite3.connect(self.sweep / "analysis/analysis.sqlite")
        self.addCleanup(store.close)
        self.assertEqual(store.execute("SELECT kind FROM interactions_pairs WHERE first = 'support' AND second = 'stockpile'").fetchall(), [("complements",)])

    def test_more_can_be_better(self):
        made_sweeps.policies(self.sweep)
        self.assertIn("screening and licence are complements for reliance", self.ask("interactions", "--metric", "reliance", "--maximise", "reliance", "--correction", "benjamini-hochberg"))

    def test_holes_are_refused_unless_their_replicates_are_left_out(self):
        made_sweeps.policies(self.sweep, failed={(3, 4), (9, 4)})
        message = self.refused()
        for part in ("2 of 320 runs have no value", "cell 3, replicate 4", "318 of 320 planned runs are ok", "no price was found", "19 of 20 replicates"):
            self.assertIn(part, message)
        text = self.ask("--whole-replicates", "--metric", "reliance")
        self.assertIn("318 of 320 planned runs are ok (2 failed, 0 not run)", text)
        self.assertIn("19 replicates (1 with holes left out)", text)

    def test_a_fraction_of_many_levers_gives_every_main_effect(self):
        names = [f"f{number}" for number in range(40)]
        draw = random.Random(3)
        cells = [tuple(draw.choice(("off", "on")) for _ in names) for _ in range(900)]
        made_sweeps.write(self.sweep, names, cells, ["y"], lambda levels, *_: [7 * (levels[39] == "on")])
        self.ask("interactions")
        effects = {row["effect_of"]: float(row["effect"]) for row in self.rows("interactions_effects")}
        self.assertEqual(len(effects), 40)
        self.assertAlmostEqual(effects["f39"], 7.0, delta=1e-6)

    def test_a_fraction_gives_pairs_but_no_attribution(self):
        cells = [(*row, "on" if row.count("on") % 2 == 0 else "off") for row in made_sweeps.two_level(4)]
        made_sweeps.write(self.sweep, "abcde", cells, ["y"], lambda levels, _, replicate: [2 * (levels[0] == "on") - 3 * (levels[1] == levels[4] == "on") + random.Random(f"{levels}{replicate}").gauss(0, 0.1)], 10)
        message = self.refused("attribution")
        self.assertIn("16 of 2^5 combinations", message)
        text = self.ask()
        self.assertIn("b and e are complements for y", text)
        self.assertIn("higher orders are taken to be nil", text)
        made_sweeps.write(self.sweep, "abc", [("off", "off", "off"), ("on", "off", "on"), ("off", "on", "on"), ("on", "on", "off")], ["y"], lambda *_: [1.0])
        shutil.rmtree(self.sweep / "analysis")
        self.assertIn("cannot be separated from others, the first that of a*b", self.refused())


class OtherDesigns(Analyses):
    def test_sensitivity_of_saltelli(self):
        draw = random.Random(1).random
        cells = []
        for index in range(512):
            a, b = [draw(), draw()], [draw(), draw()]
            cells += [(*a, "A", index), (b[0], a[1], "AB_x", index), (a[0], b[1], "AB_y", index), (*b, "B", index)]
        made_sweeps.write(self.sweep, ("x", "y"), cells, ["z"], lambda at, *_: [3 * at[0] + at[1]], roles=("saltelli_block", "saltelli_index"))
        self.assertRegex(self.ask("--resamples", 50), r"x matters most: fixing it takes away 9\d % of the variance on average; with its interactions it has a part in 9\d %|x matters most: fixing it takes away 8[5-9] %")
        found = {(row["order"], row["first"]): float(row["value"]) for row in self.rows("sensitivity_sobol")}
        self.assertAlmostEqual(found["first", "x"], 0.9, delta=0.05)
        self.assertAlmostEqual(found["total", "y"], 0.1, delta=0.03)
        shutil.rmtree(self.sweep / "analysis")
        self.assertIn("this is a Saltelli design", self.refused("interactions"))

    def test_factors_alike_do_not_differ_significantly(self):
        draw = random.Random(4).random
        cells = []
        for index in range(64):
            a, b = [draw(), draw()], [draw(), draw()]
            cells += [(*a, "A", index), (b[0], a[1], "AB_x", index), (a[0], b[1], "AB_y", index), (*b, "B", index)]
        made_sweeps.write(self.sweep, ("x", "y"), cells, ["z"], lambda at, *_: [at[0] + at[1]], roles=("saltelli_block", "saltelli_index"))
        text = self.ask("--resamples", 50)
        self.assertIn("is not significantly different from", text)
        self.assertNotIn("matters most", text)

    def test_sensitivity_of_morris(self):
        cells = []
        for trajectory in range(8):
            at = [trajectory % 2, trajectory // 2 % 2]
            cells.append((*at, trajectory, 0, ""))
            for step, factor in enumerate(("x", "y"), 1):
                at[step - 1] = 1 - at[step - 1]
                cells.append((*at, trajectory, step, factor))
        made_sweeps.write(self.sweep, ("x", "y"), cells, ["z"], lambda at, *_: [5 * at[0] - 2 * at[0] * at[1]], roles=("morris_trajectory", "morris_step", "morris_factor"))
        self.ask()
        found = {row["factor"]: row for row in self.rows("sensitivity_morris")}
        self.assertAlmostEqual(float(found["x"]["mean"]), 4.0)
        self.assertAlmostEqual(float(found["y"]["mean"]), -1.0)
        self.assertGreater(float(found["y"]["deviation"]), 0.9)

    def test_discovery_and_trade_offs(self):
        draw = random.Random(2)
        cells = [(round(draw.random(), 4), round(draw.random(), 4), draw.choice(("off", "on"))) for _ in range(300)]
        made_sweeps.write(self.sweep, ("share", "cost", "licence"), cells, ["reliance"], lambda at, *_: [0.8 if at[0] > 0.7 and at[2] == "off" else 0.6 - 0.4 * at[1]], 2)
        text = self.ask("discovery", "tradeoffs", "--fails", "reliance > 0.7", "--budget", "cost")
        self.assertRegex(text, r"box 1: 100 % of its runs fail \(density\), 100 % of all failures")
        limits = {row["factor"]: row for row in self.rows("discovery_boxes") if row["box"] == "1"}
        self.assertEqual(set(limits), {"share", "licence"})
        self.assertAlmostEqual(float(limits["share"]["low"]), 0.7, delta=0.03)
        self.assertEqual(limits["licence"]["levels"], "off")
        steps = [(float(row["budget"]), float(row["reached"])) for row in self.rows("tradeoffs_frontier")]
        self.assertEqual(steps, sorted(steps))
        self.assertEqual([reached for _, reached in steps], sorted((reached for _, reached in steps), reverse=True))

    def test_trade_offs_are_in_the_same_replicates(self):
        made_sweeps.write(self.sweep, ("plain", "cost"), [("a", 1), ("b", 2)], ["y"], lambda at, _, replicate: [10 * replicate + (at[0] == "a")], 3, failed={(0, 2)})
        text = self.ask("tradeoffs", "--budget", "cost")
        self.assertIn("compared in the 2 of 3 replicates", text)
        self.assertEqual([float(row["y"]) for row in self.rows("tradeoffs_pareto")], [6.0, 5.0], "b is not judged by a replicate that a lacks")
        made_sweeps.write(self.sweep, ("plain", "cost"), [("a", 1), ("b", 2)], ["y"], lambda *_: [1.0], 1, failed={(0, 0)})
        self.assertIn("1 mixes without any value are left out", self.ask("tradeoffs", "--budget", "cost"))
        shutil.rmtree(self.sweep / "analysis")
        self.assertIn("no replicate has a value in every mix", self.refused("tradeoffs", "--budget", "cost", "--whole-replicates"))

    def test_several_levels_are_sliced(self):
        cells = list(itertools.product(("off", "on"), (1, 2, 3)))
        made_sweeps.write(self.sweep, ("licence", "budget"), cells, ["y"], lambda at, _, replicate: [at[1] * (at[0] == "on") + replicate], 3)
        self.assertIn("--where budget=1", self.refused("attribution"))
        self.ask("attribution", "--where", "budget=2")
        self.assertAlmostEqual(float(self.rows("attribution")[0]["share"]), 2.0)

    def test_convergence_and_its_rule(self):
        made_sweeps.policies(self.sweep)
        text = self.ask("convergence", "--until", "ci(reliance) < 0.5")
        self.assertRegex(text, r"until ci\(reliance\) < 0\.5: .* more replicates of each cell")
        widths = [float(row["widest_cell_half_width"]) for row in self.rows("convergence") if row["metric"] == "reliance"]
        self.assertLess(widths[-1], widths[0])
        self.assertIn("enough", self.ask("convergence", "--until", "ci(reliance) < 5"))


class FinishedSweeps(unittest.TestCase):
    """From a design file to the answers: `ytterby analyze` reads what `ytterby sweep` writes."""

    DESIGN = """schema = 1
scenario = "{scenario}"
set = ["run.start=2023-08", "run.ticks=2", "population.firms=60", "noise.demand_noise=0.03"]
replicates = {replicates}
{more}
[levers.licence]
switch = ["gallium_licence"]
[levers.approval]
key = "policy.gallium_licence.approval_share"
list = [0.2, 0.8]
[uncertainties.elasticity]
key = 'good."gallium.refined".demand_elasticity'
range = [0.05, 0.2]
[metrics]
price = {{ of = "price", good = "gallium.refined", country = "USA", take = "max" }}
exports = {{ of = "exports_t", good = "gallium.refined", country = "CHN", take = "sum" }}
"""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)

    def sweep(self, name, replicates, more):
        design = self.folder / (name + ".toml")
        design.write_text(self.DESIGN.format(scenario=ROOT / "configs/gallium_control.toml", replicates=replicates, more=more))
        done = subprocess.run([PROGRAM, "sweep", design, "--out", self.folder / name, "--quiet"], cwd=ROOT, capture_output=True, text=True, timeout=600, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, 0, done.stderr)
        return self.folder / name

    def ask(self, folder, *arguments):
        done = analyze(folder, *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_two_levels_whose_cells_share_runs(self):
        folder = self.sweep("levels", 2, '[design]\nkind = "two_level"')
        with open(folder / "results.csv", newline="") as handle:
            results = {(row["cell"], row["replicate"]): row for row in csv.DictReader(handle)}
        with open(folder / "plan.csv", newline="") as handle:
            plan = list(csv.DictReader(handle))
        self.assertEqual((len(plan), len({row["run_id"] for row in plan})), (16, 12), "without the licence its share means nothing, so cells share runs")
        text = self.ask(folder, "--metric", "exports")
        self.assertIn("16 of 16 planned runs are ok", text)
        # The effect of the licence by hand, cells and replicates joined as the tables say.
        means = {level: [float(results[row["cell"], row["replicate"]]["exports"]) for row in plan if row["licence"] == level] for level in ("off", "on")}
        effect = sum(means["on"]) / 8 - sum(means["off"]) / 8
        with open(folder / "analysis/interactions_effects.csv", newline="") as handle:
            effects = {row["effect_of"]: row for row in csv.DictReader(handle)}
        self.assertAlmostEqual(float(effects["licence"]["effect"]), effect, delta=1e-9 * abs(effect))
        self.assertLess(effect, 0.0)
        # The share has no effect without the licence, so its interaction with the licence equals its main effect.
        self.assertAlmostEqual(float(effects["licence*approval"]["effect"]), float(effects["approval"]["effect"]), delta=1e-9 * abs(effect))
        with open(folder / "analysis/attribution.csv", newline="") as handle:
            shares = {row["lever"]: float(row["share"]) for row in csv.DictReader(handle)}
        self.assertEqual(set(shares), {"licence", "approval", "all"}, "uncertainties get no share")
        self.assertIn("approval 0.2 -> 0.8", text)
        self.assertIn("averaged over the settings of what is uncertain: elasticity", text)
        both = {}
        for row in plan:
            both.setdefault((row["licence"], row["approval"]), []).append(float(results[row["cell"], row["replicate"]]["exports"]))
        whole = sum(both["on", "0.8"]) / 4 - sum(both["off", "0.2"]) / 4
        self.assertAlmostEqual(shares["all"], whole, delta=1e-9 * abs(effect))
        self.assertAlmostEqual(shares["licence"] + shares["approval"], shares["all"], delta=1e-9 * abs(effect))
        text = self.ask(folder, "discovery", "tradeoffs", "convergence", "--fails", "exports < 1", "--metric", "price", "--metric", "exports", "--maximise", "exports")
        for heading in ("== discovery ==", "== tradeoffs ==", "== convergence =="):
            self.assertIn(heading, text)

    def test_sensitivity_of_designs_as_sweeps_run_them(self):
        folder = self.sweep("saltelli", 1, '[design]\nkind = "saltelli"\nsamples = 2')
        self.assertIn("16 of 16 planned runs are ok", self.ask(folder, "--metric", "price", "--resamples", 20))
        with open(folder / "analysis/sensitivity_sobol.csv", newline="") as handle:
            self.assertEqual({row["first"] for row in csv.DictReader(handle)}, {"licence", "approval", "elasticity"})
        folder = self.sweep("morris", 1, '[design]\nkind = "morris"\ntrajectories = 2')
        self.ask(folder, "--metric", "exports")
        with open(folder / "analysis/sensitivity_morris.csv", newline="") as handle:
            effects = {row["factor"]: float(row["mean"]) for row in csv.DictReader(handle)}
        self.assertLess(effects["licence"], 0.0)

    def test_an_unfinished_sweep_is_read_as_far_as_it_is(self):
        folder = self.sweep("half", 2, '[design]\nkind = "two_level"\nfactors = ["licence", "elasticity"]')
        results = (folder / "results.csv").read_text().splitlines()
        cut = [line if not line.split(",")[1:3] == ["3", "1"] else ",".join(line.split(",")[:3]) + ",unplayed,,," for line in results]
        (folder / "results.csv").write_text("\n".join(cut) + "\n")
        self.assertIn("(0 failed, 1 not run)", self.ask(folder, "convergence", "--whole-replicates"))
        self.assertEqual(analyze(folder, "interactions").returncode, 3)


class BadInput(Analyses):
    def test_is_reported_in_one_error(self):
        made_sweeps.policies(self.sweep, replicates=2)
        for arguments, part in (
            (("--metric", "relience"), "did you mean 'reliance'?"),
            (("--maximise", "x"), "--maximise"),
            (("discovery",), "--fails"),
            (("discovery", "--fails", "reliance > much"), "unknown metric 'much'"),
            (("sensitivity",), "a full two-level factorial"),
            (("tradeoffs", "--metric", "cost"), "one thing is no trade-off"),
            (("tradeoffs", "--budget", "screening"), "neither a metric nor a factor of numbers"),
            (("convergence", "--until", "ci(relience) < 1"), "did you mean 'reliance'?"),
            (("--where", "licence"), "FACTOR=LEVEL"),
            (("--where", "licence=maybe"), "no cell has licence = maybe"),
        ):
            with self.subTest(arguments):
                self.assertIn(part, self.refused(*arguments))
        self.assertEqual(analyze(self.sweep, "guesses").returncode, 2)
        self.assertEqual(analyze(self.sweep / "none").returncode, 3)


class TwoLines(Analyses):
    """The lines of docs/analysis.md that read a sweep in Python and in R."""

    def lines(self, language):
        page = (ROOT / "docs/analysis.md").read_text()
        return re.search(rf"```{language}\n(.*?)```", page, re.DOTALL).group(1).replace("runs/policies", str(self.sweep))

    def sweep_whose_cells_share_runs(self):
        """run_id alone does not identify a row: several cells may share a run."""
        made_sweeps.policies(self.sweep)
        for name in ("plan.csv", "results.csv"):
            lines = (self.sweep / name).read_text().splitlines()
            shared = ["same" + line[line.index(","):] for line in lines[1:]]
            (self.sweep / name).write_text("\n".join([lines[0], *shared]) + "\n")

    @unittest.skipUnless(importlib.util.find_spec("pandas"), "python3-pandas is not installed")
    def test_pandas(self):
        self.sweep_whose_cells_share_runs()
        code = self.lines("python")
        self.assertEqual(code.count("\n"), 3, "an import and two lines")
        done = subprocess.run([sys.executable, "-c", code + "\nprint(len(runs), means.loc[('on', 'off')])"], capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, 0, done.stderr)
        expected = [made_sweeps.policy_outcome(levels, (), replicate)[0] for levels in made_sweeps.two_level(4) if levels[:2] == ("on", "off") for replicate in range(20)]
        count, mean = done.stdout.split()
        self.assertEqual(count, "320")
        self.assertTrue(math.isclose(float(mean), sum(expected) / len(expected), rel_tol=1e-12))

    @unittest.skipUnless(shutil.which("Rscript"), "R is not installed (packages.txt, [r])")
    def test_r(self):
        self.sweep_whose_cells_share_runs()
        done = subprocess.run(["Rscript", "-e", self.lines("r") + "\ncat(nrow(runs), nrow(means))"], capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.split()[-2:], ["320", "4"])


if __name__ == "__main__":
    unittest.main()

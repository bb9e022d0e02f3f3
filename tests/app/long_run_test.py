"""The baseline to 2045 and 2020 run forward, as a user runs them: what an economist would look at first."""

import statistics
import subprocess
import sys
import pathlib
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from finished_run import PROGRAM, ROOT, FinishedRun, yearly  # noqa: E402


class Baseline(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.baseline = FinishedRun("configs/baseline.toml")
        cls.addClassCleanup(cls.baseline.close)
        cls.price = {good: yearly(months) for good, months in cls.baseline.monthly("price").items()}
        cls.output = cls.baseline.output()

    def test_prices_return_to_long_run_cost(self):
        """No price runs away: within a third and three times its first year's in every year, and half of them within a quarter at the end."""
        for good, years in self.price.items():
            self.assertGreater(min(years) / years[0], 1 / 3, good)
            self.assertLess(max(years) / years[0], 3.0, good)
        last = [abs(years[-1] / years[0] - 1) for years in self.price.values()]
        self.assertLess(statistics.median(last), 0.25)

    def test_output_follows_demand(self):
        """Consumption meets demand, but for a few per cent in the tightest year; and demand grows as in the IEA's outlook."""
        use, unmet = self.baseline.monthly("use_t"), self.baseline.monthly("unmet_t")
        for good in use:
            if good.endswith(".refined"):
                for year, (used, missing) in enumerate(zip(yearly(use[good]), yearly(unmet[good]))):
                    self.assertLess(missing / (used + missing), 0.15, (good, 2024 + year))
        growth = {good: (yearly(use[good])[16] + yearly(unmet[good])[16]) / (yearly(use[good])[0] + yearly(unmet[good])[0]) for good in use}
        self.assertGreater(growth["lithium.refined"], 3.5)      # IEA STEPS 2040: 4.5 times 2024
        self.assertLess(growth["lithium.refined"], 5.5)
        self.assertGreater(growth["nickel.refined"], 1.4)       # 1.69
        self.assertLess(growth["nickel.refined"], 2.0)

    def test_additions_follow_demand_with_their_lags(self):
        capacity = self.baseline.capacity()
        for process in ("lithium_mine", "nickel_mine", "tungsten_mine", "lithium_refinery", "gallium_recovery"):
            years = capacity[process]
            self.assertGreater(years[2040]["capacity"] / years[2024]["capacity"], 1.15, process)
            for year in range(2025, 2045):
                self.assertGreater(years[year]["added"], 0.0, (process, year))
            # Capacity changes by additions less retirements.
            balance = years[2030]["capacity"] - years[2024]["capacity"] - sum(years[y]["added"] - years[y]["retired"] for y in range(2025, 2031))
            self.assertLess(abs(balance), 0.02 * years[2030]["capacity"], process)

    def test_no_country_drops_out_without_a_reason(self):
        """A country with more than 2 % of the world's output in 2024 still makes at least a fifth of that in 2044."""
        for good, made in self.output.items():
            world = sum(tonnes for (_, year), tonnes in made.items() if year == 2024)
            for (country, year), tonnes in made.items():
                if year == 2024 and tonnes > 0.02 * world:
                    self.assertGreater(made.get((country, 2044), 0.0), 0.2 * tonnes, (good, country))

    def test_other_scenarios_raise_demand_where_they_should(self):
        run = FinishedRun("configs/baseline.toml", 'outlook.demand="NZE"', "run.ticks=204")
        self.addCleanup(run.close)
        use = run.monthly("use_t")
        base = self.baseline.monthly("use_t")
        ratio = {good: yearly(use[good])[16] / yearly(base[good])[16] for good in use}
        self.assertGreater(ratio["lithium.refined"], 1.25)      # IEA 2040: 7.5 against 4.5 times 2024
        self.assertLess(abs(ratio["beryllium.refined"] - 1), 0.05)


class From2020(unittest.TestCase):
    def test_it_prints_the_model_beside_the_data(self):
        done = subprocess.run([PROGRAM, "run", "configs/hindcast_2020.toml", "--quiet", "--out", self.new_folder()], cwd=ROOT, capture_output=True, text=True, timeout=600)
        self.assertEqual(done.returncode, 0, done.stderr)
        table = done.stdout[done.stdout.index("The run beside the data"):]
        self.assertEqual(table.count("\nlithium.refined"), 2)
        line = next(row for row in table.splitlines() if row.startswith("lithium.refined"))
        # Prices of lithium rose more than fivefold from 2020 to 2022 (prices.csv), which the data column shows.
        self.assertRegex(line, r"\(\d\.\d\d\)")
        self.assertIn("nothing changes", table)

    def new_folder(self):
        import tempfile
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        return folder.name + "/run"


if __name__ == "__main__":
    unittest.main()

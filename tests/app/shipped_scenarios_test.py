"""Shipped scenarios can be checkpointed, resumed and branched, and end as if they had run straight through.

Here those with most instruments; shipped_scenarios_slow_test.py takes all, over ten years.
"""

import concurrent.futures
import pathlib
import tempfile
import unittest

from checkpoints import ROOT, differing_tables, manifest, ytterby

# Long enough that the first measures of most scenarios are in force and have been paid for.
TICKS = 14
# Subsidies without a budget, agreements, reviews and licences; contracts; deals; noise.
QUICK = ["configs/us_supply_security.toml", "configs/contracts.toml", "configs/deal_screening.toml", "configs/minerals_partnership.toml"]
QUIET = ("--quiet", "--no-table")


def shipped():
    """Scenarios, as paths relative to the tree; behaviour.toml is a part that they include."""
    found = [*ROOT.glob("configs/*.toml"), *ROOT.glob("configs/impulses/*.toml"), *ROOT.glob("configs/ensembles/*.toml")]
    return sorted(str(path.relative_to(ROOT)) for path in found if path.name != "behaviour.toml")


def done(*arguments):
    run = ytterby("run", *arguments, *QUIET)
    assert run.returncode == 0, f"{arguments}: {run.stderr}"


def differences(scenario, folder, ticks):
    """Plays a scenario straight, resumed and branched; says what differs."""
    straight, kept, branch = folder / "straight", folder / "kept", folder / "branch"
    done(scenario, "--out", straight, "--ticks", ticks)
    done(scenario, "--out", kept, "--ticks", ticks - 2, "--checkpoint-every", ticks // 2 - 1)
    done("--resume", kept, "--ticks", ticks)
    done("--branch", f"{kept}@{ticks // 2 - 1}", "--ticks", ticks, "--out", branch)
    found = []
    for name, run in (("resumed", kept), ("branched", branch)):
        if manifest(run)["resumed_from"] == 0:
            found.append(f"{scenario}, {name}: it began anew")
        if manifest(run)["final_digest"] != manifest(straight)["final_digest"]:
            found.append(f"{scenario}, {name}: another final digest")
        found += [f"{scenario}, {name}: other rows in {table}" for table in differing_tables(run, straight)]
    return found


class Shipped(unittest.TestCase):

    def compare_all(self, scenarios, ticks):
        with tempfile.TemporaryDirectory() as temporary, concurrent.futures.ThreadPoolExecutor(2) as pool:
            def one(number):
                return differences(scenarios[number], pathlib.Path(temporary) / str(number), ticks)
            for found in pool.map(one, range(len(scenarios))):
                self.assertEqual(found, [])

    def test_resumed_and_branched(self):
        self.compare_all(QUICK, TICKS)


if __name__ == "__main__":
    unittest.main()

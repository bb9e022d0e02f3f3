"""Many kills at random moments, also while a checkpoint is being written."""

import os
import pathlib
import tempfile
import unittest

from checkpoints import CONTROL, differing_tables, kill_and_resume, manifest, ytterby

KILLS = int(os.environ.get("KILLS", "120"))


class Slow(unittest.TestCase):
    def test_slow_killed_again_and_again(self):
        scenarios = {
            "auction": ["--ticks", 36],
            "book": ["--ticks", 14, "--set", "market.mechanism=order_book"],
            "bilateral": ["--ticks", 14, "--set", "market.mechanism=bilateral", "--threads", 3],
        }
        kills = torn = 0
        for name, more in scenarios.items():
            arguments = ["--set", "noise.demand_noise=0.02", "--set", 'contracts.share={"*"=0.3}', *more]
            with tempfile.TemporaryDirectory() as temporary:
                folder = pathlib.Path(temporary)
                done = ytterby("run", CONTROL, "--out", folder / "straight", "--quiet", "--no-table", *arguments)
                self.assertEqual(done.returncode, 0, done.stderr)
                for seed in range(4):
                    run = folder / f"run{seed}"
                    resumed, hit = kill_and_resume(run, [*arguments, "--checkpoint-every", 1], seed, kills=KILLS // 12)
                    kills += resumed
                    torn += hit
                    self.assertEqual(manifest(run)["final_digest"], manifest(folder / "straight")["final_digest"], name)
                    self.assertEqual(differing_tables(run, folder / "straight"), [], f"{name}, seed {seed}")
                    print(f"{name}, seed {seed}: {kills} killed runs resumed so far, {torn} of them killed while a checkpoint was being written", flush=True)
        self.assertGreater(torn, 0)


if __name__ == "__main__":
    unittest.main()

"""A run is killed at system calls that change files, one after the other, and resumed."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from checkpoints import CONTROL, PROGRAM, ROOT, differing_tables, manifest, ytterby

CALLS = "write,pwrite64,fsync,fdatasync,rename,unlink,ftruncate,flock"
# Kills in all; the calls are as many times further apart.
KILLS = int(os.environ.get("KILLS", "60"))
ARGUMENTS = ("--ticks", 6, "--checkpoint-every", 2, "--quiet", "--no-table", "--set", 'records.tables=["prices", "verbs", "production"]')


@unittest.skipUnless(shutil.which("strace"), "strace is not installed")
class TracedKills(unittest.TestCase):
    def traced(self, folder, *options):
        return subprocess.run(["strace", "-f", "-o", str(folder) + ".trace", *options, PROGRAM, "run", CONTROL, "--out", str(folder), *map(str, ARGUMENTS)], cwd=ROOT, capture_output=True, text=True, timeout=600)

    def test_slow_killed_at_system_calls(self):
        with tempfile.TemporaryDirectory() as temporary:
            folder = pathlib.Path(temporary)
            straight = folder / "straight"
            done = self.traced(straight, "-e", "trace=" + CALLS)
            if "ptrace" in done.stderr.lower() and done.returncode != 0:
                self.skipTest("tracing is not allowed here")
            self.assertEqual(done.returncode, 0, done.stderr)
            names = re.findall(r"^\d+\s+(\w+)\(", pathlib.Path(str(straight) + ".trace").read_text(), re.MULTILINE)
            counts = {name: names.count(name) for name in CALLS.split(",")}
            total, resumed, kills = sum(counts.values()), 0, 0
            for name, count in counts.items():
                stride = max(1, total // KILLS)
                # The last calls, those of the end, are each tried.
                for when in sorted({*range(count, 0, -stride), *range(max(1, count - 3), count + 1)} if count else ()):
                    run = folder / f"{name}-{when}"
                    done = self.traced(run, "-e", f"inject={name}:signal=KILL:when={when}")
                    kills += done.returncode != 0
                    if (run / "manifest.json").exists():
                        again = ytterby("run", "--resume", run, "--quiet", "--no-table")
                        resumed += 1
                    else:
                        again = ytterby("run", CONTROL, "--out", run, *ARGUMENTS)
                    self.assertEqual(again.returncode, 0, f"{name} {when}: {again.stderr}")
                    self.assertEqual(manifest(run)["final_digest"], manifest(straight)["final_digest"], f"{name} {when}")
                    self.assertEqual(differing_tables(run, straight), [], f"{name} {when}")
                    shutil.rmtree(run)
            print(f"{total} calls that change files: {counts}; {kills} runs killed, {resumed} resumed", flush=True)
            self.assertGreater(kills, 10)


if __name__ == "__main__":
    unittest.main()

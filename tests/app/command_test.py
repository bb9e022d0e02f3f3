"""The program as a user types it: habits, exit codes, errors, records."""

import csv
import json
import os
import pathlib
import pty
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("YTTERBY", str(ROOT / "build/release/app/ytterby"))
CONTROL = "configs/gallium_control.toml"


def ytterby(*arguments, cwd=ROOT):
    return subprocess.run([PROGRAM, *map(str, arguments)], cwd=cwd, capture_output=True, text=True, timeout=300, stdin=subprocess.DEVNULL)


class Case(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.temporary.name)
        self.addCleanup(self.temporary.cleanup)

    def run_ok(self, *arguments):
        done = ytterby(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done


class Habits(Case):
    def test_help_and_version(self):
        self.assertIn("run", ytterby("--help").stdout)
        self.assertRegex(self.run_ok("--help").stdout, r"Exit codes: 0 ok, 1 .*2 .*3 .*130 ")
        for command in ("run", "validate", "describe", "diff"):
            done = self.run_ok(command, "--help")
            self.assertEqual(done.stderr, "")
            self.assertIn("--help", done.stdout)
            for line in done.stdout.splitlines():
                if re.match(r"  -", line):
                    self.assertRegex(line, r"^  \S.*?\s{2,}\w|^  \S+( \S+)*$", "every option is explained")
        self.assertRegex(self.run_ok("--version").stdout, r"^ytterby \d+\.\d+\.\d+ \(commit \w+.*, (g\+\+|clang) \d+.*\)\n$")

    def test_exit_codes(self):
        self.assertEqual(ytterby().returncode, 2)
        self.assertEqual(ytterby("fly").returncode, 2)
        self.assertEqual(ytterby("run", CONTROL, "--no-such-option").returncode, 2)
        self.assertEqual(ytterby("run", "no/such/file.toml").returncode, 3)
        self.assertEqual(ytterby("run", CONTROL, "--set", "run.tiks=3", "--out", self.folder / "x").returncode, 3)
        self.assertEqual(ytterby("describe", "polcy").returncode, 2)
        self.assertEqual(ytterby("validate", CONTROL, "again.toml").returncode, 2)
        self.assertEqual(ytterby("run", CONTROL, "--ticks", "many").returncode, 2)
        self.assertEqual(ytterby("run", CONTROL, "--set").returncode, 2)
        self.assertEqual(ytterby("diff", "no/run", "no/other").returncode, 3)
        self.assertEqual(ytterby("diff", "a", "b", "--from", "2023-13").returncode, 2)

    def test_an_unwritable_output_is_a_failure(self):
        (self.folder / "file").write_text("in the way")
        done = ytterby("run", CONTROL, "--ticks", 2, "--out", self.folder / "file/below")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertRegex(done.stderr, r"^ytterby: output folder .*file/below: it cannot be created \(.+\)\n$")

    def test_a_full_disk_is_a_failure_that_the_manifest_records(self):
        def small_files():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
        done = subprocess.run([PROGRAM, "run", CONTROL, "--out", self.folder / "full", "--quiet"], cwd=ROOT, preexec_fn=small_files, restore_signals=False, capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertRegex(done.stderr, r"^ytterby: .*run\.sqlite: .*\n$")
        manifest = json.loads((self.folder / "full/manifest.json").read_text())
        self.assertEqual(manifest["status"], "failed")
        self.assertIn("run.sqlite", manifest["stop_reason"])

    def test_unknown_topics_suggest_the_right_one(self):
        for topic, answer in (("polcy", "'policy'"), ("policy.export_contrl", "'export_control'"), ("export_control", "policy.export_control"), ("ticks", "run.ticks"), ("nothing_like_it", "use one of: ")):
            done = ytterby("describe", topic)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn(answer, done.stderr)

    def test_every_topic_is_described(self):
        for topic in ("", "policy", "policy.export_control", "process", "good", "market", "stocks", "fear", "run", "expectation", "records"):
            text = self.run_ok("describe", *([topic] if topic else [])).stdout
            self.assertGreater(len(text.splitlines()), 2, topic)
        self.assertIn("approval_share", self.run_ok("describe", "policy").stdout)
        json.loads(self.run_ok("describe", "--format", "json").stdout)

    def test_streams_are_kept_apart(self):
        done = self.run_ok("run", CONTROL, "--ticks", 3, "--out", self.folder / "a")
        self.assertNotIn("info:", done.stdout)
        self.assertIn("records in", done.stderr)
        self.assertNotIn("\x1b", done.stdout + done.stderr, "no colours off a terminal")
        quiet = self.run_ok("run", CONTROL, "--ticks", 3, "--out", self.folder / "b", "--quiet", "--no-table")
        self.assertEqual((quiet.stdout, quiet.stderr), ("", ""))

    def test_progress_off_a_terminal_is_plain_lines(self):
        done = self.run_ok("run", CONTROL, "--ticks", 30, "--out", self.folder / "a", "--no-table")
        self.assertEqual(done.stdout, "")
        self.assertNotIn("\r", done.stderr)
        self.assertRegex(done.stderr, r"(?m)^2025-06 tick 30 of 30, [\d.]+ ticks/s$")
        lines = [line for line in done.stderr.splitlines() if " tick " in line]
        self.assertLessEqual(len(lines), 10)

    def test_the_program_prints_the_same_table_whatever_the_threads(self):
        first = self.run_ok("run", CONTROL, "--ticks", 12, "--threads", 1, "--out", self.folder / "one", "--quiet")
        second = self.run_ok("run", CONTROL, "--ticks", 12, "--threads", 3, "--out", self.folder / "three", "--quiet")
        self.assertEqual(first.stdout, second.stdout)
        digests = [json.loads((self.folder / name / "manifest.json").read_text())["final_digest"] for name in ("one", "three")]
        self.assertEqual(digests[0], digests[1])
        dumps = [list(sqlite3.connect(self.folder / name / "run.sqlite").execute("SELECT * FROM flows")) for name in ("one", "three")]
        self.assertEqual(dumps[0], dumps[1])

    def test_a_terminal_gets_a_live_bar(self):
        try:
            parent, child = pty.openpty()
        except OSError as error:
            self.skipTest(f"this machine has no pseudo-terminals: {error}")
        process = subprocess.Popen([PROGRAM, "run", CONTROL, "--ticks", "24", "--out", str(self.folder / "bar"), "--no-table"], cwd=ROOT, stderr=child, stdout=subprocess.DEVNULL)
        os.close(child)
        text = b""
        while True:
            try:
                piece = os.read(parent, 4096)
            except OSError:
                break
            if not piece:
                break
            text += piece
        os.close(parent)
        self.assertEqual(process.wait(), 0)
        self.assertIn(b"\r2024-12", text)
        self.assertRegex(text, rb"100 %.*ticks/s.*left")

    def test_the_terminal_example_of_the_programme(self):
        # Exactly as a user types it in a shell, with the quotes.
        line = """%s run configs/gallium_control.toml --set policy.gallium_licence.start='"2023-10"' --seed 7 --ticks 120 --threads 2 --out %s"""
        done = subprocess.run(line % (PROGRAM, self.folder / "x"), shell=True, executable="/bin/sh", cwd=ROOT, capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("gallium.refined", done.stdout)
        database = sqlite3.connect(self.folder / "x/run.sqlite")
        self.assertEqual(database.execute("SELECT DISTINCT date FROM verbs WHERE verb = 'cap' AND change = 'start'").fetchall(), [("2023-10",)])
        self.assertEqual(database.execute("SELECT DISTINCT date FROM verbs WHERE verb = 'announce' AND change = 'start'").fetchall(), [("2023-07",)])
        self.assertEqual(database.execute("SELECT count(DISTINCT tick), max(date) FROM prices").fetchone(), (120, "2032-12"))
        manifest = json.loads((self.folder / "x/manifest.json").read_text())
        self.assertEqual((manifest["seed"], manifest["ticks_planned"], manifest["threads"]), (7, 120, 2))
        start = manifest["config"]["policy"]["gallium_licence"]["start"] if isinstance(manifest["config"]["policy"], dict) else None
        self.assertEqual((start["value"], start["origin"]), ("2023-10", "--set argument 1"))

    def wait_for_rows(self, name):
        """Waits until a run has written its first rows, however slow the machine; returns their number."""
        deadline = time.monotonic() + 120
        rows = 0
        while time.monotonic() < deadline and rows == 0:
            time.sleep(0.1)
            try:
                rows = sqlite3.connect(f"file:{self.folder}/{name}/run.sqlite?mode=ro", uri=True).execute("SELECT count(*) FROM prices").fetchone()[0]
            except sqlite3.OperationalError:
                pass
        return rows

    def test_interrupt_stops_at_the_end_of_a_tick(self):
        process = subprocess.Popen([PROGRAM, "run", CONTROL, "--ticks", "5000", "--out", str(self.folder / "stop"), "--quiet", "--no-table"], cwd=ROOT)
        self.assertGreater(self.wait_for_rows("stop"), 0)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(timeout=300), 130)
        manifest = json.loads((self.folder / "stop/manifest.json").read_text())
        self.assertEqual(manifest["status"], "interrupted")
        last = sqlite3.connect(self.folder / "stop/run.sqlite").execute("SELECT max(tick) FROM prices").fetchone()[0]
        self.assertEqual(last + 1, manifest["ticks_done"])
        self.assertGreater(manifest["ticks_done"], 0)
        self.assertLess(manifest["ticks_done"], 5000)
        self.assertRegex(manifest["final_digest"], r"^[0-9a-f]{32}$")
        self.assertEqual(sqlite3.connect(self.folder / "stop/run.sqlite").execute("PRAGMA integrity_check").fetchone(), ("ok",))
        # The ticks before the stop are those of a run of that length.
        self.run_ok("run", CONTROL, "--ticks", manifest["ticks_done"], "--out", self.folder / "short", "--quiet", "--no-table")
        self.assertEqual(json.loads((self.folder / "short/manifest.json").read_text())["final_digest"], manifest["final_digest"])

    def test_a_killed_run_leaves_what_it_had_written(self):
        process = subprocess.Popen([PROGRAM, "run", CONTROL, "--ticks", "5000", "--out", str(self.folder / "kill"), "--quiet"], cwd=ROOT)
        self.assertGreater(self.wait_for_rows("kill"), 0)
        process.kill()
        process.wait()
        database = sqlite3.connect(self.folder / "kill/run.sqlite")
        self.assertEqual(database.execute("PRAGMA integrity_check").fetchone(), ("ok",))
        self.assertGreater(database.execute("SELECT count(*) FROM prices").fetchone()[0], 0)
        self.assertEqual(json.loads((self.folder / "kill/manifest.json").read_text())["status"], "running")


class BadInput(Case):
    def errors(self, text, *arguments, name="bad.toml"):
        """Runs a scenario text that must be refused; returns the lines of errors."""
        path = self.folder / name
        path.write_text(text)
        shutil.copytree(ROOT / "configs/data", self.folder / "data", dirs_exist_ok=True)
        done = ytterby("run", path, "--out", self.folder / "out", *arguments)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertFalse((self.folder / "out").exists(), "nothing half-written")
        return done.stderr.splitlines()

    def assert_one(self, lines, *parts):
        found = [line for line in lines if all(part in line for part in parts)]
        self.assertEqual(len(found), 1, f"{parts} in\n" + "\n".join(lines))

    def test_everything_wrong_is_found_in_one_pass(self):
        lines = self.errors("""schema = 1
base_year = 2022
[run]
start = "2023-01"
tiks = 3
seed = "seven"
[stocks]
restock_months = -2
[[policy]]
name = "a"
kind = "export_control"
form = "licence"
actor = "CHM"
goods = ["galium.refined"]
start = "2023-08"
end = "2023-02"
approval_share = 1.4
[[policy]]
name = "b"
kind = "export_contrl"
""")
        self.assert_one(lines, "bad.toml:5:1", "run.tiks", "unknown key", "'ticks'")
        self.assert_one(lines, "bad.toml:6:", "run.seed", "whole number")
        self.assert_one(lines, "bad.toml:8:", "stocks.restock_months", "months", "below")
        self.assert_one(lines, "bad.toml:13:", "unknown country or group 'CHM'", "CHN")
        self.assert_one(lines, "bad.toml:14:", "unknown good 'galium.refined'", "gallium.refined")
        self.assert_one(lines, "bad.toml:16:", "end is not after start")
        self.assert_one(lines, "bad.toml:17:", "approval_share", "above", "share")
        self.assert_one(lines, "bad.toml:20:", "export_contrl", "export_control")

    def test_overrides_that_cannot_be(self):
        for override, *parts in (("run.tiks=3", "unknown key", "'ticks'"), ("run", "no '='"), ("=3", "malformed path"), ("run.ticks=", "no value"), ("run.ticks=abc", "whole number"), ("runn.ticks=3", "runn", "'run'"),
                             ("policy.gallium_licenc.start=\"2023-10\"", "no [[policy]] named", "'gallium_licence'"), ("policy.gallium_licence.start=\"2023-13\"", "not a date", "YYYY-MM"),
                             ("policy.gallium_licence.approval_share=60", "above the most allowed", "share"), ("policy.gallium_licence.end=\"2023-07\"", "end is not after start"), ("policy.gallium_licence=3", "whole block"),
                             ("process.gallium=1", "process"), ("market.mechanism=auction", "mechanism", "spatial_auction"), ("base_year=2031", "2024"), ("schema=2", "cannot be set")):
            with self.subTest(set=override):
                done = ytterby("run", CONTROL, "--set", override, "--out", self.folder / "out")
                self.assertEqual((done.returncode, done.stdout), (3, ""), done.stderr)
                self.assert_one(done.stderr.splitlines(), "--set argument 1: error: ", *parts)
                self.assertFalse((self.folder / "out").exists())
        done = ytterby("run", CONTROL, "--set", "run.seed=x", "--set", "stocks.restock_months=0", "--out", self.folder / "out")
        self.assertEqual(len(done.stderr.splitlines()), 2, done.stderr)
        self.assertIn("--set argument 2: error: stocks.restock_months [months]", done.stderr)

    def test_syntax_errors_name_their_place(self):
        lines = self.errors("schema = 1\n[run\nticks = 3\n")
        self.assertTrue(any("bad.toml:2" in line for line in lines), lines)

    def test_conditions_are_checked(self):
        lines = self.errors("""schema = 1
[[policy]]
name = "a"
kind = "export_control"
form = "ban"
actor = "CHN"
goods = ["gallium"]
when = "import_relianc(USA, gallium.refined) > 0.5"
""")
        self.assert_one(lines, "bad.toml:8:", "unknown indicator 'import_relianc'", "import_reliance")

    def test_missing_and_malformed_tables(self):
        base = "schema = 1\nbase_year = 2022\n[run]\nstart = \"2023-01\"\n"
        self.errors(base + "[runn]\n")
        (self.folder / "data/use.csv").unlink()
        (self.folder / "keep.toml").write_text(base)
        done = ytterby("validate", self.folder / "keep.toml")
        self.assertEqual(done.returncode, 3)
        self.assertIn("use.csv", done.stderr)
        shutil.copy(ROOT / "configs/data/use.csv", self.folder / "data/use.csv")
        text = (self.folder / "data/prices.csv").read_text().splitlines()
        text[1] = text[1].replace("163000", "plenty")
        text[2] = text[2].split(",", 1)[0]
        (self.folder / "data/prices.csv").write_text("\n".join(text) + "\n")
        done = ytterby("validate", self.folder / "keep.toml")
        self.assertEqual(done.returncode, 3)
        self.assertRegex(done.stderr, r"prices\.csv:2:\d+: error: usd_per_t.*plenty")
        self.assertRegex(done.stderr, r"prices\.csv:3")
        shutil.copy(ROOT / "configs/data/prices.csv", self.folder / "data/prices.csv")
        baskets = (self.folder / "data/baskets.csv").read_text().replace(",0.4964,", ",0.9964,")
        (self.folder / "data/baskets.csv").write_text(baskets)
        done = ytterby("validate", self.folder / "keep.toml")
        self.assertIn("add up to more than 1", done.stderr)

    def test_a_missing_data_folder_is_one_kind_of_error(self):
        (self.folder / "lost.toml").write_text('schema = 1\n[data]\nfolder = "nowhere"\n[[policy]]\nname="a"\nkind="export_control"\nform="ban"\nactor="CHN"\ngoods=["gallium"]\n')
        done = ytterby("validate", self.folder / "lost.toml")
        self.assertEqual(done.returncode, 3)
        self.assertIn("nowhere", done.stderr)
        self.assertNotIn("unknown country", done.stderr)
        self.assertNotIn("unknown good", done.stderr)

    def test_a_folder_in_use_is_refused_and_kept(self):
        self.run_ok("run", CONTROL, "--ticks", 2, "--out", self.folder / "run", "--quiet", "--no-table")
        before = (self.folder / "run/run.sqlite").read_bytes()
        done = ytterby("run", CONTROL, "--ticks", 2, "--out", self.folder / "run")
        self.assertEqual(done.returncode, 3)
        self.assertIn("--overwrite", done.stderr)
        self.assertEqual((self.folder / "run/run.sqlite").read_bytes(), before)
        self.run_ok("run", CONTROL, "--ticks", 3, "--out", self.folder / "run", "--overwrite", "--quiet", "--no-table")


class Records(Case):
    def test_tables_columns_and_manifest(self):
        self.run_ok("run", CONTROL, "--ticks", 10, "--out", self.folder / "r", "--quiet", "--no-table", "--csv")
        database = sqlite3.connect(self.folder / "r/run.sqlite")
        meanings = {(table, column): (unit, meaning) for table, column, unit, meaning in database.execute("SELECT table_name, column_name, unit, meaning FROM columns")}
        for table in ("prices", "flows", "production", "stocks", "indicators", "verbs", "treasury", "events", "rents"):
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
            for column in columns:
                self.assertIn((table, column), meanings)
                self.assertTrue(meanings[(table, column)][1], f"{table}.{column} has a meaning")
            with open(self.folder / f"r/csv/{table}.csv", newline="") as file:
                rows = list(csv.reader(file))
            self.assertEqual(rows[0], columns)
            self.assertEqual(len(rows) - 1, database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
        manifest = json.loads((self.folder / "r/manifest.json").read_text())
        for key in ("status", "build", "config_file", "input_files", "seed", "phase_seconds", "rows", "config", "final_digest"):
            self.assertIn(key, manifest)
        self.assertEqual(manifest["status"], "finished")
        self.assertEqual(manifest["ticks_done"], 10)
        self.assertRegex(manifest["build"]["version"], r"^\d+\.\d+\.\d+$")
        self.assertRegex(self.run_ok("--version").stdout, re.escape(manifest["build"]["commit"]))
        files = [manifest["config_file"], *manifest["input_files"]]
        for file in files:
            self.assertRegex(file["xxh3_128"], r"^[0-9a-f]{32}$")
        named = {pathlib.Path(file["path"]).name for file in files}
        self.assertLessEqual({"gallium_control.toml", "behaviour.toml", "countries.csv", "use.csv", "prices.csv"}, named)
        self.assertEqual(len(files), len({file["path"] for file in files}))
        config = manifest["config"]
        self.assertEqual(config["run"]["seed"]["origin"], "default")
        self.assertRegex(config["run"]["start"]["origin"], r"gallium_control\.toml:\d+:\d+$")
        self.assertRegex(config["fear"]["fear"]["origin"], r"behaviour\.toml:\d+:\d+$")
        self.assertGreater(sum(manifest["phase_seconds"].values()), 0.0)
        self.assertLessEqual(sum(manifest["phase_seconds"].values()), manifest["wall_seconds"])
        for table, rows in manifest["rows"].items():
            self.assertEqual(rows, database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    def test_the_echo_is_the_run(self):
        text = self.run_ok("validate", CONTROL, "--set", "noise.demand_noise=0.02", "--echo").stdout
        shutil.copytree(ROOT / "configs/data", self.folder / "data")
        (self.folder / "echo.toml").write_text(text)
        self.run_ok("run", CONTROL, "--set", "noise.demand_noise=0.02", "--ticks", 9, "--out", self.folder / "a", "--quiet", "--no-table")
        self.run_ok("run", self.folder / "echo.toml", "--ticks", 9, "--out", self.folder / "b", "--quiet", "--no-table")
        digests = [json.loads((self.folder / name / "manifest.json").read_text())["final_digest"] for name in "ab"]
        self.assertEqual(digests[0], digests[1])

    def test_noise_is_the_same_under_every_policy(self):
        noise = ["--set", "noise.demand_noise=0.02", "--ticks", 6, "--quiet", "--no-table"]
        self.run_ok("run", CONTROL, "--out", self.folder / "a", *noise)
        self.run_ok("run", CONTROL, "--out", self.folder / "b", *noise, "--set", "policy.gallium_licence.start=\"2030-01\"")
        self.run_ok("run", CONTROL, "--out", self.folder / "c", *noise, "--seed", 2)
        tables = [list(sqlite3.connect(self.folder / name / "run.sqlite").execute("SELECT * FROM production WHERE tick < 6")) for name in "abc"]
        self.assertEqual(tables[0], tables[1], "before either start nothing differs")
        self.assertNotEqual(tables[0], tables[2])

    def test_flows_add_up(self):
        self.run_ok("run", CONTROL, "--ticks", 10, "--out", self.folder / "r", "--quiet", "--no-table")
        database = sqlite3.connect(self.folder / "r/run.sqlite")
        worst = database.execute("SELECT max(abs(landed_usd - fob_usd - export_duty_usd - tariff_usd - freight_usd - friction_usd - rent_usd) / landed_usd) FROM flows").fetchone()[0]
        self.assertLess(worst, 1e-12)
        over = database.execute("SELECT count(*) FROM flows WHERE cap_tonnes IS NOT NULL AND tonnes > cap_tonnes * (1 + 1e-9)").fetchone()[0]
        self.assertEqual(over, 0)

    def test_diff_tells_what_differs(self):
        for name, arguments in (("with", []), ("without", ["--set", "policy.gallium_licence.remove=true"]), ("again", [])):
            self.run_ok("run", CONTROL, "--ticks", 12, "--out", self.folder / name, "--quiet", "--no-table", *arguments)
        text = self.run_ok("diff", self.folder / "without", self.folder / "with").stdout
        self.assertRegex(text, r"gallium\.refined: use price \w+ \d+ -> \d+ USD/kg \(\+\d+ %\)")
        self.assertIn("gallium_licence", text)
        self.run_ok("run", CONTROL, "--ticks", 12, "--out", self.folder / "strict", "--quiet", "--no-table", "--set", "policy.gallium_licence.approval_share=0.3")
        strict = self.run_ok("diff", self.folder / "with", self.folder / "strict").stdout
        self.assertRegex(strict, r"policy\.gallium_licence\.approval_share: 0\.9 \[.*\] -> 0\.3 ")
        with_csv = self.run_ok("diff", self.folder / "with", self.folder / "strict", "--format", "csv").stdout
        widths = {len(row) for row in csv.reader(with_csv.splitlines())}
        self.assertEqual(len(widths), 1)
        self.assertIn("No differences", self.run_ok("diff", self.folder / "with", self.folder / "again").stdout)
        json.loads(self.run_ok("diff", self.folder / "without", self.folder / "with", "--format", "json").stdout)


class ShippedConfigs(Case):
    def test_each_runs_some_ticks_with_laws_on(self):
        configs = sorted(ROOT.glob("configs/*.toml"))
        self.assertGreaterEqual(len(configs), 3)
        for config in configs:
            if config.name == "behaviour.toml":
                continue
            with self.subTest(config=config.name):
                self.run_ok("run", config, "--ticks", 3, "--check-laws", "--quiet", "--out", self.folder / config.stem)


if __name__ == "__main__":
    unittest.main()

"""Runs with checkpoints, killed and resumed, for the tests beside this file."""

import json
import os
import pathlib
import random
import signal
import sqlite3
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("YTTERBY", str(ROOT / "build/release/app/ytterby"))
CONTROL = "configs/gallium_control.toml"
TABLES = ("prices", "flows", "production", "capacity", "stocks", "indicators", "verbs", "treasury", "events", "rents")


def ytterby(*arguments, **more):
    return subprocess.run([PROGRAM, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, timeout=600, stdin=subprocess.DEVNULL, **more)


def manifest(folder):
    return json.loads((folder / "manifest.json").read_text())


def differing_tables(folder, other):
    """Names of the tables whose rows differ, to the last bit; compared inside SQLite, since there are many rows."""
    store = sqlite3.connect(folder / "run.sqlite")
    try:
        store.execute("ATTACH ? AS other", (str(other / "run.sqlite"),))

        def count(query):
            return store.execute(f"SELECT count(*) FROM ({query})").fetchone()[0]
        # No table has the same row twice.
        return [table for table in TABLES if count(f"SELECT * FROM main.{table}") != count(f"SELECT * FROM other.{table}")
                or count(f"SELECT * FROM main.{table} EXCEPT SELECT * FROM other.{table}") > 0]
    finally:
        store.close()


def rows(folder, table):
    """The rows of one table in the order of ticks."""
    store = sqlite3.connect(folder / "run.sqlite")
    try:
        return store.execute(f"SELECT * FROM {table} ORDER BY tick").fetchall()
    finally:
        store.close()


def checkpoints(folder):
    return sorted(int(path.stem.split("-")[1]) for path in (folder / "checkpoints").glob("tick-*.bin"))


def newest(folder):
    return max(checkpoints(folder), default=0)


def kill_and_resume(folder, arguments, seed, kills):
    """Starts a run, kills it at random moments and resumes it, again and again, then lets it end: one time in three as soon
    as a checkpoint is being written, one in three some checkpoints further on, otherwise after a random time. Returns how
    often there was a run to resume, and how often a checkpoint was being written."""
    draw = random.Random(seed)
    resumed = torn = 0
    start = ["run", CONTROL, "--out", folder, "--quiet", "--no-table", *arguments]
    command = start
    for number in range(kills):
        process = subprocess.Popen([PROGRAM, *map(str, command)], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        began, wait, pause = time.monotonic(), 0.6 * draw.random(), 0.02 * draw.random()
        further = newest(folder) + draw.randint(1, 3)
        reached = {0: lambda: any((folder / "checkpoints").glob("*.tmp")), 1: lambda: newest(folder) >= further, 2: lambda: time.monotonic() > began + wait}[number % 3]
        while not reached() and process.poll() is None:
            time.sleep(0.0002)
        if number % 3 == 1:
            time.sleep(pause)
        process.send_signal(signal.SIGKILL)
        errors = process.communicate()[1].decode()
        assert process.returncode in (0, -signal.SIGKILL), errors
        torn += any((folder / "checkpoints").glob("*.tmp"))
        if process.returncode == 0:
            break
        if (folder / "manifest.json").exists():
            resumed += 1
            command = ["run", "--resume", folder, "--quiet", "--no-table"]
    done = ytterby(*command)
    assert done.returncode == 0, done.stderr
    return resumed, torn

"""Runs with checkpoints, killed and gone on with, for the tests beside this file."""

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


def ytterby(*words, **more):
    return subprocess.run([PROGRAM, *map(str, words)], cwd=ROOT, capture_output=True, text=True, timeout=600, stdin=subprocess.DEVNULL, **more)


def manifest(folder):
    return json.loads((folder / "manifest.json").read_text())


def rows(folder):
    """All rows of all tables in the order of their keys, doubles as they are."""
    store = sqlite3.connect(folder / "run.sqlite")
    try:
        found = {}
        for table in TABLES:
            listed = store.execute(f"SELECT * FROM {table}").fetchall()
            found[table] = sorted(listed, key=lambda row: tuple((value is None, isinstance(value, str), value if value is not None else 0) for value in row))
        return found
    finally:
        store.close()


def checkpoints(folder):
    return sorted(int(path.stem.split("-")[1]) for path in (folder / "checkpoints").glob("tick-*.bin"))


def kill_and_resume(folder, words, seed, kills, longest):
    """Starts a run, kills it after random times and goes on with it, again and again, then lets it end. Returns after
    how many kills there was something to go on with, and in how many a checkpoint was being written."""
    draw = random.Random(seed)
    resumed = torn = 0
    start = ["run", CONTROL, "--out", folder, "--quiet", "--no-table", *words]
    command = start
    for _ in range(kills):
        process = subprocess.Popen([PROGRAM, *map(str, command)], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        aim = draw.random()
        deadline = time.monotonic() + draw.random() * longest
        while time.monotonic() < deadline and process.poll() is None:
            # One time in two: at once when a checkpoint is being written.
            if aim < 0.5 and any((folder / "checkpoints").glob("*.tmp")):
                break
            time.sleep(0.0005)
        process.send_signal(signal.SIGKILL)
        said = process.communicate()[1].decode()
        assert process.returncode in (0, -signal.SIGKILL), said
        torn += any((folder / "checkpoints").glob("*.tmp"))
        if (folder / "manifest.json").exists():
            resumed += command is not start
            command = ["run", "--resume", folder, "--quiet", "--no-table"]
    done = ytterby(*command)
    assert done.returncode == 0, done.stderr
    return resumed, torn

"""configs/behaviour.toml and the table of docs/model.md, section 7.10, are what the program's table of parameters says.

UPDATE_GOLDEN=1 writes both anew.
"""

import json
import os
import re
import subprocess
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("YTTERBY", str(ROOT / "build/release/app/ytterby"))
TOML = ROOT / "configs/behaviour.toml"
MODEL = ROOT / "docs/model.md"
RENEW = "renew it with: UPDATE_GOLDEN=1 python3 tests/docs/behaviour_test.py"
HEAD = """schema = 1
# Behaviour common to all shipped scenarios: every parameter of firms with its source. "assumed, a-b" is a value without a
# source and its range for sensitivity runs. The same list, with bounds: ytterby describe.
"""
# Sections whose keys are parameters of behaviour; [population] also has the number of firms.
SECTIONS = ("population", "expectation", "supply", "stocks", "fear", "investment", "exit", "substitution", "recycling", "trade", "money", "noise")


def sections():
    said = subprocess.run([PROGRAM, "describe", "--format", "json"], capture_output=True, text=True, check=True).stdout
    tables = {table["name"]: table for table in json.loads(said)["keys"]}
    return [tables[name] for name in SECTIONS]


def number(value):
    return f"{value:.16g}"


def behaviour_toml():
    text = HEAD
    for section in sections():
        text += f"\n# {section['doc']}\n[{section['name']}]\n"
        for key in section["children"]:
            unit = f" [{key['unit']}]" if "unit" in key else ""
            source = f". Source: {key['source']}" if "source" in key else ""
            text += f"# {key['doc']}{unit}{source}\n{key['name']} = {number(key['default'])}\n"
    return text


def model_table():
    text = "| key | value | unit | meaning | source |\n|---|---|---|---|---|\n"
    for section in sections():
        for key in section["children"]:
            if "source" in key:
                text += f"| `{section['name']}.{key['name']}` | {key['default']:.4g} | {key.get('unit', '')} | {key['doc']} | {key['source']} |\n"
    return text


class Behaviour(unittest.TestCase):
    def test_the_shipped_file_is_the_programs_table(self):
        if os.environ.get("UPDATE_GOLDEN") == "1":
            TOML.write_text(behaviour_toml())
        self.assertEqual(TOML.read_text(), behaviour_toml(), RENEW)

    def test_the_table_of_the_model_is_the_programs_table(self):
        page = MODEL.read_text()
        found = re.search(r"(### 7\.10 .*?\n\n.*?\n\n)((?:\|.*\n)+)", page, re.S)
        if os.environ.get("UPDATE_GOLDEN") == "1":
            MODEL.write_text(page[: found.start(2)] + model_table() + page[found.end(2) :])
            return
        self.assertEqual(found.group(2), model_table(), RENEW)


if __name__ == "__main__":
    unittest.main()
